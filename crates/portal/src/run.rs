//! One call within its transaction: admission, the limits, the method, and what is written at the end.

use std::cell::Cell;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Instant;

use engine::call::{ANSWER, Call, Caller, ENVELOPE, Owed};
use engine::error::answer_too_large;
use engine::files::Uploads;
use engine::files::ticket::{self, Ticket};
use engine::limits::{Buckets, Operating, OperatingTimes};
use engine::method::{Method, Reply};
use engine::scopes::SCOPES;
use engine::texts::Language;
use engine::timetable::Act;
use engine::{Core, Error, Moment, Result, Shared, seen};
use jiff::tz::TimeZone;
use parking_lot::RwLock;
use people::user::{self, User};
use store::Tx;
use webhooks::calls::{Calls, Seen, Webhook};
use webhooks::faults::{Faults, Tally};
use webhooks::hooks::{self, Admitted, CallOrigin, Secret, Usage};
use webhooks::outbound::{Handover, Raised, enqueue};
use webhooks::usage::{Counts, Kind};
use wire::params::Start;
use wire::{Map, Text, Value, fault};

use crate::idempotent::Keyed;
use crate::portal::{Basis, Done, OwnRequest, Performed, Request};

/// Runs calls.
pub struct Runner {
    pub core: Arc<Core>,
    /// Stamps of last use that are not written yet.
    pub usage: Usage,
    /// Counts for the statistics that are not written yet.
    pub counts: Counts,
    /// Calls for the log that are not written yet.
    pub calls: Calls,
    /// Deliveries that the courier takes at once.
    pub handover: Arc<Handover>,
    pub buckets: Buckets,
    operating: OperatingTimes,
    /// What fault rules have counted.
    pub faults: Tally,
    /// The era of what is kept here.
    pub era: RwLock<i64>,
}

/// What belongs to one call, however often it runs.
#[derive(Default)]
pub struct Runs {
    /// The key under which it is performed once.
    keyed: Option<Keyed>,
    /// Whether one has begun to answer it.
    begun: AtomicBool,
    /// Whether it was counted for the statistics.
    counted: AtomicBool,
}

impl Runs {
    /// Those of a call that may have come under a key.
    pub fn under(keyed: Option<Keyed>) -> Self {
        Runs { keyed, ..Runs::default() }
    }
}

/// A request to a method.
struct Ask<'a> {
    address: Option<IpAddr>,
    params: Map,
    start: Option<Start>,
    now: Moment,
    hop: u8,
    /// The language of the answer where it is not the portal's.
    language: Option<Language>,
    /// What is learned of a call that fault rules are asked about.
    seen: Option<&'a Seen>,
}

impl Ask<'_> {
    /// What the portal asks by itself.
    fn new(params: Map, now: Moment) -> Self {
        Ask { address: None, params, start: None, now, hop: 0, language: None, seen: None }
    }
}

impl Runner {
    pub fn new(core: Arc<Core>) -> Self {
        let era = RwLock::new(core.shared().meta.era);
        Runner {
            core,
            era,
            usage: Usage::default(),
            counts: Counts::default(),
            calls: Calls::default(),
            handover: Arc::default(),
            buckets: Buckets::default(),
            operating: OperatingTimes::default(),
            faults: Tally::default(),
        }
    }

