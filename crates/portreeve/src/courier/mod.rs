//! The courier: takes deliveries out of the queue and to their handlers (DESIGN 4).
//!
//! One task decides ([`worker`]), by the rules of the [`scheduler`]; each request is a task of its own; the queue is
//! read and written in short transactions for many deliveries at once, and none is open while something is
//! sent. A crash between sending and settling sends twice, never not at all.

mod alerts;
pub mod answer;
mod batch;
mod certificate;
mod connect;
mod failure;
mod forward;
mod forwarder;
pub mod kept_headers;
mod loops;
mod options;
mod proxy;
mod reach;
mod resolve;
mod scheduler;
mod send;
mod targets;
mod trust;
mod upkeep;
mod worker;

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use anyhow::Result;
use hyper::header::HeaderValue;
use parking_lot::Mutex;
use portal::outbound::Raised;
use portal::outbound::handover::Handed;
use portal::outbound::queue::Lane;
use portal::{Portal, keys};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::mail::Mailer;
use crate::metrics::Metrics;
use crate::traces;
use alerts::Alerts;
use connect::{Connector, Guards};
use resolve::Names;
use scheduler::{Rules, Scheduler};
use send::Sender;
use trust::Trust;
use worker::Worker;

pub use alerts::Tried;
pub use failure::Failure;
pub use forward::forward_once;
pub use forwarder::{Anywhere, Forwarder, anywhere, outside};
pub use options::{Options, SendOptions};
pub use reach::Reach;
pub use send::Parcel;
pub use trust::read_certificates;

/// The courier of a portal. A clone is another handle of the same one.
#[derive(Clone, Default)]
pub struct Courier {
    pokes: Arc<Pokes>,
    agent: Option<HeaderValue>,
    sender: Option<Arc<Sender>>,
    alerts: Option<Arc<Alerts>>,
    stop: Option<watch::Receiver<()>>,
    /// Tells its node from others.
    node: i64,
}

/// What has come in since the courier last looked.
#[derive(Default)]
struct Pokes {
    lanes: Mutex<HashSet<(i64, Lane)>>,
    handed: Mutex<Vec<Handed>>,
    /// Whether something is to be lined up.
    arrived: AtomicBool,
    bell: Notify,
    /// Told when deliveries were claimed or settled.
    moved: watch::Sender<()>,
}

/// Tells whoever looks on that deliveries move.
pub struct Observer {
    moved: watch::Receiver<()>,
    stop: Option<watch::Receiver<()>>,
}

impl Observer {
    /// Waits until deliveries were claimed or settled, but no longer than that. False when the program stops.
    pub async fn wait(&mut self, most: Duration) -> bool {
        let stopped = async {
            match &mut self.stop {
                // Nothing is ever sent: that the other end is closed is the signal.
                Some(stop) => _ = stop.changed().await,
                None => pending().await,
            }
        };
        tokio::select! {
            () = stopped => false,
            // The courier's handles hold the other end.
            _ = self.moved.changed() => true,
            () = sleep(most) => true,
        }
    }
}

impl Courier {
    /// Begins to work, until `stop` is closed and what is under way then has ended; the second thing given is
    /// that end. `alone` says that no other courier works on this database, so that every lease found there
    /// is of a courier that is no more.
    ///
    /// # Errors
    /// When name resolution or TLS cannot be set up.
    pub fn start(
        portal: Portal,
        options: &Options,
        alone: bool,
        metrics: Arc<Metrics>,
        stop: watch::Receiver<()>,
    ) -> Result<(Courier, JoinHandle<()>)> {
        let sending = &options.sending;
        if options.no_deliveries {
            return Ok(Courier::idle(portal, sending, stop));
        }
        let rules = Rules::of(options.limits());
        let node = i64::from_le_bytes(keys::random());
        // Many webhooks may have handlers on one host.
        let sender = Arc::new(sender(&portal, sending, scheduler::ROOM_IN_ALL[0])?);
        let mailer = Mailer::new(sending.handler_ca.as_deref())?;
        let alerts = Arc::new(Alerts::new(portal.clone(), Arc::clone(&sender), mailer));
        let worker =
            Worker::new(portal.clone(), Arc::clone(&sender), Scheduler::new(rules), options, metrics, node);
        let agent = Some(sending.handler_agent.clone());
        let telling = Arc::clone(&alerts);
        let (alerts, stopped) = (Some(alerts), Some(stop.clone()));
        let courier =
            Courier { pokes: Arc::default(), agent, sender: Some(sender), alerts, stop: stopped, node };
        let pokes = Arc::clone(&courier.pokes);
        let work = async move {
            if !portal.core().settings().outbound_available() {
                tracing::info!("without an active licence outbound webhooks do not fire");
            }
            if alone {
                upkeep::release_all(&portal).await;
            }
            let aside = [tokio::spawn(upkeep::keep(portal)), tokio::spawn(telling.keep())];
            worker.run(&pokes, stop).await;
            aside.iter().for_each(JoinHandle::abort);
        };
        Ok((courier, tokio::spawn(work)))
    }

