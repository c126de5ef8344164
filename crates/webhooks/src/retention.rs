//! Removal of what is too old: jobs of the timetable, in small steps between which others write.

use engine::Moment;
use engine::error::Result;
use engine::timetable::{Job, Next, Task};

use crate::calls;
use crate::outbound::{log, pickup};
use crate::usage::{self, Swept};

/// Removes deliveries and what was kept for pick-up once their retention is over.
pub const DELIVERIES: Job = Job { kind: "webhooks.deliveries", run: deliveries, every: Some(600) };
/// Removes old counts of use.
pub const COUNTS: Job = Job { kind: "webhooks.counts", run: counts, every: Some(3_600) };

/// Removes calls from their log that are too old.
pub const CALLS: Job = Job { kind: "webhooks.calls", run: calls, every: Some(600) };

/// Deliveries that a step looks at.
const AT_ONCE: usize = 500;
/// Integrations that a step looks at.
const INTEGRATIONS: usize = 200;
/// Calls that a step removes.
const CALLS_AT_ONCE: i64 = 5_000;
/// Microseconds.
const DAY: i64 = 24 * 3600 * 1_000_000;

fn deliveries(task: &mut Task<'_, '_>) -> Result<Next> {
    let age = task.settings.retention_days.saturating_mul(DAY);
    let before = Moment(task.now.0.saturating_sub(age));
    if task.payload.is_empty() {
        pickup::sweep(task.tx, before)?;
    }
    let last = log::sweep(task.tx, before, place(task).unwrap_or(0), AT_ONCE)?;
    Ok(last.map_or(Next::Done, |last| Next::On(last.to_string())))
}

fn counts(task: &mut Task<'_, '_>) -> Result<Next> {
    match usage::sweep(task.tx, task.now, place(task).unwrap_or(-1), INTEGRATIONS)? {
        Swept::All => Ok(Next::Done),
        Swept::UpTo(last) => Ok(Next::On(last.to_string())),
    }
}

fn calls(task: &mut Task<'_, '_>) -> Result<Next> {
    let more = calls::sweep(task.tx, task.settings.call_log, task.now, CALLS_AT_ONCE)?;
    Ok(if more { Next::On(String::new()) } else { Next::Done })
}

/// Where the step before ended.
fn place(task: &Task<'_, '_>) -> Option<i64> {
    task.payload.parse().ok()
}
