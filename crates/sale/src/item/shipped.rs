//! Deliveries that the payments of items pay for: `crm.item.payment.delivery.*`.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use wire::{Map, Value};

use super::owner::{list, no_item, no_payment, require};
use super::payment::find;
use crate::CRM;
use crate::kit::refused;
use crate::payment::binding::{OF_SHIPMENTS, SHIPMENTS};
use crate::shipment::SHIPMENT;

/// The methods.
pub fn methods() -> Vec<Method> {
    let of = |verb: &str, about: &'static str, handler: fn(&mut Call<'_, '_>) -> Result<Value>| {
        write(format!("crm.item.payment.delivery.{verb}"), CRM, handler).controller().about(about)
    };
    vec![
        of("add", "Adds a delivery to a payment of an item and returns its ID.", add)
            .param(required("paymentId", Kind::Id, "Payment"))
            .param(required("deliveryId", Kind::Id, "Shipment"))
            .example(json!({"paymentId": 2, "deliveryId": 2}), json!("*")),
        read("crm.item.payment.delivery.list", CRM, deliveries)
            .controller()
            .about("Lists the deliveries that a payment pays for.")
            .param(required("paymentId", Kind::Id, "Payment"))
            .param(optional("filter", Kind::Filter, "Conditions by field: id"))
            .param(optional("order", Kind::Order, "ASC or DESC by field"))
            .example(json!({"paymentId": 1}), json!([{"id": 1, "deliveryId": 1, "quantity": 1}])),
        of("setDelivery", "Has a payment pay for another delivery.", set)
            .param(required("id", Kind::Id, "Paid delivery"))
            .param(required("deliveryId", Kind::Id, "Shipment"))
            .example(json!({"id": 1, "deliveryId": 2}), json!(true)),
        of("delete", "Takes a delivery out of a payment.", delete)
            .param(required("id", Kind::Id, "Paid delivery"))
            .example(json!({"id": 1}), json!(true)),
    ]
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let payment = find(call, call.id("paymentId"), Act::Update, no_payment)?;
    let shipment = of_order(call, payment.int("orderId"))?;
    Ok(Value::Int(put(call, payment.number, shipment)?.number))
}

/// The shipment that a request names, of this order.
fn of_order(call: &mut Call<'_, '_>, order: Option<i64>) -> Result<i64> {
    let row = noun::again(call, &SHIPMENT, call.id("deliveryId"))?;
    let row = row.filter(|row| row.int("orderId") == order);
    row.map(|row| row.number).ok_or_else(|| refused("Delivery has not been found"))
}

fn put(call: &mut Call<'_, '_>, payment: i64, shipment: i64) -> Result<Row> {
    let mut fields = Map::with_capacity(2);
    fields.push("paymentId", payment);
    fields.push("shipmentId", shipment);
    noun::put(call, &OF_SHIPMENTS, &fields)
}

fn deliveries(call: &mut Call<'_, '_>) -> Result<Value> {
    let payment = find(call, call.id("paymentId"), Act::Read, no_payment)?;
    let rows = list(
        call,
        "sale.paymentItemShipment.list",
        ("paymentId", &[payment.number]),
        "paymentItemsShipment",
    )?;
    let show = |row: &Value| {
        let mut map = Map::with_capacity(4);
        map.push("id", row.get("id").cloned().unwrap_or_default());
        map.push("paymentId", payment.number);
        map.push("quantity", 1);
        map.push("deliveryId", row.get("shipmentId").cloned().unwrap_or_default());
        Value::Map(map)
    };
    Ok(rows.iter().map(show).collect::<Vec<_>>().into())
}

/// What a payment pays for, when the caller may change its item.
fn item(call: &mut Call<'_, '_>) -> Result<(Row, Option<i64>)> {
    let row = noun::again(call, &OF_SHIPMENTS, call.id("id"))?.ok_or_else(no_item)?;
    let shipment = noun::again(call, &SHIPMENT, row.int("shipmentId").unwrap_or(0))?;
    let order = shipment.and_then(|shipment| shipment.int("orderId"));
    require(call, order.unwrap_or(0), Act::Update)?;
    Ok((row, order))
}

fn set(call: &mut Call<'_, '_>) -> Result<Value> {
    let (row, order) = item(call)?;
    let shipment = of_order(call, order)?;
    let sql = format!("UPDATE {} SET shipment_id = ? WHERE id = ?", OF_SHIPMENTS.table);
    call.tx.execute(&sql, &[shipment.into(), row.number.into()])?;
    noun::amend(call, &OF_SHIPMENTS, &SHIPMENTS, row.number, &Map::new())?;
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let (row, _) = item(call)?;
    noun::clear(call, &OF_SHIPMENTS, &[("id", row.number.into())])?;
    Ok(true.into())
}
