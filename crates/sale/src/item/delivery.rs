//! Deliveries of items: `crm.item.delivery.*`.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required};
use engine::noun;
use serde_json::json;
use wire::Value;

use super::owner::{brief, denied, list, named, orders, require};
use crate::CRM;
use crate::shipment::{FACE, SHIPMENT};

/// What is shown of a delivery.
const SHOWN: [&str; 8] = [
    "id",
    "accountNumber",
    "deducted",
    "dateDeducted",
    "deliveryId",
    "priceDelivery",
    "currency",
    "deliveryName",
];

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("crm.item.delivery.get", CRM, get)
            .controller()
            .about("Returns a delivery of an item.")
            .param(required("id", Kind::Id, "Shipment"))
            .example(json!({"id": 1}), json!({"id": 1})),
        read("crm.item.delivery.list", CRM, deliveries)
            .controller()
            .about("Lists the deliveries of an item.")
            .param(required("entityId", Kind::Id, "Item"))
            .param(required("entityTypeId", Kind::Id, "Kind of the item"))
            .param(optional("filter", Kind::Filter, "Conditions by field, with comparison prefixes"))
            .param(optional("order", Kind::Order, "ASC or DESC by field"))
            .param(optional("start", Kind::Int, "Offset of the first row"))
            .example(json!({"entityId": 1, "entityTypeId": 2}), json!("*")),
    ]
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = noun::again(call, &SHIPMENT, call.id("id"))?.ok_or_else(denied)?;
    require(call, row.int("orderId").unwrap_or(0), Act::Read)?;
    let shown = noun::show(call, &SHIPMENT, &FACE, &row)?;
    Ok(brief(&shown.into_value(), &SHOWN))
}

fn deliveries(call: &mut Call<'_, '_>) -> Result<Value> {
    let item = named(call, Act::Read)?;
    let orders = orders(call, item)?;
    let rows = list(call, "sale.shipment.list", ("orderId", &orders), "shipments")?;
    Ok(rows.iter().map(|row| brief(row, &SHOWN)).collect::<Vec<_>>().into())
}
