//! Checks and completes a task before it is written. What is wrong is said all at once.

use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::noun::{Draft, Row};
use store::Param;
use wire::Fault;

use super::UNITS;
use super::status::{ALL, COMPLETED, IN_PROGRESS, PENDING};
use crate::stages::{self, Board};
use crate::{flow, group};

/// Seconds that a plan may take.
const LONGEST: i64 = i32::MAX as i64;

/// Tasks that stand one within the other at most.
const DEPTH: usize = 1000;

/// Checks what is about to be written, and works out what follows from it.
pub fn check(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>) -> Result<()> {
    let mut wrong: Vec<&str> = Vec::new();
    draft.trim("title");
    if draft.after(old, "title") == &Param::Null {
        wrong.push("Task title is not specified");
    }
    let entered = flow::enter(call, draft, old)?;
    wrong.extend(entered.err());
    wrong.extend(people(call, draft, old)?);
    if draft.get("status") == Some(&Param::Null) {
        draft.leave("status");
    }
    if draft.int("status").is_some_and(|status| ALL.iter().all(|(known, _)| *known != status)) {
        wrong.push("Incorrect status");
    }
    wrong.extend(parent(call, draft, old)?);
    wrong.extend(plan(draft, old));
    // The workgroup of a flow is given by that, whoever belongs to it.
    if entered != Ok(true) {
        wrong.extend(workgroup(call, draft, old)?);
    }
    stage(call, draft, old)?;
    if !wrong.is_empty() {
        let text: String = wrong.iter().map(|text| format!("{text}<br>")).collect();
        return Err(Fault::core(text).into());
    }
    if draft.get("priority").is_some() {
        let priority = draft.int("priority").filter(|priority| (0..=2).contains(priority));
        draft.set("priority", priority.unwrap_or(1));
    }
    for name in ["groupId", "stageId", "timeEstimate"] {
        if draft.get(name) == Some(&Param::Null) {
            draft.set(name, 0);
        }
    }
    follow_status(call, draft, old);
    Ok(())
}

/// The responsible person, the creator and the others are there.
fn people(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>) -> Result<Option<&'static str>> {
    let own = call.caller.user_id;
    for name in ["accomplices", "auditors"] {
        if let Some(Param::Text(list)) = draft.get(name) {
            let ids: Vec<i64> = serde_json::from_str(list).unwrap_or_default();
            let known = directory::people(call.tx, &ids)?;
            let kept: Vec<i64> = ids.into_iter().filter(|id| known.contains_key(id)).collect();
            let list = (!kept.is_empty()).then(|| serde_json::Value::from(kept).to_string());
            draft.set(name, list);
        }
    }
    let responsible = match draft.after(old, "responsibleId") {
        Param::Int(id) if *id > 0 => *id,
        _ => return Ok(Some("Responsible person not specified")),
    };
    if draft.is_given("responsibleId") && directory::name_of(call.tx, responsible)?.is_none() {
        return Ok(Some("The user specified in the \"Responsible\" field was not found"));
    }
    if let Some(creator) = draft.int("createdBy") {
        // Somebody else gives a task only to the one who writes it down.
        let trusted = call.caller.is_admin || creator == own || (old.is_none() && responsible == own);
        let there = trusted && directory::name_of(call.tx, creator)?.is_some();
        match (there, old) {
            (true, _) => {}
            (false, Some(_)) => draft.leave("createdBy"),
            (false, None) => draft.set("createdBy", own),
        }
    } else if draft.is_given("createdBy") {
        draft.leave("createdBy");
    }
    Ok(None)
}

/// The parent task is there, and is none of those below the task.
fn parent(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>) -> Result<Option<&'static str>> {
    let Some(parent) = draft.int("parentId") else { return Ok(None) };
    if parent <= 0 {
        draft.set("parentId", Param::Null);
        return Ok(None);
    }
    if old.is_some_and(|old| old.number == parent) {
        return Ok(Some("Cannot bind the node to itself"));
    }
    if old.and_then(|old| old.int("parentId")) == Some(parent) {
        return Ok(None);
    }
    let mut above = Some(parent);
    for depth in 0..DEPTH {
        let Some(id) = above.filter(|id| *id > 0) else { return Ok(None) };
        if old.is_some_and(|old| old.number == id) {
            return Ok(Some("Creating cyclic links in tasks is prohibited"));
        }
        let sql = "SELECT parent_id FROM tasks_task WHERE id = ?";
        match call.tx.one(sql, &[id.into()], |row| row.opt_int(0))? {
            None if depth == 0 => {
                return Ok(Some("The task specified in the \"Parent Task\" field was not found"));
            }
            next => above = next.flatten(),
        }
    }
    Ok(Some("Creating cyclic links in tasks is prohibited"))
}

