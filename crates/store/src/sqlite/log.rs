//! Keeps the write-ahead log short.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use rusqlite::Connection;
use rusqlite::hooks::Wal;
use rusqlite::wal::CheckpointMode;

use super::connection::{Db, PATIENCE, Role};
use super::error;
use crate::Error;

/// Pages (of 4 KiB) that the log may grow by before they are copied into the database file.
const COPY: u32 = 6_000;
/// Pages that the log may grow by before the writer waits for readers, so that it can start anew: copying
/// alone never gets there while one write or read follows another.
const RESTART: u32 = 12_000;
/// How long the writer waits for them. A long read may last longer; then the log grows on.
const WAIT: Duration = Duration::from_millis(100);

/// What the writer knows about the log. It takes the place of SQLite's own checkpoints, which would come
/// before the answers of a group instead of beside them.
pub(super) struct Log {
    /// Length of the log after the last commit.
    pages: Arc<AtomicU32>,
    /// Whether there was one since that was asked.
    grew: Arc<AtomicBool>,
    /// Length when it was last copied.
    copied: u32,
    /// Length at which it should start anew.
    restart: u32,
    /// Whether it should do so when what it held a moment ago was copied.
    restarts: bool,
    copier: Copier,
}

impl Log {
    pub(super) fn watch(connection: &mut Connection, path: &Path) -> Result<Log, Error> {
        let (pages, grew) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
        let (length_now, grows) = (Arc::clone(&pages), Arc::clone(&grew));
        connection
            .wal_hook(Some(move |_: &mut Wal, length: i32| {
                length_now.store(length.cast_unsigned(), Relaxed);
                grows.store(true, Relaxed);
                Ok(())
            }))
            .map_err(|failure| error(&failure))?;
        Ok(Log { pages, grew, copied: 0, restart: RESTART, restarts: false, copier: Copier::start(path)? })
    }

    /// Whether a commit wrote something since this was asked last.
    pub(super) fn grew(&self) -> bool {
        self.grew.swap(false, Relaxed)
    }

    /// Has the log copied into the database file when it has grown. To be called between transactions.
    pub(super) fn tend(&mut self, connection: &Connection) {
        let pages = self.pages.load(Relaxed);
        if pages < self.copied {
            // It has started anew.
            (self.copied, self.restart, self.restarts) = (0, RESTART, false);
        }
        if self.copier.works() {
            return;
        }
        if std::mem::take(&mut self.restarts) {
            // Little is left to copy: what came since the copier began.
            self.restart = pages + RESTART;
            told(hurried(connection, CheckpointMode::RESTART));
        } else if pages >= self.copied + COPY {
            self.restarts = pages >= self.restart;
            self.copied = pages;
            self.copier.copy();
        }
    }

    /// Empties the log at the end, unless another process reads it. Nothing is lost when this fails: the log
    /// is read at the next start.
    pub(super) fn finish(self, connection: &Connection) {
        self.copier.stop();
        told(hurried(connection, CheckpointMode::TRUNCATE));
    }
}

/// A thread that copies the log, with a connection of its own: SQLite lets it while the writer writes, and the
/// writer's jobs need not wait for tens of megabytes.
struct Copier {
    orders: Sender<()>,
    works: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Copier {
    fn start(path: &Path) -> Result<Copier, Error> {
        let db = Db::open(path, Role::Backup)?;
        let works = Arc::new(AtomicBool::new(false));
        let (orders, taken): (_, Receiver<()>) = bounded(1);
        let busy = Arc::clone(&works);
        let work = move || {
            for () in taken {
                told(db.connection.wal_checkpoint_v2(None::<&str>, CheckpointMode::PASSIVE).map(drop));
                busy.store(false, Relaxed);
            }
        };
        let thread = thread::Builder::new().name("store-copy".to_owned()).spawn(work);
        let thread =
            thread.map_err(|error| Error::Database(format!("a thread cannot be started: {error}")))?;
        Ok(Copier { orders, works, thread })
    }

    fn works(&self) -> bool {
        self.works.load(Relaxed)
    }

    fn copy(&self) {
        self.works.store(true, Relaxed);
        if self.orders.try_send(()).is_err() {
            // It died, which is told where it is joined; the log grows until it starts anew.
            self.works.store(false, Relaxed);
        }
    }

    fn stop(self) {
        drop(self.orders);
        if self.thread.join().is_err() {
            tracing::error!("the thread that copies the log died");
        }
    }
}

/// The log grows on when it could not be copied, and is copied the next time.
fn told(done: rusqlite::Result<()>) {
    if let Err(failure) = done {
        tracing::debug!(%failure, "the log could not be copied into the database");
    }
}

fn hurried(connection: &Connection, mode: CheckpointMode) -> rusqlite::Result<()> {
    connection.busy_timeout(WAIT)?;
    let done = connection.wal_checkpoint_v2(None::<&str>, mode).map(drop);
    connection.busy_timeout(PATIENCE)?;
    done
}
