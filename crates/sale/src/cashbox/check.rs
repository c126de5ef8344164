//! Receipts: what is paid while there is a cash register gets one, and `sale.cashbox.check.apply` says that it was printed.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, optional, required, write};
use engine::noun::{self, Access, Face, ID, Noun, Row, Stamp, field, noun};
use serde_json::json;
use wire::{Fault, Map, Value};

use super::CASHBOX;
use crate::kit::{self, words};

const FACE: Face =
    Face { verbs: &[], faults: words("ERROR_CHECK_NOT_FOUND", "Check not found"), ..Face::legacy("") };

/// Receipts.
pub static CHECK: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("uuid", Kind::String, "UUID").required().indexed(),
        field("paymentId", Kind::Integer, "Payment").required().indexed(),
        field("cashboxId", Kind::Integer, "Cash register").required().indexed(),
        field("status", Kind::Choice(&["N", "Y"]), "Printed").default("N"),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("printEndTime", Kind::DateTime, "Printed at"),
        field("regNumberKkt", Kind::String, "Number of the register"),
        field("fiscalDocAttr", Kind::String, "Fiscal attribute"),
        field("fiscalDocNumber", Kind::String, "Number of the document"),
        field("fiscalReceiptNumber", Kind::String, "Number of the receipt"),
        field("fnNumber", Kind::String, "Number of the storage"),
        field("shiftNumber", Kind::String, "Number of the shift"),
    ],
    faces: &[FACE],
    ..noun("sale.check", "sale_check", CASHBOX, ["receipt", "receipts"])
};

/// What `apply` takes beside the UUID and the time.
const GIVEN: [(&str, &str); 6] = [
    ("REG_NUMBER_KKT", "Number of the register"),
    ("FISCAL_DOC_ATTR", "Fiscal attribute"),
    ("FISCAL_DOC_NUMBER", "Number of the document"),
    ("FISCAL_RECEIPT_NUMBER", "Number of the receipt"),
    ("FN_NUMBER", "Number of the storage"),
    ("SHIFT_NUMBER", "Number of the shift"),
];

/// The method.
pub fn method() -> Method {
    let method = write("sale.cashbox.check.apply", CASHBOX, apply)
        .own_words()
        .about("Notes that a receipt was printed.")
        .param(required("UUID", method::Kind::Text, "UUID of the receipt"))
        .param(optional("PRINT_END_TIME", method::Kind::Text, "When it was printed, in Unix seconds"));
    let take = |method: Method, (name, about): (&'static str, &'static str)| {
        method.param(optional(name, method::Kind::Text, about))
    };
    GIVEN.into_iter().fold(method, take).example(
        json!({"UUID": "check|sale|1", "PRINT_END_TIME": "1780315200", "FISCAL_DOC_NUMBER": "12345"}),
        json!(true),
    )
}

fn apply(call: &mut Call<'_, '_>) -> Result<Value> {
    kit::require_admin(call)?;
    kit::require(call, &["UUID"])?;
    let uuid = call.text("UUID").unwrap_or_default();
    let sql = "SELECT id, cashbox_id FROM sale_check WHERE uuid = ?";
    let found = call.tx.one(sql, &[uuid.into()], |row| Ok((row.int(0)?, row.int(1)?)))?;
    let (id, register) = found.ok_or_else(|| Fault::new(400, "ERROR_CHECK_NOT_FOUND", "Check not found"))?;
    let mut fields = Map::new();
    fields.push("STATUS", "Y");
    let printed = call.param("PRINT_END_TIME").and_then(Value::as_int).unwrap_or(call.now.seconds());
    fields.push("PRINT_END_TIME", format!("@{printed}"));
    for (name, _) in GIVEN {
        if let Some(text) = call.text(name) {
            fields.push(name, text);
        }
    }
    noun::amend(call, &CHECK, &FACE, id, &fields)?;
    let sql = "UPDATE sale_cashbox SET date_last_check = ? WHERE id = ?";
    call.tx.execute(sql, &[call.now.seconds().into(), register.into()])?;
    Ok(true.into())
}

/// A payment that was just paid gets a receipt of the first active register.
///
/// # Errors
/// Those of the store.
pub fn paid(call: &mut Call<'_, '_>, payment: &Row) -> Result<()> {
    let sql = "SELECT id FROM sale_cashbox WHERE active = 'Y' ORDER BY sort, id LIMIT 1";
    let Some(register) = call.tx.one(sql, &[], |row| row.int(0))? else { return Ok(()) };
    let mut fields = Map::with_capacity(3);
    fields.push("UUID", "-");
    fields.push("PAYMENT_ID", payment.number);
    fields.push("CASHBOX_ID", register);
    let check = noun::put(call, &CHECK, &fields)?;
    let sql = "UPDATE sale_check SET uuid = ? WHERE id = ?";
    call.tx.execute(sql, &[format!("check|sale|{}", check.number).into(), check.number.into()])?;
    Ok(())
}
