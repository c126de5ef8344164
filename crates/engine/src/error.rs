//! Errors of a method: an answer of the protocol, or a failure of the store.

use std::time::Duration;

use wire::{Fault, fault};

/// The error of everything in this crate that runs inside a transaction.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller is told this.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The store failed; the caller is told no more than the protocol's `ERROR_CORE`.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The contents of files failed; the caller is told no more than that.
    #[error(transparent)]
    Blobs(#[from] blobs::Error),
    /// No failure: contents of files that the call brings are to be stored first, then it is run again. See
    /// [`Uploads`](crate::files::Uploads).
    #[error("contents of files have to be stored first")]
    Upload,
    /// No failure: a call that reads comes upon something that is made when it is first asked for, such as the storage of a
    /// person. It is run again where it may write.
    #[error("the call has to be run again where it may write")]
    Write,
    /// No failure: the call is to wait so long before it is run, as an operator decided, outside of its transaction.
    #[error("the call has to wait for {} ms", .0.as_millis())]
    Pause(Duration),
}

/// The fault for an answer, or a part of one, beyond any use.
pub fn answer_too_large() -> Fault {
    Fault {
        status: 400,
        message: "The answer is too large. Select fewer fields or fewer items.".into(),
        ..fault::UNEXPECTED_ANSWER.into()
    }
}

/// A result with this crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl From<fault::System> for Error {
    fn from(system: fault::System) -> Self {
        Error::Fault(system.into())
    }
}

/// A refusal apart from failures, for whoever goes on without what was refused.
///
/// # Errors
/// Whatever is no refusal.
pub fn refusal<T>(result: Result<T>) -> Result<std::result::Result<T, Fault>> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(Error::Fault(fault)) => Ok(Err(fault)),
        Err(other) => Err(other),
    }
}

impl Error {
    /// The refusal in other words. A failure stays what it is: the words of a refusal would hide it.
    #[must_use]
    pub fn reworded(self, words: impl FnOnce(Fault) -> Fault) -> Self {
        match self {
            Error::Fault(fault) => Error::Fault(words(fault)),
            other => other,
        }
    }

    /// The answer that the caller gets.
    pub fn into_fault(self) -> Fault {
        match self {
            Error::Fault(fault) => fault,
            Error::Store(store::Error::Busy) => fault::QUERY_LIMIT_EXCEEDED.into(),
            Error::Store(store::Error::Timeout) => Fault {
                message: "The call took too long and was stopped. Request less data at once.".into(),
                ..fault::OPERATION_TIME_LIMIT.into()
            },
            // Said once, by the store. Nothing was done: clients may try later, which is how they take this code.
            Error::Store(store::Error::Full(_)) => no_writes("the disk is full"),
            Error::Store(store::Error::ReadOnly(_)) => no_writes("the database takes no writes"),
            Error::Store(store::Error::Unavailable(error)) => {
                tracing::error!(error, "the database cannot be reached");
                let message = "The database cannot be reached at the moment. Nothing was changed; try later.";
                Fault { message: message.into(), ..fault::QUERY_LIMIT_EXCEEDED.into() }
            }
            Error::Blobs(blobs::Error::Full(error)) => {
                tracing::error!(error, "the store of files is full");
                no_writes("the disk is full")
            }
            Error::Blobs(blobs::Error::Missing(key)) => {
                tracing::error!(key, "the content of a file is missing");
                Fault::new(404, "ERROR_NOT_FOUND", "The file was not found.")
            }
            Error::Blobs(blobs::Error::Failed(error)) => {
                tracing::error!(error, "the store of files failed");
                fault::INTERNAL_SERVER_ERROR.into()
            }
            Error::Upload | Error::Write | Error::Pause(_) => {
                tracing::error!(error = %self, "a call was not run again");
                fault::INTERNAL_SERVER_ERROR.into()
            }
            Error::Store(trouble) => {
                tracing::error!(error = %trouble, "the store failed");
                fault::SQL_ERROR.into()
            }
        }
    }
}

/// The fault for what cannot be written while reads go on.
fn no_writes(why: &str) -> Fault {
    let message = format!("Nothing can be saved at the moment: {why}. Nothing was changed; try later.");
    Fault { message: message.into(), ..fault::QUERY_LIMIT_EXCEEDED.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_too_long_is_told_so() {
        let fault = Error::Store(store::Error::Timeout).into_fault();
        assert_eq!((fault.status, &*fault.code), (429, "OPERATION_TIME_LIMIT"));
    }
}
