//! What only SQLite can suffer.

use std::thread;
use std::time::Duration;

use store::{Error, Location, Options, Tx};

use crate::{Gate, add, forever, kept, names, open, read, write};

#[test]
fn a_full_disk_fails_the_whole_group_and_the_lane_goes_on() {
    let bed = testkit::sqlite();
    let store = open(&bed, &Options::default());
    let limit = |pages: i64| {
        let sql = format!("PRAGMA max_page_count = {pages}");
        write(&store, move |tx| tx.one(&sql, &[], |row| row.int(0))).unwrap();
    };
    limit(40);
    let gate = Gate::new();
    let held = gate.clone();
    let first = store.write(move |tx| {
        held.pass();
        add(tx, "first")
    });
    gate.wait();
    let second = store.write(|tx| add(tx, "second"));
    let huge = store.write(|tx| {
        let done = tx.execute("INSERT INTO shelf (name, seal) VALUES ('huge', zeroblob(1000000))", &[]);
        // The transaction is gone: what came next would be committed by itself, were it let through.
        assert!(done.is_err());
        assert_eq!(add(tx, "stray").err(), done.err());
        assert!(tx.savepoint(|tx| add(tx, "stray")).is_err());
        Ok::<_, Error>(())
    });
    gate.open();
    let full = huge.wait().unwrap_err();
    assert!(full.to_string().contains("full"), "{full}");
    // A slow machine may have committed the neighbours before; what each was told is what was kept.
    for (name, told) in [("first", first.wait()), ("second", second.wait())] {
        assert_eq!(kept(&store).contains(&name.to_owned()), told.is_ok());
        assert!(told.is_ok() || told == Err(full.clone()), "{told:?}");
    }
    assert!(!kept(&store).contains(&"stray".to_owned()));
    limit(100_000);
    write(&store, |tx| add(tx, "later")).unwrap();
    assert!(kept(&store).contains(&"later".to_owned()));
}

#[test]
fn a_job_cannot_end_the_groups_transaction() {
    let bed = testkit::sqlite();
    let store = open(&bed, &Options::default());
    let ended = write(&store, |tx| {
        add(tx, "a")?;
        tx.execute("ROLLBACK", &[])
    });
    assert!(matches!(ended, Err(Error::Database(_))), "{ended:?}");
    write(&store, |tx| add(tx, "b")).unwrap();
    assert_eq!(kept(&store), ["b"]);
}

#[test]
fn jobs_that_queue_together_are_committed_together() {
    let bed = testkit::sqlite();
    let store = open(&bed, &Options::default());
    let gate = Gate::new();
    let held = gate.clone();
    let first = store.write(move |tx| {
        held.pass();
        add(tx, "first")
    });
    gate.wait();
    let others: Vec<_> = (0..20).map(|turn| store.write(move |tx| add(tx, &turn.to_string()))).collect();
    gate.open();
    assert!(first.wait().is_ok());
    assert!(others.into_iter().all(|pending| pending.wait().is_ok()));
    let gauges = store.gauges();
    assert_eq!(gauges.grouped, 21);
    assert!(gauges.groups < 21, "{gauges:?}");
}

#[test]
fn a_group_is_run_again_only_for_a_failure_that_changed_something() {
    let bed = testkit::sqlite();
    let store = open(&bed, &Options::default());
    let retries_of = |failing: fn(&mut Tx<'_>) -> Result<(), Error>| {
        let before = store.gauges();
        let gate = Gate::new();
        let held = gate.clone();
        let first = store.write(move |tx| {
            held.pass();
            add(tx, "first").map(drop)
        });
        gate.wait();
        let failing = store.write(failing);
        let last = store.write(|tx| tx.execute("DELETE FROM shelf", &[]));
        gate.open();
        assert!(first.wait().is_ok());
        assert!(failing.wait().is_err());
        assert_eq!(last.wait(), Ok(1));
        let after = store.gauges();
        // A slow machine may have made two groups of them, and the failure may have stood first in its own.
        (after.retries - before.retries, after.groups - before.groups)
    };
    let (retries, _) = retries_of(|tx| tx.query("SELECT id FROM shelf", &[], |_| Err(Error::Closed)));
    assert_eq!(retries, 0);
    let (retries, _) = retries_of(|tx| tx.savepoint(|_| Err::<(), _>(Error::Closed)));
    assert_eq!(retries, 0, "there was nothing to undo");
    let (retries, _) = retries_of(|tx| tx.savepoint(|_| panic!("on purpose")));
    assert_eq!(retries, 0, "nor here");
    let (retries, groups) = retries_of(|tx| add(tx, "wrote").and(Err(Error::Closed)));
    assert!(retries == 2 || (groups > 1 && retries == 1), "{retries} {groups}");
    let within = |tx: &mut Tx<'_>| tx.savepoint(|tx| add(tx, "undone").and(Err::<(), _>(Error::Closed)));
    let (retries, groups) = retries_of(within);
    assert!(retries == 2 || (groups > 1 && retries == 1), "{retries} {groups}: it had no savepoint");
}

