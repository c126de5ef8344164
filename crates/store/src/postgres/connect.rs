//! Connections to PostgreSQL, and what the database must have before they are used.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use ::postgres::Config;
use ::postgres::config::SslMode;
use ::postgres::error::SqlState;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::Session;
use super::address::Address;
use super::failure::words;
use super::tls;
use crate::counters::Counters;
use crate::tx::{Engine, Savepoints};
use crate::{Error, Migration, Tx, migrate};

/// How much longer than its statements a transaction may be idle, before the server ends it with its connection: its node has
/// gone away without a word, and others wait for its locks.
const IDLE: Duration = Duration::from_secs(10);
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
    /// The same without TLS, where that is as good as none.
    plain: Option<Config>,
    tls: MakeRustlsConnect,
    is_local: bool,
    era: Arc<AtomicU64>,
    counters: Arc<Counters>,
}

impl Connector {
    pub(super) fn new(url: &str, counters: &Arc<Counters>) -> Result<Connector, Error> {
        let address = Address::parse(url)?;
        let plain = (address.config.get_ssl_mode() == SslMode::Prefer).then(|| {
            let mut plain = address.config.clone();
            plain.ssl_mode(SslMode::Disable);
            plain
        });
        Ok(Connector {
            tls: tls::connector(&address.tls)?,
            is_local: address.is_local(),
            config: address.config,
            plain,
            era: Arc::default(),
            counters: Arc::clone(counters),
        })
    }

    /// A new connection, on which no statement runs longer than that.
    pub(super) fn connect(&self, timeout: Duration) -> Result<Session, Error> {
        let era = self.era.load(Relaxed);
        let client = self
            .client()
            .map_err(|failure| Error::Unavailable(format!("{}{}", words(&failure), tls::advice(&failure))))?;
        let mut session = Session::new(client, (Arc::clone(&self.era), era), &self.counters);
        // Compiling a statement takes longer than any of ours runs.
        session.control(&format!("SET {}; SET jit = off", limits("SESSION", timeout)))?;
        Ok(session)
    }

    fn client(&self) -> Result<::postgres::Client, ::postgres::Error> {
        let preferred = self.config.connect(self.tls.clone());
        match (preferred, &self.plain) {
            (Err(failure), Some(plain)) if tls::is_cause(&failure) || is_refused(&failure) => {
                plain.connect(self.tls.clone()).map_err(|_| failure)
            }
            (preferred, _) => preferred,
        }
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
        self.warn_of_listeners(&mut session)?;
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

    /// Says so when others on the network can read along.
    fn warn_of_listeners(&self, session: &mut Session) -> Result<(), Error> {
        let sql = "SELECT COUNT(*) FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl";
        let encrypted =
            Tx::new(Engine::Postgres(session), Savepoints::Made).one(sql, &[], |row| row.int(0))?;
        if !self.is_local && self.config.get_ssl_mode() != SslMode::Disable && encrypted == Some(0) {
            tracing::warn!(
                "the connection to PostgreSQL is not encrypted: whoever is on the network between can read it. Turn TLS on there \
                 and add sslmode=verify-full and sslrootcert to --database, or sslmode=disable on a network that you trust"
            );
        }
        Ok(())
    }
}

/// Whether the server takes no such connection: it may take one without TLS.
fn is_refused(failure: &::postgres::Error) -> bool {
    failure.code() == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION)
}

/// The settings that end what takes too long, for the transaction (`LOCAL`) or for the connection (`SESSION`).
pub(super) fn limits(scope: &str, timeout: Duration) -> String {
    let (statement, idle) = (millis(timeout), millis(timeout.saturating_add(IDLE)));
    format!(
        "{scope} statement_timeout = {statement}; SET {scope} idle_in_transaction_session_timeout = {idle}"
    )
}

/// A time as the server's settings take it; 0 would mean that nothing is ever stopped.
fn millis(time: Duration) -> u128 {
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
