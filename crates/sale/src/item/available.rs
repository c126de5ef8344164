//! What nobody pays for yet: `crm.item.productrow.getAvailableForPayment`.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::entity::owner::{Standing, standing};
use engine::error::Result;
use engine::method::{Kind, Method, read, required};
use engine::noun;
use rust_decimal::Decimal;
use serde_json::json;
use wire::{Fault, Value};

use super::owner::{Item, orders};
use super::product::row_of;
use crate::CRM;
use crate::basket::BASKET;
use crate::payment::binding::OF_BASKETS;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("crm.item.productrow.getAvailableForPayment", CRM, available)
            .controller()
            .about("Returns the product rows of an item that its payments do not pay for yet, with what is left of each.")
            .param(required("ownerId", Kind::Id, "Item"))
            .param(required("ownerType", Kind::Text, "Short code of the item's kind: D deal, T83 a smart process"))
            .example(json!({"ownerId": 1, "ownerType": "D"}), json!({"productRows": "*"})),
    ]
}

fn available(call: &mut Call<'_, '_>) -> Result<Value> {
    let (code, id) = (call.text("ownerType").unwrap_or_default(), call.id("ownerId"));
    let denied = || Fault::new(400, "ACCESS_DENIED", "Access denied");
    let entity = call
        .meta
        .items()
        .find(|entity| entity.has_products && entity.prefix.eq_ignore_ascii_case(code.trim()))
        .cloned();
    let entity = entity.ok_or_else(denied)?;
    if standing(call, &entity, id, Act::Read)? != Standing::Allowed {
        return Err(denied().into());
    }
    let paid = paid(call, Item(entity.type_id, id))?;
    let mut rows = Vec::new();
    let mut last = 0;
    loop {
        let filter = json!({"=ownerType": entity.prefix, "=ownerId": id, ">id": last});
        let page = json!({"filter": filter, "order": {"id": "ASC"}, "start": -1});
        let page = call.ask("crm.item.productrow.list", page)?.unwrap_or_default();
        let page: Vec<Value> =
            page.get("productRows").map(|rows| rows.items().cloned().collect()).unwrap_or_default();
        let Some(end) = page.last().and_then(|row| row.get("id")?.as_int()) else { break };
        last = end;
        rows.extend(page.into_iter().filter_map(|row| left(row, &paid)));
    }
    Ok(Value::under("productRows", rows))
}

/// How much of each product row the payments of an item pay for.
fn paid(call: &mut Call<'_, '_>, item: Item) -> Result<HashMap<i64, Decimal>> {
    let orders = orders(call, item)?;
    let baskets = noun::among(call, &BASKET, "orderId", &orders)?;
    let rows: HashMap<i64, i64> = baskets.iter().filter_map(|row| Some((row.number, row_of(row)?))).collect();
    let ids: Vec<i64> = rows.keys().copied().collect();
    let mut paid = HashMap::new();
    for row in noun::among(call, &OF_BASKETS, "basketId", &ids)? {
        if let Some(product) = row.int("basketId").and_then(|basket| rows.get(&basket)) {
            *paid.entry(*product).or_insert(Decimal::ZERO) += row.decimal("quantity").unwrap_or_default();
        }
    }
    Ok(paid)
}

/// A product row with what is left of it; nothing when all of it is paid for.
fn left(row: Value, paid: &HashMap<i64, Decimal>) -> Option<Value> {
    let Some(paid) = paid.get(&row.get("id")?.as_int()?) else { return Some(row) };
    let has: Decimal = row.get("quantity")?.text()?.parse().ok()?;
    let left = has - paid;
    let mut map = row.into_map()?;
    map.insert("quantity", f64::try_from(left).ok()?);
    (left > Decimal::ZERO).then_some(map.into())
}
