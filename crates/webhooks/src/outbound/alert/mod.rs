//! Telling people that handlers fail, and when they are well again. The courier's worker [looks](look) now and then; what
//! was told stands beside the webhook and is changed on a condition, so that of several nodes one tells it, and a
//! restart tells nothing twice.

mod look;
mod problem;
mod stage;
mod trouble;
mod words;

use engine::directory::whole_name;

pub use look::{Trial, is_due, look, trial};
pub use problem::{Problem, of as problems};
pub(crate) use problem::{forget, note};
pub use stage::Stage;
pub use trouble::{Trouble, troubles};
pub use words::{sayings, secret};

/// What is told.
#[derive(Clone, Debug)]
pub struct Alert {
    /// What happened.
    pub stage: Stage,
    /// The webhook's number; 0 in a test.
    pub outbound_id: i64,
    /// Its integration.
    pub integration_id: i64,
    /// The integration's name.
    pub name: String,
    /// Who owns it; the number is 0 in a test.
    pub owner: Owner,
    /// Since when the handler fails, Unix seconds.
    pub since: Option<i64>,
    /// Why the webhook was switched off.
    pub because: Option<String>,
    /// When it will be switched off, Unix seconds.
    pub off_at: Option<i64>,
    /// Why the handler fails.
    pub problems: Vec<Problem>,
    /// How many events wait, up to [`MAX_COUNTED`].
    pub waiting: i64,
}

/// Waiting events are counted up to here.
pub const MAX_COUNTED: i64 = 10_000;

/// Whose webhook it is.
#[derive(Clone, Debug, Default)]
pub struct Owner {
    /// The number.
    pub id: i64,
    /// The whole name.
    pub name: String,
    /// Where e-mails go to; `None` for who does not work here any more.
    pub email: Option<String>,
}

impl Owner {
    fn new(id: i64, name: &str, last_name: &str, email: &str, active: bool) -> Self {
        let email_to = active.then(|| email.to_owned());
        Owner { id, name: whole_name(name, last_name, email), email: email_to }
    }
}
