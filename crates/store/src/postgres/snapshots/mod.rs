//! Snapshots in PostgreSQL: schemas beside that of the database, with its rows and with a table that describes its tables.
//!
//! A restore is one transaction that changes what differs. It begins when every other transaction that writes has ended,
//! on whatever node, and none begins before its end: they all come through the gate of [`connect`](super::connect).

mod restore;
mod save;
mod structure;

use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use super::connect::Connector;
use super::{Postgres, Session};
use crate::snapshots::{Snapshot, SnapshotName};
use crate::tx::{Engine, Savepoints};
use crate::{Error, Tx};
use structure::{quoted, rows};

/// Held by whoever saves, restores or removes snapshots; the number means nothing.
const LOCK: i64 = 0x736e_6170_7368_6f74;
/// Tables that are dropped in one transaction: the server has room for so many locks.
const DROPPED: usize = 50;

/// What is done to tables waits for readers no longer than this, and is begun anew then: while it waits, other readers wait for
/// it, and one of them may hold what it wants next.
const SHORTLY: &str = "SET LOCAL lock_timeout = '300ms'";
/// So often at most.
const TRIES: u32 = 100;

impl Postgres {
    /// Keeps a copy of the database, in the place of an earlier one of that name.
    pub(crate) fn save_snapshot(&self, name: &SnapshotName) -> Result<Snapshot, Error> {
        self.beside(|session| {
            let (live, kept) = schemas(session, name)?;
            remove(session, &kept)?;
            save::run(session, &live, &kept)?;
            described(session, name)
        })
    }

    /// All that are kept, by name.
    pub(crate) fn snapshots(&self) -> Result<Vec<Snapshot>, Error> {
        self.beside(list)
    }

    /// Removes a snapshot; false when there is none.
    pub(crate) fn delete_snapshot(&self, name: &SnapshotName) -> Result<bool, Error> {
        self.beside(|session| {
            let (_, kept) = schemas(session, name)?;
            remove(session, &kept)
        })
    }

