//! What an item of a basket may be, and what follows from it.

use std::borrow::Cow;

use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Draft, Face, Hooks, Row, Saved, Verb};
use engine::texts::Locale;
use rust_decimal::Decimal;
use store::Param;
use wire::{Fault, Map, Value};

use super::{is_of_catalog, product, property, reserve};
use crate::kit::{self, invalid, refused, shown_by, units};
use crate::order::rules::{lock, recount};
use crate::payment::binding;
use crate::shipment::item;

pub(super) struct Baskets;

/// What methods for products of the catalogue take.
const TAKEN: [&str; 5] = ["orderId", "productId", "quantity", "currency", "sort"];
/// Prices, which they take together with `customPrice`.
const PRICES: [&str; 4] = ["customPrice", "price", "basePrice", "discountPrice"];
/// What both take.
const OWN: [&str; 2] = ["xmlId", "name"];

/// The most of a product that an order has, and the highest price.
const MOST: i64 = 1_000_000_000;

/// The methods that write an item and return it.
const WRITES: [&str; 4] = [
    "sale.basketitem.add",
    "sale.basketitem.update",
    "sale.basketitem.addCatalogProduct",
    "sale.basketitem.updateCatalogProduct",
];

impl Hooks for Baskets {
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, verb: Verb) -> Result<()> {
        let lacks = |name: &str| call.fields("fields").get(name).is_none_or(Value::is_empty);
        if verb == Verb::Add && call.caller.is_admin && lacks("orderId") {
            return Err(Fault::numbered(400, 200_140_400_008, "Required fields: fields[ORDER_ID]").into());
        }
        Ok(())
    }

    /// A product of the catalogue is as the catalogue has it.
    fn read(
        &self,
        _: &mut Call<'_, '_>,
        face: &Face,
        given: &mut Cow<'_, Map>,
        _: Option<&Row>,
    ) -> Result<()> {
        if is_of_catalog(face) {
            let custom = given.get("customPrice").and_then(Value::as_flag) == Some(true);
            let taken = |name: &str| {
                TAKEN.contains(&name) || OWN.contains(&name) || (custom && PRICES.contains(&name))
            };
            let kept: Map = given.iter().filter(|(name, _)| taken(name)).map(own).collect();
            *given = Cow::Owned(kept);
        }
        Ok(())
    }

    fn fill(&self, _: &mut Call<'_, '_>, draft: &mut Draft<'_>) -> Result<()> {
        kit::name(draft);
        Ok(())
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        let id = draft.int("orderId").or(old.and_then(|old| old.int("orderId"))).unwrap_or(0);
        let order = lock(call, id)?.ok_or_else(|| refusal(200_140_400_009, "Order not found"))?;
        let currency = order.text("currency").to_owned();
        if draft.text("currency").is_some_and(|given| given != currency) {
            return Err(refusal(200_140_400_011, "Currency must be the currency of the order"));
        }
        if old.is_none() {
            draft.set("currency", currency);
        }
        quantity(call, face, draft, old)?;
        rate(face, draft)?;
        match old {
            None => product::fill(call, draft)?,
            // A price that is given is the item's own from then on.
            Some(_) if PRICES[1..].iter().any(|name| draft.is_given(name)) => draft.set("customPrice", "Y"),
            Some(_) => {}
        }
        prices(face, draft, old)
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        reserve::hold(call, saved.row)?;
        recount(call, saved.row.int("orderId").unwrap_or(0))
    }

    /// What was shipped stays in the order.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        lock(call, row.int("orderId").unwrap_or(0))?;
        if item::shipped(call, row.number)? > Decimal::ZERO {
            return Err(refused("The basket item has already been shipped"));
        }
        Ok(())
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        for noun in [&property::PROPERTY, &reserve::RESERVATION, &item::ITEM, &binding::OF_BASKETS] {
            noun::clear(call, noun, &[("basketId", row.number.into())])?;
        }
        recount(call, row.int("orderId").unwrap_or(0))
    }

    fn show(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        rows: &[Row],
        shown: &mut [Map],
        _: bool,
    ) -> Result<()> {
        // What writes an item counts it, as lists do.
        if WRITES.contains(&call.method.name.as_str()) {
            call.total = Some(1);
        }
        let ids: Vec<i64> = rows.iter().map(|row| row.number).collect();
        let mut properties = shown_by(call, &property::PROPERTY, &property::FACE, "basketId", &ids)?;
        let mut reserved = shown_by(call, &reserve::RESERVATION, &reserve::FACE, "basketId", &ids)?;
        for (row, map) in rows.iter().zip(shown) {
            map.insert("properties", properties.remove(&row.number).unwrap_or_default());
            map.insert("reservations", reserved.remove(&row.number).unwrap_or_default());
            kit::blank(map, &["dimensions", "catalogXmlId", "productXmlId"]);
        }
        Ok(())
    }

    /// Of a product of the catalogue a request gives little.
    fn describe(&self, face: &Face, fields: &mut Map, _: Locale) {
        if !is_of_catalog(face) {
            return;
        }
        for (name, field) in fields.iter_mut() {
            let given = TAKEN.contains(&name) || PRICES.contains(&name) || OWN.contains(&name);
            if let (Value::Map(field), false) = (field, given) {
                field.insert("isReadOnly", true);
                field.insert("isImmutable", false);
            }
        }
    }
}

