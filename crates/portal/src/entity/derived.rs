//! What follows from the fields of an entity, made when it is first asked for.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use super::{Entity, Field, Naming, Place};

/// See the methods of [`Entity`] that read it.
#[derive(Debug, Default)]
pub struct Derived {
    places: OnceLock<HashMap<Cow<'static, str>, usize>>,
    names: [OnceLock<HashMap<String, usize>>; 3],
    wholes: [OnceLock<Whole>; 3],
}

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
        let of = |(at, field): (usize, &Field)| (field.code.clone(), at);
        // Of two with one name the first counts.
        let places = || self.fields.iter().enumerate().rev().map(of).collect();
        self.derived.places.get_or_init(places).get(code).copied()
    }

    /// The place in [`fields`](Entity::fields) of the field that a request calls by this name.
    pub(super) fn place_named(&self, name: &str, naming: Naming) -> Option<usize> {
        let of = |(at, field)| Some((naming.name(field)?.to_owned(), at));
        // Of two with one name the first counts.
        let names = || self.fields.iter().enumerate().rev().filter_map(of).collect();
        self.derived.names[naming as usize].get_or_init(names).get(name).copied()
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
