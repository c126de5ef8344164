//! Making deals of templates: `crm.deal.recurring.expose`, and the timetable that calls it when a deal is due.

use std::sync::Arc;

use engine::access::Act;
use engine::call::Call;
use engine::entity::binding;
use engine::entity::ends::Ends;
use engine::entity::{Entity, Kind, Naming, read};
use engine::error::Result;
use engine::event::Happening;
use engine::method::{Method, params as params_of, write};
use engine::moment::{self, Moment};
use engine::noun::{self, Row, Rule};
use engine::timetable::{Job, Next, Task};
use jiff::civil::Date;
use serde_json::json;
use wire::{Fault, Map, Text, Value};

use super::{DEAL, Deals, FACE, NUMBER, RECURRING, deals, params, plan_of, today};
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

/// Deals are made at the beginning of the day.
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
    let sql = "SELECT d.assigned_by_id FROM crm_deal_recurring r JOIN crm_deal d ON d.id = r.deal_id \
               WHERE r.id = ? AND r.active = 'Y'";
    let id: i64 = task.key.parse().unwrap_or(0);
    if let Some(user) = task.tx.one(sql, &[id.into()], |row| Ok(row.opt_int(0)?.unwrap_or(1)))? {
        task.act_as((user, true), "crm.deal.recurring.expose", params_of(&json!({"id": id})))?;
    }
    Ok(Next::Done)
}

fn expose(call: &mut Call<'_, '_>) -> Result<Value> {
    let settings = noun::find(call, &RECURRING, &FACE, Act::Read, &[call.id("id").into()])?;
    let (deals, today) = (deals(call), today(call));
    let mut given: Map = params::dates(&settings.json("params"), today)
        .map(|(field, day)| (field.into(), Value::from(day.to_string())))
        .collect();
    if let Some(category) = settings.int("categoryId") {
        given.push("CATEGORY_ID", category);
    }
    let template = settings.int("dealId").unwrap_or(0);
    let deal = copy(call, &deals, template, given)?;
    count(call, &settings, today)?;
    let (audience, object) =
        (Deals.audience(call, &settings)?, format!("{}:{}", RECURRING.name, settings.number));
    call.raise_to(audience, "ONCRMDEALRECURRINGEXPOSE", || {
        let [id, template] = [settings.number, template].map(Value::from);
        Happening::new(object, [("ID", id), ("RECURRING_DEAL_ID", template), ("DEAL_ID", deal.into())])
    });
    Ok(Value::under("DEAL_ID", deal))
}

/// Notes that a deal was made, and when the next one is due; after the last one the settings are inactive.
fn count(call: &mut Call<'_, '_>, settings: &Row, today: Date) -> Result<()> {
    let done = settings.int("counterRepeat").unwrap_or(0) + 1;
    let is_active = settings.text("active") == "Y";
    let tomorrow = today.tomorrow().unwrap_or(today);
    let next =
        plan_of(|name| settings.get(name)).and_then(|plan| plan.next(tomorrow, done)).filter(|_| is_active);
    let sql = "UPDATE crm_deal_recurring SET counter_repeat = ?, last_execution = ?, next_execution = ?, active = ? \
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

/// Adds a deal like another one, with its contacts and product rows, on the first stage; `given` differs. Gives its id.
pub(super) fn copy(call: &mut Call<'_, '_>, deals: &Arc<Entity>, id: i64, given: Map) -> Result<i64> {
    const OWN: [&str; 6] = ["STAGE_ID", "IS_RECURRING", "CLOSED", "BEGINDATE", "CLOSEDATE", "CONTACT_ID"];
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
