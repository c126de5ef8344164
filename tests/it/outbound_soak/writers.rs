//! The load: leads, half of them one by one and half in batches of fifty, so many a second.

use it::Hook;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::thread::park_timeout;
use std::time::{Duration, Instant};

/// Connections that write at the same time.
pub const WRITERS: usize = 8;

/// The title of leads that were changed.
pub const CHANGED: &str = "Changed";

/// How many leads one batch adds.
const BATCH: usize = 50;

/// A lead that the portal said it had added.
pub struct Written {
    pub id: u64,
    /// When it had said so.
    pub at: Instant,
}

/// Says when each change is to be made.
pub struct Pace {
    begun: Instant,
    rate: f64,
    next: AtomicUsize,
    over: Arc<AtomicBool>,
}

impl Pace {
    pub fn new(rate: f64, over: Arc<AtomicBool>) -> Pace {
        Pace { begun: Instant::now(), rate, next: AtomicUsize::new(0), over }
    }

    /// Waits for the turn of the next `count` changes; false when no more are wanted.
    fn wait(&self, count: usize) -> bool {
        let number = self.next.fetch_add(count, Ordering::Relaxed);
        let at = self.begun + Duration::from_secs_f64(number as f64 / self.rate);
        while let Some(left) = at.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
            park_timeout(left);
        }
        !self.over.load(Ordering::Relaxed)
    }
}

/// Writes until the server is gone or the pace says that it is enough.
pub fn write_until_it_breaks(hook: &Hook, pace: &Pace, acknowledge: &Sender<Written>) {
    loop {
        for _ in 0..BATCH {
            if !pace.wait(1) {
                return;
            }
            let lead = json!({"fields": {"TITLE": "One of many"}});
            let Some(reply) = hook.attempt("crm.lead.add", lead) else { return };
            let (at, id) = (Instant::now(), reply.result().as_u64().unwrap());
            acknowledge.send(Written { id, at }).unwrap();
            // Some are changed at once, which is told after that they were added.
            if id.is_multiple_of(4) {
                let change = json!({"id": id, "fields": {"TITLE": CHANGED}});
                if hook.attempt("crm.lead.update", change).is_none() {
                    return;
                }
            }
        }
        if !pace.wait(BATCH) {
            return;
        }
        let commands = vec!["crm.lead.add?fields[TITLE]=One+of+a+batch"; BATCH];
        let Some(reply) = hook.attempt("batch", json!({"cmd": commands, "halt": 1})) else { return };
        let at = Instant::now();
        let sections = reply.result();
        let ids: Vec<u64> = sections["result"].as_array().unwrap().iter().filter_map(Value::as_u64).collect();
        assert_eq!(ids.len(), BATCH, "{sections}");
        ids.into_iter().for_each(|id| acknowledge.send(Written { id, at }).unwrap());
    }
}
