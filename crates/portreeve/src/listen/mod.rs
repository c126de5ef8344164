//! `portreeve listen`: a webhook for as long as somebody looks on. It fetches its deliveries itself, beside
//! the server that raises them.

mod screen;

use std::io::ErrorKind;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use portal::outbound::log::{self, Delivery};
use portal::outbound::policy::Verdict;
use portal::outbound::queue::{self, Attempt, Lane, Lease, Leased, Settled, Want};
use portal::outbound::{Auth, Secrets, listen};
use portal::{Moment, Portal};
use store::Tx;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::cli::{Listening, note, refusal};
use crate::courier::Forwarder;
use crate::outbound::check_events;
use crate::place::Place;
use crate::rules::Rules;
use crate::{clock, serve, user};
use screen::Screen;

/// How often the queue is looked at.
const POLL_INTERVAL: Duration = Duration::from_millis(100);
/// How often a sign of life is given.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// Requests to the handler at once; what is beyond waits in the queue.
const AT_ONCE: usize = 16;
/// Microseconds for which an event is ours alone: longer than any request may take.
const LEASE: i64 = 600_000_000;

/// Listens until a signal says stop, or nobody reads what is printed.
pub fn run(place: &Place, rules: &Rules, wanted: &Listening) -> Result<()> {
    let portal = rules.open_existing(place)?;
    let settings = rules.portal(&place.base_url(&portal)?);
    user::check_owner(&portal, wanted.owner)?;
    check_events(&wanted.events)?;
    let auth = Auth::new(&settings, &portal.core().shared().meta.member_id);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let stop = serve::stop_signal()?;
        let mut listener = Listener::open(portal, auth, wanted).await?;
        listener.introduce(wanted);
        let outcome = listener.work(stop).await;
        listener.close().await?;
        match outcome {
            Err(error) if is_unread(&error) => Ok(()),
            outcome => outcome,
        }
    })
}

