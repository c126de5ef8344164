//! Calls that take long: each is a warning in the log, and they are counted.

use std::sync::Arc;
use std::time::{Duration, Instant};

use portal::calls::Seen;

use crate::metrics::Metrics;
use crate::traces;

/// From when on a call is slow, and who counts such.
#[derive(Clone)]
pub struct Slow {
    /// `None` when nobody wants to know.
    limit: Option<Duration>,
    metrics: Arc<Metrics>,
}

/// A call whose time runs. What its client needed to send it is not counted, which is its own affair.
pub struct Watch {
    began: Instant,
    method: &'static str,
    seen: Arc<Seen>,
}

impl Watch {
    /// Begins as the call is performed.
    pub fn begin(method: &'static str, seen: &Arc<Seen>) -> Watch {
        Watch { began: Instant::now(), method, seen: Arc::clone(seen) }
    }
}

impl Slow {
    /// Calls that take so many milliseconds or more; with 0, none.
    pub fn new(millis: u32, metrics: Arc<Metrics>) -> Slow {
        let limit = (millis > 0).then(|| Duration::from_millis(millis.into()));
        Slow { limit, metrics }
    }

    /// The call was performed, and is answered with this status. No parameter is told, nor what was answered.
    pub fn ended(&self, watch: &Watch, status: u16) {
        traces::performed(watch.method, &watch.seen);
        let took = watch.began.elapsed();
        if self.limit.is_none_or(|limit| took < limit) {
            return;
        }
        self.metrics.slow_call();
        let (work, webhook) = (watch.seen.work(), watch.seen.webhook());
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        tracing::warn!(
            method = watch.method,
            webhook = webhook.map(|webhook| webhook.hook_id),
            ms = millis(took),
            sql_ms = millis(work.time),
            statements = work.statements,
            rows = work.rows,
            status,
            "a slow call"
        );
    }
}
