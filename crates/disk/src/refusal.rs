//! The refusals of `disk.*`.

use engine::noun::{Faults, Refusal};
use wire::{Fault, Value};

/// The usual ones.
pub const FAULTS: Faults = Faults {
    missing: Refusal::CodedOfKey("ERROR_NOT_FOUND", "Could not find entity with id `{key}`."),
    unreadable: Refusal::Coded("ACCESS_DENIED", "Access denied"),
    unwritable: Refusal::Coded("ACCESS_DENIED", "Access denied"),
    taken: Refusal::Coded("DISK_OBJ_22000", "A file with this name already exists"),
    required: |names| {
        Fault::new(400, "DISK_BASE_SERVICE_22001", format!("Error: required parameter {}", names.join(", ")))
    },
    invalid: |name| Fault::new(400, "ERROR_ARGUMENT", format!("Invalid value of parameter {name}")),
};

/// There is no such row.
pub fn missing(id: i64) -> Fault {
    FAULTS.missing.about(&[Value::Int(id)])
}

/// The caller may not do that.
pub fn denied() -> Fault {
    FAULTS.unwritable.fault()
}

/// A parameter is missing or unfit, by its place.
pub fn unfit(place: usize) -> Fault {
    Fault::new(400, "ERROR_ARGUMENT", format!("Invalid value of parameter {{Parameter #{place}}}"))
}

/// Another object of the folder has that name.
pub fn taken(is_folder: bool) -> Fault {
    let text = if is_folder {
        "A folder with this name already exists"
    } else {
        "A file with this name already exists"
    };
    Fault::new(400, "DISK_OBJ_22000", text)
}

/// What cannot be done to a root folder.
pub fn root(text: &'static str) -> Fault {
    Fault::new(400, "DISK_OBJ_22000", text)
}
