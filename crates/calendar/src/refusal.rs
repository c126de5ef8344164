//! The refusals of `calendar.*`: they have no codes.

use engine::call::Call;
use engine::error::Result;
use engine::noun::{Faults, LEGACY_FAULTS, Refusal};
use wire::{Fault, Value};

/// What is refused without a look into the database.
pub type Checked<T> = std::result::Result<T, Fault>;

/// The usual ones.
pub const FAULTS: Faults = Faults {
    missing: Refusal::Coded("", "Access denied"),
    unreadable: Refusal::Coded("", "Access denied"),
    unwritable: Refusal::Coded("", "Access denied"),
    required: |_| Fault::crm("Invalid value for the parameter \"name\""),
    ..LEGACY_FAULTS
};

/// The caller may not do that.
pub fn denied() -> Fault {
    Fault::crm("Access denied")
}

/// A parameter is not there.
fn missing(call: &Call<'_, '_>, name: &str, end: &str) -> Fault {
    Fault::crm(format!(
        "The required parameter \"{name}\" for the method \"{}\" is not set{end}",
        call.method.name
    ))
}

/// Refuses a call without these parameters; some methods have a full stop at the end of the text.
///
/// # Errors
/// The refusal.
pub fn require(call: &Call<'_, '_>, names: &[&str], end: &str) -> Result<()> {
    match names.iter().find(|name| call.param(name).is_none_or(Value::is_empty)) {
        Some(name) => Err(missing(call, name, end).into()),
        None => Ok(()),
    }
}

/// Refuses a call that does not say whose calendar is meant: a type, and an owner where there may be several.
///
/// # Errors
/// The refusal.
pub fn require_owner(call: &Call<'_, '_>, end: &str) -> Result<()> {
    require(call, &["type"], end)?;
    match call.text("type").as_deref() {
        Some("group") => require(call, &["ownerId"], end),
        _ => Ok(()),
    }
}
