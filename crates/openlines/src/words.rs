//! Refusals of `imopenlines.*`.

use engine::call::Call;
use engine::noun::{Faults, LEGACY_FAULTS, Refusal};
use wire::{Fault, Value};

/// The usual ones.
pub const FAULTS: Faults = Faults {
    missing: Refusal::Coded("ACCESS_DENIED", DENIED),
    unreadable: Refusal::Coded("ACCESS_DENIED", DENIED),
    unwritable: Refusal::Coded("ACCESS_DENIED", DENIED),
    ..LEGACY_FAULTS
};

const DENIED: &str = "You cannot open this conversation as you do not have sufficient rights";

/// A refusal with a code.
pub fn refuse(code: &'static str, text: &'static str) -> Fault {
    Fault::new(400, code, text)
}

/// The dialog is none of the caller's.
pub fn denied() -> Fault {
    refuse("ACCESS_DENIED", DENIED)
}

/// The caller may not see to lines.
pub fn not_allowed() -> Fault {
    Fault::new(403, "CONFIG_WRONG_USER_PERMISSION", "Permission denied")
}

/// A number that a call names; `None` for what is none.
pub fn number(call: &Call<'_, '_>, name: &str) -> Option<i64> {
    call.param(name).and_then(Value::as_int).filter(|id| *id > 0)
}
