//! Activities of tasks: a task that names items of the CRM is an activity of theirs, for as long as it names them.

use std::sync::Arc;

use engine::access::Act;
use engine::call::Call;
use engine::entity::owner::Standing;
use engine::entity::{Draft, Naming};
use engine::error::Result;
use engine::noun::{Row, Saved};
use serde_json::json;
use store::Param;
use wire::{Map, Value};

use super::read::Current;
use super::{binding, complete, fields, kind, write};
use crate::owner::Owner;

/// The provider of such activities.
pub const TASK: &str = "CRM_TASKS_TASK";
const TYPE: &str = "TASKS_TASK";

/// The state of a task that is done.
const DONE: i64 = 5;

/// BBCode, as a format of descriptions.
const BBCODE: i64 = 2;

/// The fields of a task that its activity has.
const SHOWN: [&str; 7] =
    ["title", "description", "responsibleId", "deadline", "status", "ufCrmTask", "startDatePlan"];

/// Fields of an activity that are its task's.
const TAKEN: [&str; 8] =
    ["SUBJECT", "DESCRIPTION", "RESPONSIBLE_ID", "START_TIME", "END_TIME", "DEADLINE", "COMPLETED", "STATUS"];

/// Follows a task that was written. It is bound to items that it names newly as far as the caller may read them, and the
/// activity comes into being with the first.
///
/// # Errors
/// Those of the store.
pub fn follow(call: &mut Call<'_, '_>, saved: &Saved<'_>) -> Result<()> {
    let (task, old) = (saved.row, saved.old);
    if old.is_some_and(|old| SHOWN.into_iter().all(|name| old.get(name) == task.get(name))) {
        return Ok(());
    }
    let (before, now) = (old.map(codes).unwrap_or_default(), codes(task));
    if before.is_empty() && now.is_empty() {
        return Ok(());
    }
    let current = of(call, task.number)?;
    let mut new = Vec::new();
    for code in now.iter().filter(|code| current.is_none() || !before.contains(code)) {
        let Some(item) = item(call, code) else { continue };
        if new.len() < binding::MAX && item.standing(call, Act::Read)? == Standing::Allowed {
            new.push(item);
        }
    }
    let Some(id) = current else {
        // One that somebody deleted stays away until other items are named.
        let names_others = now.iter().any(|code| !before.contains(code));
        return if names_others && !new.is_empty() { add(call, task, &new) } else { Ok(()) };
    };
    for item in &new {
        binding::add(call.tx, id, item)?;
    }
    for code in before.iter().filter(|code| !now.contains(code)) {
        if let Some(item) = item(call, code)
            && binding::remove(call.tx, id, &item)?
        {
            binding::pass_on(call.tx, &item.entity, item.id)?;
        }
    }
    if binding::load(call, id)?.is_empty() {
        return write::delete(call, id);
    }
    let nothing = Map::new();
    let mut draft = Draft::read(call, fields::table(), Naming::Legacy, &nothing, Some(id))?;
    fill(task, &mut draft);
    write::save(call, id, draft)
}

/// The activity of a task that was deleted goes with it.
///
/// # Errors
/// Those of the store.
pub fn deleted(call: &mut Call<'_, '_>, task: &Row) -> Result<()> {
    match of(call, task.number)? {
        Some(id) => write::delete(call, id),
        None => Ok(()),
    }
}

/// The activity of a task.
fn of(call: &mut Call<'_, '_>, task: i64) -> Result<Option<i64>> {
    let sql =
        "SELECT id FROM crm_activity WHERE associated_entity_id = ? AND provider_id = ? ORDER BY id LIMIT 1";
    Ok(call.tx.one(sql, &[task.into(), TASK.into()], |row| row.int(0))?)
}

fn add(call: &mut Call<'_, '_>, task: &Row, items: &[Owner]) -> Result<()> {
    let nothing = Map::new();
    let mut draft = Draft::read(call, fields::table(), Naming::Legacy, &nothing, None)?;
    draft.set("TYPE_ID", kind::PROVIDED);
    draft.set("PROVIDER_ID", TASK);
    draft.set("PROVIDER_TYPE_ID", TYPE);
    draft.set("ASSOCIATED_ENTITY_ID", task.number);
    draft.set("DESCRIPTION_TYPE", BBCODE);
    fill(task, &mut draft);
    write::insert(call, draft, items, &[]).map(drop)
}

/// Gives an activity what it has of its task.
fn fill(task: &Row, draft: &mut Draft<'_>) {
    let start = task.int("startDatePlan").or_else(|| task.int("createdDate"));
    let moment = |moment: Option<i64>| moment.map_or(Param::Null, Param::from);
    draft.set("SUBJECT", task.text("title").to_owned());
    draft.set("DESCRIPTION", task.text("description").to_owned());
    draft.set("RESPONSIBLE_ID", task.int("responsibleId").unwrap_or(0));
    draft.set("START_TIME", moment(start));
    draft.set("END_TIME", moment(task.int("deadline")));
    draft.set("DEADLINE", moment(task.int("deadline")));
    draft.set("COMPLETED", engine::input::yes_no(task.int("status") == Some(DONE)));
    complete::normalize(draft);
}

/// The items that a task names: `D_10`, `T88_3`.
fn codes(task: &Row) -> Vec<String> {
    serde_json::from_value(task.json("ufCrmTask")).unwrap_or_default()
}

/// The item of a code.
fn item(call: &Call<'_, '_>, code: &str) -> Option<Owner> {
    let (kind, id) = code.rsplit_once('_')?;
    let entity = call.meta.items().find(|entity| entity.prefix.eq_ignore_ascii_case(kind))?;
    Some(Owner { entity: Arc::clone(entity), id: id.parse().ok()? })
}

/// What a request changes of the activity of a task: the task has it done or taken up again, as far as the caller may, and
/// what else is the task's is left out. Gives what remains.
///
/// # Errors
/// The refusals of the task.
pub fn change(call: &mut Call<'_, '_>, current: &Current, given: &Map) -> Result<Map> {
    let completed = given.get("COMPLETED").and_then(Value::as_flag);
    if let Some(completed) = completed.filter(|completed| *completed != current.completed) {
        let sql = "SELECT associated_entity_id FROM crm_activity WHERE id = ?";
        let task = call.tx.one(sql, &[current.id.into()], |row| row.opt_int(0))?.flatten().unwrap_or(0);
        let name = if completed { "tasks.task.complete" } else { "tasks.task.renew" };
        call.ask(name, json!({"taskId": task}))?;
    }
    Ok(given
        .iter()
        .filter(|(name, _)| !TAKEN.contains(name))
        .map(|(name, value)| (name.into(), value.clone()))
        .collect())
}
