//! What a task has in a scrum: where it stands, its story points and its epic. `tasks.api.scrum.task.*`.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::noun::{self, Access, Answer, Described, Draft, Face, Hooks, ID, Noun, Row, field, noun};
use serde_json::json;
use store::Param;
use wire::{Map, Value};

use super::entity::{BACKLOG, COMPLETED, ENTITY};
use super::{DENIED, EPIC, backlog, belongs, is_one, lock, refusal, sign, texts};
use crate::SCOPE;
use crate::task;

const FACE: Face = Face {
    verbs: &[(engine::noun::Verb::Fields, "getFields")],
    described: Described::TypesUnder("fields"),
    one: Answer::Row,
    ..Face::controller("tasks.api.scrum.task", "item", "items")
};

/// Tasks in a scrum.
pub static ITEM: Noun = Noun {
    access: Access::Through("taskId"),
    fields: &[
        ID,
        field("taskId", Kind::Noun("tasks.task"), "Task").immutable().read_only().indexed(),
        field("entityId", Kind::Integer, "Backlog or sprint").indexed(),
        field("storyPoints", Kind::String, "Story points").short(),
        field("epicId", Kind::Integer, "Epic").default("0").indexed(),
        field("sort", Kind::Integer, "Sort index").default("1"),
        field("createdBy", Kind::Integer, "Created by"),
        field("modifiedBy", Kind::Integer, "Modified by"),
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("tasks.scrumitem", "tasks_scrum_item", SCOPE, ["task of a scrum", "tasks of scrums"])
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let controller = |mut method: Method| {
        method.style = engine::method::Style::Controller;
        method
    };
    let member = |name, kind, about| optional(name, kind, about);
    let members = vec![
        member("entityId", method::Kind::Int, "Backlog or sprint; the backlog unless given"),
        member("storyPoints", method::Kind::Text, "Story points"),
        member("epicId", method::Kind::Int, "Epic"),
        member("sort", method::Kind::Int, "Sort index"),
    ];
    vec![
        controller(read("tasks.api.scrum.task.get", SCOPE, get))
            .about("Returns what a task has in its scrum.")
            .param(required("id", method::Kind::Id, "ID of the task"))
            .example(json!({"id": 7}), json!({"storyPoints": "3", "epicId": 1})),
        controller(write("tasks.api.scrum.task.update", SCOPE, update))
            .about("Moves a task within its scrum, and sets its story points and its epic.")
            .param(required("id", method::Kind::Id, "ID of the task"))
            .param(required("fields", method::Kind::Fields, "Values by field").with_members(members))
            .example(json!({"id": 7, "fields": {"entityId": 3, "storyPoints": "8"}}), json!(true)),
    ]
}

struct Hook;

impl Hooks for Hook {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        sign(call, draft, old)
    }

    fn show(&self, _: &mut Call<'_, '_>, _: &Face, _: &[Row], shown: &mut [Map], _: bool) -> Result<()> {
        for map in shown {
            map.remove("id");
            map.remove("taskId");
            texts(map, &["storyPoints"]);
        }
        Ok(())
    }
}

/// The task that a request names, when it is one of a scrum and the caller sees it, with the number of its workgroup.
fn named(call: &mut Call<'_, '_>) -> Result<(Row, i64)> {
    let id = call.id("id");
    let found = task::seen(call, id)?;
    let missing = || refusal("Task not found");
    let task = found.ok_or_else(missing)?;
    let group = task.int("groupId").unwrap_or(0);
    if !is_one(call, group)? {
        return Err(missing().into());
    }
    Ok((task, group))
}

fn of(call: &mut Call<'_, '_>, task: i64) -> Result<Option<Row>> {
    let scope = ITEM.grant(call, Act::Read)?;
    Ok(noun::rows(call, &ITEM, &scope, &[("taskId", task.into())])?.pop())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let (task, group) = named(call)?;
    if !belongs(call, group)? {
        return Err(refusal(DENIED).into());
    }
    let item = of(call, task.number)?.ok_or_else(|| refusal("Task not found"))?;
    Ok(noun::show(call, &ITEM, &FACE, &item)?.into_value())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let (task, group) = named(call)?;
    if !belongs(call, group)? {
        return Err(refusal(DENIED).into());
    }
    let mut given = call.fields("fields");
    let epic = match given.get("epicId").filter(|epic| !epic.is_empty()) {
        Some(epic) => epic.as_int().ok_or_else(|| refusal("Epic not found"))?,
        None => 0,
    };
    if epic < 0
        || epic > 0 && noun::again(call, &EPIC, epic)?.and_then(|epic| epic.int("groupId")) != Some(group)
    {
        return Err(refusal("Epic not found").into());
    }
    lock(call, group)?;
    let old = of(call, task.number)?;
    if let Some(entity) = given.get("entityId").cloned() {
        let entity = entity.as_int().ok_or_else(|| refusal("Item not created"))?;
        let found = noun::again(call, &ENTITY, entity)?.filter(|row| row.int("groupId") == Some(group));
        let was = old.as_ref().and_then(|old| old.int("entityId"));
        match found {
            Some(row) if row.text("status") != COMPLETED || was == Some(entity) => {
                place(call, task.number, &row)?;
            }
            _ => return Err(refusal("Item not created").into()),
        }
    }
    match old {
        Some(old) => noun::amend(call, &ITEM, &FACE, old.number, &given).map(drop)?,
        None => {
            if given.get("entityId").is_none() {
                given.insert("entityId", backlog::open(call, group)?);
            }
            put(call, task.number, &given)?;
        }
    }
    Ok(true.into())
}

