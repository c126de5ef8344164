//! What happens to an order that is written: its moves, its sums and what follows from both.

use std::borrow::Cow;

use engine::call::Call;
use engine::copy::Copying;
use engine::error::Result;
use engine::event::Happening;
use engine::noun::{self, Draft, Face, Hooks, Row, Saved};
use store::Param;
use wire::{Fault, Map, Value};

use super::totals::{Line, Total, total};
use super::{INNER, ORDER, client, payer, show};
use crate::basket::{BASKET, reserve};
use crate::kit::{self, invalid, is_inner, sign, too_large, turns};
use crate::payment::PAYMENT;
use crate::property::value::VALUE;
use crate::shipment::SHIPMENT;
use crate::status;

pub(super) struct Orders;

impl Hooks for Orders {
    /// Requisites are given by their numbers.
    fn read(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        given: &mut Cow<'_, Map>,
        _: Option<&Row>,
    ) -> Result<()> {
        if let Some(link) = given.get("requisiteLink") {
            let link = payer::link(call, face, link)?;
            given.to_mut().insert("requisiteLink", link);
        }
        Ok(())
    }

    fn fill(&self, call: &mut Call<'_, '_>, draft: &mut Draft<'_>) -> Result<()> {
        kit::name(draft);
        draft.set_if_empty("dateInsert", call.now.seconds());
        draft.set_if_empty("userId", call.caller.user_id);
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
        if is_inner(face) {
            return follow(call, draft, old);
        }
        kit::require_currency(call, face, draft, "currency")?;
        kit::require_users(
            call,
            face,
            draft,
            &["userId", "responsibleId", "empStatusId", "empCanceledId", "empMarkedId"],
        )?;
        if matches!(draft.get("price"), Some(Param::Int(..0))) {
            return Err(invalid(face, "price"));
        }
        moves(call, face, draft, old)?;
        if let Some(old) = old {
            draft.set("version", old.int("version").unwrap_or(0) + 1);
            let paid = paid(call, draft, old)?;
            draft.set("payed", paid);
        }
        Ok(())
    }

    fn saved(&self, call: &mut Call<'_, '_>, face: &Face, saved: &Saved<'_>) -> Result<()> {
        let id = saved.row.number;
        if saved.old.is_none() {
            let sql = "UPDATE sale_order SET account_number = ? WHERE id = ?";
            call.tx.execute(sql, &[id.to_string().into(), id.into()])?;
        }
        if !is_inner(face) {
            client::keep(call, face, id, saved.given)?;
            client::trade(call, face, id, saved.given)?;
        }
        if saved.old.is_some_and(|old| old.text("canceled") != saved.row.text("canceled")) {
            reserve::of_order(call, saved.row)?;
        }
        tell(call, saved.row, "ONSALEORDERSAVED", "save");
        Ok(())
    }

    /// What was paid or shipped must be undone first.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        require_idle(call, row.number)?;
        tell(call, row, "ONSALEBEFOREORDERDELETE", "delete");
        Ok(())
    }

    /// Everything that belongs to it goes with it.
    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        let nouns = [&SHIPMENT, &PAYMENT, &BASKET, &VALUE, &client::CLIENT, &crate::trade::BINDING];
        for noun in nouns.into_iter().chain([&super::entity::ENTITY]) {
            noun::clear(call, noun, &[("orderId", row.number.into())])?;
        }
        Ok(())
    }

    fn show(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        rows: &[Row],
        shown: &mut [Map],
        whole: bool,
    ) -> Result<()> {
        show::complete(call, rows, shown, whole)
    }
}

/// Notes who changed the status, canceled the order or marked it, and when.
fn moves(call: &mut Call<'_, '_>, face: &Face, draft: &mut Draft<'_>, old: Option<&Row>) -> Result<()> {
    if let Some(code) = draft.text("statusId").map(str::to_owned) {
        if !status::exists(call, &code, "O")? {
            return Err(invalid(face, "statusId"));
        }
        if old.is_none_or(|old| old.text("statusId") != code) {
            sign(call, draft, "dateStatus", "empStatusId");
        }
    } else if draft.is_given("statusId") {
        draft.leave("statusId");
    }
    if let Some(old) = old
        && turns(draft, Some(old), "canceled")
        && draft.text("canceled") == Some("Y")
    {
        require_idle(call, old.number)?;
    }
    kit::note(
        call,
        draft,
        old,
        &[["canceled", "dateCanceled", "empCanceledId"], ["marked", "dateMarked", "empMarkedId"]],
    );
    Ok(())
}

/// An order with paid payments or shipped goods is neither canceled nor deleted.
fn require_idle(call: &mut Call<'_, '_>, id: i64) -> Result<()> {
    let of = [("orderId", id.into()), ("paid", "Y".into())];
    if noun::has(call, &PAYMENT, &of)? {
        let text = "The order has active payments";
        return Err(Fault::new(400, "SALE_ORDER_CANCEL_PAYMENT_EXIST_ACTIVE", text).into());
    }
    if has_shipped(call, id)? {
        let text = "The order has shipped goods";
        return Err(Fault::new(400, "SALE_ORDER_CANCEL_SHIPMENT_EXIST_SHIPPED", text).into());
    }
    Ok(())
}

