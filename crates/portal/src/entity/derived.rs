//! What follows from the fields of an entity, made when it is first asked for.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::{Entity, Field, Naming, Place};

/// See the methods of [`Entity`] that read it.
#[derive(Debug, Default)]
pub struct Derived {
    codes: OnceLock<Places>,
    names: [OnceLock<Places>; 3],
    wholes: [OnceLock<Whole>; 3],
}

/// Where fields stand in [`Entity::fields`], by one of their names.
type Places = HashMap<String, usize>;

/// A copy may be given other fields.
impl Clone for Derived {
    fn clone(&self) -> Self {
        Derived::default()
    }
}

/// One item with all that is shown of it.
#[derive(Debug)]
pub(super) struct Whole {
    /// The places of the fields in [`Entity::fields`].
    pub(super) fields: Vec<usize>,
    /// A SELECT of the id and the columns of these fields, by the id.
    pub(super) sql: String,
}

impl Entity {
    /// The place in [`fields`](Entity::fields) of the field with this legacy name.
    pub(super) fn place(&self, code: &str) -> Option<usize> {
        self.derived.codes.get_or_init(|| self.places(|field| Some(&*field.code))).get(code).copied()
    }

    /// The place in [`fields`](Entity::fields) of the field that a request calls by this name.
    pub(super) fn place_named(&self, name: &str, naming: Naming) -> Option<usize> {
        let names = &self.derived.names[naming as usize];
        names.get_or_init(|| self.places(|field| naming.name(field))).get(name).copied()
    }

    fn places(&self, name: impl Fn(&Field) -> Option<&str>) -> Places {
        // Of two with one name the first counts.
        let fields = self.fields.iter().enumerate().rev();
        fields.filter_map(|(at, field)| Some((name(field)?.to_owned(), at))).collect()
    }

    /// What is asked for one item.
    pub(super) fn whole(&self, naming: Naming) -> &Whole {
        self.derived.wholes[naming as usize].get_or_init(|| self.make_whole(naming))
    }

    fn make_whole(&self, naming: Naming) -> Whole {
        let shown = |field: &Field| {
            naming.name(field).is_some() && !(naming.is_legacy() && matches!(field.place, Place::Binding(_)))
        };
        let (fields, shown): (Vec<usize>, Vec<&Field>) =
            self.fields.iter().enumerate().filter(|(_, field)| shown(field)).unzip();
        let columns = super::read::columns(&shown);
        Whole { fields, sql: format!("SELECT t.id{columns} FROM {} t WHERE t.id = ?", self.table()) }
    }
}
