//! A task that comes to a flow gets what the flow says: the workgroup, who does it, until when, and how.

use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::noun::{self, Draft, Row};
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use store::Param;
use wire::Map;

use super::held::{CREATOR, HIMSELF, MANUALLY, QUEUE, holds};
use super::{FLOW, code};

const DAY: i64 = 86_400;

/// Has a task that is about to be written follow the flow that it names. True when the flow has named the workgroup; `Err`
/// within is what is wrong.
///
/// # Errors
/// Those of the store.
pub fn enter(
    call: &mut Call<'_, '_>,
    draft: &mut Draft<'_>,
    old: Option<&Row>,
) -> Result<std::result::Result<bool, &'static str>> {
    let before = old.and_then(|old| old.int("flowId")).unwrap_or(0);
    let Some(id) = draft.int("flowId") else {
        leave(call, draft, old, before)?;
        return Ok(Ok(false));
    };
    if id <= 0 {
        draft.set("flowId", Param::Null);
        return Ok(Ok(false));
    }
    if id == before {
        return Ok(Ok(false));
    }
    let found = noun::again(call, &FLOW, id)?;
    let me = call.caller.user_id;
    let may = call.caller.is_admin || holds(call, me, id, CREATOR)?;
    let Some(flow) = found.filter(|flow| may && flow.int("active") == Some(1)) else {
        return Ok(Err("The flow was not found or is not accessible"));
    };
    let creator = draft.int_after(old, "createdBy").unwrap_or(me);
    let responsible = next(call, &flow, creator)?;
    let flag = |name: &str| engine::input::yes_no(flow.int(name) == Some(1));
    draft.set("responsibleId", responsible);
    draft.set("allowChangeDeadline", flag("responsibleCanChangeDeadline"));
    draft.set("matchWorkTime", flag("matchWorkTime"));
    draft.set("taskControl", flag("taskControl"));
    let planned = flow.int("plannedCompletionTime").unwrap_or(0);
    let now = call.now.seconds();
    let deadline = match flow.int("matchWorkTime") {
        Some(1) => workdays(&call.settings.zone, now, planned),
        _ => now.saturating_add(planned),
    };
    draft.set("deadline", deadline);
    let group = flow.int("groupId").unwrap_or(0);
    draft.set("groupId", group);
    Ok(Ok(group > 0))
}

/// A task that goes to another workgroup leaves its flow.
fn leave(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>, flow: i64) -> Result<()> {
    let Some(group) = draft.int("groupId").filter(|_| flow > 0) else { return Ok(()) };
    if old.and_then(|old| old.int("groupId")) == Some(group) {
        return Ok(());
    }
    let own = noun::again(call, &FLOW, flow)?.and_then(|flow| flow.int("groupId"));
    if own != Some(group) {
        draft.set("flowId", Param::Null);
    }
    Ok(())
}

/// Who gets the next task of a flow. One whose team is gone goes over to its administrator.
fn next(call: &mut Call<'_, '_>, flow: &Row, creator: i64) -> Result<i64> {
    let team = code::people(call, flow, "responsibleList")?;
    let Some(first) = team.first().copied() else {
        let owner = flow.int("ownerId").unwrap_or(creator);
        let owner = if directory::is_active(call.tx, owner)? { owner } else { creator };
        let pairs = serde_json::json!([["user", owner.to_string()]]);
        let given =
            Map::from([("distributionType", MANUALLY.into()), ("responsibleList", wire::Value::from(pairs))]);
        noun::amend(call, &FLOW, &super::FACE, flow.number, &given)?;
        super::follow::tell(call, flow, &[owner], super::follow::NO_TEAM)?;
        return Ok(owner);
    };
    Ok(match flow.text("distributionType") {
        QUEUE => {
            let last = flow.int("lastId").unwrap_or(0);
            let at = team.iter().position(|user| *user == last).map_or(0, |at| (at + 1) % team.len());
            let next = team.get(at).copied().unwrap_or(first);
            let sql = "UPDATE tasks_flow SET last_id = ? WHERE id = ?";
            call.tx.execute(sql, &[next.into(), flow.number.into()])?;
            next
        }
        HIMSELF => creator,
        _ => first,
    })
}

/// The moment so many seconds of Mondays to Fridays after another.
fn workdays(zone: &TimeZone, from: i64, seconds: i64) -> i64 {
    let Ok(start) = Timestamp::from_second(from) else { return from.saturating_add(seconds) };
    // Whole weeks pass at once.
    let (weeks, mut left) = (seconds / (5 * DAY), seconds % (5 * DAY));
    let (mut at, mut day) = (from, zone.to_datetime(start).date());
    // What is left takes a week at most, and two days off before it.
    for _ in 0..10 {
        let Some((next, end)) = day.tomorrow().ok().and_then(|next| Some((next, midnight(zone, next)?)))
        else {
            break;
        };
        if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            let rest = end - at;
            if left < rest {
                break;
            }
            left -= rest;
        }
        (at, day) = (end, next);
    }
    at.saturating_add(left).saturating_add(weeks * 7 * DAY)
}

/// When a day begins.
fn midnight(zone: &TimeZone, day: Date) -> Option<i64> {
    let local = day.to_datetime(jiff::civil::Time::midnight());
    zone.to_ambiguous_timestamp(local).compatible().ok().map(Timestamp::as_second)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::{DAY, workdays};

    /// 2026-11-27, a Friday, at noon.
    const FRIDAY: i64 = 1_795_780_800;

    #[test]
    fn days_off_do_not_count() {
        let zone = TimeZone::UTC;
        let hour = 3600;
        assert_eq!(workdays(&zone, FRIDAY, 2 * hour), FRIDAY + 2 * hour);
        // Twelve hours are left of the Friday; what is beyond goes on on Monday.
        assert_eq!(workdays(&zone, FRIDAY, 13 * hour), FRIDAY + 13 * hour + 2 * DAY);
        assert_eq!(workdays(&zone, FRIDAY, 5 * DAY), FRIDAY + 7 * DAY);
        assert_eq!(workdays(&zone, FRIDAY, 10 * DAY + hour), FRIDAY + 14 * DAY + hour);
        // What begins on a Saturday begins on Monday.
        assert_eq!(workdays(&zone, FRIDAY + DAY, hour), FRIDAY + 2 * DAY + DAY / 2 + hour);
    }
}
