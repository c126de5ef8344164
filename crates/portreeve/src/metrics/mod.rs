//! Figures for Prometheus, in the text format of OpenMetrics. No label says a URL, a name or a secret.

mod server;

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use portal::outbound::queue::{Depth, Lane};
use portal::{Moment, Portal, outbound};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
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
    store: StoreGauges,
}

#[derive(Default)]
struct StoreGauges {
    write_queue: Gauge,
    read_queue: Gauge,
    groups: Gauge,
    grouped: Gauge,
    retries: Gauge,
    long_reads: Gauge,
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
            store: StoreGauges::default(),
        };
        metrics.register_deliveries();
        metrics.register_store();
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
        let help = "How long the delivery that waits longest has been due";
        registry.register_with_unit("oldest_due", help, Unit::Seconds, self.oldest_due.clone());
    }

    fn register_store(&mut self) {
        let store = &self.store;
        let registry = self.registry.sub_registry_with_prefix("store");
        registry.register("write_queue", "Writes that wait", store.write_queue.clone());
        registry.register("read_queue", "Reads that wait", store.read_queue.clone());
        registry.register("commits", "Commits since the start", store.groups.clone());
        registry.register("writes", "Writes in those commits", store.grouped.clone());
        registry.register("retries", "Writes that were run again after a conflict", store.retries.clone());
        registry.register("long_reads", "Reads that got a thread of their own", store.long_reads.clone());
    }

    /// Counts a try; `outcome` is a short word, one of few.
    pub fn attempt(&self, lane: Lane, outcome: &'static str) {
        self.attempts.get_or_create(&[("lane", lane.name()), ("outcome", outcome)]).inc();
    }

    /// Counts a delivery that arrived that long after the change behind it.
    pub fn delivered(&self, lane: Lane, latency: Duration) {
        self.latency.get_or_create(&labels(lane)).observe(latency.as_secs_f64());
    }

    /// Notes how many requests are under way in a lane.
    pub fn sending(&self, lane: Lane, count: usize) {
        self.sending.get_or_create(&labels(lane)).set(count as i64);
    }

    /// Everything, with the figures of the portal's store as they are now.
    pub async fn render(&self, portal: &Portal) -> Result<String, RenderError> {
        self.note_store(portal.core().store.gauges());
        let depths = portal.core().store.read(|tx: &mut Tx<'_>| outbound::queue::depth(tx)).await;
        let now = clock::now();
        for (lane, depth) in Lane::ALL.into_iter().zip(depths.map_err(RenderError::Portal)?) {
            self.note_depth(lane, depth, now);
        }
        let mut text = String::new();
        encode(&mut text, &self.registry).map_err(RenderError::Format)?;
        Ok(text)
    }

    fn note_depth(&self, lane: Lane, depth: Depth, now: Moment) {
        self.waiting.get_or_create(&labels(lane)).set(depth.waiting);
        self.leased.get_or_create(&labels(lane)).set(depth.leased);
        let overdue = depth.oldest.map_or(0, |oldest| (now.0 - oldest.0).max(0));
        self.oldest_due.get_or_create(&labels(lane)).set(overdue as f64 / 1e6);
    }

    fn note_store(&self, gauges: Gauges) {
        self.store.write_queue.set(gauges.write_queue as i64);
        self.store.read_queue.set(gauges.read_queue as i64);
        self.store.groups.set(gauges.groups as i64);
        self.store.grouped.set(gauges.grouped as i64);
        self.store.retries.set(gauges.retries as i64);
        self.store.long_reads.set(gauges.long_reads as i64);
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
