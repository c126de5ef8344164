//! The portal: one call from its request to its outcome.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use parking_lot::RwLock;
use store::{Location, Migration, Options, Pending, Store, Tx};
use wire::params::{Start, take_reserved};
use wire::{Fault, Map, Text, fault};

use crate::call::{ANSWER, Call, Caller, ENVELOPE, Owed};
use crate::entity::{refold, schema};
use crate::error::{Error, Result, answer_too_large};
use crate::hooks::{self, Admitted, Door, Secret, Usage};
use crate::keys::Keys;
use crate::limits::{Buckets, Operating, OperatingTimes};
use crate::meta::Meta;
use crate::method::{Method, Reply};
use crate::moment::Moment;
use crate::outbound::{Auth, Handover, Raised};
use crate::registry::registry;
use crate::settings::{Name, Settings, chosen};
use crate::system::batch;
use crate::system::scopes::SCOPES;
use crate::texts::Language;
use crate::usage::{Counts, Kind};
use crate::{catalog, crm, department, noun, outbound, usage, user};

const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "foundation", sql: include_str!("../migrations/0001_foundation.sql") },
    Migration { version: 2, name: "outbound", sql: include_str!("../migrations/0002_outbound.sql") },
    Migration { version: 3, name: "people", sql: include_str!("../migrations/0003_people.sql") },
    Migration { version: 4, name: "integration", sql: include_str!("../migrations/0004_integration.sql") },
    Migration { version: 5, name: "usage", sql: include_str!("../migrations/0005_usage.sql") },
    Migration { version: 6, name: "phones", sql: include_str!("../migrations/0006_phones.sql") },
    Migration { version: 7, name: "accounts", sql: include_str!("../migrations/0007_accounts.sql") },
    Migration { version: 8, name: "failing", sql: include_str!("../migrations/0008_failing.sql") },
];

/// The portal: a store, its keys and settings. Clones share everything.
#[derive(Clone)]
pub struct Portal {
    core: Arc<Core>,
}

/// What all calls share.
pub struct Core {
    /// Where the data is.
    pub store: Store,
    /// The portal's own keys.
    pub keys: Keys,
    /// What the operator decided at the start; what holds is in [`Core::settings`].
    pub started: Settings,
    /// Stamps of last use that are not written yet.
    pub usage: Usage,
    /// Counts for the statistics that are not written yet.
    pub counts: Counts,
    /// What the courier takes at once.
    pub handover: Arc<Handover>,
    shared: RwLock<Shared>,
    buckets: Buckets,
    operating: OperatingTimes,
}

/// The shared copy of what nearly every call needs, and the settings that follow from it.
#[derive(Clone)]
pub struct Shared {
    /// What nearly every call needs.
    pub meta: Arc<Meta>,
    /// The settings that hold.
    pub settings: Arc<Settings>,
}

impl Shared {
    fn new(meta: Arc<Meta>, started: &Settings) -> Self {
        let settings = Arc::new(started.under(&meta.chosen));
        Shared { meta, settings }
    }

    /// What every delivery says about the portal.
    pub fn auth(&self) -> Auth {
        Auth::new(&self.settings, &self.meta.member_id)
    }
}

/// A request as the door hands it over.
#[derive(Debug)]
pub struct Request {
    /// User id and secret from the path; `None` when the path had none.
    pub credentials: Option<(Text, Secret)>,
    /// The method's name as it was written.
    pub method: String,
    /// All parameters.
    pub params: Map,
    /// Where the request came from.
    pub address: IpAddr,
    /// Whether it came encrypted, to us or to a proxy that we trust.
    pub https: bool,
    /// When it came.
    pub received: Moment,
    /// How many events lie before it in its chain: what the header `x-portreeve-hop` says.
    pub hop: u8,
}

/// A request of a signed-in person, who needs no webhook for it.
#[derive(Debug)]
pub struct OwnRequest {
    /// The person.
    pub user_id: i64,
    /// The method's name as it was written.
    pub method: String,
    /// All parameters.
    pub params: Map,
    /// Where it came from.
    pub address: IpAddr,
    /// When it came.
    pub received: Moment,
    /// The language that the person reads.
    pub language: Language,
}

/// How a call ended well.
#[derive(Debug)]
pub struct Done {
    /// The user as whom it was performed.
    pub user_id: i64,
    /// What the method answered.
    pub reply: Reply,
    /// Microseconds that the method took.
    pub processing: i64,
    /// The operating time of webhook and method.
    pub operating: Operating,
    /// The events that it raised: the courier should look after them.
    pub raised: Raised,
}

/// What is known of the runs of one call.
#[derive(Default)]
struct Runs {
    /// Whether one has begun to answer it.
    begun: AtomicBool,
    /// Whether it was counted for the statistics.
    counted: AtomicBool,
}

