//! Jobs that share one transaction.
//!
//! Most jobs succeed, and a savepoint around each would cost a quarter of its time: SQLite then keeps a copy
//! of every page that a job touches. So a group goes without. When a job fails after it changed something,
//! the group is undone and run again, this time in savepoints, up to its commit.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use super::connection::Db;
use super::verbs;
use crate::trouble::Trouble;
use crate::tx::{Engine, Savepoints};
use crate::work::{Verdict, Work};
use crate::{Error, Tx};

/// Jobs that were run, in a transaction that is still open.
pub(super) struct Group<'w> {
    runner: Runner<'w>,
    jobs: Vec<Box<dyn Work>>,
    guarded: bool,
}

/// Runs the jobs of a group.
#[derive(Clone, Copy)]
pub(super) struct Runner<'w> {
    pub(super) db: &'w Db,
    /// How long a job may run that says nothing else.
    pub(super) timeout: Duration,
    /// Counts runs of a job after its first one.
    pub(super) retries: &'w AtomicU64,
    /// Told of failures that others will meet as well.
    pub(super) trouble: &'w Trouble,
}

impl<'w> Group<'w> {
    pub(super) fn begin(runner: Runner<'w>) -> Result<Group<'w>, Error> {
        runner.control("BEGIN IMMEDIATE")?;
        Ok(Group { runner, jobs: Vec::new(), guarded: false })
    }

    pub(super) fn len(&self) -> usize {
        self.jobs.len()
    }

    /// Runs one more job; only its own changes are undone when it fails. An error means that the
    /// transaction of the whole group is lost.
    pub(super) fn run(&mut self, job: Box<dyn Work>) -> Result<(), Error> {
        self.jobs.push(job);
        let Some((newest, earlier)) = self.jobs.split_last_mut() else { return Ok(()) };
        if self.guarded {
            return self.runner.guarded(newest);
        }
        match self.runner.run(newest, Savepoints::LeftOut)? {
            Verdict::Keep { .. } | Verdict::Undo { changed: false } => Ok(()),
            Verdict::Undo { changed: true } | Verdict::Unsaved => {
                self.guarded = true;
                // It too: what it says must rest on what is kept, and that may differ this time.
                self.runner.again(&mut self.jobs)
            }
            Verdict::Lost(_) => {
                self.guarded = true;
                // It ran out of time; a second run would keep all others waiting for as long again.
                self.runner.again(earlier)
            }
        }
    }

    /// Makes other transactions see what the jobs did.
    pub(super) fn commit(&self) -> Result<(), Error> {
        self.runner.control("COMMIT")
    }

    /// The jobs, to be answered.
    pub(super) fn into_jobs(self) -> Vec<Box<dyn Work>> {
        self.jobs
    }

    /// Undoes the group and fails all its jobs.
    pub(super) fn abandon(self, error: &Error) {
        if let Err(error) = roll_back(self.runner.db) {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
        self.runner.trouble.note(error);
        if !error.is_lasting() {
            tracing::error!(%error, jobs = self.jobs.len(), "a group of writes failed");
        }
        fail(self.jobs, error);
    }
}

impl Runner<'_> {
    /// Undoes the group, and runs these jobs in its stead.
    fn again(self, jobs: &mut [Box<dyn Work>]) -> Result<(), Error> {
        self.control("ROLLBACK")?;
        self.control("BEGIN IMMEDIATE")?;
        self.retries.fetch_add(jobs.len() as u64, Relaxed);
        jobs.iter_mut().try_for_each(|job| self.guarded(job))
    }

    /// Runs a job in a savepoint, and undoes it when it fails.
    fn guarded(self, job: &mut Box<dyn Work>) -> Result<(), Error> {
        self.control("SAVEPOINT job")?;
        if !matches!(self.run(job, Savepoints::Made)?, Verdict::Keep { .. }) {
            self.control("ROLLBACK TO job")?;
        }
        self.control("RELEASE job")
    }

    /// Runs a job. An error means that the transaction is gone.
    fn run(self, job: &mut Box<dyn Work>, savepoints: Savepoints) -> Result<Verdict, Error> {
        let limit = job.limit().unwrap_or(self.timeout);
        self.db.meter.allow_time(limit);
        let tx = Tx::new(Engine::Sqlite(&self.db.connection), savepoints).watched(self.trouble);
        let verdict = job.run(tx.until(Instant::now().checked_add(limit)));
        self.db.meter.allow_all();
        if !self.db.connection.is_autocommit() {
            return Ok(verdict);
        }
        Err(match verdict {
            Verdict::Lost(error) => error,
            _ => Error::Database("a job ended the transaction that it ran in".into()),
        })
    }

    fn control(self, sql: &'static str) -> Result<(), Error> {
        verbs::control(&self.db.connection, sql)
    }
}

/// Ends the transaction, unless SQLite has done so.
pub(super) fn roll_back(db: &Db) -> Result<(), Error> {
    if db.connection.is_autocommit() { Ok(()) } else { verbs::control(&db.connection, "ROLLBACK") }
}

/// Answers all jobs with an error.
pub(super) fn fail(jobs: Vec<Box<dyn Work>>, error: &Error) {
    jobs.into_iter().for_each(|job| job.fail(error.clone()));
}
