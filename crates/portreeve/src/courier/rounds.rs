//! The one task that decides: claims, hands out, gathers and settles, again and again.

use std::collections::BTreeSet;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use portal::outbound::Auth;
use portal::outbound::policy::{self, Verdict, verdict};
use portal::outbound::queue::{self, Due, Lane, Leased, Settled, Want};
use portal::registry::registry;
use portal::usage::Kind;
use portal::{Moment, Portal, Shared};
use store::{Pending, Tx};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::task::yield_now;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use super::Pokes;
use super::batch::Batch;
use super::book::{Book, Opened, Ready};
use super::desk::{Desk, Ended, Queue};
use super::options::Options;
use super::send::{Outcome, Sender};
use crate::clock;
use crate::metrics::Metrics;

/// How often the queue is looked through for what nobody told us of: retries that are due, and what other
/// processes put there.
const LOOK: Duration = Duration::from_secs(1);
/// Outcomes that are taken note of at once.
const AT_ONCE: usize = 128;
/// While so many outcomes are not written, nothing more is sent: what is sent and not written is sent twice after a
/// crash, and a store that is slower than the handlers must not make that many.
const MOST_UNWRITTEN: usize = 128;
/// Of those, what can wait may make so many: handlers that are well never wait for the outcomes of others.
const MOST_PATIENT_UNWRITTEN: usize = 64;
/// What can wait is sent in portions: a first try that comes meanwhile has no more than one before it. While
/// anything that cannot wait is under way, a portion goes out so often.
const PORTION: usize = 16;
const PACE: Duration = Duration::from_millis(5);
/// The longest time for which a handler is left alone because it asked for it.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

/// The courier's state.
pub(super) struct Rounds {
    portal: Portal,
    sender: Arc<Sender>,
    desk: Desk<Leased>,
    book: Book,
    auth: Arc<Auth>,
    metrics: Arc<Metrics>,
    timeout: Duration,
    lease: Duration,
    done: (UnboundedSender<Done>, UnboundedReceiver<Done>),
    /// Deliveries under way, by [`Queue`].
    sending: [usize; 2],
    /// When what can wait may go on although something else is under way.
    patient_at: Instant,
    /// By [`Queue`]: what can wait is claimed apart, so that nothing else waits for that.
    claiming: [Option<Claiming>; 2],
    settling: Option<(Arc<Batch>, Answer<Vec<i64>>)>,
    looking: Option<Answer<Vec<Due>>>,
    batch: Batch,
    /// Whether the store refused a batch; it is tried again at the next look.
    stuck: bool,
    stopping: bool,
}

type Answer<T> = Pending<portal::Result<T>>;

/// What was asked for, and the answer to come.
type Claiming = (Vec<Want>, Answer<Claimed>);

/// A delivery that was tried.
struct Done {
    queue: Queue,
    leased: Leased,
    opened: Arc<Opened>,
    outcome: Outcome,
}

/// What a claim brought.
struct Claimed {
    shared: Shared,
    leased: Vec<Leased>,
}

impl Rounds {
    pub(super) fn new(
        portal: Portal,
        sender: Sender,
        desk: Desk<Leased>,
        options: &Options,
        metrics: Arc<Metrics>,
    ) -> Self {
        let auth = Arc::new(portal.core().shared().auth());
        Rounds {
            portal,
            sender: Arc::new(sender),
            desk,
            book: Book::default(),
            auth,
            metrics,
            timeout: options.manner.timeout(),
            lease: options.lease(),
            done: unbounded_channel(),
            sending: [0, 0],
            patient_at: Instant::now(),
            claiming: [None, None],
            settling: None,
            looking: None,
            batch: Batch::default(),
            stuck: false,
            stopping: false,
        }
    }

