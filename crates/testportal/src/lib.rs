//! For tests: fresh portals on every engine, called through the front door.

// What is skipped or runs must be said in a test's output, and what fails fails the test.
#![allow(clippy::print_stderr, clippy::unwrap_used, clippy::missing_panics_doc, clippy::missing_errors_doc)]

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::ops::Deref;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use std::time::{Duration, SystemTime};

use engine::clock::Now;
use engine::modules::Modules;
use engine::texts::Language;
use engine::timetable::{self, Lease, Progress};
use portal::audit::By;
use portal::files::Blobs;
use portal::files::collect::{self, Collected};
use portal::hooks::{self, Secret};
use portal::idempotent::Key;
use portal::integration::scenario::{IN_HOOK, OUT_HOOK};
use portal::integration::{self, EditContext, Fresh, Input};
use portal::keys::Keys;
use portal::method::params;
use portal::outbound::log::{self, Filter};
use portal::outbound::manage::{Actor, Input as OutboundInput};
use portal::outbound::policy::Policy;
use portal::settings::Settings;
use portal::user::{self, NewUser};
use portal::{Core, Done, Moment, Portal, Request};
use serde_json::json;
use store::{Location, Options, Tx};
use testkit::Bed;
use wire::{Fault, Limits, Map, Value, Version, form};

/// When every call comes in, unless a test says otherwise: 2026-06-01T12:00:00Z.
pub const NOW: i64 = 1_780_315_200;

/// Where calls come from, unless a test says otherwise.
const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A fresh portal with user 1, the administrator Ada Berg, and a webhook of hers, as which it is called.
pub struct Bench {
    /// `sqlite` or `postgres`, for messages
    pub engine: &'static str,
    hook: Hook,
    bed: Bed,
}

/// A webhook.
#[derive(Clone)]
pub struct Hook {
    /// The portal that it belongs to.
    pub portal: Portal,
    /// Its owner.
    pub user: i64,
    /// Its number.
    pub id: i64,
    secret: Secret,
    address: IpAddr,
    now: Moment,
    hop: u8,
    version: Version,
    key: Option<Key>,
}

/// An answer as JSON.
#[derive(Debug)]
pub struct Page {
    /// The `result`.
    pub result: serde_json::Value,
    /// All rows that match.
    pub total: Option<i64>,
    /// Where the next page starts.
    pub next: Option<i64>,
}

/// A fresh portal on each engine; the webhook has these scopes, separated by commas.
pub fn portals(scopes: &str) -> impl Iterator<Item = Bench> {
    portals_with(scopes, Settings::new("https://portal.test"))
}

/// The same with other settings.
pub fn portals_with(scopes: &str, settings: Settings) -> impl Iterator<Item = Bench> {
    testkit::copies(settings.language.code(), prepare).into_iter().map(move |bed| {
        eprintln!("on {}", bed.engine);
        bench(bed, scopes, settings.clone())
    })
}

/// Fills an empty database with the tables and the first contents in a language.
fn prepare(language: &str, location: &Location) {
    let language = Language::ALL.into_iter().find(|one| one.code() == language).unwrap();
    let settings = Settings { language, ..Settings::new("https://portal.test") };
    open(portal::modules(), location, settings);
}

fn open(modules: &'static Modules, location: &Location, settings: Settings) -> Portal {
    let keys = Keys::derive(&[7; 32]);
    let (blobs, options) = (Blobs::in_memory(), Options::default());
    Portal::open_with(modules, location, &options, keys, settings, blobs, Moment(NOW * 1_000_000)).unwrap()
}

/// A fresh portal in a database.
pub fn bench(bed: Bed, scopes: &str, settings: Settings) -> Bench {
    bench_of(portal::modules(), bed, scopes, settings)
}

/// A fresh portal in a database, made of these modules.
pub fn bench_of(modules: &'static Modules, bed: Bed, scopes: &str, settings: Settings) -> Bench {
    let now = Moment(NOW * 1_000_000);
    let portal = open(modules, &bed.location, settings);
    let ada = NewUser {
        email: "admin@localhost".into(),
        name: "Ada".into(),
        last_name: "Berg".into(),
        is_admin: true,
        ..NewUser::default()
    };
    let user = portal.core().store.write(move |tx| user::create(tx, &ada, now)).wait().unwrap();
    Bench { engine: bed.engine, hook: hook(&portal, user, scopes, now), bed }
}

