//! Calendars through the front door, on every engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::needless_pass_by_value, reason = "reads well with json! at the call")]

mod events;
mod meetings;
mod recurrence;
mod reminders;
mod resources;
mod rights;
mod series;

use serde_json::{Value as Json, json};
use testportal::Hook;

/// An event of somebody's own, an hour on 15 June 2026 unless something else is said; gives its number.
pub fn event(who: &Hook, more: Json) -> i64 {
    let given = json!({"type": "user", "name": "Talk", "from": "2026-06-15 10:00", "to": "2026-06-15 11:00"});
    who.get("calendar.event.add", with(given, more)).as_i64().unwrap()
}

/// Members over others.
pub fn with(mut given: Json, more: Json) -> Json {
    if let (Json::Object(given), Json::Object(more)) = (&mut given, more) {
        given.extend(more);
    }
    given
}

/// What somebody sees in the calendars of a user in June 2026.
pub fn june(who: &Hook, owner: i64) -> Vec<Json> {
    let asked = json!({"type": "user", "ownerId": owner, "from": "2026-06-01", "to": "2026-06-30"});
    who.get("calendar.event.get", asked).as_array().unwrap().clone()
}

/// Changes an event of a user's.
pub fn change(who: &Hook, id: i64, more: Json) -> Json {
    who.get("calendar.event.update", with(json!({"id": id, "type": "user", "ownerId": who.user}), more))
}

/// One member of each.
pub fn each(list: &[Json], name: &str) -> Vec<String> {
    let text = |one: &Json| one[name].as_str().map_or_else(|| one[name].to_string(), str::to_owned);
    list.iter().map(text).collect()
}
