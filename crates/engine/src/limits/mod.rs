//! Rate limits: the leaky bucket by source address and the operating time by webhook and method
//! (protocol 10). Off by default. Where a portal may have several nodes they are counted in its database, otherwise in memory.

mod buckets;
mod operating;

use store::{Migration, Tx};

use crate::error::Result;
use crate::moment::Moment;

pub use buckets::{Buckets, Shared};
pub use operating::{Operating, OperatingTimes, record_for_all, used_by_all};

/// The tables in which nodes count together.
pub const MIGRATIONS: &[Migration] =
    &[Migration { version: 1, name: "limits", sql: include_str!("limits.sql") }];

/// Forgets what nodes have counted together.
///
/// # Errors
/// Those of the store.
pub fn forget(tx: &mut Tx<'_>) -> Result<()> {
    tx.execute("DELETE FROM limit_bucket", &[])?;
    tx.execute("DELETE FROM limit_time", &[])?;
    Ok(())
}

/// Removes what counts no more. Buckets are filled by the portal's clock or by the machine's, and windows kept by the portal's.
///
/// # Errors
/// Those of the store.
pub fn sweep(tx: &mut Tx<'_>, portal: Moment, machine: Moment) -> Result<()> {
    // By a clock that was set back since, they may be dry far ahead.
    let (first, last) = (portal.min(machine).0, portal.max(machine).0 + buckets::LONGEST);
    tx.execute("DELETE FROM limit_bucket WHERE dry < ? OR dry > ?", &[first.into(), last.into()])?;
    operating::sweep(tx, portal)
}

/// Which limits hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Requests by source address.
    pub bucket: Option<Bucket>,
    /// Seconds that a method of one webhook may run within ten minutes.
    pub operating: Option<f64>,
}

/// A leaky bucket: holds `capacity` requests and loses `drain` of them a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// Requests that fit.
    pub capacity: f64,
    /// Requests a second that flow off.
    pub drain: f64,
}

impl Limits {
    /// None.
    pub fn off() -> Self {
        Limits { bucket: None, operating: None }
    }

    /// The figures of the Bitrix24 cloud on its common plans (protocol 10.1 and 10.2).
    pub fn bitrix24() -> Self {
        Limits { bucket: Some(Bucket { capacity: 50.0, drain: 2.0 }), operating: Some(480.0) }
    }

    /// The code of the limits: `off`, `bitrix24`, or `own` for any others.
    pub fn code(&self) -> &'static str {
        if *self == Self::off() {
            "off"
        } else if *self == Self::bitrix24() {
            "bitrix24"
        } else {
            "own"
        }
    }
}
