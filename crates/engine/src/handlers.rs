//! Handlers that a module has events posted to, as a bot has its own. What is raised at one ([`Call::raise_at`]) is delivered like
//! everything else: signed, retried and listed in the console. The crate `webhooks` keeps them.

use std::fmt::Debug;

use crate::call::Call;
use crate::error::Result;

/// A handler to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewHandler<'a> {
    /// The user to whom it belongs, who sees it in the console.
    pub owner: i64,
    /// Its name there.
    pub title: &'a str,
    /// The address that events are posted to.
    pub url: &'a str,
    /// By which the handler knows us; sent as `auth[application_token]`.
    pub token: &'a str,
    /// The events that may be raised at it.
    pub events: &'a [&'a str],
}

/// What tells handlers of events.
pub trait Handlers: Sync + Debug {
    /// Makes a handler, and gives its number.
    ///
    /// # Errors
    /// A refusal to be read by a person: of an address that the guard refuses, and without an active licence.
    fn open(&self, call: &mut Call<'_, '_>, new: &NewHandler<'_>) -> Result<i64>;

    /// Gives it another token. What waits is sent with it.
    ///
    /// # Errors
    /// Those of the store.
    fn renew(&self, call: &mut Call<'_, '_>, id: i64, token: &str) -> Result<()>;

    /// Removes it, as soon as everything that was raised at it is delivered or given up.
    ///
    /// # Errors
    /// Those of the store.
    fn close(&self, call: &mut Call<'_, '_>, id: i64) -> Result<()>;
}
