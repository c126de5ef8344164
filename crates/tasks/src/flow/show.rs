//! Flows as answers show them.

use engine::call::Call;
use engine::error::Result;
use engine::moment;
use engine::noun::Row;
use serde_json::{Value as Json, json};
use wire::{Map, Value};

use super::held::MANUALLY;
use crate::group;

/// A flow with its team.
///
/// # Errors
/// Those of the store.
pub fn show(call: &mut Call<'_, '_>, row: &Row) -> Result<Value> {
    let number = |name: &str| row.int(name).unwrap_or(0);
    let flag = |name: &str| number(name) != 0;
    let mut shown = Map::with_capacity(24);
    shown.push("id", row.number);
    for name in ["creatorId", "ownerId", "groupId", "templateId"] {
        shown.push(name, number(name));
    }
    shown.push("efficiency", efficiency(call, row.number)?);
    shown.push("active", flag("active"));
    shown.push("plannedCompletionTime", number("plannedCompletionTime"));
    shown.push("activity", row.int("activity").map(|at| moment::print(&call.caller.zone, at)));
    for name in ["name", "description", "distributionType"] {
        shown.push(name, row.text(name));
    }
    shown.push("responsibleList", Value::from(list(row.json("responsibleList"))));
    shown.push("demo", false);
    for name in ["responsibleCanChangeDeadline", "matchWorkTime", "taskControl", "notifyAtHalfTime"] {
        shown.push(name, flag(name));
    }
    for name in ["notifyOnQueueOverflow", "notifyOnTasksInProgressOverflow", "notifyWhenEfficiencyDecreases"]
    {
        shown.push(name, row.int(name));
    }
    shown.push("taskCreators", Value::from(list(row.json("taskCreators"))));
    let team = team(call, row)?;
    shown.push("team", Value::from(team));
    shown.push("trialFeatureEnabled", false);
    Ok(shown.into())
}

fn list(json: Json) -> Json {
    if json.is_array() { json } else { json!([]) }
}

/// Where a moderator gives the tasks, all other members of the workgroup; else those who are responsible.
fn team(call: &mut Call<'_, '_>, row: &Row) -> Result<Json> {
    let responsible = list(row.json("responsibleList"));
    if row.text("distributionType") != MANUALLY {
        return Ok(responsible);
    }
    let members = group::members(call, row.int("groupId").unwrap_or(0))?;
    let pairs = members.into_iter().map(|user| json!(["user", user.to_string()]));
    Ok(pairs.filter(|pair| *pair != responsible[0]).collect::<Vec<_>>().into())
}

/// The share of its tasks, in percent, that were or are not late.
///
/// # Errors
/// Those of the store.
pub fn efficiency(call: &mut Call<'_, '_>, flow: i64) -> Result<i64> {
    let sql = "SELECT COUNT(*), COALESCE(SUM(CASE WHEN t.deadline < COALESCE(t.closed_date, ?) THEN 1 ELSE 0 END), 0) \
               FROM tasks_task t WHERE t.flow_id = ?";
    let params = [call.now.seconds().into(), flow.into()];
    let found = call.tx.one(sql, &params, |row| Ok((row.int(0)?, row.int(1)?)))?;
    Ok(match found {
        Some((all, late)) if all > 0 => 100 - late * 100 / all,
        _ => 100,
    })
}
