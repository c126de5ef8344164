//! Tasks through the front door, on every engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod actions;
mod checklists;
mod comments;
mod crm;
mod files;
mod flows;
mod groups;
mod lists;
mod old;
mod scrum;
mod stages;
mod table;
mod tasks;
mod templates;
mod times;

use serde_json::{Value as Json, json};
use testportal::Hook;

/// Adds a task with these fields beside a title and a responsible person; gives its number as text.
#[allow(clippy::needless_pass_by_value, reason = "reads well with json! at the call")]
pub fn task(hook: &Hook, fields: Json) -> String {
    let mut all = json!({"TITLE": "Desks", "RESPONSIBLE_ID": hook.user});
    all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    let added = hook.get("tasks.task.add", json!({"fields": all}));
    added["task"]["id"].as_str().unwrap().to_owned()
}
