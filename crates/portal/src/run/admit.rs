//! Who is let in: the credentials of a call, and what a webhook reaches.

use std::sync::Arc;

use engine::call::Caller;
use engine::files::ticket::Ticket;
use engine::method::Method;
use engine::{Result, Shared};
use store::Tx;
use webhooks::calls::{Seen, Webhook};
use webhooks::hooks::{self, Admitted, CallOrigin, Secret};
use wire::{Text, fault};

use super::Runner;

impl Runner {
    /// Whether a method may be called with these credentials (protocol 3.2), or without one anything at all, and by whom.
    pub fn admit(
        &self,
        tx: &mut Tx<'_>,
        method: Option<&Method>,
        (credentials, seen): (Option<&(Text, Secret)>, &Seen),
        shared: &Shared,
        origin: CallOrigin,
    ) -> Result<Arc<Admitted>> {
        let (user, secret) = credentials.ok_or(fault::NO_AUTH_FOUND)?;
        let admitted = hooks::admit(tx, &self.core.keys, shared, (user, secret), origin)?;
        seen.recognised(webhook(&admitted.caller));
        match method {
            Some(method) => reaching(admitted, method, shared),
            None => calling(admitted, shared),
        }
    }

    /// Whether the call of a ticket may still be performed, and by whom; `None` for a person in the console.
    pub(super) fn admit_again(
        &self,
        tx: &mut Tx<'_>,
        method: &Method,
        ticket: &Ticket,
        shared: &Shared,
        origin: CallOrigin,
    ) -> Result<Option<Arc<Admitted>>> {
        if ticket.hook_id == 0 {
            return Ok(None);
        }
        let admitted = hooks::admit_again(tx, shared, (ticket.user_id, ticket.hook_id), origin)?;
        reaching(admitted, method, shared).map(Some)
    }
}

/// The webhook that calls.
pub(super) fn webhook(caller: &Caller) -> Webhook {
    let Caller { hook_id, integration_id, user_id, .. } = *caller;
    Webhook { hook_id, integration_id, user_id }
}

/// A webhook that reaches a method of a portal where REST is to be had.
fn reaching(admitted: Arc<Admitted>, method: &Method, shared: &Shared) -> Result<Arc<Admitted>> {
    if !admitted.caller.reaches(method) {
        return Err(fault::INSUFFICIENT_SCOPE.into());
    }
    calling(admitted, shared)
}

/// A webhook of somebody who works here, on a portal where REST is to be had.
fn calling(admitted: Arc<Admitted>, shared: &Shared) -> Result<Arc<Admitted>> {
    if !shared.settings.rest_available() {
        return Err(fault::NO_SUBSCRIPTION.into());
    }
    if !admitted.owner_active {
        return Err(fault::AUTHORIZATION_ERROR.into());
    }
    Ok(admitted)
}
