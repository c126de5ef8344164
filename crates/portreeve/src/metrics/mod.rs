//! Figures for Prometheus, in the text format of OpenMetrics. No label says a URL, a name or a secret.

mod process;
mod server;
mod webhooks;

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use portal::outbound::figures;
use portal::outbound::queue::{self, Depth, Lane};
use portal::{Moment, Portal};
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use store::{Gauges, Tx};

use crate::clock;

pub use server::serve;

/// Bounds of the latency histogram in seconds: from a handler next door to the last retry of a slow day.
const LATENCIES: [f64; 16] = [
    0.001, 0.002, 0.004, 0.006, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0, 300.0, 3600.0, 21_600.0,
    86_400.0,
];

type Labels<const N: usize> = [(&'static str, &'static str); N];
type Seconds = Gauge<f64, AtomicU64>;

/// The metrics of the program.
pub struct Metrics {
    registry: Registry,
    attempts: Family<Labels<2>, Counter>,
    latency: Family<Labels<1>, Histogram, fn() -> Histogram>,
    sending: Family<Labels<1>, Gauge>,
    waiting: Family<Labels<1>, Gauge>,
    leased: Family<Labels<1>, Gauge>,
    oldest_due: Family<Labels<1>, Seconds>,
    by_webhook: webhooks::Attempts,
    slow_calls: Counter,
    started: Moment,
}

impl Default for Metrics {
    fn default() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(LATENCIES);
        let mut metrics = Metrics {
            registry: Registry::with_prefix("portreeve"),
            attempts: Family::default(),
            latency: Family::new_with_constructor(histogram),
            sending: Family::default(),
            waiting: Family::default(),
            leased: Family::default(),
            oldest_due: Family::default(),
            by_webhook: webhooks::Attempts::default(),
            slow_calls: Counter::default(),
            started: clock::machine(),
        };
        metrics.register_deliveries();
        let calls = metrics.registry.sub_registry_with_prefix("call");
        calls.register(
            "slow",
            "Calls that took as long as --slow-call says, or longer",
            metrics.slow_calls.clone(),
        );
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        metrics.registry.register("build", "The program", build);
        // Known from the start, so that nothing looks as if it were missing.
        for lane in Lane::ALL {
            drop(metrics.latency.get_or_create(&labels(lane)));
            metrics.sending(lane, 0);
        }
        metrics
    }
}

impl Metrics {
    fn register_deliveries(&mut self) {
        let registry = self.registry.sub_registry_with_prefix("delivery");
        let help = "Tries to deliver an event, by how they ended";
        registry.register("attempts", help, self.attempts.clone());
        let help = "From the change to the answer of the handler that took it";
        registry.register_with_unit("latency", help, Unit::Seconds, self.latency.clone());
        registry.register("sending", "Requests to handlers under way", self.sending.clone());
        registry.register("waiting", "Deliveries that wait, due or not", self.waiting.clone());
        registry.register("leased", "Deliveries that a courier holds", self.leased.clone());
        let help = "How long ago the event happened that waits longest, apart from what a person paused";
        registry.register_with_unit("oldest_due", help, Unit::Seconds, self.oldest_due.clone());
    }

    /// Counts a try for a webhook; `outcome` is a short word, one of few.
    pub fn attempt(&self, webhook: i64, lane: Lane, outcome: &'static str) {
        self.by_webhook.note(webhook, outcome);
        self.attempts.get_or_create(&[("lane", lane.name()), ("outcome", outcome)]).inc();
    }

    /// Counts a call that took long.
    pub fn slow_call(&self) {
        self.slow_calls.inc();
    }

    /// Counts a delivery that arrived that long after the change behind it.
    pub fn delivered(&self, lane: Lane, latency: Duration) {
        self.latency.get_or_create(&labels(lane)).observe(latency.as_secs_f64());
    }

    /// Notes how many requests are under way in a lane.
    pub fn sending(&self, lane: Lane, count: usize) {
        self.sending.get_or_create(&labels(lane)).set(count as i64);
    }

    /// Everything, with the figures of the portal and of the process as they are now.
    pub async fn render(&self, portal: &Portal) -> Result<String, RenderError> {
        let job = |tx: &mut Tx<'_>| Ok::<_, portal::Error>((queue::depth(tx)?, figures::all(tx)?));
        let (depths, webhooks) = portal.core().store.read(job).await.map_err(RenderError::Portal)?;
        let now = clock::now(portal.core());
        for (lane, depth) in Lane::ALL.into_iter().zip(depths) {
            self.note_depth(lane, depth, now);
        }
        let mut moment = Registry::with_prefix("portreeve");
        webhooks::register(&mut moment, &self.by_webhook, &webhooks, now);
        register_store(&mut moment, portal.core().store.gauges());
        let mut system = Registry::default();
        process::register(&mut system, self.started);
        let mut text = String::new();
        for registry in [&self.registry, &moment, &system] {
            encode_registry(&mut text, registry).map_err(RenderError::Format)?;
        }
        encode_eof(&mut text).map_err(RenderError::Format)?;
        Ok(text)
    }

    fn note_depth(&self, lane: Lane, depth: Depth, now: Moment) {
        self.waiting.get_or_create(&labels(lane)).set(depth.waiting);
        self.leased.get_or_create(&labels(lane)).set(depth.leased);
        let overdue = depth.oldest.map_or(0, |oldest| (now.0 - oldest.0).max(0));
        self.oldest_due.get_or_create(&labels(lane)).set(overdue as f64 / 1e6);
    }
}

fn register_store(registry: &mut Registry, store: Gauges) {
    let registry = registry.sub_registry_with_prefix("store");
    for (name, help, count) in [
        ("write_queue", "Writes that wait", store.write_queue as u64),
        ("read_queue", "Reads that wait", store.read_queue as u64),
        ("connections", "Connections to PostgreSQL", store.connections),
        ("connections_busy", "Connections to PostgreSQL that are in use", store.busy),
    ] {
        registry.register(name, help, ConstGauge::new(count as i64));
    }
    for (name, help, count) in [
        ("commits", "Commits since the start", store.groups),
        ("writes", "Writes in those commits", store.grouped),
        ("retries", "Writes that were run again after a conflict", store.retries),
        ("long_reads", "Reads that got a thread of their own", store.long_reads),
        ("refused", "Jobs that were refused because of too many others", store.refused),
        ("connects", "Connections to PostgreSQL that were opened", store.connects),
    ] {
        registry.register(name, help, ConstCounter::new(count));
    }
}

fn labels(lane: Lane) -> Labels<1> {
    [("lane", lane.name())]
}

/// Why the figures could not be written down.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The queue could not be counted
    #[error("the queue of deliveries could not be counted: {0}")]
    Portal(portal::Error),
    /// The text could not be made
    #[error(transparent)]
    Format(fmt::Error),
}
