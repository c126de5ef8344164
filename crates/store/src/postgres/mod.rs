//! PostgreSQL: threads that each own a connection, some for reads and some for writes.

mod connect;
mod placeholders;
mod session;
pub(crate) mod types;
mod worker;

use std::error::Error as _;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use ::postgres::error::{Severity, SqlState};
pub(crate) use session::Session;

use crate::lane::{Lane, Queue};
use crate::store::Counters;
use crate::{Error, Migration, Options};
use connect::Connector;
use worker::{Kind, Worker};

pub(crate) struct Postgres {
    pub(crate) reads: Lane,
    /// For reads that took longer than most.
    pub(crate) long: Arc<Lane>,
    pub(crate) writes: Lane,
}

impl Postgres {
    pub(crate) fn open(
        url: &str,
        options: &Options,
        migrations: &[Migration],
        counters: &Arc<Counters>,
    ) -> Result<Postgres, Error> {
        let connector = Connector::new(url)?;
        // The client may not be used within a runtime, and who opens a store may be in one.
        thread::scope(|scope| scope.spawn(|| connector.migrate(migrations)).join())
            .map_err(|_| Error::Panicked("a migration".into()))??;
        let lane = |kind: Kind, threads: usize, limit: Duration, overflow: Option<&Arc<Lane>>| {
            let workers = (0..threads.max(1))
                .map(|_| {
                    let overflow = overflow.map(Arc::clone);
                    Worker::new(kind, connector.clone(), limit, overflow, Arc::clone(counters))
                })
                .map(|worker| move |queue: Queue| worker.serve(&queue))
                .collect();
            Lane::start(kind.name(), options.queue, workers)
        };
        let long = Arc::new(lane(Kind::Read, options.long_readers, options.timeout, None)?);
        Ok(Postgres {
            reads: lane(Kind::Read, options.readers, options.read_time.min(options.timeout), Some(&long))?,
            long,
            writes: lane(Kind::Write, options.writers, options.timeout, None)?,
        })
    }

    pub(crate) fn close(&self) {
        self.reads.close();
        self.long.close();
        self.writes.close();
    }
}

/// What a failure of PostgreSQL means. One that did not come from the server leaves a connection that
/// cannot be trusted any more.
fn error(failure: &::postgres::Error) -> Error {
    let text = words(failure);
    let Some(said) = failure.as_db_error() else { return Error::Unavailable(text) };
    let code = said.code();
    let rival = [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED];
    match code {
        code if rival.contains(code) || stale(failure) => Error::Conflict(text),
        code if *code == SqlState::UNIQUE_VIOLATION => Error::Unique(text),
        code if *code == SqlState::FOREIGN_KEY_VIOLATION => Error::Foreign(text),
        code if *code == SqlState::QUERY_CANCELED => Error::Timeout,
        code if code.code().starts_with("23") => Error::Constraint(text),
        _ if ends_connection(said) => Error::Unavailable(text),
        _ => Error::Database(text),
    }
}

/// A failure in the server's words, or in the client's with the cause. Its details are left out: they hold
/// values.
fn words(failure: &::postgres::Error) -> String {
    match (failure.as_db_error(), failure.source()) {
        (Some(said), _) => format!("{} ({})", said.message(), said.code().code()),
        (None, Some(cause)) => format!("{failure}: {cause}"),
        (None, None) => failure.to_string(),
    }
}

/// A prepared statement does not fit its tables any more, because a column was added meanwhile. The session
/// forgets its statements, and the job is run again as after a rival.
fn stale(failure: &::postgres::Error) -> bool {
    failure.as_db_error().is_some_and(|said| {
        let replanned =
            *said.code() == SqlState::FEATURE_NOT_SUPPORTED && said.message().contains("cached plan");
        replanned || *said.code() == SqlState::INVALID_SQL_STATEMENT_NAME
    })
}

fn ends_connection(said: &::postgres::error::DbError) -> bool {
    matches!(said.parsed_severity(), Some(Severity::Fatal | Severity::Panic))
}
