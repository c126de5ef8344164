//! The front door.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use crate::counters::Counters;
use crate::lane::Lane;
use crate::postgres::Postgres;
use crate::snapshots::{Snapshot, SnapshotName};
use crate::sqlite::Sqlite;
use crate::work::Answered;
use crate::{Error, Location, Migration, Options, Pending, Tx, migrate, spans, work};

/// A database and the threads that work on it. A clone is another handle of the same one.
///
/// A job is a plain function run whole inside one transaction. It may be run more than once (a read that
/// moves to another thread, a write that met a rival), so everything it does must be done through its [`Tx`]:
/// clocks and random numbers are read before. A job must not wait for another job.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    migrations: Vec<Migration>,
    counters: Arc<Counters>,
}

#[expect(clippy::large_enum_variant, reason = "there is one for each store")]
enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// Figures of a store, for metrics. Counts are since it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gauges {
    /// Writes that wait
    pub write_queue: usize,
    /// Reads that wait (SQLite: long ones alone)
    pub read_queue: usize,
    /// Commits that answered at least one job (SQLite: of a whole group)
    pub groups: u64,
    /// Jobs in those groups
    pub grouped: u64,
    /// Runs of a job after its first one (SQLite: when a neighbour in its group failed)
    pub retries: u64,
    /// Reads that were moved to a thread for long ones
    pub long_reads: u64,
    /// Jobs that were refused because too many waited, or because they had waited for too long
    pub refused: u64,
    /// PostgreSQL: connections that are open
    pub connections: u64,
    /// PostgreSQL: connections that a job is run on
    pub busy: u64,
    /// PostgreSQL: connections that were opened
    pub connects: u64,
}

impl Store {
    /// Opens the database, makes it when it is a file that is not there, and applies the migrations that it
    /// lacks. Blocks.
    ///
    /// # Errors
    /// When the database cannot be opened or migrated, [`Error::Newer`] when a newer program made it.
    ///
    /// # Panics
    /// When the migrations are not listed in the order of their versions.
    pub fn open(location: &Location, options: &Options, migrations: &[Migration]) -> Result<Store, Error> {
        let ascending = migrations.windows(2).all(|pair| pair[0].version < pair[1].version);
        assert!(ascending, "migrations are listed in the order of their versions");
        let counters = Arc::default();
        let engine = match location {
            Location::Sqlite(path) => Engine::Sqlite(Sqlite::open(path, options, migrations, &counters)?),
            Location::Postgres(url) => Engine::Postgres(Postgres::open(url, options, migrations, &counters)?),
        };
        Ok(Store { inner: Arc::new(Inner { engine, migrations: migrations.to_vec(), counters }) })
    }

