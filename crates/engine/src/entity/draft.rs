//! A pending write: the fields of a request, sorted by where they are stored.

use std::sync::Arc;

use rust_decimal::Decimal;
use store::Param;
use wire::{Map, Value};

use super::binding::{self, Binding};
use super::multifield::{self, Change};
use super::{Entity, Field, Kind, Naming, Place, Row, codec, file};
use crate::access::Stand;
use crate::call::Call;
use crate::error::Result;

/// A row that is about to be added, or the changes of one.
#[derive(Debug)]
pub struct Draft<'e> {
    /// The table.
    pub table: &'e Entity,
    /// The value for each field, in their order; `None` leaves it unchanged.
    values: Vec<Option<Param<'static>>>,
    /// Uploads for file fields, by their places; stored by [`Draft::take_files`].
    files: Vec<(usize, &'e Value)>,
    /// Changes to phones, e-mail addresses and the like.
    pub multifields: Vec<Change>,
    /// New lists of linked items, by the target's entity.
    pub bindings: Vec<(i64, Vec<Binding>)>,
}

impl<'e> Draft<'e> {
    /// Takes the fields that a request gives for a row (`None` for one that is about to be added). Unknown and read-only
    /// ones are passed over, and on a change those that are fixed once the row is there (protocol 5.2).
    ///
    /// # Errors
    /// The refusal of a number that is too large to be kept, of too many links, or of an address that is none.
    pub fn read(
        call: &Call<'_, '_>,
        table: &'e Entity,
        naming: Naming,
        fields: &'e Map,
        row: Option<i64>,
    ) -> Result<Self> {
        let mut values = Vec::with_capacity(table.fields.len());
        let (mut files, mut bindings) = (Vec::new(), Vec::new());
        for (at, (field, given)) in table.fields.iter().zip(given(table, naming, fields)).enumerate() {
            // Pipelines can be changed through crm.item only.
            let fixed = field.immutable && (field.kind != Kind::Category || naming.is_legacy());
            let closed = field.is_closed(naming) || (fixed && row.is_some());
            values.push(match (given.filter(|_| !closed), field.place) {
                (Some(value), Place::Column) if field.kind == Kind::File => {
                    files.push((at, value));
                    None
                }
                (Some(value), Place::Column) => codec::take(field, value, &call.clock())?
                    .filter(|taken| !(table.is_item() && is_nobody(field, taken))),
                (Some(value), Place::Binding(target)) => {
                    bindings.push((target, links(value)?));
                    None
                }
                _ => None,
            });
        }
        let multifields = match naming {
            _ if !table.is_item() => Vec::new(),
            Naming::Legacy => multifield::legacy_changes(fields),
            Naming::Item | Naming::ItemOriginalUf => multifield::item_changes(fields),
        };
        multifield::validate(&multifields)?;
        Ok(Draft { table, values, files, multifields, bindings })
    }

    /// Keeps the files that the request brings, once it is known that the caller may.
    ///
    /// # Errors
    /// The refusal of a file; the end of the first run of a call that brings one.
    pub fn take_files(&mut self, call: &mut Call<'_, '_>, row: Option<i64>) -> Result<()> {
        for (at, value) in std::mem::take(&mut self.files) {
            let field = &self.table.fields[at];
            self.values[at] = Some(file::take(call, self.table, field, row, value)?);
        }
        Ok(())
    }

    /// Where the field of that name stands, when it has a column.
    fn position(&self, name: &str) -> Option<usize> {
        self.table.place(name).filter(|at| self.table.fields[*at].place == Place::Column)
    }

