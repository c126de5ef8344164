//! Whether a transaction can still be committed.

use crate::Error;

/// The state of the transaction.
#[derive(Clone, Debug)]
pub(crate) enum Health {
    /// Everything so far worked.
    Fine,
    /// A statement failed; rolling back to a savepoint mends it.
    Failed(Error),
    /// A savepoint was needed that had been left out; only another run of the job mends it.
    Unsaved,
    /// The transaction is gone, or must not go on; nothing mends it.
    Lost(Error),
}
