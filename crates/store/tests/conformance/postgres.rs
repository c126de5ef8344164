//! What only PostgreSQL can suffer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use store::{Error, Options, Store, Tx};

use crate::{Gate, add, kept, open, read, write};

fn with_store(test: impl Fn(&Store)) {
    if let Some(bed) = testkit::postgres() {
        test(&open(&bed, &Options::default()));
    }
}

fn hang_up(tx: &mut Tx<'_>) -> Result<(), Error> {
    tx.one("SELECT pg_terminate_backend(pg_backend_pid())", &[], |_| Ok(())).map(drop)
}

#[test]
fn rivals_are_run_again_until_both_are_done() {
    with_store(|store| {
        write(store, |tx| tx.execute("INSERT INTO shelf (name, size) VALUES ('a', 0)", &[])).unwrap();
        let gate = Gate::new();
        let rival = || {
            let (held, runs) = (gate.clone(), AtomicU32::new(0));
            store.write(move |tx| {
                let size = tx.one("SELECT size FROM shelf", &[], |row| row.int(0))?.unwrap();
                if runs.fetch_add(1, SeqCst) == 0 {
                    held.pass();
                }
                // Inside a savepoint as well: what it would go back to is too old.
                tx.savepoint(|tx| tx.execute("UPDATE shelf SET size = ?", &[(size + 1).into()]))
            })
        };
        let rivals = [rival(), rival()];
        // Both have read before either writes.
        (0..2).for_each(|_| gate.wait());
        (0..2).for_each(|_| gate.open());
        for rival in rivals {
            assert_eq!(rival.wait(), Ok(1));
        }
        assert_eq!(read(store, |tx| tx.one("SELECT size FROM shelf", &[], |row| row.int(0))), Ok(Some(2)));
        assert!(store.gauges().retries >= 1);
    });
}

#[test]
fn writers_have_numbers_of_their_own() {
    with_store(|store| {
        let gate = Gate::new();
        let number = || {
            let held = gate.clone();
            store.write::<_, Error, _>(move |tx| {
                held.pass();
                Ok(tx.writer())
            })
        };
        let writers = [number(), number()];
        (0..2).for_each(|_| gate.wait());
        (0..2).for_each(|_| gate.open());
        let [one, other] = writers.map(|writer| writer.wait().unwrap());
        assert_ne!(one, other);
        // One that went away leaves its number to the next.
        let _ = write(store, hang_up);
        assert!(write(store, |tx| Ok::<_, Error>(tx.writer())).unwrap() < 16);
    });
}

#[test]
fn a_job_that_loses_its_connection_is_run_again() {
    with_store(|store| {
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        write(store, move |tx| {
            add(tx, "a")?;
            // Its own word about it does not count: the connection is gone, so it is run again.
            if counted.fetch_add(1, SeqCst) == 0 { hang_up(tx).or(Ok(())) } else { Ok(()) }
        })
        .unwrap();
        assert_eq!(runs.load(SeqCst), 2);
        assert_eq!(kept(store), ["a"]);
    });
}

#[test]
fn a_job_that_always_loses_its_connection_is_given_up() {
    with_store(|store| {
        for given_up in [write(store, hang_up), read(store, hang_up)] {
            assert!(matches!(given_up, Err(Error::Unavailable(_))), "{given_up:?}");
        }
        write(store, |tx| add(tx, "a")).unwrap();
        assert_eq!(kept(store), ["a"]);
    });
}

#[test]
fn a_commit_nobody_heard_of_is_not_tried_twice() {
    with_store(|store| {
        write(store, |tx| {
            tx.execute(
                "CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql \
                 AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END'",
                &[],
            )?;
            tx.execute(
                "CREATE CONSTRAINT TRIGGER hang_up AFTER INSERT ON shelf DEFERRABLE INITIALLY DEFERRED \
                 FOR EACH ROW WHEN (NEW.name = 'bad') EXECUTE FUNCTION hang_up()",
                &[],
            )
        })
        .unwrap();
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        let unknown = write(store, move |tx| {
            counted.fetch_add(1, SeqCst);
            add(tx, "bad")
        });
        assert!(matches!(unknown, Err(Error::Unknown(_))), "{unknown:?}");
        assert_eq!(runs.load(SeqCst), 1);
        write(store, |tx| add(tx, "good")).unwrap();
        assert_eq!(kept(store), ["good"]);
    });
}

#[test]
fn a_job_waits_for_so_long_and_no_longer() {
    let Some(bed) = testkit::postgres() else { return };
    let options = Options { writers: 1, wait: Duration::from_secs(1), ..Options::default() };
    let (store, gate) = (open(&bed, &options), Gate::new());
    let held = gate.clone();
    let long = store.write(move |tx| {
        held.pass();
        tx.one("SELECT CAST(pg_sleep(1.2) AS TEXT)", &[], |_| Ok(()))
    });
    gate.wait();
    let late = store.write(|tx| add(tx, "late"));
    gate.open();
    assert_eq!(long.wait(), Ok(Some(())));
    assert_eq!(late.wait(), Err(Error::Busy));
    write(&store, |tx| add(tx, "next")).unwrap();
    assert_eq!(kept(&store), ["next"]);
    let gauges = store.gauges();
    assert_eq!((gauges.refused, gauges.connections), (1, 2), "a writer and a reader");
}

#[test]
fn the_server_knows_whose_connection_it_is_and_ends_what_was_left_alone() {
    with_store(|store| {
        let sql = "SELECT current_setting('application_name') || ' ' || current_setting('statement_timeout') || ' ' \
                   || current_setting('idle_in_transaction_session_timeout')";
        let said = |row: &store::Row<'_>| row.text(0).map(str::to_owned);
        let own = write(store, move |tx| tx.one(sql, &[], said)).unwrap();
        assert_eq!(own.as_deref(), Some("portreeve 30s 40s"));
        let shorter = store.write_within(Duration::from_secs(2), move |tx| tx.one(sql, &[], said)).wait();
        assert_eq!(
            shorter.map_err(|error: Error| error.to_string()),
            Ok(Some("portreeve 2s 12s".to_owned()))
        );
    });
}

#[test]
fn an_unreachable_server_is_an_error_that_says_so() {
    let nowhere = store::Location::Postgres("host=/nonexistent user=nobody password=secret".into());
    let refused = Store::open(&nowhere, &Options::default(), &[]).err().unwrap();
    assert!(matches!(refused, Error::Unavailable(_)), "{refused:?}");
    assert!(!refused.to_string().contains("secret"));
}
