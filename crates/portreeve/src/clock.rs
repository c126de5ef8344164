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

/// Notices when somebody sets the machine's clock.
pub struct Watch {
    shown: Moment,
    at: Instant,
}

impl Watch {
    /// One that looks from now on.
    pub fn new() -> Watch {
        Watch { shown: machine(), at: Instant::now() }
    }

    /// By how many microseconds it was set forward since the last look, or back if negative; 0 when it was not, or by less than a
    /// few seconds, as it is when it is kept in time.
    pub fn jump(&mut self) -> i64 {
        const FEW: u64 = 5_000_000;
        let passed = i64::try_from(self.at.elapsed().as_micros()).unwrap_or(i64::MAX);
        let jump = machine().0.saturating_sub(self.shown.0.saturating_add(passed));
        *self = Watch::new();
        if jump.unsigned_abs() > FEW { jump } else { 0 }
    }
}
