//! The requisites that an order uses: those of the client, and those of the own company.

use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Face};
use wire::{Map, Value};

use crate::kit::invalid;

/// Its members, and the nouns of the CRM to which they lead.
const MEMBERS: [(&str, &str); 4] = [
    ("requisiteId", "crm.requisite"),
    ("bankDetailId", "crm.requisite.bankdetail"),
    ("mcRequisiteId", "crm.requisite"),
    ("mcBankDetailId", "crm.requisite.bankdetail"),
];

/// The requisites that a request gives, all of which the caller may see.
pub(super) fn link(call: &mut Call<'_, '_>, face: &Face, given: &Value) -> Result<Value> {
    if given.is_empty() {
        return Ok(Value::Null);
    }
    let mut map = Map::with_capacity(MEMBERS.len());
    for (name, noun) in MEMBERS {
        let id = given.get(name).and_then(Value::as_int).unwrap_or(0);
        if id != 0 && noun::foreign(call, noun, id)?.is_none() {
            return Err(invalid(face, "requisiteLink"));
        }
        map.push(name, id);
    }
    Ok(map.into_value())
}