fn own((name, value): (&str, &Value)) -> (wire::Text, Value) {
    (name.into(), value.clone())
}

fn refusal(number: i64, text: &'static str) -> engine::Error {
    Fault::numbered(400, number, text).into()
}

/// An order has some of what it has, and not less than was shipped.
fn quantity(call: &mut Call<'_, '_>, face: &Face, draft: &Draft<'_>, old: Option<&Row>) -> Result<()> {
    if !draft.is_given("quantity") {
        return Ok(());
    }
    let Some(quantity) = draft.decimal(old, "quantity") else { return Ok(()) };
    let distributed = match old {
        Some(old) => item::distributed(call, old.number, 0)?,
        None => Decimal::ZERO,
    };
    match quantity > Decimal::ZERO && quantity <= Decimal::from(MOST) && quantity >= distributed {
        true => Ok(()),
        false => Err(invalid(face, "quantity")),
    }
}

fn rate(face: &Face, draft: &Draft<'_>) -> Result<()> {
    match draft.int("vatRate").is_none_or(|rate| rate >= 0) {
        true => Ok(()),
        false => Err(invalid(face, "vatRate")),
    }
}

/// A base price is the price and the discount, always.
fn prices(face: &Face, draft: &mut Draft<'_>, old: Option<&Row>) -> Result<()> {
    let given = |name: &str| draft.decimal(None, name).filter(|_| draft.is_given(name));
    let before = |name: &str| old.and_then(|old| old.decimal(name));
    let (price, base, discount) = (given("price"), given("basePrice"), given("discountPrice"));
    let (price, base, discount) = match (price, base, discount) {
        (None, None, None) if old.is_some() => return Ok(()),
        (Some(price), Some(base), Some(discount)) => (price, base, discount),
        (Some(price), Some(base), None) => (price, base, base - price),
        (Some(price), None, Some(discount)) => (price, price + discount, discount),
        (None, Some(base), Some(discount)) => (base - discount, base, discount),
        (Some(price), None, None) => {
            let base = before("basePrice").unwrap_or(price);
            (price, base, base - price)
        }
        (None, Some(base), None) => {
            let discount = before("discountPrice").unwrap_or_default();
            (base - discount, base, discount)
        }
        (None, None, discount) => {
            let (base, discount) = (before("basePrice").unwrap_or_default(), discount.unwrap_or_default());
            (base - discount, base, discount)
        }
    };
    if base != price + discount {
        return Err(refused("The base price must be the sum of the price and the discount"));
    }
    if price < Decimal::ZERO || base < Decimal::ZERO || base.max(price) > Decimal::from(MOST) {
        return Err(invalid(face, "price"));
    }
    for (name, value) in [("price", price), ("basePrice", base), ("discountPrice", discount)] {
        draft.set(name, Param::from(units(value)?));
    }
    Ok(())
}
