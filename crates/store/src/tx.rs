//! The verbs a job has.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use crate::health::Health;
use crate::postgres::Session;
use crate::sqlite::verbs;
use crate::trouble::Trouble;
use crate::value::{Param, Row};
use crate::{Dialect, Error};

/// A running transaction.
///
/// In SQL, `?` stands for the parameters in order, on both engines. Statements are prepared once per
/// connection, so a text should not carry values.
///
/// A statement that failed spoils what encloses it, as PostgreSQL has it: until the nearest
/// [`savepoint`](Tx::savepoint) around it has been rolled back, every verb answers the same error again,
/// and a job that says `Ok` all the same fails with it. So a failure that is part of the plan (a unique
/// value that may exist) belongs in a savepoint, or in `ON CONFLICT`.
pub struct Tx<'a> {
    engine: Engine<'a>,
    health: Health,
    /// Whether there may be something to undo.
    changed: bool,
    savepoints: Savepoints,
    /// When it has taken too long: no statement begins then.
    end: Option<Instant>,
    /// Whether it can change nothing.
    reads_only: bool,
    /// Told of failures that others will meet as well.
    trouble: Option<&'a Trouble>,
    work: Work,
}

/// What a transaction had the engine do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Statements.
    pub statements: u64,
    /// Rows that they gave.
    pub rows: u64,
    /// The time that they took, that in which rows were looked at included.
    pub time: Duration,
}

/// How a [savepoint](Tx::savepoint) is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Savepoints {
    /// One of the engine's.
    Made,
    /// Nothing, as long as all goes well: each takes its time, on PostgreSQL a round trip to the server, and seldom anything
    /// has to be undone by itself.
    LeftOut,
}

pub(crate) enum Engine<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut Session),
}

/// The error of an [`insert`](Tx::insert) that did not insert one row.
pub(crate) fn not_one(rows: u64) -> Error {
    Error::Database(format!("an insert of one row inserted {rows}"))
}

impl<'a> Tx<'a> {
    pub(crate) fn new(engine: Engine<'a>, savepoints: Savepoints) -> Tx<'a> {
        Tx {
            engine,
            health: Health::Fine,
            changed: false,
            savepoints,
            end: None,
            reads_only: false,
            trouble: None,
            work: Work::default(),
        }
    }

    /// The same, to be over by then.
    pub(crate) fn until(self, end: Option<Instant>) -> Tx<'a> {
        Tx { end, ..self }
    }

