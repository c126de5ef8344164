//! What the payments of items pay for: product rows of the item (`crm.item.payment.product.*`).

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::entity::owned::Code;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required, write};
use engine::noun::{self, Row};
use rust_decimal::Decimal;
use serde_json::json;
use wire::{Map, Value};

use super::owner::{self, no_item, no_payment, require};
use super::payment::find;
use crate::CRM;
use crate::basket::BASKET;
use crate::kit::refused;
use crate::order::entity::ENTITY;
use crate::order::totals::cents;
use crate::payment::binding::{BASKETS, OF_BASKETS};
use crate::payment::{INNER, PAYMENT};

/// The methods.
pub fn methods() -> Vec<Method> {
    let of = |verb: &str, about: &'static str, handler: fn(&mut Call<'_, '_>) -> Result<Value>| {
        write(format!("crm.item.payment.product.{verb}"), CRM, handler).controller().about(about)
    };
    vec![
        of("add", "Adds a product row of the item to a payment and returns its ID.", add)
            .param(required("paymentId", Kind::Id, "Payment"))
            .param(required("rowId", Kind::Id, "Product row"))
            .param(required("quantity", Kind::Any, "Quantity"))
            .example(json!({"paymentId": 4, "rowId": 1, "quantity": 1}), json!("*")),
        read("crm.item.payment.product.list", CRM, list)
            .controller()
            .about("Lists the product rows that a payment pays for.")
            .param(required("paymentId", Kind::Id, "Payment"))
            .param(optional("filter", Kind::Filter, "Conditions by field: id"))
            .param(optional("order", Kind::Order, "ASC or DESC by field"))
            .example(json!({"paymentId": 3}), json!("*")),
        of("setQuantity", "Says how many of a product row a payment pays for.", set_quantity)
            .param(required("id", Kind::Id, "Paid product row"))
            .param(required("quantity", Kind::Any, "Quantity"))
            .example(json!({"id": 2, "quantity": 2}), json!(true)),
        of("delete", "Takes a product row out of a payment.", delete)
            .param(required("id", Kind::Id, "Paid product row"))
            .example(json!({"id": 2}), json!(true)),
    ]
}

/// The external ID of the item of the basket that stands for a product row.
pub fn external(row: i64) -> String {
    format!("crm_pr_{row}")
}

/// The product row for which an item of the basket stands.
fn row_of(basket: &Row) -> Option<i64> {
    basket.text("xmlId").strip_prefix("crm_pr_")?.parse().ok()
}

fn quantity(call: &Call<'_, '_>) -> Result<Decimal> {
    let text = call.text("quantity").unwrap_or_default();
    let quantity = text.parse::<Decimal>().ok().filter(|quantity| *quantity > Decimal::ZERO);
    quantity.ok_or_else(|| refused("Quantity must be greater than zero"))
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let payment = find(call, call.id("paymentId"), Act::Update, no_payment)?;
    let quantity = quantity(call)?;
    let basket = basket(call, &payment, call.id("rowId"))?;
    require_left(call, &basket, quantity, 0)?;
    let mut fields = Map::with_capacity(3);
    fields.push("paymentId", payment.number);
    fields.push("basketId", basket.number);
    fields.push("quantity", quantity.to_string());
    let row = noun::put(call, &OF_BASKETS, &fields)?;
    recount(call, payment.number)?;
    Ok(Value::Int(row.number))
}

/// The item of the basket for a product row; a new one where the order has none.
fn basket(call: &mut Call<'_, '_>, payment: &Row, id: i64) -> Result<Row> {
    let missing = || refused("Product row has not been found");
    let order = payment.int("orderId").unwrap_or(0);
    let row = noun::foreign(call, "crm.productRow", id)?.ok_or_else(missing)?;
    let owners = noun::among(call, &ENTITY, "orderId", &[order])?;
    let owns = |owner: &Row| {
        let kind = call.entity(owner.int("ownerTypeId").unwrap_or(0));
        kind.is_some_and(|kind| Code::Prefix.of(&kind) == *row.get("ownerType"))
            && owner.int("ownerId") == row.int("ownerId")
    };
    if !owners.iter().any(owns) {
        return Err(missing());
    }
    let items = noun::among(call, &BASKET, "orderId", &[order])?;
    if let Some(item) = items.into_iter().find(|item| item.text("xmlId") == external(id)) {
        return Ok(item);
    }
    let decimal = |name: &str| row.decimal(name).unwrap_or_default();
    let mut fields = Map::new();
    fields.push("orderId", order);
    fields.push("productId", row.int("productId").unwrap_or(0));
    fields.push("name", row.text("productName").to_owned());
    fields.push("quantity", decimal("quantity").to_string());
    fields.push("price", decimal("price").to_string());
    fields.push("customPrice", "Y");
    fields.push("xmlId", external(id));
    if let Some(rate) = row.decimal("taxRate") {
        fields.push("vatRate", (rate / Decimal::ONE_HUNDRED).to_string());
        fields.push("vatIncluded", "Y");
    }
    noun::put(call, &BASKET, &fields)
}

