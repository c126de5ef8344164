//! `crm.invoice.recurring.*`: invoices that are made of a template from time to time. The settings are rows of a noun, the
//! template is an invoice with `IS_RECURRING`. The timetable makes the invoices ([`expose`]).

mod expose;
mod rhythm;

use engine::access::Act;
use engine::call::Call;
use engine::entity::owner::{Standing, last_stand_of, standing};
use engine::entity::read::reach;
use engine::entity::{Kind, codec, describe};
use engine::error::Result;
use engine::event::{Event, Happening, MayKnow, event};
use engine::noun::{
    self, Access, Draft, Face, Faults, Grant, Hooks, ID, LEGACY_FAULTS, Noun, Refusal, Row, Rule, Saved,
    Verb, field, noun,
};
use engine::texts::Locale;
use serde_json::json;
use store::Param;
use wire::{Fault, Map};

use super::methods;
use crate::SCOPE;
use crate::recurring::plan::Limit;
use crate::recurring::{NUMBER, day_of, limit_of, today};
use rhythm::Rhythm;

pub use expose::{JOB, method};

/// The settings of recurring invoices.
pub static RECURRING: Noun = Noun {
    access: Access::Rule(&Templates),
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

/// Who may read a template reads its settings, who may change or delete it changes or deletes them.
struct Templates;

impl Rule for Templates {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let (invoices, mut params) = (methods::invoices(call), Vec::new());
        let reach = reach(call, &invoices, if act == Act::Add { Act::Update } else { act });
        if reach.is_nothing() {
            return Ok(Grant::Nothing);
        }
        let templates = |condition| {
            format!("t.invoice_id IN (SELECT t.id FROM {} t WHERE {condition})", invoices.table())
        };
        Ok(reach
            .condition(&mut params)
            .map_or(Grant::All, |condition| Grant::Where(templates(condition), params)))
    }

    fn fields(&self) -> &'static [&'static str] {
        &["invoiceId"]
    }

    fn audience(&self, call: &mut Call<'_, '_>, row: &Row) -> Result<MayKnow> {
        let invoices = methods::invoices(call);
        let stand = last_stand_of(call, &invoices, row.int("invoiceId").unwrap_or(0))?;
        Ok(call.readers_of(&invoices, stand.as_slice()))
    }
}

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
        if draft.is_given("isLimit") && !["D", "T"].contains(&draft.text("isLimit").unwrap_or("")) {
            draft.set("isLimit", "N");
        }
        let today = today(call);
        if day_of(draft.after(old, "startDate")).is_none() {
            draft.set("startDate", today.to_string());
        }
        let plan = Plan::of(|name| draft.after(old, name));
        let done = old.and_then(|old| old.int("counterRepeat")).unwrap_or(0);
        let ran_today =
            old.and_then(|old| day_of(old.get("lastExecution"))).is_some_and(|last| last >= today);
        let from = if ran_today { today.tomorrow().unwrap_or(today) } else { today };
        let is_active = matches!(draft.after(old, "active"), Param::Text(flag) if flag == "Y");
        let next = plan.and_then(|plan| plan.next(from, done)).filter(|_| is_active);
        draft.set("nextExecution", next.map(|next| next.to_string()));
        Ok(())
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        expose::schedule(call, saved.row.number, day_of(saved.row.get("nextExecution")))?;
        raise(call, saved.row, if saved.old.is_none() { "ADD" } else { "UPDATE" }, true)
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        call.cancel(&JOB, &row.number.to_string())?;
        raise(call, row, "DELETE", false)
    }

    fn describe(&self, _: &Face, fields: &mut Map, language: Locale) {
        describe::correct(fields, "PARAMS", "definition", rhythm::definition(language));
    }
}

/// The invoice is a template that has no settings yet.
fn require_template(call: &mut Call<'_, '_>, draft: &Draft<'_>) -> Result<()> {
    let id = draft.int("invoiceId").filter(|id| *id > 0).ok_or_else(no_invoice)?;
    let invoices = methods::invoices(call);
    match standing(call, &invoices, id, Act::Update)? {
        Standing::Missing => return Err(no_invoice().into()),
        Standing::Denied => return Err(Fault::crm("Access denied.").into()),
        Standing::Allowed => {}
    }
    let sql = "SELECT is_recurring, (SELECT COUNT(*) FROM crm_invoice_recurring r WHERE r.invoice_id = t.id) \
               FROM crm_invoice t WHERE t.id = ?";
    let found = call.tx.one(sql, &[id.into()], |row| Ok((row.opt_text(0)? == Some("Y"), row.int(1)?)))?;
    match found {
        Some((true, 0)) => Ok(()),
        Some((true, _)) => Err(Fault::crm("Invoice already has recurring settings.").into()),
        _ => Err(Fault::crm("Invoice is not a template of recurring invoices.").into()),
    }
}

/// When invoices are due.
struct Plan {
    start: jiff::civil::Date,
    rhythm: Rhythm,
    limit: Limit,
}

impl Plan {
    /// What settings say.
    fn of<'p>(value: impl Fn(&str) -> &'p Param<'static>) -> Option<Self> {
        let rhythm = Rhythm::of(&codec::json(value("params")));
        Some(Plan { start: day_of(value("startDate"))?, rhythm, limit: limit_of(&value) })
    }

    /// The first day from `from` on on which one is due, so many having been made; `None` when it is over.
    fn next(&self, from: jiff::civil::Date, done: i64) -> Option<jiff::civil::Date> {
        let day = self.rhythm.next(self.start, from.max(self.start))?;
        (!self.limit.is_over(day, done)).then_some(day)
    }
}

fn raise(call: &mut Call<'_, '_>, row: &Row, verb: &str, with_invoice: bool) -> Result<()> {
    let audience = Templates.audience(call, row)?;
    let invoice = row.int("invoiceId").unwrap_or(0);
    let object = format!("{}:{}", RECURRING.name, row.number);
    call.raise_to(audience, &format!("ONCRMINVOICERECURRING{verb}"), || match with_invoice {
        true => Happening::new(object, [("ID", row.number.into()), ("RECURRING_INVOICE_ID", invoice.into())]),
        false => Happening::new(object, [("ID", row.number.into())]),
    });
    Ok(())
}