/// How long tables may be brought up to date at the start: an index over millions of rows takes its time.
const PREPARATION: Duration = Duration::from_secs(24 * 3600);

/// How long a call may hold the writer, for which all others wait.
const WRITE_TIME: Duration = Duration::from_secs(1);

/// Where a call is run.
enum Lane {
    Read,
    Write,
    /// For what goes through a whole table.
    WriteLong,
}

impl Lane {
    fn of(method: &Method, params: &Map) -> Self {
        if batch::any(method, params, |method| method.lengthy) {
            return Lane::WriteLong;
        }
        if batch::any(method, params, |method| method.writes) { Lane::Write } else { Lane::Read }
    }

    fn run<T: Send + 'static>(
        self,
        store: &Store,
        job: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Pending<Result<T>> {
        match self {
            Lane::Read => store.read(job),
            Lane::Write => store.write_within(WRITE_TIME, job),
            Lane::WriteLong => store.write(job),
        }
    }
}

/// What is asked of a method.
struct Ask {
    address: Option<IpAddr>,
    params: Map,
    start: Option<Start>,
    now: Moment,
    hop: u8,
    /// The language of the answer where it is not the portal's.
    language: Option<Language>,
}

impl Portal {
    /// Opens the store, bringing it up to date, and fills an empty one with what every portal starts with:
    /// dictionaries and roles. Users are made by [`crate::user::create`].
    pub fn open(
        location: &Location,
        options: &Options,
        keys: Keys,
        settings: Settings,
        now: Moment,
    ) -> Result<Self> {
        let store = Store::open(location, options, MIGRATIONS)?;
        let given = settings.clone();
        let prepared = move |tx: &mut Tx<'_>| prepare(tx, &given, now);
        let meta = store.write_within(PREPARATION, prepared).wait()?;
        refold::run(&store)?;
        let core = Core {
            store,
            keys,
            shared: RwLock::new(Shared::new(meta, &settings)),
            started: settings,
            usage: Usage::default(),
            counts: Counts::default(),
            handover: Arc::default(),
            buckets: Buckets::default(),
            operating: OperatingTimes::default(),
        };
        Ok(Portal { core: Arc::new(core) })
    }

    /// What all calls share.
    pub fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// Calls a method. The checks come in the order of protocol 3.2: the method exists, https, credentials,
    /// scope, licence, the owner is active, operating time, and then the method's own.
    pub fn call(&self, request: Request) -> Pending<Result<Done>> {
        match self.screen(&request) {
            Ok(method) => self.perform(method, request),
            Err(fault) => Pending::ready(Err(fault.into())),
        }
    }

