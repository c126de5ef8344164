//! What a request gives for an event.

use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::noun::Row;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};
use wire::{Fault, Map, Value};

use super::times::{Times, store};
use crate::color::color;
use crate::date::{self, DAY, midnight, wall, zone_name};
use crate::recurrence::{Rule, first};
use crate::refusal::Checked;

/// Letters of a name or a place.
const LINE: usize = 255;
/// Attendees of a meeting.
const ATTENDEES: usize = 500;
/// Reminders of an event.
const REMINDERS: usize = 10;
/// Items of the CRM that an event is linked to.
const ITEMS: usize = 100;
/// Seconds that an event takes at most: ten years.
const LONGEST: i64 = 3_660 * DAY;

/// The words of a method.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// A name that is none.
    pub name: &'static str,
    /// A description that is none.
    pub description: &'static str,
    /// Links to the CRM that are no list.
    pub crm: &'static str,
    /// A calendar that is not there.
    pub section: &'static str,
    /// Anything else.
    pub failed: &'static str,
}

/// Those of `calendar.event.add`.
pub const ADDING: Words = Words {
    name: "Invalid value for the parameter \"name\"",
    description: "Invalid value for the parameter \"description\"",
    crm: "The list of event links to CRM must be an array",
    section: "You specified an invalid calendar section ID or the user does not have access to it",
    failed: "An error occurred while creating the event",
};

/// Those of `calendar.event.update`.
pub const CHANGING: Words = Words {
    name: "Invalid value for the \"name\" parameter.",
    description: "Invalid value for the \"description\" parameter.",
    crm: "The event's CRM links list must be an array.",
    section: "You specified an invalid calendar section ID or the user does not have access to it.",
    failed: "An error occurred while changing the event.",
};

impl Words {
    /// Anything else is wrong.
    pub fn failed(&self) -> Fault {
        Fault::crm(self.failed)
    }
}

/// The values of a request by the upper-case names of fields, but for times and people.
///
/// # Errors
/// The refusal of what has the wrong type.
pub fn values(call: &Call<'_, '_>, words: &Words) -> Checked<Map> {
    let mut values = Map::with_capacity(16);
    if let Some(name) = call.param("name") {
        let name = name.text().filter(|name| !name.trim().is_empty()).ok_or(Fault::crm(words.name))?;
        values.push("NAME", cut(name.trim()));
    }
    if let Some(description) = call.param("description") {
        let text = description.text().ok_or(Fault::crm(words.description))?;
        values.push("DESCRIPTION", text.into_owned());
    }
    if let Some(location) = call.param("location").and_then(Value::text) {
        values.push("LOCATION", cut(location.trim()));
    }
    for (name, upper) in [("color", "COLOR"), ("text_color", "TEXT_COLOR")] {
        if let Some(color) = call.param(name).and_then(color) {
            values.push(upper, color);
        }
    }
    for (name, upper) in [("accessibility", "ACCESSIBILITY"), ("importance", "IMPORTANCE")] {
        if let Some(code) = call.text(name) {
            values.push(upper, code.trim().to_lowercase());
        }
    }
    if let Some(private) = call.param("private_event").and_then(Value::as_flag) {
        values.push("PRIVATE_EVENT", private);
    }
    if let Some(reminders) = call.param("remind") {
        values.push("REMIND", Value::from(remind(reminders)));
    }
    match call.param("crm_fields") {
        None => {}
        Some(items) if items.is_array() => values.push("CRM", Value::from(crm(items))),
        Some(items) if items.is_empty() => values.push("CRM", Vec::new()),
        Some(_) => return Err(Fault::crm(words.crm)),
    }
    Ok(values)
}

fn cut(text: &str) -> String {
    text.chars().take(LINE).collect()
}

/// The reminders of a request; others than so many minutes, hours or days before are passed over.
pub fn remind(given: &Value) -> Json {
    let one = |value: &Value| {
        let kind = value.get("type").and_then(Value::as_str).filter(|kind| unit(kind).is_some())?;
        let count =
            value.get("count").and_then(Value::as_int).filter(|count| (0..=600_000).contains(count))?;
        // A year ahead at most.
        unit(kind).filter(|unit| unit * count <= 366 * DAY)?;
        Some(json!({"type": kind, "count": count}))
    };
    given.items().filter_map(one).take(REMINDERS).collect()
}

