//! The portal as programs around it see it: opening it, and calling its methods.

use std::net::IpAddr;
use std::sync::Arc;

use engine::call::Caller;
use engine::entity::refold;
use engine::files::ticket::Ticket;
use engine::files::{self, Blob, Blobs, Uploads, collect};
use engine::keys::Keys;
use engine::method::{Method, Version};
use engine::modules::Modules;
use engine::settings::Settings;
use engine::timetable::{self, Leased, Progress};
use engine::{Core, Error, Moment, Result};
use store::{Location, Options, Pending, Store, Tx};
use webhooks::calls::Seen;
use webhooks::hooks::CallOrigin;
use webhooks::outbound::Handover;
use wire::params::{Start, take_reserved};
use wire::{Fault, Map, fault};

use crate::idempotent::Keyed;
use crate::lane::Lane;
use crate::modules;
use crate::prepare::{MIGRATIONS, prepare};
use crate::request::{Done, OwnRequest, Request};
use crate::run::{Runner, Runs};

/// How long tables may be brought up to date at the start: an index over millions of rows takes its time.
const PREPARATION: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

/// Further tries of a call whose content is stored already, when others are faster again and again.
const PATIENCE: usize = 8;

/// The portal: a store, its keys and settings. Clones share everything.
#[derive(Clone)]
pub struct Portal {
    pub(crate) runner: Arc<Runner>,
}

impl Portal {
    /// Opens the store, bringing it up to date, and fills an empty one with what every portal starts with:
    /// dictionaries and roles. Users are made by [`crate::user::create`]. The machine's clock shows `machine`.
    pub fn open(
        location: &Location,
        options: &Options,
        keys: Keys,
        settings: Settings,
        blobs: Blobs,
        machine: Moment,
    ) -> Result<Self> {
        Self::open_with(modules(), location, options, keys, settings, blobs, machine)
    }

    /// The same, made of these modules: tests add some of their own.
    pub fn open_with(
        modules: &'static Modules,
        location: &Location,
        options: &Options,
        keys: Keys,
        settings: Settings,
        blobs: Blobs,
        machine: Moment,
    ) -> Result<Self> {
        let store = Store::open(location, options, MIGRATIONS)?;
        let given = settings.clone();
        let prepared = move |tx: &mut Tx<'_>| prepare(tx, modules, &given, machine);
        let meta = store.write_within(PREPARATION, prepared).wait()?;
        refold::run(&store)?;
        files::inline::move_out(&store, &blobs)?;
        let core = Core::new(store, blobs, keys, modules, settings, meta);
        Ok(Portal { runner: Arc::new(Runner::new(Arc::new(core))) })
    }

    /// State shared by all calls.
    pub fn core(&self) -> &Arc<Core> {
        &self.runner.core
    }

    /// Deliveries that the courier takes at once.
    pub fn handover(&self) -> &Arc<Handover> {
        &self.runner.handover
    }

    /// What runs methods within a transaction that goes on.
    pub fn runner(&self) -> &Runner {
        &self.runner
    }

    /// Calls a method. The checks come in the order of protocol 3.2: the method exists, https, credentials,
    /// scope, licence, the owner is active, operating time, and then the method's own.
    pub fn call(&self, request: Request) -> Pending<Result<Done>> {
        self.within_limits((request.address, request.received), |portal| match portal.method_of(&request) {
            Ok(method) => portal.perform(method, request),
            Err(fault) => Pending::ready(Err(fault.into())),
        })
    }

    /// By whom a request would be performed. It says whether it is worth reading the parameters of a request that
    /// passed [`Portal::screen`]; [`Portal::perform`] checks the same again.
    ///
    /// # Errors
    /// Those of [`Portal::call`] that come before the method's own.
    pub fn admit(&self, method: &'static Method, request: &Request) -> Pending<Result<Caller>> {
        self.let_in(Some(method), request)
    }

