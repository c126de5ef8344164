//! What recurring deals and recurring invoices have in common: settings that belong to a template, say when the next one is
//! due, and are on the timetable for that day.

use std::sync::Arc;

use engine::access::Act;
use engine::call::Call;
use engine::entity::owner::{last_stand_of, standing};
use engine::entity::read::reach;
use engine::entity::{Entity, codec};
use engine::error::Result;
use engine::event::{Happening, MayKnow};
use engine::method::params;
use engine::moment::{self, Moment};
use engine::noun::{Draft, Grant, Noun, Row, Rule, column};
use engine::timetable::{Job, Next, Task};
use jiff::civil::Date;
use serde_json::{Value as JsonValue, json};
use store::Param;
use wire::{Fault, Value};

use super::plan::{Limit, Plan, Recurrence};

/// The templates of one kind. As an access rule of their settings: who may read a template reads its settings, who may change
/// or delete it changes or deletes them.
#[derive(Debug)]
pub struct Templates {
    /// The type of the templates and of what is made of them.
    pub type_id: i64,
    /// The field of the settings that names the template.
    pub link: &'static [&'static str; 1],
    /// The settings.
    pub settings: &'static Noun,
    /// Makes what is due by the settings with the number that is its key.
    pub job: &'static Job,
    /// How the names of its events begin.
    pub events: &'static str,
}

impl Rule for Templates {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let (templates, mut params) = (self.entity(call), Vec::new());
        let reach = reach(call, &templates, if act == Act::Add { Act::Update } else { act });
        if reach.is_nothing() {
            return Ok(Grant::Nothing);
        }
        let (link, table) = (column(self.link[0]), templates.table());
        let within = |condition| format!("t.{link} IN (SELECT t.id FROM {table} t WHERE {condition})");
        let condition = reach.condition(&mut params);
        Ok(condition.map_or(Grant::All, |condition| Grant::Where(within(condition), params)))
    }

    fn fields(&self) -> &'static [&'static str] {
        self.link
    }

    fn audience(&self, call: &mut Call<'_, '_>, row: &Row) -> Result<MayKnow> {
        let templates = self.entity(call);
        let stand = last_stand_of(call, &templates, self.template(row))?;
        Ok(call.readers_of(&templates, stand.as_slice()))
    }
}

impl Templates {
    /// The entity of the templates.
    pub fn entity(&self, call: &Call<'_, '_>) -> Arc<Entity> {
        call.entity(self.type_id).expect("what recurs is always there")
    }

    /// The template of settings.
    pub fn template(&self, settings: &Row) -> i64 {
        settings.int(self.link[0]).unwrap_or(0)
    }

    /// The item that new settings are for, when the caller may change it; `missing` when there is none.
    pub fn named(&self, call: &mut Call<'_, '_>, draft: &Draft<'_>, missing: fn() -> Fault) -> Result<i64> {
        let id = draft.int(self.link[0]).filter(|id| *id > 0).ok_or_else(missing)?;
        let templates = self.entity(call);
        standing(call, &templates, id, Act::Update)?.require(Fault::crm("Access denied."), missing())?;
        Ok(id)
    }

    /// Completes settings that are about to be written: the limit, the first day, and when the next one is due.
    pub fn complete<R: Recurrence>(
        &self,
        call: &Call<'_, '_>,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
        rhythm: fn(&JsonValue) -> R,
    ) {
        if draft.is_given("isLimit") && !["D", "T"].contains(&draft.text("isLimit").unwrap_or("")) {
            draft.set("isLimit", "N");
        }
        let today = today(call);
        if day_of(draft.after(old, "startDate")).is_none() {
            draft.set("startDate", today.to_string());
        }
        let plan = plan_of(|name| draft.after(old, name), rhythm);
        let done = old.and_then(|old| old.int("counterRepeat")).unwrap_or(0);
        let ran_today =
            old.and_then(|old| day_of(old.get("lastExecution"))).is_some_and(|last| last >= today);
        let from = if ran_today { today.tomorrow().unwrap_or(today) } else { today };
        let next = plan.and_then(|plan| plan.next(from, done));
        let is_active = matches!(draft.after(old, "active"), Param::Text(flag) if flag == "Y");
        draft.set("nextExecution", next.filter(|_| is_active).map(|next| next.to_string()));
    }

