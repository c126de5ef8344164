//! The refusals of `landing.*`, and what they are about: missing and unfit parameters.

use engine::call::Call;
use engine::error::Result;
use engine::input::yes_no;
use engine::noun::{Faults, LEGACY_FAULTS, Refusal};
use wire::{Fault, Map, Value};

/// The usual ones.
pub const FAULTS: Faults = Faults {
    missing: Refusal::Coded("ACCESS_DENIED", "Access denied"),
    unreadable: Refusal::Coded("ACCESS_DENIED", "Access denied"),
    unwritable: Refusal::Coded("ACCESS_DENIED", "Access denied"),
    required: |names| empty(names.first().map_or("TITLE", String::as_str)),
    invalid: |name| coded("BX_INVALID_VALUE", format!("The value of the field \"{name}\" is invalid.")),
    ..LEGACY_FAULTS
};

/// A refusal with a code.
pub fn coded(code: &'static str, text: impl Into<std::borrow::Cow<'static, str>>) -> Fault {
    Fault::new(400, code, text)
}

/// A required field is empty.
pub fn empty(name: &str) -> Fault {
    coded("BX_EMPTY_REQUIRED", format!("Required field \"{name}\" is not filled."))
}

/// The caller may not do that.
pub fn denied() -> Fault {
    coded("ACCESS_DENIED", "Access denied.")
}

/// There is no such page, or the caller may not see it.
pub fn no_page() -> Fault {
    coded("LANDING_NOT_EXIST", "Landing not found")
}

/// There is no such block on the page.
pub fn no_block() -> Fault {
    coded("BLOCK_NOT_FOUND", "Block not found")
}

/// A value has the wrong type.
pub fn wrong_type() -> Fault {
    coded("TYPE_ERROR", "Data type error")
}

/// A value has the wrong type, in the words of methods that name it.
pub fn wrong_argument(name: &str) -> Fault {
    Fault::argument(format!("The value of an argument '{name}' has an invalid type"), name)
}

/// Refuses a call without these parameters.
///
/// # Errors
/// `MISSING_PARAMS`
pub fn require(call: &Call<'_, '_>, names: &[&str]) -> Result<()> {
    let missing: Vec<&str> = names.iter().copied().filter(|name| call.param(name).is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(coded("MISSING_PARAMS", format!("Not enough call parameters, missing: {}", missing.join(", ")))
        .into())
}

/// A parameter that is a number.
///
/// # Errors
/// `TYPE_ERROR`
pub fn number(call: &Call<'_, '_>, name: &str) -> Result<i64> {
    Ok(call.param(name).and_then(Value::as_int).ok_or_else(wrong_type)?)
}

/// A parameter that is a number, of a call that has it.
///
/// # Errors
/// `MISSING_PARAMS`, `TYPE_ERROR`
pub fn key(call: &Call<'_, '_>, name: &str) -> Result<i64> {
    require(call, &[name])?;
    number(call, name)
}

/// Whether a parameter is something other than an array; what is missing or empty counts as an empty one.
fn is_scalar(call: &Call<'_, '_>, name: &str) -> bool {
    call.param(name).is_some_and(|value| !value.is_array() && !value.is_empty())
}

/// The members of a parameter.
///
/// # Errors
/// `TYPE_ERROR` when it is a scalar.
pub fn members(call: &Call<'_, '_>, name: &str) -> Result<Map> {
    if is_scalar(call, name) { Err(wrong_type().into()) } else { Ok(call.fields(name)) }
}

/// Refuses a parameter that is a scalar, in the words of methods that name it.
///
/// # Errors
/// Those of [`wrong_argument`].
pub fn require_array(call: &Call<'_, '_>, name: &str) -> Result<()> {
    if is_scalar(call, name) { Err(wrong_argument(name).into()) } else { Ok(()) }
}

/// A flag as PHP reads a boolean parameter; `None` when it is missing.
pub fn flag(value: Option<&Value>) -> Option<bool> {
    value.map(|value| value.as_flag().unwrap_or_else(|| value.is_truthy()))
}

/// Whether something is to be marked: as the method has it, or else the parameter `mark`, which may be left out.
pub fn marks(call: &Call<'_, '_>, method: Option<bool>) -> bool {
    method.unwrap_or_else(|| flag(call.param("mark")).unwrap_or(true))
}

/// Whether a value is `Y`.
pub fn is_yes(value: Option<&Value>) -> bool {
    value.and_then(Value::text).as_deref() == Some("Y")
}

/// A flag that a request gives as `Y`, as fields keep it; anything else is `N`.
pub fn letter(value: &Value) -> &'static str {
    yes_no(is_yes(Some(value)))
}
