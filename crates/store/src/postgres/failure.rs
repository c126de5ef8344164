//! What failures of PostgreSQL and of its client mean.

use std::error::Error as _;

use ::postgres::error::{Severity, SqlState};

use crate::Error;

/// What a failure of PostgreSQL means. One that did not come from the server leaves a connection that
/// cannot be trusted any more.
pub(super) fn error(failure: &::postgres::Error) -> Error {
    let text = words(failure);
    let Some(said) = failure.as_db_error() else { return Error::Unavailable(text) };
    let code = said.code();
    let rival =
        [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::LOCK_NOT_AVAILABLE];
    match code {
        code if rival.contains(code) || stale(failure) => Error::Conflict(text),
        code if *code == SqlState::UNIQUE_VIOLATION => Error::Unique(text),
        code if *code == SqlState::FOREIGN_KEY_VIOLATION => Error::Foreign(text),
        code if *code == SqlState::QUERY_CANCELED => Error::Timeout,
        code if code.code().starts_with("23") => Error::Constraint(text),
        code if *code == SqlState::DISK_FULL => Error::Full(text),
        code if *code == SqlState::READ_ONLY_SQL_TRANSACTION || *code == SqlState::IO_ERROR => {
            Error::ReadOnly(text)
        }
        code if *code == SqlState::DATA_CORRUPTED || *code == SqlState::INDEX_CORRUPTED => {
            Error::Damaged(text)
        }
        _ if ends_connection(said) => Error::Unavailable(text),
        _ => Error::Database(text),
    }
}

/// A failure in the server's words, or in the client's with the cause. Its details are left out: they hold
/// values.
pub(super) fn words(failure: &::postgres::Error) -> String {
    match (failure.as_db_error(), failure.source()) {
        (Some(said), _) => format!("{} ({})", said.message(), said.code().code()),
        (None, Some(cause)) => format!("{failure}: {cause}"),
        (None, None) => failure.to_string(),
    }
}

/// A prepared statement does not fit its tables any more, because a column was added meanwhile. The session
/// forgets its statements, and the job is run again as after a rival.
pub(super) fn stale(failure: &::postgres::Error) -> bool {
    failure.as_db_error().is_some_and(|said| {
        let replanned =
            *said.code() == SqlState::FEATURE_NOT_SUPPORTED && said.message().contains("cached plan");
        replanned || *said.code() == SqlState::INVALID_SQL_STATEMENT_NAME
    })
}

pub(super) fn ends_connection(said: &::postgres::error::DbError) -> bool {
    matches!(said.parsed_severity(), Some(Severity::Fatal | Severity::Panic))
}