/// Whether whoever read what we print has stopped to, as `head` does.
fn is_unread(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

/// The webhook while it listens.
struct Listener {
    portal: Portal,
    auth: Arc<Auth>,
    owner: i64,
    events: Vec<String>,
    secrets: Secrets,
    id: i64,
    /// Where events are passed on to.
    forwarder: Option<Arc<Forwarder>>,
    under_way: JoinSet<(Leased, Attempt)>,
    screen: Screen,
    heard: u64,
}

impl Listener {
    async fn open(portal: Portal, auth: Auth, wanted: &Listening) -> Result<Self> {
        let secrets = Secrets::random();
        let (keys, sending) = (&portal.core().keys, &wanted.sending);
        let forwarder = wanted.forward.as_deref().map(|url| {
            Forwarder::new(url, secrets.clone(), keys, sending).context("--forward").map(Arc::new)
        });
        let screen = Screen::new(portal.core().zone().clone(), wanted.format.json);
        let mut listener = Listener {
            portal,
            auth: Arc::new(auth),
            owner: wanted.owner,
            events: wanted.events.clone(),
            secrets,
            id: 0,
            forwarder: forwarder.transpose()?,
            under_way: JoinSet::new(),
            screen,
            heard: 0,
        };
        listener.begin().await?;
        Ok(listener)
    }

    /// Makes the webhook, when those of listeners that went without a word are gone.
    async fn begin(&mut self) -> Result<()> {
        let (core, owner, events) = (Arc::clone(self.portal.core()), self.owner, self.events.clone());
        let (secrets, now, machine) =
            (self.secrets.clone(), clock::now(self.portal.core()), clock::machine());
        let job = move |tx: &mut Tx<'_>| {
            listen::sweep(tx, machine)?;
            listen::open(tx, &core, owner, events.clone(), &secrets, now, machine)
        };
        self.id = self.portal.core().store.write(job).await.map_err(refusal)?;
        Ok(())
    }

    /// Says on standard error what a handler needs to know.
    fn introduce(&self, wanted: &Listening) {
        let events = self.events.join(", ").to_ascii_uppercase();
        match &wanted.forward {
            Some(url) => note(format_args!("Listening to {events}, posting to {url}")),
            None => note(format_args!("Listening to {events}")),
        }
        note(format_args!("application_token  {}", self.secrets.application_token));
        note(format_args!("signing_secret     {}", self.secrets.signing_secret));
        note("Ctrl-C ends it.");
    }

    async fn work(&mut self, stop: impl Future<Output = ()>) -> Result<()> {
        let (mut polls, mut heartbeats, mut stop) =
            (interval(POLL_INTERVAL), interval(HEARTBEAT), pin!(stop));
        polls.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = &mut stop => return Ok(()),
                _ = heartbeats.tick() => self.heartbeat().await?,
                _ = polls.tick() => self.look().await?,
                Some(done) = self.under_way.join_next() => {
                    let (leased, attempt) = done.context("a request broke down, which is a bug")?;
                    self.screen.answer(leased.id, &attempt)?;
                    self.settle(leased, attempt).await?;
                }
            }
        }
    }

    /// Gives a sign of life. Who gave none for too long, as while a laptop sleeps, begins anew.
    async fn heartbeat(&mut self) -> Result<()> {
        let (core, id, machine) = (Arc::clone(self.portal.core()), self.id, clock::machine());
        let job = move |tx: &mut Tx<'_>| {
            // The clock may have been shifted.
            core.current(tx)?;
            listen::heartbeat(tx, id, machine)
        };
        if self.portal.core().store.write(job).await? {
            return Ok(());
        }
        note(
            "The server ended this session because it had not answered; events since then were missed. Listening again.",
        );
        self.begin().await
    }

    /// Fetches what is there, prints it, and passes it on.
    async fn look(&mut self) -> Result<()> {
        for (leased, delivery) in self.claim().await? {
            let now = clock::now(self.portal.core());
            self.heard += 1;
            self.screen.event(&delivery)?;
            match &self.forwarder {
                Some(forwarder) => {
                    let (forwarder, auth) = (Arc::clone(forwarder), Arc::clone(&self.auth));
                    self.under_way.spawn(async move {
                        let attempt = forwarder.run(&leased, &auth, now).await;
                        (leased, attempt)
                    });
                }
                None => self.settle(leased, Attempt::at(now)).await?,
            }
        }
        Ok(())
    }

    async fn claim(&self) -> Result<Vec<(Leased, Delivery)>> {
        let (id, store) = (self.id, &self.portal.core().store);
        let count = AT_ONCE - self.under_way.len();
        // Looking first, so that a listener to whom nothing happens never holds up those who write.
        if count == 0 || !store.read(move |tx: &mut Tx<'_>| listen::is_due(tx, id)).await? {
            return Ok(Vec::new());
        }
        let now = clock::now(self.portal.core());
        // One process alone claims for this webhook, so its leases need no telling apart.
        let lease = Lease { number: id, until: Moment(clock::machine().0.saturating_add(LEASE)) };
        let job = move |tx: &mut Tx<'_>| {
            let mut found = Vec::new();
            for lane in Lane::ALL {
                let want = Want { outbound_id: id, lane, count: count - found.len() };
                for leased in queue::claim(tx, &[want], lease, now)? {
                    let Some((delivery, _)) = log::show(tx, leased.id)? else { continue };
                    found.push((leased, delivery));
                }
            }
            portal::Result::Ok(found)
        };
        Ok(store.write(job).await?)
    }

    /// Notes in the log what came of an event. A failure is not tried again: whoever looks on sees it.
    async fn settle(&self, leased: Leased, attempt: Attempt) -> Result<()> {
        let taken = attempt.error.is_none() && attempt.status.is_none_or(|status| status / 100 == 2);
        let verdict = if taken { Verdict::Delivered } else { Verdict::Dead };
        let Leased { id, outbound_id, lease, attempts, is_test, .. } = leased;
        let (lease, is_first) = (lease.number, attempts == 0);
        let settled = Settled { id, outbound_id, lease, is_first, is_test, attempt, verdict };
        let (core, now) = (Arc::clone(self.portal.core()), clock::now(self.portal.core()));
        let job = move |tx: &mut Tx<'_>| queue::settle(tx, &core, std::slice::from_ref(&settled), now);
        self.portal.core().store.write(job).await?;
        Ok(())
    }

    async fn close(&mut self) -> Result<()> {
        self.under_way.abort_all();
        let id = self.id;
        self.portal.core().store.write(move |tx: &mut Tx<'_>| listen::close(tx, id)).await?;
        let events = if self.heard == 1 { "event" } else { "events" };
        note(format_args!("Heard {} {events}.", self.heard));
        Ok(())
    }
}