#[test]
fn a_job_out_of_time_takes_nobody_with_it() {
    let bed = testkit::sqlite();
    let store = open(&bed, &Options { timeout: Duration::from_millis(300), ..Options::default() });
    let gate = Gate::new();
    let held = gate.clone();
    let first = store.write(move |tx| {
        held.pass();
        add(tx, "first")
    });
    gate.wait();
    let endless = store.write(|tx| {
        add(tx, "endless")?;
        forever(tx)
    });
    let last = store.write(|tx| add(tx, "last"));
    gate.open();
    assert_eq!(first.wait(), Ok(1));
    assert_eq!(endless.wait(), Err(Error::Timeout));
    assert_eq!(last.wait(), Ok(2));
    assert_eq!(kept(&store), ["first", "last"]);
}

#[test]
fn the_log_starts_anew_once_nobody_reads_its_beginning() {
    let bed = testkit::sqlite();
    let store = open(&bed, &Options::default());
    let Location::Sqlite(path) = &bed.location else { panic!("SQLite is a file") };
    let log = path.with_file_name("portal.db-wal");
    let grow = |megabytes: u32| {
        for _ in 0..megabytes {
            let sql = "INSERT INTO shelf (name, seal) VALUES (?, randomblob(1000000)) ON CONFLICT DO UPDATE SET seal = excluded.seal";
            write(&store, move |tx| tx.execute(sql, &["big".into()])).unwrap();
        }
        log.metadata().unwrap().len()
    };
    let gate = Gate::new();
    let held = gate.clone();
    thread::scope(|scope| {
        scope.spawn(|| {
            read(&store, move |tx| {
                names(tx)?;
                held.pass();
                Ok(())
            })
        });
        gate.wait();
        // Longer than the length at which the writer waits for readers: it must not wait for ever.
        let grown = grow(100);
        gate.open();
        assert!(grown > 100_000_000, "{grown}");
    });
    // It is copied beside the writes, so how many of them it takes is not sure; that it happens is, and that it
    // keeps no more of its length then than it needs from one beginning to the next.
    let anew = (0..40).any(|_| grow(10) < 70_000_000);
    assert!(anew, "the log only grew");
}

#[test]
fn another_process_may_write_to_the_same_file() {
    let bed = testkit::sqlite();
    let (server, tool) = (open(&bed, &Options::default()), open(&bed, &Options::default()));
    for turn in 0..20 {
        write(&server, move |tx| add(tx, &format!("server {turn}"))).unwrap();
        write(&tool, move |tx| add(tx, &format!("tool {turn}"))).unwrap();
    }
    tool.close();
    assert_eq!(kept(&server).len(), 40);
}

#[test]
fn a_closed_store_leaves_one_file() {
    let bed = testkit::sqlite();
    let store = open(&bed, &Options::default());
    write(&store, |tx| add(tx, "a")).unwrap();
    read(&store, |tx| tx.one("SELECT 1", &[], |row| row.int(0))).unwrap();
    store.close();
    let Location::Sqlite(path) = &bed.location else { panic!("SQLite is a file") };
    let files: Vec<_> =
        std::fs::read_dir(path.parent().unwrap()).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files, std::slice::from_ref(path));
}

#[test]
fn a_file_that_is_no_database_is_refused_by_name() {
    let bed = testkit::sqlite();
    let Location::Sqlite(path) = &bed.location else { panic!("SQLite is a file") };
    std::fs::write(path, "this was never a database, it is a letter to somebody").unwrap();
    let refused = store::Store::open(&bed.location, &Options::default(), &[]).err().unwrap();
    assert!(refused.to_string().contains("portal.db"), "{refused}");
}

#[cfg(unix)]
#[test]
fn a_database_behind_a_link_has_its_log_beside_the_file_itself() {
    let (bed, elsewhere) = (testkit::sqlite(), tempfile::tempdir().unwrap());
    let Location::Sqlite(path) = &bed.location else { panic!("SQLite is a file") };
    let file = elsewhere.path().join("database");
    std::fs::write(&file, "").unwrap();
    std::os::unix::fs::symlink(&file, path).unwrap();
    let store = open(&bed, &Options::default());
    write(&store, |tx| add(tx, "written")).unwrap();
    assert!(elsewhere.path().join("database-wal").exists());
    assert_eq!(kept(&store), ["written"]);
}
