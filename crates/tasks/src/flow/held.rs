//! Who holds what of a flow, and how its tasks are given.

use engine::call::Call;
use engine::error::Result;
use engine::noun::Row;
use store::Param;

/// One person, the moderator, gets all tasks and gives them on.
pub const MANUALLY: &str = "manually";
/// The people of the team get them in turn.
pub const QUEUE: &str = "queue";
/// They stay with whoever gives them until somebody of the team takes them.
pub const HIMSELF: &str = "himself";

/// Whoever gets tasks of the flow.
pub const TEAM: &str = "T";
/// Whoever gives it tasks.
pub const CREATOR: &str = "C";
/// Whoever pinned it.
pub const PIN: &str = "P";

/// The condition that a flow has one of a user's codes in one of these parts, on the flow's number; with its values.
pub fn has(call: &Call<'_, '_>, user: i64, flow: &str, parts: &str) -> (String, Vec<Param<'static>>) {
    let codes = call.meta.directory.access_codes(user);
    let sql = format!(
        "{flow} IN (SELECT c.flow_id FROM tasks_flow_code c WHERE c.part IN ({parts}) AND c.code IN ({}))",
        store::placeholders(codes.len())
    );
    (sql, codes.into_iter().map(Param::from).collect())
}

/// Whether a user has one of the codes of a flow in this part.
pub fn holds(call: &mut Call<'_, '_>, user: i64, flow: i64, part: &str) -> Result<bool> {
    let (condition, codes) = has(call, user, "?", &format!("'{part}'"));
    let params: Vec<Param<'_>> = std::iter::once(flow.into()).chain(codes).collect();
    Ok(call.tx.one(&format!("SELECT 1 WHERE {condition}"), &params, |row| row.int(0))?.is_some())
}

/// Whether a task waits in its flow for somebody of the team to take it, and the user is one of them.
///
/// # Errors
/// Those of the store.
pub fn is_in_team(call: &mut Call<'_, '_>, task: &Row, user: i64) -> Result<bool> {
    let Some(flow) = task.int("flowId").filter(|flow| *flow > 0) else { return Ok(false) };
    let sql = "SELECT 1 FROM tasks_flow WHERE id = ? AND distribution_type = ?";
    let waits = task.int("responsibleId") == task.int("createdBy")
        && call.tx.one(sql, &[flow.into(), HIMSELF.into()], |row| row.int(0))?.is_some();
    Ok(waits && holds(call, user, flow, TEAM)?)
}
