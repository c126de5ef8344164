//! `crm.deal.recurring.*`: deals that are made of a template from time to time. The settings are rows of a noun; the
//! template is a deal of its own. The timetable makes the deals ([`expose`]).

mod expose;
mod params;
pub mod plan;
pub mod template;

use engine::call::Call;
use engine::entity::{Entity, Kind, codec, describe};
use engine::error::Result;
use engine::event::{Event, event};
use engine::method;
use engine::noun::{
    self, Access, Draft, Face, Faults, Hooks, ID, LEGACY_FAULTS, Noun, Refusal, Row, Saved, Verb, field, noun,
};
use engine::texts::Locale;
use serde_json::{Value as JsonValue, json};
use wire::{Fault, Map};

use crate::SCOPE;
use template::Templates;

pub use expose::{JOB, method};

const DEAL: i64 = 2;

/// The settings of recurring deals.
pub static RECURRING: Noun = Noun {
    access: Access::Rule(&TEMPLATES),
    fields: &[
        ID,
        field("dealId", Kind::Integer, "Template").required().immutable().indexed().sample("3"),
        field("basedId", Kind::Integer, "Made of the deal").read_only(),
        field("active", Kind::Char, "Enabled").default("Y"),
        field("nextExecution", Kind::Date, "Next time").read_only().described_as("datetime"),
        field("lastExecution", Kind::Date, "Last time").read_only().described_as("datetime"),
        field("counterRepeat", Kind::Integer, "Deals made so far").read_only(),
        field("startDate", Kind::Date, "Start date"),
        field("categoryId", Kind::Integer, "Pipeline of new deals").described_as("char"),
        field("isLimit", Kind::String, "Limit: N none, D date, T number").default("N").described_as("char"),
        field("limitRepeat", Kind::Integer, "Most deals"),
        field("limitDate", Kind::Date, "Last day"),
        field("params", Kind::Json, "Rhythm and dates").described_as("recurring_params"),
    ],
    faces: &[FACE],
    hooks: &Settings,
    ..noun("crm.deal.recurring", "crm_deal_recurring", SCOPE, ["recurring deal", "recurring deals"])
};

const FACE: Face = Face {
    params: &[(&[Verb::Get, Verb::Update, Verb::Delete], NUMBER)],
    about: &[
        (
            Verb::Add,
            "Makes a template of a deal, of which deals are made from time to time, and returns the ID of its settings.",
        ),
        (Verb::Delete, "Deletes the settings of a recurring deal whose template is no template any more."),
    ],
    faults: Faults {
        missing: Refusal::Coded("", "Recurring deal is not found."),
        required: |_| no_deal(),
        ..LEGACY_FAULTS
    },
    ..Face::legacy("crm.deal.recurring")
};

pub const NUMBER: method::Param = method::required("id", method::Kind::Id, "ID of the settings")
    .or_complain("id is not defined or invalid.");

/// The events.
pub fn events() -> Vec<Event> {
    let about = |verb: &str, about: &str, data: JsonValue| {
        event(format!("ONCRMDEALRECURRING{verb}"), SCOPE, about, json!({"FIELDS": data}))
    };
    vec![
        about("ADD", "A recurring deal was added.", json!({"ID": 1, "RECURRING_DEAL_ID": 21})),
        about("UPDATE", "A recurring deal was changed.", json!({"ID": 1, "RECURRING_DEAL_ID": 21})),
        about("DELETE", "A recurring deal was deleted.", json!({"ID": 1})),
        about(
            "EXPOSE",
            "A deal was made of a template.",
            json!({"ID": 1, "RECURRING_DEAL_ID": 21, "DEAL_ID": 22}),
        ),
    ]
}

/// The settings of a deal go with it.
pub fn forget(call: &mut Call<'_, '_>, entity: &Entity, id: i64) -> Result<()> {
    if entity.type_id != DEAL {
        return Ok(());
    }
    noun::clear(call, &RECURRING, &[("dealId", id.into())])
}

fn no_deal() -> Fault {
    Fault::crm("Deal id is empty.")
}

/// Deals that are templates.
static TEMPLATES: Templates = Templates {
    type_id: DEAL,
    link: &["dealId"],
    settings: &RECURRING,
    job: &JOB,
    events: "ONCRMDEALRECURRING",
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
            take_template(call, draft)?;
        }
        if draft.is_given("params") || old.is_none() {
            let given = codec::json(draft.after(None, "params"));
            draft.set(
                "params",
                params::complete(&given, &old.map(|old| old.json("params")).unwrap_or_default()).to_string(),
            );
        }
        TEMPLATES.complete(call, draft, old, params::rhythm);
        Ok(())
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        TEMPLATES.follow(call, saved.row)?;
        let deal = TEMPLATES.template(saved.row);
        let verb = if saved.old.is_none() { "ADD" } else { "UPDATE" };
        let fields = [("ID", saved.row.number.into()), ("RECURRING_DEAL_ID", deal.into())];
        TEMPLATES.raise(call, saved.row, verb, fields)
    }

    /// A template that is still there keeps its settings, which go with it.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        let deal = row.int("dealId").unwrap_or(0);
        if is_template(call, deal)? == Some(true) {
            return Err(Fault::crm("Deleting is impossible. Connected recurring deal exists.").into());
        }
        Ok(())
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        call.cancel(&JOB, &row.number.to_string())?;
        TEMPLATES.raise(call, row, "DELETE", [("ID", row.number.into())])
    }

    fn describe(&self, _: &Face, fields: &mut Map, language: Locale) {
        describe::correct(fields, "PARAMS", "definition", params::definition(language));
    }
}

/// Makes the deal of a request the template, or a copy of it when it is an ordinary one.
fn take_template(call: &mut Call<'_, '_>, draft: &mut Draft<'_>) -> Result<()> {
    let id = TEMPLATES.named(call, draft, no_deal)?;
    if is_template(call, id)? != Some(true) {
        let mut template = Map::with_capacity(1);
        template.push("IS_RECURRING", "Y");
        let copy = expose::copy(call, id, template)?;
        draft.set("dealId", copy);
        draft.set("basedId", id);
        return Ok(());
    }
    let sql = "SELECT id FROM crm_deal_recurring WHERE deal_id = ? LIMIT 1";
    match call.tx.one(sql, &[id.into()], |row| row.int(0))? {
        Some(_) => Err(Fault::crm("Deal already has recurring settings.").into()),
        None => Ok(()),
    }
}

/// Whether a deal is a template; `None` when there is no such deal.
fn is_template(call: &mut Call<'_, '_>, deal: i64) -> Result<Option<bool>> {
    let sql = format!("SELECT is_recurring FROM {} WHERE id = ?", TEMPLATES.entity(call).table());
    Ok(call.tx.one(&sql, &[deal.into()], |row| Ok(row.opt_text(0)? == Some("Y")))?)
}
