//! Working time through the front door, on every engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod days;
mod records;
mod reports;

/// Scopes of the webhooks.
pub const SCOPES: &str = "timeman,user,department";
