//! The events of a noun: a row was added, changed or deleted.

use serde_json::json;
use wire::{Map, Value};

use super::{Noun, Row, Shape, capital, with_article};
use crate::access::Stand;
use crate::call::Call;
use crate::entity::Naming;
use crate::entity::compare::Before;
use crate::entity::owner::tell;
use crate::error::Result;
use crate::event::{Event, Happening, event};
use crate::meta::Meta;
use crate::modules::Modules;
use crate::userfield;

/// How a noun's events are called and what they carry.
#[derive(Clone, Copy, Debug)]
pub struct Events {
    /// The beginning of their names: `ONCRMCURRENCY`.
    pub prefix: &'static str,
    /// What follows for rows that were added, changed and deleted.
    pub verbs: [&'static str; 3],
    /// Their data.
    pub data: EventData,
    /// The scope that opens them, where it is not the noun's.
    pub scope: Option<&'static str>,
}

/// The data of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventData {
    /// `{"FIELDS": {"ID": 1}}`
    Fields,
    /// `{"ID": 1}`
    Upper,
    /// `{"id": 1}`
    Lower,
    /// `{"TYPE_ID": 1, "ENTITY_ID": 7}`: these fields under their upper-case names
    Members(&'static [&'static str]),
    /// `{"FIELDS": {"TYPE_ID": 1, "ENTITY_ID": 7}}`
    FieldsMembers(&'static [&'static str]),
    /// The row before and after: `{"FIELDS_BEFORE": {"ID": 1}, "FIELDS_AFTER": {"ID": 1}, ..}`, with texts in the place
    /// of what is not there
    Sides,
}

impl Events {
    /// The usual ones: `..ADD`, `..UPDATE` and `..DELETE` with `{"FIELDS": {"ID": 1}}`.
    pub const fn new(prefix: &'static str) -> Self {
        Events { prefix, verbs: ["ADD", "UPDATE", "DELETE"], data: EventData::Fields, scope: None }
    }

    /// Carry other data.
    pub const fn with(self, data: EventData) -> Self {
        Events { data, ..self }
    }

    /// Are opened by this scope.
    pub const fn scoped(self, scope: &'static str) -> Self {
        Events { scope: Some(scope), ..self }
    }

    /// What an event about a row carries.
    fn of(self, call: &Call<'_, '_>, shape: &Shape, row: &Row, done: Done) -> Map {
        let id = |name: &'static str| [(name.into(), shape.noun.key_of(row))].into_iter().collect::<Map>();
        match self.data {
            EventData::Fields => [("FIELDS".into(), id("ID").into())].into_iter().collect(),
            EventData::Upper => id("ID"),
            EventData::Lower => id("id"),
            EventData::Members(names) => members(call, shape, row, names),
            EventData::FieldsMembers(names) => {
                [("FIELDS".into(), members(call, shape, row, names).into())].into_iter().collect()
            }
            EventData::Sides => Value::from(sides(&json!(row.number), done)).into_map().unwrap_or_default(),
        }
    }

    /// An example of it.
    fn example(self, noun: &Noun, done: Done) -> serde_json::Value {
        match self.data {
            EventData::Fields => json!({"FIELDS": {"ID": noun.example}}),
            EventData::Upper => json!({"ID": noun.example}),
            EventData::Lower => json!({"id": noun.example}),
            EventData::Members(names) => sample_members(noun, names),
            EventData::FieldsMembers(names) => json!({"FIELDS": sample_members(noun, names)}),
            EventData::Sides => sides(&json!(noun.example), done),
        }
    }
}

/// The data of an event that has the row before and after it. The texts are on the wire.
fn sides(id: &serde_json::Value, done: Done) -> serde_json::Value {
    let (row, nothing) = (json!({"ID": id}), json!("undefined"));
    let (before, after, could, can) = match done {
        Done::Added => (nothing.clone(), row, json!("N"), nothing),
        Done::Changed => (row.clone(), row, nothing.clone(), nothing),
        Done::Deleted => (row, nothing.clone(), nothing, json!("N")),
    };
    json!({
        "FIELDS_BEFORE": before, "FIELDS_AFTER": after, "IS_ACCESSIBLE_BEFORE": could, "IS_ACCESSIBLE_AFTER": can,
    })
}

