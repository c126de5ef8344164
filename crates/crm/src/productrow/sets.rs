//! All rows of an owner at once: `crm.item.productrow.set` and `crm.{lead,deal,quote}.productrows.*`.

use std::sync::Arc;

use serde_json::json;
use wire::{Fault, Value};

use super::{ITEM, OLDER, ROW, of, owners, require_few};
use crate::SCOPE;
use engine::access::Act;
use engine::call::Call;
use engine::entity::Entity;
use engine::entity::owner::standing;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required, write};
use engine::noun::{self, Face, Row};

/// The methods beyond those of the noun's faces.
pub fn methods() -> Vec<Method> {
    let mut methods: Vec<Method> =
        super::owners().filter(crate::legacy::is_spoken_of).flat_map(|entity| of_owner(&entity)).collect();
    methods.push(
        write("crm.item.productrow.set", SCOPE, set)
            .controller()
            .about("Replaces all product rows of an item, recalculates its amount, and returns the rows.")
            .param(required("ownerId", Kind::Id, "ID of the owner"))
            .param(required("ownerType", Kind::Text, "Type of the owner: L lead, D deal, Q quote, SI invoice"))
            .param(required("productRows", Kind::List, "Product rows; a row with an id updates the existing row"))
            .example(
                json!({"ownerType": "L", "ownerId": 1, "productRows": [{"productName": "Desk", "price": 300}]}),
                json!({"productRows": [{"ownerType": "L", "productName": "Desk", "price": 300}]}),
            ),
    );
    methods
}

fn of_owner(entity: &Entity) -> Vec<Method> {
    let type_id = entity.type_id;
    let (name, one) = (entity.name.clone(), entity.title.to_lowercase());
    let id = || {
        required("id", Kind::Id, "ID of the owner").or_complain("The parameter id is invalid or not defined.")
    };
    let rows = optional("rows", Kind::List, "Product rows; an empty list deletes all")
        .or_complain("The parameter rows must be array.");
    vec![
        read(format!("crm.{name}.productrows.get"), SCOPE, move |call| get_older(call, type_id))
            .about(format!("Returns the product rows of a {one}."))
            .param(id())
            .example(json!({"id": 3}), json!([])),
        write(format!("crm.{name}.productrows.set"), SCOPE, move |call| set_older(call, type_id))
            .about(format!("Replaces the product rows of a {one} and recalculates its amount."))
            .param(id())
            .param(rows)
            .example(
                json!({"id": 3, "rows": [{"PRODUCT_NAME": "Chair", "PRICE": 80, "QUANTITY": 3}]}),
                json!(true),
            ),
    ]
}

fn set(call: &mut Call<'_, '_>) -> Result<Value> {
    let (code, id) = (call.text("ownerType").unwrap_or_default(), call.id("ownerId"));
    let owner = owners::changeable(call, &code, id)?;
    let rows = replace(call, &ITEM, "productRows", &owner, id)?;
    Ok(Value::under("productRows", noun::listed(call, &ROW, &ITEM, &rows)?))
}

fn get_older(call: &mut Call<'_, '_>, type_id: i64) -> Result<Value> {
    let (owner, id) = target(call, type_id, Act::Read)?;
    let rows = held(call, &owner, id)?;
    Ok(noun::listed(call, &ROW, &OLDER, &rows)?.into())
}

fn set_older(call: &mut Call<'_, '_>, type_id: i64) -> Result<Value> {
    let (owner, id) = target(call, type_id, Act::Update)?;
    replace(call, &OLDER, "rows", &owner, id)?;
    Ok(true.into())
}

/// The owner that is meant, when the caller may do that to it.
fn target(call: &mut Call<'_, '_>, type_id: i64, act: Act) -> Result<(Arc<Entity>, i64)> {
    let owner = call.entity(type_id).expect("owners of rows are always there");
    let id = call.id("id");
    standing(call, &owner, id, act)?.require(Fault::crm("Access denied"), Fault::crm("Not found"))?;
    Ok((owner, id))
}

/// Makes the rows that a parameter lists those of an owner.
fn replace(call: &mut Call<'_, '_>, face: &Face, param: &str, owner: &Entity, id: i64) -> Result<Vec<Row>> {
    let given = call.param(param).cloned().unwrap_or_default();
    require_few(given.items().count())?;
    let old = held(call, owner, id)?;
    let rows = noun::replace(call, &ROW, face, &of(owner, id), &given)?;
    let new = in_order(rows.clone());
    let same = old.len() == new.len() && old.iter().zip(&new).all(|(old, new)| old.holds_the_same(new));
    owners::follow(call, owner, id, !same)?;
    Ok(rows)
}

/// The rows of an owner, by place.
fn held(call: &mut Call<'_, '_>, owner: &Entity, id: i64) -> Result<Vec<Row>> {
    let scope = ROW.grant(call, Act::Read)?;
    Ok(in_order(noun::rows(call, &ROW, &scope, &of(owner, id))?))
}

fn in_order(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_key(|row| (row.int("sort"), row.number));
    rows
}
