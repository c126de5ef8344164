//! The one task that decides: claims, hands out, gathers and settles, again and again.

mod claim;
mod settle;
mod showing;

use std::collections::HashSet;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use portal::clock::{Now, Shift};
use portal::faults::{Effect, Hit};
use portal::outbound::queue::{self, Due, Lane, Leased};
use portal::outbound::{Auth, Handlers};
use portal::{Moment, Portal, Shared};
use store::{Pending, Tx};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::task::yield_now;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until};
use tracing::Instrument;

use super::Pokes;
use super::batch::Batch;
use super::failure::Failure;
use super::loops::{Loops, Turn};
use super::options::Options;
use super::scheduler::{Ended, Queue, Scheduler};
use super::send::{Outcome, Parcel, Sender};
use super::targets::{Opened, Targets};
use crate::clock;
use crate::metrics::Metrics;
use crate::traces;
use claim::Claiming;
use settle::Settling;
use showing::Showing;

/// How often the queue is looked through for what nobody told us of: retries that are due, and what other
/// processes put there.
const POLL: Duration = Duration::from_secs(1);
/// Outcomes that are taken note of at once.
const AT_ONCE: usize = 128;
/// While so many outcomes are not written, nothing more is sent: what is sent and not written is sent twice after a
/// crash, and a store that is slower than the handlers must not make that many.
const MAX_UNWRITTEN: usize = 256;
/// While things that cannot wait come, handlers that are well never wait for the claims and outcomes of others ..
const PRESSED: Share = Share { unwritten: 64, claimed: 128 };
/// .. and when none came lately, a backlog goes as fast as its handlers take it.
const UNPRESSED: Share = Share { unwritten: 192, claimed: 1024 };
const LATELY: Duration = Duration::from_millis(100);
/// What can wait is sent in portions: a first try that comes meanwhile has no more than one before it. While
/// anything that cannot wait is under way, a portion goes out so often.
const PORTION: usize = 16;
const PACE: Duration = Duration::from_millis(5);

/// How long at most an event of a circle waits while the clock is frozen: it holds its lease meanwhile.
const FROZEN_PAUSE: Duration = Duration::from_secs(10);

/// What is left to what can wait.
#[derive(Clone, Copy)]
struct Share {
    /// While there are so many unwritten outcomes of whatever was sent, it is not sent.
    unwritten: usize,
    /// So much of it is claimed at once.
    claimed: usize,
}

/// The courier's state.
pub(super) struct Worker {
    portal: Portal,
    sender: Arc<Sender>,
    scheduler: Scheduler<Leased>,
    targets: Targets,
    auth: Arc<Auth>,
    /// The era of everything here; see [`portal::meta::Meta::begin_era`].
    era: i64,
    metrics: Arc<Metrics>,
    timeout: Duration,
    done: (UnboundedSender<Done>, UnboundedReceiver<Done>),
    /// Deliveries under way, by [`Queue`].
    sending: [usize; 2],
    /// When what can wait may go on although something else is under way.
    patient_at: Instant,
    /// When something that cannot wait was sent last.
    prompt_at: Option<Instant>,
    /// By [`Queue`]: what can wait is claimed apart, so that nothing else waits for that.
    claiming: [Option<Claiming>; 2],
    settling: Option<Settling>,
    looking: Option<Answer<Looked>>,
    batch: Batch,
    loops: Loops,
    /// How the portal's clock went when we last looked.
    clock: Shift,
    /// Webhooks of which something moved up lately, when what was before it had ended.
    followed: HashSet<i64>,
    /// What people are shown of all this.
    showing: Showing,
    /// Whether the store refused a batch; it is tried again at the next look.
    stuck: bool,
    stopping: bool,
}

/// What holds, where something is due, and whether something is to be lined up.
type Looked = (Shared, Vec<Due>, bool);
type Answer<T> = Pending<portal::Result<T>>;

/// A delivery that was tried.
struct Done {
    queue: Queue,
    leased: Leased,
    opened: Arc<Opened>,
    outcome: Outcome,
    /// The era in which it was sent.
    era: i64,
}

impl Worker {
    pub(super) fn new(
        portal: Portal,
        sender: Arc<Sender>,
        mut scheduler: Scheduler<Leased>,
        options: &Options,
        metrics: Arc<Metrics>,
        node: i64,
    ) -> Self {
        let shared = portal.core().shared();
        let (auth, shown) = (Arc::new(Auth::of(&shared)), shared.meta.clock);
        portal.handover().begin(options.lease(), clock::both(portal.core()).machine);
        scheduler.limit(Handlers::of(&shared.meta).limits());
        Worker {
            portal,
            sender,
            scheduler,
            era: shared.meta.era,
            targets: Targets::new(shared.meta),
            auth,
            metrics,
            timeout: options.sending.timeout(),
            done: unbounded_channel(),
            sending: [0, 0],
            patient_at: Instant::now(),
            prompt_at: None,
            claiming: [None, None],
            settling: None,
            looking: None,
            batch: Batch::default(),
            loops: Loops::default(),
            clock: shown,
            followed: HashSet::new(),
            showing: Showing::new(node),
            stuck: false,
            stopping: false,
        }
    }

