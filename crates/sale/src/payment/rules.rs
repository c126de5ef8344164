//! What happens to a payment that is written.

use engine::call::Call;
use engine::copy::Copying;
use engine::error::Result;
use engine::noun::{self, Draft, Face, Hooks, Row, Saved};
use store::Param;
use wire::{Map, Value};

use super::{TEXTS, binding};
use crate::cashbox::check;
use crate::kit::{self, as_text, blank, demand, invalid, refused};
use crate::order::rules::{lock, next_number, number_on, recount};
use crate::paysystem::system::SYSTEM;

pub(super) struct Payments;

impl Hooks for Payments {
    fn copied(&self, copying: &mut Copying<'_, '_>, _: &Face, rows: &[(i64, Map)]) -> Result<()> {
        number_on(copying, "payments", "sale_payment", rows)
    }

    fn fill(&self, call: &mut Call<'_, '_>, draft: &mut Draft<'_>) -> Result<()> {
        kit::name(draft);
        draft.set_if_empty("dateBill", call.now.seconds());
        Ok(())
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        demand(face, draft, old, &["paySystemId"])?;
        let Some(id) = draft.int("orderId").or(old.and_then(|old| old.int("orderId"))) else { return Ok(()) };
        let order = lock(call, id)?.ok_or_else(|| refused("order does not exist"))?;
        if let Some(system) = draft.int("paySystemId")
            && !noun::has(call, &SYSTEM, &[("id", system.into())])?
        {
            return Err(invalid(face, "paySystemId"));
        }
        if matches!(draft.get("sum"), Some(Param::Int(..0))) {
            return Err(invalid(face, "sum"));
        }
        let users = ["empPaidId", "empReturnId", "responsibleId", "empResponsibleId", "empMarkedId"];
        kit::require_users(call, face, draft, &users)?;
        if old.is_none() {
            draft.set("currency", order.text("currency").to_owned());
            let number = next_number(call, &order, "payments")?;
            draft.set("accountNumber", number);
        }
        let flags = [["paid", "datePaid", "empPaidId"], ["marked", "dateMarked", "empMarkedId"]];
        kit::note(call, draft, old, &flags);
        kit::entrust(call, draft, old);
        Ok(())
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        let is_paid = |row: &Row| row.text("paid") == "Y";
        if is_paid(saved.row) && !saved.old.is_some_and(is_paid) {
            check::paid(call, saved.row)?;
        }
        recount(call, saved.row.int("orderId").unwrap_or(0))
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        noun::clear(call, &binding::OF_BASKETS, &[("paymentId", row.number.into())])?;
        noun::clear(call, &binding::OF_SHIPMENTS, &[("paymentId", row.number.into())])?;
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
        let ids: Vec<i64> = rows.iter().filter_map(|row| row.int("paySystemId")).collect();
        let systems = noun::again_all(call, &SYSTEM, ids)?;
        for (row, map) in rows.iter().zip(shown) {
            let system = row.int("paySystemId").and_then(|id| systems.get(&id));
            let text = |name: &str| system.map_or("", |system| system.text(name)).to_owned();
            map.insert("paySystemName", text("name"));
            map.insert("paySystemXmlId", text("xmlId"));
            map.insert("paySystemIsCash", text("isCash"));
            as_text(map, "priceCod");
            number(map, "psInvoiceId");
            blank(map, TEXTS);
        }
        Ok(())
    }
}

/// An ID in a pay system is text that is shown as a number where it is one.
fn number(map: &mut Map, name: &'static str) {
    if let Some(id) = map.get(name).and_then(Value::as_int) {
        map.insert(name, id);
    }
}
