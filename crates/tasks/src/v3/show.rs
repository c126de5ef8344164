//! Tasks as answers of REST 3.0 have them.

use std::collections::{HashMap, HashSet};

use engine::call::Call;
use engine::dto::Select;
use engine::error::Result;
use engine::moment;
use engine::noun::{self, Row};
use store::{Param, Tx};
use wire::{Map, Value};

use super::access;
use super::dto::TASK as DTO;
use super::people::People;
use super::write::{MARKS, PARAMETERS, PRIORITIES, STATES};
use crate::group::Groups;
use crate::task::action::Stand;
use crate::task::index::{self, Mark};
use crate::task::rights::{Person, ids, roles};
use crate::task::{TASK, family};

/// People, with the fields that name them and what they are to the task.
const PEOPLE: [(&str, &str, &str); 5] = [
    ("creator", "createdBy", "creator"),
    ("responsible", "responsibleId", "responsible"),
    ("changedBy", "changedBy", ""),
    ("statusChangedBy", "statusChangedBy", ""),
    ("closedBy", "closedBy", ""),
];
/// The same for several.
const GROUPS: [(&str, &str); 2] = [("accomplices", "accomplice"), ("auditors", "auditor")];

/// What is looked up for all tasks of an answer.
struct Context {
    people: People,
    groups: Groups,
    marks: HashMap<(i64, Mark), i64>,
    checklists: HashMap<i64, Vec<Value>>,
    below: HashSet<i64>,
    linked: HashSet<i64>,
    results: HashSet<i64>,
    above: HashMap<i64, Row>,
    stages: HashMap<i64, Map>,
}

/// What a select shows of tasks.
///
/// # Errors
/// Those of the store.
pub fn show(call: &mut Call<'_, '_>, rows: &[Row], select: &Select) -> Result<Vec<Map>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let context = Context::load(call, rows, select)?;
    rows.iter()
        .map(|row| {
            let mut values = stored(call, row);
            related(call, row, &context, &mut values);
            if select.shows(&DTO, "rights") {
                let person = Person::caller(call);
                let favorite = context.marks.contains_key(&(row.number, Mark::Favorite));
                let stand = Stand { task: row, roles: roles(call, person, row)?, favorite };
                values.push("rights", access::rights(&stand));
            }
            Ok(select.show(&DTO, values))
        })
        .collect()
}

impl Context {
    fn load(call: &mut Call<'_, '_>, rows: &[Row], select: &Select) -> Result<Self> {
        let tasks: Vec<i64> = rows.iter().map(|row| row.number).collect();
        let mut people = Vec::new();
        for row in rows {
            let named = PEOPLE.iter().filter(|(name, ..)| select.names(name));
            people.extend(named.filter_map(|(_, field, _)| row.int(field)));
            let many = GROUPS.iter().filter(|(name, _)| select.names(name));
            people.extend(many.flat_map(|(name, _)| ids(row, name)));
        }
        let (tx, own) = (&mut *call.tx, call.caller.user_id);
        let found = |tx: &mut Tx<'_>, name: &str, sql: &str| match select.shows(&DTO, name) {
            true => holders(tx, sql, &tasks),
            false => Ok(HashSet::new()),
        };
        let below = found(tx, "containsSubTasks", "SELECT parent_id FROM tasks_task WHERE parent_id IN")?;
        let mut linked =
            found(tx, "containsGanttLinks", "SELECT from_id FROM tasks_dependence WHERE from_id IN")?;
        linked.extend(found(tx, "containsGanttLinks", "SELECT to_id FROM tasks_dependence WHERE to_id IN")?);
        let results = found(tx, "containsResults", "SELECT task_id FROM tasks_result WHERE task_id IN")?;
        let checklists = match select.shows(&DTO, "checklist") || select.shows(&DTO, "containsChecklist") {
            true => checklists(tx, &tasks)?,
            false => HashMap::new(),
        };
        let marks = index::marks(tx, own, &tasks)?;
        let above = match select.names("parent") {
            true => parents(call, rows)?,
            false => HashMap::new(),
        };
        let stages = if select.names("stage") { stages(call.tx, rows)? } else { HashMap::new() };
        let groups = if select.names("group") { Groups::find(call, rows)? } else { Groups::default() };
        let people = People::find(call, people)?;
        Ok(Context { people, groups, marks, checklists, below, linked, results, above, stages })
    }
}

/// The tasks among these that a column names.
fn holders(tx: &mut Tx<'_>, sql: &str, tasks: &[i64]) -> Result<HashSet<i64>> {
    let mut found = HashSet::new();
    let params: Vec<Param<'_>> = tasks.iter().map(|task| (*task).into()).collect();
    tx.query(&format!("{sql} ({})", store::placeholders(tasks.len())), &params, |row| {
        found.insert(row.int(0)?);
        Ok(())
    })?;
    Ok(found)
}

