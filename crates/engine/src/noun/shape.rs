//! Data derived from a noun's fields, computed once.

use crate::entity::{self, Derived, Entity, Naming};

use super::{Field, Noun};

/// A noun with its fields as filters, codecs and schemas see them.
#[derive(Debug)]
pub struct Shape {
    /// The noun.
    pub noun: &'static Noun,
    /// Its fields as a table; they stand in the order of the noun's.
    pub table: Entity,
}

impl Shape {
    /// Works it out.
    pub fn new(noun: &'static Noun) -> Self {
        let table = Entity {
            type_id: 0,
            name: noun.name,
            table: noun.table.into(),
            code: "",
            prefix: "",
            title: noun.titles[0],
            plural: "",
            stage: None,
            has_categories: false,
            has_products: false,
            fields: noun.fields.iter().map(described).collect(),
            derived: Derived::default(),
        };
        Shape { noun, table }
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
}

fn described(field: &Field) -> entity::Field {
    let mut described = entity::Field::named(field.upper_name(), field.column(), field.kind, field.title);
    described.item = field.in_camel.then(|| field.name.into());
    described.legacy = field.in_upper;
    described.required = field.required;
    described.read_only = field.read_only;
    described.immutable = field.immutable;
    described.indexed = field.indexed;
    described.default = field.default;
    described
}