    /// Works until `stop` is closed and nothing is under way any more.
    pub(super) async fn run(mut self, pokes: &Pokes, mut stop: watch::Receiver<()>) {
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut done = Vec::new();
        loop {
            let more = self.hand_out();
            self.settle();
            if self.stopping && self.is_idle() {
                return;
            }
            let alarm = self.alarm();
            let [prompt, patient] = &mut self.claiming;
            tokio::select! {
                _ = stop.changed(), if !self.stopping => self.stop(),
                _ = self.done.1.recv_many(&mut done, AT_ONCE) => {
                    done.drain(..).for_each(|done| self.conclude(done));
                }
                answer = opt(prompt.as_mut().map(|(_, answer)| answer)) => {
                    self.claimed(Queue::Prompt, answer);
                    pokes.moved.send_replace(());
                }
                answer = opt(patient.as_mut().map(|(_, answer)| answer)) => {
                    self.claimed(Queue::Patient, answer);
                    pokes.moved.send_replace(());
                }
                answer = opt(self.settling.as_mut().map(|(_, answer)| answer)) => {
                    self.settled(answer);
                    pokes.moved.send_replace(());
                }
                answer = opt(self.looking.as_mut()) => self.looked(answer),
                () = pokes.bell.notified() => {
                    pokes.lanes.lock().drain().for_each(|(id, lane)| self.desk.hear(id, lane));
                }
                _ = looks.tick() => self.look(),
                () = yield_now(), if more => {}
                () = alarm => {}
            }
        }
    }

    /// Sends whatever may be sent now, and claims more; of what can wait a portion at most, and not all the time.
    /// Whether there may be more to send at once.
    fn hand_out(&mut self) -> bool {
        let now = clock::now();
        let mut more = false;
        if self.is_patients_turn() {
            more = self.send_next(Queue::Patient, PORTION, MOST_PATIENT_UNWRITTEN, now);
            self.claim(Queue::Patient);
        }
        self.send_next(Queue::Prompt, usize::MAX, MOST_UNWRITTEN, now);
        self.claim(Queue::Prompt);
        more && !self.is_pressed()
    }

    /// Whether something that cannot wait is under way.
    fn is_pressed(&self) -> bool {
        let prompt = Queue::Prompt;
        self.sending[prompt as usize] > 0
            || self.claiming[prompt as usize].is_some()
            || self.desk.is_waiting(prompt)
    }

    fn is_patients_turn(&mut self) -> bool {
        let now = Instant::now();
        let is_turn = !self.is_pressed() || self.patient_at <= now;
        if is_turn {
            self.patient_at = now + PACE;
        }
        is_turn
    }

    /// Sends so many of a queue, while fewer outcomes than that are unwritten; whether it sent them all.
    fn send_next(&mut self, queue: Queue, most: usize, unwritten: usize, now: Moment) -> bool {
        for _ in 0..most {
            if self.unwritten() >= unwritten {
                return false;
            }
            let Some(leased) = self.desk.next(queue, now) else { return false };
            self.dispatch(queue, leased, now);
        }
        true
    }

    /// Sends a delivery, unless its handler is gone or its lease ends too soon.
    fn dispatch(&mut self, queue: Queue, leased: Leased, now: Moment) {
        let (id, lane) = (leased.outbound_id, leased.lane);
        let core = self.portal.core();
        let opened = self.book.open(id, &core.keys, &core.settings().guard);
        match opened.filter(|_| later(now, self.timeout) < leased.until) {
            Some(opened) => {
                let opened = Arc::clone(opened);
                self.sending[queue as usize] += 1;
                self.send(queue, leased, opened, now);
            }
            None => {
                self.desk.ended(id, lane, Ended::Unsent);
                self.batch.give_back([leased]);
            }
        }
    }

    /// Outcomes that are known and not on the disk.
    fn unwritten(&self) -> usize {
        let writing = self.settling.as_ref().map_or(0, |(batch, _)| batch.settled.len());
        self.batch.settled.len() + writing
    }

    fn send(&self, queue: Queue, leased: Leased, opened: Arc<Opened>, now: Moment) {
        let (sender, auth) = (Arc::clone(&self.sender), Arc::clone(&self.auth));
        let done = self.done.0.clone();
        tokio::spawn(async move {
            let outcome = match &opened.ready {
                Ok(ready) => sender.send(&ready.address, &ready.parcel(&leased, &auth, now)).await,
                Err(failure) => Outcome::unsent(now, failure.clone()),
            };
            // Nobody listens any more when a stop took too long.
            let _ = done.send(Done { queue, leased, opened, outcome });
        });
    }

