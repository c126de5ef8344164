//! The board of a sprint: `tasks.api.scrum.kanban.*`. Its stages are those of [`stages`](crate::stages); a task is on it when it
//! has a place there, which all tasks of a sprint get when it starts.

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, Param, optional, read, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use wire::{Fault, Map, Value};

use super::entity::{COMPLETED, ENTITY, SPRINT};
use super::{item, refusal, require_member};
use crate::SCOPE;
use crate::stages::place::{self, Beside};
use crate::stages::{self, Board, First, STAGE, board_of};
use crate::task;

/// The kind of such boards.
pub const KIND: &str = "A";

const FIRST: [First; 3] = [
    (Some("NEW"), "New", "00C4FB"),
    (Some("WORK"), "In progress", "47D1E2"),
    (Some("FINISH"), "Done", "75D900"),
];

/// What stages stand for.
const TYPES: [&str; 3] = ["NEW", "WORK", "FINISH"];

/// The space between the sort indexes of two stages.
const STEP: i64 = 100;

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = |name, about| required(name, Kind::Id, about);
    let (sprint, stage) = (|| id("sprintId", "ID of the sprint"), || id("stageId", "ID of the stage"));
    let task = || id("taskId", "ID of the task");
    let fields = |members| required("fields", Kind::Fields, "Values by field").with_members(members);
    let methods = [
        write("tasks.api.scrum.kanban.addStage", SCOPE, add_stage)
            .about("Adds a stage to the board of a sprint and returns its ID.")
            .param(fields(members(true)))
            .example(
                json!({"fields": {"sprintId": 2, "name": "Review", "type": "WORK", "sort": 250}}),
                json!("*"),
            ),
        read("tasks.api.scrum.kanban.getStages", SCOPE, get_stages)
            .about("Lists the stages of the board of a sprint.")
            .param(sprint())
            .example(
                json!({"sprintId": 2}),
                json!([{"type": "NEW", "sort": "100", "sprintId": "2"}, {}, {}]),
            ),
        write("tasks.api.scrum.kanban.updateStage", SCOPE, update_stage)
            .about("Updates the given fields of a stage of a sprint's board.")
            .param(stage())
            .param(fields(members(false)))
            .example(json!({"stageId": STAGE_EXAMPLE, "fields": {"name": "Doing"}}), json!(true)),
        write("tasks.api.scrum.kanban.deleteStage", SCOPE, delete_stage)
            .about("Deletes a stage of a sprint's board that holds no tasks.")
            .param(stage())
            .example(json!({"stageId": STAGE_EXAMPLE}), json!(true)),
        write("tasks.api.scrum.kanban.addTask", SCOPE, add_task)
            .about("Puts a task on a stage of a sprint's board.")
            .param(sprint())
            .param(task())
            .param(stage())
            .example(json!({"sprintId": 2, "taskId": 7, "stageId": STAGE_EXAMPLE}), json!(true)),
        write("tasks.api.scrum.kanban.deleteTask", SCOPE, delete_task)
            .about("Takes a task off a sprint's board. It stays in the sprint.")
            .param(sprint())
            .param(task())
            .example(json!({"sprintId": 2, "taskId": 7}), json!(true)),
        read("tasks.api.scrum.kanban.getFields", SCOPE, |_| Ok(fields_of()))
            .about("Describes the fields of a stage.")
            .example(json!({}), json!({"fields": {"name": {"type": "string"}}})),
    ];
    methods.map(Method::own_words).into()
}

/// The second stage of the active sprint of the demo portal.
const STAGE_EXAMPLE: i64 = 8;

fn members(adding: bool) -> Vec<Param> {
    let one = if adding { required } else { optional };
    vec![
        one("sprintId", Kind::Int, "Sprint"),
        one("name", Kind::Text, "Name"),
        optional("type", Kind::Text, "NEW, WORK or FINISH"),
        optional("sort", Kind::Int, "Sort index, in hundreds"),
        optional("color", Kind::Text, "Color, as six hexadecimal digits"),
    ]
}

fn fields_of() -> Value {
    let kinds = [
        ("sprintId", "integer"),
        ("name", "string"),
        ("type", "string"),
        ("sort", "integer"),
        ("color", "string"),
    ];
    let fields: Map =
        kinds.into_iter().map(|(name, kind)| (name.into(), Value::under("type", kind))).collect();
    Value::under("fields", fields.into_value())
}

