//! What the handlers have received.

use it::crowd::{Answer, Handler};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// A run that takes longer than this has come to a stop.
const PATIENCE: Duration = Duration::from_secs(300);

/// A delivery that arrived.
#[derive(Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) at: Instant,
    /// What the event is about.
    pub(crate) item: u64,
}

/// The deliveries of several handlers, in the order in which they arrived.
#[derive(Clone, Default)]
pub(crate) struct Arrivals(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    seen: Vec<Seen>,
    wanted: usize,
    body: String,
}

impl Arrivals {
    /// A handler that takes everything.
    pub(crate) fn handler(&self) -> Handler {
        let arrivals = self.clone();
        Box::new(move |arrival| {
            let mut state = arrivals.state();
            if state.body.is_empty() {
                arrival.body.clone_into(&mut state.body);
            }
            state.seen.push(Seen { at: arrival.at, item: arrival.item().unwrap_or_default() });
            if state.seen.len() == state.wanted {
                arrivals.0.1.notify_all();
            }
            Answer::OK
        })
    }

    /// Waits until that many are there, or more, and takes them all.
    pub(crate) fn wait_for(&self, count: usize) -> Result<Vec<Seen>, String> {
        let mut state = self.state();
        state.wanted = count;
        let waited = self.0.1.wait_timeout_while(state, PATIENCE, |state| state.seen.len() < count);
        let (mut state, timeout) = waited.expect("no panic while it is locked");
        match timeout.timed_out() {
            true => Err(format!("only {} of {count} deliveries arrived", state.seen.len())),
            false => Ok(std::mem::take(&mut state.seen)),
        }
    }

    /// Takes those that are there.
    pub(crate) fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut self.state().seen)
    }

    /// The body of the first of all.
    pub(crate) fn body(&self) -> String {
        self.state().body.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().expect("no panic while it is locked")
    }
}
