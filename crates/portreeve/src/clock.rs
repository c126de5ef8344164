//! The one place that asks the clock.

use std::time::{SystemTime, UNIX_EPOCH};

use portal::Moment;

/// The moment it is.
pub fn now() -> Moment {
    // A clock before 1970 or after the year 294247 is broken beyond what we could make good.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
