//! What follows from tasks of flows: people are told, and flows go with their workgroups.

use std::sync::LazyLock;

use engine::call::Call;
use engine::error::Result;
use engine::method::{Method, write};
use engine::moment::Moment;
use engine::noun::{self, Row};
use engine::timetable::{Job, Next, Task};
use serde_json::json;
use store::Param;
use wire::{Map, Value};

use super::FLOW;
use super::code;
use super::held::HIMSELF;
use super::show::efficiency;
use crate::SCOPE;
use crate::notice::{self, Happened};
use crate::task::status::{AWAITING, COMPLETED, IN_PROGRESS, PENDING};

/// Looks at the task with the number that is its key at half of its time and at its deadline.
pub const JOB: Job = Job { kind: "tasks.flow", run: due, every: None };

/// What it runs, in the name of the flow's administrator.
static WATCH: LazyLock<Method> = LazyLock::new(|| write("tasks.flow.Flow.watch", SCOPE, watch));

/// What a team's being gone is told with.
pub const NO_TEAM: &str = "Nobody is left in the team of the flow \"{name}\": its tasks come to you.";
const QUEUED: &str = "More tasks wait in the flow \"{name}\" than it is meant to have.";
const BUSY: &str = "More tasks of the flow \"{name}\" are in progress than it is meant to have.";
const INEFFICIENT: &str = "The efficiency of the flow \"{name}\" has fallen.";
const HALF: &str = "Half of the time for the task \"{name}\" is over.";

/// The texts that the portal itself writes.
pub fn names() -> Vec<&'static str> {
    vec![NO_TEAM, QUEUED, BUSY, INEFFICIENT, HALF]
}

/// Follows a task that was written.
///
/// # Errors
/// Those of the store.
pub fn follow(call: &mut Call<'_, '_>, task: &Row, old: Option<&Row>) -> Result<()> {
    let before = old.and_then(|old| old.int("flowId"));
    let flow = task.int("flowId").filter(|flow| *flow > 0);
    let key = task.number.to_string();
    let Some(id) = flow else {
        return if before.is_some() { call.cancel(&JOB, &key).map(drop) } else { Ok(()) };
    };
    let sql = "UPDATE tasks_flow SET activity = ? WHERE id = ?";
    call.tx.execute(sql, &[call.now.seconds().into(), id.into()])?;
    let changed = |name: &str| old.is_none_or(|old| old.get(name) != task.get(name));
    let done = matches!(task.int("status"), Some(AWAITING | COMPLETED));
    match task.int("deadline").filter(|_| !done) {
        None => call.cancel(&JOB, &key).map(drop)?,
        Some(deadline) if changed("deadline") || changed("status") => {
            let now = call.now.seconds();
            let half = now + (deadline - now) / 2;
            let at = if half > now { half } else { deadline };
            call.schedule(&JOB, &key, Moment(at.saturating_mul(1_000_000)), "half")?;
        }
        Some(_) => {}
    }
    if !changed("flowId") && !changed("status") {
        return Ok(());
    }
    let Some(flow) = noun::again(call, &FLOW, id)? else { return Ok(()) };
    if changed("flowId") && flow.text("distributionType") == HIMSELF {
        let team = code::people(call, &flow, "responsibleList")?;
        notice::tell(call, task, &team, Happened::Given)?;
    }
    let owner = flow.int("ownerId").unwrap_or(0);
    for (state, bound, text) in
        [(PENDING, "notifyOnQueueOverflow", QUEUED), (IN_PROGRESS, "notifyOnTasksInProgressOverflow", BUSY)]
    {
        let Some(bound) = flow.int(bound).filter(|_| task.int("status") == Some(state)) else { continue };
        let sql = "SELECT COUNT(*) FROM tasks_task WHERE flow_id = ? AND status = ?";
        let count = call.tx.one(sql, &[id.into(), state.into()], |row| row.int(0))?.unwrap_or(0);
        if count == bound + 1 {
            tell(call, &flow, &[owner], text)?;
        }
    }
    Ok(())
}

