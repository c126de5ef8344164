//! What stock is kept for an order. The catalogue follows these rows: it reserves what they say, or refuses them.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, Access, Face, ID, Noun, Row, field, noun};
use rust_decimal::Decimal;
use wire::{Fault, Map};

use super::{BASKET, product};
use crate::SCOPE;
use crate::kit::{DIGITS, faults};
use crate::order::ORDER;
use crate::shipment::item;

/// How reservations are shown.
pub const FACE: Face = Face::controller("sale.reservation", "reservation", "reservations")
    .verbs(&[])
    .faults(faults(0, "reservation does not exist"));

/// Reservations.
pub static RESERVATION: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("basketId", Kind::Integer, "Basket item").required().indexed(),
        field("productId", Kind::Integer, "Product").required().indexed(),
        field("storeId", Kind::Integer, "Store").required(),
        field("quantity", Kind::Decimal(DIGITS), "Quantity").required(),
        field("dateReserve", Kind::DateTime, "Reserved at"),
        field("dateReserveEnd", Kind::DateTime, "Reserved until"),
        field("reservedBy", Kind::User, "Reserved by"),
    ],
    faces: &[FACE],
    ..noun("sale.reservation", "sale_reservation", SCOPE, ["reservation", "reservations"])
};

/// How an item of a basket takes from the stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stocked {
    /// It lies in no store.
    Never,
    /// It takes what there is, and is sold without as well.
    Loosely,
    /// It is sold as long as there is some.
    Strictly,
}

/// How a product takes from the stock.
///
/// # Errors
/// Those of the store.
pub fn stocked(call: &mut Call<'_, '_>, id: i64) -> Result<Stocked> {
    let Some(product) = product::of(call, id)? else { return Ok(Stocked::Never) };
    Ok(match product.int("type") {
        // Sets, products that only gather variants, and services.
        Some(2 | 3 | 6 | 7) => Stocked::Never,
        _ if product.text("quantityTrace") == "Y" && product.text("canBuyZero") != "Y" => Stocked::Strictly,
        _ => Stocked::Loosely,
    })
}

/// Keeps as much for an item as its order still has to ship; nothing for a canceled order.
///
/// # Errors
/// The refusal of what is not there.
pub fn hold(call: &mut Call<'_, '_>, basket: &Row) -> Result<()> {
    let product = basket.int("productId").unwrap_or(0);
    let kind = stocked(call, product)?;
    if kind == Stocked::Never {
        return Ok(());
    }
    let order = noun::again(call, &ORDER, basket.int("orderId").unwrap_or(0))?;
    let wanted = match order.is_some_and(|order| order.text("canceled") != "Y") {
        true => basket.decimal("quantity").unwrap_or_default() - item::shipped(call, basket.number)?,
        false => Decimal::ZERO,
    };
    let kept = noun::among(call, &RESERVATION, "basketId", &[basket.number])?;
    let has: Decimal = kept.iter().filter_map(|row| row.decimal("quantity")).sum();
    if has == wanted {
        return Ok(());
    }
    noun::clear(call, &RESERVATION, &[("basketId", basket.number.into())])?;
    if take(call, basket.number, product, wanted)? > Decimal::ZERO && kind == Stocked::Strictly {
        return Err(Fault::numbered(400, 200_140_400_007, "basket item is not saved - bad data").into());
    }
    Ok(())
}

/// Reserves from one store after the other, the fullest first. Gives what could not be had.
fn take(call: &mut Call<'_, '_>, basket: i64, product: i64, mut wanted: Decimal) -> Result<Decimal> {
    if wanted <= Decimal::ZERO {
        return Ok(Decimal::ZERO);
    }
    for (store, free) in free(call, product)? {
        let part = free.min(wanted);
        if part > Decimal::ZERO {
            put(call, basket, product, store, part)?;
            wanted -= part;
        }
    }
    Ok(wanted)
}

/// What is free in the stores, the fullest first; locked until the call ends.
///
/// # Errors
/// Those of the store.
pub fn free(call: &mut Call<'_, '_>, product: i64) -> Result<Vec<(i64, Decimal)>> {
    let Some(shape) = call.core.modules.noun("catalog.storeProduct") else { return Ok(Vec::new()) };
    let column = |name| shape.column(name).unwrap_or(name);
    let (of, store) = (column("productId"), column("storeId"));
    let left = format!("{} - COALESCE({}, 0)", column("amount"), column("quantityReserved"));
    let sql = format!(
        "SELECT {store}, {left} FROM {} WHERE {of} = ? AND {left} > 0 ORDER BY 2 DESC, 1{}",
        shape.noun.table,
        call.tx.dialect().for_update()
    );
    Ok(call
        .tx
        .all(&sql, &[product.into()], |row| Ok((row.int(0)?, Decimal::new(row.int(1)?, DIGITS.into()))))?)
}

fn put(call: &mut Call<'_, '_>, basket: i64, product: i64, store: i64, quantity: Decimal) -> Result<()> {
    let mut fields = Map::with_capacity(6);
    fields.push("basketId", basket);
    fields.push("productId", product);
    fields.push("storeId", store);
    fields.push("quantity", quantity.to_string());
    fields.push("dateReserve", format!("@{}", call.now.seconds()));
    fields.push("reservedBy", call.caller.user_id);
    noun::put(call, &RESERVATION, &fields)?;
    Ok(())
}

/// Gives back as much of what is kept for an item, and says from which stores.
///
/// # Errors
/// Those of the store.
pub fn release(call: &mut Call<'_, '_>, basket: i64, mut wanted: Decimal) -> Result<Vec<(i64, Decimal)>> {
    let mut from = Vec::new();
    for row in noun::among(call, &RESERVATION, "basketId", &[basket])? {
        let has = row.decimal("quantity").unwrap_or_default();
        let part = has.min(wanted);
        if part <= Decimal::ZERO {
            break;
        }
        if part == has {
            noun::clear(call, &RESERVATION, &[("id", row.number.into())])?;
        } else {
            let mut fields = Map::with_capacity(1);
            fields.push("quantity", (has - part).to_string());
            noun::amend(call, &RESERVATION, &FACE, row.number, &fields)?;
        }
        from.push((row.int("storeId").unwrap_or(0), part));
        wanted -= part;
    }
    Ok(from)
}

/// The same for everything in an order: it was canceled, or is no more.
///
/// # Errors
/// The refusal of what is not there.
pub fn of_order(call: &mut Call<'_, '_>, order: &Row) -> Result<()> {
    noun::among(call, &BASKET, "orderId", &[order.number])?.iter().try_for_each(|row| hold(call, row))
}