fn checklists(tx: &mut Tx<'_>, tasks: &[i64]) -> Result<HashMap<i64, Vec<Value>>> {
    let sql = format!(
        "SELECT task_id, id FROM tasks_checklist WHERE task_id IN ({}) ORDER BY id",
        store::placeholders(tasks.len())
    );
    let params: Vec<Param<'_>> = tasks.iter().map(|task| (*task).into()).collect();
    let mut found: HashMap<i64, Vec<Value>> = HashMap::new();
    tx.query(&sql, &params, |row| {
        found.entry(row.int(0)?).or_default().push(Value::Int(row.int(1)?));
        Ok(())
    })?;
    Ok(found)
}

/// The tasks above these, as far as the caller sees them.
fn parents(call: &mut Call<'_, '_>, rows: &[Row]) -> Result<HashMap<i64, Row>> {
    let ids = named(rows, "parentId");
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let scope = TASK.grant(call, engine::access::Act::Read)?;
    let condition = format!("t.id IN ({})", store::placeholders(ids.len()));
    let values = ids.into_iter().map(Param::from).collect();
    let found = noun::select(call, &TASK, &scope, &condition, values, "")?;
    Ok(found.into_iter().map(|row| (row.number, row)).collect())
}

/// The columns of boards on which these stand.
fn stages(tx: &mut Tx<'_>, rows: &[Row]) -> Result<HashMap<i64, Map>> {
    let (ids, mut found) = (named(rows, "stageId"), HashMap::new());
    if ids.is_empty() {
        return Ok(found);
    }
    let places = store::placeholders(ids.len());
    let sql = format!("SELECT id, title, color FROM tasks_stage WHERE id IN ({places})");
    let ids: Vec<Param<'_>> = ids.into_iter().map(Param::from).collect();
    tx.query(&sql, &ids, |row| {
        let mut stage = Map::with_capacity(3);
        stage.push("id", row.int(0)?);
        stage.push("title", row.opt_text(1)?.unwrap_or_default());
        stage.push("color", row.opt_text(2)?.unwrap_or_default());
        found.insert(row.int(0)?, stage);
        Ok(())
    })?;
    Ok(found)
}

