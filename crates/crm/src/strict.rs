//! What `--strict` refuses of the CRM beyond [what it refuses everywhere](engine::strict).

use engine::entity::{Entity, Naming};
use wire::{Fault, Map, Value};

/// Refuses a contact that would be nameless.
pub fn name(entity: &Entity, naming: Naming, fields: &Map) -> Result<(), Fault> {
    let named = |code: &str| {
        let of_code =
            |(name, _): &(&str, &Value)| entity.named(name, naming).is_some_and(|field| field.code == code);
        fields
            .iter()
            .filter(of_code)
            .any(|(_, value)| value.text().is_some_and(|text| !text.trim().is_empty()))
    };
    if entity.code != "CONTACT" || named("NAME") || named("LAST_NAME") {
        return Ok(());
    }
    let text = "First or last name is required.";
    Err(if naming.is_legacy() { Fault::crm(text) } else { Fault::new(400, "CRM_FIELD_ERROR_REQUIRED", text) })
}
