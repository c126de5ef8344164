//! One connection to PostgreSQL and its prepared statements.

use std::ops::ControlFlow;

use ::postgres::fallible_iterator::FallibleIterator;
use ::postgres::{Client, Statement};
use hashlink::LruCache;

use super::placeholders::numbered;
use super::types::Bound;
use super::{ends_connection, error, stale, words};
use crate::tx::not_one;
use crate::value::Source;
use crate::{Error, Param, Row};

/// Prepared statements kept per connection; each costs memory in the server as well.
const STATEMENTS: usize = 256;

pub(crate) struct Session {
    client: Client,
    /// By their text as the job gives it.
    statements: LruCache<Box<str>, Statement>,
}

impl Session {
    pub(super) fn new(client: Client) -> Session {
        Session { client, statements: LruCache::new(STATEMENTS) }
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
            error(&failure)
        })
    }

    /// BEGIN, SAVEPOINT and their kin.
    pub(crate) fn control(&mut self, sql: &'static str) -> Result<(), Error> {
        self.batch(sql)
    }

    pub(super) fn batch(&mut self, sql: &str) -> Result<(), Error> {
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
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&numbered(sql)).map_err(|failure| error(&failure))?;
        self.statements.insert(sql.into(), statement.clone());
        Ok(statement)
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
