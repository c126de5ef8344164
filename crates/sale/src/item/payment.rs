//! Payments of items: `crm.item.payment.*`.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use wire::{Map, Value};

use super::owner::{brief, denied, list, named, order, orders, require};
use crate::CRM;
use crate::kit::refused;
use crate::payment::{FACE, INNER, PAYMENT};
use crate::paysystem::pay::set_paid;
use crate::paysystem::system::SYSTEM;

/// What is shown of a payment.
const SHOWN: [&str; 9] = [
    "id",
    "accountNumber",
    "paid",
    "datePaid",
    "empPaidId",
    "paySystemId",
    "sum",
    "currency",
    "paySystemName",
];

/// The methods.
pub fn methods() -> Vec<Method> {
    let of_item = |method: Method| {
        method.controller().param(required("entityId", Kind::Id, "Item")).param(required(
            "entityTypeId",
            Kind::Id,
            "Kind of the item",
        ))
    };
    let one = |verb: &str, about: &'static str, handler: fn(&mut Call<'_, '_>) -> Result<Value>| {
        write(format!("crm.item.payment.{verb}"), CRM, handler).controller().about(about).param(required(
            "id",
            Kind::Id,
            "Payment",
        ))
    };
    vec![
        of_item(
            write("crm.item.payment.add", CRM, add).about("Adds a payment to an item and returns its ID."),
        )
        .example(json!({"entityId": 2, "entityTypeId": 2}), json!("*")),
        of_item(read("crm.item.payment.list", CRM, payments).about("Lists the payments of an item."))
            .param(optional("filter", Kind::Filter, "Conditions by field, with comparison prefixes"))
            .param(optional("order", Kind::Order, "ASC or DESC by field"))
            .param(optional("start", Kind::Int, "Offset of the first row"))
            .example(json!({"entityId": 1, "entityTypeId": 2}), json!("*")),
        read("crm.item.payment.get", CRM, get)
            .controller()
            .about("Returns a payment of an item.")
            .param(required("id", Kind::Id, "Payment"))
            .example(json!({"id": 1}), json!({"id": 1})),
        one("update", "Updates the pay system of a payment, and whether it is paid.", update)
            .param(required("fields", Kind::Fields, "Values by field").with_members(vec![
                optional("paid", Kind::Flag, "Paid"),
                optional("paySystemId", Kind::Int, "Pay system"),
            ]))
            .example(json!({"id": 1, "fields": {"paid": "Y"}}), json!(true)),
        one("pay", "Marks a payment as paid.", |call| mark(call, true))
            .example(json!({"id": 1}), json!(true)),
        one("unpay", "Marks a payment as not paid.", |call| mark(call, false))
            .example(json!({"id": 2}), json!(true)),
        one("delete", "Deletes a payment of an item.", delete).example(json!({"id": 1}), json!(true)),
    ]
}

/// The payment with this number, when the caller may do this to its item.
///
/// # Errors
/// The refusals of the family.
pub fn find(call: &mut Call<'_, '_>, id: i64, act: Act, missing: fn() -> engine::Error) -> Result<Row> {
    let row = noun::again(call, &PAYMENT, id)?.ok_or_else(missing)?;
    require(call, row.int("orderId").unwrap_or(0), act)?;
    Ok(row)
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let item = named(call, Act::Update)?;
    let order = order(call, item)?;
    let sql = format!(
        "SELECT id FROM {} WHERE active = 'Y' AND entity_registry_type = 'ORDER' ORDER BY sort, id LIMIT 1",
        SYSTEM.table
    );
    let system = call.tx.one(&sql, &[], |row| row.int(0))?;
    let mut fields = Map::with_capacity(3);
    fields.push("orderId", order);
    fields.push("paySystemId", system.ok_or_else(|| refused("Pay system not found"))?);
    fields.push("responsibleId", call.caller.user_id);
    Ok(Value::Int(noun::put(call, &PAYMENT, &fields)?.number))
}

fn payments(call: &mut Call<'_, '_>) -> Result<Value> {
    let item = named(call, Act::Read)?;
    let orders = orders(call, item)?;
    let rows = list(call, "sale.payment.list", ("orderId", &orders), "payments")?;
    Ok(rows.iter().map(|row| brief(row, &SHOWN)).collect::<Vec<_>>().into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = find(call, call.id("id"), Act::Read, denied)?;
    let shown = noun::show(call, &PAYMENT, &FACE, &row)?;
    Ok(brief(&shown.into_value(), &SHOWN))
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = find(call, call.id("id"), Act::Update, denied)?;
    let given = call.fields("fields");
    let mut fields = Map::with_capacity(2);
    if let Some(system) = given.get("paySystemId") {
        let id = system.as_int().unwrap_or(0);
        if !noun::has(call, &SYSTEM, &[("id", id.into())])? {
            return Err(refused("Pay system not found"));
        }
        fields.push("paySystemId", id);
    }
    if let Some(paid) = given.get("paid") {
        fields.push("paid", paid.clone());
    }
    noun::amend(call, &PAYMENT, &INNER, row.number, &fields)?;
    Ok(true.into())
}

fn mark(call: &mut Call<'_, '_>, paid: bool) -> Result<Value> {
    let row = find(call, call.id("id"), Act::Update, denied)?;
    set_paid(call, row.number, paid)?;
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = find(call, call.id("id"), Act::Update, denied)?;
    noun::clear(call, &PAYMENT, &[("id", row.number.into())])?;
    Ok(true.into())
}
