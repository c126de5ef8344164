//! Shows people what the scheduler does: every few seconds, and only while there is anything to show.

use std::time::Duration;

use portal::Portal;
use portal::outbound::pace;
use portal::outbound::queue::Leased;
use store::{Pending, Tx};
use tokio::time::Instant;

use super::super::scheduler::Scheduler;
use crate::clock;

const INTERVAL: Duration = Duration::from_secs(3);
/// Handlers that are shown at most, those with most to do.
const MAX: usize = 100;

/// What was shown.
pub(super) struct Showing {
    node: i64,
    at: Option<Instant>,
    is_empty: bool,
    /// The write that is under way; nobody waits for it.
    writing: Option<Pending<portal::Result<()>>>,
}

impl Showing {
    pub(super) fn new(node: i64) -> Self {
        Showing { node, at: None, is_empty: true, writing: None }
    }

    /// Shows it, if it is time.
    pub(super) fn show(&mut self, portal: &Portal, scheduler: &mut Scheduler<Leased>) {
        if self.at.is_some_and(|at| at.elapsed() < INTERVAL) {
            return;
        }
        let (now, steady) = (clock::now(portal.core()), clock::steady());
        let mut paces = scheduler.paces(MAX, steady);
        // People are told the portal's time.
        let ahead = now.0.saturating_sub(steady.0);
        for until in paces.iter_mut().filter_map(|pace| pace.paused.as_mut()) {
            until.0 = until.0.saturating_add(ahead);
        }
        if paces.is_empty() && self.is_empty {
            return;
        }
        self.at = Some(Instant::now());
        self.is_empty = paces.is_empty();
        let node = self.node;
        let job = move |tx: &mut Tx<'_>| pace::publish(tx, node, &paces, now);
        self.writing = Some(portal.core().store.write_lightly(job));
    }
}
