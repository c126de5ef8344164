//! Writing the pages of another file into the database, as one transaction: only those that differ.
//!
//! Every connection, of this process or another, notices that as it notices any other's transaction: its pages are
//! those of before or those of after, and what it prepared is prepared anew when the schema became another.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Statement};

use super::connection::{Db, PATIENCE, Role};
use super::{at, error, verbs};
use crate::Error;

/// A file whose pages are to be those of the database.
pub(super) struct Image {
    path: PathBuf,
    schema: Vec<Entry>,
}

/// An entry of the schema: its kind, its name, its table, its first page, its SQL.
type Entry = (String, String, String, i64, Option<String>);

/// A page that SQLite's locks lie on has no content.
const LOCKS: u64 = 0x4000_0000;
/// Pages that are read from the file at once.
const AT_ONCE: u32 = 64;

/// Parts of the first page that stay those of the database: its log, the counter of changes, the number of its schema, the
/// number for the user, and the version of SQLite that wrote last.
const OWN: [std::ops::Range<usize>; 5] = [18..20, 24..28, 40..44, 60..64, 92..100];

impl Image {
    /// The image that a file is, which was closed or is about to be.
    pub(super) fn of(path: &Path, connection: &Connection) -> Result<Image, Error> {
        let schema = schema(connection).map_err(|failure| error(&failure))?;
        Ok(Image { path: path.to_owned(), schema })
    }
}

/// Makes the database at that path what the image is.
pub(super) fn write(path: &Path, image: &Image) -> Result<(), Error> {
    let db = writer(path)?;
    verbs::control(&db.connection, "BEGIN IMMEDIATE")?;
    // Dropped without a commit, the connection undoes everything.
    replace(&db.connection, image)?;
    verbs::control(&db.connection, "COMMIT")
}

fn replace(connection: &Connection, image: &Image) -> Result<(), Error> {
    let said = |failure: rusqlite::Error| error(&failure);
    let told = |error| at(&image.path, &error);
    let number = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, u32>(0));
    let (size, before) = (number("page_size").map_err(said)?, number("page_count").map_err(said)?);
    let file = File::open(&image.path).map_err(told)?;
    let pages = Pages::of(&file, size, connection)?;
    let same_schema = schema(connection).map_err(said)? == image.schema;

    let mut read = connection.prepare("SELECT data FROM sqlite_dbpage WHERE pgno = ?").map_err(said)?;
    let mut differing = Vec::new();
    pages.each(|number, page| {
        if number > before || !is(&mut read, number, page)? {
            differing.push(number);
        }
        Ok(())
    })?;
    let mut write =
        connection.prepare("INSERT INTO sqlite_dbpage (pgno, data) VALUES (?, ?)").map_err(said)?;
    for number in differing {
        let page = pages.one(number)?;
        write.execute((number, page)).map_err(said)?;
    }
    if pages.count < before {
        // That page and all behind it go.
        write.execute((pages.count + 1, None::<Vec<u8>>)).map_err(said)?;
    }
    if !same_schema {
        // A number that the schema never had: whoever knows another schema under it would not look.
        let next = number("schema_version").map_err(said)?.wrapping_add(1);
        connection.execute_batch(&format!("PRAGMA schema_version = {next}")).map_err(said)?;
    }
    Ok(())
}

/// Whether that is what a page of the database holds.
fn is(read: &mut Statement<'_>, number: u32, page: &[u8]) -> Result<bool, Error> {
    read.query_row([number], |row| Ok(row.get_ref(0)?.as_blob().is_ok_and(|held| held == page)))
        .map_err(|failure| error(&failure))
}

/// The pages of a file.
struct Pages<'f> {
    file: &'f File,
    size: u32,
    count: u32,
    /// The first one, as it is to be.
    first: Vec<u8>,
}

impl<'f> Pages<'f> {
    fn of(file: &'f File, size: u32, database: &Connection) -> Result<Self, Error> {
        let broken = |what: &str| Error::Database(format!("the snapshot cannot be used: {what}"));
        let length = file.metadata().map_err(|error| broken(&error.to_string()))?.len();
        let count = u32::try_from(length / u64::from(size)).map_err(|_| broken("it is too large"))?;
        let mut first = vec![0; size as usize];
        file.read_exact_at(&mut first, 0).map_err(|error| broken(&error.to_string()))?;
        let own_size = match u16::from_be_bytes([first[16], first[17]]) {
            1 => 65_536,
            size => u32::from(size),
        };
        let own_count = u32::from_be_bytes([first[28], first[29], first[30], first[31]]);
        if !first.starts_with(b"SQLite format 3\0") || own_count != count {
            return Err(broken("its file is damaged"));
        }
        if own_size != size {
            return Err(broken("its pages have another size than those of the database"));
        }
        let sql = "SELECT data FROM sqlite_dbpage WHERE pgno = 1";
        let held: Vec<u8> =
            database.query_row(sql, [], |row| row.get(0)).map_err(|failure| error(&failure))?;
        for part in OWN {
            first[part.clone()].copy_from_slice(&held[part]);
        }
        Ok(Pages { file, size, count, first })
    }

    /// Goes through all of them.
    fn each(&self, mut job: impl FnMut(u32, &[u8]) -> Result<(), Error>) -> Result<(), Error> {
        let size = self.size as usize;
        let locks = self.locks();
        let mut portion = vec![0; size * AT_ONCE as usize];
        let mut number = 1;
        while number <= self.count {
            let take = AT_ONCE.min(self.count - number + 1);
            let part = &mut portion[..take as usize * size];
            self.read(part, number)?;
            for page in part.chunks_exact(size) {
                match number {
                    1 => job(1, &self.first)?,
                    number if number == locks => {}
                    number => job(number, page)?,
                }
                number += 1;
            }
        }
        Ok(())
    }

    fn one(&self, number: u32) -> Result<Vec<u8>, Error> {
        if number == 1 {
            return Ok(self.first.clone());
        }
        let mut page = vec![0; self.size as usize];
        self.read(&mut page, number)?;
        Ok(page)
    }

    fn read(&self, part: &mut [u8], from: u32) -> Result<(), Error> {
        let offset = u64::from(from - 1) * u64::from(self.size);
        let read = self.file.read_exact_at(part, offset);
        read.map_err(|error| Error::Database(format!("the snapshot cannot be read: {error}")))
    }

    fn locks(&self) -> u32 {
        u32::try_from(LOCKS / u64::from(self.size)).map_or(u32::MAX, |page| page + 1)
    }
}

fn schema(connection: &Connection) -> rusqlite::Result<Vec<Entry>> {
    let sql = "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema ORDER BY type, name";
    let mut all = connection.prepare(sql)?;
    let entries =
        all.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?;
    entries.collect()
}

/// Opens the database for the write of an image: it waits for other processes, and its commit is on the disk.
fn writer(path: &Path) -> Result<Db, Error> {
    let db = Db::open(path, Role::Backup)?;
    // Its pages would be copied from the log to the database within COMMIT; that is for the writer's own time.
    db.connection
        .busy_timeout(PATIENCE)
        .and_then(|()| {
            db.connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0")
        })
        .map_err(|failure| error(&failure))?;
    Ok(db)
}
