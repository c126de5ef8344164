//! SQLite: reads on the calling thread, one writer that commits in groups.

mod connection;
mod disk;
mod group;
mod inspect;
mod like;
mod log;
mod pages;
mod reads;
mod snapshots;
pub(crate) mod verbs;
mod writer;

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use connection::{Db, Role};
use disk::{Disk, Failure};
pub(crate) use inspect::inspect;
use reads::Reads;
use rusqlite::{Connection, OpenFlags};
pub(crate) use verbs::error;

use crate::counters::Counters;
use crate::lane::Lane;
use crate::{Error, Migration, Options, migrate};

pub(crate) struct Sqlite {
    path: PathBuf,
    pub(crate) reads: Reads,
    pub(crate) writes: Lane,
    failure: Failure,
}

impl Sqlite {
    pub(crate) fn open(
        path: &Path,
        options: &Options,
        migrations: &[Migration],
        counters: &Arc<Counters>,
    ) -> Result<Sqlite, Error> {
        private_file(path)?;
        require_own(path)?;
        let writer = Db::open(path, Role::Writer)?;
        writer::migrate(&writer, |tx| migrate::run(tx, migrations))?;
        let reads = Reads::start(path, options, counters)?;
        let disk = Disk::of(path).map_err(|error| at(path, &error))?;
        let failure = disk.failure();
        let writes = writer::start(writer, path, disk, options, counters)?;
        Ok(Sqlite { path: path.to_owned(), reads, writes, failure })
    }

    /// Whether the disk takes what is written.
    pub(crate) fn check(&self) -> Result<(), Error> {
        disk::kept(&self.failure)
    }

    /// Writes a consistent copy to a new file while the store works on.
    pub(crate) fn backup(&self, to: &Path) -> Result<(), Error> {
        if to.exists() {
            return Err(Error::Database(format!("{} exists already", to.display())));
        }
        let mut part = to.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let copied = self.copy(&part).and_then(|()| fs::rename(&part, to).map_err(|error| at(to, &error)));
        if copied.is_err() {
            // What is left of a failed copy is of no use; that it cannot be removed is no news either.
            let _ = fs::remove_file(&part);
            return copied;
        }
        sync_directory(to)
    }

    fn copy(&self, part: &Path) -> Result<(), Error> {
        match fs::remove_file(part) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(at(part, &error)),
            _ => {}
        }
        private_file(part)?;
        let db = Db::open(&self.path, Role::Backup)?;
        let name = part.to_str().ok_or_else(|| Error::Database("the path is not UTF-8".into()))?;
        db.connection.execute("VACUUM INTO ?", [name]).map_err(|failure| error(&failure))?;
        OpenOptions::new()
            .append(true)
            .open(part)
            .and_then(|file| file.sync_all())
            .map_err(|error| at(part, &error))
    }

    /// Finishes what was accepted; the writer leaves a database without a log behind.
    pub(crate) fn close(&self) {
        self.reads.close();
        self.writes.close();
    }
}

/// Refuses a file of another program's before anything is written into it. What cannot be read here, the writer tells of.
fn require_own(path: &Path) -> Result<(), Error> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' \
               AND NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'migration') ORDER BY name LIMIT 1";
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let foreign = Connection::open_with_flags(path, flags)
        .and_then(|connection| connection.query_row(sql, [], |row| row.get::<_, String>(0)));
    foreign.map_or(Ok(()), |table| {
        Err(Error::Database(format!(
            "it is the database of another program (it has the table {table}), and was left as it is; \
             put the portal's own in its place, or choose another folder"
        )))
    })
}

/// Makes the file, for its owner only, unless it is there. SQLite gives the same rights to its log.
///
/// It gets its name when it is closed already: closing a file of the database ends all locks that this
/// process has on it, those of other connections included.
fn private_file(path: &Path) -> Result<(), Error> {
    if path.exists() {
        return Ok(());
    }
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let mut unnamed = path.as_os_str().to_owned();
    unnamed.push(format!(".{}-{}", std::process::id(), COUNT.fetch_add(1, Relaxed)));
    let unnamed = PathBuf::from(unnamed);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&unnamed).map(drop).map_err(|error| at(&unnamed, &error))?;
    let named = match fs::hard_link(&unnamed, path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(at(path, &error)),
        _ => Ok(()),
    };
    fs::remove_file(&unnamed).map_err(|error| at(&unnamed, &error))?;
    named
}

/// Makes the name of a file survive a power cut, like its contents.
fn sync_directory(of: &Path) -> Result<(), Error> {
    let directory = of.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Elsewhere a directory cannot be opened, and need not be.
    if cfg!(unix) {
        let synced = fs::File::open(directory).and_then(|directory| directory.sync_all());
        synced.map_err(|error| at(directory, &error))?;
    }
    Ok(())
}

fn at(path: &Path, error: &std::io::Error) -> Error {
    Error::Database(format!("{}: {error}", path.display()))
}
