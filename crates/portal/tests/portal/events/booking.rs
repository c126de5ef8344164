//! Events of online booking.

use serde_json::{Value, json};
use testportal::{Hook, NOW};

use super::{Recipe, of};

pub fn recipe(event: &str) -> Option<Recipe> {
    of(event, "ONBOOKING", booking)
}

/// What of a booking, its resource and that one's type, or of the waiting list.
fn booking(portal: &Hook, event: &str) -> Value {
    let count =
        portal.get("booking.v1.resourceType.list", json!({}))["resource"].as_array().map_or(0, Vec::len);
    let kind = || {
        let fields = json!({"fields": {"name": "x", "code": format!("x{count}")}});
        portal.get("booking.v1.resourceType.add", fields)["id"].clone()
    };
    let moment = |second: i64| json!({"timestamp": second, "timezone": "UTC"});
    let (noun, verb) = ["RESOURCETYPE", "RESOURCE", "WAITLISTITEM", ""]
        .into_iter()
        .find_map(|noun| Some((noun, event.strip_prefix(noun)?)))
        .unwrap();
    let (path, fields) = match noun {
        "RESOURCETYPE" => ("resourceType", json!({"name": "y", "code": format!("y{count}")})),
        "RESOURCE" => ("resource", json!({"name": "y", "typeId": kind()})),
        "WAITLISTITEM" => ("waitlist", json!({"note": "y"})),
        _ => {
            let room = json!({"fields": {"name": "x", "typeId": kind()}});
            let room = portal.get("booking.v1.resource.add", room)["id"].clone();
            let time = json!({"from": moment(NOW), "to": moment(NOW + 60)});
            ("booking", json!({"resourceIds": [room], "datePeriod": time}))
        }
    };
    let method = |verb: &str| format!("booking.v1.{path}.{verb}");
    let id = portal.get(&method("add"), json!({"fields": fields}))["id"].clone();
    match verb {
        "UPDATE" => {
            _ = portal.get(&method("update"), json!({"id": id, "fields": {"name": "z", "note": "z"}}));
        }
        "DELETE" => _ = portal.get(&method("delete"), json!({"id": id})),
        _ => {}
    }
    json!({"ID": id.to_string()})
}
