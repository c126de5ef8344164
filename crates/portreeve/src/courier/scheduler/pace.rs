//! How much a handler takes that says it is busy: its room is cut by a third and grows again by one when all of it was
//! used with success. When even one request at a time is too many, pauses come between them, twice as long each time.

use portal::Moment;

/// The pauses of a handler that is busy with one request at a time, in microseconds.
const SHORTEST: i64 = 100_000;
const LONGEST: i64 = 60_000_000;
/// Microseconds after which a handler that was not busy any more is taken for one that never was.
const FORGOTTEN: u64 = 60_000_000;

/// The pace of a handler.
#[derive(Default)]
pub(super) struct Pace {
    /// When it was busy last.
    busy: Option<Moment>,
    /// Successes since the room grew.
    taken: usize,
    /// Requests that are still under way from before the last cut: that they are too many is known already.
    stale: usize,
    /// The last pause, in microseconds.
    pause: i64,
}

impl Pace {
    /// Takes note that a request has ended, before it is said how. Whether it is of before the last cut.
    pub(super) fn end(&mut self) -> bool {
        let is_stale = self.stale > 0;
        self.stale = self.stale.saturating_sub(1);
        is_stale
    }

    /// Whether it was busy lately.
    pub(super) fn is_busy(&self, now: Moment) -> bool {
        self.busy.is_some_and(|at| now.0.abs_diff(at.0) < FORGOTTEN)
    }

    /// The room after a success.
    pub(super) fn taken(&mut self, room: usize, now: Moment) -> usize {
        self.busy = self.busy.filter(|at| now.0.abs_diff(at.0) < FORGOTTEN);
        self.pause /= 2;
        if self.busy.is_some() && self.taken + 1 < room {
            self.taken += 1;
            return room;
        }
        self.taken = 0;
        room + 1
    }

    /// The room of a handler that is busy while so many other requests to it are under way, and until when to pause.
    pub(super) fn busy(&mut self, room: usize, others: usize, now: Moment) -> (usize, Option<Moment>) {
        self.busy = Some(now);
        self.taken = 0;
        self.stale = others;
        if room > 1 {
            return (room * 2 / 3, None);
        }
        self.pause = (self.pause * 2).clamp(SHORTEST, LONGEST);
        (1, Some(Moment(now.0.saturating_add(self.pause))))
    }
}
