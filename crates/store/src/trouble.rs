//! What keeps a database from working until somebody looks after it, or the disk has room again.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::Error;

/// The least time between two lines in the log about the same.
const QUIET: Duration = Duration::from_secs(60);

/// Only a write so long after the last failure shows that it is over: on a full disk some find a place that others do not.
const SETTLED: Duration = Duration::from_secs(5);

/// The trouble that a database is in, of which its jobs tell.
#[derive(Default)]
pub(crate) struct Trouble {
    /// Whether there is any: every write asks.
    any: AtomicBool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    found: Option<Error>,
    logged: Option<Instant>,
    /// When something failed last.
    last: Option<Instant>,
    /// Statements that failed since.
    failed: u64,
}

impl Trouble {
    /// Notes a failure that others will meet as well. What every job meets is logged once, not by every job.
    pub(crate) fn note(&self, error: &Error) {
        if !error.is_lasting() {
            return;
        }
        let mut state = self.state.lock();
        let is_new = state.found.as_ref().is_none_or(|found| {
            // Damage is not mended by what comes after it.
            !matches!(found, Error::Damaged(_))
                && std::mem::discriminant(found) != std::mem::discriminant(error)
        });
        state.failed += 1;
        state.last = Some(Instant::now());
        if !is_new {
            return;
        }
        state.found = Some(error.clone());
        self.any.store(true, Relaxed);
        if state.logged.is_none_or(|logged| logged.elapsed() > QUIET) {
            tracing::error!(%error, "the database is in trouble; what fails until it is over is not logged one by one");
            state.logged = Some(Instant::now());
        }
    }

    /// Notes that something was written.
    pub(crate) fn wrote(&self) {
        if self.any.load(Relaxed) {
            self.wrote_at(Instant::now());
        }
    }

    fn wrote_at(&self, now: Instant) {
        let mut state = self.state.lock();
        let is_settled = state.last.is_none_or(|last| now.saturating_duration_since(last) >= SETTLED);
        if is_settled && state.found.as_ref().is_some_and(|found| !matches!(found, Error::Damaged(_))) {
            self.any.store(false, Relaxed);
            tracing::warn!(failed = state.failed, "the database takes writes again");
            *state = State { logged: state.logged, ..State::default() };
        }
    }

    /// The trouble, if there is any.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if !self.any.load(Relaxed) {
            return Ok(());
        }
        self.state.lock().found.clone().map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_is_forgotten_and_damage_is_not() {
        let trouble = Trouble::default();
        trouble.note(&Error::Busy);
        assert_eq!(trouble.check(), Ok(()));
        let full = Error::Full("full".to_owned());
        trouble.note(&full);
        assert_eq!(trouble.check(), Err(full));
        trouble.wrote();
        assert!(trouble.check().is_err(), "a write beside those that fail shows nothing");
        trouble.wrote_at(Instant::now() + SETTLED);
        assert_eq!(trouble.check(), Ok(()));
        let damaged = Error::Damaged("malformed".to_owned());
        trouble.note(&damaged);
        trouble.note(&Error::Full("full".to_owned()));
        trouble.wrote_at(Instant::now() + SETTLED);
        assert_eq!(trouble.check(), Err(damaged));
    }
}
