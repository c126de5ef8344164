//! Getting deliveries: those that are claimed from the queue, and those that come leased from the change that raised
//! them.

use std::mem::take;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use portal::Shared;
use portal::outbound::handover::Handed;
use portal::outbound::queue::{self, Leased, Want};
use portal::outbound::{Auth, Handlers};
use store::Tx;

use super::{Answer, Loops, Worker};
use crate::clock;
use crate::courier::Pokes;
use crate::courier::scheduler::Queue;

/// What was asked for, and the answer to come.
pub(super) type Claiming = (Vec<Want>, Answer<Claimed>);

/// The result of a claim.
pub(super) struct Claimed {
    shared: Shared,
    leased: Vec<Leased>,
}

impl Worker {
    /// Takes note of what is due, and takes what comes leased already.
    pub(super) fn poked(&mut self, pokes: &Pokes) {
        pokes.lanes.lock().drain().for_each(|(id, lane)| self.scheduler.hear(id, lane));
        take(&mut *pokes.handed.lock()).into_iter().for_each(|handed| self.receive(handed));
        if pokes.arrived.swap(false, Relaxed) {
            self.batch.line_up();
        }
    }

    /// Puts it among what lies ready. Not when its change knew something else of handlers than we do: whether that is
    /// newer or older nobody can tell, so it goes back, and the next claim shows what holds.
    fn receive(&mut self, handed: Handed) {
        let era = handed.meta.era;
        if era > self.era {
            self.turn_to(&self.portal.core().shared());
        }
        let is_known = self.targets.shows(&handed.meta);
        let Some(leased) = handed.take() else { return };
        if era < self.era {
            return;
        }
        if is_known && !self.stopping {
            self.scheduler.put(leased.outbound_id, leased);
        } else {
            self.batch.give_back([leased]);
        }
    }

    /// Leases more of a queue, so much at most, unless such a claim is under way.
    pub(super) fn claim(&mut self, queue: Queue, most: usize) {
        if self.claiming[queue as usize].is_some() || self.stopping {
            return;
        }
        let now = clock::both(self.portal.core());
        let wants = self.scheduler.wants(queue, most, clock::steady());
        if wants.is_empty() {
            return;
        }
        let (core, asked) = (Arc::clone(self.portal.core()), wants.clone());
        let lease = self.portal.handover().new_lease();
        let job = move |tx: &mut Tx<'_>| {
            let shared = core.current(tx)?;
            // Without an active licence outbound webhooks do not fire.
            let sends = |want: &&Want| {
                let ours =
                    Handlers::of(&shared.meta).get(want.outbound_id).is_some_and(|handler| !handler.listens);
                ours && shared.settings.outbound_available()
            };
            let wants: Vec<Want> = asked.iter().filter(sends).copied().collect();
            let leased = queue::claim(tx, &wants, lease, now.portal)?;
            portal::Result::Ok(Claimed { shared, leased })
        };
        // A lease that a crash of the machine undoes is no loss: the delivery is due again, as it would be anyway.
        self.claiming[queue as usize] = Some((wants, self.portal.core().store.write_lightly(job)));
    }

    /// Goes by what a transaction saw of handlers.
    pub(super) fn turn_to(&mut self, shared: &Shared) {
        if shared.meta.era < self.era {
            return;
        }
        if shared.meta.era > self.era {
            self.begin_era(shared.meta.era);
        }
        self.auth = Arc::new(Auth::of(shared));
        let jump = shared.meta.clock.jumped(self.clock, clock::both(self.portal.core()).machine);
        self.clock = shared.meta.clock;
        if jump > 0 {
            self.scheduler.skip(jump);
        }
        if !self.targets.shows(&shared.meta) {
            self.scheduler.limit(Handlers::of(&shared.meta).limits());
        }
        for id in self.targets.turn_to(Arc::clone(&shared.meta)) {
            self.scheduler.forgive(id);
            self.batch.give_back(self.scheduler.recall(id));
        }
    }

    /// Forgets whatever is about deliveries of another time: there are no such rows any more, or they are others.
    fn begin_era(&mut self, era: i64) {
        self.era = era;
        self.scheduler.forget();
        // A lease is given back by its number, which no row of another time has; and it may be of this time.
        let unsent = take(&mut self.batch).unsent;
        self.batch.give_back(unsent);
        self.loops = Loops::default();
        self.followed.clear();
    }

    pub(super) fn claimed(&mut self, queue: Queue, answer: portal::Result<Claimed>) {
        let Some((wants, _)) = self.claiming[queue as usize].take() else { return };
        let mut leased = match answer {
            Ok(claimed) => {
                self.turn_to(&claimed.shared);
                if claimed.shared.meta.era == self.era { claimed.leased } else { Vec::new() }
            }
            Err(error) => {
                tracing::error!(%error, "deliveries could not be claimed");
                Vec::new()
            }
        };
        if self.stopping {
            self.batch.give_back(leased.drain(..));
        }
        let mut leased = leased.into_iter().peekable();
        for want in wants {
            let its = |one: &Leased| one.outbound_id == want.outbound_id && one.lane == want.lane;
            let items = std::iter::from_fn(|| leased.next_if(its)).collect();
            self.scheduler.stock(want, items);
        }
    }
}
