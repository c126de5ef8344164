//! The entity engine: every noun with fields (lead, deal, contact, company, ..) is a value that this code
//! reads; the methods of all of them are the same functions.

pub mod binding;
pub mod change;
pub mod codec;
pub mod compare;
pub mod count;
mod derived;
pub mod describe;
mod draft;
pub mod ends;
pub mod field;
pub mod file;
pub mod filter;
pub mod kind;
pub mod link;
pub mod multifield;
pub mod number;
pub mod owned;
pub mod owner;
pub mod page;
pub mod parent;
mod phone;
pub mod read;
pub mod refold;
mod row;
pub mod save;
pub mod schema;
mod sorting;
pub mod stage;
pub mod table;
mod user_settings;
pub mod userfield;
pub(crate) mod ways;

pub use derived::Derived;
pub use draft::Draft;
pub use field::{Field, Place};
pub use kind::{Declared, Kind, Stored};
pub use row::Row;
pub use sorting::Order;
pub use userfield::UserFields;
pub use ways::{Ways, Within};

use std::borrow::Cow;

use rust_decimal::Decimal;
use store::Param;

/// The base currency, in which sums are that name none.
pub const CURRENCY: &str = "USD";

/// The number of the table of users, under which their user fields are kept. No `entityTypeId` on the wire is it.
pub const USERS: i64 = 0;

/// A noun with fields: what the engine needs to know of it.
#[derive(Clone, Debug)]
pub struct Entity {
    /// Its number, `entityTypeId` on the wire: 1 lead, 2 deal, 3 contact, 4 company.
    pub type_id: i64,
    /// Its name in method names: `lead`.
    pub name: Cow<'static, str>,
    /// Its table: `crm_lead`.
    pub table: Cow<'static, str>,
    /// Another table with its alias, `crm_activity_binding b`: lists have a row for each pair that their conditions leave.
    pub beside: Option<&'static str>,
    /// The upper-case name used in roles, user fields and events: `LEAD`.
    pub code: Cow<'static, str>,
    /// The prefix of typed references: `L` as in `L_17`.
    pub prefix: Cow<'static, str>,
    /// How a person calls one.
    pub title: Cow<'static, str>,
    /// How a person calls many, in a sentence.
    pub plural: Cow<'static, str>,
    /// How the events about its items are called.
    pub told: Told,
    /// The name of the field that holds the stage, and the dictionary of its default pipeline.
    pub stage: Option<Stage>,
    /// Whether it has pipelines (`CATEGORY_ID`).
    pub has_categories: bool,
    /// Whether it carries product rows.
    pub has_products: bool,
    /// Fields in the order in which they are shown, built-in ones first.
    pub fields: Vec<Field>,
    /// How the fields that people add to it are kept and called; `None` when it has none.
    pub user_fields: Option<UserFields>,
    /// Data derived from them.
    pub derived: Derived,
}

/// How an entity moves through stages.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The field, `STATUS_ID` or `STAGE_ID`.
    pub field: &'static str,
    /// The field with its meaning (P in progress, S success, F failure), where it has one.
    pub semantic: &'static str,
    /// The dictionary in `crm_status`, `STATUS` or `DEAL_STAGE`; those of pipelines have the number behind it.
    pub dictionary: Cow<'static, str>,
    /// How stages of a pipeline are called.
    pub codes: stage::Codes,
}

/// How the events about items of an entity are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// By its code behind this: `ONCRM` for `ONCRMLEADADD`
    ByCode(&'static str),
    /// This one, and the same again with its number: `ONCRMDYNAMICITEM` for `ONCRMDYNAMICITEMADD` and
    /// `ONCRMDYNAMICITEMADD_1030`
    ByNumber(&'static str),
}

/// The naming style of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// `crm.lead.*`: upper-case names, numbers as text
    Legacy,
    /// `crm.item.*`: camelCase names, typed values
    Item,
    /// `crm.item.*` with `useOriginalUfNames=Y`: user fields keep their `UF_` names
    ItemOriginalUf,
}

impl Entity {
    /// The name of the event about items of this entity alone that were added (`ADD`), changed (`UPDATE`) or deleted
    /// (`DELETE`).
    pub fn event(&self, verb: &str) -> String {
        match self.told {
            Told::ByCode(begin) => format!("{begin}{}{verb}", self.code),
            Told::ByNumber(begin) => format!("{begin}{verb}_{}", self.type_id),
        }
    }

    /// The event that is raised before that about items of all such entities.
    pub fn common_event(&self, verb: &str) -> Option<String> {
        if let Told::ByNumber(begin) = self.told { Some(format!("{begin}{verb}")) } else { None }
    }

    /// The name of one of its items in events, `lead:17`, by which events of one object are kept in order.
    pub fn object(&self, id: i64) -> String {
        format!("{}:{id}", self.name)
    }

    /// Whether it is an entity of the CRM, and not a table that is only described like one: it has a prefix.
    pub fn is_item(&self) -> bool {
        !self.prefix.is_empty()
    }

    /// Whether the universal methods, `crm.item.*`, know its items.
    pub fn is_universal(&self) -> bool {
        self.field("ID").is_some_and(|id| id.item.is_some())
    }

    /// The field that says who is responsible for an item. It has the same column everywhere.
    pub fn responsible(&self) -> &'static str {
        if self.has("RESPONSIBLE_ID") { "RESPONSIBLE_ID" } else { "ASSIGNED_BY_ID" }
    }

    /// Whether the pipelines of its items are something that people see.
    pub fn shows_categories(&self) -> bool {
        self.has_categories && self.field("CATEGORY_ID").is_some_and(|field| field.item.is_some())
    }

    /// Whether the stages of its items are something that people see.
    pub fn shows_stages(&self) -> bool {
        let field = self.stage.as_ref().and_then(|stage| self.field(stage.field));
        field.is_some_and(|field| field.item.is_some())
    }

    /// Its table.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The fields that have a column, with their places.
    pub(crate) fn stored(&self) -> impl Iterator<Item = (usize, &Field)> {
        self.fields.iter().enumerate().filter(|(_, field)| field.place == Place::Column)
    }

    /// The field that code calls so: by its legacy name, that of a noun by its own.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.place(name).map(|at| &self.fields[at])
    }

    /// The exact number that a decimal field holds as this value.
    pub(crate) fn decimal(&self, name: &str, value: &Param<'_>) -> Option<Decimal> {
        match (self.field(name)?.kind, value) {
            (Kind::Decimal(scale), Param::Int(units)) => Some(Decimal::new(*units, scale.into())),
            _ => None,
        }
    }

    /// The field that a request calls by this name.
    pub fn named(&self, name: &str, naming: Naming) -> Option<&Field> {
        self.place_named(name, naming).map(|at| &self.fields[at])
    }

    /// Whether it has a field with this legacy name.
    pub fn has(&self, code: &str) -> bool {
        self.field(code).is_some()
    }
}

impl Naming {
    /// The name of a field; `None` if this style does not show it.
    pub fn name(self, field: &Field) -> Option<&str> {
        match self {
            Naming::Legacy => field.legacy.then_some(&*field.code),
            Naming::ItemOriginalUf if field.user.is_some() => Some(&field.code),
            Naming::Item | Naming::ItemOriginalUf => field.item.as_deref(),
        }
    }

    /// Whether numbers travel as text.
    pub fn is_legacy(self) -> bool {
        self == Naming::Legacy
    }
}