/// A row is paid for once: by all payments together not more than it has.
fn require_left(call: &mut Call<'_, '_>, basket: &Row, wanted: Decimal, but: i64) -> Result<()> {
    let paid = noun::among(call, &OF_BASKETS, "basketId", &[basket.number])?;
    let others: Decimal =
        paid.iter().filter(|row| row.number != but).filter_map(|row| row.decimal("quantity")).sum();
    match others + wanted <= basket.decimal("quantity").unwrap_or_default() {
        true => Ok(()),
        false => Err(refused("There is not enough of the product for the payment")),
    }
}

/// A payment comes to what it pays for.
fn recount(call: &mut Call<'_, '_>, payment: i64) -> Result<()> {
    let paid = noun::among(call, &OF_BASKETS, "paymentId", &[payment])?;
    let items = baskets(call, &paid)?;
    let sum: Decimal = paid
        .iter()
        .filter_map(|row| {
            let item = items.get(&row.int("basketId")?)?;
            Some(cents(item.decimal("price")?.checked_mul(row.decimal("quantity")?)?))
        })
        .sum();
    let mut fields = Map::with_capacity(1);
    fields.push("sum", sum.to_string());
    noun::amend(call, &PAYMENT, &INNER, payment, &fields)?;
    Ok(())
}

fn baskets(call: &mut Call<'_, '_>, paid: &[Row]) -> Result<HashMap<i64, Row>> {
    let ids: Vec<i64> = paid.iter().filter_map(|row| row.int("basketId")).collect();
    noun::again_all(call, &BASKET, ids)
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let payment = find(call, call.id("paymentId"), Act::Read, no_payment)?;
    let rows = owner::list(
        call,
        "sale.paymentitembasket.list",
        ("paymentId", &[payment.number]),
        "paymentItemsBasket",
    )?;
    let paid = noun::among(call, &OF_BASKETS, "paymentId", &[payment.number])?;
    let items = baskets(call, &paid)?;
    let show = |row: &Value| {
        let int = |name: &str| row.get(name).and_then(Value::as_int).unwrap_or(0);
        let product = row_of(items.get(&int("basketId"))?)?;
        let mut map = Map::with_capacity(4);
        map.push("id", int("id"));
        map.push("paymentId", payment.number);
        map.push("quantity", row.get("quantity").cloned().unwrap_or_default());
        map.push("rowId", product);
        Some(Value::Map(map))
    };
    Ok(rows.iter().filter_map(show).collect::<Vec<_>>().into())
}

/// What a payment pays for, when the caller may change its item.
fn item(call: &mut Call<'_, '_>) -> Result<(Row, Row)> {
    let row = noun::again(call, &OF_BASKETS, call.id("id"))?.ok_or_else(no_item)?;
    let basket = noun::again(call, &BASKET, row.int("basketId").unwrap_or(0))?.ok_or_else(no_item)?;
    require(call, basket.int("orderId").unwrap_or(0), Act::Update)?;
    Ok((row, basket))
}

fn set_quantity(call: &mut Call<'_, '_>) -> Result<Value> {
    let (row, basket) = item(call)?;
    let quantity = quantity(call)?;
    crate::order::rules::lock(call, basket.int("orderId").unwrap_or(0))?;
    require_left(call, &basket, quantity, row.number)?;
    let mut fields = Map::with_capacity(1);
    fields.push("quantity", quantity.to_string());
    noun::amend(call, &OF_BASKETS, &BASKETS, row.number, &fields)?;
    recount(call, row.int("paymentId").unwrap_or(0))?;
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let (row, _) = item(call)?;
    noun::clear(call, &OF_BASKETS, &[("id", row.number.into())])?;
    recount(call, row.int("paymentId").unwrap_or(0))?;
    Ok(true.into())
}