/// The plan ends behind its beginning, and its length is known.
fn plan(draft: &mut Draft<'_>, old: Option<&Row>) -> Option<&'static str> {
    let moment = |draft: &Draft<'_>, name: &str| match draft.after(old, name) {
        Param::Int(seconds) => Some(*seconds),
        _ => None,
    };
    let given = ["startDatePlan", "endDatePlan", "durationPlan", "durationType"];
    if !given.into_iter().any(|name| draft.is_given(name)) {
        return None;
    }
    let unit = match draft.after(old, "durationType") {
        Param::Text(name) => {
            UNITS.iter().find(|(unit, _)| unit == name).map_or(86_400, |(_, length)| *length)
        }
        _ => 86_400,
    };
    let start = moment(draft, "startDatePlan")?;
    // The end goes before the duration.
    if !draft.is_given("endDatePlan")
        && let Some(duration) = draft.int("durationPlan")
    {
        draft.set("endDatePlan", start.saturating_add(duration.clamp(0, LONGEST).saturating_mul(unit)));
    }
    let end = moment(draft, "endDatePlan")?;
    if end < start {
        return Some("The end date specified in the scheduling is earlier than the start date");
    }
    if end - start > LONGEST {
        return Some("The duration of the task specified in the scheduling is too long");
    }
    draft.set("durationPlan", (end - start) / unit);
    None
}

/// The workgroup is one that the caller belongs to, where there are workgroups.
fn workgroup(call: &mut Call<'_, '_>, draft: &Draft<'_>, old: Option<&Row>) -> Result<Option<&'static str>> {
    let Some(group) = draft.int("groupId").filter(|group| *group > 0) else { return Ok(None) };
    if call.core.modules.noun("groups.group").is_none()
        || old.and_then(|old| old.int("groupId")) == Some(group)
    {
        return Ok(None);
    }
    Ok((!group::takes(call, group)?).then_some("The workgroup was not found or is not accessible"))
}

/// The stage is one of the workgroup's board. A task that comes to another workgroup stands on the first there.
fn stage(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>) -> Result<()> {
    let group = draft.int_after(old, "groupId").unwrap_or(0);
    if let Some(stage) = draft.int("stageId").filter(|stage| *stage > 0) {
        let found = stages::numbered(call, stage)?;
        if found.is_none_or(|stage| stages::board_of(&stage) != Board::of_group(group)) {
            match old {
                Some(_) => draft.leave("stageId"),
                None => draft.set("stageId", 0),
            }
        }
    }
    let moves = old.is_some_and(|old| draft.is_given("groupId") && old.int("groupId").unwrap_or(0) != group);
    if moves && draft.int("stageId").is_none() {
        draft.set("stageId", 0);
    }
    Ok(())
}

/// What a change of the state is followed by.
fn follow_status(call: &Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>) {
    let (now, own) = (call.now.seconds(), call.caller.user_id);
    let before = old.map_or(Some(PENDING), |old| old.int("status"));
    let Some(status) = draft.int("status") else { return };
    if old.is_some() && before == Some(status) {
        return draft.leave("status");
    }
    if old.is_none() && status == PENDING {
        return;
    }
    draft.set("statusChangedBy", own);
    draft.set("statusChangedDate", now);
    if status == COMPLETED {
        draft.set("closedBy", own);
        draft.set("closedDate", now);
    } else if old.is_some() {
        draft.set("closedBy", 0);
        draft.set("closedDate", Param::Null);
    }
    if status == IN_PROGRESS && draft.after(old, "dateStart") == &Param::Null {
        draft.set("dateStart", now);
    }
}
