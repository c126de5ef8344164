//! What a collector that is down or slow costs: so many spans in memory, and a line in the log.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use opentelemetry::Context;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{BatchSpanProcessor, Span, SpanData, SpanProcessor};
use parking_lot::Mutex;

/// How long all has gone well when that is said.
const CALM: Duration = Duration::from_secs(60);

/// Spans that wait, and how many were lost.
#[derive(Debug)]
pub(super) struct Bound {
    most: usize,
    waiting: AtomicUsize,
    lost: AtomicU64,
}

impl Bound {
    pub(super) fn of(most: usize) -> Self {
        Bound { most, waiting: AtomicUsize::new(0), lost: AtomicU64::new(0) }
    }

    fn admits(&self) -> bool {
        if self.waiting.fetch_add(1, Relaxed) < self.most {
            return true;
        }
        self.waiting.fetch_sub(1, Relaxed);
        self.lost.fetch_add(1, Relaxed);
        false
    }
}

/// Takes spans in while there is room.
#[derive(Debug)]
pub(super) struct Bounded {
    within: BatchSpanProcessor,
    bound: Arc<Bound>,
}

impl Bounded {
    pub(super) fn new(within: BatchSpanProcessor, bound: Arc<Bound>) -> Self {
        Bounded { within, bound }
    }
}

impl SpanProcessor for Bounded {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        if span.span_context.is_sampled() && self.bound.admits() {
            self.within.on_end(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.within.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.within.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.within.set_resource(resource);
    }
}

/// Sends spans, and says once when some are lost.
#[derive(Debug)]
pub(super) struct Watched {
    exporter: SpanExporter,
    bound: Arc<Bound>,
    trouble: Mutex<Option<Trouble>>,
}

#[derive(Debug)]
struct Trouble {
    lost: u64,
    last: Instant,
}

impl Watched {
    pub(super) fn new(exporter: SpanExporter, bound: Arc<Bound>) -> Self {
        Watched { exporter, bound, trouble: Mutex::default() }
    }

    fn note(&self, lost: u64, error: Option<String>) {
        let mut trouble = self.trouble.lock();
        match &mut *trouble {
            Some(known) if lost > 0 => *known = Trouble { lost: known.lost + lost, last: Instant::now() },
            Some(known) if known.last.elapsed() >= CALM => {
                tracing::info!(lost = known.lost, "the collector takes all traces again");
                *trouble = None;
            }
            None if lost > 0 => {
                let error = error.unwrap_or_else(|| "it takes fewer than there are".to_owned());
                tracing::warn!(error, "the collector does not take all traces: spans are lost");
                *trouble = Some(Trouble { lost, last: Instant::now() });
            }
            _ => {}
        }
    }
}

impl opentelemetry_sdk::trace::SpanExporter for Watched {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let count = batch.len();
        self.bound.waiting.fetch_sub(count, Relaxed);
        let sent = self.exporter.export(batch).await;
        let failed = if sent.is_err() { count as u64 } else { 0 };
        let error = sent.as_ref().err().map(ToString::to_string);
        self.note(self.bound.lost.swap(0, Relaxed) + failed, error);
        sent
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_wait_than_may() {
        let bound = Bound::of(2);
        assert_eq!([(); 4].map(|()| bound.admits()), [true, true, false, false]);
        assert_eq!((bound.waiting.fetch_sub(1, Relaxed), bound.lost.swap(0, Relaxed)), (2, 2));
        assert_eq!([(); 2].map(|()| bound.admits()), [true, false]);
    }
}
