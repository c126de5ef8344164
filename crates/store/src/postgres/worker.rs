//! A thread that serves jobs over its connection, and runs them again when that is safe.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use super::Session;
use super::connect::{Connector, GATE, limits};
use crate::Error;
use crate::Tx;
use crate::counters::Counters;
use crate::lane::{Lane, Queue};
use crate::tx::{Engine, Savepoints};
use crate::work::{Answered, Verdict, Work};

/// Runs of a job that rivals may spoil, and for how long, before it is given up.
const RIVALS: u32 = 12;
const RIVALRY: Duration = Duration::from_secs(5);
/// Runs of a job that may lose their connection: the job itself may be what ends it.
const BREAKS: u32 = 3;
/// How long jobs wait for a server that has gone away, counted from when it was missed first.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest pause between two tries.
const PAUSE: Duration = Duration::from_millis(250);

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Read,
    Write,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Read => "store-read",
            Kind::Write => "store-write",
        }
    }

    fn begin(self, answered: Answered) -> String {
        const WRITE: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ";
        match (self, answered) {
            (Kind::Read, _) => format!("{WRITE} READ ONLY"),
            (Kind::Write, Answered::WhenOnDisk) => format!("{WRITE}; {GATE}"),
            (Kind::Write, Answered::WhenSeen) => {
                format!("{WRITE}; {GATE}; SET LOCAL synchronous_commit = off")
            }
        }
    }
}

pub(super) struct Worker {
    kind: Kind,
    connector: Connector,
    /// How long a job may run that says nothing else.
    limit: Duration,
    /// How long a job may wait.
    wait: Duration,
    /// Where jobs go that ran for longer.
    overflow: Option<Arc<Lane>>,
    session: Option<Session>,
    /// Since when the server cannot be reached.
    missed: Option<Instant>,
    counters: Arc<Counters>,
}

/// How one run of a job ended.
enum Run {
    /// The job has a result to be told.
    Done,
    /// There was no connection to run it on.
    Unreached(Error),
    /// Nothing was kept; with savepoints it would do better.
    Unsaved,
    /// Nothing was kept, and another run may do better: a rival was first, or the connection broke.
    Again(Error),
    /// The job gets this error.
    Failed(Error),
    /// It ran for too long. Nothing was kept.
    Late,
}

impl Worker {
    pub(super) fn new(
        kind: Kind,
        connector: Connector,
        (limit, wait): (Duration, Duration),
        overflow: Option<Arc<Lane>>,
        counters: Arc<Counters>,
    ) -> Worker {
        Worker { kind, connector, limit, wait, overflow, session: None, missed: None, counters }
    }

    pub(super) fn serve(mut self, queue: &Queue) {
        for work in queue {
            if work.waited() > self.wait {
                self.counters.refused.fetch_add(1, Relaxed);
                work.fail(Error::Busy);
                continue;
            }
            self.counters.busy.fetch_add(1, Relaxed);
            self.job(work);
            self.counters.busy.fetch_sub(1, Relaxed);
            // An answered read ends here, not while its caller waits.
            if self.kind == Kind::Read {
                self.roll_back();
            }
        }
    }

    fn job(&mut self, mut work: Box<dyn Work>) {
        let (mut rivals, mut breaks, mut savepoints) = (0, 0, Savepoints::LeftOut);
        let begun = Instant::now();
        loop {
            let (error, again) = match self.run(&mut work, savepoints) {
                Run::Done => {
                    if self.kind == Kind::Write {
                        self.counters.groups.fetch_add(1, Relaxed);
                        self.counters.grouped.fetch_add(1, Relaxed);
                    }
                    return work.answer();
                }
                Run::Failed(error) => {
                    if matches!(error, Error::Unknown(_)) {
                        self.session = None;
                    }
                    return work.fail(error);
                }
                Run::Late => {
                    self.roll_back();
                    return self.late(work);
                }
                Run::Unsaved => {
                    self.roll_back();
                    self.counters.retries.fetch_add(1, Relaxed);
                    savepoints = Savepoints::Made;
                    continue;
                }
                Run::Unreached(error) => (error, self.miss()),
                Run::Again(error @ Error::Unavailable(_)) => {
                    breaks += 1;
                    self.session = None;
                    (error, breaks < BREAKS)
                }
                Run::Again(error) => {
                    rivals += 1;
                    self.roll_back();
                    (error, rivals < RIVALS || begun.elapsed() < RIVALRY)
                }
            };
            if !again {
                return work.fail(error);
            }
            self.counters.retries.fetch_add(1, Relaxed);
            pause(rivals);
        }
    }

