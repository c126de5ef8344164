//! What happens to a shipment that is written.

use engine::call::Call;
use engine::copy::Copying;
use engine::error::Result;
use engine::noun::{self, Draft, Face, Hooks, Row, Saved};
use rust_decimal::Decimal;
use store::Param;
use wire::{Fault, Map};

use super::{TEXTS, item, stock};
use crate::delivery::request::REQUEST;
use crate::delivery::service::DELIVERY;
use crate::kit::{self, blank, demand, invalid, refused, shown_by, units};
use crate::order::rules::{lock, next_number, number_on, recount};
use crate::order::show::statuses;
use crate::payment::binding;
use crate::property::value::SHIPMENT_VALUE;
use crate::status;

pub(super) struct Shipments;

impl Hooks for Shipments {
    fn copied(&self, copying: &mut Copying<'_, '_>, _: &Face, rows: &[(i64, Map)]) -> Result<()> {
        number_on(copying, "shipments", "sale_shipment", rows)
    }

    fn fill(&self, call: &mut Call<'_, '_>, draft: &mut Draft<'_>) -> Result<()> {
        kit::name(draft);
        draft.set_if_empty("responsibleId", call.caller.user_id);
        Ok(())
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        demand(face, draft, old, &["allowDelivery", "deducted", "deliveryId"])?;
        let Some(id) = draft.int("orderId").or(old.and_then(|old| old.int("orderId"))) else { return Ok(()) };
        let order = lock(call, id)?.ok_or_else(|| refused("order does not exist"))?;
        if let Some(delivery) = draft.int("deliveryId")
            && !noun::has(call, &DELIVERY, &[("id", delivery.into())])?
        {
            let text = "The delivery service is not found";
            return Err(Fault::new(400, "SALE_SHIPMENT_WRONG_DELIVERY_SERVICE", text).into());
        }
        match draft.text("statusId").map(str::to_owned) {
            Some(code) if !status::exists(call, &code, "D")? => {
                return Err(Fault::new(400, "BX_INVALID_VALUE", "Invalid value of field statusId").into());
            }
            None if draft.is_given("statusId") => draft.leave("statusId"),
            _ => {}
        }
        kit::require_users(call, face, draft, &["responsibleId"])?;
        if old.is_none() {
            draft.set("currency", order.text("currency").to_owned());
            let number = next_number(call, &order, "shipments")?;
            draft.set("accountNumber", number);
        }
        prices(face, draft, old)?;
        let flags = [
            ["allowDelivery", "dateAllowDelivery", "empAllowDeliveryId"],
            ["deducted", "dateDeducted", "empDeductedId"],
        ];
        kit::note(call, draft, old, &flags);
        kit::entrust(call, draft, old);
        Ok(())
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        let is_shipped = |row: &Row| row.text("deducted") == "Y";
        let was_shipped = saved.old.is_some_and(is_shipped);
        match (was_shipped, is_shipped(saved.row)) {
            (false, true) => stock::ship(call, saved.row)?,
            (true, false) => stock::unship(call, saved.row.number)?,
            _ => {}
        }
        recount(call, saved.row.int("orderId").unwrap_or(0))
    }

    fn deleting(&self, _: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        if row.text("deducted") != "Y" {
            return Ok(());
        }
        let text = "The shipment has already been shipped. Please cancel the shipment";
        Err(Fault::new(400, "SALE_SHIPMENT_EXIST_SHIPPED", text).into())
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        noun::clear(call, &item::ITEM, &[("orderDeliveryId", row.number.into())])?;
        noun::clear(call, &SHIPMENT_VALUE, &[("shipmentId", row.number.into())])?;
        noun::clear(call, &REQUEST, &[("shipmentId", row.number.into())])?;
        noun::clear(call, &binding::OF_SHIPMENTS, &[("shipmentId", row.number.into())])?;
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
        let ids: Vec<i64> = rows.iter().map(|row| row.number).collect();
        let mut items = shown_by(call, &item::ITEM, &item::FACE, "orderDeliveryId", &ids)?;
        let services: Vec<i64> = rows.iter().filter_map(|row| row.int("deliveryId")).collect();
        let services = noun::again_all(call, &DELIVERY, services)?;
        let statuses = statuses(call)?;
        for (row, map) in rows.iter().zip(shown) {
            let service = row.int("deliveryId").and_then(|id| services.get(&id));
            let text = |name: &str| service.map_or("", |service| service.text(name)).to_owned();
            map.insert("deliveryName", text("name"));
            map.insert("deliveryXmlId", text("xmlId"));
            map.insert("statusXmlId", statuses.get(row.text("statusId")).cloned().unwrap_or_default());
            map.insert("shipmentItems", items.remove(&row.number).unwrap_or_default());
            blank(map, TEXTS);
        }
        Ok(())
    }
}

/// A price follows the base price, unless it is given.
fn prices(face: &Face, draft: &mut Draft<'_>, old: Option<&Row>) -> Result<()> {
    if old.is_some() && !draft.is_given("basePriceDelivery") && !draft.is_given("priceDelivery") {
        return Ok(());
    }
    let given = |name: &str| draft.decimal(None, name).filter(|_| draft.is_given(name));
    let own = given("priceDelivery");
    let base = given("basePriceDelivery").or(old.and_then(|old| old.decimal("basePriceDelivery")));
    let price = own.or(given("basePriceDelivery")).unwrap_or_default();
    let base = base.unwrap_or(price);
    if price < Decimal::ZERO || base < Decimal::ZERO {
        return Err(invalid(face, "priceDelivery"));
    }
    draft.set("priceDelivery", Param::from(units(price)?));
    draft.set("basePriceDelivery", Param::from(units(base)?));
    draft.set("discountPrice", Param::from(units(base - price)?));
    draft.set("customPriceDelivery", if own.is_some_and(|own| own != base) { "Y" } else { "N" });
    Ok(())
}
