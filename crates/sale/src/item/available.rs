//! `crm.item.productrow.getAvailableForPayment`: the product rows of an item for which no payment has been made out yet.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::entity::owned::Code;
use engine::error::Result;
use engine::method::{Kind, Method, read, required};
use engine::noun::{self, Row};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value};

use super::owner::{Item, orders, reach};
use super::product::external;
use crate::CRM;
use crate::basket::BASKET;
use crate::payment::binding::OF_BASKETS;
use engine::entity::owner::Standing;

/// The method.
pub fn methods() -> Vec<Method> {
    vec![
        read("crm.item.productrow.getAvailableForPayment", CRM, get)
            .controller()
            .about("Lists the product rows of an item that no payment pays for yet, with the quantities that are left.")
            .param(required("ownerId", Kind::Id, "ID of the owner"))
            .param(required("ownerType", Kind::Text, "Type of the owner: L lead, D deal, Q quote, SI invoice"))
            .example(json!({"ownerId": 2, "ownerType": "D"}), json!({"productRows": [{"ownerId": 2, "productName": "Chair", "quantity": 1}]})),
    ]
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let (code, id) = (call.text("ownerType").unwrap_or_default(), call.id("ownerId"));
    let denied = || Fault::new(400, "ACCESS_DENIED", "Access denied");
    let code: Param<'static> = code.into();
    let kind = call.meta.items().find(|entity| entity.has_products && Code::Prefix.of(entity) == code);
    let item = Item(kind.ok_or_else(denied)?.type_id, id);
    if reach(call, item, Act::Read)? != Standing::Allowed {
        return Err(denied().into());
    }
    let paid = paid(call, item)?;
    let noun = call.core.modules.noun_named("crm.productRow");
    let scope = noun.grant(call, Act::Read)?;
    let mut rows = noun::rows(call, noun, &scope, &[("ownerType", code), ("ownerId", id.into())])?;
    rows.sort_by_key(|row| (row.int("sort"), row.number));
    let left = |row: &Row| {
        let paid = paid.get(&external(row.number)).copied().unwrap_or_default();
        row.decimal("quantity").unwrap_or_default() - paid
    };
    rows.retain(|row| left(row) > Decimal::ZERO);
    let mut shown = noun::show_all(call, noun, &noun.faces[0], &rows, false)?;
    for (row, map) in rows.iter().zip(&mut shown) {
        map.insert("quantity", number(left(row)));
    }
    Ok(Value::under("productRows", shown.into_iter().map(Map::into_value).collect::<Vec<_>>()))
}

/// How many of each product row the payments of an item pay for, by the external ID of the item of the basket.
fn paid(call: &mut Call<'_, '_>, item: Item) -> Result<HashMap<String, Decimal>> {
    let orders = orders(call, item)?;
    let baskets = noun::among(call, &BASKET, "orderId", &orders)?;
    let ids: Vec<i64> = baskets.iter().map(|basket| basket.number).collect();
    let mut paid: HashMap<String, Decimal> = HashMap::new();
    for row in noun::among(call, &OF_BASKETS, "basketId", &ids)? {
        let of = baskets.iter().find(|basket| Some(basket.number) == row.int("basketId"));
        if let Some(of) = of {
            *paid.entry(of.text("xmlId").to_owned()).or_default() +=
                row.decimal("quantity").unwrap_or_default();
        }
    }
    Ok(paid)
}

/// A quantity as rows show theirs: whole where it is.
fn number(quantity: Decimal) -> Value {
    match quantity.to_i64().filter(|_| quantity.is_integer()) {
        Some(whole) => whole.into(),
        None => quantity.to_f64().unwrap_or(0.0).into(),
    }
}
