//! The log of calls: every call that came through the door, refused ones too, for people who look for a fault and for tests
//! that assert what was called.
//!
//! Calls [gather](Calls) in memory and are [written](flush) a few times a second, without waiting for the disk: a crash may
//! lose the last of them, and so may a rush of more than [`Calls::MOST`] between two writes, which is counted. Parameters are
//! [shown](shown) with secrets masked and long values cut; answers are not kept.

mod advice;
mod find;
mod gather;
mod keep;
mod shown;

pub use advice::advice;
pub use find::{Filter, Found, Page, one, search};
pub use gather::{Calls, Seen};
pub use keep::{clear, flush, sweep};
pub use shown::shown;

use std::net::IpAddr;

use engine::moment::Moment;

/// A call in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it came, on the portal's clock.
    pub at: Moment,
    /// Microseconds until it was answered.
    pub took: i64,
    /// The webhook; `None` where it was not recognised.
    pub webhook: Option<Webhook>,
    /// Where it came from.
    pub address: IpAddr,
    /// The version of the protocol, 2 or 3.
    pub version: i64,
    /// The method as it was written; empty where the path names none.
    pub method: String,
    /// The parameters as JSON, as [`shown`] gives them.
    pub params: String,
    /// The HTTP status of the answer.
    pub status: u16,
    /// Code and words of a refusal.
    pub refusal: Option<(String, String)>,
    /// Of a batch: the names of the commands that failed, with their codes, as a JSON object; or else empty.
    pub failed: String,
    /// Bytes of the answer.
    pub size: i64,
    /// The deliveries that it caused.
    pub deliveries: Vec<i64>,
    /// The fault rule that hit it.
    pub rule: Option<i64>,
}

/// The webhook by which a call came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// The inbound webhook.
    pub hook_id: i64,
    /// Its integration.
    pub integration_id: i64,
    /// The user as whom it acts.
    pub user_id: i64,
}