fn hook(portal: &Portal, user_id: i64, scopes: &str, now: Moment) -> Hook {
    let fresh = Fresh::random();
    let hook =
        hooks::Input { scopes: scopes.split(',').map(str::to_owned).collect(), ..hooks::Input::default() };
    let input = Input { inbound: Some(hook), ..named(IN_HOOK) };
    let (core, secret) = (portal.core().clone(), fresh.secret.clone());
    let job = move |tx: &mut Tx<'_>| {
        let id = integration::make(tx, context(&core, user_id, now), &input, &fresh)?;
        Ok::<_, portal::Error>(integration::find(tx, id)?.unwrap().inbound.unwrap().id)
    };
    let id = portal.core().store.write(job).wait().unwrap();
    let (version, key) = (Version::V2, None);
    Hook { portal: portal.clone(), user: user_id, id, secret, address: LOCAL, now, hop: 0, version, key }
}

/// An integration of that name, without parts yet.
pub fn named(scenario: &str) -> Input {
    Input { scenario: scenario.into(), title: "test".into(), ..Input::default() }
}

/// What a user does, with no more rights than owners have.
pub fn context(core: &Core, user_id: i64, now: Moment) -> EditContext<'_> {
    EditContext { core, actor: Actor { user_id, is_admin: false }, by: By::OPERATOR, now }
}

impl Deref for Bench {
    type Target = Hook;

    fn deref(&self) -> &Hook {
        &self.hook
    }
}

impl Bench {
    /// The same webhook on another node, over the same database.
    pub fn another_node(&self) -> Hook {
        let (keys, settings) = (Keys::derive(&[7; 32]), Settings::new("https://portal.test"));
        let blobs = self.portal.core().blobs.clone();
        let options = Options::default();
        let portal = Portal::open(&self.bed.location, &options, keys, settings, blobs, self.now).unwrap();
        Hook { portal, ..self.hook.clone() }
    }

    /// The same portal, its database opened once more.
    pub fn reopened(self) -> Bench {
        self.reopened_with(Settings::new("https://portal.test"))
    }

    /// The same with other settings.
    pub fn reopened_with(self, settings: Settings) -> Bench {
        let Bench { engine, hook, bed } = self;
        let Hook { portal, user, id, secret, address, now, hop, version, key } = hook;
        let blobs = portal.core().blobs.clone();
        drop(portal);
        let keys = Keys::derive(&[7; 32]);
        let portal = Portal::open(&bed.location, &Options::default(), keys, settings, blobs, now).unwrap();
        Bench { engine, hook: Hook { portal, user, id, secret, address, now, hop, version, key }, bed }
    }

    /// Does what is due of a kind of job so many seconds after [`NOW`], as the worker does it; how many steps that took.
    pub fn work(&self, kind: &str, seconds: i64) -> usize {
        static NUMBER: AtomicI64 = AtomicI64::new(1 << 40);
        let at = |seconds: i64| Moment((NOW + seconds) * 1_000_000);
        let (now, until) = (at(seconds), at(seconds + 60));
        let (core, lease) =
            (self.portal.core().clone(), Lease { number: NUMBER.fetch_add(1, SeqCst), until });
        let claimed = self.write(move |tx| timetable::claim(tx, core.modules, 100, lease, Now::same(now)));
        let mut steps = 0;
        for leased in claimed.into_iter().filter(|leased| leased.job.kind == kind) {
            let mut progress = Progress::More(leased);
            while let Progress::More(leased) = progress {
                progress = self.portal.run_job(leased, until, now).wait().unwrap();
                steps += 1;
            }
            assert!(matches!(progress, Progress::Ended), "{progress:?}");
        }
        steps
    }
}

impl Hook {
    /// Another webhook of a user.
    pub fn hook_of(&self, user: i64, scopes: &str) -> Hook {
        hook(&self.portal, user, scopes, self.now)
    }

