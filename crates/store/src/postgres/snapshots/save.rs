//! Saving: a copy of every table that has rows, and a description of all.

use super::structure::{COLUMNS, TABLE, deferring, literal, query, quoted, rows};
use super::{SHORTLY, persist};
use crate::Error;
use crate::postgres::Session;
use crate::postgres::connect::GATE;

/// Copies a schema, which statements of this connection find first, to a new one.
pub(super) fn run(session: &mut Session, live: &str, kept: &str) -> Result<(), Error> {
    // One by one, so that each waits for few readers.
    for statement in deferring(session, live)? {
        persist(session, |session| {
            session.control(&format!("BEGIN; {GATE}; {SHORTLY}; {statement}; COMMIT"))
        })?;
    }
    session.control("BEGIN ISOLATION LEVEL REPEATABLE READ")?;
    let (from, to) = (quoted(live), quoted(kept));
    session.control(&format!("CREATE SCHEMA {to}"))?;
    let mut rows = 0;
    for table in filled(session, live)? {
        let table = quoted(&table);
        rows += session.execute(&format!("CREATE TABLE {to}.{table} AS TABLE {from}.{table}"), &[])?;
    }
    let note = note(session, rows)?;
    // After the rows: a sequence may be ahead of them, but not behind.
    session.control(&format!(
        "CREATE TABLE {to}.{TABLE} AS SELECT {COLUMNS} FROM ({}) p; \
         COMMENT ON SCHEMA {to} IS {}; COMMIT",
        query(live),
        literal(&note)
    ))
}

/// The tables of a schema that have a page.
pub(super) fn filled(session: &mut Session, schema: &str) -> Result<Vec<String>, Error> {
    let sql = "SELECT CAST(c.relname AS TEXT) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE n.nspname = ? AND c.relkind = 'r' AND pg_relation_size(c.oid) > 0 ORDER BY 1";
    rows(session, sql, &[schema.into()], |row| row.text(0).map(str::to_owned))
}

/// What the schema says of itself.
fn note(session: &mut Session, count: u64) -> Result<String, Error> {
    let sql = "SELECT CAST(extract(epoch FROM clock_timestamp()) AS BIGINT)";
    let saved = rows(session, sql, &[], |row| row.int(0))?.into_iter().next().unwrap_or_default();
    Ok(format!("A snapshot of Portreeve, saved at {saved}, rows: {count}"))
}

/// When it was saved, and its number of rows; `None` for what is no such note.
pub(super) fn read_note(said: &str) -> Option<(u64, u64)> {
    let rest = said.strip_prefix("A snapshot of Portreeve, saved at ")?;
    let (saved, count) = rest.split_once(", rows: ")?;
    Some((saved.parse().ok()?, count.parse().ok()?))
}
