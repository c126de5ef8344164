//! Jobs that meet in the lane.

use std::thread;
use std::time::Duration;

use store::{Error, Options, Tx};

use crate::{Gate, add, each, each_with, forever, kept, read, write};

fn one_writer(queue: usize) -> Options {
    Options { writers: 1, queue, ..Options::default() }
}

#[test]
fn a_job_that_fails_or_panics_troubles_nobody_else() {
    each_with(&one_writer(100), |store, _| {
        let gate = Gate::new();
        let held = gate.clone();
        let first = store.write(move |tx| {
            held.pass();
            add(tx, "first")
        });
        gate.wait();
        // All of these are in the queue when the first one is done, so they make one group.
        let good = store.write(|tx| add(tx, "good"));
        let failing = store.write(|tx| {
            add(tx, "failing")?;
            Err::<(), _>(Error::Closed)
        });
        let twice = store.write(|tx| add(tx, "good"));
        let panicking = store.write(|tx| {
            tx.savepoint(|tx| {
                add(tx, "panicking")?;
                if true {
                    panic!("on purpose");
                }
                Ok::<_, Error>(())
            })
        });
        let sees = store.write(|tx| tx.one("SELECT count(*) FROM shelf", &[], |row| row.int(0)));
        gate.open();
        assert!(first.wait().is_ok());
        assert!(good.wait().is_ok());
        assert_eq!(failing.wait(), Err(Error::Closed));
        assert!(matches!(twice.wait(), Err(Error::Unique(_))));
        assert_eq!(panicking.wait(), Err(Error::Panicked("on purpose".into())));
        assert_eq!(sees.wait(), Ok(Some(2)));
        assert_eq!(kept(store), ["first", "good"]);
        assert!(write(store, |tx| add(tx, "later")).is_ok());
    });
}

#[test]
fn neighbours_of_a_failure_keep_what_they_were_told() {
    each_with(&one_writer(100), |store, _| {
        let gate = Gate::new();
        let held = gate.clone();
        let first = store.write(move |tx| {
            held.pass();
            add(tx, "0")
        });
        gate.wait();
        // One group; every third job fails after it wrote, in one of the ways there are.
        let others: Vec<_> = (1..30)
            .map(|turn| {
                store.write(move |tx| {
                    let id = add(tx, &turn.to_string())?;
                    let deep =
                        tx.savepoint(|tx| add(tx, &format!("{turn} deep")).and(Err::<(), _>(Error::Busy)));
                    assert_eq!(deep, Err(Error::Busy));
                    match turn % 9 {
                        2 => Err(Error::Closed),
                        5 => panic!("on purpose"),
                        8 => tx.execute("nonsense", &[]).map(|_| id).or(Ok(id)),
                        _ => Ok(id),
                    }
                })
            })
            .collect();
        gate.open();
        let mut told = vec![(0, first.wait().unwrap())];
        for (turn, other) in (1..).zip(others) {
            match (turn % 9, other.wait()) {
                (2, failed) => assert_eq!(failed, Err(Error::Closed)),
                (5, failed) => assert_eq!(failed, Err(Error::Panicked("on purpose".into()))),
                (8, failed) => assert!(matches!(failed, Err(Error::Database(_))), "{failed:?}"),
                (_, done) => told.push((turn, done.unwrap())),
            }
        }
        let found = read(store, |tx| {
            let mut found = Vec::new();
            tx.query("SELECT CAST(name AS BIGINT), id FROM shelf ORDER BY id", &[], |row| {
                found.push((row.int(0)?, row.int(1)?));
                Ok(())
            })?;
            Ok(found)
        });
        assert_eq!(found, Ok(told));
    });
}

#[test]
fn the_first_job_of_a_group_may_fail_too() {
    each(|store| {
        let failed = write(store, |tx| {
            add(tx, "a")?;
            Err::<(), _>(Error::Closed)
        });
        assert_eq!(failed, Err(Error::Closed));
        let panicked: Result<(), Error> = write(store, |tx| {
            add(tx, "b")?;
            panic!("{}", 1 + 1);
        });
        assert_eq!(panicked, Err(Error::Panicked("2".into())));
        assert!(kept(store).is_empty());
    });
}

#[test]
fn a_commit_that_fails_keeps_nothing() {
    each(|store| {
        write(store, |tx| {
            let sql =
                "CREATE TABLE leaf (id {id}, tree {int} REFERENCES shelf (id) DEFERRABLE INITIALLY DEFERRED)";
            tx.execute(&tx.dialect().expand(sql), &[])
        })
        .unwrap();
        let failed = write(store, |tx| {
            add(tx, "a")?;
            tx.execute("INSERT INTO leaf (tree) VALUES (99)", &[])
        });
        assert!(matches!(failed, Err(Error::Foreign(_))), "{failed:?}");
        assert!(kept(store).is_empty());
        write(store, |tx| add(tx, "b")).unwrap();
        assert_eq!(kept(store), ["b"]);
    });
}

