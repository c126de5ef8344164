//! Copies of a working database.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;

use store::{Error, Location, Options, Store};

use crate::{SCHEMA, add, kept, open, write};

#[test]
fn a_copy_taken_while_others_write_is_whole() {
    let bed = testkit::sqlite();
    let store = open(&bed, &Options::default());
    let directory = tempfile::tempdir().unwrap();
    let to = directory.path().join("copy.db");
    let enough = AtomicBool::new(false);
    write(&store, |tx| add(tx, "first")).unwrap();
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut turn = 0;
            while !enough.load(SeqCst) || turn < 50 {
                // A pair is there as a whole or not at all.
                write(&store, move |tx| {
                    Ok((add(tx, &format!("{turn} left"))?, add(tx, &format!("{turn} right"))?))
                })
                .unwrap();
                turn += 1;
            }
        });
        store.backup(&to).unwrap();
        enough.store(true, SeqCst);
        writer.join().unwrap();
    });
    let copy = Store::open(&Location::Sqlite(to), &Options::default(), SCHEMA).unwrap();
    let names = kept(&copy);
    assert!(names.contains(&"first".to_owned()));
    let of = |side: &str| names.iter().filter(|name| name.ends_with(side)).count();
    assert_eq!(of("left"), of("right"));
    let intact = copy.read(|tx| tx.one("PRAGMA integrity_check", &[], |row| Ok(row.text(0)? == "ok"))).wait();
    assert_eq!(intact, Ok::<_, Error>(Some(true)));
}

#[test]
fn a_copy_overwrites_nothing_and_leaves_no_rest() {
    let bed = testkit::sqlite();
    let store = open(&bed, &Options::default());
    let Location::Sqlite(path) = &bed.location else { panic!("SQLite is a file") };
    let refused = store.backup(path);
    assert!(refused.unwrap_err().to_string().contains("exists"));
    let directory = tempfile::tempdir().unwrap();
    let nowhere = directory.path().join("nowhere").join("copy.db");
    assert!(matches!(store.backup(&nowhere), Err(Error::Database(_))));
    let to = directory.path().join("copy.db");
    std::fs::write(directory.path().join("copy.db.part"), "what a crash left").unwrap();
    store.backup(&to).unwrap();
    let files: Vec<_> =
        std::fs::read_dir(directory.path()).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files, [to]);
}

#[cfg(unix)]
#[test]
fn the_database_and_its_copy_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let bed = testkit::sqlite();
    let store = open(&bed, &Options::default());
    write(&store, |tx| add(tx, "a")).unwrap();
    let Location::Sqlite(path) = &bed.location else { panic!("SQLite is a file") };
    store.backup(&path.with_file_name("copy")).unwrap();
    for name in ["portal.db", "portal.db-wal", "copy"] {
        let mode = path.with_file_name(name).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn postgres_has_its_own_way() {
    let Some(bed) = testkit::postgres() else { return };
    let store = open(&bed, &Options::default());
    let refused = store.backup("copy.db".as_ref()).unwrap_err();
    assert!(refused.to_string().contains("pg_dump"));
}
