//! The one writer. It takes what queued while the disk was busy, commits it at once, and then answers.
//!
//! Most jobs succeed, and a savepoint around each would cost a quarter of its time: SQLite then keeps a copy
//! of every page that a job touches. So a group goes without. When a job fails after it changed something,
//! the group is undone and run again, this time in savepoints, up to its commit.
//!
//! A group whose first job need not wait for the disk ends before the first job that must, and does not wait.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use super::connection::Db;
use super::error;
use super::log::Log;
use super::verbs;
use crate::lane::{Lane, Queue};
use crate::store::Counters;
use crate::tx::{Engine, Savepoints};
use crate::work::{Answered, Verdict, Work};
use crate::{Error, Options, Tx};

/// Jobs in a group at most, and the time after which no further one is taken into it: the first one waits
/// for the last one's commit.
const GROUP: usize = 256;
const GROUP_TIME: Duration = Duration::from_millis(10);

/// Runs a job by itself in a transaction, before the lane starts.
pub(super) fn migrate(db: &Db, job: impl FnOnce(&mut Tx<'_>) -> Result<(), Error>) -> Result<(), Error> {
    verbs::control(&db.connection, "BEGIN IMMEDIATE")?;
    let done = job(&mut Tx::new(Engine::Sqlite(&db.connection), Savepoints::Made))
        .and_then(|()| verbs::control(&db.connection, "COMMIT"));
    if done.is_err() {
        roll_back(db)?;
    }
    done
}

/// Ends the transaction, unless SQLite has done so.
fn roll_back(db: &Db) -> Result<(), Error> {
    if db.connection.is_autocommit() { Ok(()) } else { verbs::control(&db.connection, "ROLLBACK") }
}

pub(super) fn start(
    mut db: Db,
    path: &Path,
    options: &Options,
    counters: &Arc<Counters>,
) -> Result<Lane, Error> {
    let log = Log::watch(&mut db.connection, path)?;
    let (timeout, counters) = (options.timeout, Arc::clone(counters));
    let writer = Writer { db, log, syncs: true, timeout, counters };
    Lane::start("store-write", options.queue, vec![move |queue: Queue| writer.serve(&queue)])
}

struct Writer {
    db: Db,
    log: Log,
    /// Whether a commit waits for the disk.
    syncs: bool,
    timeout: Duration,
    counters: Arc<Counters>,
}

impl Writer {
    fn serve(mut self, queue: &Queue) {
        let mut left = None;
        while let Some(first) = left.take().or_else(|| queue.recv().ok()) {
            left = self.group(first, queue);
            self.log.tend(&self.db.connection);
        }
        self.log.finish(&self.db.connection);
    }

    /// Runs jobs, from the first one until the queue is empty or the group is full, and commits them. Gives a job
    /// that was taken from the queue and belongs to the next group.
    fn group(&mut self, first: Box<dyn Work>, queue: &Queue) -> Option<Box<dyn Work>> {
        let begun = Instant::now();
        if let Err(error) =
            self.sync(first.answered() == Answered::WhenOnDisk).and_then(|()| self.control("BEGIN IMMEDIATE"))
        {
            first.fail(error);
            return None;
        }
        let mut jobs = Vec::new();
        let mut guarded = false;
        let mut next = Some(first);
        while let Some(job) = next.take_if(|job| self.syncs || job.answered() == Answered::WhenSeen) {
            jobs.push(job);
            if let Err(error) = self.newest(&mut jobs, &mut guarded) {
                self.abandon(jobs, &error);
                return None;
            }
            let room = jobs.len() < GROUP && begun.elapsed() < GROUP_TIME;
            next = if room { queue.try_recv().ok() } else { None };
        }
        match self.control("COMMIT") {
            Ok(()) => self.answer(jobs),
            Err(error) => self.abandon(jobs, &error),
        }
        next
    }

    /// Sets whether commits wait for the disk. Between transactions.
    fn sync(&mut self, syncs: bool) -> Result<(), Error> {
        if self.syncs != syncs {
            let sql = if syncs { "PRAGMA synchronous = FULL" } else { "PRAGMA synchronous = NORMAL" };
            // Not by way of the cache: such a statement works when it is prepared.
            self.db.connection.execute_batch(sql).map_err(|failure| error(&failure))?;
            self.syncs = syncs;
        }
        Ok(())
    }

    /// Runs the last of the jobs; only its own changes are undone when it fails. An error means that the
    /// transaction of the whole group is lost.
    fn newest(&self, jobs: &mut [Box<dyn Work>], guarded: &mut bool) -> Result<(), Error> {
        let Some((newest, earlier)) = jobs.split_last_mut() else { return Ok(()) };
        if *guarded {
            return self.guarded(newest);
        }
        match self.run(newest, Savepoints::LeftOut)? {
            Verdict::Keep | Verdict::Undo { changed: false } => Ok(()),
            Verdict::Undo { changed: true } | Verdict::Unsaved => {
                *guarded = true;
                // It too: what it says must rest on what is kept, and that may differ this time.
                self.again(jobs)
            }
            Verdict::Lost(_) => {
                *guarded = true;
                // It ran out of time; a second run would keep all others waiting for as long again.
                self.again(earlier)
            }
        }
    }

    /// Undoes the group, and runs these jobs in its stead.
    fn again(&self, jobs: &mut [Box<dyn Work>]) -> Result<(), Error> {
        self.control("ROLLBACK")?;
        self.control("BEGIN IMMEDIATE")?;
        self.counters.retries.fetch_add(jobs.len() as u64, Relaxed);
        jobs.iter_mut().try_for_each(|job| self.guarded(job))
    }

    /// Runs a job in a savepoint, and undoes it when it fails.
    fn guarded(&self, job: &mut Box<dyn Work>) -> Result<(), Error> {
        self.control("SAVEPOINT job")?;
        if !matches!(self.run(job, Savepoints::Made)?, Verdict::Keep) {
            self.control("ROLLBACK TO job")?;
        }
        self.control("RELEASE job")
    }

    /// Runs a job. An error means that the transaction is gone.
    fn run(&self, job: &mut Box<dyn Work>, savepoints: Savepoints) -> Result<Verdict, Error> {
        self.db.meter.allow_time(self.timeout);
        let verdict = job.run(Tx::new(Engine::Sqlite(&self.db.connection), savepoints));
        self.db.meter.allow_all();
        if !self.db.connection.is_autocommit() {
            return Ok(verdict);
        }
        Err(match verdict {
            Verdict::Lost(error) => error,
            _ => Error::Database("a job ended the transaction that it ran in".into()),
        })
    }

    /// Answers every job with its own result; a failure may rest on what its neighbours did, so it is not
    /// told before their commit either.
    fn answer(&self, jobs: Vec<Box<dyn Work>>) {
        self.counters.groups.fetch_add(1, Relaxed);
        self.counters.grouped.fetch_add(jobs.len() as u64, Relaxed);
        jobs.into_iter().for_each(Work::answer);
    }

    /// Undoes the group and fails all its jobs.
    fn abandon(&self, jobs: Vec<Box<dyn Work>>, error: &Error) {
        if let Err(error) = roll_back(&self.db) {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
        tracing::error!(%error, jobs = jobs.len(), "a group of writes failed");
        jobs.into_iter().for_each(|job| job.fail(error.clone()));
    }

    fn control(&self, sql: &'static str) -> Result<(), Error> {
        verbs::control(&self.db.connection, sql)
    }
}
