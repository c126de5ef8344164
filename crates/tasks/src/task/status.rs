//! The states of a task.

/// Waits to be begun.
pub const PENDING: i64 = 2;
/// Somebody works on it.
pub const IN_PROGRESS: i64 = 3;
/// Done, and waits for the creator to accept it.
pub const AWAITING: i64 = 4;
/// Done.
pub const COMPLETED: i64 = 5;
/// Put off.
pub const DEFERRED: i64 = 6;

/// All of them with their names.
pub const ALL: [(i64, &str); 5] = [
    (PENDING, "Pending"),
    (IN_PROGRESS, "In progress"),
    (AWAITING, "Awaiting control"),
    (COMPLETED, "Completed"),
    (DEFERRED, "Deferred"),
];

/// Overdue.
pub const OVERDUE: i64 = -1;
/// Not looked at yet by the one who asks.
pub const NEW: i64 = -2;
/// Overdue within a day.
pub const NEARLY: i64 = -3;

/// The state as lists show it to somebody: overdue, not viewed or nearly overdue goes before the real one. It is an
/// expression on the tasks `t`.
pub fn shown(now: i64, user: i64) -> String {
    let day = now + 86_400;
    let open = format!("t.status NOT IN ({AWAITING}, {COMPLETED})");
    let viewed = format!("SELECT m.task_id FROM tasks_mark m WHERE m.user_id = {user} AND m.kind = 'V'");
    format!(
        "(CASE WHEN t.deadline < {now} AND {open} THEN {OVERDUE} \
         WHEN t.status = {PENDING} AND t.created_by <> {user} AND t.id NOT IN ({viewed}) THEN {NEW} \
         WHEN t.deadline < {day} AND {open} THEN {NEARLY} ELSE t.status END)"
    )
}