    /// Runs a job on what a snapshot holds: tables without rows are not there.
    pub(crate) fn read_snapshot<T: Send, E: From<Error> + Send>(
        &self,
        name: &SnapshotName,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send,
    ) -> Result<Option<T>, E> {
        self.beside(|session| {
            let (_, kept) = schemas(session, name)?;
            session.control("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
            if !exists(session, &kept)? {
                return Ok(None);
            }
            session.control(&format!("SET LOCAL search_path = {}", quoted(&kept)))?;
            job(&mut Tx::new(Engine::Postgres(session), Savepoints::Made).reading(true)).map(Some)
        })
    }

    /// Brings the database to what a snapshot holds and a job makes of that, all at once.
    pub(crate) fn restore<T: Send, E: From<Error> + Send>(
        &self,
        name: &SnapshotName,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send,
    ) -> Result<Option<T>, E> {
        self.beside(|session| {
            let (live, kept) = schemas(session, name)?;
            if !exists(session, &kept)? {
                return Ok(None);
            }
            persist(session, |session| {
                Connector::close_gate(session)?;
                session.control(SHORTLY)?;
                restore::run(session, &live, &kept)
            })?;
            let mut tx = Tx::new(Engine::Postgres(session), Savepoints::Made);
            let done = job(&mut tx)?;
            tx.ready()?;
            session.commit()?;
            Ok(Some(done))
        })
    }

    /// A place for another database, which is to become a snapshot.
    pub(crate) fn begin_template(&self, name: &SnapshotName) -> Result<String, Error> {
        let schema = self.beside(|session| {
            let live = current(session)?;
            let schema = format!("{live}/.{name}.{}", std::process::id());
            remove(session, &schema)?;
            session.control(&format!("CREATE SCHEMA {}", quoted(&schema)))?;
            Ok::<_, Error>(schema)
        })?;
        Ok(within(&self.url, &schema))
    }

    /// Keeps the database of that place, which is closed, as a snapshot if it is to be kept.
    pub(crate) fn end_template(
        &self,
        name: &SnapshotName,
        made: &str,
        is_kept: bool,
    ) -> Result<Snapshot, Error> {
        let made = Connector::new(made, &Arc::default())?;
        self.beside(|session| {
            let (_, kept) = schemas(session, name)?;
            let mut within = made.connect(Duration::MAX)?;
            let schema = current(&mut within)?;
            if is_kept {
                remove(session, &kept)?;
                save::run(&mut within, &schema, &kept)?;
            }
            drop(within);
            remove(session, &schema)?;
            described(session, name)
        })
    }

    /// Does something over a connection of its own, one after the other in all processes.
    fn beside<T: Send, E: From<Error> + Send>(
        &self,
        job: impl FnOnce(&mut Session) -> Result<T, E> + Send,
    ) -> Result<T, E> {
        let run = || {
            let mut session = self.connector.connect(Duration::MAX)?;
            session.control(&format!("SELECT pg_advisory_lock({LOCK})"))?;
            // What is not committed ends with the connection, and the lock, too.
            job(&mut session)
        };
        // The client may not be used within a runtime, and the caller may be in one.
        thread::scope(|scope| scope.spawn(run).join()).map_err(|_| Error::Panicked("a snapshot".into()))?
    }
}

/// Runs a transaction until no reader is in its way.
fn persist(
    session: &mut Session,
    mut run: impl FnMut(&mut Session) -> Result<(), Error>,
) -> Result<(), Error> {
    for _ in 1..TRIES {
        match run(session) {
            Err(Error::Conflict(_)) => session.control("ROLLBACK")?,
            done => return done,
        }
    }
    run(session)
}

/// The schema of the database, and that of a snapshot.
fn schemas(session: &mut Session, name: &SnapshotName) -> Result<(String, String), Error> {
    let live = current(session)?;
    let kept = format!("{live}/{name}");
    // PostgreSQL would cut it off.
    if kept.len() > 63 {
        return Err(Error::Database(format!("the name {name} is too long for a schema beside {live}")));
    }
    Ok((live, kept))
}

fn current(session: &mut Session) -> Result<String, Error> {
    let found =
        rows(session, "SELECT CAST(current_schema() AS TEXT)", &[], |row| row.text(0).map(str::to_owned))?;
    found.into_iter().next().ok_or_else(|| Error::Database("the database has no schema".into()))
}

fn exists(session: &mut Session, schema: &str) -> Result<bool, Error> {
    Ok(!rows(session, "SELECT 1 FROM pg_namespace WHERE nspname = ?", &[schema.into()], |row| row.int(0))?
        .is_empty())
}

/// Drops a schema with its tables; false when there is none.
fn remove(session: &mut Session, schema: &str) -> Result<bool, Error> {
    if !exists(session, schema)? {
        return Ok(false);
    }
    let tables = structure::tables(session, schema)?;
    for portion in tables.chunks(DROPPED) {
        let names: Vec<String> =
            portion.iter().map(|table| format!("{}.{}", quoted(schema), quoted(table))).collect();
        session.control(&format!("DROP TABLE {} CASCADE", names.join(", ")))?;
    }
    session.control(&format!("DROP SCHEMA {} CASCADE", quoted(schema)))?;
    Ok(true)
}

fn described(session: &mut Session, name: &SnapshotName) -> Result<Snapshot, Error> {
    let found = list(session)?.into_iter().find(|snapshot| snapshot.name == *name);
    found.ok_or_else(|| Error::Database(format!("the snapshot {name} was not saved")))
}

fn list(session: &mut Session) -> Result<Vec<Snapshot>, Error> {
    let live = current(session)?;
    let sql = "SELECT CAST(n.nspname AS TEXT), obj_description(n.oid, 'pg_namespace'), \
               CAST(COALESCE((SELECT SUM(pg_total_relation_size(c.oid)) FROM pg_class c \
               WHERE c.relnamespace = n.oid AND c.relkind = 'r'), 0) AS BIGINT) \
               FROM pg_namespace n WHERE starts_with(n.nspname, ?) ORDER BY n.nspname COLLATE \"C\"";
    let prefix = format!("{live}/");
    let found = rows(session, sql, &[prefix.as_str().into()], |row| {
        let said = row.opt_text(1)?.unwrap_or_default().to_owned();
        Ok((row.text(0)?[prefix.len()..].to_owned(), said, row.int(2)?))
    })?;
    let described = found.into_iter().filter_map(|(name, said, size)| {
        // A schema that is not ours, or not complete, says nothing.
        let (saved, rows) = save::read_note(&said)?;
        let saved = SystemTime::UNIX_EPOCH + Duration::from_secs(saved);
        Some(Snapshot { name: name.parse().ok()?, saved, size: u64::try_from(size).ok()?, rows })
    });
    Ok(described.collect())
}

/// The address of the same database with another schema.
fn within(url: &str, schema: &str) -> String {
    let option = format!("-c search_path=\"{schema}\"");
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return format!("{url} options='{option}'");
    }
    let encoded: String = option
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    let joint = match url.chars().last() {
        Some('?' | '&') => "",
        _ if url.contains('?') => "&",
        _ => "?",
    };
    format!("{url}{joint}options={encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_another_schema() {
        for url in
            ["postgres://u@h/d", "postgres://u@h/d?", "postgres://u@h/d?sslmode=disable", "host=h dbname=d"]
        {
            let config: ::postgres::Config = within(url, "public/.new.7").parse().unwrap();
            assert_eq!(config.get_options(), Some("-c search_path=\"public/.new.7\""), "{url}");
            assert_eq!(config.get_dbname(), Some("d"), "{url}");
        }
    }
}
