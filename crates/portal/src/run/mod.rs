//! One call within its transaction: admission, the limits, the method, and what is written at the end.

mod admit;
mod own;
mod perform;
mod ticket;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Instant;

use engine::call::Caller;
use engine::files::Uploads;
use engine::limits::{self, Operating, OperatingTimes};
use engine::method::Method;
use engine::texts::Language;
use engine::{Core, Error, Moment, Result, Shared};
use parking_lot::RwLock;
use store::Tx;
use webhooks::calls::{Calls, Seen};
use webhooks::faults::{Faults, Tally};
use webhooks::hooks::{CallOrigin, Usage};
use webhooks::outbound::Handover;
use webhooks::usage::{Counts, Kind};
use wire::params::Start;
use wire::{Map, fault};

use crate::idempotent::Keyed;
use crate::request::{Done, Request};

/// Runs calls.
pub struct Runner {
    pub(crate) core: Arc<Core>,
    /// Stamps of last use that are not written yet.
    pub usage: Usage,
    /// Counts for the statistics that are not written yet.
    pub counts: Counts,
    /// Calls for the log that are not written yet.
    pub calls: Calls,
    /// Deliveries that the courier takes at once.
    pub handover: Arc<Handover>,
    pub(crate) buckets: limits::Shared,
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
    pub(crate) fn new(core: Arc<Core>) -> Self {
        let era = RwLock::new(core.shared().meta.era);
        Runner {
            core,
            era,
            usage: Usage::default(),
            counts: Counts::default(),
            calls: Calls::default(),
            handover: Arc::default(),
            buckets: limits::Shared::new("calls"),
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
        let done = self.run_admitted(tx, method, ask, &admitted.caller, shared, (runs, uploads));
        request.seen.worked(tx.work());
        let done = done?;
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
        let key = (caller.hook_id, &*method.name);
        let used = limit.map(|_| self.used(tx, key, now)).transpose()?;
        if fresh && limit.zip(used).is_some_and(|(limit, used)| used.seconds > limit) {
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
        let (metered, seconds) = (limit.is_some(), if fresh { processing.as_secs_f64() } else { 0.0 });
        let operating = match used {
            Some(used) if self.core.store.is_shared() => {
                limits::record_for_all(&self.core, used, key, seconds, now)
            }
            Some(_) => self.operating.record(key.0, key.1, seconds, now),
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

    /// The operating time of a webhook and a method so far, of all nodes.
    fn used(&self, tx: &mut Tx<'_>, key: (i64, &'static str), now: Moment) -> Result<Operating> {
        match self.core.store.is_shared() {
            true => limits::used_by_all(tx, key, now),
            false => Ok(self.operating.used(key.0, key.1, now)),
        }
    }
}