    /// What this transaction sees. In a new era it forgets what it has counted and gathered.
    pub fn current(&self, tx: &mut Tx<'_>) -> Result<Shared> {
        let shared = self.core.current(tx)?;
        if *self.era.read() < shared.meta.era {
            let mut era = self.era.write();
            if *era < shared.meta.era {
                *era = shared.meta.era;
                drop((self.usage.take(), self.counts.take(), self.calls.take()));
                self.buckets.clear();
                self.operating.clear();
                self.faults.clear();
            }
        }
        Ok(shared)
    }

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
        let Caller { hook_id, integration_id, user_id, .. } = admitted.caller;
        seen.recognised(Webhook { hook_id, integration_id, user_id });
        match method {
            Some(method) => reaching(admitted, method, shared),
            None => calling(admitted, shared),
        }
    }

    /// Whether the call of a ticket may still be performed, and by whom; `None` for a person in the console.
    fn admit_again(
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

    /// The ticket of a link to which a content may be sent.
    pub fn open_ticket(&self, tx: &mut Tx<'_>, token: &str, from: (IpAddr, Moment)) -> Result<Ticket> {
        let shared = self.current(tx)?;
        let origin = CallOrigin { address: from.0, now: shared.meta.clock.at(from.1) };
        let ticket = ticket::open(tx, &self.core.keys, token, origin.now)?;
        let method = self.core.modules.find(&ticket.method).ok_or(fault::METHOD_NOT_FOUND)?;
        if self.admit_again(tx, method, &ticket, &shared, origin)?.is_none() {
            active_user(tx, ticket.user_id)?;
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

    /// One call within its transaction, which the store may run several times.
    pub fn run(
        &self,
        tx: &mut Tx<'_>,
        method: &'static Method,
        request: &Request,
        start: Option<Start>,
        runs: &Runs,
        uploads: &Uploads,
    ) -> Result<Done> {
        let shared = self.current(tx)?;
        request.seen.comes_in(shared.meta.era);
        let now = shared.meta.clock.at(request.received);
        let origin = CallOrigin { address: request.address, now };
        let credentials = (request.credentials.as_ref(), &*request.seen);
        let admitted = self.admit(tx, Some(method), credentials, &shared, origin)?;
        let asked = (admitted.caller.integration_id, &*method.name);
        let rules = &Faults::of(&shared.meta).rules;
        let struck = self.strike(rules, &request.seen, asked, now)?;
        let (address, hop) = (Some(request.address), request.hop);
        let seen = Some(&*request.seen).filter(|_| !rules.is_empty());
        let ask = Ask { address, start, hop, seen, ..Ask::new(request.params.clone(), now) };
        let done = self.run_admitted(tx, method, ask, &admitted.caller, shared, (runs, uploads))?;
        Ok(match struck.and_then(|struck| struck.operating) {
            Some(operating) => Done { operating, metered: true, ..done },
            None => done,
        })
    }

    /// One call of a webhook that was let in, which is counted.
    fn run_admitted(
        &self,
        tx: &mut Tx<'_>,
        method: &'static Method,
        ask: Ask<'_>,
        caller: &Caller,
        shared: Shared,
        (runs, uploads): (&Runs, &Uploads),
    ) -> Result<Done> {
        let (now, era) = (ask.now, shared.meta.era);
        if let Some(address) = ask.address {
            self.usage.stamp(caller.hook_id, now, address);
        }
        let integration = caller.integration_id;
        let outcome = self.answer(tx, method, ask, caller, shared, (runs, uploads));
        // A run that the store ended is run again, or was no fault of the call.
        if !matches!(outcome, Err(Error::Store(_) | Error::Upload | Error::Write))
            && !runs.counted.swap(true, Relaxed)
            && *self.era.read() == era
        {
            self.counts.note(integration, Kind::Call, &method.name, now);
            if outcome.as_ref().map_or(true, |done| done.reply.fault.is_some()) {
                self.counts.note(integration, Kind::CallFailed, &method.name, now);
            }
        }
        outcome
    }

    /// Answers a call that was let in. Its time is billed once, however often it runs.
    fn answer(
        &self,
        tx: &mut Tx<'_>,
        method: &'static Method,
        ask: Ask<'_>,
        caller: &Caller,
        shared: Shared,
        (runs, uploads): (&Runs, &Uploads),
    ) -> Result<Done> {
        let (fresh, now) = (!runs.begun.swap(true, Relaxed), ask.now);
        let limit = shared.settings.limits.operating;
        let spent = |limit: &f64| self.operating.used(caller.hook_id, &method.name, now).seconds > *limit;
        if fresh && limit.as_ref().is_some_and(spent) {
            return Err(fault::OPERATION_TIME_LIMIT.into());
        }
        let began = Instant::now();
        let performed = match &runs.keyed {
            Some(keyed) => self.perform_once(tx, shared, caller, method, (ask, keyed), uploads),
            None => self
                .perform(tx, shared, caller, method, ask, uploads)
                .map(|(reply, raised)| (reply, raised, None)),
        };
        let processing = began.elapsed();
        let metered = limit.is_some();
        let operating = match limit {
            Some(_) => {
                let seconds = if fresh { processing.as_secs_f64() } else { 0.0 };
                self.operating.record(caller.hook_id, &method.name, seconds, now)
            }
            None => Operating::unused(now),
        };
        let (reply, raised, once) = performed?;
        Ok(Done {
            user_id: caller.user_id,
            reply,
            processing: processing.as_micros() as i64,
            operating,
            metered,
            raised,
            once,
        })
    }

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
    fn run_as(
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

    /// Performs what came under a key, only if it was not performed before.
    fn perform_once(
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
    fn perform(
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

/// A user who was not dismissed.
fn active_user(tx: &mut Tx<'_>, id: i64) -> Result<User> {
    Ok(user::find(tx, id)?.filter(|user| user.active).ok_or(fault::NO_AUTH_FOUND)?)
}

/// Somebody who calls without a webhook, in every scope.
fn own_caller(user_id: i64, is_admin: bool, zone: TimeZone) -> Caller {
    let scopes = SCOPES.iter().map(|scope| scope.code).collect::<Vec<_>>().join(",").into();
    Caller { hook_id: 0, integration_id: 0, read_only: false, scopes, user_id, is_admin, zone }
}