    /// One that sends nothing, until `stop` is closed: what there is to be sent waits.
    fn idle(
        portal: Portal,
        sending: &SendOptions,
        mut stop: watch::Receiver<()>,
    ) -> (Courier, JoinHandle<()>) {
        tracing::warn!("nothing is sent to outbound webhooks (--no-deliveries): their events wait");
        let agent = Some(sending.handler_agent.clone());
        let courier = Courier { agent, stop: Some(stop.clone()), ..Courier::default() };
        let work = async move {
            let upkeep = tokio::spawn(upkeep::keep(portal));
            // Nothing is ever sent: that the other end is closed is the signal.
            _ = stop.changed().await;
            upkeep.abort();
        };
        (courier, tokio::spawn(work))
    }

    /// Looks on from here.
    pub fn look_on(&self) -> Observer {
        Observer { moved: self.pokes.moved.subscribe(), stop: self.stop.clone() }
    }

    /// The number by which its node is told from others where it shows its [pace](portal::outbound::pace).
    pub fn node(&self) -> i64 {
        self.node
    }

    /// Who tells people; nobody where nothing is sent.
    pub fn alerts(&self) -> Option<&Arc<Alerts>> {
        self.alerts.as_ref()
    }

    /// The headers with which a parcel is sent, by name; of whatever a handler may not be sent, none.
    pub fn headers(&self, parcel: &Parcel) -> Vec<(String, String)> {
        let agent = self.agent.clone().unwrap_or(HeaderValue::from_static(""));
        let headers = parcel.headers(agent).unwrap_or_default();
        headers
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect()
    }

    /// Takes over what a change raised, which has committed.
    pub fn carry(&self, mut raised: Raised) {
        if let Some(trace) = traces::here().filter(|_| !raised.handed.is_empty()) {
            raised.handed.iter_mut().for_each(|handed| handed.traced(&trace));
        }
        if !raised.handed.is_empty() {
            self.pokes.handed.lock().extend(raised.handed);
            self.pokes.bell.notify_one();
        }
        if raised.arrived {
            self.pokes.arrived.store(true, Relaxed);
            self.pokes.bell.notify_one();
        }
        self.hear(Lane::First, &raised.waiting);
    }

    /// Puts back into the queue what came after the courier had ended; to be called when nobody raises anything any
    /// more. Otherwise it would wait until its lease runs out.
    pub async fn clear(&self, portal: &Portal) {
        self.pokes.handed.lock().clear();
        upkeep::give_back(portal).await;
    }

    /// Does at once with what is held of webhooks that work as was decided for them; otherwise it would be done within
    /// seconds.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn release(&self, portal: &Portal) -> Result<(), portal::Error> {
        let outbounds: Vec<i64> = upkeep::release(portal).await?.into_iter().collect();
        Lane::ALL.into_iter().for_each(|lane| self.poke(lane, &outbounds));
        Ok(())
    }

    /// Has whoever looks on look again: the portal was brought to another state.
    pub fn look(&self) {
        self.pokes.moved.send_replace(());
    }

    /// Says that something is due in this lane of these outbound webhooks: events are first tries, what a person
    /// sends again are retries. Without it they would be found within a second.
    pub fn poke(&self, lane: Lane, outbound_ids: &[i64]) {
        self.pokes.arrived.store(true, Relaxed);
        self.hear(lane, outbound_ids);
    }

    fn hear(&self, lane: Lane, outbound_ids: &[i64]) {
        if outbound_ids.is_empty() {
            return;
        }
        self.pokes.lanes.lock().extend(outbound_ids.iter().map(|id| (*id, lane)));
        self.pokes.bell.notify_one();
    }
}

/// The client for handlers of a portal, which keeps so many unused connections to each host.
fn sender(portal: &Portal, sending: &SendOptions, idle: usize) -> Result<Sender> {
    let (core, known) = (Arc::clone(portal.core()), Arc::clone(portal.core()));
    let guard: Guards = Arc::new(move || Arc::clone(&known.settings().guard));
    let trust = Trust::of_system(sending.handler_ca.as_deref())?;
    let trust = trust.with(Arc::new(move || Arc::clone(&core.settings().handler_ca)));
    let names = Names::new(&sending.handler_dns)?;
    let connector = Connector::new(names, guard).through(sending.proxies()?).with_tls(trust)?;
    Ok(Sender::new(connector, sending.handler_agent.clone(), sending.timeout(), idle))
}
