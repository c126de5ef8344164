//! The requisites that an order uses: those of the client, and those of the own company.

use engine::access::Act;
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
        if id != 0 && !is_there(call, noun, id)? {
            return Err(invalid(face, "requisiteLink"));
        }
        map.push(name, id);
    }
    Ok(map.into_value())
}

fn is_there(call: &mut Call<'_, '_>, noun: &str, id: i64) -> Result<bool> {
    let Some(noun) = call.core.modules.noun(noun).map(|shape| shape.noun) else { return Ok(false) };
    let scope = noun.grant(call, Act::Read)?;
    Ok(noun::one(call, noun, &scope, id)?.is_some())
}
