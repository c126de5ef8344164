//! Snapshots of a file: copies of it, page by page, in a folder beside it.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Read;
use std::os::unix::fs::{DirBuilderExt, FileExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::connection::{Db, Role};
use super::pages::{self, Image};
use super::{Sqlite, at, error, private_file, sync_directory, verbs};
use crate::snapshots::{Snapshot, SnapshotName};
use crate::tx::{Engine, Savepoints};
use crate::work::alone;
use crate::{Error, Tx};

/// Where the header of a file says whether it has a log.
const LOG: u64 = 18;
/// Where it has a number for the user, which of a snapshot is that of its rows.
const USER: u64 = 60;
/// Bytes of the header.
const HEADER: usize = 100;

impl Sqlite {
    /// Keeps a copy of the database, in the place of an earlier one of that name.
    pub(crate) fn save_snapshot(&self, name: &SnapshotName) -> Result<Snapshot, Error> {
        self.keep(name, &self.path)
    }

    /// Keeps a copy of the database in a file.
    fn keep(&self, name: &SnapshotName, from: &Path) -> Result<Snapshot, Error> {
        let (to, part) = (self.snapshot(name), Scratch::new(self, name, "saving")?);
        copy(from, &part.0)?;
        fs::rename(&part.0, &to).map_err(|error| at(&to, &error))?;
        sync_directory(&to)?;
        described(name.clone(), &to)?.ok_or_else(|| missing(name))
    }

    /// All that are kept, by name.
    pub(crate) fn snapshots(&self) -> Result<Vec<Snapshot>, Error> {
        let folder = self.folder();
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(|error| at(&folder, &error))?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let file = entry.map_err(|error| at(&folder, &error))?.file_name();
            let name = file.to_str().and_then(|file| file.strip_suffix(".db")?.parse().ok());
            if let Some(name) = name {
                found.extend(described(name, &folder.join(file))?);
            }
        }
        found.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    /// Removes a snapshot; false when there is none.
    pub(crate) fn delete_snapshot(&self, name: &SnapshotName) -> Result<bool, Error> {
        let path = self.snapshot(name);
        match fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(at(&path, &error)),
        }
    }

    /// Runs a job on what a snapshot holds.
    pub(crate) fn read_snapshot<T, E: From<Error>>(
        &self,
        name: &SnapshotName,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        let path = self.snapshot(name);
        if !path.is_file() {
            return Ok(None);
        }
        let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .map_err(|failure| error(&failure))?;
        job(&mut Tx::new(Engine::Sqlite(&connection), Savepoints::Made).reading(true)).map(Some)
    }

    /// Brings the database to what a snapshot holds and a job makes of that, all at once.
    pub(crate) fn restore<T, E: From<Error>>(
        &self,
        name: &SnapshotName,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        let (from, scratch) = (self.snapshot(name), Scratch::new(self, name, "restoring")?);
        if !from.is_file() {
            return Ok(None);
        }
        fs::copy(&from, &scratch.0).map_err(|error| at(&from, &error))?;
        let (done, image) = change(&scratch.0, job)?;
        let path = self.path.clone();
        // Everybody who writes in this process waits, and does so for no longer than the pages take.
        alone(&self.writes, move || pages::write(&path, &image)).wait()?;
        Ok(Some(done))
    }

    /// A place for another database, which is to become a snapshot.
    pub(crate) fn begin_template(&self, name: &SnapshotName) -> Result<PathBuf, Error> {
        Ok(Scratch::new(self, name, "making")?.0.clone())
    }

    /// Keeps the database of that place, which is closed, as a snapshot if it is to be kept.
    pub(crate) fn end_template(
        &self,
        name: &SnapshotName,
        made: &Path,
        is_kept: bool,
    ) -> Result<Snapshot, Error> {
        let made = Scratch(made.to_owned());
        if is_kept { self.keep(name, &made.0) } else { Err(Error::Closed) }
    }

    fn folder(&self) -> PathBuf {
        self.path.with_extension("snapshots")
    }

    fn snapshot(&self, name: &SnapshotName) -> PathBuf {
        self.folder().join(format!("{name}.db"))
    }
}

