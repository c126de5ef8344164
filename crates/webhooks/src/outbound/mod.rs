//! Outbound webhooks (protocol 9): who listens to which event, and what is on its way to them.
//!
//! A change [raises](raise) an event in its own transaction: one [delivery](queue) for each webhook that
//! listens. The courier, outside of this crate, leases deliveries, sends them and has them settled.

pub mod alert;
pub mod figures;
pub mod find;
pub mod forward;
pub mod handler;
pub mod handover;
pub mod headers;
pub mod hop;
pub mod limits;
pub mod listen;
pub mod log;
pub mod manage;
pub mod offline;
pub mod only;
pub mod overlap;
pub mod pace;
pub mod payload;
pub mod pickup;
pub mod policy;
pub mod queue;
pub mod raise;
pub mod sign;
pub mod trial;

pub use handler::{Handler, Handlers, Secrets};
pub use handover::Handover;
pub use payload::Auth;
pub use raise::{Raised, enqueue};