    /// Puts settings that were written on the timetable.
    pub fn follow(&self, call: &mut Call<'_, '_>, settings: &Row) -> Result<()> {
        self.schedule(call, settings.number, day_of(settings.get("nextExecution")))
    }

    /// What is due is made at the beginning of the day.
    fn schedule(&self, call: &mut Call<'_, '_>, settings: i64, next: Option<Date>) -> Result<()> {
        let key = settings.to_string();
        let begins = |day: Date| moment::parse(&call.settings.zone, &day.to_string());
        match next.and_then(begins) {
            Some(seconds) => call.schedule(self.job, &key, Moment(seconds * 1_000_000), ""),
            None => call.cancel(self.job, &key).map(drop),
        }
    }

    /// Runs the method that makes what is due, in the name of who is responsible for the template.
    pub fn run(&self, task: &mut Task<'_, '_>, table: &str, method: &str) -> Result<Next> {
        let sql = format!(
            "SELECT t.assigned_by_id FROM {} r JOIN {table} t ON t.id = r.{} WHERE r.id = ? AND r.active = 'Y'",
            self.settings.table,
            column(self.link[0])
        );
        let id: i64 = task.key.parse().unwrap_or(0);
        if let Some(user) = task.tx.one(&sql, &[id.into()], |row| Ok(row.opt_int(0)?.unwrap_or(1)))? {
            task.act_as((user, true), method, params(&json!({"id": id})))?;
        }
        Ok(Next::Done)
    }

    /// Notes that one was made, and when the next one is due; after the last one the settings are inactive.
    pub fn count<R: Recurrence>(
        &self,
        call: &mut Call<'_, '_>,
        settings: &Row,
        today: Date,
        rhythm: fn(&JsonValue) -> R,
    ) -> Result<()> {
        let done = settings.int("counterRepeat").unwrap_or(0) + 1;
        let is_active = settings.text("active") == "Y";
        let tomorrow = today.tomorrow().unwrap_or(today);
        let plan = plan_of(|name| settings.get(name), rhythm);
        let next = plan.and_then(|plan| plan.next(tomorrow, done)).filter(|_| is_active);
        let sql = format!(
            "UPDATE {} SET counter_repeat = ?, last_execution = ?, next_execution = ?, active = ? WHERE id = ?",
            self.settings.table
        );
        let params = [
            done.into(),
            today.to_string().into(),
            next.map(|next| next.to_string()).into(),
            if next.is_some() { "Y" } else { "N" }.into(),
            settings.number.into(),
        ];
        call.tx.execute(&sql, &params)?;
        self.schedule(call, settings.number, next)
    }

    /// Raises an event about settings.
    pub fn raise<const N: usize>(
        &self,
        call: &mut Call<'_, '_>,
        settings: &Row,
        verb: &str,
        fields: [(&str, Value); N],
    ) -> Result<()> {
        let audience = self.audience(call, settings)?;
        let object = format!("{}:{}", self.settings.name, settings.number);
        call.raise_to(audience, &format!("{}{verb}", self.events), || Happening::new(object, fields));
        Ok(())
    }
}

/// When something is due by settings.
fn plan_of<'p, R: Recurrence>(
    value: impl Fn(&str) -> &'p Param<'static>,
    rhythm: fn(&JsonValue) -> R,
) -> Option<Plan<R>> {
    let rhythm = rhythm(&codec::json(value("params")));
    Some(Plan { start: day_of(value("startDate"))?, rhythm, limit: limit_of(value) })
}

/// How long it goes on by these settings.
fn limit_of<'p>(value: impl Fn(&str) -> &'p Param<'static>) -> Limit {
    match value("isLimit") {
        Param::Text(kind) if kind == "D" => day_of(value("limitDate")).map_or(Limit::Never, Limit::Day),
        Param::Text(kind) if kind == "T" => match value("limitRepeat") {
            Param::Int(times) => Limit::Times(*times),
            _ => Limit::Never,
        },
        _ => Limit::Never,
    }
}

/// The day that a column holds.
fn day_of(param: &Param<'_>) -> Option<Date> {
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
