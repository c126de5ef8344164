//! Nouns as data: a noun is a table with fields, a rule of who may touch its rows, and faces, each one spelling of its
//! methods. Everything else (methods with their parameters and examples, the table and its indexes, checks, filters,
//! answers, events) follows from the declaration. What a noun does beyond that stands in its [`Hooks`].
//!
//! A write goes through named steps, see [`write`]. Items of the CRM go through the same ones: there the noun says how, and
//! the fields are those of an [`Entity`](crate::entity::Entity), which may come into being at run time; see [`Shape`].

mod access;
mod answer;
mod asked;
mod check;
pub mod constant;
mod declare;
mod events;
mod face;
mod facets;
mod field;
mod hooks;
mod made;
mod own;
mod read;
mod schema;
mod seed;
mod shape;
mod write;

pub use access::{Access, Grant, RowScope, Rule, administrators, has_member, is_member, members_of};
pub use answer::{fields, find, list, listed, show, show_all};
pub use asked::{Asked, asked};
pub(crate) use events::fields_of;
pub use events::{EventData, Events};
pub use face::{
    Absent, Answer, CONTROLLER_FAULTS, CRUD, Described, Envelope, Face, Faults, Id, LEGACY_FAULTS, Refusal,
    Rows, VERBS, Verb, numbered_faults,
};
pub use field::{Field, ID, Stamp, column, field};
pub use hooks::{Hooks, Plain, Saved, TableOf, Watch};
pub use made::Made;
pub use own::{MIGRATIONS, again, again_all, alone, among, belonging, claim, count, has, locked, which};
pub use read::{by_key, foreign, numbers, one, rows, select};
pub use schema::{sync, sync_indexes};
pub use seed::{Seed, seed};
pub use shape::Shape;
pub use write::{
    add, add_by, add_to, amend, clear, delete, delete_from, put, put_there, replace, update, update_in,
};

use store::Param;
use wire::Value;

use crate::entity::UserFields;
pub use crate::entity::count::Counted;
pub use crate::entity::{Draft, Order, Row};
use crate::scopes::split;

/// A noun: what the engine needs to know of it.
pub struct Noun {
    /// The name by which links call it: `catalog.section`.
    pub name: &'static str,
    /// Its table in the database.
    pub table: &'static str,
    /// The scope that opens its methods, unless a face has its own.
    pub scope: &'static str,
    /// Display names, singular and plural: `unit of measure`, `units of measure`.
    pub titles: [&'static str; 2],
    /// The fields that requests name a row by: `id`, one with a code, such as `currency`, or several together.
    pub key: &'static [&'static str],
    /// The row of the demo portal that examples name; one that may be deleted. `1,8,1` for a key of several fields whose
    /// samples name none.
    pub example: &'static str,
    /// The access rule.
    pub access: Access,
    /// Its fields, in the order in which they are shown.
    pub fields: &'static [Field],
    /// Its methods, one spelling each.
    pub faces: &'static [Face],
    /// Its events.
    pub events: Option<Events>,
    /// How the fields that people add to it are kept and called.
    pub user_fields: Option<&'static UserFields>,
    /// The prefix of the methods that manage those, and the number of the one that the demo portal has.
    pub user_field_methods: Option<(&'static str, i64)>,
    /// Scopes each of which shows more of its fields than the one before; none where every scope shows all.
    pub tiers: &'static [&'static str],
    /// A scope that shows the fields that people add to it beside any of these; the widest of them does by itself.
    pub user_field_scope: Option<&'static str>,
    /// The fields that it gets at run time from a table of its module.
    pub made: Option<Made>,
    /// The table that a call is about, of a noun whose rows lie in tables that are made at run time: one of [`Noun::table_like`].
    pub tables: Option<TableOf>,
    /// How its rows are counted, where lists of very many tell how many there are.
    pub counted: Option<Counted>,
    /// Whether its rows are part of the shared metadata, which a change of them renews.
    pub shared: bool,
    /// Noun-specific behaviour.
    pub hooks: &'static dyn Hooks,
}

/// A noun with nothing but a table, which only administrators may touch; a declaration says what differs.
pub const fn noun(
    name: &'static str,
    table: &'static str,
    scope: &'static str,
    titles: [&'static str; 2],
) -> Noun {
    Noun {
        name,
        table,
        scope,
        titles,
        key: &["id"],
        example: "1",
        access: Access::Administrators,
        fields: &[],
        faces: &[],
        events: None,
        user_fields: None,
        user_field_methods: None,
        tiers: &[],
        user_field_scope: None,
        made: None,
        tables: None,
        counted: None,
        shared: false,
        hooks: &Plain,
    }
}

impl Noun {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.place(name).map(|at| &self.fields[at])
    }

    /// The place of the widest of its tiers that scopes, separated by commas, open; `None` when they open none.
    pub fn tier_of(&self, scopes: &str) -> Option<usize> {
        split(scopes).filter_map(|scope| self.tiers.iter().position(|tier| *tier == scope)).max()
    }

    /// The place of the first of its tiers that shows a field.
    pub fn tier(&self, field: &Field) -> usize {
        self.tiers.iter().position(|tier| Some(*tier) == field.tier).unwrap_or(0)
    }

    /// The number under which the shared metadata holds it with the fields that it got at run time.
    pub(crate) fn number(&self) -> Option<i64> {
        self.user_fields.map(|fields| fields.number).or(self.made.map(|made| made.number))
    }

    /// Where the field of that name stands.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The column of the field of that name; `id` for the number, which also nouns have that do not show it.
    pub(crate) fn column(&self, name: &str) -> String {
        match self.field(name) {
            Some(field) => field.column(),
            None if name == "id" => "id".to_owned(),
            None => panic!("{} has no {name}", self.name),
        }
    }

    /// The key of a row; of a composite one, the number of the row.
    fn key_of(&self, row: &Row) -> Value {
        match self.key {
            [name] => match row.get(name) {
                Param::Text(code) => Value::from(code.as_ref()),
                _ => Value::Int(row.number),
            },
            _ => Value::Int(row.number),
        }
    }
}

impl std::fmt::Debug for Noun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Noun({})", self.name)
    }
}

/// `unit` as `a unit`, `order` as `an order`.
fn with_article(title: &str) -> String {
    let vowel = title.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']);
    format!("{} {title}", if vowel { "an" } else { "a" })
}

/// A text with a capital at its beginning.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}
