//! Inbound webhooks: a secret with which a person lets a program act as that person, within scopes.

mod admit;
mod manage;
mod secret;
mod usage;

pub use admit::{Admitted, admit};
pub use manage::{Hook, NewHook, create, find, list, regenerate, reveal, revoke};
pub use secret::Secret;
pub use usage::{Usage, flush};
