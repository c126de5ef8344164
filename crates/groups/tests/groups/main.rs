//! Workgroups through the front door, on every engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod chat;
mod dismissed;
mod gone;
mod groups;
mod rights;
