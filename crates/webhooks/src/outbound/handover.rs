//! The short way to the courier: a first try that is leased by the change which raises it, and handed over once that
//! has committed. A [claim](super::queue::claim) is a write of its own, and what waits for the writer waits for the
//! disk; so whatever the courier has room for goes without one. Everything else waits in the queue.

use std::collections::HashSet;
use std::mem::take;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering::Relaxed};
use std::time::Duration;

use parking_lot::{Mutex, RwLock};

use super::handler::Listener;
use super::queue::{Lease, Leased};
use engine::keys;
use engine::meta::Meta;
use engine::moment::Moment;

/// What the courier of this process would take: whatever it has not said it has no room for. Where none works, nothing
/// is handed over.
#[derive(Debug, Default)]
pub struct Handover {
    /// Whether a courier works here.
    works: AtomicBool,
    /// The webhooks that it has no room for.
    full: RwLock<HashSet<i64>>,
    /// Microseconds for which it holds what it takes.
    term: AtomicI64,
    /// What the machine's clock showed when the courier last looked.
    machine: AtomicI64,
    /// The number of the lease before the next one.
    last: AtomicI64,
    /// What was leased and reached nobody.
    stray: Mutex<Vec<Leased>>,
}

impl Handover {
    /// Begins: whatever the courier takes is leased for so long. The machine's clock shows `machine`.
    pub fn begin(&self, term: Duration, machine: Moment) {
        self.goes_on(machine);
        self.term.store(i64::try_from(term.as_micros()).unwrap_or(i64::MAX), Relaxed);
        // No other courier's lease has such a number; that of one has as many after it as it likes.
        self.last.store((u64::from_le_bytes(keys::random()) >> 2) as i64, Relaxed);
        self.works.store(true, Relaxed);
    }

    /// The courier is at work, and the machine's clock shows that. To be told every other second: leases go by it, since
    /// nobody freezes or moves it.
    pub fn goes_on(&self, machine: Moment) {
        self.machine.store(machine.0, Relaxed);
    }

    /// Says whether there is room for more first tries of a webhook.
    pub fn set(&self, outbound_id: i64, is_open: bool) {
        let mut full = self.full.write();
        _ = if is_open { full.remove(&outbound_id) } else { full.insert(outbound_id) };
    }

    /// Ends: from here on everything waits in the queue.
    pub fn end(&self) {
        self.works.store(false, Relaxed);
    }

    /// The lease of a first try for a listener, when there is room; never for one that fetches its deliveries itself. What
    /// turns out to have something of its object before it waits for that all the same.
    pub(super) fn lease(&self, listener: &Listener) -> Option<Lease> {
        let is_open = || self.works.load(Relaxed) && !self.full.read().contains(&listener.outbound_id);
        (!listener.listens && is_open()).then(|| self.new_lease())
    }

    /// A lease from now on that no other courier has, nor this one before.
    pub fn new_lease(&self) -> Lease {
        let number = self.last.fetch_add(1, Relaxed) + 1;
        Lease { number, until: Moment(self.machine.load(Relaxed).saturating_add(self.term.load(Relaxed))) }
    }

    /// What was leased and reached nobody, to be [given back](super::queue::give_back): the client had hung up, or the
    /// change was undone and there is no such delivery.
    pub fn strays(&self) -> Vec<Leased> {
        take(&mut *self.stray.lock())
    }
}

/// A first try on its way to the courier. When it is dropped, it is among the [strays](Handover::strays).
pub struct Handed {
    /// What the change knew of handlers.
    pub meta: Arc<Meta>,
    leased: Option<Leased>,
    handover: Arc<Handover>,
}

impl Handed {
    pub(super) fn new(leased: Leased, meta: &Arc<Meta>, handover: &Arc<Handover>) -> Self {
        Handed { meta: Arc::clone(meta), leased: Some(leased), handover: Arc::clone(handover) }
    }

    /// It is part of a trace; see [`Leased::trace`].
    pub fn traced(&mut self, trace: &Arc<str>) {
        if let Some(leased) = &mut self.leased {
            leased.trace = Some(Arc::clone(trace));
        }
    }

    /// Takes it out, to be sent or given back.
    pub fn take(mut self) -> Option<Leased> {
        self.leased.take()
    }
}

impl Drop for Handed {
    fn drop(&mut self) {
        self.handover.stray.lock().extend(self.leased.take());
    }
}

impl std::fmt::Debug for Handed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Handed").field(&self.leased).finish()
    }
}
