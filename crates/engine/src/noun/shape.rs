//! Data derived from a noun's fields, computed once; with user fields, once for each version of the shared metadata.

use std::sync::Arc;

use wire::Text;

use super::{Field, Noun};
use crate::entity::{self, Derived, Entity, Naming, Place, Row, Told, UserFields};
use crate::meta::Meta;
use crate::scopes::split;

/// A noun with its fields as filters, codecs and schemas see them. Of items, whose noun declares no fields, the table is
/// that of their entity.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The noun.
    pub noun: &'static Noun,
    /// Its fields as a table; they stand in the order of the noun's, and user fields follow.
    pub table: Arc<Entity>,
}

impl Noun {
    /// A table with the fields of the noun, made at run time; its number is that of its user fields.
    pub fn table_like(&'static self, table: String, title: String, user_fields: UserFields) -> Entity {
        Entity {
            type_id: user_fields.number,
            table: table.into(),
            title: title.into(),
            user_fields: Some(user_fields),
            ..Entity::clone(&Shape::new(self).table)
        }
    }
}

impl Shape {
    /// Works it out, without user fields.
    pub fn new(noun: &'static Noun) -> Self {
        let table = Entity {
            type_id: noun.number().unwrap_or(0),
            name: noun.name.into(),
            table: noun.table.into(),
            code: "".into(),
            prefix: "".into(),
            title: noun.titles[0].into(),
            plural: noun.titles[1].into(),
            beside: None,
            told: Told::ByCode(""),
            stage: None,
            has_categories: false,
            has_products: false,
            fields: noun.fields.iter().map(described).collect(),
            user_fields: noun.user_fields.cloned(),
            derived: Derived::default(),
        };
        Shape { noun, table: Arc::new(table) }
    }

    /// The same with the user fields that there are.
    pub(crate) fn with_user_fields(self, meta: &Meta) -> Self {
        let table = self.noun.number().and_then(|number| meta.fielded(number));
        Shape { table: table.unwrap_or(self.table), ..self }
    }

    /// Without the fields that these scopes do not show. Who got here without any scope of the noun is the portal itself.
    pub(super) fn shown_to(mut self, scopes: &str) -> Self {
        let noun = self.noun;
        let narrow = |tier: &usize| tier + 1 < noun.tiers.len();
        let Some(tier) = noun.tier_of(scopes).filter(narrow) else { return self };
        let shows_added = split(scopes).any(|scope| Some(scope) == noun.user_field_scope);
        for (at, field) in Arc::make_mut(&mut self.table).fields.iter_mut().enumerate() {
            let is_shown = noun.fields.get(at).map_or(shows_added, |own| noun.tier(own) <= tier);
            if !is_shown {
                (field.item, field.legacy) = (None, false);
            }
        }
        self
    }

    /// The column of the field of that name.
    pub fn column(&self, name: &str) -> Option<&str> {
        self.noun.place(name).map(|at| self.table.fields[at].column())
    }

    /// The fields that a face shows, with their places and names there.
    pub fn shown(&self, naming: Naming) -> impl Iterator<Item = (usize, &entity::Field, &str)> {
        let fields = self.table.fields.iter().enumerate();
        fields.filter_map(move |(at, field)| Some((at, field, naming.name(field)?)))
    }

    /// The names of the fields that have another value than before, as upper-case faces call them.
    pub(super) fn changes(&self, old: &Row, new: &Row) -> Vec<Text> {
        let differing = self.compared().filter(|(at, _)| old.at(*at) != new.at(*at));
        differing.map(|(_, field)| Text::new(&field.code)).collect()
    }

    /// The fields whose change is told, with their places: all stored ones but the number and what the engine stamps.
    pub(super) fn compared(&self) -> impl Iterator<Item = (usize, &entity::Field)> {
        let own = |at: usize| self.noun.fields.get(at);
        let told = move |at| own(at).is_none_or(|field| field.stamp.is_none() && field.name != "id");
        self.table.stored().filter(move |(at, _)| told(*at))
    }
}

fn described(field: &Field) -> entity::Field {
    let mut described = entity::Field::named(field.upper_name(), field.column(), field.kind, field.title);
    described.name = Some(field.name);
    described.item = field.in_camel.then(|| field.camel_name().into());
    described.legacy = field.in_upper;
    described.required = field.required;
    described.read_only = field.read_only;
    described.immutable = field.immutable;
    described.multiple = field.multiple;
    described.indexed = field.indexed;
    described.covers = field.covers;
    described.default = field.default;
    if field.computed {
        described.place = Place::Nowhere;
    }
    described
}
