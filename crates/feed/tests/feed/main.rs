//! The feed through the front door, on every engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::needless_pass_by_value, reason = "reads well with json! at the call")]

mod comments;
mod posts;
mod rights;
