//! `crm.deal.recurring.*`: deals that are made of a template from time to time. The settings are rows of a noun; the
//! template is a deal of its own. The timetable makes the deals ([`expose`]).

mod expose;
mod params;
pub mod plan;

use std::sync::Arc;

use engine::access::Act;
use engine::call::Call;
use engine::entity::owner::{Standing, stand_of, standing};
use engine::entity::read::reach;
use engine::entity::{Entity, Kind, codec, describe};
use engine::error::Result;
use engine::event::{Event, Happening, MayKnow, event};
use engine::method;
use engine::noun::{
    self, Access, Draft, Face, Faults, Grant, Hooks, ID, LEGACY_FAULTS, Noun, Refusal, Row, Rule, Saved,
    Verb, field, noun,
};
use engine::texts::Locale;
use jiff::civil::Date;
use serde_json::{Value as JsonValue, json};
use store::Param;
use wire::{Fault, Map};

use crate::SCOPE;
use plan::{Limit, Plan};

pub use expose::{JOB, method};

const DEAL: i64 = 2;

/// The settings of recurring deals.
pub static RECURRING: Noun = Noun {
    access: Access::Rule(&Deals),
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

fn deals(call: &Call<'_, '_>) -> Arc<Entity> {
    call.entity(DEAL).expect("deals are always there")
}

/// Who may read a template reads its settings, who may change or delete it changes or deletes them.
struct Deals;

impl Rule for Deals {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let (deals, mut params) = (deals(call), Vec::new());
        let reach = reach(call, &deals, if act == Act::Add { Act::Update } else { act });
        if reach.is_nothing() {
            return Ok(Grant::Nothing);
        }
        let templates =
            |condition| format!("t.deal_id IN (SELECT t.id FROM {} t WHERE {condition})", deals.table());
        Ok(reach
            .condition(&mut params)
            .map_or(Grant::All, |condition| Grant::Where(templates(condition), params)))
    }

    fn fields(&self) -> &'static [&'static str] {
        &["dealId"]
    }

    fn audience(&self, call: &mut Call<'_, '_>, row: &Row) -> Result<MayKnow> {
        let deals = deals(call);
        let stand = stand_of(call.tx, &deals, row.int("dealId").unwrap_or(0))?;
        Ok(call.readers_of(&deals, stand.as_slice()))
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
            take_template(call, draft)?;
        }
        if draft.is_given("params") || old.is_none() {
            let given = codec::json(draft.after(None, "params"));
            draft.set(
                "params",
                params::complete(&given, &old.map(|old| old.json("params")).unwrap_or_default()).to_string(),
            );
        }
        if draft.is_given("isLimit") && !["D", "T"].contains(&draft.text("isLimit").unwrap_or("")) {
            draft.set("isLimit", "N");
        }
        let today = today(call);
        if day_of(draft.after(old, "startDate")).is_none() {
            draft.set("startDate", today.to_string());
        }
        let plan = plan_of(|name| draft.after(old, name));
        let done = old.and_then(|old| old.int("counterRepeat")).unwrap_or(0);
        let ran_today =
            old.and_then(|old| day_of(old.get("lastExecution"))).is_some_and(|last| last >= today);
        let from = if ran_today { today.tomorrow().unwrap_or(today) } else { today };
        let next = plan.and_then(|plan| plan.next(from, done));
        let is_active = matches!(draft.after(old, "active"), Param::Text(flag) if flag == "Y");
        draft.set("nextExecution", next.filter(|_| is_active).map(|next| next.to_string()));
        Ok(())
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        expose::schedule(call, saved.row.number, day_of(saved.row.get("nextExecution")))?;
        let verb = if saved.old.is_none() { "ADD" } else { "UPDATE" };
        raise(call, saved.row, verb, true)
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
        raise(call, row, "DELETE", false)
    }

    fn describe(&self, _: &Face, fields: &mut Map, language: Locale) {
        describe::correct(fields, "PARAMS", "definition", params::definition(language));
    }
}

/// Makes the deal of a request the template, or a copy of it when it is an ordinary one.
fn take_template(call: &mut Call<'_, '_>, draft: &mut Draft<'_>) -> Result<()> {
    let id = draft.int("dealId").filter(|id| *id > 0).ok_or_else(no_deal)?;
    let deals = deals(call);
    match standing(call, &deals, id, Act::Update)? {
        Standing::Missing => return Err(no_deal().into()),
        Standing::Denied => return Err(Fault::crm("Access denied.").into()),
        Standing::Allowed => {}
    }
    if is_template(call, id)? != Some(true) {
        let mut template = Map::with_capacity(1);
        template.push("IS_RECURRING", "Y");
        let copy = expose::copy(call, &deals, id, template)?;
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
    let sql = format!("SELECT is_recurring FROM {} WHERE id = ?", deals(call).table());
    Ok(call.tx.one(&sql, &[deal.into()], |row| Ok(row.opt_text(0)? == Some("Y")))?)
}

/// When deals are due by these settings.
fn plan_of<'p>(value: impl Fn(&str) -> &'p Param<'static>) -> Option<Plan> {
    let rhythm = params::rhythm(&codec::json(value("params")));
    Some(Plan { start: day_of(value("startDate"))?, rhythm, limit: limit_of(value) })
}

/// How long it goes on by these settings.
pub fn limit_of<'p>(value: impl Fn(&str) -> &'p Param<'static>) -> Limit {
    match value("isLimit") {
        Param::Text(kind) if kind == "D" => day_of(value("limitDate")).map_or(Limit::Never, Limit::Day),
        Param::Text(kind) if kind == "T" => match value("limitRepeat") {
            Param::Int(times) => Limit::Times(*times),
            _ => Limit::Never,
        },
        _ => Limit::Never,
    }
}

fn raise(call: &mut Call<'_, '_>, row: &Row, verb: &str, with_deal: bool) -> Result<()> {
    let audience = Deals.audience(call, row)?;
    let deal = row.int("dealId").unwrap_or(0);
    let object = format!("{}:{}", RECURRING.name, row.number);
    call.raise_to(audience, &format!("ONCRMDEALRECURRING{verb}"), || match with_deal {
        true => Happening::new(object, [("ID", row.number.into()), ("RECURRING_DEAL_ID", deal.into())]),
        false => Happening::new(object, [("ID", row.number.into())]),
    });
    Ok(())
}

/// The day that a column holds.
pub fn day_of(param: &Param<'_>) -> Option<Date> {
    match param {
        Param::Text(day) => day.parse().ok(),
        _ => None,
    }
}

/// The day that it is on the portal's clock.
pub fn today(call: &Call<'_, '_>) -> Date {
    let printed = engine::moment::print(&call.settings.zone, call.now.seconds());
    printed.get(..10).and_then(|day| day.parse().ok()).unwrap_or_default()
}
