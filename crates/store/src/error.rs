//! Errors, in terms a caller can act on.

/// Why a job, or the opening of a store, failed.
///
/// Texts come from the engines and differ between them; the variants do not. No text holds a bound
/// value or a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The queue is full, or another process holds the write lock. Nothing was done; try later.
    #[error("the store is busy")]
    Busy,
    /// The store was closed before the job was run.
    #[error("the store is closed")]
    Closed,
    /// A unique index or primary key already holds the value.
    #[error("a unique value exists already: {0}")]
    Unique(String),
    /// A foreign key points nowhere, or the row is still pointed at.
    #[error("a reference does not hold: {0}")]
    Foreign(String),
    /// Any other constraint: not null, check.
    #[error("a constraint does not hold: {0}")]
    Constraint(String),
    /// The job ran for longer than [`Options::timeout`](crate::Options::timeout). Nothing was kept.
    #[error("the job ran for too long and was stopped")]
    Timeout,
    /// The job panicked. Nothing of it was kept.
    #[error("the job panicked: {0}")]
    Panicked(String),
    /// Rival transactions got in the way of every try (PostgreSQL only). Nothing was kept.
    #[error("rival changes stopped every try: {0}")]
    Conflict(String),
    /// The database server cannot be reached (PostgreSQL only). Nothing was kept.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// The connection to PostgreSQL broke during COMMIT, or the disk did not take what SQLite had committed: the
    /// change may or may not have been kept. The job is not run again, because that could do its work twice.
    #[error("it is not known whether the change was kept: {0}")]
    Unknown(String),
    /// A cell holds something else than the job asked for, or there is no such column.
    #[error("column {column} is {found}, not {wanted}")]
    Type {
        /// Index of the column, from 0
        column: usize,
        /// The requested type
        wanted: &'static str,
        /// The actual type
        found: &'static str,
    },
    /// The database was made by a newer version of the program.
    #[error(
        "the database is at version {database}, this program knows versions up to {known}: \
         use the program that last opened it, or a newer one"
    )]
    Newer {
        /// Version of the newest migration applied to the database
        database: i64,
        /// Version of the newest migration the program knows
        known: i64,
    },
    /// The disk has no room left. Nothing was kept; it works again as soon as there is.
    #[error("the disk is full: {0}")]
    Full(String),
    /// The disk takes nothing, or the database takes only reads. Nothing was kept.
    #[error("the database takes no writes: {0}")]
    ReadOnly(String),
    /// What the database holds is not what was written.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// Anything else the engine or the operating system said.
    #[error("{0}")]
    Database(String),
}

impl Error {
    /// Whether it is the database's trouble and not the job's: others meet it, too.
    pub fn is_lasting(&self) -> bool {
        matches!(self, Error::Full(_) | Error::ReadOnly(_) | Error::Damaged(_))
    }
}
