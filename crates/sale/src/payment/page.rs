//! `salescenter.payment.getPublicUrl`: a page that says what is to be paid. No pay system is connected, so nobody can pay there.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{self, Method, read, required};
use engine::page::{self, Kind, Page, Reader};
use engine::texts::Topic;
use rust_decimal::Decimal;
use serde_json::json;
use wire::{Map, Value};

use super::{FAULTS, qr};
use crate::item::payment::find;
use crate::kit::DIGITS;

/// The page.
pub static PAGE: Kind = Kind { name: "payment", show };

/// What it says: its title, the sum, and what became of it.
pub const TEXTS: [&str; 4] = [
    "Payment {number}",
    "To be paid: {sum} {currency}",
    "The payment has been made.",
    "No pay system is connected, so it cannot be paid here.",
];

/// The method.
pub fn methods() -> Vec<Method> {
    vec![
        read("salescenter.payment.getPublicUrl", "salescenter", get)
            .controller()
            .about("Returns the public link to a payment, and a QR code of it. Its page says what is to be paid; no pay system is connected.")
            .param(required("id", method::Kind::Id, "Payment"))
            .example(json!({"id": 1}), json!({"payment": {"url": "*", "shortUrl": "*", "qr": "*"}})),
    ]
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let missing = || engine::Error::from(FAULTS.missing.fault());
    let id = call.id("id");
    let found = engine::error::refusal(find(call, id, Act::Read, missing))?;
    // Whoever may not have it is not told that it is there.
    let payment = found.map_err(|_| FAULTS.missing.fault())?.number;
    let link = page::link(call.core, &PAGE, &payment.to_string());
    let code = qr::of(&link);
    let shown = [("url", Value::from(link.as_str())), ("shortUrl", link.into()), ("qr", code.into())];
    Ok(Value::under("payment", Map::from(shown)))
}

fn show(reader: &mut Reader<'_, '_>, id: &str) -> Result<Option<Page>> {
    let sql = "SELECT account_number, paid, sum, currency FROM sale_payment WHERE id = ?";
    let id: i64 = id.parse().unwrap_or(0);
    let found = reader.tx.one(sql, &[id.into()], |row| {
        let sum = Decimal::new(row.opt_int(2)?.unwrap_or(0), u32::from(DIGITS)).round_dp(2);
        let text = |at: usize| Ok::<_, store::Error>(row.opt_text(at)?.unwrap_or_default().to_owned());
        Ok((text(0)?, text(1)? == "Y", sum, text(3)?))
    })?;
    let Some((number, is_paid, sum, currency)) = found else { return Ok(None) };
    let text = |at: usize| reader.locale.text(Topic::Names, TEXTS[at]).to_owned();
    let said = if is_paid { 2 } else { 3 };
    Ok(Some(Page {
        title: text(0).replace("{number}", &number),
        lines: vec![
            text(1).replace("{sum}", &format!("{sum:.2}")).replace("{currency}", &currency),
            text(said),
        ],
        links: Vec::new(),
    }))
}
