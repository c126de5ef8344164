//! Refusals of the methods.

use engine::noun::{CONTROLLER_FAULTS, Faults, Refusal};
use wire::Fault;

/// Those about a row that is called so when it is not there.
pub const fn faults(missing: &'static str) -> Faults {
    Faults {
        missing: Refusal::Coded("NOT_FOUND", missing),
        required: |names| Fault::invalid_value(format!("Required fields: {}", names.join(", "))),
        invalid: |name| Fault::invalid_value(format!("Invalid value of field {name}")),
        ..CONTROLLER_FAULTS
    }
}

/// The refusal of a request about something that is not there.
pub fn missing(text: &'static str) -> Fault {
    Fault::new(400, "NOT_FOUND", text)
}

/// The refusal of something that must not be done.
pub fn forbidden(text: &'static str) -> Fault {
    Fault::new(400, "NOT_ALLOWED", text)
}
