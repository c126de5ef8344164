//! Data derived from the fields of an entity, computed on first use.

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
    /// The place in [`fields`](Entity::fields) of the field that code calls so.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        let make = || {
            let mut places = self.places(|field| field.name);
            places.extend(self.places(|field| Some(&*field.code)));
            places
        };
        self.derived.codes.get_or_init(make).get(name).copied()
    }

    /// The place in [`fields`](Entity::fields) of the field that a request calls by this name. `crm.item.*` also takes
    /// the `upperName` of `crm.item.fields`, and names of user fields in any case.
    pub(crate) fn place_named(&self, name: &str, naming: Naming) -> Option<usize> {
        let names = self.derived.names[naming as usize].get_or_init(|| self.names(naming));
        let of_user_field = || {
            let prefix = name.get(..2)?;
            let any_case = !naming.is_legacy() && prefix.eq_ignore_ascii_case("uf");
            names.get(&name.to_ascii_uppercase()).filter(|_| any_case)
        };
        names.get(name).or_else(of_user_field).copied()
    }

    fn names(&self, naming: Naming) -> Places {
        if naming.is_legacy() {
            return self.places(|field| naming.name(field));
        }
        let mut names = self.places(|field| naming.name(field).map(str::to_ascii_uppercase));
        names.retain(|_, at| self.fields[*at].user.is_some());
        let shown = |field: &Field| naming.name(field).is_some();
        names.extend(self.places(|field| shown(field).then(|| field.upper_name())));
        names.extend(self.places(|field| naming.name(field)));
        names
    }

    fn places<'e, N: Into<String>>(&'e self, name: impl Fn(&'e Field) -> Option<N>) -> Places {
        // Of two with one name the first counts.
        let fields = self.fields.iter().enumerate().rev();
        fields.filter_map(|(at, field)| Some((name(field)?.into(), at))).collect()
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
        let columns = columns(&shown);
        Whole { fields, sql: format!("SELECT t.id{columns} FROM {} t WHERE t.id = ?", self.table()) }
    }
}

/// The columns of these fields, as a SELECT names them behind others.
pub(super) fn columns(fields: &[&Field]) -> String {
    let mut text = String::with_capacity(fields.len() * 16);
    for field in fields.iter().filter(|field| field.place == Place::Column) {
        text.push_str(", t.");
        text.push_str(field.column());
    }
    text
}
