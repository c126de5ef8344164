//! Calls that are not written yet.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

use parking_lot::Mutex;
use store::Work;

use super::{Entry, Webhook};
use crate::faults::{Decided, Wait};

/// Calls since they were last written.
#[derive(Debug, Default)]
pub struct Calls {
    gathered: Mutex<Vec<Entry>>,
    missed: AtomicU64,
}

impl Calls {
    /// Calls that are kept in memory; with more, the log has a gap.
    pub const MOST: usize = 5_000;

    /// Notes one, unless there are too many.
    pub fn note(&self, entry: Entry) {
        let mut gathered = self.gathered.lock();
        match gathered.len() < Self::MOST {
            true => gathered.push(entry),
            false => drop(self.missed.fetch_add(1, Relaxed)),
        }
    }

    /// Takes all out, to be written.
    pub fn take(&self) -> Vec<Entry> {
        std::mem::take(&mut *self.gathered.lock())
    }

    /// Calls that this process did not log since its start, because there were too many at once.
    pub fn missed(&self) -> u64 {
        self.missed.load(Relaxed)
    }
}

/// What is learned of a call on its way, whatever comes of it.
#[derive(Debug, Default)]
pub struct Seen {
    webhook: OnceLock<Webhook>,
    /// What fault rules do to it.
    pub decided: Decided,
    /// The era in which it was performed; 0 when it never came so far.
    era: AtomicI64,
    /// What its transaction had the database do.
    work: Mutex<Work>,
}

impl Seen {
    /// Of a call whose caller can be kept waiting.
    pub fn waiting(wait: Wait) -> Self {
        Seen { decided: Decided::waiting(wait), ..Seen::default() }
    }

    /// The webhook was recognised.
    pub fn recognised(&self, webhook: Webhook) {
        // A call may run more than once.
        let _ = self.webhook.set(webhook);
    }

    /// The webhook, if it was recognised.
    pub fn webhook(&self) -> Option<Webhook> {
        self.webhook.get().copied()
    }

    /// It is performed in an [era](engine::meta::Meta::begin_era).
    pub fn comes_in(&self, era: i64) {
        self.era.store(era, Relaxed);
    }

    /// Its transaction had the database do this, in its last run.
    pub fn worked(&self, work: Work) {
        *self.work.lock() = work;
    }

    /// What its transaction had the database do.
    pub fn work(&self) -> Work {
        *self.work.lock()
    }

    /// Whether it was performed in another era than that.
    pub fn is_of_before(&self, era: i64) -> bool {
        let its = self.era.load(Relaxed);
        its != 0 && its < era
    }
}
