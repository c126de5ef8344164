//! How much the portal is used, for its statistics (protocol 11.8): calls by method, and deliveries by event, of every
//! integration and every hour.
//!
//! A call counts once it passed admission, whatever came of it; a batch is one call. A delivery counts when it
//! arrived or was given up. Counts [gather](Counts) in memory and are [written](flush) every few seconds and at
//! the stop; a crash may lose the last few. Nodes add to the same rows. They are kept for [`KEPT`] days.

mod find;
mod gather;
mod keep;

pub use find::{Hours, Named, Search, Series, Sums, last_day, names, series, titles};
pub use gather::{Counted, Counts};
pub use keep::{Swept, flush, sweep};

use engine::moment::Moment;

/// Days for which counts are kept (protocol 11.8).
pub const KEPT: i64 = 60;

/// The integration under which all are counted together.
const ALL: i64 = 0;
/// The name under which all of a kind are counted together: what most statistics read, without summing up names.
const ANY_NAME: &str = "";

/// The kind of thing that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Calls, those that failed among them
    Call,
    /// Calls that failed
    CallFailed,
    /// Deliveries that arrived
    Delivered,
    /// Deliveries that were given up
    GivenUp,
}

impl Kind {
    const ALL: [Kind; 4] = [Kind::Call, Kind::CallFailed, Kind::Delivered, Kind::GivenUp];

    fn code(self) -> i64 {
        self as i64
    }

    fn of(code: i64) -> Option<Self> {
        usize::try_from(code).ok().and_then(|code| Kind::ALL.get(code).copied())
    }

    /// Under which kind an integration is ranked by it.
    fn rank(self) -> Option<Kind> {
        match self {
            Kind::Call => Some(Kind::Call),
            Kind::CallFailed => None,
            Kind::Delivered | Kind::GivenUp => Some(Kind::Delivered),
        }
    }
}

/// An hour, counted since 1970, UTC.
pub fn hour(at: Moment) -> i64 {
    at.seconds().div_euclid(3600)
}
