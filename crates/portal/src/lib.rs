//! The portal: all modules together, and one call from its request to its outcome. It has no runtime, no HTTP, and no
//! clock but the one that each request brings.
//!
//! What programs around it need of the crates below is named here, so that they depend on this one alone.

pub mod clone;
pub mod demo;
pub mod describe;
pub mod idempotent;
pub mod system;

mod force;
mod gathered;
mod lane;
mod modules;
mod portal;
mod prepare;
mod request;
mod rest3;
mod run;
mod snapshots;
mod turn;

pub use engine::{
    Core, Error, Moment, Result, Shared, access, audit, call, clock, copy, entity, error, event,
    event_fields, files, guard, keys, limits, meta, method, moment, noun, outbox, page, scopes, seen,
    settings, state, texts, timetable,
};
pub use modules::{locale, modules};
pub use people::{department, user};
pub use portal::{Portal, writes};
pub use prepare::lacking;
pub use request::{Basis, Done, OwnRequest, Performed, Request};
pub use run::Runner;
pub use snapshots::{Snapshot, SnapshotName};
pub use webhooks::{calls, faults, hooks, integration, outbound, usage};
