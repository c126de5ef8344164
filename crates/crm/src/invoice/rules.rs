//! What follows from what in an invoice: its status says whether it is paid, its rows what it costs.

use std::borrow::Cow;

use engine::call::Call;
use engine::entity::change::{Arrival, Change};
use engine::entity::codec;
use engine::error::Result;
use engine::event::Happening;
use engine::moment;
use engine::noun::{Draft, Face, Hooks, Row, Saved};
use store::Param;
use wire::{Fault, Map};

use super::{payer, recurring, rows};
use crate::items;

/// The event that the status changed.
pub(super) const SET_STATUS: &str = "ONCRMINVOICESETSTATUS";

/// The members of a request that are no fields.
const ROWS: &str = "PRODUCT_ROWS";
const PROPERTIES: &str = "INVOICE_PROPERTIES";

pub(super) struct Rules;

impl Hooks for Rules {
    /// Rows must be there and be rows.
    fn read(
        &self,
        _: &mut Call<'_, '_>,
        _: &Face,
        given: &mut Cow<'_, Map>,
        old: Option<&Row>,
    ) -> Result<()> {
        match given.get(ROWS) {
            None if old.is_some() => Ok(()),
            given => rows::require(given),
        }
    }

    fn fill(&self, call: &mut Call<'_, '_>, draft: &mut Draft<'_>) -> Result<()> {
        draft.set_if_empty("RESPONSIBLE_ID", call.caller.user_id);
        draft.set("CURRENCY", call.meta.base_currency().to_owned());
        draft.set_if_empty("DATE_INSERT", call.now.seconds());
        let today = moment::print(&call.caller.zone, call.now.seconds())[..10].to_owned();
        draft.set_if_empty("DATE_BILL", today);
        draft.set("CREATED_BY", call.caller.user_id);
        draft.set("LID", "s1");
        draft.set("OPENED", "N");
        draft.set("LAST_ACTIVITY_BY", call.caller.user_id);
        draft.set("LAST_ACTIVITY_TIME", call.now.seconds());
        for flag in ["PAYED", "IS_RECURRING"] {
            draft.set_if_empty(flag, "N");
        }
        Ok(())
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        require(face, draft, old)?;
        draft.trim("ACCOUNT_NUMBER");
        if let Some(number) = draft.text("ACCOUNT_NUMBER").map(str::to_owned)
            && is_taken(call, &number, old.map_or(0, |old| old.number))?
        {
            return Err(Fault::crm("There is an invoice with this number already.").into());
        }
        items::place(call, face.naming, draft, old)?;
        if draft.is_given("STATUS_ID") {
            settle(call, draft, old);
        }
        draft.set("DATE_UPDATE", call.now.seconds());
        draft.set("MODIFY_BY_ID", call.caller.user_id);
        Ok(())
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        let (row, old) = (saved.row, saved.old);
        if old.is_none() && row.text("ACCOUNT_NUMBER").is_empty() {
            number(call, row)?;
        }
        if let Some(given) = saved.given.get(ROWS) {
            let sums = rows::replace(call, row.number, given)?;
            let units = |sum| codec::smallest_units(sum, 2);
            let sql = "UPDATE crm_invoice SET price = ?, tax_value = ? WHERE id = ?";
            call.tx.execute(sql, &[units(sums.price).into(), units(sums.tax).into(), row.number.into()])?;
        }
        let details = payer::complete(call, row, saved.given.get(PROPERTIES))?.into_value();
        let sql = "UPDATE crm_invoice SET properties = ? WHERE id = ?";
        let details = String::from_utf8(wire::json::encode(&details)).unwrap_or_default();
        call.tx.execute(sql, &[details.into(), row.number.into()])?;
        arrive(call, row, old)
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        rows::clear(call, row.number)?;
        recurring::forget(call, row.number)?;
        call.core.modules.follow(call, row.table(), row.number, &Change::Deleted(row.stand()))
    }
}

