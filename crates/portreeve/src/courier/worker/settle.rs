//! Outcomes of deliveries, on their way to the disk.

use std::sync::Arc;
use std::time::Duration;

use portal::outbound::policy::{self, Policy, Try, Verdict, verdict};
use portal::outbound::queue::{self, Lane, Leased, LinedUp, Settled, Written};
use portal::usage::Kind;
use portal::{Moment, Shared, modules};
use store::Tx;
use tokio::time::Instant;

use super::{Answer, Done, Worker, later};
use crate::clock;
use crate::courier::batch::Batch;
use crate::courier::scheduler::Ended;
use crate::courier::targets::{Opened, Ready};

/// The longest time for which a handler is left alone because it asked for it.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

/// What is written, and the answer to come.
pub(super) type Settling = (Arc<Batch>, Answer<Outcomes>);

/// What follows from what was written.
type Outcomes = Result<(Written, LinedUp), Past>;

/// Nothing was written: the portal was brought back to another time since, and this is how it is now.
pub(super) struct Past(Shared);

impl Worker {
    /// Takes note of how a delivery ended.
    pub(super) fn conclude(&mut self, done: Done) {
        let Done { queue, leased, opened, outcome, era } = done;
        self.sending[queue as usize] -= 1;
        let (now, steady) = (clock::now(self.portal.core()), clock::steady());
        if era != self.era {
            return self.scheduler.ended(leased.outbound_id, leased.lane, Ended::Unsent, steady);
        }
        let (ended, judged, retry_after) = match &outcome.result {
            Ok(answer) => {
                let status = answer.status.as_u16();
                (Ended::of(status), policy::Outcome::Status(status), answer.retry_after)
            }
            Err(failure) if failure.is_silence() => (Ended::Silent, policy::Outcome::Failed, None),
            Err(_) => (Ended::Answered, policy::Outcome::Failed, None),
        };
        self.scheduler.ended(leased.outbound_id, leased.lane, ended, steady);
        if let Some(asked) = retry_after {
            let until = later(steady, asked.min(LONGEST_PAUSE));
            self.batch.give_back(self.scheduler.pause(leased.outbound_id, until, steady));
        }
        let jitter = if ended == Ended::Taken { 0.0 } else { jitter() };
        // By the clock that the log of this try goes by, which may have been set since: `queue::set_back` compares the two.
        let ended_at = later(outcome.started, outcome.took);
        let tried =
            Try { raised: leased.raised, attempts: leased.attempts, retry_after, jitter, now: ended_at };
        let verdict = if leased.is_test {
            verdict(judged, &tried, &Policy::once())
        } else {
            verdict(judged, &tried, &opened.handler.policy)
        };
        self.metrics.attempt(leased.outbound_id, leased.lane, outcome.word());
        if verdict == Verdict::Delivered {
            self.metrics.delivered(leased.lane, Duration::from_micros(now.0.abs_diff(leased.raised.0)));
        }
        self.count(&leased, &opened, &verdict, now);
        let settled = Settled {
            id: leased.id,
            outbound_id: leased.outbound_id,
            lease: leased.lease.number,
            is_first: leased.attempts == 0,
            is_test: leased.is_test,
            attempt: outcome.attempt(&opened.ready.as_ref().map(Ready::secrets).unwrap_or_default()),
            verdict,
        };
        // The next event of its object may wait for this.
        let is_awaited = opened.handler.ordered && self.followed.contains(&leased.outbound_id);
        self.batch.settle(settled, is_awaited);
    }

    /// Counts what has ended for the statistics.
    fn count(&self, leased: &Leased, opened: &Opened, verdict: &Verdict, now: Moment) {
        let kind = match verdict {
            Verdict::Delivered => Kind::Delivered,
            Verdict::Dead | Verdict::Gone => Kind::GivenUp,
            Verdict::Retry { .. } | Verdict::Later { .. } => return,
        };
        if self.portal.era() != self.era {
            return;
        }
        // An event of another version of the program has no name here.
        if let Some(event) = modules().event(&leased.event) {
            self.portal.counts().note(opened.handler.integration_id, kind, &event.name, now);
        }
    }

    /// Writes what has ended, when it is time for that and no such write is under way.
    pub(super) fn settle(&mut self) {
        let is_time = self.writes_at().is_some_and(|at| self.stopping || at <= Instant::now());
        if !is_time {
            return;
        }
        let batch = Arc::new(self.batch.take());
        let (core, written, now) =
            (Arc::clone(self.portal.core()), Arc::clone(&batch), clock::now(self.portal.core()));
        let era = self.era;
        let job = move |tx: &mut Tx<'_>| {
            let shared = core.current(tx)?;
            if shared.meta.era != era {
                return portal::Result::Ok(Err(Past(shared)));
            }
            queue::give_back(tx, &written.unsent, now)?;
            written.slowed.iter().try_for_each(|(leased, due)| queue::slow_down(tx, leased, *due))?;
            let ended = queue::settle(tx, &core, &written.settled, now)?;
            let lined_up = if written.lines_up { queue::line_up(tx, now)? } else { LinedUp::default() };
            Ok(Ok((ended, lined_up)))
        };
        self.settling = Some((batch, self.portal.core().store.write(job)));
    }

    pub(super) fn settled(&mut self, answer: portal::Result<Outcomes>) {
        let Some((batch, _)) = self.settling.take() else { return };
        let (written, lined_up) = match answer {
            Ok(Ok(both)) => both,
            Ok(Err(Past(shared))) => {
                self.turn_to(&shared);
                return self.batch.give_back(batch.unsent.iter().cloned());
            }
            Err(error) => {
                tracing::error!(%error, "outcomes of deliveries could not be written");
                self.stuck = true;
                return self.batch.put_back(&batch);
            }
        };
        for id in written.disabled {
            tracing::warn!(
                outbound = id,
                "an outbound webhook was switched off: its handler is gone, or failed for too long"
            );
            self.batch.give_back(self.scheduler.recall(id));
        }
        // As long as something moves up behind what ends, what comes next is in a hurry.
        for one in &batch.settled {
            self.followed.remove(&one.outbound_id);
        }
        self.followed.extend(&written.moved_up);
        if lined_up.more {
            self.batch.line_up();
        }
        for id in written.moved_up.into_iter().chain(lined_up.outbounds) {
            Lane::ALL.into_iter().for_each(|lane| self.scheduler.hear(id, lane));
        }
        batch.unsent.iter().for_each(|one| self.scheduler.hear(one.outbound_id, one.lane));
    }

    /// Outcomes that are known and not on the disk.
    pub(super) fn unwritten(&self) -> usize {
        let writing = self.settling.as_ref().map_or(0, |(batch, _)| batch.settled.len());
        self.batch.settled.len() + writing
    }

    /// When outcomes are to be written; `None` while there are none, or others are being written.
    pub(super) fn writes_at(&self) -> Option<Instant> {
        self.batch.due().filter(|_| self.settling.is_none() && !self.stuck)
    }
}

/// From 0 to 1.
fn jitter() -> f64 {
    getrandom::u32().map_or(0.5, |random| f64::from(random) / f64::from(u32::MAX))
}