    /// Runs a job that changes nothing, on one consistent state of the database that holds every write
    /// answered before. SQLite runs it on the calling thread, within [`Options::read_budget`]; it may see a
    /// write some milliseconds before that is on the disk and answered. One that takes longer than most is run again from
    /// the start on a thread for such.
    pub fn read<T, E, F>(&self, job: F) -> Pending<Result<T, E>>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        match &self.inner.engine {
            Engine::Sqlite(engine) => engine.reads.read(job),
            Engine::Postgres(engine) => {
                work::submit(&engine.reads, spans::job(spans::READ), Answered::WhenSeen, None, job)
            }
        }
    }

    /// Runs a job that may change the database. It is answered when its changes are on the disk; when it
    /// fails or panics, nothing of it was kept and nobody else is troubled. It may be run more than once, and
    /// only the last run counts: PostgreSQL does so after a conflict, SQLite when a neighbour in its group failed.
    pub fn write<T, E, F>(&self, job: F) -> Pending<Result<T, E>>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        work::submit(self.writes(), spans::job(spans::WRITE), Answered::WhenOnDisk, None, job)
    }

    /// Like [`write`](Store::write), for a job that may run so long instead of [`Options::timeout`]: all others wait for
    /// it, on SQLite at least. Beyond that it fails with [`Error::Timeout`]; what it does without the database is counted
    /// when it comes back to that.
    pub fn write_within<T, E, F>(&self, limit: Duration, job: F) -> Pending<Result<T, E>>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        work::submit(self.writes(), spans::job(spans::WRITE), Answered::WhenOnDisk, Some(limit), job)
    }

    /// Like [`write`](Store::write), but does not wait for the disk: it is answered when every other transaction
    /// sees its changes, which the end of this program does not undo. The end of the machine may, up to the next
    /// `write` that is answered. For what only costs work when it is forgotten.
    pub fn write_lightly<T, E, F>(&self, job: F) -> Pending<Result<T, E>>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        work::submit(self.writes(), spans::job(spans::WRITE), Answered::WhenSeen, None, job)
    }

    fn writes(&self) -> &Lane {
        match &self.inner.engine {
            Engine::Sqlite(engine) => &engine.writes,
            Engine::Postgres(engine) => &engine.writes,
        }
    }

    /// Writes a consistent copy of the database to a new file, for its owner only, while everything works on.
    /// Blocks; the file has its name only once it is complete and on the disk.
    ///
    /// # Errors
    /// When the file exists or cannot be written. A PostgreSQL database is not copied: that is `pg_dump`'s.
    pub fn backup(&self, to: &Path) -> Result<(), Error> {
        match &self.inner.engine {
            Engine::Sqlite(engine) => engine.backup(to),
            Engine::Postgres(_) => {
                Err(Error::Database("a PostgreSQL database is backed up with pg_dump, not from here".into()))
            }
        }
    }

    /// Keeps the whole database as it is under a name, in the place of an earlier snapshot of that name. Blocks; others
    /// go on.
    ///
    /// # Errors
    /// Those of the engine and of the operating system.
    pub fn save_snapshot(&self, name: &SnapshotName) -> Result<Snapshot, Error> {
        match &self.inner.engine {
            Engine::Sqlite(engine) => engine.save_snapshot(name),
            Engine::Postgres(engine) => engine.save_snapshot(name),
        }
    }

    /// All snapshots, by name. Blocks.
    ///
    /// # Errors
    /// As [`save_snapshot`](Store::save_snapshot) has them.
    pub fn snapshots(&self) -> Result<Vec<Snapshot>, Error> {
        match &self.inner.engine {
            Engine::Sqlite(engine) => engine.snapshots(),
            Engine::Postgres(engine) => engine.snapshots(),
        }
    }

    /// Removes a snapshot; false when there is none. Blocks.
    ///
    /// # Errors
    /// As [`save_snapshot`](Store::save_snapshot) has them.
    pub fn delete_snapshot(&self, name: &SnapshotName) -> Result<bool, Error> {
        match &self.inner.engine {
            Engine::Sqlite(engine) => engine.delete_snapshot(name),
            Engine::Postgres(engine) => engine.delete_snapshot(name),
        }
    }

    /// Runs a job on what a snapshot holds; `None` when there is no such snapshot. On PostgreSQL, tables that had no
    /// rows are not there. Blocks.
    ///
    /// # Errors
    /// Those of the job and of the engine.
    pub fn read_snapshot<T, E, F>(&self, name: &SnapshotName, job: F) -> Result<Option<T>, E>
    where
        T: Send,
        E: From<Error> + Send,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send,
    {
        match &self.inner.engine {
            Engine::Sqlite(engine) => engine.read_snapshot(name, job),
            Engine::Postgres(engine) => engine.read_snapshot(name, job),
        }
    }

    /// Brings the whole database to what a snapshot holds, brought up to date, and to what the job makes of that; `None`
    /// when there is no such snapshot. All of that is one transaction: every other one, of this process or another,
    /// is before it or after it. Blocks.
    ///
    /// # Errors
    /// Those of the job and of the engine, and [`Error::Newer`] when a newer program made the snapshot. Nothing was
    /// done then.
    pub fn restore_snapshot<T, E, F>(&self, name: &SnapshotName, job: F) -> Result<Option<T>, E>
    where
        T: Send,
        E: From<Error> + Send,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send,
    {
        let current = |tx: &mut Tx<'_>| {
            migrate::run(tx, &self.inner.migrations)?;
            job(tx)
        };
        match &self.inner.engine {
            Engine::Sqlite(engine) => engine.restore(name, current),
            Engine::Postgres(engine) => engine.restore(name, current),
        }
    }

    /// Has `fill` open a new database of the same engine, bring it to what it is to be and close it, and keeps that as a
    /// snapshot. Blocks.
    ///
    /// # Errors
    /// Those of `fill` and of the engine.
    pub fn make_snapshot<E: From<Error>>(
        &self,
        name: &SnapshotName,
        fill: impl FnOnce(&Location) -> Result<(), E>,
    ) -> Result<Snapshot, E> {
        match &self.inner.engine {
            Engine::Sqlite(engine) => {
                let place = engine.begin_template(name)?;
                let filled = fill(&Location::Sqlite(place.clone()));
                let kept = engine.end_template(name, &place, filled.is_ok());
                filled.and_then(|()| Ok(kept?))
            }
            Engine::Postgres(engine) => {
                let place = engine.begin_template(name)?;
                let filled = fill(&Location::Postgres(place.clone()));
                let kept = engine.end_template(name, &place, filled.is_ok());
                filled.and_then(|()| Ok(kept?))
            }
        }
    }

    /// Whether writes can be kept, as far as those that were tried tell. Once the disk has refused what SQLite had
    /// committed, none is until the next start; PostgreSQL sees to that itself.
    ///
    /// # Errors
    /// How the disk failed, or [what it lacks](Error::is_lasting).
    pub fn check(&self) -> Result<(), Error> {
        if let Engine::Sqlite(engine) = &self.inner.engine {
            engine.check()?;
        }
        self.inner.counters.trouble.check()
    }

    /// Writes what is there already, which [`check`](Store::check) then tells of.
    pub fn try_write(&self) -> Pending<Result<(), Error>> {
        self.write_lightly(|tx: &mut Tx<'_>| {
            tx.execute("UPDATE migration SET name = name WHERE version = 1", &[]).map(drop)
        })
    }

    /// Whether the database is a server's, which other processes may use as well; otherwise it is a file.
    pub fn is_shared(&self) -> bool {
        matches!(self.inner.engine, Engine::Postgres(_))
    }

    /// Serves what was accepted, refuses everything else with [`Error::Closed`], and ends the threads, for
    /// all handles of this store. Dropping the last handle does the same.
    pub fn close(self) {
        self.inner.close();
    }

    /// How the store is doing.
    pub fn gauges(&self) -> Gauges {
        let (reads, long) = match &self.inner.engine {
            Engine::Sqlite(engine) => (&engine.reads.long, None),
            Engine::Postgres(engine) => (&engine.reads, Some(&*engine.long)),
        };
        let writes = self.writes();
        let full = writes.refused() + reads.refused() + long.map_or(0, Lane::refused);
        let counters = &self.inner.counters;
        Gauges {
            write_queue: writes.depth(),
            read_queue: reads.depth() + long.map_or(0, Lane::depth),
            groups: counters.groups.load(Relaxed),
            grouped: counters.grouped.load(Relaxed),
            retries: counters.retries.load(Relaxed),
            long_reads: counters.long_reads.load(Relaxed),
            refused: full + counters.refused.load(Relaxed),
            connections: counters.connections.load(Relaxed),
            busy: counters.busy.load(Relaxed),
            connects: counters.connects.load(Relaxed),
        }
    }
}

impl Inner {
    fn close(&self) {
        match &self.engine {
            Engine::Sqlite(engine) => engine.close(),
            Engine::Postgres(engine) => engine.close(),
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}
