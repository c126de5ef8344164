//! The CRM: its entities as data, and the methods that are not alike for all of them.

mod binding;
mod category;
mod company;
mod contact;
mod currency;
mod deal;
mod dealcategory;
mod dictionary;
mod duplicate;
mod enums;
mod item;
mod lead;
mod legacy;
mod plant;
mod productrow;
pub mod seed;
mod shared;
mod status;
mod userfield;

pub use plant::{names, plant};

use engine::entity::{Entity, count, schema};
use engine::error::Result;
use engine::event::Event;
use engine::method::Method;
use engine::modules::Module;
use store::{Migration, Tx};

/// The scope of all methods here.
pub const SCOPE: &str = "crm";

/// The entities that every portal has.
pub fn entities() -> Vec<Entity> {
    vec![lead::entity(), deal::entity(), contact::entity(), company::entity()]
}

/// The module of this crate.
pub static MODULE: Module = Module {
    nouns: currency::nouns,
    methods,
    events,
    entities,
    migrations: &[Migration {
        version: 1,
        name: "blocks",
        sql: include_str!("../migrations/0001_blocks.sql"),
    }],
    sync,
    plant,
    seeds: &[currency::SEED],
    russian: include_str!("ru.toml"),
    ..Module::new("crm")
};

/// Brings the tables of items up to date.
fn sync(tx: &mut Tx<'_>) -> Result<()> {
    let entities = entities();
    schema::sync(tx, &entities)?;
    count::sync(tx, &entities)
}

/// All events of the CRM.
fn events() -> Vec<Event> {
    entities()
        .iter()
        .flat_map(|entity| [legacy::events(entity), engine::userfield::events(entity, SCOPE)].concat())
        .collect()
}

/// All methods of the CRM.
fn methods() -> Vec<Method> {
    let mut methods = Vec::new();
    for entity in entities() {
        methods.extend(legacy::methods(&entity));
    }
    methods.extend(item::methods());
    methods.extend(status::methods());
    methods.extend(currency::methods());
    methods.extend(enums::methods());
    methods.extend(category::methods());
    methods.extend(dealcategory::methods());
    methods.extend(productrow::methods());
    methods.extend(binding::methods());
    methods.extend(userfield::methods());
    methods.extend(duplicate::methods());
    methods
}