/// Seconds of a unit of reminders.
pub fn unit(kind: &str) -> Option<i64> {
    match kind {
        "min" => Some(60),
        "hour" => Some(3_600),
        "day" => Some(DAY),
        _ => None,
    }
}

/// Codes such as `C_3` and `T408_5`.
fn crm(given: &Value) -> Json {
    let is_code = |code: &str| {
        code.rsplit_once('_').is_some_and(|(kind, id)| {
            let fits = kind.len() <= 10 && kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
            fits && !kind.is_empty() && id.parse::<u32>().is_ok_and(|id| id > 0)
        })
    };
    let codes = given.items().filter_map(Value::as_str).map(|code| code.trim().to_ascii_uppercase());
    codes.filter(|code| is_code(code)).take(ITEMS).collect()
}

/// What a request says of the settings of a meeting, over those of before.
pub fn meeting(call: &Call<'_, '_>, old: &Json) -> Json {
    let given = call.param("meeting").cloned().unwrap_or_default();
    let mut kept = serde_json::Map::new();
    for (name, upper, usual) in [
        ("notify", "NOTIFY", true),
        ("reinvite", "REINVITE", false),
        ("allow_invite", "ALLOW_INVITE", false),
        ("hide_guests", "HIDE_GUESTS", false),
    ] {
        let said = given.get(name).and_then(Value::as_flag);
        kept.insert(upper.to_owned(), said.or(old[upper].as_bool()).unwrap_or(usual).into());
    }
    kept.into()
}

/// Those whom a call invites, as far as they work here; `None` when it names nobody.
///
/// # Errors
/// The refusal of too many.
pub fn attendees(call: &mut Call<'_, '_>, words: &Words) -> Result<Option<Vec<i64>>> {
    let Some(given) = call.param("attendees").cloned() else { return Ok(None) };
    if given.items().count() > ATTENDEES {
        return Err(words.failed().into());
    }
    let mut users = Vec::new();
    for value in given.each() {
        let code = || value.as_str()?.trim().strip_prefix('U')?.parse().ok();
        let Some(user) = value.as_int().or_else(code) else { continue };
        if !users.contains(&user) && directory::is_active(call.tx, user)? {
            users.push(user);
        }
    }
    Ok(Some(users))
}

/// The times of a request, over those of before; `None` when it says nothing of them.
///
/// # Errors
/// The refusal of what cannot be read.
pub fn times(call: &Call<'_, '_>, old: Option<&Times>, words: &Words) -> Checked<Option<Times>> {
    const OWN: [&str; 8] =
        ["from", "to", "from_ts", "to_ts", "timezone_from", "timezone_to", "skip_time", "rrule"];
    if !OWN.iter().any(|name| call.param(name).is_some()) {
        return Ok(None);
    }
    let zones = zones(call, old, words)?;
    let whole = call.param("skip_time").and_then(Value::as_flag);
    let whole = whole.unwrap_or_else(|| old.is_some_and(|old| old.whole));
    let read = |name: &str, stamp: &str, zone: &TimeZone| -> Checked<Option<i64>> {
        let value = match (call.param(name).filter(|value| !value.is_empty()), call.param(stamp)) {
            (Some(value), _) => date::read(zone, call.now, value),
            (None, Some(seconds)) => seconds.as_int().filter(|seconds| (0..date::FOREVER).contains(seconds)),
            (None, None) => return Ok(None),
        };
        let at = value.ok_or_else(|| words.failed())?;
        Ok(Some(if whole { midnight(wall(zone, at).date()) } else { at }))
    };
    let kept = |old: &Times, at: i64, zone: &TimeZone| match (old.whole, whole) {
        (false, true) => midnight(wall(zone, at).date()),
        (true, false) => date::second(zone, wall(&TimeZone::UTC, at)).unwrap_or(at),
        _ => at,
    };
    let from = read("from", "from_ts", &zones[0])?;
    let to = read("to", "to_ts", &zones[1])?;
    let (from, to) = match (old, from, to) {
        (_, Some(from), Some(to)) => (from, to),
        (Some(old), Some(from), None) => (from, from + (old.to - old.from)),
        (Some(old), None, to) => {
            (kept(old, old.from, &zones[0]), to.unwrap_or_else(|| kept(old, old.to, &zones[1])))
        }
        _ => return Err(words.failed()),
    };
    if to < from || to - from > LONGEST {
        return Err(words.failed());
    }
    let rule = match call.param("rrule") {
        None => old.and_then(|old| old.rule.clone()),
        Some(given) if given.is_array() => {
            let day = |value: &Value| date::read_day(&zones[0], call.now, value);
            Rule::read(given, day).map_err(|()| words.failed())?
        }
        Some(given) if !given.is_truthy() => None,
        Some(_) => return Err(words.failed()),
    };
    let except = if rule.is_some() { old.map(|old| old.except.clone()) } else { None };
    let times = Times { from, to, whole, zones, rule, except: except.unwrap_or_default() };
    Ok(Some(begun(times)))
}

