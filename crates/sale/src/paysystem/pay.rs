//! Payments that a pay system reports: `sale.paysystem.pay.*`. They are marked as paid; nothing is asked of the pay system.

use engine::call::Call;
use engine::error::{Result, refusal};
use engine::method::{Kind, Method, optional, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use wire::{Fault, Map, Value};

use super::PAY_SYSTEM;
use super::system::{SYSTEM, named};
use crate::kit::{self, failure, unfit};
use crate::payment::{INNER, PAYMENT};

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("sale.paysystem.pay.payment", PAY_SYSTEM, pay_payment)
            .own_words()
            .about("Marks a payment of an order as paid.")
            .param(required("PAYMENT_ID", Kind::Id, "Payment"))
            .param(required("PAY_SYSTEM_ID", Kind::Id, "Pay system"))
            .example(json!({"PAYMENT_ID": 1, "PAY_SYSTEM_ID": 3}), json!(true)),
        write("sale.paysystem.pay.invoice", PAY_SYSTEM, pay_invoice)
            .own_words()
            .about("Marks an invoice of the older kind as paid.")
            .param(required("INVOICE_ID", Kind::Id, "Invoice"))
            .param(optional("PAY_SYSTEM_ID", Kind::Id, "Pay system"))
            .param(optional("BX_REST_HANDLER", Kind::Text, "Code of the handler"))
            .example(json!({"INVOICE_ID": 1, "PAY_SYSTEM_ID": 1}), json!(true)),
    ]
}

/// The payment that a request names, with its pay system.
pub(super) fn payment(call: &mut Call<'_, '_>) -> Result<(Row, Row)> {
    kit::require(call, &["PAYMENT_ID", "PAY_SYSTEM_ID"])?;
    let system = named(call, "PAY_SYSTEM_ID")?;
    let id = call.param("PAYMENT_ID").and_then(Value::as_int).ok_or_else(|| unfit("PAYMENT_ID"))?;
    let found = noun::again(call, &PAYMENT, id)?;
    let found = found.filter(|payment| payment.int("paySystemId") == Some(system.number));
    Ok((found.ok_or_else(|| failure("Payment not found"))?, system))
}

fn pay_payment(call: &mut Call<'_, '_>) -> Result<Value> {
    kit::require_admin(call)?;
    let (payment, _) = payment(call)?;
    set_paid(call, payment.number, true)?;
    Ok(true.into())
}

/// Marks a payment as paid, or takes that back.
///
/// # Errors
/// Those of the payment.
pub fn set_paid(call: &mut Call<'_, '_>, id: i64, paid: bool) -> Result<()> {
    let mut fields = Map::with_capacity(1);
    fields.push("paid", if paid { "Y" } else { "N" });
    noun::amend(call, &PAYMENT, &INNER, id, &fields)?;
    Ok(())
}

/// The payer type of the invoice that a request names, and the pay system, which is named by its number or its handler.
pub(super) fn invoice(call: &mut Call<'_, '_>) -> Result<(i64, Row)> {
    kit::require(call, &["INVOICE_ID"])?;
    let system = match call.text("BX_REST_HANDLER") {
        Some(code) if call.param("PAY_SYSTEM_ID").is_none_or(Value::is_empty) => {
            let sql = format!("SELECT id FROM {} WHERE handler = ? ORDER BY id LIMIT 1", SYSTEM.table);
            let id = call.tx.one(&sql, &[code.into()], |row| row.int(0))?.unwrap_or(0);
            noun::again(call, &SYSTEM, id)?.ok_or_else(|| failure("Pay system not found"))?
        }
        _ => named(call, "PAY_SYSTEM_ID")?,
    };
    let found = ask(call, "crm.invoice.get", json!({"ID": call.id("INVOICE_ID")}))?;
    let payer = found.get("PERSON_TYPE_ID").and_then(Value::as_int).unwrap_or(0);
    Ok((payer, system))
}

fn pay_invoice(call: &mut Call<'_, '_>) -> Result<Value> {
    kit::require_admin(call)?;
    let (_, system) = invoice(call)?;
    let fields = json!({"STATUS_ID": "P", "PAY_SYSTEM_ID": system.number});
    ask(call, "crm.invoice.update", json!({"ID": call.id("INVOICE_ID"), "fields": fields}))?;
    Ok(true.into())
}

/// Calls a method of invoices of the older kind as the caller.
fn ask(call: &mut Call<'_, '_>, method: &str, params: serde_json::Value) -> Result<Value> {
    let unknown = || Fault::new(400, "ERROR_INTERNAL_INVOICE_NOT_FOUND", "Invoice not found");
    match refusal(call.ask(method, params))? {
        Ok(answer) => Ok(answer.ok_or_else(unknown)?),
        Err(_) if method.ends_with("get") => Err(unknown().into()),
        Err(fault) => Err(Fault::new(400, "ERROR_PROCESS_REQUEST_RESULT", fault.message.into_owned()).into()),
    }
}