    /// A new user who is no administrator, in the root department, with a webhook.
    pub fn employee(&self, email: &str, scopes: &str) -> Hook {
        let new = NewUser { email: email.into(), ..NewUser::default() };
        let id = self.write(move |tx| user::create(tx, &new, Moment(NOW * 1_000_000)));
        self.hook_of(id, scopes)
    }

    /// Whatever has this secret of that user's; not known to be a webhook.
    pub fn with(&self, user: i64, secret: Secret) -> Hook {
        Hook { user, id: 0, secret, ..self.clone() }
    }

    /// The same webhook, its calls coming from there.
    pub fn from(&self, address: &str) -> Hook {
        Hook { address: address.parse().unwrap(), ..self.clone() }
    }

    /// The same webhook, its calls coming in at that Unix second.
    pub fn at(&self, seconds: i64) -> Hook {
        Hook { now: Moment(seconds * 1_000_000), ..self.clone() }
    }

    /// The same webhook, calling in REST 3.0.
    pub fn v3(&self) -> Hook {
        Hook { version: Version::V3, ..self.clone() }
    }

    /// The same webhook, its calls coming with this `Idempotency-Key`.
    pub fn once(&self, key: &str) -> Hook {
        Hook { key: Some(Key::read(key.as_bytes()).unwrap()), ..self.clone() }
    }

    /// The same webhook, its calls coming after so many events in a chain.
    pub fn after(&self, hop: u8) -> Hook {
        Hook { hop, ..self.clone() }
    }

    /// Calls a method and gives its `result`.
    pub fn ask(&self, method: &str, params: serde_json::Value) -> Result<serde_json::Value, Fault> {
        self.page(method, params).map(|page| page.result)
    }

    /// Calls a method that must succeed and gives its `result`.
    #[track_caller]
    pub fn get(&self, method: &str, params: serde_json::Value) -> serde_json::Value {
        let asked = format!("{method} {params}");
        self.ask(method, params).unwrap_or_else(|fault| panic!("{asked}: {fault:?}"))
    }

    /// Calls a method that must fail: status, code and description.
    #[track_caller]
    pub fn refused(&self, method: &str, params: serde_json::Value) -> (u16, String, String) {
        let asked = format!("{method} {params}");
        match self.ask(method, params) {
            Ok(result) => panic!("{asked}: {result}"),
            Err(fault) => (fault.status, fault.code.into_owned(), fault.message.into_owned()),
        }
    }

    /// Calls a method and gives its result with total and next.
    pub fn page(&self, method: &str, json: serde_json::Value) -> Result<Page, Fault> {
        let mut done = self.call(method, json).map_err(|error| self.worded(error.into_fault()))?;
        if let Some(fault) = done.reply.fault.take() {
            return Err(self.worded(fault));
        }
        Ok(Page { result: to_json(&done.reply.result), total: done.reply.total, next: done.reply.next })
    }

    /// A fault as the version has it.
    fn worded(&self, fault: Fault) -> Fault {
        if self.version == Version::V3 { wire::exception::of(fault) } else { fault }
    }

    /// Calls a method and gives all that came of it.
    #[allow(clippy::needless_pass_by_value, reason = "reads well with json! at the call")]
    pub fn call(&self, method: &str, json: serde_json::Value) -> portal::Result<Done> {
        self.send(method, params(&json))
    }

    /// The same with parameters as they come off the wire.
    pub fn send(&self, method: &str, params: Map) -> portal::Result<Done> {
        let request = Request {
            credentials: Some((self.user.to_string().into(), self.secret.clone())),
            version: self.version,
            method: method.to_owned(),
            key: self.key.clone(),
            params,
            address: self.address,
            https: true,
            received: self.now,
            hop: self.hop,
            seen: std::sync::Arc::default(),
        };
        self.portal.call(request).wait()
    }

