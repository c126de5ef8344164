//! The one place that asks the clock.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use portal::clock::Now;
use portal::{Core, Moment};

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
    Moment(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// The same for libraries.
pub fn system() -> SystemTime {
    SystemTime::now()
}

/// Notices when somebody sets the machine's clock back.
pub struct Watch {
    shown: Moment,
    at: Instant,
}

impl Watch {
    /// One that looks from now on.
    pub fn new() -> Watch {
        Watch { shown: machine(), at: Instant::now() }
    }

    /// By how many microseconds it went back since the last look; 0 when it did not, or by less than a few seconds, as it does
    /// when it is kept in time.
    pub fn back(&mut self) -> i64 {
        const FEW: i64 = 5_000_000;
        let passed = i64::try_from(self.at.elapsed().as_micros()).unwrap_or(i64::MAX);
        let back = self.shown.0.saturating_add(passed).saturating_sub(machine().0);
        *self = Watch::new();
        if back > FEW { back } else { 0 }
    }
}
