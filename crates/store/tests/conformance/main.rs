//! What a store promises, on each engine that can be tested here.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod backup;
mod closing;
mod migrations;
mod postgres;
mod reads;
mod savepoints;
mod schema;
mod snapshots;
mod sqlite;
mod tls;
mod types;
mod verbs;
mod writes;

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use store::{Error, Migration, Options, Store, Tx};
use testkit::Bed;

const SCHEMA: &[Migration] = &[Migration {
    version: 1,
    name: "library",
    sql: "CREATE TABLE shelf (id {id}, name {text} NOT NULL UNIQUE, size {int}, weight {real}, seal {blob});
CREATE TABLE book (
    id {id},
    shelf_id {int} NOT NULL REFERENCES shelf (id),
    title {text} NOT NULL CHECK (title <> '')
);
",
}];

fn open(bed: &Bed, options: &Options) -> Store {
    Store::open(&bed.location, options, SCHEMA).unwrap()
}

/// Runs a test on a fresh store of each engine.
fn each_with(options: &Options, test: impl Fn(&Store, &Bed)) {
    for bed in testkit::engines() {
        eprintln!("on {}", bed.engine);
        let store = open(&bed, options);
        test(&store, &bed);
        store.close();
    }
}

fn each(test: impl Fn(&Store)) {
    each_with(&Options::default(), |store, _| test(store));
}

fn write<T: Send + 'static>(
    store: &Store,
    job: impl Fn(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    store.write(job).wait()
}

fn read<T: Send + 'static>(
    store: &Store,
    job: impl Fn(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    store.read(job).wait()
}

fn add(tx: &mut Tx<'_>, name: &str) -> Result<i64, Error> {
    tx.insert("INSERT INTO shelf (name) VALUES (?)", &[name.into()])
}

fn names(tx: &mut Tx<'_>) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    tx.query("SELECT name FROM shelf ORDER BY name", &[], |row| {
        names.push(row.text(0)?.to_owned());
        Ok(())
    })?;
    Ok(names)
}

fn kept(store: &Store) -> Vec<String> {
    read(store, names).unwrap()
}

/// Two ends to hold a job: it says that it has come here, and goes on when it is let. A job may be run again,
/// so a gate that was opened stays open.
#[derive(Clone)]
struct Gate {
    come: (Sender<()>, Receiver<()>),
    go: (Sender<()>, Receiver<()>),
}

impl Gate {
    fn new() -> Gate {
        Gate { come: unbounded(), go: unbounded() }
    }

    /// For the job.
    fn pass(&self) {
        self.come.0.send(()).unwrap();
        self.go.1.recv().unwrap();
        self.open();
    }

    /// For the test: waits until a job is at the gate.
    fn wait(&self) {
        self.come.1.recv().unwrap();
    }

    /// For the test: lets jobs go on.
    fn open(&self) {
        self.go.0.send(()).unwrap();
    }
}

/// A read that never ends by itself.
fn forever(tx: &mut Tx<'_>) -> Result<(), Error> {
    tx.query(&counting("1 = 1"), &[], |_| Ok(()))
}

/// A statement that counts for as long as `i` fulfils a condition.
fn counting(condition: &str) -> String {
    format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE {condition}) SELECT sum(i % 7) FROM n"
    )
}

/// A channel that holds one value.
fn letter<T>() -> (Sender<T>, Receiver<T>) {
    bounded(1)
}
