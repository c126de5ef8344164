//! The way of the log to the disk, which one group after the other goes.
//!
//! SQLite would sync the log within COMMIT, and its writer would stand still meanwhile. So it does not
//! (`synchronous = NORMAL`): whoever committed syncs the log afterwards, while the next group is run already,
//! and then answers. What was answered is as safe. SQLite finds in a log that a power cut left behind whole
//! groups, up to the first one that is not there to its end; and it syncs the log before it copies from it.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use crossbeam_channel::{Receiver, Sender, bounded, select_biased};
use parking_lot::Mutex;

use crate::Error;

/// Syncs the log.
pub(super) type SyncLog = Box<dyn FnMut() -> io::Result<()> + Send>;

/// How a sync failed, in words: the operating system may have forgotten since what it could not write. Empty until then.
pub(super) type Failure = Arc<OnceLock<String>>;

pub(super) struct Disk {
    log: Mutex<Log>,
    failed: Failure,
    /// Holds something while nobody has a turn.
    free: Receiver<()>,
    release: Sender<()>,
}

struct Log {
    sync: SyncLog,
    /// Whether something was committed since it was last synced.
    behind: bool,
}

/// A turn at the disk, for as long as this is held. Everything that was committed before it is on the disk, unless that
/// [failed](Turn::check) or need not be there, and nothing is committed without one.
pub(super) struct Turn<'d> {
    disk: &'d Disk,
}

/// Whichever came first.
pub(super) enum Next<'d, T> {
    Job(T),
    Turn(Turn<'d>),
}

impl Disk {
    /// The disk that holds a database's log.
    pub(super) fn of(path: &Path) -> io::Result<Disk> {
        // SQLite keeps the log beside the file that a link leads to.
        let mut path = path.canonicalize()?.into_os_string();
        path.push("-wal");
        let mut log = None;
        Ok(Disk::new(Box::new(move || {
            let log = match &log {
                Some(log) => log,
                // It is there once something was committed, and stays while a connection is open.
                None => log.insert(File::options().read(true).write(true).open(&path)?),
            };
            log.sync_data()
        })))
    }

    pub(super) fn new(sync: SyncLog) -> Disk {
        let (release, free) = bounded(1);
        let log = Mutex::new(Log { sync, behind: false });
        let disk = Disk { log, failed: Failure::default(), free, release };
        drop(Turn { disk: &disk });
        disk
    }

    /// How syncing failed, once it did.
    pub(super) fn failure(&self) -> Failure {
        Arc::clone(&self.failed)
    }

    /// Waits for a turn.
    pub(super) fn turn(&self) -> Turn<'_> {
        // It cannot be disconnected from itself.
        let _ = self.free.recv();
        Turn { disk: self }
    }

    /// Waits for a turn or for a job, and prefers the turn.
    pub(super) fn turn_or<T>(&self, jobs: &Receiver<T>) -> Next<'_, T> {
        select_biased! {
            recv(self.free) -> _ => Next::Turn(Turn { disk: self }),
            recv(jobs) -> job => job.map_or_else(|_| Next::Turn(self.turn()), Next::Job),
        }
    }
}

impl Turn<'_> {
    /// Whether what is committed can still be brought to the disk.
    pub(super) fn check(&self) -> Result<(), Error> {
        kept(&self.disk.failed)
    }

    /// Notes that something was committed.
    pub(super) fn committed(&self) {
        self.disk.log.lock().behind = true;
    }

    /// Waits until everything that was committed is on the disk. [`Error::Unknown`] when that fails, and then it has failed
    /// for good.
    pub(super) fn sync(&self) -> Result<(), Error> {
        let log = &mut *self.disk.log.lock();
        if log.behind {
            let failed = |error| Error::Unknown(self.disk.failed.get_or_init(|| words(&error)).clone());
            (log.sync)().map_err(failed)?;
            log.behind = false;
        }
        Ok(())
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        // There is room: one turn is taken, and this was it.
        let _ = self.disk.release.try_send(());
    }
}

/// Whether what is committed is kept.
pub(super) fn kept(failure: &OnceLock<String>) -> Result<(), Error> {
    failure.get().map_or(Ok(()), |words| Err(Error::Database(words.clone())))
}

fn words(error: &io::Error) -> String {
    tracing::error!(%error, "the disk did not take what was written; nothing more is written until a new start");
    format!("the disk did not take what was written ({error}); look after it, and start Portreeve anew")
}
