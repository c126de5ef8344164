//! Events of workgroups.

use serde_json::{Value, json};
use testportal::Hook;

use super::{Recipe, of};

pub fn recipe(event: &str) -> Option<Recipe> {
    of(event, "ONSONETGROUP", workgroup)
}

fn workgroup(portal: &Hook, what: &str) -> Value {
    let id = portal.get("sonet_group.create", json!({"NAME": "x"}));
    match what {
        "UPDATE" => _ = portal.get("sonet_group.update", json!({"GROUP_ID": id, "NAME": "y"})),
        "DELETE" => _ = portal.get("sonet_group.delete", json!({"GROUP_ID": id})),
        _ => {}
    }
    json!({"FIELDS": {"ID": id.to_string()}})
}
