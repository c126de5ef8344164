//! `crm.invoice.recurring.*`: invoices that are made of a template from time to time. The settings are rows of a noun, the
//! template is an invoice with `IS_RECURRING`. The timetable makes the invoices ([`expose`]).

mod expose;
mod rhythm;

use engine::call::Call;
use engine::entity::{Kind, codec, describe};
use engine::error::Result;
use engine::event::{Event, event};
use engine::noun::{
    self, Access, Draft, Face, Faults, Hooks, ID, LEGACY_FAULTS, Noun, Refusal, Row, Saved, Verb, field, noun,
};
use engine::texts::Locale;
use serde_json::json;
use wire::{Fault, Map};

use crate::SCOPE;
use crate::invoice::TYPE_ID;
use crate::recurring::NUMBER;
use crate::recurring::template::Templates;
use rhythm::Rhythm;

pub use expose::{JOB, method};

/// The settings of recurring invoices.
pub static RECURRING: Noun = Noun {
    access: Access::Rule(&TEMPLATES),
    fields: &[
        ID,
        field("invoiceId", Kind::Integer, "Template").required().immutable().indexed().sample("3"),
        field("active", Kind::Char, "Enabled").default("Y"),
        field("nextExecution", Kind::Date, "Next time").read_only(),
        field("lastExecution", Kind::Date, "Last time").read_only(),
        field("counterRepeat", Kind::Integer, "Invoices made so far").read_only(),
        field("startDate", Kind::Date, "Start date"),
        field("sendBill", Kind::Char, "Send by e-mail").default("N"),
        field("emailId", Kind::Integer, "E-mail address of the payer"),
        field("isLimit", Kind::String, "Limit: N none, D date, T number").default("N").described_as("char"),
        field("limitRepeat", Kind::Integer, "Most invoices"),
        field("limitDate", Kind::Date, "Last day"),
        field("params", Kind::Json, "Rhythm and dates").described_as("recurring_params"),
    ],
    faces: &[FACE],
    hooks: &Settings,
    ..noun(
        "crm.invoice.recurring",
        "crm_invoice_recurring",
        SCOPE,
        ["recurring invoice", "recurring invoices"],
    )
};

const FACE: Face = Face {
    params: &[(&[Verb::Get, Verb::Update, Verb::Delete], NUMBER)],
    about: &[
        (
            Verb::Add,
            "Has invoices be made from time to time of an invoice that is a template, and returns the ID of the settings.",
        ),
        (Verb::Delete, "Deletes the settings of a recurring invoice."),
    ],
    faults: Faults {
        missing: Refusal::Coded("", "Recurring invoice is not found."),
        required: |_| no_invoice(),
        ..LEGACY_FAULTS
    },
    ..Face::legacy("crm.invoice.recurring")
};

/// The events.
pub fn events() -> Vec<Event> {
    let about = |verb: &str, about: &str, data: serde_json::Value| {
        event(format!("ONCRMINVOICERECURRING{verb}"), SCOPE, about, json!({"FIELDS": data}))
    };
    let both = || json!({"ID": 1, "RECURRING_INVOICE_ID": 2});
    vec![
        about("ADD", "A recurring invoice was added.", both()),
        about("UPDATE", "A recurring invoice was changed.", both()),
        about("DELETE", "A recurring invoice was deleted.", json!({"ID": 1})),
        about(
            "EXPOSE",
            "An invoice was made of a template.",
            json!({"ID": 1, "RECURRING_INVOICE_ID": 2, "INVOICE_ID": 3}),
        ),
    ]
}

/// The settings of an invoice go with it.
pub fn forget(call: &mut Call<'_, '_>, invoice: i64) -> Result<()> {
    noun::clear(call, &RECURRING, &[("invoiceId", invoice.into())])
}

fn no_invoice() -> Fault {
    Fault::crm("Invoice id is empty.")
}

/// Invoices that are templates.
static TEMPLATES: Templates = Templates {
    type_id: TYPE_ID,
    link: &["invoiceId"],
    settings: &RECURRING,
    job: &JOB,
    events: "ONCRMINVOICERECURRING",
};

struct Settings;

impl Hooks for Settings {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if old.is_none() {
            require_template(call, draft)?;
        }
        if draft.is_given("params") || old.is_none() {
            let given = codec::json(draft.after(None, "params"));
            let before = old.map(|old| old.json("params")).unwrap_or_default();
            draft.set("params", rhythm::complete(&given, &before).to_string());
        }
        TEMPLATES.complete(call, draft, old, Rhythm::of);
        Ok(())
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        TEMPLATES.follow(call, saved.row)?;
        let invoice = TEMPLATES.template(saved.row);
        let verb = if saved.old.is_none() { "ADD" } else { "UPDATE" };
        let fields = [("ID", saved.row.number.into()), ("RECURRING_INVOICE_ID", invoice.into())];
        TEMPLATES.raise(call, saved.row, verb, fields)
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        call.cancel(&JOB, &row.number.to_string())?;
        TEMPLATES.raise(call, row, "DELETE", [("ID", row.number.into())])
    }

    fn describe(&self, _: &Face, fields: &mut Map, language: Locale) {
        describe::correct(fields, "PARAMS", "definition", rhythm::definition(language));
    }
}

/// The invoice is a template that has no settings yet.
fn require_template(call: &mut Call<'_, '_>, draft: &Draft<'_>) -> Result<()> {
    let id = TEMPLATES.named(call, draft, no_invoice)?;
    let sql = "SELECT is_recurring, (SELECT COUNT(*) FROM crm_invoice_recurring r WHERE r.invoice_id = t.id) \
               FROM crm_invoice t WHERE t.id = ?";
    let found = call.tx.one(sql, &[id.into()], |row| Ok((row.opt_text(0)? == Some("Y"), row.int(1)?)))?;
    match found {
        Some((true, 0)) => Ok(()),
        Some((true, _)) => Err(Fault::crm("Invoice already has recurring settings.").into()),
        _ => Err(Fault::crm("Invoice is not a template of recurring invoices.").into()),
    }
}
