//! Events of the feed.

use serde_json::{Value, json};
use testportal::Hook;

use super::{Recipe, of};

pub fn recipe(event: &str) -> Option<Recipe> {
    of(event, "ONLIVEFEEDPOST", feed_post)
}

fn feed_post(portal: &Hook, what: &str) -> Value {
    let id = portal.get("log.blogpost.add", json!({"POST_MESSAGE": "x"})).to_string();
    match what {
        "UPDATE" => _ = portal.get("log.blogpost.update", json!({"POST_ID": id, "POST_MESSAGE": "y"})),
        "DELETE" => _ = portal.get("log.blogpost.delete", json!({"POST_ID": id})),
        _ => {}
    }
    json!({"FIELDS": {"POST_ID": id}})
}