    /// Works until `stop` is closed and nothing is under way any more.
    pub(super) async fn run(mut self, pokes: &Pokes, mut stop: watch::Receiver<()>) {
        let mut looks = interval(POLL);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut done = Vec::new();
        loop {
            let more = self.hand_out();
            self.settle();
            self.show_room();
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
                () = pokes.bell.notified() => self.poked(pokes),
                _ = looks.tick() => self.look(),
                () = yield_now(), if more => {}
                () = alarm => {}
            }
        }
    }

    /// Sends whatever may be sent now, and claims more; of what can wait a portion at most, and not all the time.
    /// Whether there may be more to send at once.
    fn hand_out(&mut self) -> bool {
        let now = clock::both(self.portal.core());
        self.send_next(Queue::Prompt, usize::MAX, MAX_UNWRITTEN, now);
        self.claim(Queue::Prompt, usize::MAX);
        let mut more = false;
        if self.is_patients_turn() {
            let share = self.patients_share();
            more = self.send_next(Queue::Patient, PORTION, share.unwritten, now);
            self.claim(Queue::Patient, share.claimed);
        }
        more && !self.is_pressed()
    }

    /// Whether something that cannot wait is under way.
    fn is_pressed(&self) -> bool {
        let prompt = Queue::Prompt;
        self.sending[prompt as usize] > 0
            || self.claiming[prompt as usize].is_some()
            || self.scheduler.is_waiting(prompt)
    }

    fn is_patients_turn(&mut self) -> bool {
        let now = Instant::now();
        let is_turn = !self.is_pressed() || self.patient_at <= now;
        if is_turn {
            self.patient_at = now + PACE;
        }
        is_turn
    }

    fn patients_share(&self) -> Share {
        let was_lately = self.prompt_at.is_some_and(|at| at.elapsed() < LATELY);
        if was_lately { PRESSED } else { UNPRESSED }
    }

    /// Sends so many of a queue, while fewer outcomes than that are unwritten; whether it sent them all.
    fn send_next(&mut self, queue: Queue, most: usize, unwritten: usize, now: Now) -> bool {
        for _ in 0..most {
            if self.unwritten() >= unwritten {
                return false;
            }
            let Some(leased) = self.scheduler.next(queue, clock::steady()) else { return false };
            self.dispatch(queue, leased, now);
        }
        true
    }

    /// Sends a delivery, unless its handler is gone or its lease ends too soon.
    fn dispatch(&mut self, queue: Queue, leased: Leased, now: Now) {
        let (id, lane) = (leased.outbound_id, leased.lane);
        let core = self.portal.core();
        let opened = self.targets.open(id, &core.keys, &core.settings().guard);
        match opened.filter(|_| later(now.machine, self.timeout) < leased.lease.until) {
            Some(opened) => {
                let opened = Arc::clone(opened);
                let struck = self.strike(&leased, opened.handler.integration_id, now);
                let mut pause = struck.as_ref().map_or(Duration::ZERO, |hit| hit.pause);
                let steady = Now { machine: clock::steady(), ..now };
                if let Turn::After { wait, is_first } = self.loops.turn(&leased, steady) {
                    if is_first {
                        warn_of_loop(&leased);
                    }
                    if !self.portal.core().clock().is_frozen() {
                        return self.slow_down(leased, wait, now);
                    }
                    // No time comes at which it would be due.
                    pause = pause.max(wait.min(FROZEN_PAUSE));
                }
                self.sending[queue as usize] += 1;
                if queue == Queue::Prompt {
                    self.prompt_at = Some(Instant::now());
                }
                let left = leased.lease.until.0.saturating_sub(later(now.machine, self.timeout).0);
                let pause = pause.min(Duration::from_micros(left.max(0).unsigned_abs()));
                self.send(queue, leased, opened, (pause, struck));
            }
            None => {
                self.scheduler.ended(id, lane, Ended::Unsent, clock::steady());
                self.batch.give_back([leased]);
            }
        }
    }

    /// Has a delivery wait, since a handler is told of one object too often.
    fn slow_down(&mut self, leased: Leased, wait: Duration, now: Now) {
        self.scheduler.ended(leased.outbound_id, leased.lane, Ended::Unsent, clock::steady());
        self.batch.slow_down(leased, later(now.portal, wait));
    }

    /// The fault rule that hits a delivery. What a person tries out is left alone.
    fn strike(&self, leased: &Leased, integration_id: i64, now: Now) -> Option<Hit> {
        let meta = self.targets.meta();
        let asked = || self.portal.strike_delivery(meta, integration_id, &leased.event, now.portal);
        if leased.is_test { None } else { asked() }
    }

    fn send(
        &self,
        queue: Queue,
        leased: Leased,
        opened: Arc<Opened>,
        (pause, struck): (Duration, Option<Hit>),
    ) {
        let (sender, auth) = (Arc::clone(&self.sender), Arc::clone(&self.auth));
        let (done, core, era) = (self.done.0.clone(), Arc::clone(self.portal.core()), self.era);
        let span = traces::delivery(&leased);
        let attempt = async move {
            if !pause.is_zero() {
                sleep(pause).await;
            }
            let now = clock::now(&core);
            let effect = struck.as_ref().and_then(|hit| hit.effect.as_ref());
            let mut outcome = match &opened.ready {
                _ if effect == Some(&Effect::Fail) => Outcome::unsent(now, Failure::Forced),
                Ok(ready) => {
                    let parcel =
                        Parcel { traceparent: traces::header(), ..ready.parcel(&leased, &auth, now) };
                    let outcome = sender.send(&ready.address, &parcel, now).await;
                    if effect == Some(&Effect::Double) {
                        let _ = sender.send(&ready.address, &parcel, now).await;
                    }
                    outcome
                }
                Err(failure) => Outcome::unsent(now, failure.clone()),
            };
            outcome.rule = struck.map(|hit| hit.rule);
            traces::delivered(
                outcome.result.as_ref().ok().map(|answer| answer.status.as_u16()),
                outcome.word(),
            );
            // Nobody listens any more when a stop took too long.
            let _ = done.send(Done { queue, leased, opened, outcome, era });
        };
        tokio::spawn(attempt.instrument(span));
    }

    /// Asks where something is due, and gives back what was leased for us and did not come.
    fn look(&mut self) {
        self.stuck = false;
        self.portal.handover().goes_on(clock::both(self.portal.core()).machine);
        self.batch.give_back(self.portal.handover().strays());
        Lane::ALL.into_iter().for_each(|lane| self.metrics.sending(lane, self.scheduler.sending(lane)));
        self.showing.show(&self.portal, &mut self.scheduler);
        if self.looking.is_none() && !self.stopping {
            let core = Arc::clone(self.portal.core());
            let job =
                move |tx: &mut Tx<'_>| Ok((core.current(tx)?, queue::due(tx)?, queue::has_arrived(tx)?));
            self.looking = Some(self.portal.core().store.read(job));
        }
    }

    /// What lies ready for a handler that was switched off meanwhile, or whose owner was dismissed, goes back.
    fn looked(&mut self, answer: portal::Result<Looked>) {
        self.looking = None;
        match answer {
            Ok((shared, dues, has_arrived)) => {
                self.turn_to(&shared);
                let now = clock::now(self.portal.core());
                if has_arrived {
                    self.batch.line_up();
                }
                dues.into_iter()
                    .filter(|due| due.earliest <= now)
                    .for_each(|due| self.scheduler.hear(due.outbound_id, due.lane));
            }
            Err(error) => tracing::error!(%error, "the queue of deliveries could not be read"),
        }
    }

    fn stop(&mut self) {
        self.stopping = true;
        self.portal.handover().end();
        self.batch.give_back(self.scheduler.clear());
    }

    /// Tells those who raise events for whom there is room. When it stops, there is none.
    fn show_room(&mut self) {
        let handover = &self.portal.handover();
        let news = self.scheduler.news().filter(|_| !self.stopping);
        news.for_each(|(id, is_open)| handover.set(id, is_open));
    }

    fn is_idle(&self) -> bool {
        self.sending == [0, 0]
            && self.claiming.iter().all(Option::is_none)
            && self.settling.is_none()
            && self.batch.due().is_none()
    }

    /// Comes when it is time for something to be sent or written.
    fn alarm(&self) -> impl Future<Output = ()> + use<> {
        let wait = self
            .scheduler
            .wakes()
            .map(|at| Duration::from_micros(at.0.saturating_sub(clock::steady().0).max(0).unsigned_abs()));
        let at = wait.map(|wait| Instant::now() + wait);
        let turn = Some(self.patient_at).filter(|_| self.scheduler.is_waiting(Queue::Patient));
        let at = at.into_iter().chain(self.writes_at()).chain(turn).min();
        async move {
            match at {
                Some(at) => sleep_until(at).await,
                None => pending().await,
            }
        }
    }
}

fn warn_of_loop(leased: &Leased) {
    tracing::warn!(
        outbound = leased.outbound_id,
        object = leased.object.as_str(),
        event = leased.event.as_str(),
        "more than 60 events a minute of one object for one handler: they are slowed down; it may change what it is told of"
    );
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
