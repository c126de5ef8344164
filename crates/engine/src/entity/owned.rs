//! Rows that belong to an item, such as product rows: who may read the item reads them, and who may change it changes them.

use std::sync::Arc;

use store::Param;

use super::Entity;
use super::owner::{last_stand_of, within};
use super::read::reach;
use crate::access::Act;
use crate::call::Call;
use crate::error::Result;
use crate::event::MayKnow;
use crate::noun::{Grant, Row, Rule, column};

/// The access rule of a noun whose rows name their item by a kind and an id.
#[derive(Debug)]
pub struct ByOwner {
    /// The fields that name the item: its kind and its id.
    pub fields: &'static [&'static str; 2],
    /// How rows write the kind.
    pub code: Code,
    /// The kinds of items that may have such rows.
    pub may_own: fn(&Entity) -> bool,
}

/// How rows write the kind of their item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// `2`, the `entityTypeId`
    Number,
    /// `D`
    Prefix,
}

impl Code {
    /// What rows of such items have.
    pub fn of(self, entity: &Entity) -> Param<'static> {
        match self {
            Code::Number => entity.type_id.into(),
            Code::Prefix => entity.prefix.clone().into(),
        }
    }
}

impl ByOwner {
    /// The kind of items that has this code, when it may have such rows.
    pub fn kind(&self, call: &Call<'_, '_>, code: &Param<'_>) -> Option<Arc<Entity>> {
        call.meta.items().find(|entity| (self.may_own)(entity) && self.code.of(entity) == *code).cloned()
    }

    /// The item that a row belongs to.
    pub fn owner(&self, call: &Call<'_, '_>, row: &Row) -> Option<(Arc<Entity>, i64)> {
        let [kind, id] = self.fields;
        Some((self.kind(call, row.get(kind))?, row.int(id)?))
    }
}

impl Rule for ByOwner {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let mut kinds: Vec<Arc<Entity>> =
            call.meta.items().filter(|entity| (self.may_own)(entity)).cloned().collect();
        kinds.sort_unstable_by_key(|entity| entity.type_id);
        let [kind, id] = self.fields.map(|name| format!("t.{}", column(name)));
        let found =
            within(call, kinds.iter().map(Arc::as_ref), (&kind, &id), act, |entity| self.code.of(entity));
        Ok(match found {
            Some((condition, params)) => Grant::Where(condition, params),
            None => Grant::All,
        })
    }

    fn is_closed(&self, call: &mut Call<'_, '_>) -> Result<bool> {
        let mut kinds = call.meta.items().filter(|entity| (self.may_own)(entity));
        Ok(kinds.all(|entity| reach(call, entity, Act::Read).is_nothing()))
    }

    fn fields(&self) -> &'static [&'static str] {
        self.fields
    }

    fn audience(&self, call: &mut Call<'_, '_>, row: &Row) -> Result<MayKnow> {
        let Some((entity, id)) = self.owner(call, row) else { return Ok(Arc::new(|who| who.is_admin)) };
        let stand = last_stand_of(call, &entity, id)?;
        Ok(call.readers_of(&entity, stand.as_slice()))
    }
}
