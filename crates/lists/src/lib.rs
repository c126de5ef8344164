//! Lists: `lists.*`. A list has fields that people choose, sections, and elements with a value or several for each field.
//!
//! Four nouns: `lists.list`, `lists.field`, `lists.section` and `lists.element`. Who may do what is decided by the rights of
//! the list ([`rights`]), for all of them by one condition. Values are rows of their own: answers name each by its number.

pub mod copy;
mod element;
mod field;
mod gone;
mod list;
mod refusal;
mod rights;
mod section;
mod tree;

use engine::method::Method;
use engine::modules::Module;
use engine::noun::{Noun, Seed, Watch};
use engine::scopes::{Scope, offered};
use store::Migration;

/// The scope of the methods.
const SCOPE: &str = "lists";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: SCOPES,
    nouns,
    methods,
    migrations: &[Migration {
        version: 1,
        name: "values",
        sql: include_str!("../migrations/0001_values.sql"),
    }],
    jobs: &[gone::JOB],
    watches: &[Watch { deleted: gone::group_deleted, ..Watch::new("groups.group") }],
    indexes: INDEXES,
    sync: element::count::sync,
    seeds: &[NAMES],
    russian: include_str!("ru.toml"),
    ..Module::new("lists")
};

/// The scopes that webhooks may be granted for it.
const SCOPES: &[Scope] = &[
    offered("iblock", "Information blocks", "Information blocks, their sections and elements."),
    offered("lists", "Lists", "Universal lists, their fields and elements."),
];

fn nouns() -> Vec<&'static Noun> {
    vec![&list::LIST, &field::FIELD, &section::SECTION, &element::ELEMENT]
}

fn methods() -> Vec<Method> {
    [list::methods(), field::methods(), section::methods(), element::methods()]
        .into_iter()
        .flatten()
        .collect()
}

/// Names that answers translate; there is nothing to be seeded.
const NAMES: Seed = Seed { name: "lists.names", names, seed: |_, _, _| Ok(()) };

fn names() -> Vec<&'static str> {
    let own = field::TYPES.iter().map(|kind| kind.title);
    own.chain(["Sections", "Section", "Elements", "Element", "Name"]).collect()
}

/// Indexes over several columns, which the declarations of fields do not say.
const INDEXES: &[&str] = &[
    "UNIQUE INDEX IF NOT EXISTS lists_list_code ON lists_list (iblock_type_id, code) WHERE code IS NOT NULL",
    "UNIQUE INDEX IF NOT EXISTS lists_element_code ON lists_element (list_id, code) WHERE code IS NOT NULL",
    "INDEX IF NOT EXISTS lists_element_of ON lists_element (list_id, id)",
    "INDEX IF NOT EXISTS lists_element_named ON lists_element (list_id, name, id)",
];

/// Demo data: calls in their order. List 1, "Equipment on loan", with the field 2, a state, and 3, a price; section
/// 1, and in it the element 1.
pub const DEMO: &str = include_str!("demo.json");
