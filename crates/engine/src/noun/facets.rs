//! Facets: what a row has beyond its columns. Which ones it has follows from the [`Place`](crate::entity::Place) and the
//! kind of its fields.

use crate::call::Call;
use crate::entity::compare::Beyond;
use crate::entity::link::{self, Links};
use crate::entity::multifield::{self, Change};
use crate::entity::{Draft, Entity, Naming, binding, file, parent};
use crate::error::Result;

/// What a write changes beyond the columns of the row.
#[derive(Debug)]
pub(super) struct Facets {
    links: Vec<Links>,
    multifields: Vec<Change>,
}

impl Facets {
    /// Takes it out of a draft, when the caller may make these links.
    pub(super) fn take(
        call: &mut Call<'_, '_>,
        naming: Naming,
        draft: &mut Draft<'_>,
        number: Option<i64>,
    ) -> Result<Self> {
        let links = link::of_draft(call, naming, draft, number)?;
        Ok(Facets { links, multifields: std::mem::take(&mut draft.multifields) })
    }

    /// What may change beyond the columns.
    pub(super) fn beyond(&self) -> Beyond {
        Beyond { multifields: !self.multifields.is_empty(), links: !self.links.is_empty(), products: false }
    }

    /// Stores it with the row.
    pub(super) fn store(&self, call: &mut Call<'_, '_>, table: &Entity, number: i64) -> Result<()> {
        multifield::apply(call.tx, table, number, &self.multifields)?;
        link::store(call, table, number, &self.links)
    }
}

/// Deletes what a row that goes has beyond its columns.
pub(super) fn delete(call: &mut Call<'_, '_>, table: &Entity, number: i64) -> Result<()> {
    if table.is_item() {
        multifield::delete_all(call.tx, table, number)?;
        binding::delete_all(call, table, number)?;
        parent::forget(call, table, number)?;
    }
    file::delete_all(call.tx, table, number)
}
