//! Calls that came in two steps: a link was given, and a content was sent to it.

use std::net::IpAddr;

use engine::files::Uploads;
use engine::files::ticket::{self, Ticket};
use engine::{Moment, Result};
use store::Tx;
use webhooks::calls::Seen;
use webhooks::hooks::CallOrigin;
use wire::fault;

use super::admit::webhook;
use super::own::{active_user, own_caller};
use super::{Ask, Runner, Runs};
use crate::request::Done;

impl Runner {
    /// The ticket of a link to which a content may be sent.
    pub fn open_ticket(
        &self,
        tx: &mut Tx<'_>,
        token: &str,
        from: (IpAddr, Moment),
        seen: &Seen,
    ) -> Result<Ticket> {
        let shared = self.current(tx)?;
        seen.comes_in(shared.meta.era);
        let origin = CallOrigin { address: from.0, now: shared.meta.clock.at(from.1) };
        let ticket = ticket::open(tx, &self.core.keys, token, origin.now)?;
        let method = self.core.modules.find(&ticket.method).ok_or(fault::METHOD_NOT_FOUND)?;
        match self.admit_again(tx, method, &ticket, &shared, origin)? {
            Some(admitted) => seen.recognised(webhook(&admitted.caller)),
            None => drop(active_user(tx, ticket.user_id)?),
        }
        Ok(ticket)
    }

    /// Performs the call of a ticket, whose content is among the uploads.
    pub fn run_ticket(
        &self,
        tx: &mut Tx<'_>,
        ticket: &Ticket,
        (address, received): (IpAddr, Moment),
        runs: &Runs,
        uploads: &Uploads,
    ) -> Result<Done> {
        let shared = self.current(tx)?;
        let method = self.core.modules.find(&ticket.method).ok_or(fault::METHOD_NOT_FOUND)?;
        let now = shared.meta.clock.at(received);
        ticket::take(tx, ticket)?;
        let ask = Ask { address: Some(address), ..Ask::new(ticket.params.clone(), now) };
        let origin = CallOrigin { address, now };
        if let Some(admitted) = self.admit_again(tx, method, ticket, &shared, origin)? {
            return self.run_admitted(tx, method, ask, &admitted.caller, shared, (runs, uploads));
        }
        let user = active_user(tx, ticket.user_id)?;
        let caller = own_caller(user.id, user.is_admin, user.zone(&shared.settings.zone));
        self.run_as(tx, shared, &caller, method, ask, uploads)
    }
}
