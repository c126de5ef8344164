//! Stock that shipments took. The catalogue follows these rows: it takes what they say out of the stores, or refuses them, and puts it
//! back when they go.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, Access, Face, ID, Noun, Row, field, noun};
use rust_decimal::Decimal;
use wire::{Fault, Map};

use super::item::ITEM;
use crate::SCOPE;
use crate::basket::BASKET;
use crate::basket::reserve::{Stocked, free, hold, release, stocked};
use crate::kit::{DIGITS, faults};

const FACE: Face = Face::controller("sale.shippedStock", "shippedStock", "shippedStocks")
    .verbs(&[])
    .faults(faults(0, "shipped stock does not exist"));

/// Stock that was shipped.
pub static SHIPPED: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("shipmentId", Kind::Integer, "Shipment").required().indexed(),
        field("basketId", Kind::Integer, "Basket item").required().indexed(),
        field("productId", Kind::Integer, "Product").required(),
        field("storeId", Kind::Integer, "Store").required(),
        field("quantity", Kind::Decimal(DIGITS), "Quantity").required(),
    ],
    faces: &[FACE],
    ..noun("sale.shippedStock", "sale_shipped_stock", SCOPE, ["shipped stock", "shipped stocks"])
};

/// Takes what is in a shipment out of the stores: first what was kept for it, then what is free.
///
/// # Errors
/// The refusal of what is not there.
pub fn ship(call: &mut Call<'_, '_>, shipment: &Row) -> Result<()> {
    for item in noun::among(call, &ITEM, "orderDeliveryId", &[shipment.number])? {
        let Some(basket) = noun::again(call, &BASKET, item.int("basketId").unwrap_or(0))? else { continue };
        let product = basket.int("productId").unwrap_or(0);
        let kind = stocked(call, product)?;
        if kind == Stocked::Never {
            continue;
        }
        let mut wanted = item.decimal("quantity").unwrap_or_default();
        let mut from = release(call, basket.number, wanted)?;
        wanted -= from.iter().map(|(_, part)| part).sum::<Decimal>();
        if wanted > Decimal::ZERO {
            // What was just given back is free as well, and already spoken for.
            let spoken = |store: i64| {
                from.iter().filter(|(of, _)| *of == store).map(|(_, part)| *part).sum::<Decimal>()
            };
            let stores: Vec<(i64, Decimal)> =
                free(call, product)?.into_iter().map(|(store, free)| (store, free - spoken(store))).collect();
            for (store, free) in stores {
                let part = free.min(wanted);
                if part > Decimal::ZERO {
                    from.push((store, part));
                    wanted -= part;
                }
            }
        }
        if wanted > Decimal::ZERO && kind == Stocked::Strictly {
            let text = format!("There is not enough of {} in stock", basket.text("name"));
            return Err(Fault::new(400, "SALE_SHIPMENT_QUANTITY_NOT_ENOUGH", text).into());
        }
        for (store, part) in from {
            put(call, shipment.number, &basket, store, part)?;
        }
    }
    Ok(())
}

fn put(call: &mut Call<'_, '_>, shipment: i64, basket: &Row, store: i64, quantity: Decimal) -> Result<()> {
    let mut fields = Map::with_capacity(5);
    fields.push("shipmentId", shipment);
    fields.push("basketId", basket.number);
    fields.push("productId", basket.int("productId"));
    fields.push("storeId", store);
    fields.push("quantity", quantity.to_string());
    noun::put(call, &SHIPPED, &fields)?;
    Ok(())
}

/// Puts it back, and keeps it for the order again.
///
/// # Errors
/// Those of the store.
pub fn unship(call: &mut Call<'_, '_>, shipment: i64) -> Result<()> {
    noun::clear(call, &SHIPPED, &[("shipmentId", shipment.into())])?;
    for item in noun::among(call, &ITEM, "orderDeliveryId", &[shipment])? {
        if let Some(basket) = noun::again(call, &BASKET, item.int("basketId").unwrap_or(0))? {
            hold(call, &basket)?;
        }
    }
    Ok(())
}
