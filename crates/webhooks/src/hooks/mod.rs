//! Inbound webhooks: a secret with which a person lets a program act as that person, within scopes.

mod admit;
pub mod manage;
mod secret;
mod usage;

pub use admit::{Admissions, Admitted, CallOrigin, admit, admit_again};
pub use manage::{Hook, Input};
pub use secret::Secret;
pub use usage::{Usage, flush};
