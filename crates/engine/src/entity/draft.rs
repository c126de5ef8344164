//! The fields of a request, sorted by where they are stored.

use store::Param;
use wire::{Map, Value};

use super::binding::{self, Binding};
use super::multifield::{self, Change};
use super::{Entity, Field, Kind, Naming, Place, codec, file};
use crate::call::Call;
use crate::error::Result;

/// The parts of an item that are about to be written.
#[derive(Debug)]
pub struct Draft<'e> {
    entity: &'e Entity,
    /// The value for the column of each field, in their order; `None` leaves it unchanged.
    columns: Vec<Option<Param<'static>>>,
    /// Uploads for file fields, by their index; stored by [`Draft::take_files`].
    files: Vec<(usize, &'e Value)>,
    /// Changes to phones, e-mail addresses and the like.
    pub multifields: Vec<Change>,
    /// New lists of linked items, by the target's entity.
    pub bindings: Vec<(i64, Vec<Binding>)>,
}

impl<'e> Draft<'e> {
    /// Sorts the fields of a request for an item, or for a new one; unknown and read-only fields are left out
    /// (protocol 5.2).
    pub fn read(
        call: &mut Call<'_, '_>,
        entity: &'e Entity,
        naming: Naming,
        fields: &'e Map,
        item: Option<i64>,
    ) -> Result<Self> {
        let mut columns = Vec::with_capacity(entity.fields.len());
        let (mut files, mut bindings) = (Vec::new(), Vec::new());
        for (at, (field, given)) in entity.fields.iter().zip(given(entity, naming, fields)).enumerate() {
            // Pipelines can be changed through crm.item only.
            let fixed = field.immutable && (field.kind != Kind::Category || naming.is_legacy());
            let closed = field.is_closed(naming) || (fixed && item.is_some());
            columns.push(match (given.filter(|_| !closed), field.place) {
                (Some(value), Place::Column) if field.kind == Kind::File => {
                    files.push((at, value));
                    None
                }
                (Some(value), Place::Column) => {
                    codec::take(field, value, &call.clock())?.filter(|taken| !is_nobody(field, taken))
                }
                (Some(value), Place::Binding(target)) => {
                    bindings.push((target, links(value)?));
                    None
                }
                _ => None,
            });
        }
        let multifields = match naming {
            Naming::Legacy => multifield::legacy_changes(fields),
            Naming::Item | Naming::ItemOriginalUf => multifield::item_changes(fields),
        };
        multifield::validate(&multifields)?;
        Ok(Draft { entity, columns, files, multifields, bindings })
    }

    /// Keeps the files that the request brings, once it is known that the caller may.
    pub fn take_files(&mut self, call: &mut Call<'_, '_>, item: Option<i64>) -> Result<()> {
        for (at, value) in std::mem::take(&mut self.files) {
            let field = &self.entity.fields[at];
            self.columns[at] = Some(file::take(call, self.entity, field, item, value)?);
        }
        Ok(())
    }

    /// Where the column of a field with that legacy name stands.
    fn position(&self, code: &str) -> Option<usize> {
        self.entity.place(code).filter(|at| self.entity.fields[*at].place == Place::Column)
    }

    /// The value that a column is about to get.
    pub fn get(&self, code: &str) -> Option<&Param<'static>> {
        self.columns[self.position(code)?].as_ref()
    }

    /// A whole number that a column is about to get.
    pub fn int(&self, code: &str) -> Option<i64> {
        match self.get(code) {
            Some(Param::Int(number)) => Some(*number),
            _ => None,
        }
    }

    /// Text that a column is about to get.
    pub fn text(&self, code: &str) -> Option<&str> {
        match self.get(code) {
            Some(Param::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Sets a column, whatever the request said, when the entity has it.
    pub fn set(&mut self, code: &str, value: impl Into<Param<'static>>) {
        if let Some(at) = self.position(code) {
            self.columns[at] = Some(value.into());
        }
    }

    /// Sets a column that the request left out or left empty, when the entity has it.
    pub fn set_if_empty(&mut self, code: &str, value: impl Into<Param<'static>>) {
        if let Some(at) = self.position(code)
            && matches!(self.columns[at], None | Some(Param::Null))
        {
            self.columns[at] = Some(value.into());
        }
    }

    /// Leaves a column as it is, whatever the request said.
    pub fn leave(&mut self, code: &str) {
        if let Some(at) = self.position(code) {
            self.columns[at] = None;
        }
    }

    /// Gives what the request left out a value of the field's own, where there is one.
    pub fn fill(&mut self, value_of: impl Fn(&Field) -> Option<Param<'static>>) {
        for (field, column) in self.entity.fields.iter().zip(&mut self.columns) {
            if column.is_none() && field.place == Place::Column {
                *column = value_of(field);
            }
        }
    }

    /// The columns to be written and their values, in the order of each other.
    pub fn into_columns(self) -> (Vec<&'e str>, Vec<Param<'static>>) {
        let room = self.columns.len();
        let (mut names, mut values) = (Vec::with_capacity(room), Vec::with_capacity(room));
        for (field, value) in self.entity.fields.iter().zip(self.columns) {
            if let Some(value) = value {
                names.push(field.column());
                values.push(value);
            }
        }
        (names, values)
    }
}

/// Whether a value would leave nobody responsible: it leaves who is.
fn is_nobody(field: &Field, taken: &Param<'_>) -> bool {
    field.kind == Kind::User && !field.multiple && !matches!(taken, Param::Int(1..))
}

/// The values of a request by field.
fn given<'v>(entity: &Entity, naming: Naming, fields: &'v Map) -> Vec<Option<&'v Value>> {
    let mut given = vec![None; entity.fields.len()];
    for (name, value) in fields.iter() {
        if let Some(at) = entity.place_named(name, naming) {
            given[at] = Some(value);
        }
    }
    given
}

/// A list of ids as links; a single id counts as a list of one.
fn links(value: &Value) -> Result<Vec<Binding>> {
    let one = (!value.is_array()).then(|| value.as_int()).flatten();
    let links = binding::from_ids(one.into_iter().chain(value.items().filter_map(Value::as_int)));
    binding::require_few(&links)?;
    Ok(links)
}
