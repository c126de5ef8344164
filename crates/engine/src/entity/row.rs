//! A row of a table, as it was read or written.

use std::sync::Arc;

use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use store::{Cell, Param};
use wire::Value;

use super::{Entity, Field, Naming, codec};
use crate::access::Stand;

/// A row: the value of each field, in their order.
#[derive(Clone, Debug)]
pub struct Row {
    /// The number of the row in the database.
    pub number: i64,
    table: Arc<Entity>,
    values: Vec<Param<'static>>,
}

impl Row {
    /// Reads a row whose first column is the number; the columns of the stored fields follow.
    pub(crate) fn read(row: &store::Row<'_>, table: &Arc<Entity>) -> Result<Self, store::Error> {
        let mut values = vec![Param::Null; table.fields.len()];
        for (column, (at, _)) in (1..).zip(table.stored()) {
            values[at] = codec::owned(row.cell(column)?);
        }
        Ok(Row { number: row.int(0)?, table: Arc::clone(table), values })
    }

    /// A row with these values; the number is one of them.
    pub(super) fn new(number: i64, table: &Arc<Entity>, mut values: Vec<Param<'static>>) -> Self {
        if let Some(at) = number_of(table) {
            values[at] = number.into();
        }
        Row { number, table: Arc::clone(table), values }
    }

    /// Whether another row of the table holds the same, whatever their numbers.
    pub fn holds_the_same(&self, other: &Row) -> bool {
        let id = number_of(&self.table);
        let mut pairs = self.values.iter().zip(&other.values).enumerate();
        pairs.all(|(at, (one, other))| Some(at) == id || one == other)
    }

    /// Its table.
    pub fn table(&self) -> &Arc<Entity> {
        &self.table
    }

    /// What decides about access to an item.
    pub fn stand(&self) -> Stand {
        let responsible = self.int(self.table.responsible()).unwrap_or(0);
        Stand { responsible, opened: self.text("OPENED") == "Y" }
    }

    /// The memory that it takes, roughly.
    pub(crate) fn weight(&self) -> usize {
        let text = |value: &Param<'_>| if let Param::Text(text) = value { text.len() } else { 0 };
        self.values.iter().map(|value| size_of::<Param<'_>>() + text(value)).sum()
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> &Param<'static> {
        self.table.place(name).map_or(&Param::Null, |at| &self.values[at])
    }

    /// The value of the field that stands there.
    pub fn at(&self, at: usize) -> &Param<'static> {
        &self.values[at]
    }

    /// The text of a field; empty when it has none.
    pub fn text(&self, name: &str) -> &str {
        match self.get(name) {
            Param::Text(text) => text,
            _ => "",
        }
    }

    /// The number that a field holds.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Param::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The number of a field with digits behind the point.
    pub fn real(&self, name: &str) -> Option<f64> {
        match self.get(name) {
            Param::Real(number) => Some(*number),
            _ => None,
        }
    }

    /// The exact number that a decimal field holds.
    pub fn decimal(&self, name: &str) -> Option<Decimal> {
        self.table.decimal(name, self.get(name))
    }

    /// The JSON that a field holds; null when it has none.
    pub fn json(&self, name: &str) -> serde_json::Value {
        codec::json(self.get(name))
    }

    /// One value as that style shows it; `at` is the place of its field.
    pub(crate) fn shown(&self, zone: &TimeZone, naming: Naming, at: usize, field: &Field) -> Value {
        codec::show(field, cell(&self.values[at]), naming, zone)
    }
}

/// The place of the field that is the number of a row. A noun may give another field the upper-case name `ID`.
fn number_of(table: &Entity) -> Option<usize> {
    table.place(if table.is_item() { "ID" } else { "id" })
}

fn cell<'a>(value: &'a Param<'static>) -> Cell<'a> {
    match value {
        Param::Int(number) => Cell::Int(*number),
        Param::Real(number) => Cell::Real(*number),
        Param::Text(text) => Cell::Text(text),
        Param::Null | Param::Blob(_) | Param::List(_) => Cell::Null,
    }
}