fn board(sprint: i64) -> Board {
    Board { kind: KIND, owner: sprint }
}

/// A sprint whose workgroup the caller belongs to.
fn sprint(call: &mut Call<'_, '_>, id: i64) -> Result<Row> {
    if id <= 0 {
        return Err(refusal("Sprint id not found").into());
    }
    let found = noun::again(call, &ENTITY, id)?.filter(|row| row.text("entityType") == SPRINT);
    let row = found.ok_or_else(|| refusal("Sprint not found"))?;
    require_member(call, row.int("groupId").unwrap_or(0))?;
    Ok(row)
}

/// The stage that a request names, on the board of a sprint whose workgroup the caller belongs to.
fn stage(call: &mut Call<'_, '_>, missing: &'static str) -> Result<Row> {
    let id = call.id("stageId");
    if id <= 0 {
        return Err(refusal(missing).into());
    }
    let found = stages::numbered(call, id)?.filter(|row| row.text("entityType") == KIND);
    let row = found.ok_or_else(|| refusal("Stage not found"))?;
    sprint(call, row.int("entityId").unwrap_or(0))?;
    Ok(row)
}

/// The task that a request names, when it is one of the sprint's workgroup.
fn named(call: &mut Call<'_, '_>, sprint: &Row) -> Result<Row> {
    let id = call.id("taskId");
    if id <= 0 {
        return Err(refusal("TaskId id not found").into());
    }
    let found = task::seen(call, id)?.filter(|task| task.int("groupId") == sprint.int("groupId"));
    found.ok_or_else(|| refusal("Task not found. The task must be with GROUP_ID").into())
}

fn get_stages(call: &mut Call<'_, '_>) -> Result<Value> {
    let sprint = sprint(call, call.id("sprintId"))?;
    let stages = board(sprint.number).stages_or(call, &FIRST)?;
    let shown = stages.iter().map(|stage| {
        let mut map = Map::with_capacity(6);
        map.push("id", stage.number.to_string());
        map.push("name", stage.text("title"));
        map.push("sort", stage.int("sort").unwrap_or(0).to_string());
        map.push("type", stage.text("systemType"));
        map.push("sprintId", sprint.number.to_string());
        map.push("color", stage.text("color"));
        map.into_value()
    });
    Ok(shown.collect::<Vec<_>>().into())
}

/// What a request says of a stage, as its fields.
fn values(given: &Map) -> Result<Map> {
    let text = |name: &str| {
        let text = given.get(name)?.text()?.trim().to_owned();
        Some(text).filter(|text| !text.is_empty())
    };
    let mut values = Map::with_capacity(4);
    if given.get("name").is_some() {
        let name = text("name").ok_or_else(|| refusal("Incorrect name format"))?;
        values.push("TITLE", name);
    }
    if let Some(kind) = text("type") {
        let known = TYPES.into_iter().find(|known| *known == kind);
        values.push("SYSTEM_TYPE", known.ok_or_else(|| refusal("Incorrect type value"))?);
    }
    if let Some(sort) = given.get("sort").and_then(Value::as_int) {
        values.push("SORT", sort);
    }
    if let Some(color) = text("color") {
        values.push("COLOR", stages::color(&color).ok_or_else(|| refusal("Incorrect color format"))?);
    }
    Ok(values)
}

fn add_stage(call: &mut Call<'_, '_>) -> Result<Value> {
    let given = call.fields("fields");
    let id = given.get("sprintId").and_then(Value::as_int).unwrap_or(0);
    let sprint = sprint(call, id)?;
    let mut values = values(&given)?;
    if values.get("TITLE").is_none() {
        return Err(refusal("Incorrect name format").into());
    }
    let board = board(sprint.number);
    let last = board.stages_or(call, &FIRST)?.last().and_then(|stage| stage.int("sort")).unwrap_or(0);
    for (name, usual) in [
        ("SYSTEM_TYPE", Value::from("WORK")),
        ("SORT", last.saturating_add(STEP).into()),
        ("COLOR", "00C4FB".into()),
    ] {
        if values.get(name).is_none() {
            values.push(name, usual);
        }
    }
    values.push("ENTITY_TYPE", KIND);
    values.push("ENTITY_ID", sprint.number);
    Ok(noun::put(call, &STAGE, &values)?.number.into())
}

