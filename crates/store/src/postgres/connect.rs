//! Connections to PostgreSQL, and what the database must have before they are used.

use std::time::Duration;

use ::postgres::{Config, NoTls};

use super::Session;
use super::failure::words;
use crate::tx::{Engine, Savepoints};
use crate::{Error, Migration, Tx, migrate};

/// How long to wait for a server that does not answer, unless the connection string says it.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a silent connection may be dead before that is noticed, unless the connection string says it.
const SILENCE: Duration = Duration::from_secs(30);
/// The lock that lets one node migrate at a time; the number means nothing.
const MIGRATION_LOCK: i64 = 0x706f_7274_7265_6576;

/// What every transaction that writes does first: it waits for a restore. It is no statement that the transaction's view
/// of the rows is of, so that this is of after the wait.
pub(super) const GATE: &str = "LOCK TABLE migration IN ROW SHARE MODE";
/// What a restore does first.
const CLOSED: &str = "LOCK TABLE migration IN EXCLUSIVE MODE";
/// Makes connections that are all alike.
#[derive(Clone)]
pub(super) struct Connector {
    config: Config,
}

impl Connector {
    pub(super) fn new(url: &str) -> Result<Connector, Error> {
        let mut config: Config = url.parse().map_err(|failure| Error::Database(words(&failure)))?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENCE);
        }
        if !url.contains("keepalives_idle") {
            config.keepalives_idle(SILENCE).keepalives_interval(CONNECT).keepalives_retries(3);
        }
        if config.get_application_name().is_none() {
            config.application_name(env!("CARGO_PKG_NAME"));
        }
        Ok(Connector { config })
    }

    /// A new connection, on which no statement runs longer than that.
    pub(super) fn connect(&self, timeout: Duration) -> Result<Session, Error> {
        let client = self.config.connect(NoTls).map_err(|failure| Error::Unavailable(words(&failure)))?;
        let mut session = Session::new(client);
        // Compiling a statement takes longer than any of ours runs.
        session.control(&format!("SET statement_timeout = {}; SET jit = off", millis(timeout)))?;
        Ok(session)
    }

    /// Begins a transaction beside which nobody migrates or writes.
    pub(super) fn close_gate(session: &mut Session) -> Result<(), Error> {
        session.control(&format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock({MIGRATION_LOCK}); {CLOSED}"
        ))
    }

    /// Brings the database up to date, while other nodes wait.
    pub(super) fn migrate(&self, migrations: &[Migration]) -> Result<(), Error> {
        let mut session = self.connect(Duration::MAX)?;
        // READ COMMITTED: what the node did that held the lock must be seen.
        session.control(&format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"
        ))?;
        // When this fails the connection is dropped, and the transaction with it.
        let mut tx = Tx::new(Engine::Postgres(&mut session), Savepoints::Made);
        folding(&mut tx)?;
        migrate::run(&mut tx, migrations)?;
        tx.ready()?;
        session.control("COMMIT")
    }
}

/// A time as the server's settings take it; 0 would mean that nothing is ever stopped.
pub(super) fn millis(time: Duration) -> u128 {
    time.as_millis().clamp(1, i32::MAX.cast_unsigned().into())
}

/// Makes the function `fold`, which does what [`str::to_lowercase`] does for SQLite. It names its collation,
/// because `lower` leaves all but ASCII alone in a database without a locale.
fn folding(tx: &mut Tx<'_>) -> Result<(), Error> {
    let able = "SELECT current_setting('server_encoding'), to_regprocedure('fold(text)') IS NOT NULL, \
                EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu')";
    let found = tx.one(able, &[], |row| Ok((row.text(0)?.to_owned(), row.int(1)? == 1, row.int(2)? == 1)))?;
    match found {
        Some((encoding, ..)) if encoding != "UTF8" => {
            Err(Error::Database(format!("the database's encoding is {encoding}; it must be UTF8")))
        }
        Some((_, true, _)) => Ok(()),
        Some((_, false, true)) => tx
            .execute(
                "CREATE FUNCTION fold(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE \
                 AS 'SELECT lower($1 COLLATE \"und-x-icu\") COLLATE \"C\"'",
                &[],
            )
            .map(drop),
        _ => Err(Error::Database("the server must be PostgreSQL with ICU collations".into())),
    }
}
