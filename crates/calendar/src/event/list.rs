//! `calendar.event.get`, `get.nearest` and `getbyid`.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, Param as Parameter, optional, read, required};
use engine::noun::{self, Row};
use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value};

use super::EVENT;
use super::access::{Detail, details};
use super::show::{Entry, entries};
use super::times::{Occurrence, Times};
use crate::date::{DAY, Window};
use crate::refusal::{denied, require};
use crate::section::{self, OWNER, TYPE};
use crate::{SCOPE, settings};

/// Events that an answer has at most: one for each time at which an event takes place.
pub const MOST: usize = 5_000;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("calendar.event.get", SCOPE, get)
            .own_words()
            .about("Lists the events of an owner's calendars within a period, those of series one by one.")
            .param(TYPE)
            .param(OWNER)
            .param(optional("from", Kind::Text, "First day; a month ago otherwise"))
            .param(optional("to", Kind::Text, "Last day; three months ahead otherwise"))
            .param(optional("section", Kind::List, "Calendars"))
            .example(
                json!({"type": "user", "ownerId": 1, "from": "2026-06-15", "to": "2026-06-18", "section": [1]}),
                json!([{"RRULE": {"FREQ": "WEEKLY"}}, {"RRULE": {"FREQ": "WEEKLY"}}]),
            )
            .example(
                json!({"type": "user", "ownerId": 1, "from": "2026-06-10", "to": "2026-06-20", "section": [2]}),
                json!([{"NAME": "Trade fair", "RRULE": ""}]),
            ),
        read("calendar.event.get.nearest", SCOPE, nearest)
            .own_words()
            .about("Lists the events of the coming days.")
            .param(Parameter { required: false, ..TYPE })
            .param(Parameter { required: false, ..OWNER })
            .param(optional("days", Kind::Int, "Number of days; 60 otherwise"))
            .param(optional("forCurrentUser", Kind::Flag, "Whether to list the caller's own events; so it is otherwise"))
            .param(optional("maxEventsCount", Kind::Int, "Events that are returned at most"))
            .param(optional("detailUrl", Kind::Text, "Address of the calendar; it is not used"))
            .example(json!({"days": 10, "maxEventsCount": 1}), json!([{"ID": "1", "NAME": "Team meeting"}])),
        read("calendar.event.getbyid", SCOPE, by_id)
            .own_words()
            .about("Returns an event.")
            .param(required("id", Kind::Id, "Event"))
            .example(json!({"id": 5}), json!({"ID": "5", "NAME": "Report"})),
    ]
}

/// An event at one of its times.
pub type Dated = (Row, Occurrence);

/// The events among those that the caller sees for which a condition on `t` holds, at each of their times within a period, in
/// their order.
///
/// # Errors
/// The refusal of too many.
pub fn dated(
    call: &mut Call<'_, '_>,
    window: &Window,
    condition: &str,
    mut values: Vec<Param<'static>>,
) -> Result<Vec<Dated>> {
    let scope = EVENT.grant(call, Act::Read)?;
    let (from, to) = window.seconds;
    // Whole days begin and end elsewhere than those of the period.
    values.extend([(to + DAY).into(), (from - DAY).into()]);
    let condition = format!("{condition} AND t.date_from_ts <= ? AND t.until_ts >= ?");
    let rest = format!(" ORDER BY t.date_from_ts, t.id LIMIT {}", MOST + 1);
    let rows = noun::select(call, &EVENT, &scope, &condition, values, &rest)?;
    let mut dated = Vec::with_capacity(rows.len());
    for row in rows {
        let times = Times::of(&row);
        let (from, to) = window.of_days(times.whole);
        dated.extend(times.between(from, to).take(MOST + 1).map(|one| (row.clone(), one)));
        if dated.len() > MOST {
            return Err(Fault::crm("There are too many events. Name a shorter period.").into());
        }
    }
    dated.sort_by_key(|(row, one)| (one.from, row.number));
    Ok(dated)
}

