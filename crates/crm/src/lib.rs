//! The CRM: its entities as data, and the methods that are not alike for all of them.

mod activity;
mod automation;
mod binding;
mod calllist;
mod category;
mod company;
mod contact;
pub mod copy;
mod currency;
mod deal;
mod dealcategory;
mod details;
mod dictionary;
mod duplicate;
mod enums;
mod import;
mod invoice;
mod item;
mod items;
mod lead;
mod legacy;
mod merge;
mod owner;
mod productrow;
mod quote;
mod recurring;
mod requisite;
pub mod seed;
mod seeding;
mod shared;
mod smart_invoice;
mod solution;
mod stage_history;
mod status;
mod strict;
mod timeline;
mod tracking;
mod types;
mod userfield;
mod usertype;

pub use engine::entity::owned;
pub use seeding::{names, seed};

use engine::call::Call;
use engine::entity::change::Change;
use engine::entity::{Entity, Told, count, schema};
use engine::error::Result;
use engine::event::Event;
use engine::method::Method;
use engine::modules::Module;
use engine::noun::{Noun, Watch};
use engine::scopes::{Scope, offered};
use store::{Migration, Tx};

/// The scope of all methods here.
pub const SCOPE: &str = "crm";

/// The entities that every portal has.
pub fn entities() -> Vec<Entity> {
    vec![
        lead::entity(),
        deal::entity(),
        contact::entity(),
        company::entity(),
        quote::entity(),
        smart_invoice::entity(),
        invoice::entity(),
    ]
}

/// Demo data beyond that of the portal, calls in their order: two companies with requisites, bank details and addresses, a deal that
/// uses them, a call list and a trace.
pub const DEMO: &str = include_str!("demo.json");

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: SCOPES,
    nouns,
    methods,
    events,
    entities,
    made: types::made,
    sections: &[types::SECTION],
    migrations: &[
        Migration { version: 1, name: "blocks", sql: include_str!("../migrations/0001_blocks.sql") },
        Migration { version: 2, name: "timeline", sql: include_str!("../migrations/0002_timeline.sql") },
        Migration { version: 3, name: "activities", sql: include_str!("../migrations/0003_activities.sql") },
        Migration {
            version: 4,
            name: "timeline entries",
            sql: include_str!("../migrations/0004_timeline_entries.sql"),
        },
        Migration { version: 5, name: "types", sql: include_str!("../migrations/0005_types.sql") },
        Migration {
            version: 6,
            name: "exact money",
            sql: include_str!("../migrations/0006_exact_money.sql"),
        },
    ],
    pages: &[&invoice::page::PAGE],
    jobs: &[recurring::JOB, invoice::JOB],
    watches: &[
        activity::RECORDINGS,
        Watch { saved: activity::follow_task, deleted: activity::task_deleted, ..Watch::new("tasks.task") },
    ],
    user_types: &usertype::TYPES,
    configured: Some(userfield::CONFIGURED),
    follow,
    sync,
    seed,
    seeds: &[currency::SEED, seeding::QUOTES, seeding::INVOICES, seeding::OLDER_INVOICES, requisite::SEED],
    russian: include_str!("ru.toml"),
    ..Module::new("crm")
};

/// The scopes that webhooks may be granted for it.
const SCOPES: &[Scope] = &[
    offered("crm", "CRM", "Leads, deals, contacts, companies and related data."),
    offered("userfieldconfig", "Custom field settings", "Settings of custom fields of all objects."),
];

/// Everything that is nothing but rows of a table.
fn nouns() -> Vec<&'static Noun> {
    let mut nouns = vec![
        &status::STATUS,
        &category::CATEGORY,
        &productrow::ROW,
        &recurring::RECURRING,
        &duplicate::volatile::TYPE,
        &types::TYPE,
        &solution::SOLUTION,
        &details::CONFIGURATION,
        &invoice::ROW,
        &invoice::RECURRING,
        &calllist::LIST,
        &calllist::MEMBER,
        &tracking::TRACE,
        &tracking::ITEM,
    ];
    nouns.extend(currency::nouns());
    nouns.extend(requisite::nouns());
    nouns
}

/// Brings the tables of items up to date.
fn sync(tx: &mut Tx<'_>) -> Result<()> {
    let entities = entities();
    schema::sync(tx, &entities)?;
    count::sync(tx, &entities)?;
    types::sync(tx)?;
    activity::sync(tx)
}

/// Keeps what becomes of items.
fn follow(call: &mut Call<'_, '_>, entity: &Entity, id: i64, change: &Change) -> Result<()> {
    stage_history::follow(call, entity, id, change)?;
    if let Change::Merged(into) = change {
        productrow::hand_over(call.tx, entity, id, *into)?;
        activity::hand_over(call.tx, entity, id, *into)?;
        requisite::hand_over(call.tx, entity, id, *into)?;
        return timeline::hand_over(call.tx, entity, id, *into);
    }
    let Change::Deleted(stand) = change else { return Ok(()) };
    recurring::forget(call, entity, id)?;
    calllist::forget_member(call, entity, id)?;
    tracking::forget(call, entity, id)?;
    activity::forget(call, entity, id, *stand)?;
    requisite::forget(call, entity, id)?;
    timeline::forget(call.tx, entity, id)
}

/// All events of the CRM.
fn events() -> Vec<Event> {
    let of_entity = |entity: &Entity| {
        let fields = entity.user_fields.as_ref();
        let fields = fields.map(|fields| engine::userfield::events(fields, &entity.plural, SCOPE));
        let own = if matches!(entity.told, Told::ByCode(_)) { legacy::events(entity) } else { Vec::new() };
        [own, fields.unwrap_or_default()].concat()
    };
    let mut events: Vec<Event> = entities().iter().flat_map(of_entity).collect();
    events.extend(timeline::events());
    events.extend(activity::events());
    events.extend(types::events());
    events.extend(recurring::events());
    events.extend(invoice::events());
    events
}

/// All methods of the CRM.
fn methods() -> Vec<Method> {
    let mut methods = Vec::new();
    let is_usual = |entity: &Entity| legacy::is_spoken_of(entity) && entity.type_id != invoice::TYPE_ID;
    for entity in entities().into_iter().filter(is_usual) {
        methods.extend(legacy::methods(&entity));
    }
    methods.extend(item::methods());
    methods.extend(import::methods());
    methods.extend(status::methods());
    methods.extend(currency::methods());
    methods.extend(enums::methods());
    methods.extend(dealcategory::methods());
    methods.extend(details::methods());
    methods.extend(invoice::methods());
    methods.extend(calllist::methods());
    methods.extend(tracking::methods());
    methods.push(automation::method());
    methods.extend(productrow::methods());
    methods.extend(binding::methods());
    methods.extend(userfield::methods());
    methods.extend(duplicate::methods());
    methods.extend(timeline::methods());
    methods.extend(activity::methods());
    methods.extend(requisite::methods());
    methods.extend([stage_history::method(), merge::method(), recurring::method()]);
    methods.extend(types::methods());
    methods
}
