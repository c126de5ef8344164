//! What a request wants written: its fields sorted by where they live.

use std::borrow::Cow;

use store::Param;
use wire::{Map, Value};

use super::binding::{self, Binding};
use super::multifield::{self, Change};
use super::{Entity, Field, Kind, Naming, Place, codec};
use crate::call::Call;
use crate::error::Result;

/// The parts of an item that are about to be written.
#[derive(Debug, Default)]
pub struct Draft {
    columns: Vec<(Cow<'static, str>, Param<'static>)>,
    /// Changes to phones, e-mail addresses and the like.
    pub multifields: Vec<Change>,
    /// New lists of linked items, by the target's entity.
    pub bindings: Vec<(i64, Vec<Binding>)>,
}

impl Draft {
    /// Sorts the fields of a request for an item, or for a new one; unknown and read-only fields are left out
    /// (protocol 5.2).
    pub fn read(
        call: &mut Call<'_, '_>,
        entity: &Entity,
        naming: Naming,
        fields: &Map,
        item: Option<i64>,
    ) -> Result<Self> {
        let mut draft = Draft::default();
        for field in &entity.fields {
            // Pipelines can be changed through crm.item only.
            let fixed = field.immutable && (field.kind != Kind::Category || naming.is_legacy());
            if field.read_only || (fixed && item.is_some()) {
                continue;
            }
            let Some(value) = naming.name(field).and_then(|name| fields.get(name)) else { continue };
            match field.place {
                Place::Column if field.kind == Kind::File => {
                    let param = super::file::take(call, entity, field, item, value)?;
                    draft.columns.push((field.code.clone(), param));
                }
                Place::Column => {
                    let param = codec::take(field, value, &call.caller.zone);
                    draft.columns.push((field.code.clone(), param));
                }
                Place::Binding(target) => draft.bindings.push((target, links(value))),
                Place::Multifield | Place::Nowhere => {}
            }
        }
        draft.multifields = match naming {
            Naming::Legacy => multifield::legacy_changes(fields),
            Naming::Item | Naming::ItemOriginalUf => multifield::item_changes(fields),
        };
        multifield::validate(&draft.multifields)?;
        Ok(draft)
    }

    /// The value that a column is about to get.
    pub fn get(&self, code: &str) -> Option<&Param<'static>> {
        self.columns.iter().find(|(own, _)| own == code).map(|(_, param)| param)
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
    pub fn set(&mut self, entity: &Entity, code: &'static str, value: impl Into<Param<'static>>) {
        if !entity.fields.iter().any(|field| field.code == code && field.place == Place::Column) {
            return;
        }
        self.columns.retain(|(own, _)| own != code);
        self.columns.push((Cow::Borrowed(code), value.into()));
    }

    /// Sets a column that the request left out or left empty.
    pub fn set_if_empty(&mut self, entity: &Entity, code: &'static str, value: impl Into<Param<'static>>) {
        if matches!(self.get(code), None | Some(Param::Null)) {
            self.set(entity, code, value);
        }
    }

    /// Sets the column of a field that the request left out.
    pub fn fill(&mut self, field: &Field, value: Param<'static>) {
        if field.place == Place::Column && self.get(&field.code).is_none() {
            self.columns.push((field.code.clone(), value));
        }
    }

    /// The columns to be written and their values, in the order of each other.
    pub fn into_columns(self) -> (Vec<String>, Vec<Param<'static>>) {
        self.columns.into_iter().map(|(code, param)| (code.to_ascii_lowercase(), param)).unzip()
    }
}

/// A list of ids as links; a single id counts as a list of one.
fn links(value: &Value) -> Vec<Binding> {
    let one = (!value.is_array()).then(|| value.as_int()).flatten();
    binding::from_ids(one.into_iter().chain(value.items().filter_map(Value::as_int)))
}