fn missing(name: &SnapshotName) -> Error {
    Error::Database(format!("the snapshot {name} was removed while it was saved"))
}

/// A file of this process in the folder of snapshots, for a while.
struct Scratch(PathBuf);

impl Scratch {
    fn new(of: &Sqlite, name: &SnapshotName, why: &str) -> Result<Scratch, Error> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let folder = of.folder();
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        made.map_err(|error| at(&folder, &error))?;
        let count = COUNT.fetch_add(1, Relaxed);
        // No name of a snapshot begins with a dot.
        Ok(Scratch(folder.join(format!(".{name}.{}-{count}.{why}", std::process::id()))))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // It may have been renamed, and a rest of it is of no harm.
        let _ = fs::remove_file(&self.0);
    }
}

/// Copies a database to a file that has no log, and to the disk.
fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    private_file(to)?;
    let said = |failure: rusqlite::Error| error(&failure);
    let (from, mut copy) = (Db::open(from, Role::Backup)?, Connection::open(to).map_err(said)?);
    copy.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF").map_err(said)?;
    {
        let backup = Backup::new(&from.connection, &mut copy).map_err(said)?;
        // All of it in one step, which is of one state.
        if !matches!(backup.step(-1).map_err(said)?, StepResult::Done) {
            return Err(Error::Busy);
        }
    }
    copy.close().map_err(|(_, failure)| error(&failure))?;
    let told = |error| at(to, &error);
    let file = OpenOptions::new().read(true).write(true).open(to).map_err(told)?;
    file.write_all_at(&[1, 1], LOG).map_err(told)?;
    let copy = Connection::open_with_flags(to, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(said)?;
    let rows = count(&copy).map_err(said)?;
    copy.close().map_err(|(_, failure)| error(&failure))?;
    file.write_all_at(&u32::try_from(rows).unwrap_or(u32::MAX).to_be_bytes(), USER).map_err(told)?;
    file.sync_all().map_err(told)
}

/// The number of all rows.
fn count(connection: &Connection) -> rusqlite::Result<i64> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let mut tables = connection.prepare(sql)?;
    let names = tables.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    let mut rows = 0;
    for name in names {
        let sql = format!("SELECT count(*) FROM \"{name}\"");
        rows += connection.query_row(&sql, [], |row| row.get::<_, i64>(0))?;
    }
    Ok(rows)
}

/// What is known of a snapshot's file; `None` when it is gone.
fn described(name: SnapshotName, path: &Path) -> Result<Option<Snapshot>, Error> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        file => file.map_err(|error| at(path, &error))?,
    };
    let mut header = [0; HEADER];
    let read = file.read_exact(&mut header).and_then(|()| file.metadata());
    let about = read.map_err(|error| at(path, &error))?;
    let mut rows = [0; 4];
    rows.copy_from_slice(&header[USER as usize..USER as usize + 4]);
    let saved = about.modified().map_err(|error| at(path, &error))?;
    Ok(Some(Snapshot { name, saved, size: about.len(), rows: u32::from_be_bytes(rows).into() }))
}

/// Runs a job on a copy of a snapshot, which nobody else has.
fn change<T, E: From<Error>>(
    path: &Path,
    job: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
) -> Result<(T, Image), E> {
    let db = Db::open(path, Role::Image)?;
    verbs::control(&db.connection, "BEGIN IMMEDIATE")?;
    let mut tx = Tx::new(Engine::Sqlite(&db.connection), Savepoints::Made);
    let done = job(&mut tx)?;
    tx.ready()?;
    verbs::control(&db.connection, "COMMIT")?;
    let image = Image::of(path, &db.connection)?;
    db.connection.close().map_err(|(_, failure)| error(&failure))?;
    Ok((done, image))
}