/// Adds the item of a task.
fn put(call: &mut Call<'_, '_>, task: i64, given: &Map) -> Result<()> {
    let shape = call.core.modules.shape(&ITEM).clone();
    let set = move |_: &mut Call<'_, '_>, draft: &mut Draft<'_>| {
        draft.set("taskId", task);
        Ok(())
    };
    noun::add_by(call, &shape, &FACE, given, Act::Read, set).map(drop)
}

/// Says in the task where it stands.
fn place(call: &mut Call<'_, '_>, task: i64, entity: &Row) -> Result<()> {
    let is_backlog = entity.text("entityType") == BACKLOG;
    let here = |holds: bool| if holds { Param::from(entity.number) } else { Param::Null };
    let sql = "UPDATE tasks_task SET backlog_id = ?, sprint_id = ? WHERE id = ?";
    call.tx.execute(sql, &[here(is_backlog), here(!is_backlog), task.into()])?;
    Ok(())
}

/// Has a task stand in a sprint.
pub fn enter(call: &mut Call<'_, '_>, task: &Row, sprint: &Row) -> Result<()> {
    let group = sprint.int("groupId").unwrap_or(0);
    lock(call, group)?;
    let given = Map::from([("entityId", sprint.number.into())]);
    match of(call, task.number)? {
        Some(old) if old.int("entityId") == Some(sprint.number) => return Ok(()),
        Some(old) => noun::amend(call, &ITEM, &FACE, old.number, &given).map(drop)?,
        None => put(call, task.number, &given)?,
    }
    place(call, task.number, sprint)
}

/// The tasks that stand in a backlog or a sprint, by their sort index.
pub fn tasks(call: &mut Call<'_, '_>, entity: i64) -> Result<Vec<i64>> {
    let sql = "SELECT task_id FROM tasks_scrum_item WHERE entity_id = ? ORDER BY sort DESC, id DESC";
    Ok(call.tx.all(sql, &[entity.into()], |row| row.int(0))?)
}

/// How many tasks stand in a backlog or a sprint.
pub fn count(call: &mut Call<'_, '_>, entity: i64) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM tasks_scrum_item WHERE entity_id = ?";
    Ok(call.tx.one(sql, &[entity.into()], |row| row.int(0))?.unwrap_or(0))
}

/// Moves the tasks of a sprint, or those that are not done, to a backlog.
pub fn move_all(call: &mut Call<'_, '_>, sprint: i64, backlog: i64, undone: bool) -> Result<()> {
    let which = if undone { " AND status <> 5" } else { "" };
    let sql = format!(
        "UPDATE tasks_scrum_item SET entity_id = ? WHERE entity_id = ? AND task_id IN \
         (SELECT id FROM tasks_task WHERE sprint_id = ?{which})"
    );
    call.tx.execute(&sql, &[backlog.into(), sprint.into(), sprint.into()])?;
    let sql = format!(
        "UPDATE tasks_task SET sprint_id = NULL, backlog_id = ?, stage_id = 0 WHERE sprint_id = ?{which}"
    );
    call.tx.execute(&sql, &[backlog.into(), sprint.into()])?;
    Ok(())
}

/// Follows a task that was written: one of a scrum begins in its backlog, one that leaves a scrum stands nowhere.
pub fn follow(call: &mut Call<'_, '_>, task: &Row, old: Option<&Row>) -> Result<()> {
    let group = task.int("groupId").unwrap_or(0);
    let before = old.map_or(0, |old| old.int("groupId").unwrap_or(0));
    if group == before {
        return Ok(());
    }
    if before > 0 {
        clear(call, task.number)?;
        let sql = "UPDATE tasks_task SET backlog_id = NULL, sprint_id = NULL WHERE id = ?";
        call.tx.execute(sql, &[task.number.into()])?;
    }
    if !is_one(call, group)? {
        return Ok(());
    }
    let backlog = backlog::open(call, group)?;
    put(call, task.number, &Map::from([("entityId", backlog.into())]))?;
    match noun::again(call, &ENTITY, backlog)? {
        Some(row) => place(call, task.number, &row),
        None => Ok(()),
    }
}

/// Takes away what a task has in a scrum.
pub fn clear(call: &mut Call<'_, '_>, task: i64) -> Result<()> {
    call.tx.execute("DELETE FROM tasks_scrum_item WHERE task_id = ?", &[task.into()])?;
    Ok(())
}

/// Has the tasks of a backlog or a sprint stand nowhere.
pub fn release(call: &mut Call<'_, '_>, entity: i64) -> Result<()> {
    call.tx.execute("DELETE FROM tasks_scrum_item WHERE entity_id = ?", &[entity.into()])?;
    for column in ["sprint_id", "backlog_id"] {
        let sql = format!("UPDATE tasks_task SET {column} = NULL WHERE {column} = ?");
        call.tx.execute(&sql, &[entity.into()])?;
    }
    Ok(())
}
