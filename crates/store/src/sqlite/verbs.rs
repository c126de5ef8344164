//! The verbs of a transaction, on SQLite.

use std::ops::ControlFlow;

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{CachedStatement, Connection, ErrorCode, ffi};

use crate::tx::not_one;
use crate::value::Source;
use crate::{Error, Param, Row};

/// Runs a statement that gives rows. Sets `changed` when it is one that may change something.
pub(crate) fn query(
    connection: &Connection,
    sql: &str,
    params: &[Param<'_>],
    changed: &mut bool,
    each: &mut dyn FnMut(&Row<'_>) -> ControlFlow<()>,
) -> Result<(), Error> {
    let mut statement = prepare(connection, sql, params)?;
    let changes = !statement.readonly();
    *changed |= changes;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(|failure| error(&failure))? {
        if each(&Row(Source::Sqlite(row))).is_break() {
            break;
        }
    }
    // `RETURNING`: foreign keys are checked when the statement ends, so it must come to its end.
    while changes && rows.next().map_err(|failure| error(&failure))?.is_some() {}
    Ok(())
}

pub(crate) fn execute(connection: &Connection, sql: &str, params: &[Param<'_>]) -> Result<u64, Error> {
    let changed = prepare(connection, sql, params)?.raw_execute().map_err(|failure| error(&failure))?;
    Ok(changed as u64)
}

/// Inserts one row and gives its rowid, which an `{id}` column is.
pub(crate) fn insert(connection: &Connection, sql: &str, params: &[Param<'_>]) -> Result<i64, Error> {
    match execute(connection, sql, params)? {
        1 => Ok(connection.last_insert_rowid()),
        rows => Err(not_one(rows)),
    }
}

/// BEGIN, SAVEPOINT and their kin.
pub(crate) fn control(connection: &Connection, sql: &'static str) -> Result<(), Error> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.raw_execute())
        .map(drop)
        .map_err(|failure| error(&failure))
}

fn prepare<'c>(
    connection: &'c Connection,
    sql: &str,
    params: &[Param<'_>],
) -> Result<CachedStatement<'c>, Error> {
    if sql.contains(';') {
        // The cache would leave a second statement out without a word; this refuses it, as PostgreSQL does.
        connection.prepare(sql).map_err(|failure| error(&failure))?;
    }
    let mut statement = connection.prepare_cached(sql).map_err(|failure| error(&failure))?;
    let wanted = statement.parameter_count();
    if wanted != params.len() {
        return Err(Error::Database(format!(
            "the statement has {wanted} parameters, {} are given",
            params.len()
        )));
    }
    for (index, param) in params.iter().enumerate() {
        statement.raw_bind_parameter(index + 1, bound(param)?).map_err(|failure| error(&failure))?;
    }
    Ok(statement)
}

fn bound<'p>(param: &'p Param<'_>) -> Result<ToSqlOutput<'p>, Error> {
    Ok(match param {
        Param::Null => ToSqlOutput::Borrowed(ValueRef::Null),
        Param::Int(value) => ToSqlOutput::Borrowed(ValueRef::Integer(*value)),
        // SQLite makes NULL of a NaN.
        Param::Real(value) => ToSqlOutput::Borrowed(ValueRef::Real(*value)),
        Param::Text(text) => match Param::clean(text) {
            std::borrow::Cow::Borrowed(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            std::borrow::Cow::Owned(text) => ToSqlOutput::Owned(Value::Text(text)),
        },
        Param::Blob(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        Param::List(_) => return Err(Error::Database("SQLite takes no lists".into())),
    })
}

/// Maps a failure of SQLite to an error.
pub(crate) fn error(failure: &rusqlite::Error) -> Error {
    let text = failure.to_string();
    let Some(code) = failure.sqlite_error() else { return Error::Database(text) };
    match (code.code, code.extended_code) {
        (ErrorCode::OperationInterrupted, _) => Error::Timeout,
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => Error::Busy,
        (ErrorCode::ConstraintViolation, kind) => match kind {
            ffi::SQLITE_CONSTRAINT_UNIQUE
            | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            | ffi::SQLITE_CONSTRAINT_ROWID => Error::Unique(text),
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Error::Foreign(text),
            _ => Error::Constraint(text),
        },
        (ErrorCode::DiskFull, _) => Error::Full(text),
        (ErrorCode::ReadOnly | ErrorCode::SystemIoFailure, _) => Error::ReadOnly(text),
        (ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase, _) => Error::Damaged(text),
        _ => Error::Database(text),
    }
}
