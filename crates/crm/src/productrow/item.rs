//! `crm.item.productrow.*`: rows of any owner, by the owner's code.

use std::sync::Arc;

use serde_json::json;
use wire::order::Invalid;
use wire::{Fault, Map, Value, filter, order};

use super::form;
use super::{SCOPE, described};
use engine::access::Act;
use engine::call::Call;
use engine::entity::compare::Before;
use engine::entity::filter::Unknown;
use engine::entity::owner::{Standing, standing, touch};
use engine::entity::productrow::{self, MAX_ROWS, ProductRow};
use engine::entity::read::Query;
use engine::entity::table::{self, Extent};
use engine::entity::{Entity, Naming, describe};
use engine::error::{Error, Result};
use engine::input::{int, named, text};
use engine::method::{Kind, Method, optional, read, required, write};

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = || required("id", Kind::Id, "ID of the product row");
    let chair = json!({"ownerId": 1, "ownerType": "D", "productName": "Chair", "price": 80, "quantity": 3});
    vec![
        write("crm.item.productrow.add", SCOPE, add)
            .controller()
            .about("Adds a product row to a lead or deal, recalculates its amount, and returns the row.")
            .param(required("fields", Kind::Fields, "ownerId, ownerType (L or D) and the values of the row"))
            .example(
                json!({"fields": chair}),
                json!({"productRow": {"ownerId": 1, "productName": "Chair", "price": 80, "priceNetto": 80, "quantity": 3}}),
            ),
        read("crm.item.productrow.get", SCOPE, get)
            .controller()
            .about("Returns a product row.")
            .param(id())
            .example(json!({"id": 1}), json!({"productRow": {"id": 1, "ownerType": "D"}})),
        read("crm.item.productrow.list", SCOPE, list)
            .controller()
            .about("Lists the product rows of an item, 50 per page.")
            .param(required("filter", Kind::Filter, "Conditions by field, with comparison prefixes; =ownerType and =ownerId are required"))
            .param(optional("order", Kind::Order, "asc or desc by field"))
            .param(optional("start", Kind::Int, "Offset of the first row; -1 skips counting the total"))
            .example(
                json!({"filter": {"=ownerType": "D", "=ownerId": 2}, "order": {"price": "desc"}}),
                json!({"productRows": [{"id": 1, "ownerId": 2}]}),
            ),
        write("crm.item.productrow.update", SCOPE, update)
            .controller()
            .about("Updates a product row, recalculates the owner's amount, and returns the row.")
            .param(id())
            .param(required("fields", Kind::Fields, "Values of the row"))
            .example(
                json!({"id": 1, "fields": {"quantity": 4}}),
                json!({"productRow": {"id": 1, "quantity": 4}}),
            ),
        write("crm.item.productrow.delete", SCOPE, delete)
            .controller()
            .about("Deletes a product row and recalculates the owner's amount.")
            .param(id())
            .example(json!({"id": 1}), json!(null)),
        write("crm.item.productrow.set", SCOPE, set)
            .controller()
            .about("Replaces all product rows of a lead or deal, recalculates its amount, and returns the rows.")
            .param(required("ownerId", Kind::Id, "ID of the owner"))
            .param(required("ownerType", Kind::Text, "Type of the owner: L lead, D deal"))
            .param(required("productRows", Kind::List, "Product rows; a row with an id updates the existing row"))
            .example(
                json!({"ownerType": "L", "ownerId": 1, "productRows": [{"productName": "Desk", "price": 300}]}),
                json!({"productRows": [{"ownerType": "L", "productName": "Desk", "price": 300}]}),
            ),
        read("crm.item.productrow.fields", SCOPE, fields_of)
            .controller()
            .about("Describes the fields of a product row of crm.item.")
            .example(json!({}), json!({"fields": {"id": {"type": "integer", "isReadOnly": true}}})),
    ]
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let fields = named(call.fields("fields"), described());
    let absent = |name: &str| Fault::new(400, "100", format!("Required fields: {name}"));
    let code = text(&fields, "ownerType").ok_or_else(|| absent("ownerType"))?;
    let owner_id = int(&fields, "ownerId").ok_or_else(|| absent("ownerId"))?;
    let owner = changeable(call, &code, owner_id)?;
    if productrow::load(call.tx, &owner, owner_id)?.len() >= MAX_ROWS {
        return Err(Fault::core("Too many product rows.").into());
    }
    let mut row = form::read(&fields, Naming::Item, (&owner, owner_id), None)?;
    let before = super::before(call, &owner, owner_id)?;
    row.id = productrow::save(call.tx, &row)?;
    changed(call, &owner, owner_id, before)?;
    Ok(wrap("productRow", form::show_item(&row)))
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let (row, owner) = find(call)?;
    match standing(call, &owner, row.owner_id, Act::Read)? {
        Standing::Allowed => Ok(wrap("productRow", form::show_item(&row))),
        Standing::Denied => Err(denied()),
        Standing::Missing => Err(missing()),
    }
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let nothing = Value::Null;
    let query = Query {
        filter: filter::parse_flat(call.param("filter").unwrap_or(&nothing))?,
        order: order::parse(call.param("order").unwrap_or(&nothing)).map_err(bad_order)?,
        select: Vec::new(),
        unknown: Unknown::Refused,
    };
    let within = super::readable(call);
    let ids = table::ids(call, described(), Naming::Item, &query, within, Extent::Page)?;
    let rows = productrow::by_ids(call.tx, &ids)?;
    Ok(wrap("productRows", rows.iter().map(form::show_item).collect::<Vec<_>>()))
}