    /// The user for whom a request would be performed. It says whether it is worth reading the parameters of a request that
    /// passed [`Portal::screen`]; [`Portal::perform`] checks the same again.
    ///
    /// # Errors
    /// Those of [`Portal::call`] that come before the method's own.
    pub fn admit(&self, method: &'static Method, request: &Request) -> Pending<Result<i64>> {
        let core = Arc::clone(&self.core);
        let (credentials, address, now) = (request.credentials.clone(), request.address, request.received);
        self.core.store.read(move |tx: &mut Tx<'_>| {
            let (_, admitted) = core.admit(tx, method, credentials.as_ref(), Door { address, now })?;
            Ok(admitted.caller.user_id)
        })
    }

    /// Performs a request that passed [`Portal::screen`].
    pub fn perform(&self, method: &'static Method, mut request: Request) -> Pending<Result<Done>> {
        let start = take_reserved(&mut request.params).start;
        let lane = Lane::of(method, &request.params);
        let core = Arc::clone(&self.core);
        let runs = Runs::default();
        lane.run(&self.core.store, move |tx: &mut Tx<'_>| core.run(tx, method, &request, start, &runs))
    }

    /// Calls a method as a signed-in person, with all rights of that person and in every scope. The licence and
    /// the limits of REST do not count here.
    ///
    /// # Errors
    /// `ERROR_METHOD_NOT_FOUND`; `NO_AUTH_FOUND` for who was dismissed meanwhile; and those of the method.
    pub fn call_as(&self, mut request: OwnRequest) -> Pending<Result<Done>> {
        let Some(method) = registry().find(&request.method) else {
            return Pending::ready(Err(fault::METHOD_NOT_FOUND.into()));
        };
        let start = take_reserved(&mut request.params).start;
        let lane = Lane::of(method, &request.params);
        let core = Arc::clone(&self.core);
        lane.run(&self.core.store, move |tx: &mut Tx<'_>| core.run_own(tx, method, &request, start))
    }

    /// Writes the stamps of last use and the counts that have gathered, in steps between which others write. Each step
    /// is to be awaited before the next: they add to the same rows.
    pub fn flush_usage(&self) -> impl Iterator<Item = Pending<Result<()>>> + Send {
        /// What is written in one transaction.
        const STEP: usize = 250;
        let (store, same) = (self.core.store.clone(), self.core.store.clone());
        let stamps = self.core.usage.take().chunks(STEP).map(<[_]>::to_vec).collect::<Vec<_>>();
        let counts = self.core.counts.take().chunks(STEP).map(<[_]>::to_vec).collect::<Vec<_>>();
        let stamps =
            stamps.into_iter().map(move |step| store.write(move |tx: &mut Tx<'_>| hooks::flush(tx, &step)));
        let counts =
            counts.into_iter().map(move |step| same.write(move |tx: &mut Tx<'_>| usage::flush(tx, &step)));
        stamps.chain(counts)
    }

    /// The checks of [`Portal::call`] that need neither data nor parameters; counts the request.
    ///
    /// # Errors
    /// `QUERY_LIMIT_EXCEEDED`, `ERROR_METHOD_NOT_FOUND`, `INVALID_REQUEST`, `NO_AUTH_FOUND`
    pub fn screen(&self, request: &Request) -> std::result::Result<&'static Method, Fault> {
        let settings = self.core.settings();
        if let Some(bucket) = settings.limits.bucket
            && !self.core.buckets.admit(bucket, request.address, request.received)
        {
            return Err(fault::QUERY_LIMIT_EXCEEDED.into());
        }
        let method = registry().find(&request.method).ok_or(fault::METHOD_NOT_FOUND)?;
        if settings.require_https && !request.https {
            return Err(fault::INVALID_REQUEST.into());
        }
        if request.credentials.is_none() {
            return Err(fault::NO_AUTH_FOUND.into());
        }
        Ok(method)
    }
}

impl Core {
    /// Whether a method may be called with these credentials (protocol 3.2), and by whom.
    fn admit(
        &self,
        tx: &mut Tx<'_>,
        method: &Method,
        credentials: Option<&(Text, Secret)>,
        door: Door,
    ) -> Result<(Shared, Arc<Admitted>)> {
        let (user, secret) = credentials.ok_or(fault::NO_AUTH_FOUND)?;
        let shared = self.current(tx)?;
        let admitted = hooks::admit(tx, &self.keys, &shared, (user, secret), door)?;
        if !admitted.caller.reaches(method) {
            return Err(fault::INSUFFICIENT_SCOPE.into());
        }
        if !shared.settings.rest_available() {
            return Err(fault::NO_SUBSCRIPTION.into());
        }
        if !admitted.owner_active {
            return Err(fault::AUTHORIZATION_ERROR.into());
        }
        Ok((shared, admitted))
    }

    /// One call within its transaction, which the store may run several times.
    fn run(
        &self,
        tx: &mut Tx<'_>,
        method: &'static Method,
        request: &Request,
        start: Option<Start>,
        runs: &Runs,
    ) -> Result<Done> {
        let door = Door { address: request.address, now: request.received };
        let (shared, admitted) = self.admit(tx, method, request.credentials.as_ref(), door)?;
        let caller = &admitted.caller;
        self.usage.stamp(caller.hook_id, request.received, request.address);
        let (integration, now) = (caller.integration_id, request.received);
        let params = request.params.clone();
        let ask = Ask { address: Some(door.address), params, start, now, hop: request.hop, language: None };
        let outcome = self.answer(tx, method, ask, caller, shared, runs);
        // A run that the store ended is run again, or was no fault of the call.
        if !matches!(outcome, Err(Error::Store(_))) && !runs.counted.swap(true, Relaxed) {
            self.counts.note(integration, Kind::Call, &method.name, now);
            if outcome.is_err() {
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
        ask: Ask,
        caller: &Caller,
        shared: Shared,
        runs: &Runs,
    ) -> Result<Done> {
        let (fresh, now) = (!runs.begun.swap(true, Relaxed), ask.now);
        let limit = shared.settings.limits.operating;
        let spent = |limit: &f64| self.operating.used(caller.hook_id, &method.name, now).seconds > *limit;
        if fresh && limit.as_ref().is_some_and(spent) {
            return Err(fault::OPERATION_TIME_LIMIT.into());
        }
        let began = Instant::now();
        let performed = self.perform(tx, shared, caller, method, ask);
        let processing = began.elapsed();
        let operating = match limit {
            Some(_) => {
                let seconds = if fresh { processing.as_secs_f64() } else { 0.0 };
                self.operating.record(caller.hook_id, &method.name, seconds, now)
            }
            None => Operating::unused(now),
        };
        let (reply, raised) = performed?;
        Ok(Done {
            user_id: caller.user_id,
            reply,
            processing: processing.as_micros() as i64,
            operating,
            raised,
        })
    }

    /// One call of a signed-in person within its transaction.
    fn run_own(
        &self,
        tx: &mut Tx<'_>,
        method: &'static Method,
        request: &OwnRequest,
        start: Option<Start>,
    ) -> Result<Done> {
        let user = user::find(tx, request.user_id)?.filter(|user| user.active).ok_or(fault::NO_AUTH_FOUND)?;
        let shared = self.current(tx)?;
        let caller = own_caller(user.id, user.is_admin, user.zone(&shared.settings.zone));
        let began = Instant::now();
        let (address, params) = (Some(request.address), request.params.clone());
        let (now, language) = (request.received, Some(request.language));
        let ask = Ask { address, params, start, now, hop: 0, language };
        let (reply, raised) = self.perform(tx, shared, &caller, method, ask)?;
        let operating = Operating::unused(request.received);
        Ok(Done {
            user_id: caller.user_id,
            reply,
            processing: began.elapsed().as_micros() as i64,
            operating,
            raised,
        })
    }

    /// Runs a method as somebody who was let in. Gives also what it raised.
    fn perform(
        &self,
        tx: &mut Tx<'_>,
        shared: Shared,
        caller: &Caller,
        method: &'static Method,
        ask: Ask,
    ) -> Result<(Reply, Raised)> {
        let mut call = Call {
            tx,
            core: self,
            meta: shared.meta,
            language: ask.language.unwrap_or(shared.settings.language),
            settings: shared.settings,
            caller,
            method,
            params: ask.params,
            start: ask.start.unwrap_or(Start::At(0)),
            address: ask.address,
            now: ask.now,
            total: None,
            next: None,
            in_batch: false,
            hop: ask.hop,
            owed: Owed::default(),
            room: ANSWER,
        };
        let reply = call.run()?;
        if reply.result.weight() > ANSWER + ENVELOPE {
            return Err(answer_too_large().into());
        }
        Ok((reply, call.settle()?))
    }

    /// Runs a method as a user without a webhook, with all the user's rights and in every scope: for what the
    /// portal does by itself.
    pub fn act_as(
        &self,
        tx: &mut Tx<'_>,
        user_id: i64,
        is_admin: bool,
        method: &str,
        params: Map,
        now: Moment,
    ) -> Result<Reply> {
        let shared = self.current(tx)?;
        let caller = own_caller(user_id, is_admin, shared.settings.zone.clone());
        let method = registry().find(method).ok_or(fault::METHOD_NOT_FOUND)?;
        let ask = Ask { address: None, params, start: None, now, hop: 0, language: None };
        Ok(self.perform(tx, shared, &caller, method, ask)?.0)
    }

    /// The settings that hold, as they were when somebody last looked; every call and every request to the console
    /// does.
    pub fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.shared.read().settings)
    }

    /// What nearly everything needs, as it was when somebody last looked.
    pub fn shared(&self) -> Shared {
        self.shared.read().clone()
    }

    /// The portal's time zone, of [`Core::settings`].
    pub fn zone(&self) -> TimeZone {
        self.settings().zone.clone()
    }

    /// What nearly everything needs, as this transaction sees it.
    pub fn current(&self, tx: &mut Tx<'_>) -> Result<Shared> {
        let version = Meta::current_version(tx)?;
        self.of_version(tx, &version)
    }

    /// The shared copy when it is of this version, or else a fresh one.
    fn of_version(&self, tx: &mut Tx<'_>, version: &str) -> Result<Shared> {
        let kept = self.shared();
        if kept.meta.version == version {
            return Ok(kept);
        }
        let fresh = Shared::new(Meta::load(tx)?, &self.started);
        *self.shared.write() = fresh.clone();
        Ok(fresh)
    }
}

/// Somebody who calls without a webhook, in every scope.
fn own_caller(user_id: i64, is_admin: bool, zone: TimeZone) -> Caller {
    let scopes = SCOPES.iter().map(|scope| scope.code).collect::<Vec<_>>().join(",").into();
    Caller { hook_id: 0, integration_id: 0, read_only: false, scopes, user_id, is_admin, zone }
}

/// Brings tables and first contents up to date.
fn prepare(tx: &mut Tx<'_>, settings: &Settings, now: Moment) -> Result<Arc<Meta>> {
    let language = settings.under(&chosen::load(tx)?).language;
    outbound::plant(tx)?;
    schema::sync(tx, &crm::entities())?;
    user::sync(tx)?;
    noun::sync(tx, registry().nouns())?;
    noun::plant(tx, catalog::SEEDS, language, now)?;
    noun::plant(tx, crm::SEEDS, language, now)?;
    if Meta::current_version(tx)?.is_empty() {
        department::plant(tx, language)?;
        crm::plant(tx, language, now)?;
        // The contents are in this language from now on, whatever the next start says.
        if language != Language::default() {
            chosen::keep(tx, Name::Language, language.code())?;
        }
        return Meta::renew(tx);
    }
    Meta::load(tx)
}
