//! Where a database is, and how much it may use.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;

use crate::Error;

/// Where the database is.
///
/// `Debug` and `Display` leave out the user and the password of a PostgreSQL server.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A file; made, readable by its owner only, when it is not there. Its directory must exist.
    Sqlite(PathBuf),
    /// A connection string as libpq has it: `postgres://user:password@host/database` or `host=.. dbname=..`
    Postgres(String),
}

impl Location {
    /// Reads `postgres://…`, `postgresql://…`, `sqlite:path` or a bare path.
    ///
    /// # Errors
    /// When the text is empty, or names SQLite's in-memory database, which each connection would have
    /// to itself.
    pub fn parse(text: &str) -> Result<Location, Error> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Location::Postgres(text.to_owned()));
        }
        let path = text.strip_prefix("sqlite:").unwrap_or(text);
        let path = path.strip_prefix("//").map_or(path, |rest| if rest.is_empty() { "" } else { rest });
        match path {
            "" => Err(Error::Database("no database is named".into())),
            ":memory:" => Err(Error::Database(
                "an in-memory database cannot be shared by connections: name a file".into(),
            )),
            path => Ok(Location::Sqlite(PathBuf::from(path))),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Sqlite(path) => write!(f, "{}", path.display()),
            Location::Postgres(text) => match without_tls(text).0.parse::<::postgres::Config>() {
                Ok(config) => write!(f, "postgres database {}", config.get_dbname().unwrap_or("of its user")),
                Err(_) => f.write_str("postgres database"),
            },
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Location({self})")
    }
}

/// The connection string as the client reads it, and the parameters of TLS in it. Only a URL has such.
pub(crate) fn without_tls(text: &str) -> (String, Vec<(String, String)>) {
    let is_url = text.starts_with("postgres://") || text.starts_with("postgresql://");
    // A password may have a question mark in it.
    let host = text.find('@').unwrap_or(0);
    let Some(mark) = text[host..].find('?').filter(|_| is_url) else { return (text.to_owned(), Vec::new()) };
    let (base, query) = (&text[..host + mark], &text[host + mark + 1..]);
    let (mut rest, mut given) = (Vec::new(), Vec::new());
    for parameter in query.split('&') {
        match parameter.split_once('=') {
            Some((name @ ("sslmode" | "sslrootcert" | "sslcert" | "sslkey"), value)) => {
                given.push((name.to_owned(), percent_decode_str(value).decode_utf8_lossy().into_owned()));
            }
            _ => rest.push(parameter),
        }
    }
    (format!("{base}?{}", rest.join("&")), given)
}

/// How much a store may use. [`Default`] suits a small machine.
#[derive(Clone, Debug)]
pub struct Options {
    /// Connections that reads may hold at once, at least 1. SQLite opens them when first needed.
    pub readers: usize,
    /// Threads for reads that spent their budget, each with a connection, at least 1.
    pub long_readers: usize,
    /// PostgreSQL: threads that write, each with a connection, at least 1. SQLite has one writer.
    pub writers: usize,
    /// Jobs that may wait in each queue, at least 1; one more is answered [`Error::Busy`] at once.
    pub queue: usize,
    /// PostgreSQL: how long a job may wait in a queue; it is answered [`Error::Busy`] then.
    pub wait: Duration,
    /// SQLite: steps of its virtual machine that a read may take on the calling thread before it is moved
    /// to a thread of its own.
    pub read_budget: u32,
    /// PostgreSQL: how long a read may run before it is moved to a thread for long ones.
    pub read_time: Duration,
    /// How long a long read or a write may run: the whole job, in which time spent in Rust is not cut short, but no
    /// statement begins after it.
    pub timeout: Duration,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            readers: 8,
            long_readers: 2,
            writers: 4,
            queue: 4096,
            wait: Duration::from_secs(10),
            read_budget: 200_000,
            read_time: Duration::from_millis(500),
            timeout: Duration::from_secs(30),
        }
    }
}

impl Options {
    /// The same with so many connections to PostgreSQL, at least three: two in seven write, one in seven is for long reads.
    #[must_use]
    pub fn with_connections(self, connections: usize) -> Options {
        let long_readers = (connections / 7).max(1);
        let writers = (connections * 2 / 7).max(1);
        let readers = connections.saturating_sub(long_readers + writers).max(1);
        Options { readers, long_readers, writers, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_read_from_its_text() {
        let file = |path: &str| Ok(Location::Sqlite(path.into()));
        assert_eq!(Location::parse("data/portal.db"), file("data/portal.db"));
        assert_eq!(Location::parse("sqlite:portal.db"), file("portal.db"));
        assert_eq!(Location::parse("sqlite:///var/portal.db"), file("/var/portal.db"));
        let url = "postgres://u@h/d";
        assert_eq!(Location::parse(url), Ok(Location::Postgres(url.into())));
        assert!(Location::parse("").is_err());
        assert!(Location::parse("sqlite://").is_err());
        assert!(Location::parse(":memory:").is_err());
    }

    #[test]
    fn a_printed_location_holds_no_password() {
        let location = Location::Postgres("postgres://reeve:secret@db.example/portal".into());
        assert_eq!(format!("{location:?}"), "Location(postgres database portal)");
        let encrypted =
            Location::Postgres("postgres://reeve:secret@db.example/portal?sslmode=verify-full".into());
        assert_eq!(encrypted.to_string(), "postgres database portal");
        let unreadable = Location::Postgres("postgres://reeve:secret@[".into());
        assert_eq!(unreadable.to_string(), "postgres database");
    }

    #[test]
    fn connections_are_for_reads_and_writes() {
        let split = |connections| {
            let options = Options::default().with_connections(connections);
            (options.readers, options.long_readers, options.writers)
        };
        assert_eq!(split(14), (8, 2, 4), "as without a word about it");
        assert_eq!(split(3), (1, 1, 1));
        assert_eq!(split(50), (29, 7, 14));
    }
}
