//! Mail through the front door.

#![allow(clippy::unwrap_used)]

mod making;
mod messages;
mod services;
