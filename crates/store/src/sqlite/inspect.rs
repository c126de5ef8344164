//! Looking at a file that somebody else may be writing to.

use std::ffi::OsString;
use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::connection::Db;
use super::verbs;
use crate::tx::{Engine, Savepoints};
use crate::{Error, Tx};

/// See [`inspect`](crate::inspect()).
pub(crate) fn inspect<T, E: From<Error>>(
    path: &Path,
    limit: Duration,
    job: impl Fn(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    if !path.is_file() {
        return Err(Error::Database(format!("{} is missing", path.display())).into());
    }
    // Without a log, all that there is stands in the file. A connection that reads the log would leave one behind.
    let log = log_of(path);
    if !log.exists() {
        let found = look(&Place::Still(path), limit, &job);
        if !log.exists() {
            return found;
        }
    }
    look(&Place::Logged(path), limit, &job)
}

/// How a file is opened.
enum Place<'p> {
    /// Nobody has it open.
    Still(&'p Path),
    /// It has a log, which a program may be writing to or have left behind.
    Logged(&'p Path),
}

fn look<T, E: From<Error>>(
    place: &Place<'_>,
    limit: Duration,
    job: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let uri = match place {
        Place::Still(path) => uri(path, "mode=ro&immutable=1"),
        Place::Logged(path) => uri(path, "mode=ro"),
    };
    let db = Db::looking(&uri)?;
    verbs::control(&db.connection, "BEGIN")?;
    db.meter.allow_time(limit);
    let end = Instant::now().checked_add(limit);
    job(&mut Tx::new(Engine::Sqlite(&db.connection), Savepoints::Made).reading(true).until(end))
}

fn log_of(path: &Path) -> PathBuf {
    let mut log = OsString::from(path);
    log.push("-wal");
    log.into()
}

/// A path as SQLite takes it with options.
fn uri(path: &Path, options: &str) -> String {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'/' | b'.' | b'_' | b'-' => uri.push(char::from(*byte)),
            _ if byte.is_ascii_alphanumeric() => uri.push(char::from(*byte)),
            // Writing to a text does not fail.
            _ => drop(write!(uri, "%{byte:02X}")),
        }
    }
    uri + "?" + options
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{Location, Migration, Options, Store};

    #[test]
    fn a_file_is_seen_as_it_is_and_stays_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a file?#%.db");
        let files = || {
            let names = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
            let mut names: Vec<_> = names.collect();
            names.sort();
            names
        };
        let count = |tx: &mut Tx<'_>| tx.one("SELECT count(*) FROM note", &[], |row| row.int(0));
        let looked = || inspect::<_, Error>(&path, Duration::from_secs(5), count);
        assert!(looked().is_err() && files().is_empty(), "nothing is made");
        let sql = "CREATE TABLE note (id {id}, text {text} NOT NULL);\n";
        let migrations = [Migration { version: 1, name: "notes", sql }];
        let location = Location::Sqlite(path.clone());
        let store = Store::open(&location, &Options::default(), &migrations).unwrap();
        let add = |tx: &mut Tx<'_>| tx.insert("INSERT INTO note (text) VALUES (?)", &["a".into()]);
        store.write(add).wait().unwrap();
        assert_eq!(looked(), Ok(Some(1)), "what is in the log is seen");
        store.close();
        let (before, content) = (files(), fs::read(&path).unwrap());
        assert_eq!(looked(), Ok(Some(1)));
        assert!(inspect::<_, Error>(&path, Duration::from_secs(5), add).is_err(), "writing is refused");
        assert_eq!((files(), fs::read(&path).unwrap()), (before, content));
    }

    #[test]
    fn what_takes_too_long_is_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.db");
        Store::open(&Location::Sqlite(path.clone()), &Options::default(), &[]).unwrap().close();
        let endless = |tx: &mut Tx<'_>| {
            let sql =
                "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT count(*) FROM n";
            tx.one(sql, &[], |row| row.int(0))
        };
        assert_eq!(inspect::<_, Error>(&path, Duration::from_millis(50), endless), Err(Error::Timeout));
    }
}
