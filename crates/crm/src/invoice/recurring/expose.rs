//! Making invoices of templates: `crm.invoice.recurring.expose`, and the timetable that calls it when one is due.

use engine::access::Act;
use engine::call::Call;
use engine::entity::{Naming, read};
use engine::error::Result;
use engine::method::{Method, write};
use engine::noun::{self, Row};
use engine::timetable::{Job, Next, Task};
use jiff::civil::Date;
use serde_json::json;
use wire::{Fault, Map, Value};

use super::rhythm::{self, Rhythm};
use super::{FACE, RECURRING, TEMPLATES};
use crate::SCOPE;
use crate::invoice::{FACE as INVOICES, methods, payer, rows, shape};
use crate::recurring::NUMBER;
use crate::recurring::template::today;

/// Makes the invoice that is due by the settings with the number that is its key.
pub const JOB: Job = Job { kind: "crm.invoice.recurring", run: due, every: None };

/// The method.
pub fn method() -> Method {
    write("crm.invoice.recurring.expose", SCOPE, expose)
        .about("Makes an invoice of a template, beside those that are due, and returns its ID.")
        .param(NUMBER)
        .example(json!({"id": 1}), json!({"INVOICE_ID": "*"}))
}

fn due(task: &mut Task<'_, '_>) -> Result<Next> {
    TEMPLATES.run(task, "crm_invoice", "crm.invoice.recurring.expose")
}

fn expose(call: &mut Call<'_, '_>) -> Result<Value> {
    let settings = noun::find(call, &RECURRING, &FACE, Act::Read, &[call.id("id").into()])?;
    let template = TEMPLATES.template(&settings);
    let today = today(call);
    let invoice = copy(call, template, &settings, today)?;
    TEMPLATES.count(call, &settings, today, Rhythm::of)?;
    let fields = [("ID", settings.number), ("RECURRING_INVOICE_ID", template), ("INVOICE_ID", invoice)];
    TEMPLATES.raise(call, &settings, "EXPOSE", fields.map(|(name, id)| (name, Value::from(id))))?;
    Ok(Value::under("INVOICE_ID", invoice))
}

/// Adds an invoice like the template, with its rows and details of the payer, on the first status. Gives its id.
fn copy(call: &mut Call<'_, '_>, template: i64, settings: &Row, today: Date) -> Result<i64> {
    const OWN: [&str; 9] = [
        "ACCOUNT_NUMBER",
        "STATUS_ID",
        "IS_RECURRING",
        "DATE_INSERT",
        "DATE_BILL",
        "DATE_PAY_BEFORE",
        "DATE_MARKED",
        "REASON_MARKED",
        "XML_ID",
    ];
    let entity = methods::invoices(call);
    let found = read::get(call, &entity, Naming::Legacy, template)?.ok_or_else(|| Fault::crm("Not found"))?;
    let mut fields: Map = found.into_iter().filter(|(name, _)| !OWN.contains(&name.as_str())).collect();
    fields.push("DATE_BILL", today.to_string());
    if let Some(day) = rhythm::pay_before(&settings.json("params"), today) {
        fields.push("DATE_PAY_BEFORE", day.to_string());
    }
    fields.push("INVOICE_PROPERTIES", payer::details_of(call, template)?);
    let mut rows = rows::shown(call, template)?;
    for row in &mut rows {
        if let Value::Map(row) = row {
            row.remove("ID");
        }
    }
    fields.push("PRODUCT_ROWS", rows);
    Ok(noun::add_to(call, &shape(&entity), &INVOICES, &fields)?.number)
}
