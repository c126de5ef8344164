//! The one place that asks the clock.

use std::time::{SystemTime, UNIX_EPOCH};

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
