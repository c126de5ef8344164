//! Keeps the write-ahead log short.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::hooks::Wal;
use rusqlite::wal::CheckpointMode;

use super::connection::PATIENCE;
use super::error;
use crate::Error;

/// Pages (of 4 KiB) that the log may grow by before they are copied into the database file.
const COPY: u32 = 6_000;
/// Pages that the log may grow by before the writer waits for readers, so that it can start anew: copying
/// alone never gets there while one read follows another.
const RESTART: u32 = 24_000;
/// How long the writer waits for them. A long read may last longer; then the log grows on.
const WAIT: Duration = Duration::from_millis(100);

/// What the writer knows about the log. It takes the place of SQLite's own checkpoints, which would come
/// before the answers of a group instead of after them.
pub(super) struct Log {
    /// Length of the log after the last commit.
    pages: Arc<AtomicU32>,
    /// Length when it was last copied.
    copied: u32,
    /// Length at which it should start anew.
    restart: u32,
}

impl Log {
    pub(super) fn watch(connection: &mut Connection) -> Result<Log, Error> {
        let pages = Arc::new(AtomicU32::new(0));
        let committed = Arc::clone(&pages);
        connection
            .wal_hook(Some(move |_: &mut Wal, length: i32| {
                committed.store(length.cast_unsigned(), Relaxed);
                Ok(())
            }))
            .map_err(|failure| error(&failure))?;
        Ok(Log { pages, copied: 0, restart: RESTART })
    }

    /// Copies the log into the database file when it has grown. To be called between transactions.
    pub(super) fn tend(&mut self, connection: &Connection) {
        let pages = self.pages.load(Relaxed);
        if pages < self.copied {
            // It has started anew.
            (self.copied, self.restart) = (0, RESTART);
        }
        if pages < self.copied + COPY {
            return;
        }
        self.copied = pages;
        let done = if pages < self.restart {
            connection.wal_checkpoint_v2(None::<&str>, CheckpointMode::PASSIVE).map(drop)
        } else {
            self.restart = pages + RESTART;
            hurried(connection, CheckpointMode::RESTART)
        };
        if let Err(failure) = done {
            tracing::debug!(%failure, pages, "the log could not be copied into the database");
        }
    }

    /// Empties the log at the end, unless another process reads it. Nothing is lost when this fails: the log
    /// is read at the next start.
    pub(super) fn finish(&self, connection: &Connection) {
        if let Err(failure) = hurried(connection, CheckpointMode::TRUNCATE) {
            tracing::debug!(%failure, "the log could not be emptied");
        }
    }
}

fn hurried(connection: &Connection, mode: CheckpointMode) -> rusqlite::Result<()> {
    connection.busy_timeout(WAIT)?;
    let done = connection.wal_checkpoint_v2(None::<&str>, mode).map(drop);
    connection.busy_timeout(PATIENCE)?;
    done
}