    /// Leases more of a queue, unless such a claim is under way.
    fn claim(&mut self, queue: Queue) {
        if self.claiming[queue as usize].is_some() || self.stopping {
            return;
        }
        let now = clock::now();
        let wants = self.desk.wants(queue, now);
        if wants.is_empty() {
            return;
        }
        let (core, until) = (Arc::clone(self.portal.core()), later(now, self.lease));
        let (lease, asked) = (random_lease(), wants.clone());
        let job = move |tx: &mut Tx<'_>| {
            let shared = core.current(tx)?;
            // Without an active licence outbound webhooks do not fire.
            let sends = |want: &&Want| {
                let ours = shared.meta.handlers.get(want.outbound_id).is_some_and(|handler| !handler.listens);
                ours && shared.settings.outbound_available()
            };
            let wants: Vec<Want> = asked.iter().filter(sends).copied().collect();
            let leased = queue::claim(tx, &wants, lease, until, now)?;
            portal::Result::Ok(Claimed { shared, leased })
        };
        // A lease that a crash of the machine undoes is no loss: the delivery is due again, as it would be anyway.
        self.claiming[queue as usize] = Some((wants, self.portal.core().store.write_lightly(job)));
    }

    fn claimed(&mut self, queue: Queue, answer: portal::Result<Claimed>) {
        let Some((wants, _)) = self.claiming[queue as usize].take() else { return };
        let mut leased = match answer {
            Ok(claimed) => {
                self.auth = Arc::new(claimed.shared.auth());
                for id in self.book.turn_to(claimed.shared.meta) {
                    self.desk.forgive(id);
                    self.batch.give_back(self.desk.recall(id));
                }
                claimed.leased
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
            self.desk.stock(want, items);
        }
    }

    /// Takes note of how a delivery ended.
    fn conclude(&mut self, done: Done) {
        let Done { queue, leased, opened, outcome } = done;
        self.sending[queue as usize] -= 1;
        let now = clock::now();
        let (ended, judged, retry_after) = match &outcome.result {
            Ok(answer) if answer.status.is_success() => {
                (Ended::Taken, policy::Outcome::Status(answer.status.as_u16()), None)
            }
            Ok(answer) => {
                (Ended::Answered, policy::Outcome::Status(answer.status.as_u16()), answer.retry_after)
            }
            Err(failure) if failure.is_silence() => (Ended::Silent, policy::Outcome::Failed, None),
            Err(_) => (Ended::Answered, policy::Outcome::Failed, None),
        };
        self.desk.ended(leased.outbound_id, leased.lane, ended);
        if let Some(asked) = retry_after {
            let until = later(now, asked.min(LONGEST_PAUSE));
            self.batch.give_back(self.desk.pause(leased.outbound_id, until));
        }
        let jitter = if ended == Ended::Taken { 0.0 } else { jitter() };
        let verdict = verdict(judged, leased.attempts, &opened.handler.policy, retry_after, jitter, now);
        self.metrics.attempt(leased.lane, outcome.word());
        if verdict == Verdict::Delivered {
            self.metrics.delivered(leased.lane, Duration::from_micros(now.0.abs_diff(leased.raised.0)));
        }
        self.count(&leased, &opened, &verdict, now);
        let settled = Settled {
            id: leased.id,
            outbound_id: leased.outbound_id,
            lease: leased.lease,
            attempt: outcome.attempt(opened.ready.as_ref().map_or([""; 2], Ready::secrets)),
            verdict,
        };
        // A later event of the same object may wait for this.
        self.batch.settle(settled, opened.handler.ordered);
    }

    /// Counts what has ended for the statistics.
    fn count(&self, leased: &Leased, opened: &Opened, verdict: &Verdict, now: Moment) {
        let kind = match verdict {
            Verdict::Delivered => Kind::Delivered,
            Verdict::Dead | Verdict::Gone => Kind::GivenUp,
            Verdict::Retry { .. } => return,
        };
        // An event of another version of the program has no name here.
        if let Some(event) = registry().event(&leased.event) {
            self.portal.core().counts.note(opened.handler.integration_id, kind, &event.name, now);
        }
    }

    /// Writes what has ended, when it is time for that and no such write is under way.
    fn settle(&mut self) {
        let is_time = self.writes_at().is_some_and(|at| self.stopping || at <= Instant::now());
        if !is_time {
            return;
        }
        let batch = Arc::new(self.batch.take());
        let (core, written, now) = (Arc::clone(self.portal.core()), Arc::clone(&batch), clock::now());
        let job = move |tx: &mut Tx<'_>| {
            queue::give_back(tx, &written.unsent, now)?;
            queue::settle(tx, &core, &written.settled, now)
        };
        self.settling = Some((batch, self.portal.core().store.write(job)));
    }

    fn settled(&mut self, answer: portal::Result<Vec<i64>>) {
        let Some((batch, _)) = self.settling.take() else { return };
        match answer {
            Ok(disabled) => {
                for id in disabled {
                    tracing::warn!(
                        outbound = id,
                        "an outbound webhook was switched off: its handler is gone, or failed for too long"
                    );
                    self.batch.give_back(self.desk.recall(id));
                }
                let tried: BTreeSet<i64> = batch.settled.iter().map(|one| one.outbound_id).collect();
                // What ended may have been what a later event of the same object waited for.
                for id in tried.into_iter().filter(|id| self.book.is_ordered(*id)) {
                    Lane::ALL.into_iter().for_each(|lane| self.desk.hear(id, lane));
                }
            }
            Err(error) => {
                tracing::error!(%error, "outcomes of deliveries could not be written");
                self.stuck = true;
                self.batch.put_back(&batch);
            }
        }
    }

    /// Asks where something is due.
    fn look(&mut self) {
        self.stuck = false;
        Lane::ALL.into_iter().for_each(|lane| self.metrics.sending(lane, self.desk.sending(lane)));
        if self.looking.is_none() && !self.stopping {
            self.looking = Some(self.portal.core().store.read(queue::due));
        }
    }

    fn looked(&mut self, answer: portal::Result<Vec<Due>>) {
        self.looking = None;
        let now = clock::now();
        match answer {
            Ok(dues) => dues
                .into_iter()
                .filter(|due| due.earliest <= now)
                .for_each(|due| self.desk.hear(due.outbound_id, due.lane)),
            Err(error) => tracing::error!(%error, "the queue of deliveries could not be read"),
        }
    }

    fn stop(&mut self) {
        self.stopping = true;
        self.batch.give_back(self.desk.clear());
    }

    fn is_idle(&self) -> bool {
        self.sending == [0, 0]
            && self.claiming.iter().all(Option::is_none)
            && self.settling.is_none()
            && self.batch.due().is_none()
    }

    /// When outcomes are to be written; `None` while there are none, or others are being written.
    fn writes_at(&self) -> Option<Instant> {
        self.batch.due().filter(|_| self.settling.is_none() && !self.stuck)
    }

    /// Comes when it is time for something to be sent or written.
    fn alarm(&self) -> impl Future<Output = ()> + use<> {
        let wait = self.desk.wakes().map(|at| Duration::from_micros((at.0 - clock::now().0).max(0) as u64));
        let at = wait.map(|wait| Instant::now() + wait);
        let turn = Some(self.patient_at).filter(|_| self.desk.is_waiting(Queue::Patient));
        let at = at.into_iter().chain(self.writes_at()).chain(turn).min();
        async move {
            match at {
                Some(at) => sleep_until(at).await,
                None => pending().await,
            }
        }
    }
}

/// The answer that is waited for; never comes when there is none.
async fn opt<T>(answer: Option<&mut Answer<T>>) -> portal::Result<T> {
    match answer {
        Some(answer) => answer.await,
        None => pending().await,
    }
}

fn later(now: Moment, by: Duration) -> Moment {
    Moment(now.0.saturating_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX)))
}

/// A number that no other courier's lease has.
fn random_lease() -> i64 {
    // The system's random numbers do not fail once the program has started.
    getrandom::u64().map_or_else(|_| clock::now().0, |random| (random >> 1) as i64)
}

/// From 0 to 1.
fn jitter() -> f64 {
    getrandom::u32().map_or(0.5, |random| f64::from(random) / f64::from(u32::MAX))
}