/// Takes a task off the timetable.
///
/// # Errors
/// Those of the store.
pub fn deleted(call: &mut Call<'_, '_>, task: &Row) -> Result<()> {
    call.cancel(&JOB, &task.number.to_string()).map(drop)
}

/// Tells people something about a flow or a task, which is named in the text; nobody where there are no notifications.
///
/// # Errors
/// Those of the store.
pub fn tell(call: &mut Call<'_, '_>, about: &Row, people: &[i64], text: &str) -> Result<()> {
    let name = if about.text("name").is_empty() { about.text("title") } else { about.text("name") };
    let message = call.portal_name(text).replace("{name}", name);
    for user in people.iter().filter(|user| **user > 0) {
        let given = Map::from([
            ("USER_ID", (*user).into()),
            // From the portal.
            ("TYPE", 4.into()),
            ("MESSAGE", message.as_str().into()),
            ("MODULE", "tasks".into()),
            ("EVENT", "flow".into()),
        ]);
        noun::put_there(call, "im.notification", &given)?;
    }
    Ok(())
}

/// Flows go with their workgroup.
///
/// # Errors
/// Those of the store.
pub fn group_deleted(call: &mut Call<'_, '_>, group: &Row) -> Result<()> {
    noun::clear(call, &FLOW, &[("groupId", group.number.into())])
}

fn due(job: &mut Task<'_, '_>) -> Result<Next> {
    let id: i64 = job.key.parse().unwrap_or(0);
    let sql = "SELECT f.owner_id, t.deadline FROM tasks_task t JOIN tasks_flow f ON f.id = t.flow_id WHERE t.id = ?";
    let found = job.tx.one(sql, &[id.into()], |row| Ok((row.opt_int(0)?.unwrap_or(1), row.opt_int(1)?)))?;
    let Some((owner, deadline)) = found else { return Ok(Next::Done) };
    let params = engine::method::params(&json!({"taskId": id}));
    job.perform_as((owner, true), &WATCH, params)?;
    let later = deadline.map(|deadline| Moment(deadline.saturating_add(1).saturating_mul(1_000_000)));
    Ok(later.filter(|later| *later > job.now).map_or(Next::Done, Next::At))
}

/// At half of the time of a task the one who does it is told, after its end the administrator of a flow that has fallen
/// below what it is meant to be.
///
/// # Errors
/// Those of the store.
fn watch(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.id("taskId");
    let sql = "SELECT flow_id, deadline, status, responsible_id FROM tasks_task WHERE id = ?";
    let params: [Param<'_>; 1] = [id.into()];
    let found = call.tx.one(sql, &params, |row| {
        Ok((row.opt_int(0)?.unwrap_or(0), row.opt_int(1)?.unwrap_or(i64::MAX), row.int(2)?, row.opt_int(3)?))
    })?;
    let Some((flow, deadline, status, responsible)) = found else { return Ok(Value::Null) };
    let Some(flow) = noun::again(call, &FLOW, flow)? else { return Ok(Value::Null) };
    if matches!(status, AWAITING | COMPLETED) {
        return Ok(Value::Null);
    }
    if call.now.seconds() <= deadline {
        let Some(task) = noun::again(call, call.core.modules.noun_named("tasks.task"), id)? else {
            return Ok(Value::Null);
        };
        if flow.int("notifyAtHalfTime") == Some(1) {
            tell(call, &task, &[responsible.unwrap_or(0)], HALF)?;
        }
        return Ok(Value::Null);
    }
    if let Some(bound) = flow.int("notifyWhenEfficiencyDecreases")
        && efficiency(call, flow.number)? < bound
    {
        let owner = flow.int("ownerId").unwrap_or(0);
        tell(call, &flow, &[owner], INEFFICIENT)?;
    }
    Ok(Value::Null)
}