    /// The value that a field is about to get.
    pub fn get(&self, name: &str) -> Option<&Param<'static>> {
        self.values[self.position(name)?].as_ref()
    }

    /// Whether the field gets a value, be it an empty one.
    pub fn is_given(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A whole number that a field is about to get.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Some(Param::Int(number)) => Some(*number),
            _ => None,
        }
    }

    /// Text that a field is about to get.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Param::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A number with digits behind the point that a field is about to get.
    pub fn real(&self, name: &str) -> Option<f64> {
        match self.get(name) {
            Some(Param::Real(number)) => Some(*number),
            _ => None,
        }
    }

    /// The exact number that a decimal field has once this is written over `old`.
    pub fn decimal(&self, old: Option<&Row>, name: &str) -> Option<Decimal> {
        self.table.decimal(name, self.after(old, name))
    }

    /// The value that a field has once this is written over `old`.
    pub fn after<'v>(&'v self, old: Option<&'v Row>, name: &str) -> &'v Param<'static> {
        let kept = || old.map_or(&Param::Null, |old| old.get(name));
        self.get(name).unwrap_or_else(kept)
    }

    /// The whole number that a field has then.
    pub fn int_after(&self, old: Option<&Row>, name: &str) -> Option<i64> {
        match self.after(old, name) {
            Param::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The text that a field has then; empty when it has none.
    pub fn text_after<'v>(&'v self, old: Option<&'v Row>, name: &str) -> &'v str {
        match self.after(old, name) {
            Param::Text(text) => text,
            _ => "",
        }
    }

    /// What decides about access to an item once this is written over `old`.
    pub(crate) fn stand(&self, old: Option<&Row>) -> Stand {
        let before = old.map_or(Stand { responsible: 0, opened: false }, Row::stand);
        Stand {
            responsible: self.int(self.table.responsible()).unwrap_or(before.responsible),
            opened: self.text("OPENED").map_or(before.opened, |opened| opened == "Y"),
        }
    }

    /// The row that this was written as, over `old` if there was one.
    pub(crate) fn written(self, table: &Arc<Entity>, old: Option<&Row>, number: i64) -> Row {
        let kept = |at: usize| old.map_or(Param::Null, |old| old.at(at).clone());
        let values = self.values.into_iter().enumerate().map(|(at, value)| value.unwrap_or_else(|| kept(at)));
        Row::new(number, table, values.collect())
    }

    /// Sets a field, whatever the request said, when the table has it.
    pub fn set(&mut self, name: &str, value: impl Into<Param<'static>>) {
        if let Some(at) = self.position(name) {
            self.values[at] = Some(value.into());
        }
    }

    /// Sets a field that the request left out or left empty, when the table has it.
    pub fn set_if_empty(&mut self, name: &str, value: impl Into<Param<'static>>) {
        if matches!(self.get(name), None | Some(Param::Null)) {
            self.set(name, value);
        }
    }

    /// Sets a decimal field, rounded to the digits that it keeps; to nothing when there are too many before the point.
    pub fn set_decimal(&mut self, name: &str, value: Decimal) {
        if let Some(Kind::Decimal(scale)) = self.table.field(name).map(|field| field.kind) {
            self.set(name, codec::smallest_units(value, scale));
        }
    }

    /// Sets a field to a value that is written as a request would write it.
    pub(crate) fn set_from(&mut self, call: &Call<'_, '_>, name: &str, value: &Value) {
        if let Some(field) = self.table.field(name) {
            self.set(name, codec::sought(field, value, &call.clock()));
        }
    }

    /// Takes the blanks around a text away; nothing but blanks is nothing.
    pub fn trim(&mut self, name: &str) {
        if let Some(text) = self.text(name) {
            let text = text.trim();
            self.set(name, (!text.is_empty()).then(|| text.to_owned()));
        }
    }

    /// The same for a name or a title, of which so many letters are kept as an index takes.
    pub fn name(&mut self, field: &str) {
        self.trim(field);
        if let Some(text) = self.text(field)
            && let Some((at, _)) = text.char_indices().nth(codec::INDEXED_TEXT)
        {
            let text = text[..at].trim_end().to_owned();
            self.set(field, text);
        }
    }

    /// Leaves a field as it is, whatever the request said.
    pub fn leave(&mut self, name: &str) {
        if let Some(at) = self.position(name) {
            self.values[at] = None;
        }
    }

    /// Gives what the request left out a value of the field's own, where there is one.
    pub fn fill(&mut self, value_of: impl Fn(&Field) -> Option<Param<'static>>) {
        for (field, value) in self.table.fields.iter().zip(&mut self.values) {
            if value.is_none() && field.place == Place::Column {
                *value = value_of(field);
            }
        }
    }

    /// A mandatory user field that would stay empty: one that is given so, and in a new row one that is left out.
    pub fn missing_user_field(&self, adding: bool) -> Option<&'e Field> {
        let is_empty = |value: &Option<Param<'_>>| match value {
            None => adding,
            Some(Param::Text(text)) => text.is_empty(),
            Some(value) => *value == Param::Null,
        };
        let mut user_fields =
            self.table.fields.iter().zip(&self.values).filter(|(field, _)| field.user.is_some());
        user_fields.find(|(field, value)| field.required && is_empty(value)).map(|(field, _)| field)
    }

    /// The columns to be written and their values, in the order of each other.
    pub(super) fn columns(&self) -> (Vec<&'e str>, Vec<Param<'_>>) {
        let values = self.table.fields.iter().zip(&self.values);
        values.filter_map(|(field, value)| Some((field.column(), value.as_ref()?.borrowed()))).unzip()
    }
}

/// Whether a value would leave nobody responsible: it leaves who is.
fn is_nobody(field: &Field, taken: &Param<'_>) -> bool {
    field.kind == Kind::User && !field.multiple && !matches!(taken, Param::Int(1..))
}

/// The values of a request by field. Those of items may have other names, too, see [`Entity::named`].
fn given<'v>(table: &Entity, naming: Naming, fields: &'v Map) -> Vec<Option<&'v Value>> {
    let mut given = vec![None; table.fields.len()];
    for (name, value) in fields.iter() {
        let meant = |at: &usize| table.is_item() || naming.name(&table.fields[*at]) == Some(name);
        if let Some(at) = table.place_named(name, naming).filter(meant) {
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
