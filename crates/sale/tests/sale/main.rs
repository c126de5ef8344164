//! Orders through the front door, on every engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod families;
mod links;
mod orders;
mod refusals;
mod stock;

use serde_json::{Value as Json, json};
use testportal::Hook;

/// The scopes of everything that orders need.
const SCOPES: &str = "sale,crm,catalog,pay_system,cashbox,delivery";

/// A new order in euros of the first payer type.
fn order(hook: &Hook) -> i64 {
    let fields = json!({"lid": "s1", "personTypeId": 1, "currency": "USD"});
    hook.get("sale.order.add", json!({"fields": fields}))["order"]["id"].as_i64().unwrap()
}

/// Something that is not in the catalogue, in an order.
fn item(hook: &Hook, order: i64, price: &Json, quantity: &Json, vat: (&Json, &str)) -> i64 {
    let fields = json!({
        "orderId": order, "productId": 0, "name": "Table", "price": price, "quantity": quantity, "currency": "USD",
        "vatRate": vat.0, "vatIncluded": vat.1,
    });
    hook.get("sale.basketitem.add", json!({"fields": fields}))["basketItem"]["id"].as_i64().unwrap()
}

fn shipment(hook: &Hook, order: i64, price: &Json) -> i64 {
    let fields = json!({
        "orderId": order, "deliveryId": 2, "allowDelivery": "Y", "deducted": "N", "basePriceDelivery": price,
    });
    hook.get("sale.shipment.add", json!({"fields": fields}))["shipment"]["id"].as_i64().unwrap()
}

fn payment(hook: &Hook, order: i64, sum: &Json, paid: &str) -> i64 {
    let fields = json!({"orderId": order, "paySystemId": 3, "sum": sum, "paid": paid});
    hook.get("sale.payment.add", json!({"fields": fields}))["payment"]["id"].as_i64().unwrap()
}

fn shown(hook: &Hook, order: i64) -> Json {
    hook.get("sale.order.get", json!({"id": order}))["order"].clone()
}