    /// Makes an outbound webhook for a user and gives its number.
    pub fn try_told(&self, owner: i64, told: OutboundInput) -> portal::Result<i64> {
        let (core, fresh, now) = (self.portal.core().clone(), Fresh::random(), self.now);
        let input = Input { outbound: Some(told), ..named(OUT_HOOK) };
        let job = move |tx: &mut Tx<'_>| {
            let id = integration::make(tx, context(&core, owner, now), &input, &fresh)?;
            Ok(integration::find(tx, id)?.unwrap().outbound.unwrap().id)
        };
        self.portal.core().store.write(job).wait()
    }

    /// Makes an integration with both parts for a user, and gives the number of its outbound webhook.
    pub fn both(&self, owner: i64, scopes: &str, events: &[&str]) -> i64 {
        let (core, fresh, now) = (self.portal.core().clone(), Fresh::random(), self.now);
        let scopes = scopes.split(',').map(str::to_owned).collect();
        let inbound = Some(hooks::Input { scopes, ..hooks::Input::default() });
        let input = Input { inbound, outbound: Some(input(events)), ..named(IN_HOOK) };
        self.write(move |tx| {
            let id = integration::make(tx, context(&core, owner, now), &input, &fresh)?;
            Ok(integration::find(tx, id)?.unwrap().outbound.unwrap().id)
        })
    }

    /// Deletes the integration of an outbound webhook.
    pub fn forget(&self, outbound: i64) {
        let (core, now) = (self.portal.core().clone(), self.now);
        self.write(move |tx| {
            let found = integration::of_outbound(tx, outbound)?.unwrap();
            integration::delete(tx, context(&core, found.user_id, now), found.id)
        });
    }

    /// The same for the administrator, to whom it must be allowed.
    pub fn told(&self, input: OutboundInput) -> i64 {
        self.try_told(1, input).unwrap()
    }

    /// What was raised for an outbound webhook, in order: the event and its decoded `data`.
    pub fn raised(&self, id: i64) -> Vec<(String, serde_json::Value)> {
        let filter = Filter { outbound_id: Some(id), ..Filter::default() };
        let logged = self.read(move |tx| log::search(tx, &filter, 1000)).deliveries;
        let decoded = logged.into_iter().rev().map(|(delivery, _)| {
            let form = form::decode(delivery.data.as_bytes(), &Limits::default());
            (delivery.event, form.get("data").map_or(json!(null), to_json))
        });
        decoded.collect()
    }

    /// Runs a job that writes, beside all methods.
    pub fn write<T: Send + 'static>(
        &self,
        job: impl Fn(&mut Tx<'_>) -> portal::Result<T> + Send + 'static,
    ) -> T {
        self.portal.core().store.write(job).wait().unwrap()
    }

    /// Runs a job that reads, beside all methods.
    pub fn read<T: Send + 'static>(
        &self,
        job: impl Fn(&mut Tx<'_>) -> portal::Result<T> + Send + 'static,
    ) -> T {
        self.portal.core().store.read(job).wait().unwrap()
    }
}

/// An outbound webhook for these events, with the usual settings.
pub fn input(events: &[&str]) -> OutboundInput {
    OutboundInput {
        handler_url: "https://handler.example/in".into(),
        events: events.iter().map(|event| (*event).to_owned()).collect(),
        retries: Policy::default(),
        ordered: false,
        active: true,
        extras: Default::default(),
        pickup: false,
        skip_own: false,
        only: BTreeMap::new(),
        tell_changed: false,
        limits: Default::default(),
    }
}

/// A value of the wire as JSON.
pub fn to_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => json!(null),
        Value::Bool(b) => json!(b),
        Value::Int(i) => json!(i),
        Value::Float(f) => json!(f),
        Value::Str(s) => json!(s.as_str()),
        Value::List(list) => list.iter().map(to_json).collect(),
        Value::Map(map) => map.iter().map(|(key, value)| (key.to_owned(), to_json(value))).collect(),
        Value::Opaque => json!({}),
    }
}

/// Removes contents that nobody names, so many days after now.
pub fn collect(hook: &Hook, days: u64) -> Collected {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let now = Moment(i64::try_from((now + Duration::from_secs(days * 86_400)).as_micros()).unwrap());
    store::block_on(collect::all(hook.portal.core(), now)).unwrap()
}

/// The content of a file, whole.
pub fn content(portal: &Portal, key: &str) -> Vec<u8> {
    store::block_on(async {
        let (mut reading, mut content) = (portal.core().blobs.read(key, None).await.unwrap(), Vec::new());
        while let Some(part) = reading.next().await {
            content.extend_from_slice(&part.unwrap());
        }
        content
    })
}
