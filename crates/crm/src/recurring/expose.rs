//! Making deals of templates: `crm.deal.recurring.expose`, and the timetable that calls it when a deal is due.

use engine::access::Act;
use engine::call::Call;
use engine::entity::binding;
use engine::entity::ends::Ends;
use engine::entity::{Kind, Naming, read};
use engine::error::Result;
use engine::method::{Method, write};
use engine::noun::{self};
use engine::timetable::{Job, Next, Task};
use serde_json::json;
use wire::{Fault, Map, Text, Value};

use super::template::today;
use super::{DEAL, FACE, NUMBER, RECURRING, TEMPLATES, params};
use crate::{SCOPE, items, productrow};

/// Makes the deal that is due by the settings with the number that is its key.
pub const JOB: Job = Job { kind: "crm.deal.recurring", run: due, every: None };

const CONTACT: i64 = 3;

/// The method.
pub fn method() -> Method {
    write("crm.deal.recurring.expose", SCOPE, expose)
        .about("Makes a deal of a template, beside those that are due, and returns its ID.")
        .param(NUMBER)
        .example(json!({"id": 1}), json!({"DEAL_ID": "*"}))
}

fn due(task: &mut Task<'_, '_>) -> Result<Next> {
    TEMPLATES.run(task, "crm_deal", "crm.deal.recurring.expose")
}

fn expose(call: &mut Call<'_, '_>) -> Result<Value> {
    let settings = noun::find(call, &RECURRING, &FACE, Act::Read, &[call.id("id").into()])?;
    let today = today(call);
    let mut given: Map = params::dates(&settings.json("params"), today)
        .map(|(field, day)| (field.into(), Value::from(day.to_string())))
        .collect();
    if let Some(category) = settings.int("categoryId") {
        given.push("CATEGORY_ID", category);
    }
    let template = TEMPLATES.template(&settings);
    let deal = copy(call, template, given)?;
    TEMPLATES.count(call, &settings, today, params::rhythm)?;
    let fields = [("ID", settings.number), ("RECURRING_DEAL_ID", template), ("DEAL_ID", deal)];
    TEMPLATES.raise(call, &settings, "EXPOSE", fields.map(|(name, id)| (name, Value::from(id))))?;
    Ok(Value::under("DEAL_ID", deal))
}

/// Adds a deal like another one, with its contacts and product rows, on the first stage; `given` differs. Gives its id.
pub(super) fn copy(call: &mut Call<'_, '_>, id: i64, given: Map) -> Result<i64> {
    const OWN: [&str; 6] = ["STAGE_ID", "IS_RECURRING", "CLOSED", "BEGINDATE", "CLOSEDATE", "CONTACT_ID"];
    let deals = &TEMPLATES.entity(call);
    let found = read::get(call, deals, Naming::Legacy, id)?.ok_or_else(|| Fault::crm("Not found"))?;
    // Files stay with the deal that they were given to.
    let is_copied = |name: &Text| {
        let is_file = deals.field(name).is_some_and(|field| field.kind == Kind::File);
        !is_file && !OWN.contains(&name.as_str())
    };
    let mut fields: Map = found.into_iter().filter(|(name, _)| is_copied(name)).collect();
    let links = binding::load(call.tx, Ends { owner: DEAL, target: CONTACT }, id)?;
    fields.push("CONTACT_IDS", links.iter().map(|link| Value::Int(link.target)).collect::<Vec<_>>());
    given.into_iter().for_each(|(name, value)| fields.insert(name, value));
    let copy = items::add(call, deals, Naming::Legacy, &fields)?;
    productrow::copy(call, deals, id, copy)?;
    Ok(copy)
}
