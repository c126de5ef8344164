//! Outcomes on their way to the disk.

use std::time::Duration;

use portal::Moment;
use portal::outbound::queue::{Leased, Settled};
use tokio::time::Instant;

/// Outcomes that are written in one transaction at most, so that others need not wait long for theirs.
const MAX: usize = 128;
/// A transaction waits for the disk, however little it writes, and everything else waits for it. So outcomes wait a
/// little for others to come with them, unless there are so many already.
const GATHER: Duration = Duration::from_millis(4);
const ENOUGH: usize = 64;

/// The pending write.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) settled: Vec<Settled>,
    pub(super) unsent: Vec<Leased>,
    /// What is to wait until then, since there are too many events of its object.
    pub(super) slowed: Vec<(Leased, Moment)>,
    /// Whether what arrived is to be lined up.
    pub(super) lines_up: bool,
    /// When it is to be written; `None` while there is nothing.
    due: Option<Instant>,
}

impl Batch {
    /// Adds an outcome, and says whether something waits for it.
    pub(super) fn settle(&mut self, settled: Settled, is_awaited: bool) {
        self.settled.push(settled);
        let now = Instant::now();
        let hurries = is_awaited || self.settled.len() >= ENOUGH;
        self.write_by(if hurries { now } else { now + GATHER });
    }

    /// Adds what is to be given back to the queue.
    pub(super) fn give_back(&mut self, unsent: impl IntoIterator<Item = Leased>) {
        let before = self.unsent.len();
        self.unsent.extend(unsent);
        if self.unsent.len() > before {
            self.write_by(Instant::now());
        }
    }

    /// Has a delivery wait until then.
    pub(super) fn slow_down(&mut self, leased: Leased, due: Moment) {
        self.slowed.push((leased, due));
        self.write_by(Instant::now() + GATHER);
    }

    /// What arrived is to be lined up. It waits a little for more of it.
    pub(super) fn line_up(&mut self) {
        self.lines_up = true;
        self.write_by(Instant::now() + GATHER);
    }

    /// Takes back what could not be written.
    pub(super) fn put_back(&mut self, refused: &Batch) {
        self.settled.extend(refused.settled.iter().cloned());
        self.unsent.extend(refused.unsent.iter().cloned());
        self.slowed.extend(refused.slowed.iter().cloned());
        self.lines_up |= refused.lines_up;
        self.write_by(Instant::now());
    }

    /// Takes out what one transaction writes.
    pub(super) fn take(&mut self) -> Batch {
        let rest = self.settled.split_off(self.settled.len().min(MAX));
        let due = if rest.is_empty() { None } else { self.due };
        std::mem::replace(self, Batch { settled: rest, due, ..Batch::default() })
    }

    /// When it is to be written; `None` while there is nothing.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    fn write_by(&mut self, at: Instant) {
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }
}
