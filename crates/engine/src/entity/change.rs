//! What happens to items, for modules that keep something of it.

use crate::access::Stand;

/// A change of an item, told to modules after it was written, in the same transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was added on a stage, or went to another one.
    Arrived(Arrival),
    /// It is gone: what belongs to it goes, too. This is how it stood.
    Deleted(Stand),
    /// It is about to go, and the item with this id, of the same kind, takes what belongs to it.
    Merged(i64),
}

/// An item's arrival on a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The pipeline that it came from; `None` when it was added.
    pub from: Option<i64>,
    /// The pipeline; 0 where the entity has none.
    pub category: i64,
    /// When it arrived, Unix seconds.
    pub at: i64,
    /// The stage.
    pub stage: String,
    /// What the stage means: `S` success, `F` failure, `P` in progress.
    pub semantics: String,
}
