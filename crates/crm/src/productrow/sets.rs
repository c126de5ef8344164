//! All rows of an owner at once: `crm.item.productrow.set` and `crm.{lead,deal,quote}.productrows.*`.

use std::sync::Arc;

use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value};

use super::{ITEM, MAX_ROWS, OLDER, ROW, owners};
use crate::SCOPE;
use engine::access::Act;
use engine::call::Call;
use engine::entity::Entity;
use engine::entity::owner::{Standing, standing};
use engine::error::Result;
use engine::input::named;
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
    let shown = noun::show_all(call, &ROW, &ITEM, &rows, false)?;
    Ok(Value::under("productRows", shown.into_iter().map(Value::Map).collect::<Vec<_>>()))
}

fn get_older(call: &mut Call<'_, '_>, type_id: i64) -> Result<Value> {
    let (owner, id) = target(call, type_id, Act::Read)?;
    let rows = of(call, &owner, id)?;
    let shown = noun::show_all(call, &ROW, &OLDER, &rows, false)?;
    Ok(shown.into_iter().map(Value::Map).collect::<Vec<_>>().into())
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
    match standing(call, &owner, id, act)? {
        Standing::Allowed => Ok((owner, id)),
        Standing::Denied => Err(Fault::crm("Access denied").into()),
        Standing::Missing => Err(Fault::crm("Not found").into()),
    }
}

/// Makes the rows that a parameter lists those of an owner; members that are no arrays are passed over.
fn replace(call: &mut Call<'_, '_>, face: &Face, param: &str, owner: &Entity, id: i64) -> Result<Vec<Row>> {
    let given = call.param(param).cloned().unwrap_or_default();
    if given.items().count() > MAX_ROWS {
        return Err(Fault::core("Too many product rows.").into());
    }
    let table = &call.core.modules.shape(&ROW).table;
    let fields = given.items().filter_map(|row| row.clone().into_map());
    let fields: Vec<Map> = fields.map(|row| if face.also_upper { named(row, table) } else { row }).collect();
    let old = of(call, owner, id)?;
    let rows = noun::replace(call, &ROW, face, &belonging(owner, id), &fields)?;
    let mut sorted: Vec<&Row> = rows.iter().collect();
    sorted.sort_by_key(|row| place(row));
    let same = old.len() == sorted.len() && old.iter().zip(sorted).all(|(old, new)| old.holds_the_same(new));
    owners::follow(call, owner, id, !same)?;
    Ok(rows)
}

/// The rows of an owner, by place.
fn of(call: &mut Call<'_, '_>, owner: &Entity, id: i64) -> Result<Vec<Row>> {
    let scope = ROW.grant(call, Act::Read)?;
    let mut rows = noun::rows(call, &ROW, &scope, &belonging(owner, id))?;
    rows.sort_by_key(place);
    Ok(rows)
}

fn place(row: &Row) -> (Option<i64>, i64) {
    (row.int("sort"), row.number)
}

fn belonging(owner: &Entity, id: i64) -> [(&'static str, Param<'static>); 2] {
    [("ownerType", owner.prefix.clone().into()), ("ownerId", id.into())]
}
