//! A pending write: a value for each field that changes.

use rust_decimal::Decimal;
use store::Param;
use wire::{Map, Value};

use super::{Face, Row, Shape};
use crate::call::Call;
use crate::entity::{Kind, Place, codec, file};
use crate::error::Result;

/// A row that is about to be added, or the changes of one.
#[derive(Debug)]
pub struct Draft<'s> {
    /// The noun's shape.
    pub shape: &'s Shape,
    values: Vec<Option<Param<'static>>>,
}

impl<'s> Draft<'s> {
    /// Takes the fields that a request gives under a face's names. Unknown and read-only ones are passed over, and on
    /// a change those that are fixed once the row is there.
    ///
    /// # Errors
    /// The refusal of a file, or of a number that is too large to be kept.
    pub(super) fn read(
        call: &mut Call<'_, '_>,
        shape: &'s Shape,
        face: &Face,
        given: &Map,
        old: Option<&Row>,
    ) -> Result<Self> {
        let adding = old.is_none();
        let mut values = vec![None; shape.table.fields.len()];
        for (at, field, name) in shape.shown(face.naming) {
            let closed = field.read_only || (field.immutable && !adding) || field.place == Place::Nowhere;
            if let Some(value) = given.get(name).filter(|_| !closed) {
                values[at] = match field.kind {
                    Kind::File => {
                        Some(file::take(call, &shape.table, field, old.map(|old| old.number), value)?)
                    }
                    _ => codec::take(field, value, &call.clock())?,
                };
            }
        }
        let mut draft = Draft { shape, values };
        for (name, value) in face.within.iter().filter(|_| adding) {
            draft.set_from(call, name, &(*value).into());
        }
        if let Some((name, value)) = face.above(call).filter(|_| adding) {
            draft.set_from(call, name, &value);
        }
        for name in face.given.iter().filter(|_| adding) {
            draft.set_from(call, name, &call.param(name).cloned().unwrap_or_default());
        }
        Ok(draft)
    }

    /// Whether the field gets a value, be it an empty one.
    pub fn is_given(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The value that a field is about to get.
    pub fn get(&self, name: &str) -> Option<&Param<'static>> {
        self.values[self.shape.noun.place(name)?].as_ref()
    }

    /// Text that a field is about to get.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Param::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A number that a field is about to get.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Some(Param::Int(number)) => Some(*number),
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
        self.shape.noun.decimal(name, self.after(old, name))
    }

    /// Sets a field, whatever the request said.
    pub fn set(&mut self, name: &str, value: impl Into<Param<'static>>) {
        if let Some(at) = self.shape.noun.place(name) {
            self.values[at] = Some(value.into());
        }
    }

    /// Sets a decimal field, rounded to the digits that it keeps; to nothing when there are too many before the point.
    pub fn set_decimal(&mut self, name: &str, value: Decimal) {
        if let Some(at) = self.shape.noun.place(name)
            && let Kind::Decimal(scale) = self.shape.table.fields[at].kind
        {
            self.values[at] = Some(Param::from(codec::smallest_units(value, scale)));
        }
    }

    /// Takes the blanks around a text away; nothing but blanks is nothing.
    pub fn trim(&mut self, name: &str) {
        if let Some(text) = self.text(name) {
            let text = text.trim();
            self.set(name, (!text.is_empty()).then(|| text.to_owned()));
        }
    }

    /// Leaves a field as it is, whatever the request said.
    pub fn leave(&mut self, name: &str) {
        if let Some(at) = self.shape.noun.place(name) {
            self.values[at] = None;
        }
    }

    /// The value that a field has once this is written over `old`.
    pub fn after<'v>(&'v self, old: Option<&'v Row>, name: &str) -> &'v Param<'static> {
        let kept = || old.map_or(&Param::Null, |old| old.get(name));
        self.get(name).unwrap_or_else(kept)
    }

    /// Sets a field to a value that is written as a request would write it.
    pub(super) fn set_from(&mut self, call: &Call<'_, '_>, name: &str, value: &Value) {
        if let Some(at) = self.shape.noun.place(name) {
            self.values[at] = Some(codec::sought(&self.shape.table.fields[at], value, &call.clock()));
        }
    }

    /// The values of all fields once this is written over `old`.
    pub(super) fn over(&self, old: Option<&Row>) -> Vec<Param<'static>> {
        let kept = |at: usize| old.map_or(Param::Null, |old| old.at(at).clone());
        self.values.iter().enumerate().map(|(at, value)| value.clone().unwrap_or_else(|| kept(at))).collect()
    }

    /// The user fields, with the values that they are about to get.
    pub(super) fn user_fields(
        &mut self,
    ) -> impl Iterator<Item = (&'s crate::entity::Field, &mut Option<Param<'static>>)> {
        let built_in = self.shape.noun.fields.len();
        self.shape.table.fields.iter().zip(&mut self.values).skip(built_in)
    }

    /// The columns to be written and their values, in the order of each other.
    pub(super) fn columns(&self) -> (Vec<&'s str>, Vec<Param<'static>>) {
        let written = self.shape.stored().filter(|(_, field)| field.column() != "id");
        written.filter_map(|(at, field)| Some((field.column(), self.values[at].clone()?))).unzip()
    }
}