    /// The same, which can change nothing.
    pub(crate) fn reading(self, reads_only: bool) -> Tx<'a> {
        Tx { reads_only, ..self }
    }

    /// The same, of a database whose trouble is known.
    pub(crate) fn watched(self, trouble: &'a Trouble) -> Tx<'a> {
        Tx { trouble: Some(trouble), ..self }
    }

    /// Whether it can change nothing.
    pub fn reads_only(&self) -> bool {
        self.reads_only
    }

    /// What the engine has done so far.
    pub fn work(&self) -> Work {
        self.work
    }

    /// The state of the transaction, and whether there may be something to undo.
    pub(crate) fn end(self) -> (Health, bool) {
        (self.health, self.changed)
    }

    /// Which SQL is spoken here, for the few places where the engines differ.
    pub fn dialect(&self) -> Dialect {
        match self.engine {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// The number of this connection among those that write to the database, of all nodes: small, and no other's for
    /// as long as it is open. SQLite has one writer, number 0. Two transactions that change the same row wait for each
    /// other, and one is run again; so what all of them would change is better spread by this.
    pub fn writer(&self) -> i64 {
        match &self.engine {
            Engine::Sqlite(_) => 0,
            Engine::Postgres(session) => session.writer,
        }
    }

    /// Runs a statement and calls `each` for every row, in order.
    ///
    /// # Errors
    /// Errors of the engine, or the first error of `each`, which ends the query and spoils nothing.
    pub fn query(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        mut each: impl FnMut(&Row<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut stopped = Ok(());
        self.rows(sql, params, &mut |row| {
            stopped = each(row);
            if stopped.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        stopped
    }

    /// Runs a statement and reads its first row; `None` when there is none. Further rows are left.
    ///
    /// # Errors
    /// As for [`query`](Tx::query).
    pub fn one<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let mut read = Some(read);
        let mut found = None;
        self.rows(sql, params, &mut |row| {
            found = read.take().map(|read| read(row));
            ControlFlow::Break(())
        })?;
        found.transpose()
    }

    /// Runs a statement and reads all its rows, in order.
    ///
    /// # Errors
    /// As for [`query`](Tx::query).
    pub fn all<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut all = Vec::new();
        self.query(sql, params, |row| {
            all.push(read(row)?);
            Ok(())
        })?;
        Ok(all)
    }

    /// Runs a query about each of these numbers and reads all its rows. In the statement, `IN (#)` stands for being one of
    /// them: `SELECT id, name FROM crm_lead WHERE active = ? AND id IN (#)`; the other parameters come before it. The numbers
    /// are asked for in portions, each of which has the order that the statement gives.
    ///
    /// # Errors
    /// As for [`query`](Tx::query).
    pub fn all_among<T>(
        &mut self,
        sql: &str,
        before: &[Param<'_>],
        numbers: &[i64],
        mut read: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let (sql, mut all) = (self.dialect().within(sql), Vec::with_capacity(numbers.len()));
        for portion in self.dialect().portions(numbers) {
            let params = self.dialect().with_portion(before, portion);
            self.query(&sql, &params, |row| {
                all.push(read(row)?);
                Ok(())
            })?;
        }
        Ok(all)
    }

    /// Runs a statement on each of these numbers, as [`all_among`](Tx::all_among) does, and says how many rows it inserted,
    /// updated or deleted.
    ///
    /// # Errors
    /// Errors of the engine.
    pub fn execute_among(&mut self, sql: &str, before: &[Param<'_>], numbers: &[i64]) -> Result<u64, Error> {
        let (sql, mut count) = (self.dialect().within(sql), 0);
        for portion in self.dialect().portions(numbers) {
            count += self.execute(&sql, &self.dialect().with_portion(before, portion))?;
        }
        Ok(count)
    }

    /// Runs a statement that answers no rows, and says how many rows it inserted, updated or deleted.
    /// For any other statement the number means nothing.
    ///
    /// # Errors
    /// Errors of the engine.
    pub fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, Error> {
        self.ready()?;
        self.changed = true;
        let began = Instant::now();
        let outcome = match &mut self.engine {
            Engine::Sqlite(connection) => verbs::execute(connection, sql, params),
            Engine::Postgres(session) => session.execute(sql, params),
        };
        self.worked(began, 0);
        outcome.map_err(|error| self.fell(error))
    }

    /// Runs an INSERT of one row into a table with an `{id}` column of that name, and gives the new row's id.
    /// No RETURNING: PostgreSQL gets one from here; SQLite, which makes a table of the rows of any RETURNING
    /// first, knows the id without.
    ///
    /// # Errors
    /// What the engine says. Also when not exactly one row was inserted: `ON CONFLICT DO NOTHING` belongs in
    /// [`one`](Tx::one).
    pub fn insert(&mut self, sql: &str, params: &[Param<'_>]) -> Result<i64, Error> {
        self.ready()?;
        self.changed = true;
        let began = Instant::now();
        let outcome = match &mut self.engine {
            Engine::Sqlite(connection) => verbs::insert(connection, sql, params),
            Engine::Postgres(session) => session.insert(sql, params),
        };
        self.worked(began, 0);
        outcome.map_err(|error| self.fell(error))
    }

    /// Waits until no other transaction is between this and its end: of two nodes that start at once, one brings the database
    /// up to date, and the other sees that. To be called first, since a transaction sees what was there when it first read.
    ///
    /// # Errors
    /// Errors of the engine.
    pub fn in_turn(&mut self) -> Result<(), Error> {
        match self.dialect() {
            // There is one writer.
            Dialect::Sqlite => Ok(()),
            // It leaves those alone who only write rows.
            Dialect::Postgres => self.control("LOCK TABLE migration IN SHARE UPDATE EXCLUSIVE MODE"),
        }
    }

    /// Sees to it that rows that are added to a table from now on are numbered behind all that are there: some may have brought
    /// their numbers into its `{id}` column, of which PostgreSQL's sequence does not know. SQLite looks by itself.
    ///
    /// # Errors
    /// Errors of the engine.
    pub fn number_behind(&mut self, table: &str) -> Result<(), Error> {
        if self.dialect() == Dialect::Sqlite {
            return Ok(());
        }
        let sql = format!(
            "SELECT CAST(setval(pg_get_serial_sequence('{table}', 'id'), GREATEST(MAX(id), 1)) AS BIGINT) FROM {table}"
        );
        self.query(&sql, &[], |_| Ok(()))
    }

    /// Runs `job` so that its changes can be undone by themselves: on `Err` they are, and the transaction
    /// goes on. Savepoints may stand within each other.
    ///
    /// # Errors
    /// Those of `job`, and the error of a failed statement that `job` did not pass on.
    pub fn savepoint<T, E: From<Error>>(
        &mut self,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.savepoints == Savepoints::LeftOut {
            return self.unsaved(job);
        }
        let before = self.changed;
        self.control("SAVEPOINT nested")?;
        // A job that panics in here leaves at least the savepoint behind.
        self.changed = true;
        let result = job(self);
        let result = result.and_then(|value| self.checked(value));
        if result.is_ok() {
            self.control("RELEASE nested")?;
            return result;
        }
        if !matches!(self.health, Health::Lost(_)) {
            self.health = Health::Fine;
            self.control("ROLLBACK TO nested")?;
            self.control("RELEASE nested")?;
            self.changed = before;
        }
        result
    }

    /// Runs `job` as if within a savepoint, as long as nothing has to be undone.
    fn unsaved<T, E: From<Error>>(&mut self, job: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.ready()?;
        let before = std::mem::take(&mut self.changed);
        let result = job(self);
        let is_torn = match self.health {
            Health::Fine => result.is_err() && self.changed,
            Health::Failed(_) => true,
            Health::Unsaved | Health::Lost(_) => false,
        };
        self.changed |= before;
        let result = result.and_then(|value| self.checked(value));
        if is_torn {
            // What follows must not see what should have been undone.
            self.health = Health::Unsaved;
        }
        result
    }

    /// The answer of a job, unless it swallowed the failure of a statement.
    fn checked<T, E: From<Error>>(&mut self, value: T) -> Result<T, E> {
        self.ready()?;
        Ok(value)
    }

    fn rows(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        self.ready()?;
        let (began, mut rows) = (Instant::now(), 0);
        let each = &mut |row: &Row<'_>| {
            rows += 1;
            each(row)
        };
        let outcome = match &mut self.engine {
            Engine::Sqlite(connection) => verbs::query(connection, sql, params, &mut self.changed, each),
            Engine::Postgres(session) => {
                // Only the server knows of any other.
                self.changed |= !sql.starts_with("SELECT");
                session.query(sql, params, each)
            }
        };
        self.worked(began, rows);
        outcome.map_err(|error| self.fell(error))
    }

    fn control(&mut self, sql: &'static str) -> Result<(), Error> {
        self.ready()?;
        let outcome = match &mut self.engine {
            Engine::Sqlite(connection) => verbs::control(connection, sql),
            Engine::Postgres(session) => session.control(sql),
        };
        outcome.map_err(|error| self.fell(error))
    }

    /// The error that every verb answers, if one does.
    pub(crate) fn ready(&mut self) -> Result<(), Error> {
        if matches!(self.health, Health::Fine) && self.end.is_some_and(|end| Instant::now() >= end) {
            self.health = Health::Lost(Error::Timeout);
        }
        match &self.health {
            Health::Fine => Ok(()),
            Health::Unsaved => Err(Error::Conflict("a savepoint had been left out".to_owned())),
            Health::Failed(error) | Health::Lost(error) => Err(error.clone()),
        }
    }

    fn worked(&mut self, began: Instant, rows: u64) {
        let Work { statements, rows: before, time } = self.work;
        self.work = Work { statements: statements + 1, rows: before + rows, time: time + began.elapsed() };
    }

    fn fell(&mut self, error: Error) -> Error {
        // A job that writes where it may only read is no trouble of the database's.
        if let Some(trouble) = self.trouble.filter(|_| !self.reads_only || matches!(error, Error::Damaged(_)))
        {
            trouble.note(&error);
        }
        let lost = match &self.engine {
            // SQLite answers some failures by rolling everything back, and would then commit each further
            // statement by itself.
            Engine::Sqlite(connection) => connection.is_autocommit(),
            Engine::Postgres(_) => matches!(error, Error::Conflict(_) | Error::Unavailable(_)),
        };
        let lost = lost || error == Error::Timeout;
        self.health = if lost { Health::Lost(error.clone()) } else { Health::Failed(error.clone()) };
        error
    }
}
