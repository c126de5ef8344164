//! What telephony asks of other modules: their methods by name, called as the caller or as somebody else.

use engine::call::{Call, Caller};
use engine::directory;
use engine::error::{Error, Result};
use engine::texts::Topic;
use serde_json::Value as Json;
use wire::{Fault, Map, Value};

/// Calls a method as the caller; `None` where there is no such module.
///
/// # Errors
/// Those of the method.
pub fn ask(call: &mut Call<'_, '_>, method: &str, params: Json) -> Result<Option<Value>> {
    let caller = call.caller.clone();
    ask_as(call, &caller, method, params)
}

/// The same as another caller.
///
/// # Errors
/// Those of the method.
pub fn ask_as(call: &mut Call<'_, '_>, caller: &Caller, method: &str, params: Json) -> Result<Option<Value>> {
    let Some(found) = call.core.modules.find(method) else { return Ok(None) };
    let params = Value::from(params).into_map().unwrap_or_default();
    Ok(Some(call.sub_as(caller, found, params, None)?.result))
}

/// A user as a caller, for what is that user's own.
///
/// # Errors
/// Those of the store.
pub fn as_user(call: &mut Call<'_, '_>, user: i64) -> Result<Caller> {
    let person = directory::people(call.tx, &[user])?.remove(&user);
    let is_admin = person.is_some_and(|person| person.is_admin);
    Ok(Caller { user_id: user, is_admin, read_only: false, ..call.caller.clone() })
}

/// A refusal apart from failures.
///
/// # Errors
/// Whatever is no refusal.
pub fn refusal<T>(result: Result<T>) -> Result<std::result::Result<T, Fault>> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(Error::Fault(fault)) => Ok(Err(fault)),
        Err(other) => Err(other),
    }
}

/// A text that the portal itself writes, in its language; `{number}` stands for a phone number.
pub fn said(call: &Call<'_, '_>, text: &str, number: &str) -> String {
    let locale = call.core.locale(call.settings.language);
    locale.text(Topic::Names, text).replace("{number}", number)
}

/// The members of a row that a method answered.
pub fn row(value: Value) -> Map {
    value.into_map().unwrap_or_default()
}