/// The zones of beginning and end.
fn zones(call: &Call<'_, '_>, old: Option<&Times>, words: &Words) -> Checked<[TimeZone; 2]> {
    let given = |name: &str| match call.text(name) {
        None => Ok(None),
        Some(name) => date::zone(&name).map(Some).ok_or_else(|| words.failed()),
    };
    let (from, to) = (given("timezone_from")?, given("timezone_to")?);
    let end = to.or_else(|| from.clone()).or_else(|| old.map(|old| old.zones[1].clone()));
    let from = from.or_else(|| old.map(|old| old.zones[0].clone()));
    let from = from.unwrap_or_else(|| call.caller.zone.clone());
    let end = end.unwrap_or_else(|| from.clone());
    Ok([from, end])
}

/// Has a series begin on the first day on which its rule falls.
fn begun(times: Times) -> Times {
    let Some(rule) = &times.rule else { return times };
    let (day, first) = (times.day(), first(rule, times.day()));
    if first == day {
        return times;
    }
    let shifted = moved(&times, first);
    shifted.unwrap_or(times)
}

/// The same times, beginning on another day.
pub fn moved(times: &Times, day: Date) -> Option<Times> {
    let clock = times.clock();
    let from = date::second(&clock, day.to_datetime(wall(&clock, times.from).time()))?;
    Some(Times { from, to: from + (times.to - times.from), ..times.clone() })
}

/// Times as values of fields.
pub fn of_times(times: &Times) -> Map {
    let mut values = Map::with_capacity(8);
    values.push("DATE_FROM_TS", times.from);
    values.push("DATE_TO_TS", times.to);
    values.push("UNTIL_TS", times.until());
    values.push("TZ_FROM", zone_name(&times.zones[0]));
    values.push("TZ_TO", zone_name(&times.zones[1]));
    values.push("SKIP_TIME", times.whole);
    values.push("RRULE", times.rule.as_ref().map_or(Value::Null, |rule| Value::from(rule.to_json())));
    let except = if times.except.is_empty() { Value::Null } else { Value::from(store(&times.except)) };
    values.push("EXDATE", except);
    values
}

/// The values of a row under the upper-case names of fields, for another row that is like it.
pub fn of_row(row: &Row) -> Map {
    const TEXTS: [(&str, &str); 8] = [
        ("NAME", "name"),
        ("DESCRIPTION", "description"),
        ("LOCATION", "location"),
        ("COLOR", "color"),
        ("TEXT_COLOR", "textColor"),
        ("ACCESSIBILITY", "accessibility"),
        ("IMPORTANCE", "importance"),
        ("PRIVATE_EVENT", "privateEvent"),
    ];
    let mut values = Map::with_capacity(24);
    for (upper, name) in TEXTS {
        values.push(upper, row.text(name));
    }
    for (upper, name) in [("REMIND", "remind"), ("CRM", "crm"), ("MEETING", "meeting")] {
        values.push(upper, Value::from(row.json(name)));
    }
    values.push("IS_MEETING", row.text("isMeeting"));
    values.push("MEETING_HOST", row.int("meetingHost"));
    values
}
