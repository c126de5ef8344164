//! Performing a method: what it answers, what it raised, and whether it was performed before.

use std::cell::Cell;
use std::sync::Arc;

use engine::call::{ANSWER, Call, Caller, ENVELOPE, Owed};
use engine::error::answer_too_large;
use engine::files::Uploads;
use engine::method::{Method, Reply};
use engine::{Error, Result, Shared};
use store::Tx;
use webhooks::outbound::{Raised, enqueue};
use wire::params::Start;

use super::{Ask, Runner};
use crate::idempotent::Keyed;
use crate::request::Performed;

impl Runner {
    /// Performs what came under a key, only if it was not performed before.
    pub(super) fn perform_once(
        &self,
        tx: &mut Tx<'_>,
        shared: Shared,
        caller: &Caller,
        method: &'static Method,
        (ask, keyed): (Ask<'_>, &Keyed),
        uploads: &Uploads,
    ) -> Result<(Reply, Raised, Option<Performed>)> {
        let (once, key) = (keyed.of(caller.hook_id, caller.user_id), keyed.key.clone());
        if let Some(reply) = once.begin(tx, ask.now)? {
            return Ok((reply, Raised::default(), Some(Performed { key, before: true })));
        }
        let (reply, raised) = self.perform(tx, shared, caller, method, ask, uploads)?;
        match reply.fault {
            None => once.end(tx, &reply)?,
            Some(_) => once.forget(tx)?,
        }
        Ok((reply, raised, Some(Performed { key, before: false })))
    }

    /// Runs a method as somebody who was let in. Gives also what it raised.
    pub(super) fn perform(
        &self,
        tx: &mut Tx<'_>,
        shared: Shared,
        caller: &Caller,
        method: &'static Method,
        ask: Ask<'_>,
        uploads: &Uploads,
    ) -> Result<(Reply, Raised)> {
        let ruled = ask.seen.map(|seen| (seen, Arc::clone(&shared.meta)));
        let (commands, now) = (Cell::new(0), ask.now);
        let forces = |method: &'static Method| {
            let (seen, meta) = ruled.as_ref()?;
            let at = commands.replace(commands.get() + 1);
            self.force(meta, seen, (caller.integration_id, &method.name, at), now)
        };
        let mut call = Call {
            tx,
            core: &self.core,
            meta: shared.meta,
            language: self.core.locale(ask.language.unwrap_or(shared.settings.language)),
            settings: shared.settings,
            caller,
            method,
            params: ask.params,
            start: ask.start.unwrap_or(Start::At(0)),
            address: ask.address,
            now: ask.now,
            total: None,
            next: None,
            sends: None,
            fault: None,
            in_batch: false,
            hop: ask.hop,
            owed: Owed::default(),
            uploads,
            room: ANSWER,
            forces: ruled.is_some().then_some(&forces),
        };
        let reply = call.run()?;
        if uploads.is_wanting() {
            // A batch, which does not end with a command.
            return Err(Error::Upload);
        }
        if reply.result.weight() > ANSWER + ENVELOPE {
            return Err(answer_too_large().into());
        }
        let notices = call.settle()?;
        let raised = enqueue(call.tx, &call.settings, &notices, Some(&self.handover), call.now)?;
        Ok((reply, raised))
    }
}
