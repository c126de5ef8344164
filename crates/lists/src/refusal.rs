//! The refusals of `lists.*`.

use engine::call::Call;
use engine::error::Result;
use engine::noun::{Faults, LEGACY_FAULTS, Refusal};
use wire::{Fault, Value};

/// The usual ones.
pub const FAULTS: Faults = Faults {
    missing: Refusal::Coded("ERROR_IBLOCK_NOT_FOUND", "Iblock not found"),
    unreadable: Refusal::Coded("ACCESS_DENIED", "Access denied"),
    unwritable: Refusal::Coded("ACCESS_DENIED", "Access denied"),
    required: |names| required(names.first().map_or("FIELDS", String::as_str)),
    ..LEGACY_FAULTS
};

/// A parameter, or a field of one, is missing.
pub fn required(name: &str) -> Fault {
    Fault::new(400, "ERROR_REQUIRED_PARAMETERS_MISSING", format!("Required parameter `{name}` is missing"))
}

/// Refuses a call without these parameters.
///
/// # Errors
/// `ERROR_REQUIRED_PARAMETERS_MISSING`
pub fn require(call: &Call<'_, '_>, names: &[&str]) -> Result<()> {
    match names.iter().find(|name| call.param(name).is_none_or(Value::is_empty)) {
        Some(name) => Err(required(name).into()),
        None => Ok(()),
    }
}

/// The caller may not do that.
pub fn denied() -> Fault {
    FAULTS.unwritable.fault()
}
