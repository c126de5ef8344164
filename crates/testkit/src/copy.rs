//! Databases that are made once for a test program and copied by each of its tests.
//!
//! Every test of nextest is a process of its own: the first one that asks makes the template, the others wait for it.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::{env, thread};

use postgres::{Client, NoTls};
use store::Location;

use crate::{Bed, Database, EMPTY, Keep, SERVER, address_of};

/// What the names of templates begin with.
const PREFIX: &str = "portreeve_template";

/// Databases of every engine that can be tested here, with what `fill` puts into an empty one. Those with the same `key`
/// have the same contents; another build of the test program fills its own.
///
/// # Panics
/// When one cannot be made.
pub fn copies(key: &str, fill: fn(&str, &Location)) -> Vec<Bed> {
    let mut beds = vec![sqlite(key, fill)];
    beds.extend(postgres(key, fill));
    beds
}

fn sqlite(key: &str, fill: fn(&str, &Location)) -> Bed {
    let program = Program::current();
    let shared = env::temp_dir().join(program.family());
    let template = shared.join(format!("{}.db", program.template(key)));
    fs::create_dir_all(&shared).expect("a directory for templates");
    let lock = File::create(shared.join("lock")).expect("a lock for templates");
    lock.lock().expect("the lock of templates");
    if !template.exists() {
        forget_files(&shared, &program);
        let unfinished = shared.join("unfinished.db");
        drop(fs::remove_file(&unfinished));
        fill(key, &Location::Sqlite(unfinished.clone()));
        let log = unfinished.with_extension("db-wal");
        assert!(fs::metadata(log).map_or(true, |log| log.len() == 0), "the template was not closed");
        fs::rename(&unfinished, &template).expect("a template");
    }
    let bed = crate::sqlite();
    if let Location::Sqlite(path) = &bed.location {
        fs::copy(&template, path).expect("a copy of the template");
    }
    bed
}

/// Removes the templates of earlier builds.
fn forget_files(shared: &PathBuf, program: &Program) {
    for entry in fs::read_dir(shared).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(PREFIX) && !name.starts_with(&program.build()) {
            drop(fs::remove_file(entry.path()));
        }
    }
}

fn postgres(key: &str, fill: fn(&str, &Location)) -> Option<Bed> {
    let Ok(server) = env::var(SERVER) else {
        return crate::postgres();
    };
    let program = Program::current();
    let template = program.template(key);
    let (given, name, key) = (server.clone(), template.clone(), key.to_owned());
    // The client may not be used within a runtime, and a test may be in one.
    let made = thread::spawn(move || make(&given, &program, &name, &key, fill)).join();
    made.expect("no panic").unwrap_or_else(|error| panic!("cannot make a template: {error:?}"));
    let database = Database::make(server, &template);
    let location = Location::Postgres(database.url());
    Some(Bed { engine: "postgres", location, _keep: Keep::Database { _database: database } })
}

/// Makes a template unless it is there, one process at a time.
fn make(
    server: &str,
    program: &Program,
    template: &str,
    key: &str,
    fill: fn(&str, &Location),
) -> Result<(), postgres::Error> {
    let mut client = Client::connect(server, NoTls)?;
    client.execute("SELECT pg_advisory_lock(hashtext($1))", &[&program.family()])?;
    if client.query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&template])?.is_some() {
        return Ok(());
    }
    let earlier =
        "SELECT datname FROM pg_database WHERE starts_with(datname, $1) AND NOT starts_with(datname, $2)";
    for row in client.query(earlier, &[&program.family(), &program.build()])? {
        client.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", row.get::<_, String>(0)))?;
    }
    let unfinished = format!("{}_unfinished", program.family());
    client.batch_execute(&format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)"))?;
    client.batch_execute(&format!("CREATE DATABASE {unfinished} TEMPLATE {EMPTY} ENCODING 'UTF8'"))?;
    fill(key, &Location::Postgres(address_of(server, &unfinished)));
    client.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1",
        &[&unfinished],
    )?;
    client.batch_execute(&format!("ALTER DATABASE {unfinished} RENAME TO {template}"))
}

/// The running test program: where it is, and which build it is.
struct Program {
    place: u32,
    build: u32,
}

impl Program {
    fn current() -> Program {
        let path = env::current_exe().expect("a program");
        let file = fs::metadata(&path).expect("a program");
        Program { place: hash(&path), build: hash(&(file.len(), file.modified().ok())) }
    }

    /// What all templates of this program begin with, whatever build it is.
    fn family(&self) -> String {
        format!("{PREFIX}_{:x}", self.place)
    }

    /// What those of this build begin with.
    fn build(&self) -> String {
        format!("{}_{:x}", self.family(), self.build)
    }

    fn template(&self, key: &str) -> String {
        format!("{}_{:x}", self.build(), hash(&key))
    }
}

/// Short enough for three of them in a name of PostgreSQL, which has 63 characters at most.
fn hash(value: &impl Hash) -> u32 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    (hasher.finish() >> 32) as u32
}