/// Fields of a row under their upper-case names.
fn members(call: &Call<'_, '_>, shape: &Shape, row: &Row, names: &[&str]) -> Map {
    let member = |name: &&str| {
        let at = shape.noun.place(name)?;
        let value = row.shown(&call.caller.zone, Naming::Item, at, &shape.table.fields[at]);
        Some((shape.table.fields[at].code.as_ref().into(), value))
    };
    names.iter().filter_map(member).collect()
}

fn sample_members(noun: &Noun, names: &[&str]) -> serde_json::Value {
    let member = |name: &&str| {
        let field = noun.field(name)?;
        Some((field.upper_name(), json!(field.sample.unwrap_or("1"))))
    };
    names.iter().filter_map(member).collect::<serde_json::Map<_, _>>().into()
}

/// What is done to a row, as the place of its verb in [`Events::verbs`].
#[derive(Clone, Copy, Debug)]
pub(super) enum Done {
    Added,
    Changed,
    Deleted,
}

impl Done {
    const ALL: [Done; 3] = [Done::Added, Done::Changed, Done::Deleted];
}

/// The fields whose changes an event tells: those of the noun whose update it is.
pub(crate) fn fields_of(modules: &Modules, meta: &Meta, event: &str) -> Vec<(String, String)> {
    let is_update = |events: Events| {
        let verb = event.strip_prefix(events.prefix);
        verb == Some(events.verbs[Done::Changed as usize])
    };
    let Some(shape) = modules.nouns().iter().find(|shape| shape.noun.events.is_some_and(is_update)) else {
        return Vec::new();
    };
    let shape = shape.clone().with_user_fields(meta);
    shape.compared().map(|(_, field)| (field.code.to_string(), field.title.to_string())).collect()
}

impl Noun {
    /// The events that are declared for a noun, those of its user fields among them.
    pub fn events(&self) -> Vec<Event> {
        let mut declared: Vec<Event> = Vec::new();
        if let Some(events) = self.events {
            let done = ["added", "changed", "deleted"];
            for (at, verb) in events.verbs.into_iter().enumerate() {
                // One name may tell of two of them.
                if let Some(first) = events.verbs[..at].iter().position(|other| *other == verb) {
                    declared[first].about = format!(
                        "{} was {} or {}.",
                        capital(&with_article(self.titles[0])),
                        done[first],
                        done[at]
                    );
                    continue;
                }
                let about = format!("{} was {}.", capital(&with_article(self.titles[0])), done[at]);
                let name = format!("{}{verb}", events.prefix);
                declared.push(event(
                    name,
                    events.scope.unwrap_or(self.scope),
                    about,
                    events.example(self, Done::ALL[at]),
                ));
            }
        }
        if let Some(fields) = self.user_fields {
            declared.extend(userfield::events(fields, self.titles[1], self.scope));
        }
        declared
    }
}

/// What every change is followed by: the shared metadata is renewed where it holds the noun, and an event is raised. An
/// update tells what became of the `old` row; of an item, as `before` has it, with what lives elsewhere.
pub(super) fn happened(
    call: &mut Call<'_, '_>,
    shape: &Shape,
    done: Done,
    row: &Row,
    old: Option<&Row>,
    before: Option<Before>,
) -> Result<()> {
    let (noun, table) = (shape.noun, &shape.table);
    if matches!(done, Done::Deleted) {
        call.core.modules.watches(noun.name).iter().try_for_each(|watch| (watch.deleted)(call, row))?;
    }
    if noun.shared {
        call.meta_changed()?;
    }
    let Some(events) = noun.events else {
        if table.is_item() {
            let changed = before.map_or(Ok(None), |before| before.changed(call, table, row.number))?;
            let stands: Vec<Stand> = old.into_iter().chain([row]).map(Row::stand).collect();
            tell(call, table, OF_ITEMS[done as usize], row.number, &stands, changed);
        }
        return Ok(());
    };
    let name = format!("{}{}", events.prefix, events.verbs[done as usize]);
    if !call.core.modules.hears(&call.meta, &name) {
        return Ok(());
    }
    let audience = noun.audience(call, row)?;
    let data = events.of(call, shape, row, done);
    let changed = old.map(|old| shape.changes(old, row));
    let object = table.object(row.number);
    call.raise_to(audience, &name, || Happening { object, data: data.into(), changed });
    Ok(())
}

/// What follows the names of items' events, for those that were added, changed and deleted.
const OF_ITEMS: [&str; 3] = ["ADD", "UPDATE", "DELETE"];
