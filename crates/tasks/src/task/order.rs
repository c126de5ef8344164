//! The order of a list of tasks.

use engine::entity::Order;
use wire::order::{self, Direction};
use wire::{Fault, Value};

/// As people sorted them on the boards of their workgroups.
const ON_BOARD: &str = "(SELECT p.sort FROM tasks_place p WHERE p.task_id = t.id AND p.entity_type = 'G' AND p.entity_id = t.group_id)";

/// As somebody sorted them on the own plan.
const ON_PLAN: &str =
    "(SELECT p.sort FROM tasks_place p WHERE p.task_id = t.id AND p.entity_type = 'U' AND p.entity_id = ?)";

/// What a list may be sorted by, with the expression on the tasks `t`.
const KEYS: [(&str, &str); 28] = [
    ("ID", "t.id"),
    ("TITLE", "t.title"),
    ("TIME_SPENT_IN_LOGS", "t.time_spent_in_logs"),
    ("DATE_START", "t.date_start"),
    ("CREATED_DATE", "t.created_date"),
    ("CHANGED_DATE", "t.changed_date"),
    ("CLOSED_DATE", "t.closed_date"),
    ("ACTIVITY_DATE", "t.activity_date"),
    ("START_DATE_PLAN", "t.start_date_plan"),
    ("END_DATE_PLAN", "t.end_date_plan"),
    ("DEADLINE", "t.deadline"),
    ("REAL_STATUS", "t.status"),
    ("STATUS", "t.status"),
    ("STATUS_COMPLETE", "CASE WHEN t.status = 5 THEN 2 ELSE 1 END"),
    ("PRIORITY", "t.priority"),
    ("MARK", "t.mark"),
    ("CREATED_BY", "t.created_by"),
    ("RESPONSIBLE_ID", "t.responsible_id"),
    ("CREATED_BY_LAST_NAME", "(SELECT u.last_name FROM portal_user u WHERE u.id = t.created_by)"),
    ("RESPONSIBLE_LAST_NAME", "(SELECT u.last_name FROM portal_user u WHERE u.id = t.responsible_id)"),
    ("GROUP_ID", "t.group_id"),
    ("TIME_ESTIMATE", "t.time_estimate"),
    ("ALLOW_CHANGE_DEADLINE", "t.allow_change_deadline"),
    ("ALLOW_TIME_TRACKING", "t.allow_time_tracking"),
    ("MATCH_WORK_TIME", "t.match_work_time"),
    ("SORTING", ON_BOARD),
    ("FAVORITE", "F"),
    ("IS_PINNED", "P"),
];

/// What an `order` sorts by; the newest first unless it says.
/// What stands on the plan of the user is sorted as it stands there.
pub fn read(order: &Value, user: i64, on_plan: bool) -> Result<Order, Fault> {
    let mut sorted = Order::default();
    let (mut by_id, mut falls) = (false, None);
    for (name, direction) in order::parse_lenient(order) {
        let name = name.to_ascii_uppercase();
        let asked = if name == "IS_PINNED_IN_GROUP" { "IS_PINNED" } else { &name };
        let (_, expression) = KEYS
            .iter()
            .find(|(key, _)| *key == asked)
            .ok_or_else(|| Fault::numbered(400, 0, "Invalid sorting key"))?;
        let is_mark = expression.len() == 1;
        let column = if is_mark {
            let code = if name == "IS_PINNED_IN_GROUP" { "G" } else { *expression };
            sorted = sorted.with([user.into(), code.into()]);
            "CASE WHEN t.id IN (SELECT m.task_id FROM tasks_mark m WHERE m.user_id = ? AND m.kind = ?) THEN 1 ELSE 0 END"
        } else if on_plan && asked == "SORTING" {
            sorted = sorted.with([user.into()]);
            ON_PLAN
        } else {
            expression
        };
        by_id |= *expression == "t.id";
        // What nobody has sorted by hand follows, the newest first.
        falls = falls.or(Some(direction == Direction::Desc || asked == "SORTING"));
        // Without a deadline there is time: last in both directions.
        let word = match (asked, direction) {
            ("ID", Direction::Asc) => "ASC",
            ("ID", Direction::Desc) => "DESC",
            ("DEADLINE" | "SORTING", Direction::Asc) => "ASC NULLS LAST",
            (_, Direction::Asc) => "ASC NULLS FIRST",
            (_, Direction::Desc) => "DESC NULLS LAST",
        };
        sorted = sorted.by(column, word);
    }
    Ok(if by_id { sorted } else { sorted.by("t.id", if falls == Some(false) { "ASC" } else { "DESC" }) })
}