/// The events of an owner's calendars.
fn of_owner(call: &mut Call<'_, '_>, kind: &str, owner: i64, window: &Window) -> Result<Vec<Dated>> {
    let mut condition = "t.cal_type = ? AND t.owner_id = ?".to_owned();
    let mut values = vec![Param::from(kind.to_owned()), owner.into()];
    let sections = call.param("section").filter(|given| !given.is_empty());
    if let Some(sections) = sections {
        let ids: Vec<i64> = sections.each().filter_map(Value::as_int).take(MOST).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        condition.push_str(&format!(" AND t.section_id IN ({})", store::placeholders(ids.len())));
        values.extend(ids.into_iter().map(Param::from));
    }
    if kind == "user" && owner == call.caller.user_id && !settings::shows_declined(call)? {
        condition.push_str(" AND t.meeting_status <> 'N'");
    }
    dated(call, window, &condition, values)
}

/// What the caller sees of events at their times.
///
/// # Errors
/// Those of the store.
pub fn seen(call: &mut Call<'_, '_>, dated: Vec<Dated>) -> Result<Vec<Entry>> {
    let details = details(call, dated.iter().map(|(row, _)| row))?;
    let entry = |(row, at): Dated| {
        let detail = details.get(&row.number).copied().unwrap_or(Detail::Busy);
        Entry { row, at, detail }
    };
    Ok(dated.into_iter().map(entry).collect())
}

/// The same as answers show it.
fn shown(call: &mut Call<'_, '_>, dated: Vec<Dated>) -> Result<Value> {
    let seen = seen(call, dated)?;
    Ok(entries(call, &seen)?.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let Some(kind) = call.text("type") else {
        let text = "Required parameter \"type\" is not specified for method \"calendar.event.get\"";
        return Err(Fault::crm(text).into());
    };
    let owner = section::owner(call, &kind);
    section::may_enter(call, &kind, owner)?;
    let window = Window::of(call, call.param("from"), call.param("to"));
    let dated = of_owner(call, &kind, owner, &window)?;
    shown(call, dated)
}

/// Days that may be asked for.
const DAYS: i64 = 3_660;

fn nearest(call: &mut Call<'_, '_>) -> Result<Value> {
    let own = call.param("forCurrentUser").and_then(Value::as_flag).unwrap_or(true);
    let named = call.text("type").filter(|_| !own && call.param("ownerId").is_some());
    let kind = named.unwrap_or_else(|| "user".to_owned());
    let owner = if own { call.caller.user_id } else { section::owner(call, &kind) };
    section::may_enter(call, &kind, owner)?;
    let number = |name: &str| call.param(name).and_then(Value::as_int).filter(|number| *number > 0);
    let (days, most) = (number("days").unwrap_or(60).min(DAYS), number("maxEventsCount"));
    let now = call.now.seconds();
    let window = Window::new(&call.caller.zone, now, now + days * DAY);
    let mut dated = of_owner(call, &kind, owner, &window)?;
    if let Some(most) = most.and_then(|most| usize::try_from(most).ok()) {
        dated.truncate(most);
    }
    shown(call, dated)
}

fn by_id(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["id"], "")?;
    let scope = EVENT.grant(call, Act::Read)?;
    let Some(row) = noun::one(call, &EVENT, &scope, call.id("id"))? else {
        return match noun::again(call, &EVENT, call.id("id"))? {
            Some(_) => Err(denied().into()),
            None => Ok(Map::new().into_value()),
        };
    };
    let detail = details(call, std::iter::once(&row))?.remove(&row.number).unwrap_or(Detail::Busy);
    if detail == Detail::Busy && row.text("privateEvent") == "Y" {
        return Err(denied().into());
    }
    let times = Times::of(&row);
    let at = Occurrence { from: times.from, to: times.to, day: times.day() };
    Ok(entries(call, &[Entry { row, at, detail }])?.pop().unwrap_or_default())
}
