//! A row of a noun, as it was read.

use rust_decimal::Decimal;
use store::{Cell, Param};
use wire::{Map, Text, Value};

use super::{Draft, Face, Noun, Shape};
use crate::call::Call;
use crate::entity::{Field, Kind, Naming, codec, file};

/// A row: the value of each of the noun's fields, in their order, and of user fields.
#[derive(Clone, Debug)]
pub struct Row {
    /// The number of the row in the database.
    pub number: i64,
    noun: &'static Noun,
    values: Vec<Param<'static>>,
}

impl Row {
    /// Reads a row whose first column is the number; the columns of the stored fields follow.
    pub(super) fn read(row: &store::Row<'_>, shape: &Shape) -> Result<Self, store::Error> {
        let mut values = vec![Param::Null; shape.table.fields.len()];
        for (column, (at, _)) in (1..).zip(shape.stored()) {
            values[at] = codec::owned(row.cell(column)?);
        }
        Ok(Row { number: row.int(0)?, noun: shape.noun, values })
    }

    /// The row that a draft was written as, over `old` if there was one.
    pub(super) fn written(draft: &Draft<'_>, old: Option<&Row>, number: i64) -> Self {
        let noun = draft.shape.noun;
        let mut values = draft.over(old);
        if let Some(at) = noun.place("id") {
            values[at] = number.into();
        }
        Row { number, noun, values }
    }

    /// Whether another row of the noun holds the same, whatever their numbers.
    pub fn holds_the_same(&self, other: &Row) -> bool {
        let id = self.noun.place("id");
        let mut pairs = self.values.iter().zip(&other.values).enumerate();
        pairs.all(|(at, (one, other))| Some(at) == id || one == other)
    }

    /// The memory that it takes, roughly.
    pub(super) fn weight(&self) -> usize {
        let text = |value: &Param<'_>| if let Param::Text(text) = value { text.len() } else { 0 };
        self.values.iter().map(|value| size_of::<Param<'_>>() + text(value)).sum()
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> &Param<'static> {
        self.noun.place(name).map_or(&Param::Null, |at| &self.values[at])
    }

    /// The names of the fields that have another value than before, as upper-case faces call them.
    pub(super) fn changed_from(&self, old: &Row, shape: &Shape) -> Vec<Text> {
        let differing = shape.compared().filter(|(at, _)| self.values[*at] != old.values[*at]);
        differing.map(|(_, field)| Text::new(&field.code)).collect()
    }

    /// The value of the field that stands there.
    pub(super) fn at(&self, at: usize) -> &Param<'static> {
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
        self.noun.decimal(name, self.get(name))
    }

    /// The fields that a face shows, under its names.
    pub(super) fn show(&self, call: &Call<'_, '_>, shape: &Shape, face: &Face) -> Map {
        let mut map = Map::with_capacity(self.values.len());
        for (at, field, name) in shape.shown(face.naming) {
            let value = codec::show(field, cell(&self.values[at]), face.values, &call.caller.zone);
            map.push(name, value);
        }
        let files: Vec<&Field> = shape.table.fields.iter().filter(|field| field.kind == Kind::File).collect();
        file::attach(call, face.naming, &files, std::slice::from_mut(&mut map));
        map
    }

    /// The key of the row; of a composite one, the number of the row.
    pub fn key(&self) -> Value {
        match self.noun.key {
            [name] => match self.get(name) {
                Param::Text(code) => Value::from(code.as_ref()),
                _ => Value::Int(self.number),
            },
            _ => Value::Int(self.number),
        }
    }

    /// One value as a face would show it.
    pub(super) fn shown(&self, call: &Call<'_, '_>, shape: &Shape, naming: Naming, at: usize) -> Value {
        codec::show(&shape.table.fields[at], cell(&self.values[at]), naming, &call.caller.zone)
    }
}

fn cell<'a>(value: &'a Param<'static>) -> Cell<'a> {
    match value {
        Param::Int(number) => Cell::Int(*number),
        Param::Real(number) => Cell::Real(*number),
        Param::Text(text) => Cell::Text(text),
        Param::Null | Param::Blob(_) | Param::List(_) => Cell::Null,
    }
}
