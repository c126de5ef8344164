//! `crm.{lead,deal}.productrows.*` and `crm.productrow.*`: rows as older integrations know them.

use std::sync::Arc;

use serde_json::json;
use wire::{Fault, Value};

use super::form;
use super::{SCOPE, described};
use engine::access::Act;
use engine::call::Call;
use engine::entity::owner::{Standing, standing, touch};
use engine::entity::table::{self, Extent};
use engine::entity::{Entity, Naming, describe, productrow};
use engine::error::Result;
use engine::input::pick;
use engine::method::{Kind, Method, optional, read, required, write};
use engine::query;

/// The methods.
pub fn methods() -> Vec<Method> {
    let mut methods = Vec::new();
    for entity in crate::entities().into_iter().filter(|entity| entity.has_products) {
        methods.extend(of_owner(&entity));
    }
    methods.extend([
        read("crm.productrow.list", SCOPE, list)
            .about("Lists product rows by filter, 50 per page.")
            .param(optional("order", Kind::Order, "ASC or DESC by field"))
            .param(optional(
                "filter",
                Kind::Filter,
                "Conditions by field, with comparison prefixes: OWNER_TYPE (L or D), OWNER_ID, ..",
            ))
            .param(optional("select", Kind::Select, "Fields to return"))
            .example(
                json!({"filter": {"OWNER_TYPE": "D", "OWNER_ID": 2}}),
                json!([{"ID": "1", "OWNER_ID": "2"}]),
            ),
        read("crm.productrow.fields", SCOPE, fields_of)
            .about("Describes the fields of a product row.")
            .example(json!({}), json!({"ID": {"type": "integer", "isReadOnly": true}})),
    ]);
    methods
}

fn of_owner(entity: &Entity) -> Vec<Method> {
    let type_id = entity.type_id;
    let (name, one) = (entity.name, entity.title.to_lowercase());
    let id = || {
        required("id", Kind::Id, "ID of the owner").or_complain("The parameter id is invalid or not defined.")
    };
    let rows = optional("rows", Kind::List, "Product rows; an empty list deletes all")
        .or_complain("The parameter rows must be array.");
    vec![
        read(format!("crm.{name}.productrows.get"), SCOPE, move |call| get(call, type_id))
            .about(format!("Returns the product rows of a {one}."))
            .param(id())
            .example(json!({"id": 3}), json!([])),
        write(format!("crm.{name}.productrows.set"), SCOPE, move |call| set(call, type_id))
            .about(format!("Replaces the product rows of a {one} and recalculates its amount."))
            .param(id())
            .param(rows)
            .example(
                json!({"id": 3, "rows": [{"PRODUCT_NAME": "Chair", "PRICE": 80, "QUANTITY": 3}]}),
                json!(true),
            ),
    ]
}

fn get(call: &mut Call<'_, '_>, type_id: i64) -> Result<Value> {
    let (owner, id) = target(call, type_id, Act::Read)?;
    let rows = productrow::load(call.tx, &owner, id)?;
    Ok(rows.iter().map(form::show_legacy).collect::<Vec<_>>().into())
}

fn set(call: &mut Call<'_, '_>, type_id: i64) -> Result<Value> {
    let (owner, id) = target(call, type_id, Act::Update)?;
    let old = productrow::load(call.tx, &owner, id)?;
    let given = call.param("rows").cloned().unwrap_or_default();
    let mut rows = form::read_all(&given, Naming::Legacy, (&owner, id), &old)?;
    let before = super::before(call, &owner, id)?;
    productrow::replace(call.tx, &owner, id, &mut rows)?;
    productrow::follow(call.tx, &owner, id)?;
    touch(call, &owner, id, before)?;
    Ok(true.into())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let query = query::legacy(call, described())?;
    let within = super::readable(call);
    let ids = table::ids(call, described(), Naming::Legacy, &query, within, Extent::Page)?;
    let rows = productrow::by_ids(call.tx, &ids)?;
    let shown = rows.iter().filter_map(|row| form::show_legacy(row).into_map());
    Ok(shown.map(|row| pick(row, &query.select)).collect::<Vec<_>>().into())
}

fn fields_of(call: &mut Call<'_, '_>) -> Result<Value> {
    Ok(describe::of_table(described(), Naming::Legacy, call.language).into())
}

/// The owner that is meant, when the caller may do that to it.
fn target(call: &mut Call<'_, '_>, type_id: i64, act: Act) -> Result<(Arc<Entity>, i64)> {
    let owner = call.entity(type_id).expect("leads and deals are always there");
    let id = call.id("id");
    match standing(call, &owner, id, act)? {
        Standing::Allowed => Ok((owner, id)),
        Standing::Denied => Err(Fault::crm("Access denied").into()),
        Standing::Missing => Err(Fault::crm("Not found").into()),
    }
}
