//! Making invoices of templates: `crm.invoice.recurring.expose`, and the timetable that calls it when one is due.

use engine::access::Act;
use engine::call::Call;
use engine::entity::{Naming, read};
use engine::error::Result;
use engine::event::Happening;
use engine::method::{Method, params as params_of, write};
use engine::moment::{self, Moment};
use engine::noun::{self, Row, Rule};
use engine::timetable::{Job, Next, Task};
use jiff::civil::Date;
use serde_json::json;
use wire::{Fault, Map, Value};

use super::{FACE, Plan, RECURRING, Templates, rhythm};
use crate::SCOPE;
use crate::invoice::{FACE as INVOICES, methods, payer, rows, shape};
use crate::recurring::{NUMBER, today};

/// Makes the invoice that is due by the settings with the number that is its key.
pub const JOB: Job = Job { kind: "crm.invoice.recurring", run: due, every: None };

/// The method.
pub fn method() -> Method {
    write("crm.invoice.recurring.expose", SCOPE, expose)
        .about("Makes an invoice of a template, beside those that are due, and returns its ID.")
        .param(NUMBER)
        .example(json!({"id": 1}), json!({"INVOICE_ID": "*"}))
}

/// Invoices are made at the beginning of the day.
pub(super) fn schedule(call: &mut Call<'_, '_>, settings: i64, next: Option<Date>) -> Result<()> {
    let key = settings.to_string();
    let begins = |day: Date| moment::parse(&call.settings.zone, &day.to_string());
    match next.and_then(begins) {
        Some(seconds) => call.schedule(&JOB, &key, Moment(seconds * 1_000_000), ""),
        None => call.cancel(&JOB, &key).map(drop),
    }
}

/// The portal makes it, in the name of who is responsible for the template.
fn due(task: &mut Task<'_, '_>) -> Result<Next> {
    let sql = "SELECT t.assigned_by_id FROM crm_invoice_recurring r JOIN crm_invoice t ON t.id = r.invoice_id \
               WHERE r.id = ? AND r.active = 'Y'";
    let id: i64 = task.key.parse().unwrap_or(0);
    if let Some(user) = task.tx.one(sql, &[id.into()], |row| Ok(row.opt_int(0)?.unwrap_or(1)))? {
        task.act_as((user, true), "crm.invoice.recurring.expose", params_of(&json!({"id": id})))?;
    }
    Ok(Next::Done)
}

fn expose(call: &mut Call<'_, '_>) -> Result<Value> {
    let settings = noun::find(call, &RECURRING, &FACE, Act::Read, &[call.id("id").into()])?;
    let template = settings.int("invoiceId").unwrap_or(0);
    let today = today(call);
    let invoice = copy(call, template, &settings, today)?;
    count(call, &settings, today)?;
    let audience = Templates.audience(call, &settings)?;
    let object = format!("{}:{}", RECURRING.name, settings.number);
    call.raise_to(audience, "ONCRMINVOICERECURRINGEXPOSE", || {
        let [id, template] = [settings.number, template].map(Value::from);
        let made = ("INVOICE_ID", invoice.into());
        Happening::new(object, [("ID", id), ("RECURRING_INVOICE_ID", template), made])
    });
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

/// Notes that an invoice was made, and when the next one is due; after the last one the settings are inactive.
fn count(call: &mut Call<'_, '_>, settings: &Row, today: Date) -> Result<()> {
    let done = settings.int("counterRepeat").unwrap_or(0) + 1;
    let is_active = settings.text("active") == "Y";
    let tomorrow = today.tomorrow().unwrap_or(today);
    let next =
        Plan::of(|name| settings.get(name)).and_then(|plan| plan.next(tomorrow, done)).filter(|_| is_active);
    let sql = "UPDATE crm_invoice_recurring SET counter_repeat = ?, last_execution = ?, next_execution = ?, active = ? \
               WHERE id = ?";
    let params = [
        done.into(),
        today.to_string().into(),
        next.map(|next| next.to_string()).into(),
        if next.is_some() { "Y" } else { "N" }.into(),
        settings.number.into(),
    ];
    call.tx.execute(sql, &params)?;
    schedule(call, settings.number, next)
}
