//! Outbound webhooks (protocol 9): who listens to which event, and what is on its way to them.
//!
//! A change [raises](raise) an event in its own transaction: one [delivery](queue) for each webhook that
//! listens. The courier, outside of this crate, leases deliveries, sends them and has them settled.

pub mod event;
pub mod guard;
pub mod handler;
pub mod handover;
pub mod hop;
pub mod listen;
pub mod log;
pub mod manage;
pub mod payload;
pub mod policy;
pub mod queue;
pub mod raise;
pub mod sign;
pub mod trial;

use store::Tx;

pub use event::{Event, event};
pub use handler::{Handler, Handlers, Secrets};
pub use handover::Handover;
pub use payload::Auth;
pub use raise::{Happening, Notice, Raised, enqueue, raise};

use crate::error::Result;
use crate::keys;
use crate::state;

/// The name under which the portal's `member_id` is kept.
const MEMBER_ID: &str = "member_id";

/// The portal's `member_id`.
pub(crate) fn member_id(tx: &mut Tx<'_>) -> Result<String> {
    Ok(state::get(tx, MEMBER_ID)?.map(String::from).unwrap_or_default())
}

/// Gives the portal its `member_id`, once for good.
pub(crate) fn plant(tx: &mut Tx<'_>) -> Result<()> {
    if state::get(tx, MEMBER_ID)?.is_none() {
        state::set(tx, MEMBER_ID, &keys::hex(&keys::random::<16>()))?;
    }
    Ok(())
}
