//! Processes through the front door, on every engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::needless_pass_by_value, reason = "reads well with json! at the call")]

mod items;
mod processes;
mod rights;
mod tasks;

use serde_json::{Value, json};
use testportal::Hook;

/// What the webhooks of these tests may call.
pub const SCOPES: &str = "rpa,userfieldconfig,bizproc";

/// The number of a row that an answer shows.
pub fn number(value: &Value) -> i64 {
    value["id"].as_i64().unwrap_or_else(|| panic!("{value}"))
}

/// A process with these rights.
pub fn process(hook: &Hook, rights: &[(&str, &str)]) -> i64 {
    let rights: Vec<Value> = rights
        .iter()
        .map(|(code, action)| json!({"accessCode": code, "permission": "X", "action": action}))
        .collect();
    number(&hook.get("rpa.type.add", json!({"fields": {"title": "Leaves", "permissions": rights}}))["type"])
}

/// A stage of a process.
pub fn stage(hook: &Hook, process: i64, name: &str, semantic: &str) -> i64 {
    number(
        &hook
            .get("rpa.stage.add", json!({"fields": {"name": name, "typeId": process, "semantic": semantic}})),
    )
}

/// A custom field of a process.
pub fn field(hook: &Hook, process: i64, name: &str, kind: &str) {
    let field = json!({
        "entityId": format!("RPA_{process}"), "fieldName": format!("UF_RPA_{process}_{name}"), "userTypeId": kind,
        "editFormLabel": {"en": name},
    });
    hook.get("userfieldconfig.add", json!({"moduleId": "rpa", "field": field}));
}

/// An item of a process.
pub fn item(hook: &Hook, process: i64, fields: Value) -> i64 {
    number(&hook.get("rpa.item.add", json!({"typeId": process, "fields": fields}))["item"])
}

/// The numbers of the rows that an answer shows.
pub fn numbers(rows: &Value) -> Vec<i64> {
    rows.as_array().unwrap().iter().map(number).collect()
}
