//! Who may do what to requisites and what hangs on them, and the words in which they are refused.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Entity;
use engine::entity::read::reach;
use engine::error::Result;
use engine::noun::{Faults, Grant, LEGACY_FAULTS, Refusal, Rule};
use wire::{Fault, Map, Value};

use crate::owned::{ByOwner, Code};

/// Requisites are for those who may have their contact or company.
pub static OWNERS: ByOwner =
    ByOwner { fields: &["entityTypeId", "entityId"], code: Code::Number, may_own: has_requisites };

/// Whether items of that kind have requisites.
pub fn has_requisites(entity: &Entity) -> bool {
    matches!(entity.name.as_ref(), "contact" | "company")
}

/// The templates are for those who may do the same to some contacts and to some companies.
#[derive(Debug)]
pub struct Templates;

impl Rule for Templates {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let may = call
            .meta
            .items()
            .filter(|entity| has_requisites(entity))
            .all(|entity| !reach(call, entity, act).is_nothing());
        Ok(if may { Grant::All } else { Grant::Nothing })
    }
}

/// The usual refusals; `missing` names the row that is asked for.
pub const fn faults(missing: &'static str) -> Faults {
    Faults {
        missing: Refusal::OfKey(missing),
        required: |names| undefined(names.first().map_or("", String::as_str)),
        invalid: undefined,
        ..LEGACY_FAULTS
    }
}

/// The refusal of a value that is not there or cannot be.
pub fn undefined(name: &str) -> Fault {
    Fault::crm(format!("{name} is not defined or invalid."))
}

/// The number above zero that a request has under a name.
///
/// # Errors
/// The refusal of another one.
pub fn number(fields: &Map, name: &str) -> Result<i64> {
    let given = fields.get_any_case(name).and_then(Value::as_int).filter(|number| *number > 0);
    given.ok_or_else(|| undefined(name).into())
}