    /// Whom the credentials of a request let in, to call a method or anything at all.
    fn let_in(&self, method: Option<&'static Method>, request: &Request) -> Pending<Result<Caller>> {
        let runner = Arc::clone(&self.runner);
        let (credentials, address) = (request.credentials.clone(), request.address);
        let (received, seen) = (request.received, Arc::clone(&request.seen));
        self.core().store.read(move |tx: &mut Tx<'_>| {
            let shared = runner.current(tx)?;
            let origin = CallOrigin { address, now: shared.meta.clock.at(received) };
            let admitted = runner.admit(tx, method, (credentials.as_ref(), &seen), &shared, origin)?;
            Ok(admitted.caller.clone())
        })
    }

    /// Performs a request that passed [`Portal::screen`].
    pub fn perform(&self, method: &'static Method, mut request: Request) -> Pending<Result<Done>> {
        let start = reserved(request.version, &mut request.params);
        let lane = Lane::of(method, &request.params);
        let key = request.key.take().filter(|_| lane.writes());
        let keyed = key.map(|key| Keyed::new(key, method, &mut request.params));
        let (runner, runs) = (Arc::clone(&self.runner), Runs::under(keyed));
        let seen = Arc::clone(&request.seen);
        self.run(lane, seen, move |tx: &mut Tx<'_>, uploads: &Uploads| {
            runner.run(tx, method, &request, start, &runs, uploads)
        })
    }

    /// The call that waits for a content under the token of a link, if an upload for it may begin. The request counts.
    ///
    /// # Errors
    /// `QUERY_LIMIT_EXCEEDED`, `ACCESS_DENIED` for the token, and what whoever made the call would be told now.
    pub fn ticket(&self, token: &str, from: (IpAddr, Moment), seen: Arc<Seen>) -> Pending<Result<Ticket>> {
        let (runner, token) = (Arc::clone(&self.runner), token.to_owned());
        self.within_limits(from, move |portal| {
            portal.core().store.read(move |tx: &mut Tx<'_>| runner.open_ticket(tx, &token, from, &seen))
        })
    }

    /// Performs the call of a ticket with the content that came under that name, once. A content that is not kept, because
    /// the call was refused or the same content was there, is removed at once.
    ///
    /// # Errors
    /// Those of the method, and as [`Portal::ticket`] has them.
    pub fn redeem(
        &self,
        ticket: Ticket,
        (name, blob): (String, Blob),
        from: (IpAddr, Moment),
    ) -> Pending<Result<Done>> {
        let (core, runner, key) = (Arc::clone(self.core()), Arc::clone(&self.runner), blob.key.clone());
        let (runs, uploads) = (Runs::default(), Uploads::brought_by_itself(name, blob));
        let job = Arc::new(move |tx: &mut Tx<'_>| runner.run_ticket(tx, &ticket, from, &runs, &uploads));
        let begin = move |core: &Core| {
            let job = Arc::clone(&job);
            // It took its sender a while to get here, which nobody wants to do again for a moment's wait.
            Lane::WriteLong.run(&core.store, move |tx: &mut Tx<'_>| job(tx))
        };
        let first = begin(&core);
        Pending::steps(async move {
            let mut outcome = first.await;
            for _ in 0..PATIENCE {
                if !matches!(outcome, Err(Error::Store(store::Error::Conflict(_) | store::Error::Busy))) {
                    break;
                }
                outcome = begin(&core).await;
            }
            // Of any other error it is not known whether the call was performed; the collector finds out.
            if matches!(outcome, Ok(_) | Err(Error::Fault(_))) {
                collect::unless_named(&core, key).await?;
            }
            outcome
        })
    }

    /// Runs a call, and once more when it brings files, whose contents are stored between the runs, when it reads and
    /// comes upon something that is still to be made, or when an operator has it wait.
    fn run<T: Send + 'static>(
        &self,
        lane: Lane,
        seen: Arc<Seen>,
        job: impl Fn(&mut Tx<'_>, &Uploads) -> Result<T> + Send + Sync + 'static,
    ) -> Pending<Result<T>> {
        let (core, uploads, job) = (Arc::clone(self.core()), Arc::<Uploads>::default(), Arc::new(job));
        let begin = move |core: &Core, lane: Lane, uploads: &Arc<Uploads>| {
            let (job, uploads) = (Arc::clone(&job), Arc::clone(uploads));
            lane.run(&core.store, move |tx: &mut Tx<'_>| job(tx, &uploads))
        };
        let first = begin(&core, lane, &uploads);
        Pending::steps(async move {
            let (mut lane, mut run) = (lane, first);
            loop {
                match run.await {
                    Err(Error::Upload) => uploads.store(&core.store, &core.blobs).await?,
                    Err(Error::Write) if !lane.writes() => lane = Lane::Write,
                    Err(Error::Pause(pause)) => seen.decided.wait(pause).await,
                    ended => return ended,
                }
                run = begin(&core, lane, &uploads);
            }
        })
    }

    /// Calls a method of REST, of either version, as a signed-in person, with all rights of that person and in every scope. The
    /// licence and the limits of REST do not count here.
    ///
    /// # Errors
    /// `ERROR_METHOD_NOT_FOUND`; `NO_AUTH_FOUND` for who was dismissed meanwhile; and those of the method.
    pub fn call_as(&self, mut request: OwnRequest) -> Pending<Result<Done>> {
        let Some(method) = self.core().modules.find_in_any(&request.method) else {
            return Pending::ready(Err(fault::METHOD_NOT_FOUND.into()));
        };
        let start = take_reserved(&mut request.params).start;
        let lane = Lane::of(method, &request.params);
        let runner = Arc::clone(&self.runner);
        self.run(lane, Arc::default(), move |tx: &mut Tx<'_>, uploads: &Uploads| {
            runner.run_own(tx, method, &request, start, uploads)
        })
    }

    /// Runs one step of a job, for which the lease then holds until `until`.
    ///
    /// # Errors
    /// Those of the job, which [`timetable::failed`] is to be told of.
    pub fn run_job(&self, leased: Leased, until: Moment, now: Moment) -> Pending<Result<Progress>> {
        let runner = Arc::clone(&self.runner);
        let step = move |tx: &mut Tx<'_>| timetable::run(tx, &runner.core, &*runner, &leased, until, now);
        self.core().store.write(step)
    }

    /// The checks of [`Portal::call`] that need neither data nor parameters; counts the request.
    ///
    /// # Errors
    /// `QUERY_LIMIT_EXCEEDED`, `ERROR_METHOD_NOT_FOUND`, `INVALID_REQUEST`, `NO_AUTH_FOUND`
    pub async fn screen(&self, request: &Request) -> std::result::Result<&'static Method, Fault> {
        let room = self.has_room((request.address, request.received)).await;
        if !room.map_err(Error::into_fault)? {
            return Err(fault::QUERY_LIMIT_EXCEEDED.into());
        }
        self.method_of(request)
    }

    /// The same for a request that was counted as a [visitor](Portal::visitor)'s.
    ///
    /// # Errors
    /// `ERROR_METHOD_NOT_FOUND`, `INVALID_REQUEST`, `NO_AUTH_FOUND`
    pub fn method_of(&self, request: &Request) -> std::result::Result<&'static Method, Fault> {
        let found = self.core().modules.find_in(request.version, &request.method);
        let method = found.ok_or(fault::METHOD_NOT_FOUND)?;
        self.bears_credentials(request)?;
        Ok(method)
    }

    /// The webhook of a request that names no method yet: of a door behind which methods are found and called. The request
    /// counts.
    ///
    /// # Errors
    /// Those of [`Portal::call`] that come before the method's own, but for those of a method.
    pub async fn visitor(&self, request: &Request) -> Result<Caller> {
        if !self.has_room((request.address, request.received)).await? {
            return Err(fault::QUERY_LIMIT_EXCEEDED.into());
        }
        self.bears_credentials(request)?;
        self.let_in(None, request).await
    }

    /// Refuses a request by plain http where https is required, and one without credentials.
    fn bears_credentials(&self, request: &Request) -> std::result::Result<(), Fault> {
        if self.core().settings().require_https && !request.https {
            return Err(fault::INVALID_REQUEST.into());
        }
        match request.credentials {
            Some(_) => Ok(()),
            None => Err(fault::NO_AUTH_FOUND.into()),
        }
    }

    /// Goes on where the rate limit lets a request in, which counts.
    fn within_limits<T: Send + 'static>(
        &self,
        from: (IpAddr, Moment),
        go_on: impl FnOnce(&Self) -> Pending<Result<T>> + Send + 'static,
    ) -> Pending<Result<T>> {
        let (room, portal) = (self.has_room(from), self.clone());
        let decided = move |room| match room {
            Ok(true) => go_on(&portal),
            Ok(false) => Pending::ready(Err(fault::QUERY_LIMIT_EXCEEDED.into())),
            Err(error) => Pending::ready(Err(error)),
        };
        match room.is_ready() {
            true => decided(room.wait()),
            false => Pending::steps(async move { decided(room.await).await }),
        }
    }

    /// Whether the rate limit lets a request in, which counts.
    fn has_room(&self, (address, received): (IpAddr, Moment)) -> Pending<Result<bool>> {
        let Some(bucket) = self.core().settings().limits.bucket else { return Pending::ready(Ok(true)) };
        let now = self.core().clock().at(received);
        self.runner.buckets.admit(self.core(), bucket, &address.to_string(), now)
    }
}

/// Whether a call changes something: its method does or, in a batch, one of its commands.
pub fn writes(method: &Method, params: &Map) -> bool {
    Lane::of(method, params).writes()
}

/// Takes out of the parameters what belongs to the server. REST 3.0 has no more of that than credentials.
fn reserved(version: Version, params: &mut Map) -> Option<Start> {
    match version {
        Version::V2 => take_reserved(params).start,
        Version::V3 => {
            params.remove("auth");
            None
        }
    }
}
