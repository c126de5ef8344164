//! The one writer. It takes what queued while the disk was busy, commits it at once, and then answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

use rusqlite::hooks::Wal;
use rusqlite::wal::CheckpointMode;

use super::connection::Db;
use super::{error, verbs};
use crate::lane::{Lane, Queue};
use crate::store::Counters;
use crate::tx::Engine;
use crate::work::{Verdict, Work};
use crate::{Error, Options, Tx};

/// Jobs in a group at most, and the time after which no further one is taken into it: the first one waits
/// for the last one's commit.
const GROUP: usize = 256;
const GROUP_TIME: Duration = Duration::from_millis(10);
/// Pages of the log (of 4 KiB) after which it is copied into the database file.
const CHECKPOINT: u32 = 1_000;
/// Pages of the log after which the writer waits for the readers, so that the log can start anew.
const RESTART: u32 = 16_000;

/// Runs a job by itself in a transaction, before the lane starts.
pub(super) fn migrate(db: &Db, job: impl FnOnce(&mut Tx<'_>) -> Result<(), Error>) -> Result<(), Error> {
    verbs::control(&db.connection, "BEGIN IMMEDIATE")?;
    let done = job(&mut Tx::new(Engine::Sqlite(&db.connection)))
        .and_then(|()| verbs::control(&db.connection, "COMMIT"));
    if done.is_err() && !db.connection.is_autocommit() {
        verbs::control(&db.connection, "ROLLBACK")?;
    }
    done
}

pub(super) fn start(mut db: Db, options: &Options, counters: &Arc<Counters>) -> Result<Lane, Error> {
    let logged = Arc::new(AtomicU32::new(0));
    let pages = Arc::clone(&logged);
    // In place of SQLite's own checkpoints, which would come before the answers of a group.
    db.connection
        .wal_hook(Some(move |_: &mut Wal, count: i32| {
            pages.store(count.try_into().unwrap_or(0), Relaxed);
            Ok(())
        }))
        .map_err(|failure| error(&failure))?;
    let writer = Writer { db, logged, timeout: options.timeout, counters: Arc::clone(counters) };
    Lane::start("store-write", options.queue, vec![move |queue: Queue| writer.serve(&queue)])
}

struct Writer {
    db: Db,
    /// Pages in the log after the last commit.
    logged: Arc<AtomicU32>,
    timeout: Duration,
    counters: Arc<Counters>,
}

impl Writer {
    fn serve(self, queue: &Queue) {
        for first in queue {
            self.group(first, queue);
            self.checkpoint();
        }
        // Nothing is lost when these fail: the log is read at the next start.
        let _ = self.db.connection.execute_batch("PRAGMA optimize");
        let _ = self.db.connection.wal_checkpoint_v2(None::<&str>, CheckpointMode::TRUNCATE);
    }

    /// Runs jobs, from the first one until the queue is empty or the group is full, and commits them.
    fn group(&self, mut first: Box<dyn Work>, queue: &Queue) {
        let begun = Instant::now();
        if let Err(error) = self.control("BEGIN IMMEDIATE") {
            return first.fail(error);
        }
        // Alone in its transaction, the first job needs no savepoint.
        let verdict = self.run(&mut first);
        let mut jobs = vec![first];
        match verdict {
            Verdict::Lost(error) => return self.abandon(jobs, &error),
            Verdict::Undo => return self.undo_all(jobs),
            Verdict::Keep => {}
        }
        while jobs.len() < GROUP && begun.elapsed() < GROUP_TIME {
            let Ok(mut job) = queue.try_recv() else { break };
            let done = self.within_savepoint(&mut job);
            jobs.push(job);
            if let Err(error) = done {
                return self.abandon(jobs, &error);
            }
        }
        match self.control("COMMIT") {
            Ok(()) => self.answer(jobs),
            Err(error) => self.abandon(jobs, &error),
        }
    }

    /// Runs a job; only its own changes are undone when it fails. An error means that the transaction of
    /// the whole group is lost.
    fn within_savepoint(&self, job: &mut Box<dyn Work>) -> Result<(), Error> {
        self.control("SAVEPOINT job")?;
        let verdict = self.run(job);
        match verdict {
            Verdict::Lost(error) if self.db.connection.is_autocommit() => return Err(error),
            Verdict::Keep => {}
            Verdict::Undo | Verdict::Lost(_) => self.control("ROLLBACK TO job")?,
        }
        self.control("RELEASE job")
    }

    fn run(&self, job: &mut Box<dyn Work>) -> Verdict {
        self.db.meter.allow_time(self.timeout);
        let verdict = job.run(Tx::new(Engine::Sqlite(&self.db.connection)));
        self.db.meter.allow_all();
        match verdict {
            Verdict::Keep | Verdict::Undo if self.db.connection.is_autocommit() => {
                Verdict::Lost(Error::Database("a job ended the transaction that it ran in".into()))
            }
            verdict => verdict,
        }
    }

    /// Answers every job with its own result.
    fn answer(&self, jobs: Vec<Box<dyn Work>>) {
        self.counters.groups.fetch_add(1, Relaxed);
        self.counters.grouped.fetch_add(jobs.len() as u64, Relaxed);
        jobs.into_iter().for_each(Work::answer);
    }

    /// Undoes the group and lets its jobs tell their own results.
    fn undo_all(&self, jobs: Vec<Box<dyn Work>>) {
        self.roll_back();
        self.answer(jobs);
    }

    /// Undoes the group and fails all its jobs.
    fn abandon(&self, jobs: Vec<Box<dyn Work>>, error: &Error) {
        self.roll_back();
        tracing::error!(%error, jobs = jobs.len(), "a group of writes failed");
        jobs.into_iter().for_each(|job| job.fail(error.clone()));
    }

    fn roll_back(&self) {
        if !self.db.connection.is_autocommit()
            && let Err(error) = self.control("ROLLBACK")
        {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
    }

    /// Copies the log into the database once it is long. The jobs have their answers already.
    fn checkpoint(&self) {
        let pages = self.logged.load(Relaxed);
        if pages < CHECKPOINT {
            return;
        }
        let mode = if pages < RESTART { CheckpointMode::PASSIVE } else { CheckpointMode::RESTART };
        if let Err(failure) = self.db.connection.wal_checkpoint_v2(None::<&str>, mode) {
            tracing::warn!(%failure, "the log could not be copied into the database");
        }
    }

    fn control(&self, sql: &'static str) -> Result<(), Error> {
        verbs::control(&self.db.connection, sql)
    }
}
