//! Throw-away databases of both engines, for tests.
//!
//! `PORTREEVE_TEST_POSTGRES` names a PostgreSQL server, as a superuser sees it, that tests may fill with
//! databases of their own (`cargo xtask test` starts one; a server in memory, without fsync, makes them fastest).
//! Without it only SQLite is tested, and each test says so. What most tests begin with is made once and copied
//! ([`copies`]).
//!
//! ```no_run
//! # use store::{Options, Store};
//! for bed in testkit::engines() {
//!     let store = Store::open(&bed.location, &Options::default(), &[]).unwrap();
//! }
//! ```

// What is skipped must be said, and a test's output is the place.
#![allow(clippy::print_stderr)]

mod cluster;
mod copy;
pub mod installed;
mod whole;

use std::process;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;
use std::time::SystemTime;

use postgres::{Client, NoTls};
use store::Location;
use tempfile::TempDir;

pub use cluster::Cluster;
pub use copy::copies;
pub use whole::{Whole, differences, whole};

/// The variable that names the PostgreSQL server.
pub const SERVER: &str = "PORTREEVE_TEST_POSTGRES";

/// The template of empty databases.
const EMPTY: &str = "template0";

/// A database, gone when this is dropped.
pub struct Bed {
    /// `sqlite` or `postgres`, for messages
    pub engine: &'static str,
    /// Where it is
    pub location: Location,
    _keep: Keep,
}

impl Bed {
    /// A database of a server that a test has started itself, and which goes with that.
    pub fn within(url: String) -> Bed {
        Bed { engine: "postgres", location: Location::Postgres(url), _keep: Keep::Nothing }
    }

    /// Runs a script of statements in a PostgreSQL database.
    ///
    /// # Panics
    /// For an SQLite database, and when the server refuses.
    pub fn load(&self, script: String) {
        match &self.location {
            Location::Postgres(url) => run(url.clone(), script).unwrap_or_else(|error| panic!("{error}")),
            Location::Sqlite(_) => panic!("an SQLite database is a file"),
        }
    }
}

/// Resources to drop with the database.
enum Keep {
    /// The directory of an SQLite file
    Directory { _directory: TempDir },
    /// A database on the server
    Database { _database: Database },
    /// It is somebody else's
    Nothing,
}

/// An empty database of every engine that can be tested here.
///
/// # Panics
/// When one cannot be made.
pub fn engines() -> Vec<Bed> {
    let mut beds = vec![sqlite()];
    beds.extend(postgres());
    beds
}

/// An empty SQLite database; the file is not made yet.
///
/// # Panics
/// When there is no room for temporary files.
pub fn sqlite() -> Bed {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let location = Location::Sqlite(directory.path().join("portal.db"));
    Bed { engine: "sqlite", location, _keep: Keep::Directory { _directory: directory } }
}

/// An empty PostgreSQL database; none, and a note on stderr, when no server is named.
///
/// # Panics
/// When the server cannot be reached.
pub fn postgres() -> Option<Bed> {
    let Ok(server) = std::env::var(SERVER) else {
        eprintln!("skipped on PostgreSQL: {SERVER} is not set");
        return None;
    };
    Some(postgres_on(server))
}

/// An empty database on that PostgreSQL server.
///
/// # Panics
/// When the server cannot be reached.
pub fn postgres_on(server: String) -> Bed {
    let database = Database::make(server, EMPTY);
    let location = Location::Postgres(database.url());
    Bed { engine: "postgres", location, _keep: Keep::Database { _database: database } }
}

struct Database {
    server: String,
    name: String,
}

impl Database {
    /// A copy of another database, which nobody may be connected to.
    fn make(server: String, template: &str) -> Database {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let since = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_nanos());
        let name = format!("portreeve_{}_{}_{since}", process::id(), COUNT.fetch_add(1, Relaxed));
        if let Err(error) =
            run(server.clone(), format!("CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'"))
        {
            panic!("{error}");
        }
        Database { server, name }
    }

    fn url(&self) -> String {
        address_of(&self.server, &self.name)
    }
}

/// The server's address with a database in it.
fn address_of(server: &str, name: &str) -> String {
    let Some((scheme, rest)) = server.split_once("://") else {
        return format!("{server} dbname={name}");
    };
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let host = address.split_once('/').map_or(address, |(host, _)| host);
    format!("{scheme}://{host}/{name}?{query}")
}

impl Drop for Database {
    fn drop(&mut self) {
        // A panic here would hide the one that ended the test.
        if let Err(error) = run(self.server.clone(), format!("DROP DATABASE {} WITH (FORCE)", self.name)) {
            eprintln!("{error}");
        }
    }
}

/// The client may not be used within a runtime, and a test may be in one.
fn run(url: String, sql: String) -> Result<(), String> {
    match thread::spawn(move || Client::connect(&url, NoTls)?.batch_execute(&sql)).join() {
        Ok(done) => done.map_err(|error| format!("the PostgreSQL server for tests refuses: {error:?}")),
        Err(_) => Err("the PostgreSQL client panicked".to_owned()),
    }
}
