//! Reads: short ones on the calling thread, the others on threads of their own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use parking_lot::Mutex;

use super::connection::{Db, Role};
use super::verbs;
use crate::counters::Counters;
use crate::lane::{Lane, Queue};
use crate::tx::{Engine, Savepoints};
use crate::work::{self, Answered, Verdict};
use crate::{Error, Options, Pending, Tx, spans};

pub(crate) struct Reads {
    path: PathBuf,
    budget: u32,
    pool: Mutex<Pool>,
    pub(crate) long: Lane,
    counters: Arc<Counters>,
}

struct Pool {
    /// The one used last is taken first: its caches are warm, and what is not needed stays unopened.
    idle: Vec<Db>,
    /// Connections that may still be opened.
    unopened: usize,
}

impl Reads {
    pub(super) fn start(path: &Path, options: &Options, counters: &Arc<Counters>) -> Result<Reads, Error> {
        let servers = (0..options.long_readers.max(1))
            .map(|_| {
                let (path, timeout, counters) = (path.to_owned(), options.timeout, Arc::clone(counters));
                move |queue: Queue| serve(&path, timeout, &counters, &queue)
            })
            .collect();
        Ok(Reads {
            path: path.to_owned(),
            budget: options.read_budget,
            pool: Mutex::new(Pool { idle: Vec::new(), unopened: options.readers.max(1) }),
            long: Lane::start("store-read", options.queue, servers)?,
            counters: Arc::clone(counters),
        })
    }

    /// Runs the job here and now; when it takes more than its budget, or every connection is taken, on a
    /// thread for long reads, from the start.
    pub(crate) fn read<T, E, F>(&self, job: F) -> Pending<Result<T, E>>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let span = spans::job(spans::READ);
        match self.take() {
            Err(error) => return Pending::ready(Err(error.into())),
            Ok(None) => {}
            Ok(Some(db)) => {
                db.meter.allow_steps(self.budget);
                let outcome = snapshot(&db, |tx| work::run(&job, tx.watched(&self.counters.trouble), &span));
                self.pool.lock().idle.push(db);
                match outcome {
                    Ok((_, Verdict::Lost(Error::Timeout))) => {}
                    Ok((result, _)) => return Pending::ready(result),
                    Err(error) => return Pending::ready(Err(error.into())),
                }
            }
        }
        self.counters.long_reads.fetch_add(1, Relaxed);
        work::submit(&self.long, span, Answered::WhenSeen, None, job)
    }

    /// A connection for a short read; none when all are taken.
    fn take(&self) -> Result<Option<Db>, Error> {
        {
            let mut pool = self.pool.lock();
            if let Some(db) = pool.idle.pop() {
                return Ok(Some(db));
            }
            if pool.unopened == 0 {
                return Ok(None);
            }
            pool.unopened -= 1;
        }
        Db::open(&self.path, Role::Reader).map(Some).inspect_err(|_| self.pool.lock().unopened += 1)
    }

    /// Waits for the long reads, and closes the idle connections.
    pub(super) fn close(&self) {
        self.long.close();
        let mut pool = self.pool.lock();
        pool.idle.clear();
        pool.unopened = 0;
    }
}

/// The thread of a lane of long reads. Its connection is opened for the first job.
fn serve(path: &Path, timeout: Duration, counters: &Counters, queue: &Queue) {
    let mut idle = None;
    for mut work in queue {
        let db = idle.take().map_or_else(|| Db::open(path, Role::Reader), Ok);
        let done = db.and_then(|db| {
            db.meter.allow_time(timeout);
            let done = snapshot(&db, |tx| work.run(tx.watched(&counters.trouble)));
            idle = Some(db);
            done
        });
        match done {
            Ok(_) => work.answer(),
            Err(error) => work.fail(error),
        }
    }
}

/// Runs a job on one consistent state of the database.
fn snapshot<R>(db: &Db, job: impl FnOnce(Tx<'_>) -> R) -> Result<R, Error> {
    verbs::control(&db.connection, "BEGIN")?;
    let result = job(Tx::new(Engine::Sqlite(&db.connection), Savepoints::Made).reading(true));
    db.meter.allow_all();
    if !db.connection.is_autocommit() {
        // There is nothing to undo, and a COMMIT costs less.
        verbs::control(&db.connection, "COMMIT")?;
    }
    Ok(result)
}
