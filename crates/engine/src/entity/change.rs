//! What happens to items, for modules that keep something of it.

/// A change of an item, told to modules after it was written, in the same transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was added.
    Added,
    /// It went to another stage; it was in this pipeline before.
    Moved {
        /// The pipeline that it came from.
        from: i64,
    },
    /// It is gone: what belongs to it goes, too.
    Deleted,
}