    /// Sends a job that ran for too long where that is no matter, or fails it.
    fn late(&self, work: Box<dyn Work>) {
        match &self.overflow {
            Some(lane) => {
                self.counters.long_reads.fetch_add(1, Relaxed);
                if let Err((error, work)) = lane.submit(work) {
                    work.fail(error);
                }
            }
            None => work.fail(Error::Timeout),
        }
    }

    /// Notes that the server is not there; whether it is worth while to wait for it.
    fn miss(&mut self) -> bool {
        self.missed.get_or_insert_with(Instant::now).elapsed() < PATIENCE
    }

    fn run(&mut self, work: &mut Box<dyn Work>, savepoints: Savepoints) -> Run {
        let (kind, limit) = (self.kind, work.limit());
        let (own_limit, counters) = (self.limit, Arc::clone(&self.counters));
        let session = match self.begin(work.answered(), limit) {
            Ok(session) => session,
            Err(error @ Error::Unavailable(_)) => return Run::Unreached(error),
            Err(error) => return Run::Failed(error),
        };
        // From here on: it may have waited for a restore.
        let end = Instant::now().checked_add(limit.unwrap_or(own_limit));
        let tx = Tx::new(Engine::Postgres(session), savepoints).until(end).reading(kind == Kind::Read);
        let verdict = work.run(tx.watched(&counters.trouble));
        match (verdict, kind) {
            (Verdict::Lost(Error::Timeout), _) => Run::Late,
            (Verdict::Lost(error), _) => Run::Again(error),
            (Verdict::Unsaved, _) => Run::Unsaved,
            (Verdict::Keep { .. } | Verdict::Undo { .. }, Kind::Read) => Run::Done,
            (Verdict::Undo { .. }, Kind::Write) => {
                self.roll_back();
                Run::Done
            }
            (Verdict::Keep { changed }, Kind::Write) => match session.commit() {
                Ok(()) => {
                    if changed {
                        counters.trouble.wrote();
                    }
                    Run::Done
                }
                Err(error @ Error::Conflict(_)) => Run::Again(error),
                Err(error) => {
                    counters.trouble.note(&error);
                    Run::Failed(error)
                }
            },
        }
    }

    fn begin(&mut self, answered: Answered, limit: Option<Duration>) -> Result<&mut Session, Error> {
        let current = self.session.take().filter(|session| !session.is_outdated());
        let session = match current.map(|open| self.begun(open, answered, limit)) {
            // It went away while there was nothing to do; a new one may be had at once.
            None | Some(Err(Error::Unavailable(_))) => self.begun(self.connect()?, answered, limit)?,
            Some(begun) => begun?,
        };
        self.missed = None;
        Ok(self.session.insert(session))
    }

    fn connect(&self) -> Result<Session, Error> {
        let mut session = self.connector.connect(self.limit)?;
        if self.kind == Kind::Write {
            session.become_writer()?;
        }
        Ok(session)
    }

    fn begun(
        &self,
        mut session: Session,
        answered: Answered,
        limit: Option<Duration>,
    ) -> Result<Session, Error> {
        let begin = self.kind.begin(answered);
        match limit {
            Some(limit) => {
                session.control(&format!("{begin}; SET {}", limits("LOCAL", limit)))?;
            }
            None => session.control(&begin)?,
        }
        Ok(session)
    }

    /// Ends the transaction, if one is open; a connection that cannot do that is of no use.
    fn roll_back(&mut self) {
        if let Some(session) = &mut self.session
            && session.control("ROLLBACK").is_err()
        {
            self.session = None;
        }
    }
}

/// Waits a while that differs from rival to rival, and grows with the number of times they met; the longest
/// while when it is not for a rival.
fn pause(rivals: u32) {
    let most = if rivals == 0 { PAUSE } else { PAUSE.min(Duration::from_millis(1 << rivals.min(16))) };
    // The standard library's keys are the random numbers at hand.
    let share = RandomState::new().hash_one(rivals) % 1_000;
    // Nothing ever comes through this channel but the end of the while.
    let _ = crossbeam_channel::after(most.mul_f64(share as f64 / 1_000.0)).recv();
}
