//! Calls without a webhook: those of people in the console, and what the portal does by itself.

use std::time::Instant;

use engine::call::Caller;
use engine::files::Uploads;
use engine::limits::Operating;
use engine::method::{Method, Reply};
use engine::timetable::Act;
use engine::{Moment, Result, Shared, seen};
use jiff::tz::TimeZone;
use people::user::{self, User};
use store::Tx;
use wire::params::Start;
use wire::{Map, Value, fault};

use super::{Ask, Runner};
use crate::request::{Basis, Done, OwnRequest};

impl Runner {
    /// One call of a signed-in person within its transaction.
    pub fn run_own(
        &self,
        tx: &mut Tx<'_>,
        method: &'static Method,
        request: &OwnRequest,
        start: Option<Start>,
        uploads: &Uploads,
    ) -> Result<Done> {
        let user = active_user(tx, request.user_id)?;
        let shared = self.current(tx)?;
        let caller = own_caller(user.id, user.is_admin, user.zone(&shared.settings.zone));
        let now = shared.meta.clock.at(request.received);
        let (address, language) = (Some(request.address), Some(request.language));
        let ask = |params: &Map, start| Ask { address, start, language, ..Ask::new(params.clone(), now) };
        if let Some(Basis { method, params, seen }) = &request.basis {
            let method = self.core.modules.find(method).ok_or(fault::METHOD_NOT_FOUND)?;
            let (reply, _) = self.perform(tx, shared.clone(), &caller, method, ask(params, None), uploads)?;
            check_basis(tx, seen, reply.result, user.id)?;
        }
        self.run_as(tx, shared, &caller, method, ask(&request.params, start), uploads)
    }

    /// One call of a person, which counts for no webhook.
    pub(super) fn run_as(
        &self,
        tx: &mut Tx<'_>,
        shared: Shared,
        caller: &Caller,
        method: &'static Method,
        ask: Ask<'_>,
        uploads: &Uploads,
    ) -> Result<Done> {
        let (began, operating) = (Instant::now(), Operating::unused(ask.now));
        let (reply, raised) = self.perform(tx, shared, caller, method, ask, uploads)?;
        Ok(Done {
            user_id: caller.user_id,
            reply,
            processing: began.elapsed().as_micros() as i64,
            operating,
            metered: false,
            raised,
            once: None,
        })
    }

    /// Performs a method for a user within a transaction that goes on.
    pub fn perform_for(
        &self,
        tx: &mut Tx<'_>,
        user: &User,
        method: &'static Method,
        params: Map,
        now: Moment,
    ) -> Result<Reply> {
        self.perform_in(tx, (user.id, user.is_admin), |zone| user.zone(zone), method, params, now)
    }

    /// Performs a method as a user in the time zone that follows from that of the portal.
    fn perform_in(
        &self,
        tx: &mut Tx<'_>,
        (user_id, is_admin): (i64, bool),
        zone: impl FnOnce(&TimeZone) -> TimeZone,
        method: &'static Method,
        params: Map,
        now: Moment,
    ) -> Result<Reply> {
        let shared = self.current(tx)?;
        let caller = own_caller(user_id, is_admin, zone(&shared.settings.zone));
        Ok(self.perform(tx, shared, &caller, method, Ask::new(params, now), &Uploads::at_once())?.0)
    }
}

/// What the portal does by itself.
impl Act for Runner {
    fn act_as(
        &self,
        tx: &mut Tx<'_>,
        user: (i64, bool),
        method: &str,
        params: Map,
        now: Moment,
    ) -> Result<Reply> {
        let method = self.core.modules.find(method).ok_or(fault::METHOD_NOT_FOUND)?;
        self.perform_as(tx, user, method, params, now)
    }

    fn perform_as(
        &self,
        tx: &mut Tx<'_>,
        user: (i64, bool),
        method: &'static Method,
        params: Map,
        now: Moment,
    ) -> Result<Reply> {
        self.perform_in(tx, user, TimeZone::clone, method, params, now)
    }
}

/// Refuses what would overwrite a change that somebody made since.
fn check_basis(tx: &mut Tx<'_>, seen: &Map, now: Value, asker: i64) -> Result<()> {
    let now = match now {
        Value::List(list) => list.into_iter().next().unwrap_or_default(),
        Value::Map(mut answer) if matches!(answer.get("item"), Some(Value::Map(_))) => {
            answer.remove("item").unwrap_or_default()
        }
        other => other,
    };
    let now = now.into_map().unwrap_or_default();
    let Some(name) = seen::differing(seen, &now) else { return Ok(()) };
    let by = ["MODIFY_BY_ID", "updatedBy"].iter().find_map(|name| now.get(name).and_then(Value::as_int));
    Err(seen::changed(tx, by, asker)?.with("argument", name).into())
}

/// A user who was not dismissed.
pub(super) fn active_user(tx: &mut Tx<'_>, id: i64) -> Result<User> {
    Ok(user::find(tx, id)?.filter(|user| user.active).ok_or(fault::NO_AUTH_FOUND)?)
}

/// Somebody who calls without a webhook, in every scope.
pub(super) fn own_caller(user_id: i64, is_admin: bool, zone: TimeZone) -> Caller {
    let scopes =
        crate::modules().scopes().iter().map(|scope| scope.code).collect::<Vec<_>>().join(",").into();
    Caller { hook_id: 0, integration_id: 0, read_only: false, scopes, user_id, is_admin, zone }
}
