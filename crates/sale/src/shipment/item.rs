//! What is in a shipment: `sale.shipmentitem.*`.

use std::collections::{HashMap, HashSet};

use engine::call::Call;
use engine::entity::Kind;
use engine::entity::codec::plain_number;
use engine::error::Result;
use engine::noun::{
    self, Access, Draft, Face, Faults, Hooks, ID, Noun, Refusal, Row, Saved, Stamp, field, noun,
};
use rust_decimal::Decimal;
use wire::{Fault, Map};

use super::SHIPMENT;
use crate::SCOPE;
use crate::basket::BASKET;
use crate::basket::reserve::RESERVATION;
use crate::kit::{self, DIGITS, VERBS, demand, faults, invalid, refused};
use crate::order::rules::{lock, recount};

const FAULTS: Faults = Faults {
    taken: Refusal::Numbered(201_250_000_001, "Duplicate entry for key [basketId, orderDeliveryId]"),
    ..faults(201_240_400_001, "shipment item does not exist")
};

/// How items are shown and written.
pub const FACE: Face =
    Face::controller("sale.shipmentitem", "shipmentItem", "shipmentItems").verbs(VERBS).faults(FAULTS);

/// Items of shipments.
pub static ITEM: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("orderDeliveryId", Kind::Integer, "Shipment").required().immutable().indexed().sample("1"),
        field("basketId", Kind::Integer, "Basket item").required().immutable().indexed().sample("2"),
        field("quantity", Kind::Decimal(DIGITS), "Quantity").required().sample("1"),
        field("reservedQuantity", Kind::Decimal(DIGITS), "Reserved").computed(),
        field("dateInsert", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("xmlId", Kind::String, "External ID").indexed(),
    ],
    faces: &[FACE],
    hooks: &Items,
    ..noun("sale.shipmentItem", "sale_shipment_item", SCOPE, ["item of a shipment", "items of shipments"])
};

struct Items;

impl Hooks for Items {
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
        demand(face, draft, old, &["quantity"])?;
        let of = |name: &str| draft.int(name).or(old.and_then(|old| old.int(name)));
        let (Some(shipment), Some(basket)) = (of("orderDeliveryId"), of("basketId")) else { return Ok(()) };
        let missing = |number, text: &'static str| Fault::numbered(400, number, text);
        let row = noun::locked(call, &SHIPMENT, shipment)?
            .ok_or_else(|| missing(201_240_400_002, "shipment not exists"))?;
        let order = row.int("orderId").unwrap_or(0);
        // What an order has in all shipments together is counted by one call at a time.
        lock(call, order)?;
        let item = noun::again(call, &BASKET, basket)?
            .filter(|item| item.int("orderId") == Some(order))
            .ok_or_else(|| missing(201_240_400_003, "basket item not exists"))?;
        let both = [("orderDeliveryId", shipment.into()), ("basketId", basket.into())];
        if old.is_none() && noun::has(call, &ITEM, &both)? {
            return Err(face.faults.taken.fault().into());
        }
        require_unshipped(&row)?;
        let quantity = draft.decimal(old, "quantity").unwrap_or_default();
        let others = distributed(call, basket, old.map_or(0, |old| old.number))?;
        match quantity > Decimal::ZERO && others + quantity <= item.decimal("quantity").unwrap_or_default() {
            true => Ok(()),
            false => Err(invalid(face, "quantity")),
        }
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        follow(call, saved.row)
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        match noun::again(call, &SHIPMENT, row.int("orderDeliveryId").unwrap_or(0))? {
            Some(shipment) => require_unshipped(&shipment),
            None => Ok(()),
        }
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        follow(call, row)
    }

    /// Of what is kept for the item of the basket, as much as is still to be shipped.
    fn show(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        rows: &[Row],
        shown: &mut [Map],
        _: bool,
    ) -> Result<()> {
        let baskets: Vec<i64> = rows.iter().filter_map(|row| row.int("basketId")).collect();
        let mut reserved: HashMap<i64, Decimal> = HashMap::new();
        for row in noun::among(call, &RESERVATION, "basketId", &baskets)? {
            *reserved.entry(row.int("basketId").unwrap_or(0)).or_default() +=
                row.decimal("quantity").unwrap_or_default();
        }
        let gone = gone(call, rows)?;
        for (row, map) in rows.iter().zip(shown) {
            let kept = row.int("basketId").and_then(|basket| reserved.get(&basket)).copied();
            let kept = if gone.contains(&row.number) { Decimal::ZERO } else { kept.unwrap_or_default() };
            map.insert(
                "reservedQuantity",
                plain_number(kept.min(row.decimal("quantity").unwrap_or_default())),
            );
        }
        Ok(())
    }
}

/// The order of a shipment follows what is in it.
fn follow(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    match noun::again(call, &SHIPMENT, row.int("orderDeliveryId").unwrap_or(0))? {
        Some(shipment) => recount(call, shipment.int("orderId").unwrap_or(0)),
        None => Ok(()),
    }
}

/// What was shipped is not changed.
fn require_unshipped(shipment: &Row) -> Result<()> {
    match shipment.text("deducted") == "Y" {
        true => Err(refused("The shipment has already been shipped. Please cancel the shipment")),
        false => Ok(()),
    }
}

/// How many of an item of a basket stand in shipments, but for one row.
///
/// # Errors
/// Those of the store.
pub fn distributed(call: &mut Call<'_, '_>, basket: i64, but: i64) -> Result<Decimal> {
    let rows = noun::among(call, &ITEM, "basketId", &[basket])?;
    Ok(rows.iter().filter(|row| row.number != but).filter_map(|row| row.decimal("quantity")).sum())
}

/// How many of an item of a basket were shipped.
///
/// # Errors
/// Those of the store.
pub fn shipped(call: &mut Call<'_, '_>, basket: i64) -> Result<Decimal> {
    let rows = noun::among(call, &ITEM, "basketId", &[basket])?;
    let gone = gone(call, &rows)?;
    Ok(rows.iter().filter(|row| gone.contains(&row.number)).filter_map(|row| row.decimal("quantity")).sum())
}

/// The numbers of those of these items that were shipped.
fn gone(call: &mut Call<'_, '_>, rows: &[Row]) -> Result<HashSet<i64>> {
    let shipments: Vec<i64> = rows.iter().filter_map(|row| row.int("orderDeliveryId")).collect();
    let shipments = noun::again_all(call, &SHIPMENT, shipments)?;
    let of = |row: &Row| row.int("orderDeliveryId").and_then(|id| shipments.get(&id));
    let is_gone = |row: &&Row| of(row).is_some_and(|shipment| shipment.text("deducted") == "Y");
    Ok(rows.iter().filter(is_gone).map(|row| row.number).collect())
}