fn update_stage(call: &mut Call<'_, '_>) -> Result<Value> {
    let stage = stage(call, "Stage id not found")?;
    if call.param("fields").is_none() {
        return Err(Fault::missing_parameter("fields").into());
    }
    let given = call.fields("fields");
    if let Some(sprint) = given.get("sprintId").and_then(Value::as_int)
        && stage.int("entityId") != Some(sprint)
    {
        return Err(refusal("Incorrect sprintId value").into());
    }
    let values = values(&given)?;
    noun::amend(call, &STAGE, &STAGE.faces[0], stage.number, &values)?;
    Ok(true.into())
}

fn delete_stage(call: &mut Call<'_, '_>) -> Result<Value> {
    let stage = stage(call, "Stage id not found")?;
    let sql = "SELECT 1 FROM tasks_place WHERE stage_id = ? LIMIT 1";
    if call.tx.one(sql, &[stage.number.into()], |row| row.int(0))?.is_some() {
        return Err(refusal("Stage has tasks").into());
    }
    // Where tasks begin and where they end there is always one.
    let kind = stage.text("systemType");
    if kind != "WORK" {
        let others = board_of(&stage).made(call)?;
        if !others.iter().any(|other| other.number != stage.number && other.text("systemType") == kind) {
            return Err(refusal("The default stage cannot be deleted").into());
        }
    }
    noun::clear(call, &STAGE, &[("id", stage.number.into())])?;
    Ok(true.into())
}

fn add_task(call: &mut Call<'_, '_>) -> Result<Value> {
    let sprint = sprint(call, call.id("sprintId"))?;
    let task = named(call, &sprint)?;
    let stage = stage(call, "StageId id not found")?;
    if stage.int("entityId") != Some(sprint.number) {
        return Err(refusal("Stage not found").into());
    }
    if sprint.text("status") == COMPLETED {
        return Err(refusal("Sprint not found").into());
    }
    item::enter(call, &task, &sprint)?;
    place::put(call, &stage, &task, Beside::Front)?;
    Ok(true.into())
}

fn delete_task(call: &mut Call<'_, '_>) -> Result<Value> {
    let sprint = sprint(call, call.id("sprintId"))?;
    let task = named(call, &sprint)?;
    leave(call, sprint.number, Some(task.number))?;
    Ok(true.into())
}

/// Puts the tasks of a sprint that starts on the first stage of its board.
pub fn start(call: &mut Call<'_, '_>, sprint: i64) -> Result<()> {
    let stages = board(sprint).stages_or(call, &FIRST)?;
    let Some(first) = stages.iter().find(|stage| stage.text("systemType") == "NEW").or(stages.first()) else {
        return Ok(());
    };
    for task in item::tasks(call, sprint)? {
        if let Some(task) = noun::again(call, &task::TASK, task)? {
            place::put(call, first, &task, Beside::Front)?;
        }
    }
    Ok(())
}

/// Takes a task off the board of a sprint, or all that stand there but not in the sprint.
pub fn leave(call: &mut Call<'_, '_>, sprint: i64, task: Option<i64>) -> Result<()> {
    let sql = "DELETE FROM tasks_place WHERE entity_type = ? AND entity_id = ? AND ";
    match task {
        Some(task) => {
            let params = [KIND.into(), sprint.into(), task.into()];
            call.tx.execute(&format!("{sql}task_id = ?"), &params)?;
        }
        None => {
            let left = "task_id NOT IN (SELECT i.task_id FROM tasks_scrum_item i WHERE i.entity_id = ?)";
            call.tx.execute(&format!("{sql}{left}"), &[KIND.into(), sprint.into(), sprint.into()])?;
        }
    }
    Ok(())
}

/// Takes the board of a sprint away that goes.
pub fn clear(call: &mut Call<'_, '_>, sprint: i64) -> Result<()> {
    leave(call, sprint, None)?;
    noun::clear(call, &STAGE, &[("entityType", KIND.into()), ("entityId", sprint.into())])
}
