//! The one place that asks the clock.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use portal::clock::Now;
use portal::{Core, Moment};

/// The latest moment that the machine's clock showed to anybody since a [`Watch`] looked.
static LATEST: AtomicI64 = AtomicI64::new(i64::MIN);

/// The portal's time. An operator may have shifted it: see [`portal::clock`].
pub fn now(core: &Core) -> Moment {
    core.clock().at(machine())
}

/// The time on both clocks.
pub fn both(core: &Core) -> Now {
    core.clock().now(machine())
}

/// The time of the machine: when a request came, for a transaction that knows the shift, and what programs elsewhere
/// compare with clocks of their own.
pub fn machine() -> Moment {
    // A clock before 1970 or after the year 294247 is broken beyond what we could make good.
    let since = system().duration_since(UNIX_EPOCH).unwrap_or_default();
    let shown = i64::try_from(since.as_micros()).unwrap_or(i64::MAX);
    LATEST.fetch_max(shown, Relaxed);
    Moment(shown)
}

/// A clock that nobody sets, for what this process alone waits for: the machine's, as it goes on from when it was first asked.
pub fn steady() -> Moment {
    static BEGUN: OnceLock<(Moment, Instant)> = OnceLock::new();
    let (begun, at) = BEGUN.get_or_init(|| (machine(), Instant::now()));
    Moment(begun.0.saturating_add(i64::try_from(at.elapsed().as_micros()).unwrap_or(i64::MAX)))
}

/// The same for libraries.
pub fn system() -> SystemTime {
    SystemTime::now()
}

/// Notices when somebody sets the machine's clock. There is one in a process.
pub struct Watch {
    shown: Moment,
    at: Instant,
}

impl Watch {
    /// One that looks from now on.
    pub fn new() -> Watch {
        Watch { shown: machine(), at: Instant::now() }
    }

    /// The latest moment that the clock showed to anybody since the last look, if it was set since then; `None` when it was not, or
    /// by less than a few seconds, as it is when it is kept in time. A clock that was ahead for an instant is noticed when
    /// anybody asked it then: nobody else can have noted a time that lies ahead.
    pub fn look(&mut self) -> Option<Moment> {
        const FEW: u64 = 5_000_000;
        let latest = LATEST.swap(i64::MIN, Relaxed);
        let passed = i64::try_from(self.at.elapsed().as_micros()).unwrap_or(i64::MAX);
        let expected = self.shown.0.saturating_add(passed);
        *self = Watch::new();
        let latest = latest.max(self.shown.0);
        let was_set = |shown: i64| shown.abs_diff(expected) > FEW;
        (was_set(self.shown.0) || was_set(latest)).then_some(Moment(latest))
    }
}
