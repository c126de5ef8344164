//! What a failure undoes, and what it spoils.

use store::{Error, Tx};

use crate::{add, each, kept, write};

fn refuse(_: &mut Tx<'_>) -> Result<(), Error> {
    Err(Error::Closed)
}

#[test]
fn an_error_undoes_its_savepoint_and_nothing_else() {
    each(|store| {
        write(store, |tx| {
            add(tx, "before")?;
            let inner = tx.savepoint(|tx| {
                add(tx, "within")?;
                tx.savepoint(|tx| add(tx, "deep"))?;
                refuse(tx)
            });
            assert_eq!(inner, Err(Error::Closed));
            tx.savepoint(|tx| {
                add(tx, "outer")?;
                let deep: Result<(), Error> = tx.savepoint(|tx| {
                    add(tx, "undone")?;
                    refuse(tx)
                });
                assert_eq!(deep, Err(Error::Closed));
                Ok::<_, Error>(())
            })?;
            add(tx, "after")
        })
        .unwrap();
        assert_eq!(kept(store), ["after", "before", "outer"]);
    });
}

#[test]
fn a_savepoint_is_made_only_when_there_is_something_to_undo() {
    each(|store| {
        let runs = |job: fn(&mut Tx<'_>) -> Result<(), Error>| {
            let before = store.gauges().retries;
            write(store, move |tx| {
                add(tx, "kept")?;
                assert_eq!(tx.savepoint(job), Err(Error::Closed));
                tx.savepoint(|tx| tx.execute("DELETE FROM shelf", &[])).map(drop)
            })
            .unwrap();
            store.gauges().retries - before
        };
        assert_eq!(runs(refuse), 0);
        assert_eq!(runs(|tx| tx.query("SELECT id FROM shelf", &[], |_| Err(Error::Closed))), 0);
        assert_eq!(runs(|tx| add(tx, "undone").and_then(|_| refuse(tx))), 1);
        assert_eq!(kept(store), [""; 0]);
    });
}

#[test]
fn a_failed_statement_within_a_savepoint_is_mended_by_it() {
    each(|store| {
        write(store, |tx| {
            add(tx, "a")?;
            let twice = tx.savepoint(|tx| add(tx, "a"));
            assert!(matches!(twice, Err(Error::Unique(_))), "{twice:?}");
            add(tx, "b")
        })
        .unwrap();
        assert_eq!(kept(store), ["a", "b"]);
    });
}

#[test]
fn a_failed_statement_spoils_the_job() {
    each(|store| {
        let spoilt = write(store, |tx| {
            add(tx, "a")?;
            let twice = add(tx, "a");
            assert!(matches!(twice, Err(Error::Unique(_))), "{twice:?}");
            assert_eq!(add(tx, "b"), twice, "whatever comes next gives the same error");
            assert_eq!(tx.savepoint(|tx| add(tx, "c")), twice);
            Ok(())
        });
        assert!(matches!(spoilt, Err(Error::Unique(_))), "saying Ok does not help: {spoilt:?}");
        assert!(kept(store).is_empty());
    });
}

#[test]
fn a_failed_statement_spoils_the_savepoint_that_hides_it() {
    each(|store| {
        write(store, |tx| {
            let hidden: Result<(), Error> = tx.savepoint(|tx| {
                add(tx, "a")?;
                let _ = add(tx, "a");
                Ok(())
            });
            assert!(matches!(hidden, Err(Error::Unique(_))), "{hidden:?}");
            add(tx, "b")
        })
        .unwrap();
        assert_eq!(kept(store), ["b"]);
    });
}

#[test]
fn the_error_of_a_job_is_its_own_type() {
    #[derive(Debug, PartialEq)]
    enum Fault {
        Refused(&'static str),
        Store(Error),
    }
    impl From<Error> for Fault {
        fn from(error: Error) -> Fault {
            Fault::Store(error)
        }
    }
    each(|store| {
        let refused: Result<(), Fault> = store
            .write(|tx| {
                add(tx, "a")?;
                Err(Fault::Refused("no"))
            })
            .wait();
        assert_eq!(refused, Err(Fault::Refused("no")));
        let spoilt: Result<(), Fault> = store
            .write(|tx| {
                let _ = tx.execute("nonsense", &[]);
                Ok(())
            })
            .wait();
        assert!(matches!(spoilt, Err(Fault::Store(Error::Database(_)))), "{spoilt:?}");
        assert!(kept(store).is_empty());
    });
}