fn bad_order(invalid: Invalid) -> Error {
    match invalid {
        Invalid::NotAnArray => Fault::argument("The order is not an array.", "order").into(),
        Invalid::Direction { field, given } => Fault::invalid_value(format!(
            "Invalid order: allowed sort directions are `ASC, DESC`. But got '{given}' for field '{field}'"
        ))
        .into(),
    }
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let (row, owner) = find(call)?;
    require_change(call, &owner, row.owner_id)?;
    let fields = named(call.fields("fields"), described());
    let changed_row = form::read(&fields, Naming::Item, (&owner, row.owner_id), Some(&row))?;
    let before = super::before(call, &owner, row.owner_id)?;
    productrow::save(call.tx, &changed_row)?;
    changed(call, &owner, row.owner_id, before)?;
    Ok(wrap("productRow", form::show_item(&changed_row)))
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let (row, owner) = find(call)?;
    require_change(call, &owner, row.owner_id)?;
    let before = super::before(call, &owner, row.owner_id)?;
    productrow::delete(call.tx, row.id)?;
    changed(call, &owner, row.owner_id, before)?;
    Ok(Value::Null)
}

fn set(call: &mut Call<'_, '_>) -> Result<Value> {
    let (code, owner_id) = (call.text("ownerType").unwrap_or_default(), call.id("ownerId"));
    let owner = changeable(call, &code, owner_id)?;
    let old = productrow::load(call.tx, &owner, owner_id)?;
    let given = call.param("productRows").cloned().unwrap_or_default();
    let mut rows = form::read_all(&given, Naming::Item, (&owner, owner_id), &old)?;
    let before = super::before(call, &owner, owner_id)?;
    productrow::replace(call.tx, &owner, owner_id, &mut rows)?;
    changed(call, &owner, owner_id, before)?;
    Ok(wrap("productRows", rows.iter().map(form::show_item).collect::<Vec<_>>()))
}

fn fields_of(call: &mut Call<'_, '_>) -> Result<Value> {
    Ok(wrap("fields", describe::of_table(described(), Naming::Item, call.language)))
}

/// The owner that a request names, when the caller may change it.
fn changeable(call: &mut Call<'_, '_>, code: &str, id: i64) -> Result<Arc<Entity>> {
    let unsupported = || {
        let text = format!("Entity type {code} is not supported");
        Fault::new(400, "ENTITY_TYPE_NOT_SUPPORTED", text)
    };
    let owner = super::owner(call, code).ok_or_else(unsupported)?;
    require_change(call, &owner, id)?;
    Ok(owner)
}

fn require_change(call: &mut Call<'_, '_>, owner: &Entity, id: i64) -> Result<()> {
    match standing(call, owner, id, Act::Update)? {
        Standing::Allowed => Ok(()),
        Standing::Denied => Err(denied()),
        Standing::Missing => Err(Fault::new(400, "OWNER_NOT_FOUND", "Owner was not found").into()),
    }
}

/// The row that is meant, and its owner's entity.
fn find(call: &mut Call<'_, '_>) -> Result<(ProductRow, Arc<Entity>)> {
    let row = productrow::by_ids(call.tx, &[call.id("id")])?.pop().ok_or_else(missing)?;
    let owner = super::owner(call, &row.owner_type).ok_or_else(missing)?;
    Ok((row, owner))
}

/// The owner follows its rows.
fn changed(call: &mut Call<'_, '_>, owner: &Entity, id: i64, before: Before) -> Result<()> {
    productrow::follow(call.tx, owner, id)?;
    touch(call, owner, id, before)
}

fn denied() -> Error {
    Fault::new(400, "ACCESS_DENIED", "Access denied").into()
}

fn missing() -> Error {
    Fault::new(400, "NOT_FOUND", "Item not found").into()
}

fn wrap(key: &'static str, value: impl Into<Value>) -> Value {
    let mut map = Map::with_capacity(1);
    map.push(key, value);
    Value::Map(map)
}