/// An invoice has a subject, somebody who pays, and a way to do so.
fn require(face: &Face, draft: &Draft<'_>, old: Option<&Row>) -> Result<()> {
    let is_empty = |name: &str| match draft.after(old, name) {
        Param::Null | Param::Int(..=0) => true,
        Param::Text(text) => text.trim().is_empty(),
        _ => false,
    };
    let asked = |name: &&str| old.is_none() || draft.is_given(name);
    let fields = ["ORDER_TOPIC", "PERSON_TYPE_ID", "PAY_SYSTEM_ID"];
    if let Some(missing) = fields.iter().find(|name| asked(name) && is_empty(name)) {
        return Err((face.faults.required)(&[(*missing).to_owned()]).into());
    }
    let parties = ["UF_COMPANY_ID", "UF_CONTACT_ID"];
    if parties.iter().any(asked) && parties.into_iter().all(is_empty) {
        return Err(Fault::crm("The field UF_COMPANY_ID or UF_CONTACT_ID is required.").into());
    }
    Ok(())
}

/// What follows from a status: paid, declined or neither, and since when.
fn settle(call: &Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>) {
    let (now, user) = (call.now.seconds(), call.caller.user_id);
    if old.is_none_or(|old| Some(old.text("STATUS_ID")) != draft.text("STATUS_ID")) {
        draft.set("DATE_STATUS", now);
        draft.set("EMP_STATUS_ID", user);
    }
    let meaning = draft.text("STATUS_SEMANTIC_ID").unwrap_or("P").to_owned();
    let was_paid = old.is_some_and(|old| old.text("PAYED") == "Y");
    match meaning.as_str() {
        "S" if !was_paid => {
            draft.set("PAYED", "Y");
            draft.set("DATE_PAYED", now);
            draft.set("EMP_PAYED_ID", user);
        }
        "S" => {}
        _ => {
            draft.set("PAYED", "N");
            for name in ["DATE_PAYED", "EMP_PAYED_ID", "PAY_VOUCHER_NUM", "PAY_VOUCHER_DATE"] {
                draft.set(name, Param::Null);
            }
        }
    }
    match meaning.as_str() {
        "F" if *draft.after(old, "DATE_MARKED") == Param::Null => draft.set("DATE_MARKED", now),
        "F" | "S" => {}
        _ => ["DATE_MARKED", "REASON_MARKED"].iter().for_each(|name| draft.set(name, Param::Null)),
    }
}

/// Numbers a new invoice by its id; where somebody gave that number by hand, with something behind it.
fn number(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    let mut number = row.number.to_string();
    for again in 1.. {
        if !is_taken(call, &number, row.number)? {
            break;
        }
        number = format!("{}-{again}", row.number);
    }
    let sql = "UPDATE crm_invoice SET account_number = ? WHERE id = ?";
    call.tx.execute(sql, &[number.into(), row.number.into()])?;
    Ok(())
}

fn is_taken(call: &mut Call<'_, '_>, number: &str, own: i64) -> Result<bool> {
    let sql = "SELECT id FROM crm_invoice WHERE account_number = ? AND id <> ? LIMIT 1";
    Ok(call.tx.one(sql, &[number.into(), own.into()], |row| row.int(0))?.is_some())
}

/// Follows a status that is another than before.
fn arrive(call: &mut Call<'_, '_>, row: &Row, old: Option<&Row>) -> Result<()> {
    let status = row.text("STATUS_ID");
    if old.is_some_and(|old| old.text("STATUS_ID") == status) {
        return Ok(());
    }
    let arrival = Arrival {
        from: old.map(|_| 0),
        category: 0,
        at: row.int("DATE_STATUS").unwrap_or_default(),
        stage: status.to_owned(),
        semantics: row.text("STATUS_SEMANTIC_ID").to_owned(),
    };
    call.core.modules.follow(call, row.table(), row.number, &Change::Arrived(arrival))?;
    if let Some(old) = old {
        let entity = row.table();
        call.raise_about(entity, &[old.stand(), row.stand()], SET_STATUS, || {
            Happening::to_item(entity, row.number)
        });
    }
    Ok(())
}
