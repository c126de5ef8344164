//! The events of documents of the CRM.

use engine::call::Call;
use engine::error::Result;
use engine::event::{Event, Happening, event};
use engine::noun::{Row, Rule};
use serde_json::json;
use store::Param;
use wire::Value;

use super::ByItem;
use crate::CRM;
use crate::family::Family;

const EVENT: &str = "ONCRMDOCUMENTGENERATORDOCUMENT";

/// The events.
pub fn events() -> Vec<Event> {
    let declared = |(verb, done): (&str, &str)| {
        let about = format!("A document of a CRM item was {done}.");
        let data = json!({"FIELDS": {"ID": 1, "ENTITY_TYPE_ID": 2, "ENTITY_ID": 2}});
        event(format!("{EVENT}{verb}"), CRM, about, data)
    };
    [("ADD", "added"), ("UPDATE", "changed"), ("DELETE", "deleted")].map(declared).into()
}

/// Tells what became of a document. Of documents of the other family there are no events.
pub fn tell(call: &mut Call<'_, '_>, verb: &str, row: &Row) -> Result<()> {
    let name = format!("{EVENT}{verb}");
    if row.text("moduleId") != Family::Crm.module() || !call.core.modules.hears(&call.meta, &name) {
        return Ok(());
    }
    let audience = ByItem.audience(call, row)?;
    let number = |name: &str| match row.get(name) {
        Param::Int(number) => Value::Int(*number),
        _ => Value::Null,
    };
    let fields = [
        ("ID", row.number.into()),
        ("ENTITY_TYPE_ID", number("entityTypeId")),
        ("ENTITY_ID", number("entityId")),
    ];
    call.raise_to(audience, &name, || Happening::new(format!("document:{}", row.number), fields));
    Ok(())
}
