//! How a connection to SQLite is set up.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rusqlite::config::DbConfig;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, ErrorCode, OpenFlags, ffi};

use super::error;
use super::like::Pattern;
use crate::Error;

/// How long a statement waits for the write lock: a command line may be writing to the same file.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// Prepared statements kept per connection.
const STATEMENTS: usize = 256;
/// Sizes of the page caches, in KiB.
const WRITER_CACHE: u32 = 16 * 1024;
const READER_CACHE: u32 = 2 * 1024;
/// Steps of the virtual machine between two looks at the meter, about 50 µs.
pub(super) const STRIDE: u32 = 2_000;
/// Bytes that a function goes through in the time of one step.
const BYTES: u64 = 16;
/// Texts from here on have a function look at the meter itself: SQLite might not come to ask for a thousand rows.
const LONG: usize = 4 * 1024;

/// The purpose of a connection.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Role {
    Writer,
    Reader,
    Backup,
    /// A copy that nobody else has, and that nobody misses after a crash.
    Image,
}

/// A connection, and the meter that interrupts what runs on it for too long.
pub(super) struct Db {
    pub(super) connection: Connection,
    pub(super) meter: Arc<Meter>,
}

impl Db {
    pub(super) fn open(path: &Path, role: Role) -> Result<Db, Error> {
        let connection = connect(path, role).map_err(|failure| match error(&failure) {
            Error::Database(text) => Error::Database(format!("{}: {text}", path.display())),
            Error::Damaged(text) => Error::Damaged(format!("{}: {text}", path.display())),
            other => other,
        })?;
        let mut db = Db { connection, meter: Arc::default() };
        let meter = Arc::clone(&db.meter);
        db.connection
            .progress_handler(STRIDE.cast_signed(), Some(move || meter.tick()))
            .and_then(|()| functions(&db.connection, &db.meter))
            .map_err(|failure| error(&failure))?;
        Ok(db)
    }

    /// One that looks at what is there, by a URI, and can change nothing.
    pub(super) fn looking(uri: &str) -> Result<Db, Error> {
        let flags =
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(uri, flags).map_err(|failure| error(&failure))?;
        let mut db = Db { connection, meter: Arc::default() };
        let meter = Arc::clone(&db.meter);
        db.connection
            .busy_timeout(PATIENCE)
            .and_then(|()| db.connection.progress_handler(STRIDE.cast_signed(), Some(move || meter.tick())))
            .and_then(|()| functions(&db.connection, &db.meter))
            .and_then(|()| db.connection.execute_batch("PRAGMA query_only = ON"))
            .map_err(|failure| error(&failure))?;
        Ok(db)
    }
}

fn connect(path: &Path, role: Role) -> rusqlite::Result<Connection> {
    // The file was made before, with its rights. No URI: a path is a path.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // In double quotes stands a name and never a string, as in PostgreSQL.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    // Plans depend on the statement alone. Else SQLite, built with STAT4, prepares a statement anew whenever
    // another value is bound to it: measured, a third of the time of a point read.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    let synchronous = if role == Role::Image {
        connection.execute_batch("PRAGMA journal_mode = MEMORY")?;
        "OFF"
    } else {
        match keep_log(&connection)?.as_str() {
            // The writer syncs the log itself, see `disk`.
            "wal" => "NORMAL",
            mode => {
                tracing::warn!(
                    mode,
                    "the database cannot keep a write-ahead log; reads and writes will wait for each other"
                );
                "FULL"
            }
        }
    };
    // The caches of readers are small because the operating system keeps the file's pages as well; the writer's
    // holds a whole group. What a savepoint would undo stays in memory: in a temporary file it took half of a
    // group's time. The log keeps the length that it reaches before it starts anew: to overwrite it takes two
    // thirds of the time of appending.
    let cache = if role == Role::Writer { WRITER_CACHE } else { READER_CACHE };
    connection.execute_batch(&format!(
        "PRAGMA synchronous = {synchronous}; PRAGMA foreign_keys = ON; PRAGMA cache_size = -{cache}; \
         PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;",
    ))?;
    if role == Role::Reader {
        connection.execute_batch("PRAGMA query_only = ON")?;
    }
    Ok(connection)
}

