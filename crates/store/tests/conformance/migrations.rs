//! The history of a database.

use std::thread;

use store::{Error, Migration, Options, Store};
use testkit::Bed;

use crate::{SCHEMA, add, kept, open, write};

const FLOOR: Migration = Migration {
    version: 2,
    name: "floor",
    sql: "ALTER TABLE shelf ADD COLUMN floor {int} NOT NULL DEFAULT 3;\n",
};

fn open_with(bed: &Bed, migrations: &[Migration]) -> Result<Store, Error> {
    Store::open(&bed.location, &Options::default(), migrations)
}

#[test]
fn what_is_there_stays_and_what_is_missing_comes() {
    for bed in testkit::engines() {
        let store = open(&bed, &Options::default());
        write(&store, |tx| add(tx, "a")).unwrap();
        store.close();
        for _ in 0..2 {
            let store = open_with(&bed, &[SCHEMA[0], FLOOR]).unwrap();
            assert_eq!(kept(&store), ["a"]);
            let floor = store.read(|tx| tx.one("SELECT floor FROM shelf", &[], |row| row.int(0))).wait();
            assert_eq!(floor, Ok::<_, Error>(Some(3)));
        }
    }
}

#[test]
fn a_newer_database_is_refused() {
    for bed in testkit::engines() {
        open_with(&bed, &[SCHEMA[0], FLOOR]).unwrap().close();
        let refused = open_with(&bed, SCHEMA).err().unwrap();
        assert_eq!(refused, Error::Newer { database: 2, known: 1 });
        assert!(refused.to_string().contains("version 2"), "{refused}");
    }
}

#[test]
fn a_database_of_another_program_is_refused() {
    for bed in testkit::engines() {
        open(&bed, &Options::default()).close();
        let other = Migration { name: "garage", ..SCHEMA[0] };
        let refused = open_with(&bed, &[other]).err().unwrap();
        assert!(refused.to_string().contains("another program"), "{refused}");
    }
}

#[test]
fn a_migration_that_fails_leaves_nothing() {
    for bed in testkit::engines() {
        let broken =
            Migration { version: 3, name: "broken", sql: "CREATE TABLE door (id {id});\nnonsense;\n" };
        assert!(matches!(open_with(&bed, &[SCHEMA[0], FLOOR, broken]), Err(Error::Database(_))));
        let mended = Migration { sql: "CREATE TABLE door (id {id});\n", ..broken };
        open_with(&bed, &[SCHEMA[0], FLOOR, mended]).unwrap();
    }
}

#[test]
fn nodes_may_start_at_once() {
    for bed in testkit::engines() {
        thread::scope(|scope| {
            let nodes: Vec<_> =
                (0..4).map(|_| scope.spawn(|| open_with(&bed, &[SCHEMA[0], FLOOR]).map(drop))).collect();
            for node in nodes {
                assert_eq!(node.join().unwrap(), Ok(()));
            }
        });
    }
}

#[test]
#[should_panic(expected = "in the order of their versions")]
fn migrations_must_be_in_order() {
    let _ = open_with(&testkit::sqlite(), &[FLOOR, SCHEMA[0]]);
}
