//! One connection to PostgreSQL and its prepared statements.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use ::postgres::error::SqlState;
use ::postgres::fallible_iterator::FallibleIterator;
use ::postgres::{Client, Statement};
use hashlink::LruCache;

use super::failure::{ends_connection, error, stale, words};
use super::placeholders::numbered;
use super::types::Bound;
use crate::counters::Counters;
use crate::tx::not_one;
use crate::value::Source;
use crate::{Error, Param, Row};

/// Prepared statements kept per connection; each costs memory in the server as well.
const STATEMENTS: usize = 256;
/// A statement is prepared anew after 16 uses, after 64 more, 256 more and so on. The server keeps a plan that it made
/// when the tables were as good as empty until it has counted their rows again, which may take it a minute: measured
/// with a table that grew to 70 000 rows meanwhile, an update by primary keys took five times as long as it does so.
const FIRST_PLAN: u32 = 16;
const PLANS_GROW: u32 = 4;

/// How long a connection is used: what the server keeps for one grows, and a name may lead to another server by now.
const LIFETIME: Duration = Duration::from_secs(30 * 60);
/// Connections that were made together end apart by up to this.
const SPREAD: Duration = Duration::from_secs(5 * 60);

/// The class of the locks that number writers; the number means nothing.
const WRITERS: i32 = 0x7772_6974;
/// More writers than any server takes.
const MAX_WRITERS: i32 = 10_000;

pub(crate) struct Session {
    client: Client,
    /// See [`Tx::writer`](crate::Tx::writer).
    pub(crate) writer: i64,
    /// By their text as the job gives it.
    statements: LruCache<Box<str>, Prepared>,
    /// Whether it is there to write.
    writes: bool,
    /// How often the server was found to take no writes any more, now and when this was made.
    era: (Arc<AtomicU64>, u64),
    /// When it is to be replaced.
    end: Instant,
    counters: Arc<Counters>,
}

struct Prepared {
    statement: Statement,
    /// Uses that it is kept for.
    left: u32,
    /// Uses that the one after it is kept for.
    next: u32,
}

impl Session {
    pub(super) fn new(client: Client, era: (Arc<AtomicU64>, u64), counters: &Arc<Counters>) -> Session {
        let opened = counters.connects.fetch_add(1, Relaxed);
        counters.connections.fetch_add(1, Relaxed);
        let end = Instant::now() + LIFETIME + SPREAD.mul_f64((opened % 16) as f64 / 16.0);
        Session {
            client,
            writer: 0,
            statements: LruCache::new(STATEMENTS),
            writes: false,
            era,
            end,
            counters: Arc::clone(counters),
        }
    }

    /// Whether another connection is to be had instead: it is old, or to a server that others were sent away from.
    pub(super) fn is_outdated(&self) -> bool {
        self.era.0.load(Relaxed) != self.era.1 || Instant::now() >= self.end
    }

    /// Readies it to write: takes the lowest number that no other writer has. The lock that holds it ends with the connection.
    pub(super) fn become_writer(&mut self) -> Result<(), Error> {
        self.writes = true;
        let sql = format!(
            "SELECT CAST(n AS BIGINT) FROM generate_series(0, {MAX_WRITERS}) n \
             WHERE pg_try_advisory_lock({WRITERS}, n) LIMIT 1"
        );
        let mut number = Ok(0);
        self.run(&sql, &[], &mut |row| {
            number = row.int(0);
            ControlFlow::Break(())
        })?;
        self.writer = number?;
        Ok(())
    }

    pub(crate) fn query(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        self.run(sql, params, each).map(drop)
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, Error> {
        let mut quiet = true;
        let changed = self.run(sql, params, &mut |_| {
            quiet = false;
            ControlFlow::Break(())
        })?;
        if quiet {
            Ok(changed)
        } else {
            Err(Error::Database("a statement that was to be executed gave rows".into()))
        }
    }

    /// Inserts one row and gives its `id`.
    pub(crate) fn insert(&mut self, sql: &str, params: &[Param<'_>]) -> Result<i64, Error> {
        let mut id = None;
        let inserted = self.run(&format!("{sql} RETURNING id"), params, &mut |row| {
            id = Some(row.int(0));
            ControlFlow::Break(())
        })?;
        match id {
            Some(id) if inserted == 1 => id,
            _ => Err(not_one(inserted)),
        }
    }

    /// Runs a statement to its end, and says how many rows it changed.
    fn run(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> ControlFlow<()>,
    ) -> Result<u64, Error> {
        let statement = self.prepare(sql)?;
        let bound = Bound::all(params, &statement)?;
        rows(&mut self.client, &statement, bound, each).map_err(|failure| {
            if stale(&failure) {
                self.statements.clear();
            }
            self.failed(&failure)
        })
    }

    /// What a failed statement means. Where it was to write, and the server takes no writes, that is as if the server had gone away:
    /// another one is the primary now. All other connections to this one are to be given up as well, or reads would see what was.
    fn failed(&self, failure: &::postgres::Error) -> Error {
        if self.writes && failure.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION) {
            let (era, own) = &self.era;
            let _ = era.compare_exchange(*own, own + 1, Relaxed, Relaxed);
            return Error::Unavailable(words(failure));
        }
        error(failure)
    }

    /// BEGIN, SAVEPOINT and their kin.
    pub(crate) fn control(&mut self, sql: &str) -> Result<(), Error> {
        self.client.batch_execute(sql).map_err(|failure| error(&failure))
    }

    /// Commits. [`Error::Unknown`] when the connection broke before the server said how it went: only an
    /// error the server sent, and lived on after, means that nothing was kept.
    pub(super) fn commit(&mut self) -> Result<(), Error> {
        self.client.batch_execute("COMMIT").map_err(|failure| match failure.as_db_error() {
            Some(said) if !ends_connection(said) => error(&failure),
            _ => Error::Unknown(words(&failure)),
        })
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement, Error> {
        let mut left = FIRST_PLAN;
        if let Some(kept) = self.statements.get_mut(sql) {
            if let Some(rest) = kept.left.checked_sub(1) {
                kept.left = rest;
                return Ok(kept.statement.clone());
            }
            left = kept.next;
        }
        let statement = self.client.prepare(&numbered(sql)).map_err(|failure| error(&failure))?;
        let next = left.saturating_mul(PLANS_GROW);
        self.statements.insert(sql.into(), Prepared { statement: statement.clone(), left, next });
        Ok(statement)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.counters.connections.fetch_sub(1, Relaxed);
    }
}

fn rows(
    client: &mut Client,
    statement: &Statement,
    params: Vec<Bound<'_>>,
    each: &mut dyn FnMut(&Row<'_>) -> ControlFlow<()>,
) -> Result<u64, ::postgres::Error> {
    let mut rows = client.query_raw(statement, params)?;
    let mut flow = ControlFlow::Continue(());
    // Rows nobody wants are read all the same: behind them may come an error.
    while let Some(row) = rows.next()? {
        if flow.is_continue() {
            flow = each(&Row(Source::Postgres(&row)));
        }
    }
    Ok(rows.rows_affected().unwrap_or(0))
}