/// What a field of these leads to.
fn named(rows: &[Row], field: &str) -> Vec<i64> {
    let mut ids: Vec<i64> = rows.iter().filter_map(|row| row.int(field)).filter(|id| *id > 0).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// A number that leads somewhere.
fn link(row: &Row, field: &str) -> Value {
    row.int(field).filter(|id| *id > 0).into()
}

fn text(row: &Row, field: &str) -> Value {
    Some(row.text(field)).filter(|text| !text.is_empty()).map(str::to_owned).into()
}

/// What stands in the row itself.
fn stored(call: &Call<'_, '_>, row: &Row) -> Map {
    let moment = |field: &str| Value::from(row.int(field).map(|at| moment::print(&call.caller.zone, at)));
    let flag = |field: &str| Value::from(row.text(field) == "Y");
    let number = |field: &str| Value::from(row.int(field).unwrap_or(0));
    let word = |codes: &[(i64, &'static str)], field: &str| {
        let code = row.int(field).unwrap_or(0);
        Value::from(codes.iter().find(|(one, _)| *one == code).map(|(_, name)| *name))
    };
    let list = |field: &str| Value::from(ids(row, field).into_iter().map(Value::Int).collect::<Vec<_>>());
    let mark = MARKS.iter().find(|(code, _)| *code == row.text("mark")).map_or("none", |(_, name)| *name);
    let files = ids(row, "ufTaskWebdavFiles").into_iter().map(Value::Int).collect::<Vec<_>>();
    let mut values = Map::from([
        ("id", Value::Int(row.number)),
        ("title", row.text("title").into()),
        ("description", row.text("description").into()),
        ("creatorId", link(row, "createdBy")),
        ("created", moment("createdDate")),
        ("responsibleId", link(row, "responsibleId")),
        ("deadline", moment("deadline")),
        ("needsControl", flag("taskControl")),
        ("startPlan", moment("startDatePlan")),
        ("endPlan", moment("endDatePlan")),
        ("fileIds", if files.is_empty() { Value::Null } else { files.into() }),
        ("groupId", link(row, "groupId")),
        ("stageId", link(row, "stageId")),
        ("flowId", link(row, "flowId")),
        ("priority", word(&PRIORITIES, "priority")),
        ("status", word(&STATES, "status")),
        ("statusChanged", moment("statusChangedDate")),
        ("accomplices", list("accomplices")),
        ("auditors", list("auditors")),
        ("parentId", link(row, "parentId")),
        ("containsRelatedTasks", Value::Bool(!ids(row, "dependsOn").is_empty())),
        ("containsPlacements", Value::Bool(false)),
        ("numberOfReminders", Value::Int(0)),
        ("chatId", link(row, "chatId")),
        ("plannedDuration", number("durationPlan")),
        ("actualDuration", number("durationFact")),
        ("durationType", row.text("durationType").into()),
        ("started", moment("dateStart")),
        ("estimatedTime", number("timeEstimate")),
        ("replicate", flag("replicate")),
        ("changed", moment("changedDate")),
        ("changedById", link(row, "changedBy")),
        ("statusChangedById", link(row, "statusChangedBy")),
        ("closedById", link(row, "closedBy")),
        ("closed", moment("closedDate")),
        ("activity", moment("activityDate")),
        ("guid", text(row, "guid")),
        ("xmlId", text(row, "xmlId")),
        ("exchangeId", text(row, "exchangeId")),
        ("exchangeModified", moment("exchangeModified")),
        ("outlookVersion", row.int("outlookVersion").unwrap_or(1).into()),
        ("mark", mark.into()),
        ("allowsChangeDeadline", flag("allowChangeDeadline")),
        ("allowsTimeTracking", flag("allowTimeTracking")),
        ("matchesWorkTime", flag("matchWorkTime")),
        ("addInReport", flag("addInReport")),
        ("isMultitask", flag("multitask")),
        ("siteId", row.text("siteId").into()),
        ("forumTopicId", link(row, "forumTopicId")),
        ("forkedByTemplateId", link(row, "forkedByTemplateId")),
        ("allowsChangeDatePlan", flag("allowChangeDeadline")),
        ("requireDeadlineChangeReason", Value::Bool(false)),
        ("tags", index::texts(row, "tags").into_iter().map(Value::from).collect::<Vec<_>>().into()),
        ("dependsOn", list("dependsOn")),
        (
            "crmItemIds",
            index::texts(row, "ufCrmTask").into_iter().map(Value::from).collect::<Vec<_>>().into(),
        ),
        ("scenarios", vec![Value::from("default")].into()),
    ]);
    for (code, name) in PARAMETERS {
        values.push(name, family::has(row, code));
    }
    values
}

/// What belongs to the row.
fn related(call: &Call<'_, '_>, row: &Row, context: &Context, values: &mut Map) {
    for (name, field, role) in PEOPLE {
        values.push(name, context.people.one(call, row.int(field).unwrap_or(0), role));
    }
    for (name, role) in GROUPS {
        let people = context.people.all(call, &ids(row, name), role);
        if !people.is_empty() {
            values.insert(name, people);
        }
    }
    let task = row.number;
    let checklist = context.checklists.get(&task).cloned().unwrap_or_default();
    values.push("containsChecklist", !checklist.is_empty());
    values.push("checklist", checklist);
    values.push("containsSubTasks", context.below.contains(&task));
    values.push("containsGanttLinks", context.linked.contains(&task));
    values.push("containsResults", context.results.contains(&task));
    let own = call.caller.user_id;
    for (name, mark) in [
        ("inFavorite", Mark::Favorite),
        ("inPin", Mark::Pinned),
        ("inGroupPin", Mark::PinnedInGroup),
        ("inMute", Mark::Muted),
    ] {
        let marked = context.marks.contains_key(&(task, mark));
        values.push(name, if marked { vec![Value::Int(own)] } else { Vec::new() });
    }
    values.push("link", format!("/company/personal/user/{own}/tasks/task/view/{task}/"));
    if let Some(parent) = context.above.get(&row.int("parentId").unwrap_or(0)) {
        values.push("parent", stored(call, parent));
    }
    values.push("group", group(context, row));
    values.push("stage", context.stages.get(&row.int("stageId").unwrap_or(0)).cloned());
    if let Some(chat) = row.int("chatId").filter(|chat| *chat > 0) {
        let mut shown = Map::with_capacity(3);
        shown.push("id", chat);
        shown.push("entityId", task);
        shown.push("entityType", "TASKS_TASK");
        values.push("chat", shown);
    }
}

fn group(context: &Context, row: &Row) -> Value {
    let known = context.groups.of(row);
    let Some(id) = known.get("id").and_then(Value::as_int) else { return Value::Null };
    let mut shown = Map::with_capacity(5);
    shown.push("id", id);
    shown.push("name", known.get("name").cloned().unwrap_or_default());
    shown.push("image", known.get("image").cloned().map_or(Value::Null, |image| Value::under("src", image)));
    shown.push("type", "group");
    shown.push("isVisible", known.get("opened").cloned().unwrap_or_default());
    shown.into()
}
