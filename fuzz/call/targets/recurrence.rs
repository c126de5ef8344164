//! Rules by which events come again: each is refused, or the event is listed and shown.
//!
//! The input is JSON, parameters of an event.
#![no_main]

use call_fuzz::perform;
use libfuzzer_sys::fuzz_target;
use portal::method::params;
use serde_json::json;
use wire::{Limits, Version};

fuzz_target!(|bytes: &[u8]| {
    let Some(given) = wire::json::decode(bytes, &Limits::default()) else { return };
    let mut event = params(&json!({
        "type": "user", "ownerId": 1, "name": "x", "section": 1,
        "from": "2026-06-01T10:00:00", "to": "2026-06-01T11:00:00", "skip_time": "N",
    }));
    for name in ["from", "to", "skip_time", "timezone_from", "timezone_to", "rrule", "remind"] {
        if let Some(value) = given.get(name) {
            event.insert(name, value.clone());
        }
    }
    let Some(id) = perform(Version::V2, "calendar.event.add", event).and_then(|id| id.as_int()) else {
        return;
    };
    perform(Version::V2, "calendar.event.getbyid", params(&json!({"id": id})))
        .expect("what was added is there");
    let listed = json!({"type": "user", "ownerId": 1, "from": "2026-01-01", "to": "2027-12-31"});
    perform(Version::V2, "calendar.event.get", params(&listed)).expect("all can be listed");
    perform(Version::V2, "calendar.event.delete", params(&json!({"id": id, "type": "user", "ownerId": 1})));
});
