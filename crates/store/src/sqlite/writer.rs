//! The one writer. It runs what queued, commits that at once, and answers when it is on the disk.
//!
//! Two threads take turns at it: while one brings a group to the disk, the other runs the next, which takes in what
//! comes until the disk is free. So groups grow as the disk is slow.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::connection::Db;
use super::disk::{Disk, Next, Turn};
use super::group::{Group, Runner, fail, roll_back};
use super::log::Log;
use super::verbs;
use crate::counters::Counters;
use crate::lane::{Lane, Queue};
use crate::tx::{Engine, Savepoints};
use crate::work::{Answered, Work};
use crate::{Error, Options, Tx};

/// Jobs in a group at most, and the time after which no further one is taken into it: the first one waits
/// for the last one's commit.
const GROUP: usize = 256;
const GROUP_TIME: Duration = Duration::from_millis(10);
/// Jobs after which a group takes no more when the disk is free. Clients that are answered together ask together: with
/// one large group after the other they, the door and the writer wait for each other by turns.
const ENOUGH: usize = 24;

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

pub(super) fn start(
    mut db: Db,
    path: &Path,
    disk: Disk,
    options: &Options,
    counters: &Arc<Counters>,
) -> Result<Lane, Error> {
    let log = Log::watch(&mut db.connection, path)?;
    let counters = Arc::clone(counters);
    let writer = Arc::new(Writer {
        hand: Mutex::new(Hand { db, log, next: None }),
        disk,
        timeout: options.timeout,
        counters,
    });
    let threads = [Arc::clone(&writer), writer].map(|writer| move |queue: Queue| serve(writer, &queue));
    Lane::start("store-write", options.queue, threads.into())
}

/// State shared by both threads.
struct Writer {
    /// Its holder runs a group.
    hand: Mutex<Hand>,
    disk: Disk,
    timeout: Duration,
    counters: Arc<Counters>,
}

/// The connection and log of the writer, and the job that it has taken and not run yet.
struct Hand {
    db: Db,
    log: Log,
    next: Option<Box<dyn Work>>,
}

fn serve(writer: Arc<Writer>, queue: &Queue) {
    while writer.next(queue) {}
    if let Some(Writer { hand, .. }) = Arc::into_inner(writer) {
        let Hand { db, log, .. } = hand.into_inner();
        log.finish(&db.connection);
    }
}

impl Writer {
    /// Waits for a job, runs a group and answers it. Answers whether there may be another.
    fn next(&self, queue: &Queue) -> bool {
        let mut hand = self.hand.lock();
        let Hand { db, log, next } = &mut *hand;
        log.tend(&db.connection);
        let Some(first) = next.take().or_else(|| queue.recv().ok()) else { return false };
        if first.is_alone() {
            self.run_alone(first);
            return true;
        }
        let committed = self.commit((db, log), first, next, queue);
        // From here on the other one writes.
        drop(hand);
        if let Some((jobs, turn)) = committed {
            self.answer(jobs, turn);
        }
        true
    }

    /// Runs jobs and commits them. Gives those that are to be answered, and the turn at the disk; nothing when all
    /// have failed.
    fn commit(
        &self,
        (db, log): (&Db, &Log),
        first: Box<dyn Work>,
        next: &mut Option<Box<dyn Work>>,
        queue: &Queue,
    ) -> Option<(Vec<Box<dyn Work>>, Turn<'_>)> {
        let Counters { retries, trouble, .. } = &*self.counters;
        let runner = Runner { db, timeout: self.timeout, retries, trouble };
        let mut group = match Group::begin(runner) {
            Ok(group) => group,
            Err(error) => {
                trouble.note(&error);
                first.fail(error);
                return None;
            }
        };
        let committed = self.collect(&mut group, first, next, queue).and_then(|turn| {
            turn.check()?;
            group.commit()?;
            if log.grew() {
                turn.committed();
                trouble.wrote();
            }
            Ok(turn)
        });
        match committed {
            Ok(turn) => Some((group.into_jobs(), turn)),
            Err(error) => {
                group.abandon(&error);
                None
            }
        }
    }

    /// Runs jobs until it is the group's turn at the disk and nothing waits, or enough was run.
    fn collect(
        &self,
        group: &mut Group<'_>,
        first: Box<dyn Work>,
        after: &mut Option<Box<dyn Work>>,
        queue: &Queue,
    ) -> Result<Turn<'_>, Error> {
        let begun = Instant::now();
        let mut job = first;
        loop {
            group.run(job)?;
            if group.len() == GROUP || begun.elapsed() > GROUP_TIME {
                return Ok(self.disk.turn());
            }
            let waiting = if group.len() < ENOUGH { queue.try_recv().ok() } else { None };
            match waiting.map_or_else(|| self.disk.turn_or(queue), Next::Job) {
                Next::Job(next) if next.is_alone() => {
                    *after = Some(next);
                    return Ok(self.disk.turn());
                }
                Next::Job(next) => job = next,
                Next::Turn(turn) => return Ok(turn),
            }
        }
    }

    /// Runs a job that needs no transaction of ours, but that nobody else of this process has one.
    fn run_alone(&self, mut job: Box<dyn Work>) {
        let turn = self.disk.turn();
        match turn.check() {
            Ok(()) => {
                job.run_alone();
                drop(turn);
                job.answer();
            }
            Err(error) => job.fail(error),
        }
    }

    /// Answers every job with its own result; a failure may rest on what its neighbours did, so it is not
    /// told before their commit either. Those that need not be on the disk rest on nothing later than
    /// what is there, up to the first one that must.
    fn answer(&self, mut light: Vec<Box<dyn Work>>, turn: Turn<'_>) {
        self.counters.groups.fetch_add(1, Relaxed);
        self.counters.grouped.fetch_add(light.len() as u64, Relaxed);
        let durable = light.iter().position(|job| job.answered() == Answered::WhenOnDisk);
        let durable = durable.map_or_else(Vec::new, |first| light.split_off(first));
        light.into_iter().for_each(Work::answer);
        if durable.is_empty() {
            return;
        }
        let synced = turn.sync();
        drop(turn);
        match synced {
            Ok(()) => durable.into_iter().for_each(Work::answer),
            Err(error) => fail(durable, &error),
        }
    }
}

#[cfg(test)]
mod tests;
