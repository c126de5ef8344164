//! Noun-specific behaviour between the common steps.

use std::borrow::Cow;
use std::sync::Arc;

use wire::Map;

use super::{Draft, Face, Row, Verb};
use crate::call::Call;
use crate::copy::Copying;
use crate::entity::Entity;
use crate::entity::table::Within;
use crate::error::Result;
use crate::list_params::Test;
use crate::texts::Locale;

/// Finds the table that a call is about.
pub type TableOf = fn(&Call<'_, '_>) -> Option<Arc<Entity>>;

/// A row that was written.
#[derive(Debug)]
pub struct Saved<'r> {
    /// The row as it is now.
    pub row: &'r Row,
    /// As it was before a change; `None` for a new one.
    pub old: Option<&'r Row>,
    /// What the request brought.
    pub given: &'r Map,
}

/// What another module does when rows of a noun change, in their transaction and after the noun's own hooks. A module that
/// is not there watches nothing.
#[derive(Clone, Copy)]
pub struct Watch {
    /// The noun, by its name.
    pub noun: &'static str,
    /// Follows a row that was added or changed.
    pub saved: fn(&mut Call<'_, '_>, &Saved<'_>) -> Result<()>,
    /// Follows a row that was deleted.
    pub deleted: fn(&mut Call<'_, '_>, &Row) -> Result<()>,
}

impl Watch {
    /// Watches a noun, doing nothing; a declaration says what it does.
    pub const fn new(noun: &'static str) -> Self {
        Watch { noun, saved: |_, _| Ok(()), deleted: |_, _| Ok(()) }
    }
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Watch({})", self.noun)
    }
}

/// The places where a noun has its say. Each does nothing unless the noun says otherwise.
pub trait Hooks: Sync {
    /// Refuses a call before anything else.
    ///
    /// # Errors
    /// The refusal.
    fn admit(&self, _: &mut Call<'_, '_>, _: &Face, _: Verb) -> Result<()> {
        Ok(())
    }

    /// A condition on the rows, called `t`, that a face knows at all, beyond its fixed values.
    fn within(&self, _: &Face) -> Option<&'static str> {
        None
    }

    /// Names that tests of a list may have beside those of fields.
    fn tests(&self) -> &'static [&'static str] {
        &[]
    }

    /// Takes a test of a list that is no comparison with a column: a condition on the rows, called `t`, with the values of its
    /// placeholders. It may give a plain one another meaning, which is `None`.
    fn test(&self, _: &Call<'_, '_>, _: &Face, _: &mut Test) -> Option<Within> {
        None
    }

    /// How many rows a list of a face has that nobody filters, where that is kept.
    ///
    /// # Errors
    /// Those of the store.
    fn total(&self, _: &mut Call<'_, '_>, _: &Face) -> Result<Option<i64>> {
        Ok(None)
    }

    /// Puts what a request gives for a row into the form in which its fields are read.
    ///
    /// # Errors
    /// The refusal.
    fn read(
        &self,
        _: &mut Call<'_, '_>,
        _: &Face,
        _given: &mut Cow<'_, Map>,
        _old: Option<&Row>,
    ) -> Result<()> {
        Ok(())
    }

    /// Gives a new row what the request leaves out, beyond the defaults of fields.
    ///
    /// # Errors
    /// Those of the store.
    fn fill(&self, _: &mut Call<'_, '_>, _: &mut Draft<'_>) -> Result<()> {
        Ok(())
    }

    /// Completes or refuses what is about to be written; `old` is the row before a change.
    ///
    /// # Errors
    /// The refusal.
    fn prepare(&self, _: &mut Call<'_, '_>, _: &Face, _: &mut Draft<'_>, _old: Option<&Row>) -> Result<()> {
        Ok(())
    }

    /// Follows a write.
    ///
    /// # Errors
    /// Those of the store.
    fn saved(&self, _: &mut Call<'_, '_>, _: &Face, _: &Saved<'_>) -> Result<()> {
        Ok(())
    }

    /// Refuses a deletion, or deletes what belongs to the row.
    ///
    /// # Errors
    /// The refusal.
    fn deleting(&self, _: &mut Call<'_, '_>, _: &Face, _row: &Row) -> Result<()> {
        Ok(())
    }

    /// Follows a deletion.
    ///
    /// # Errors
    /// Those of the store.
    fn deleted(&self, _: &mut Call<'_, '_>, _: &Face, _row: &Row) -> Result<()> {
        Ok(())
    }

    /// Completes what a face shows of rows, which stand in the order of the maps: gives computed fields their values.
    /// `whole` when a row is shown alone. It gets all rows of a page at once, to look up what they need together.
    ///
    /// # Errors
    /// Those of the store.
    fn show(
        &self,
        _: &mut Call<'_, '_>,
        _: &Face,
        _rows: &[Row],
        _shown: &mut [Map],
        _whole: bool,
    ) -> Result<()> {
        Ok(())
    }

    /// Whether rows of another portal mean anything here by themselves.
    fn is_copied(&self) -> bool {
        true
    }

    /// Names that rows show beyond their fields, and that say nothing which is not said elsewhere.
    fn shown_beside(&self) -> &'static [&'static str] {
        &[]
    }

    /// Puts a row of another portal into the form in which its fields are read; see [`copy`](crate::copy).
    ///
    /// # Errors
    /// Those of the store.
    fn copying(&self, _: &mut Copying<'_, '_>, _: &Face, _row: &mut Map) -> Result<()> {
        Ok(())
    }

    /// Writes what rows of another portal have beyond their fields, or what their fields are found by. The rows come with their
    /// numbers.
    ///
    /// # Errors
    /// Those of the store.
    fn copied(&self, _: &mut Copying<'_, '_>, _: &Face, _rows: &[(i64, Map)]) -> Result<()> {
        Ok(())
    }

    /// Adds to what a face says of the fields, or corrects it.
    fn describe(&self, _: &Face, _fields: &mut Map, _: Locale) {}
}

/// Nothing beyond the usual.
#[derive(Debug)]
pub struct Plain;

impl Hooks for Plain {}
