//! Events of calendars.

use serde_json::{Value, json};
use testportal::Hook;

use super::{Recipe, of};

pub fn recipe(event: &str) -> Option<Recipe> {
    of(event, "ONCALENDARENTRY", entry).or_else(|| of(event, "ONCALENDARSECTION", calendar))
}

fn entry(portal: &Hook, what: &str) -> Value {
    let fields = json!({"type": "user", "name": "x", "from": "2026-06-15 10:00", "to": "2026-06-15 11:00"});
    let id = portal.get("calendar.event.add", fields);
    let named = json!({"id": id, "type": "user", "ownerId": 1, "name": "y"});
    match what {
        "UPDATE" => _ = portal.get("calendar.event.update", named),
        "DELETE" => _ = portal.get("calendar.event.delete", json!({"id": id})),
        _ => {}
    }
    json!({"id": id.to_string()})
}

fn calendar(portal: &Hook, what: &str) -> Value {
    let id = portal.get("calendar.section.add", json!({"type": "user", "ownerId": 1, "name": "x"}));
    let named = json!({"id": id, "type": "user", "ownerId": 1, "name": "y"});
    match what {
        "UPDATE" => _ = portal.get("calendar.section.update", named),
        "DELETE" => _ = portal.get("calendar.section.delete", named),
        _ => {}
    }
    json!({"id": id.to_string()})
}
