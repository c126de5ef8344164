//! Tasks above and below each other: with `SE_PARAMETER` 1 a deadline follows those of the tasks below, with 2 a task
//! completes itself when the last of them is done.

use engine::call::Call;
use engine::error::Result;
use engine::moment;
use engine::noun::{self, Row};
use wire::{Map, Value};

use super::status::COMPLETED;
use super::{JUDGED, TASK};

/// The deadline follows the tasks below.
pub const DEADLINE: &str = "1";
/// Completes itself with the tasks below.
pub const COMPLETION: &str = "2";
/// May not be completed without a result.
pub const RESULT: &str = "3";

/// Whether a task has this parameter.
pub fn has(task: &Row, parameter: &str) -> bool {
    task.json("seParameter").get(parameter).and_then(serde_json::Value::as_str) == Some("Y")
}

/// Follows a task that was written: the one above it may move.
pub fn follow(call: &mut Call<'_, '_>, row: &Row, old: Option<&Row>) -> Result<()> {
    let changed = |name: &str| old.is_none_or(|old| old.get(name) != row.get(name));
    let Some(above) = row.int("parentId").filter(|above| *above > 0) else { return Ok(()) };
    if !["deadline", "status", "parentId"].into_iter().any(changed) {
        return Ok(());
    }
    // Whoever asks: it follows what the caller was allowed to do.
    let Some(above) = noun::again(call, &TASK, above)? else { return Ok(()) };
    if changed("deadline") && has(&above, DEADLINE) {
        let sql = "SELECT MAX(deadline) FROM tasks_task WHERE parent_id = ?";
        let latest = call.tx.one(sql, &[above.number.into()], |row| row.opt_int(0))?.flatten();
        if let Some(latest) = latest.filter(|latest| above.int("deadline") != Some(*latest)) {
            let latest = moment::print(&call.caller.zone, latest);
            amend(call, &above, "DEADLINE", Value::Str(latest))?;
        }
    }
    if changed("status") && has(&above, COMPLETION) && above.int("status") != Some(COMPLETED) {
        let sql = "SELECT COUNT(*) FROM tasks_task WHERE parent_id = ? AND status <> ?";
        let left = call.tx.one(sql, &[above.number.into(), COMPLETED.into()], |row| row.int(0))?;
        if left == Some(0) {
            amend(call, &above, "STATUS", Value::Int(COMPLETED))?;
        }
    }
    Ok(())
}

fn amend(call: &mut Call<'_, '_>, task: &Row, field: &str, value: Value) -> Result<()> {
    noun::amend(call, &TASK, &JUDGED, task.number, &Map::from([(field, value)]))?;
    Ok(())
}
