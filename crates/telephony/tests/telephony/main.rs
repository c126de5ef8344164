//! Telephony through the front door, on every engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::needless_pass_by_value, reason = "reads well with json! at the call")]

mod calls;
mod lines;
mod records;
mod rights;

use serde_json::{Value as Json, json};
use testportal::Hook;

/// Scopes of an exchange's webhook.
pub const SCOPES: &str = "telephony,crm,user,disk";

/// Registers a call of user 1, and gives the answer.
pub fn register(portal: &Hook, more: Json) -> Json {
    let mut params = json!({"USER_ID": 1, "PHONE_NUMBER": "+49 30 111-001", "TYPE": 2});
    for (name, value) in more.as_object().unwrap() {
        params[name] = value.clone();
    }
    portal.get("telephony.externalCall.register", params)
}

/// Finishes one.
pub fn finish(portal: &Hook, id: &Json, more: Json) -> Json {
    let mut params = json!({"CALL_ID": id, "USER_ID": 1, "DURATION": 95});
    for (name, value) in more.as_object().unwrap() {
        params[name] = value.clone();
    }
    portal.get("telephony.externalCall.finish", params)
}

/// Adds a contact with a phone number.
pub fn contact(portal: &Hook, number: &str) -> Json {
    let fields =
        json!({"NAME": "Olga", "LAST_NAME": "Roth", "PHONE": [{"VALUE": number, "VALUE_TYPE": "WORK"}]});
    portal.get("crm.contact.add", json!({"fields": fields}))
}