/// Brings an order in line with what it consists of.
///
/// # Errors
/// The refusal of a sum that has no room.
pub fn recount(call: &mut Call<'_, '_>, order: i64) -> Result<()> {
    noun::amend(call, &ORDER, &INNER, order, &Map::new())?;
    Ok(())
}

fn follow(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>) -> Result<()> {
    let Some(old) = old else { return Ok(()) };
    let sums = sums(call, old.number)?;
    draft.set("price", kit::units(sums.price)?);
    draft.set("taxValue", kit::units(sums.tax)?);
    draft.set("version", old.int("version").unwrap_or(0) + 1);
    let paid = paid(call, draft, old)?;
    draft.set("payed", paid);
    let shipped = is_shipped(call, old.number)?;
    draft.set("deducted", if shipped { "Y" } else { "N" });
    Ok(())
}

/// What the basket and the shipments of an order come to.
fn sums(call: &mut Call<'_, '_>, order: i64) -> Result<Total> {
    let lines: Vec<Line> = noun::among(call, &BASKET, "orderId", &[order])?
        .iter()
        .map(|row| Line {
            price: row.decimal("price").unwrap_or_default(),
            quantity: row.decimal("quantity").unwrap_or_default(),
            rate: row.decimal("vatRate"),
            included: row.text("vatIncluded") == "Y",
        })
        .collect();
    let shipments = noun::among(call, &SHIPMENT, "orderId", &[order])?;
    let deliveries: Vec<_> = shipments.iter().filter_map(|row| row.decimal("priceDelivery")).collect();
    total(&lines, &deliveries).ok_or_else(too_large)
}

/// Whether payments cover the sum. Returned ones do not count.
fn paid(call: &mut Call<'_, '_>, draft: &Draft<'_>, old: &Row) -> Result<&'static str> {
    let sql = "SELECT COUNT(*), CAST(COALESCE(SUM(sum), 0) AS {int}) FROM sale_payment \
               WHERE order_id = ? AND paid = 'Y' AND is_return = 'N'";
    let sql = call.tx.dialect().expand(sql);
    let found = call.tx.one(&sql, &[old.number.into()], |row| Ok((row.int(0)?, row.int(1)?)))?;
    let price = match draft.after(Some(old), "price") {
        Param::Int(units) => *units,
        _ => 0,
    };
    Ok(if found.is_some_and(|(count, sum)| count > 0 && sum >= price) { "Y" } else { "N" })
}

/// Whether everything in the basket has been shipped.
fn is_shipped(call: &mut Call<'_, '_>, order: i64) -> Result<bool> {
    let waiting = "SELECT 1 FROM sale_shipment WHERE order_id = ? AND deducted <> 'Y' LIMIT 1";
    let left = "SELECT 1 FROM sale_basket b WHERE b.order_id = ? AND b.quantity > COALESCE((SELECT SUM(i.quantity) \
                FROM sale_shipment_item i WHERE i.basket_id = b.id), 0) LIMIT 1";
    let mut has =
        |sql: &str| Ok::<_, engine::Error>(call.tx.one(sql, &[order.into()], |row| row.int(0))?.is_some());
    Ok(!has(waiting)? && !has(left)? && has_shipped(call, order)?)
}

fn has_shipped(call: &mut Call<'_, '_>, order: i64) -> Result<bool> {
    noun::has(call, &SHIPMENT, &[("orderId", order.into()), ("deducted", "Y".into())])
}

/// Raises an event about an order.
fn tell(call: &mut Call<'_, '_>, row: &Row, event: &str, action: &'static str) {
    let mut fields = Map::with_capacity(3);
    fields.push("ID", row.number);
    fields.push("XML_ID", row.text("xmlId").to_owned());
    fields.push("ACTION", action);
    let object = row.table().object(row.number);
    let data: Value = Value::under("FIELDS", fields);
    call.raise_to(noun::administrators(), event, || Happening { object, data, changed: None });
}

/// An order as it is now, locked, for what belongs to it.
pub fn lock(call: &mut Call<'_, '_>, id: i64) -> Result<Option<Row>> {
    noun::locked(call, &ORDER, id)
}

/// The number of the next payment or shipment of a locked order: `17/2`.
pub fn next_number(call: &mut Call<'_, '_>, order: &Row, counter: &'static str) -> Result<String> {
    let next = order.int(counter).unwrap_or(0) + 1;
    let sql = format!("UPDATE sale_order SET {counter} = ? WHERE id = ?");
    call.tx.execute(&sql, &[next.into(), order.number.into()])?;
    Ok(format!("{}/{next}", order.number))
}

/// Has the next payment or shipment of orders be numbered behind those that were copied.
pub fn number_on(
    copying: &mut Copying<'_, '_>,
    counts: &str,
    table: &str,
    rows: &[(i64, Map)],
) -> Result<()> {
    let sql = format!(
        "UPDATE sale_order SET {counts} = (SELECT COUNT(*) FROM {table} t WHERE t.order_id = sale_order.id) \
         WHERE id = (SELECT order_id FROM {table} WHERE id = ?)"
    );
    rows.iter().try_for_each(|(id, _)| Ok(copying.tx.execute(&sql, &[(*id).into()]).map(drop)?))
}
