//! Looking at a database without making, migrating or changing anything: for checks, beside a running program or without one.

use std::time::Duration;

use crate::postgres;
use crate::sqlite;
use crate::{Error, Location, Tx};

/// Runs a job on one consistent state of a database that is there, within `limit`. Nothing is made, migrated or changed; SQLite
/// refuses every write, and so does PostgreSQL. It may be run twice, when a server opens the file meanwhile. Blocks.
///
/// # Errors
/// Those of the job and of the engine, [`Error::Timeout`] beyond the limit.
pub fn inspect<T, E>(
    location: &Location,
    limit: Duration,
    job: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send,
) -> Result<T, E>
where
    T: Send,
    E: From<Error> + Send,
{
    match location {
        Location::Sqlite(path) => sqlite::inspect(path, limit, job),
        Location::Postgres(url) => postgres::inspect(url, limit, job),
    }
}
