//! Noun-specific behaviour between the common steps.

use wire::Map;

use super::{Draft, Face, Row};
use crate::call::Call;
use crate::error::Result;
use crate::texts::Locale;

/// The places where a noun has its say. Each does nothing unless the noun says otherwise.
pub trait Hooks: Sync {
    /// Completes or refuses what is about to be written; `old` is the row before a change.
    ///
    /// # Errors
    /// The refusal.
    fn prepare(&self, _: &mut Call<'_, '_>, _: &Face, _: &mut Draft<'_>, _old: Option<&Row>) -> Result<()> {
        Ok(())
    }

    /// Follows a write; `given` is what the request brought.
    ///
    /// # Errors
    /// Those of the store.
    fn saved(&self, _: &mut Call<'_, '_>, _row: &Row, _given: &Map) -> Result<()> {
        Ok(())
    }

    /// Refuses a deletion, or deletes what belongs to the row.
    ///
    /// # Errors
    /// The refusal.
    fn deleting(&self, _: &mut Call<'_, '_>, _: &Face, _row: &Row) -> Result<()> {
        Ok(())
    }

    /// Adds to what a face shows of a row; `whole` when it is shown alone.
    ///
    /// # Errors
    /// Those of the store.
    fn show(&self, _: &mut Call<'_, '_>, _: &Face, _row: &Row, _shown: &mut Map, _whole: bool) -> Result<()> {
        Ok(())
    }

    /// Adds to what a face says of the fields, or corrects it.
    fn describe(&self, _: &Face, _fields: &mut Map, _: Locale) {}
}

/// Nothing beyond the usual.
#[derive(Debug)]
pub struct Plain;

impl Hooks for Plain {}
