//! The worker of the timetable: runs what is due, on one of the nodes.

use std::time::{Duration, Instant};

use portal::timetable::{self, Fate, Lease, Leased, Progress};
use portal::{Error, Moment, Portal, keys};
use store::Tx;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};
use tracing::Instrument;

use crate::{clock, traces};

/// How often the worker looks for what is due. What was due while nobody looked is run late, and once.
const POLL: Duration = Duration::from_secs(2);
/// Jobs that run at once. They are short, or many short steps, so that none keeps others waiting.
const AT_ONCE: usize = 8;
/// Microseconds that a step may take before another node takes the job over.
const LEASE: i64 = 60_000_000;
/// How often it is noted what the machine's clock shows. After it was set, that is done at once, and again after twice as long each
/// time: what was under way may be written later, with the time of before.
const NOTED: Duration = Duration::from_secs(600);

/// Runs what is due, for ever.
pub async fn keep(portal: Portal) {
    let (mut ticks, mut running) = (interval(POLL), JoinSet::new());
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut noting = Noting::new();
    loop {
        noting.look(&portal).await;
        tokio::select! {
            _ = ticks.tick(), if running.len() < AT_ONCE => match claim(&portal, AT_ONCE - running.len()).await {
                Ok(found) => found.into_iter().for_each(|leased| {
                    running.spawn(run(portal.clone(), leased));
                }),
                Err(Error::Store(store::Error::Closed)) => {}
                Err(error) => tracing::warn!(%error, "the timetable could not be read"),
            },
            // A panic was logged where it happened; the job is run again when its lease is over.
            Some(_) = running.join_next() => {}
        }
    }
}

/// Has nothing wait for a time that a clock showed too early.
struct Noting {
    watch: clock::Watch,
    /// When it was noted last, and after how long it is again.
    noted: Option<Instant>,
    gap: Duration,
    /// The latest moment that the clock showed before it was set, until nobody can be at work any more who saw it.
    latest: Moment,
}

impl Noting {
    fn new() -> Self {
        Noting { watch: clock::Watch::new(), noted: None, gap: NOTED, latest: Moment(i64::MIN) }
    }

    async fn look(&mut self, portal: &Portal) {
        let was_set = self.watch.look();
        if let Some(latest) = was_set {
            self.latest = self.latest.max(latest);
            self.gap = POLL;
        } else if self.noted.is_some_and(|noted| noted.elapsed() < self.gap) {
            return;
        } else if self.gap == NOTED {
            self.latest = Moment(i64::MIN);
        }
        let is_told = was_set.is_some() || self.gap == NOTED;
        match portal.note_clock(clock::machine(), self.latest).await {
            Ok(seconds) if seconds > 0 && is_told => tracing::warn!(
                seconds,
                "the machine's clock was set back, or that of another node is ahead; what waited for the later time waits no longer"
            ),
            Ok(_) | Err(Error::Store(store::Error::Closed)) => {}
            Err(error) => tracing::warn!(%error, "the time could not be noted"),
        }
        self.noted = Some(Instant::now());
        self.gap = (self.gap * 2).min(NOTED);
    }
}

async fn claim(portal: &Portal, most: usize) -> Result<Vec<Leased>, Error> {
    let (core, machine) = (portal.core().clone(), clock::machine());
    // The clock may have been moved since anybody looked.
    let due = move |tx: &mut Tx<'_>| {
        let now = core.current(tx)?.meta.clock.now(machine);
        portal::Result::Ok(timetable::is_due(tx, core.modules, now)?.then_some(now))
    };
    let Some(now) = portal.core().store.read(due).await? else { return Ok(Vec::new()) };
    let modules = portal.core().modules;
    let lease = Lease { number: i64::from_le_bytes(keys::random()), until: lease_end() };
    let claim = move |tx: &mut Tx<'_>| timetable::claim(tx, modules, most, lease, now);
    portal.core().store.write(claim).await
}

/// Runs a job, step by step, and has it run again later if it fails.
async fn run(portal: Portal, mut leased: Leased) {
    loop {
        let now = clock::now(portal.core());
        let span = traces::job(leased.job.kind, leased.tries);
        let step = async {
            portal.run_job(leased.clone(), lease_end(), now).await.inspect_err(|_| traces::failed())
        };
        match step.instrument(span).await {
            Ok(Progress::More(next)) => leased = next,
            Ok(Progress::Ended | Progress::Lost) | Err(Error::Store(store::Error::Closed)) => return,
            Err(error) => return fail(&portal, leased, error).await,
        }
    }
}

async fn fail(portal: &Portal, leased: Leased, error: Error) {
    let now = clock::now(portal.core());
    let (job, key, tries) = (leased.job.kind, leased.key.clone(), leased.tries + 1);
    let why = error.to_string();
    let failed = move |tx: &mut Tx<'_>| timetable::failed(tx, &leased, &error, now);
    match portal.core().store.write(failed).await {
        Ok(Fate::Again(_)) => {
            tracing::warn!(job, key, tries, error = why, "a job failed; it is run again");
        }
        Ok(Fate::GivenUp) => {
            tracing::error!(job, key, tries, error = why, "a job failed too often and was given up");
        }
        Ok(Fate::Lost) | Err(Error::Store(store::Error::Closed)) => {}
        Err(error) => tracing::warn!(%error, job, key, "that a job failed could not be stored"),
    }
}

fn lease_end() -> Moment {
    Moment(clock::machine().0.saturating_add(LEASE))
}