#[test]
fn a_full_queue_refuses_at_once() {
    each_with(&one_writer(2), |store, _| {
        let gate = Gate::new();
        let held = gate.clone();
        let first = store.write(move |tx| {
            held.pass();
            add(tx, "first")
        });
        gate.wait();
        let waiting = [store.write(|tx| add(tx, "second")), store.write(|tx| add(tx, "third"))];
        assert_eq!(store.gauges().write_queue, 2);
        let refused = store.write(|tx| add(tx, "fourth"));
        assert!(refused.is_ready());
        assert_eq!(refused.wait(), Err(Error::Busy));
        gate.open();
        assert!(first.wait().is_ok());
        assert!(waiting.into_iter().all(|pending| pending.wait().is_ok()));
        assert_eq!(kept(store), ["first", "second", "third"]);
        assert_eq!(store.gauges().write_queue, 0);
    });
}

#[test]
fn writers_at_once_lose_nothing() {
    each(|store| {
        write(store, |tx| tx.execute("INSERT INTO shelf (name, size) VALUES ('count', 0)", &[])).unwrap();
        thread::scope(|scope| {
            for writer in 0..8 {
                scope.spawn(move || {
                    for turn in 0..25 {
                        let done = write(store, move |tx| {
                            let size =
                                tx.one("SELECT size FROM shelf WHERE name = 'count'", &[], |row| row.int(0))?;
                            let size = size.unwrap() + 1;
                            tx.execute("UPDATE shelf SET size = ? WHERE name = 'count'", &[size.into()])?;
                            add(tx, &format!("{writer} {turn}"))
                        });
                        assert!(done.is_ok(), "{done:?}");
                    }
                });
            }
        });
        let size =
            read(store, |tx| tx.one("SELECT size FROM shelf WHERE name = 'count'", &[], |row| row.int(0)));
        assert_eq!(size, Ok(Some(200)));
        assert_eq!(kept(store).len(), 201);
        assert_eq!(store.gauges().grouped, 201);
    });
}

#[test]
fn an_answered_write_is_there_for_every_read() {
    each(|store| {
        for turn in 0..100 {
            let id = write(store, move |tx| add(tx, &turn.to_string())).unwrap();
            let found = read(store, move |tx| {
                tx.one("SELECT 1 FROM shelf WHERE id = ?", &[id.into()], |row| row.int(0))
            });
            assert_eq!(found, Ok(Some(1)));
        }
    });
}

#[test]
fn a_job_whose_answer_nobody_wants_is_done_all_the_same() {
    each_with(&one_writer(10), |store, _| {
        drop(store.write(|tx| add(tx, "dropped")));
        write(store, |tx| add(tx, "waited for")).unwrap();
        assert_eq!(kept(store), ["dropped", "waited for"]);
    });
}

#[test]
fn light_writes_keep_their_place_among_the_others() {
    each_with(&one_writer(100), |store, _| {
        let gate = Gate::new();
        let held = gate.clone();
        let first = store.write_lightly(move |tx| {
            held.pass();
            add(tx, "0")
        });
        gate.wait();
        // Light and durable by turns, and one of each that fails.
        let others: Vec<_> = (1..20)
            .map(|turn| {
                let job = move |tx: &mut Tx<'_>| {
                    let id = add(tx, &turn.to_string())?;
                    if turn == 6 || turn == 9 { Err(Error::Closed) } else { Ok(id) }
                };
                if turn % 4 < 2 { store.write_lightly(job) } else { store.write(job) }
            })
            .collect();
        gate.open();
        assert!(first.wait().is_ok());
        for (turn, other) in (1..).zip(others) {
            assert_eq!(other.wait().is_ok(), turn != 6 && turn != 9, "{turn}");
        }
        let all: Vec<String> =
            (0..20).filter(|turn| *turn != 6 && *turn != 9).map(|turn| turn.to_string()).collect();
        let found = read(store, |tx| {
            let mut found = Vec::new();
            tx.query("SELECT name FROM shelf ORDER BY id", &[], |row| {
                found.push(row.text(0)?.to_owned());
                Ok(())
            })?;
            Ok(found)
        });
        assert_eq!(found, Ok(all));
    });
}

#[test]
fn a_write_with_a_limit_holds_nobody_up_for_longer() {
    each(|store| {
        let limit = Duration::from_millis(200);
        let stuck = store.write_within(limit, |tx| {
            add(tx, "stuck")?;
            forever(tx)
        });
        let beside = store.write(|tx| add(tx, "beside").map(drop));
        assert_eq!(stuck.wait(), Err(Error::Timeout));
        assert_eq!(beside.wait(), Ok(()));
        let busy: Result<(), Error> = store
            .write_within(limit, |tx| {
                loop {
                    // Each by itself is over at once.
                    tx.execute("UPDATE shelf SET size = 1 WHERE name = 'beside'", &[])?;
                }
            })
            .wait();
        assert_eq!(busy, Err(Error::Timeout));
        let brief = store.write_within(limit, |tx| add(tx, "brief").map(drop));
        assert_eq!(brief.wait(), Ok(()));
        assert_eq!(kept(store), ["beside", "brief"]);
    });
}
