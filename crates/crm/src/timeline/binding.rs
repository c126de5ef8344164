//! `crm.timeline.bindings.*`: in the timelines of which items an entry stands.

use engine::access::Act;
use engine::call::Call;
use engine::entity::owner::Standing;
use engine::entity::{Entity, Field, Kind as FieldKind, Naming, describe, table};
use engine::error::Result;
use engine::method::{Kind, Method, read, required, write};
use serde_json::json;
use wire::{Fault, Map, Value};

use super::entry;
use crate::SCOPE;
use crate::owner::Owner;

/// The methods.
pub fn methods() -> Vec<Method> {
    let fields = || {
        required("fields", Kind::Fields, "The entry and the item").with_members(vec![
            required("OWNER_ID", Kind::Id, "ID of the timeline entry"),
            required("ENTITY_ID", Kind::Id, "ID of the item"),
            required("ENTITY_TYPE", Kind::Text, "Type of the item: lead, deal, contact, company or quote"),
        ])
    };
    vec![
        write("crm.timeline.bindings.bind", SCOPE, bind)
            .about("Puts a timeline entry into the timeline of another item.")
            .param(fields())
            .example(
                json!({"fields": {"OWNER_ID": 1, "ENTITY_ID": 2, "ENTITY_TYPE": "contact"}}),
                json!(true),
            ),
        write("crm.timeline.bindings.unbind", SCOPE, unbind)
            .destroys()
            .about("Takes a timeline entry out of the timeline of an item.")
            .param(fields())
            .example(json!({"fields": {"OWNER_ID": 1, "ENTITY_ID": 1, "ENTITY_TYPE": "deal"}}), json!(true)),
        read("crm.timeline.bindings.list", SCOPE, list)
            .about("Lists the items in whose timelines an entry stands.")
            .param(required("filter", Kind::Filter, "OWNER_ID of the timeline entry"))
            .example(
                json!({"filter": {"OWNER_ID": 1}}),
                json!([{"OWNER_ID": "1", "ENTITY_ID": "1", "ENTITY_TYPE": "deal"}]),
            ),
        read("crm.timeline.bindings.fields", SCOPE, fields_of)
            .about("Describes the fields of a binding of a timeline entry.")
            .example(json!({}), json!({"OWNER_ID": {"type": "integer"}})),
    ]
}

fn bind(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, owner) = named(call)?;
    if entry::reachable(call, id, Act::Update)?.is_empty()
        || owner.standing(call, Act::Update)? != Standing::Allowed
    {
        return Err(Fault::crm("Access denied.").into());
    }
    entry::bind(call.tx, id, &owner)?;
    Ok(true.into())
}

fn unbind(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, owner) = named(call)?;
    if owner.standing(call, Act::Update)? == Standing::Denied {
        return Err(Fault::crm("Access denied.").into());
    }
    if !entry::unbind(call.tx, id, &owner)? {
        return Err(Fault::crm("Not found.").into());
    }
    entry::delete_unbound(call.tx, id)?;
    Ok(true.into())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.fields("filter").get("OWNER_ID").and_then(Value::as_int).unwrap_or(0);
    if id <= 0 {
        return Err(undefined("OWNER_ID"));
    }
    let owners = entry::reachable(call, id, Act::Read)?;
    call.total = Some(owners.len() as i64);
    let show = |owner: &Owner| {
        let mut map = Map::with_capacity(3);
        map.push("OWNER_ID", id.to_string());
        map.push("ENTITY_ID", owner.id.to_string());
        map.push("ENTITY_TYPE", &*owner.entity.name);
        Value::Map(map)
    };
    Ok(owners.iter().map(show).collect::<Vec<_>>().into())
}

fn fields_of(call: &mut Call<'_, '_>) -> Result<Value> {
    Ok(describe::of_table(&described(), Naming::Legacy, call.language).into())
}

fn described() -> Entity {
    let fields = vec![
        Field::new("OWNER_ID", FieldKind::Integer, "Timeline entry ID").required().immutable(),
        Field::new("ENTITY_ID", FieldKind::Integer, "Item ID").required().immutable(),
        Field::new("ENTITY_TYPE", FieldKind::String, "Item type").required().immutable(),
    ];
    table::described("crm_timeline_binding", "Binding", fields)
}

/// The entry and the item that a request names.
fn named(call: &mut Call<'_, '_>) -> Result<(i64, Owner)> {
    let fields = call.fields("fields");
    let id = fields.get("OWNER_ID").and_then(Value::as_int).filter(|id| *id > 0);
    let id = id.ok_or_else(|| undefined("OWNER_ID"))?;
    let (item, word) = entry::named_item(&fields);
    if item <= 0 {
        return Err(undefined("ENTITY_ID"));
    }
    let owner = Owner::named(call, &word, item).ok_or_else(|| undefined("ENTITY_TYPE"))?;
    if entry::bindings(call, id)?.is_empty() { Err(Fault::crm("Not found.").into()) } else { Ok((id, owner)) }
}

fn undefined(name: &str) -> engine::Error {
    Fault::crm(format!("{name} is not defined or invalid.")).into()
}
