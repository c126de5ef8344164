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
mod given;
mod item;
mod lead;
mod legacy;
mod plant;
mod productrow;
mod query;
pub mod seed;
mod shared;
mod status;
mod strict;
pub(crate) mod userfield;

pub use plant::{names, plant};

use crate::entity::Entity;
use crate::method::Method;
use crate::noun::{Noun, Seed};
use crate::outbound::Event;

/// The scope of all methods here.
pub const SCOPE: &str = "crm";

/// The entities that every portal has.
pub fn entities() -> Vec<Entity> {
    vec![lead::entity(), deal::entity(), contact::entity(), company::entity()]
}

/// The nouns that are nothing but data.
pub fn nouns() -> Vec<&'static Noun> {
    currency::nouns()
}

/// First contents that came after those of [`plant`].
pub const SEEDS: &[Seed] = &[currency::SEED];

/// All events of the CRM.
pub fn events() -> Vec<Event> {
    entities()
        .iter()
        .flat_map(|entity| [legacy::events(entity), userfield::events(entity)].concat())
        .collect()
}

/// All methods of the CRM.
pub fn methods() -> Vec<Method> {
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
