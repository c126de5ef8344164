//! `crm.invoice.getexternallink`: a page that shows an invoice of the older kind to whoever has the link. No pay system is
//! connected, so nobody can pay there.

use engine::access::Act;
use engine::call::Call;
use engine::entity::owner::{Standing, standing};
use engine::error::Result;
use engine::method::{self, Method, optional, read};
use engine::page::{self, Kind, Page, Reader};
use engine::texts::Topic;
use rust_decimal::Decimal;
use serde_json::json;
use wire::{Fault, Value};

use super::methods::invoices;
use crate::SCOPE;

/// The page.
pub static PAGE: Kind = Kind { name: "invoice", show };

/// What it says: its title, the sum, and why nobody can pay.
pub const TEXTS: [&str; 3] = [
    "Invoice {number}",
    "Amount: {sum} {currency}",
    "No pay system is connected, so it cannot be paid here.",
];

/// The method.
pub fn method() -> Method {
    read("crm.invoice.getexternallink", SCOPE, get)
        .about("Returns the public link to an invoice of the older kind. Its page says what is to be paid; no pay system is connected.")
        .param(optional("id", method::Kind::Id, "ID of the invoice"))
        .example(json!({"id": 1}), json!("*"))
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let (entity, id) = (invoices(call), call.id("id"));
    match standing(call, &entity, id, Act::Read)? {
        Standing::Allowed => Ok(page::link(call.core, &PAGE, &id.to_string()).into()),
        Standing::Denied | Standing::Missing => Err(Fault::crm("Not found").into()),
    }
}

fn show(reader: &mut Reader<'_, '_>, id: &str) -> Result<Option<Page>> {
    let sql = "SELECT account_number, order_topic, price, currency_id FROM crm_invoice WHERE id = ?";
    let id: i64 = id.parse().unwrap_or(0);
    let found = reader.tx.one(sql, &[id.into()], |row| {
        let text = |at: usize| Ok::<_, store::Error>(row.opt_text(at)?.unwrap_or_default().to_owned());
        Ok((text(0)?, text(1)?, Decimal::new(row.opt_int(2)?.unwrap_or(0), 2), text(3)?))
    })?;
    let Some((number, topic, sum, currency)) = found else { return Ok(None) };
    let text = |at: usize| reader.locale.text(Topic::Names, TEXTS[at]).to_owned();
    let amount = text(1).replace("{sum}", &format!("{sum:.2}")).replace("{currency}", &currency);
    let lines = [topic, amount, text(2)].into_iter().filter(|line| !line.is_empty()).collect();
    Ok(Some(Page { title: text(0).replace("{number}", &number), lines, links: Vec::new() }))
}