/// Makes `fold`, and `LIKE .. ESCAPE '\\'` anew: in linear time, and telling letters apart as PostgreSQL's does. What they go
/// through counts as steps.
fn functions(connection: &Connection, meter: &Arc<Meter>) -> rusqlite::Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    let counted = Arc::clone(meter);
    connection.create_scalar_function("fold", 1, flags, move |call| {
        let text = text(call, 0)?;
        counted.spend(text.map_or(0, str::len))?;
        Ok(text.map(str::to_lowercase))
    })?;
    let counted = Arc::clone(meter);
    connection.create_scalar_function("like", 3, flags, move |call| {
        let pattern = call.get_or_create_aux(0, |pattern| -> rusqlite::Result<_> {
            Ok(pattern.as_str_or_null()?.map(Pattern::new))
        })?;
        let (Some(pattern), Some(text)) = (&*pattern, text(call, 1)?) else { return Ok(None) };
        counted.spend(text.len() * pattern.passes())?;
        Ok(Some(pattern.matches(text)))
    })
}

fn text<'c>(call: &'c Context<'_>, at: usize) -> rusqlite::Result<Option<&'c str>> {
    Ok(call.get_raw(at).as_str_or_null()?)
}

/// Turns the write-ahead log on, and answers the mode that the database has now.
///
/// When several start on a new file at once, SQLite refuses some at once instead of letting them wait, since
/// each holds what the other needs.
fn keep_log(connection: &Connection) -> rusqlite::Result<String> {
    let begun = Instant::now();
    loop {
        match connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)) {
            Err(failure)
                if failure.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && begun.elapsed() < PATIENCE =>
            {
                std::thread::park_timeout(Duration::from_millis(2));
            }
            outcome => return outcome,
        }
    }
}

/// Says when a job has had enough. SQLite asks it every [`STRIDE`] steps.
#[derive(Default)]
pub(super) struct Meter {
    limit: Mutex<Limit>,
}

#[derive(Default)]
enum Limit {
    #[default]
    None,
    Steps(u64),
    Until(Instant),
}

impl Meter {
    /// Allows so many steps from here.
    pub(super) fn allow_steps(&self, steps: u32) {
        *self.limit.lock() = Limit::Steps(steps.into());
    }

    /// Allows so much time from here.
    pub(super) fn allow_time(&self, time: Duration) {
        *self.limit.lock() = Instant::now().checked_add(time).map_or(Limit::None, Limit::Until);
    }

    /// Allows anything: for BEGIN, COMMIT and ROLLBACK.
    pub(super) fn allow_all(&self) {
        *self.limit.lock() = Limit::None;
    }

    fn tick(&self) -> bool {
        self.takes(STRIDE.into())
    }

    /// Counts the bytes that a function is about to go through. Fails as an interrupted statement does.
    fn spend(&self, bytes: usize) -> rusqlite::Result<()> {
        if bytes >= LONG && self.takes(bytes as u64 / BYTES) {
            let interrupted = ffi::Error::new(ffi::SQLITE_INTERRUPT);
            return Err(rusqlite::Error::SqliteFailure(interrupted, None));
        }
        Ok(())
    }

    /// Takes so many steps; whether that is more than were left.
    fn takes(&self, steps: u64) -> bool {
        match &mut *self.limit.lock() {
            Limit::None => false,
            Limit::Steps(left) => {
                let enough = left.checked_sub(steps);
                *left = enough.unwrap_or(0);
                enough.is_none()
            }
            Limit::Until(end) => Instant::now() >= *end,
        }
    }
}
