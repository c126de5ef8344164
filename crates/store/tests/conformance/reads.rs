//! Reads: what they see, and that long ones are in nobody's way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use store::{Dialect, Error, Options};

use crate::{Gate, add, counting, each, each_with, forever, kept, letter, names, read, write};

#[test]
fn a_read_sees_one_state_from_beginning_to_end() {
    each(|store| {
        write(store, |tx| add(tx, "before")).unwrap();
        let gate = Gate::new();
        let held = gate.clone();
        thread::scope(|scope| {
            let reader = scope.spawn(move || {
                read(store, move |tx| {
                    let first = names(tx)?;
                    held.pass();
                    Ok((first, names(tx)?))
                })
            });
            gate.wait();
            write(store, |tx| add(tx, "meanwhile")).unwrap();
            gate.open();
            let (first, second) = reader.join().unwrap().unwrap();
            assert_eq!(first, ["before"]);
            assert_eq!(second, ["before"]);
        });
        assert_eq!(kept(store), ["before", "meanwhile"]);
    });
}

#[test]
fn a_read_changes_nothing() {
    each(|store| {
        let refused = read(store, |tx| add(tx, "a"));
        assert!(matches!(refused, Err(Error::ReadOnly(_))), "{refused:?}");
        assert!(kept(store).is_empty());
    });
}

#[test]
fn a_long_read_is_in_nobodys_way() {
    let options = Options { readers: 2, read_time: Duration::from_secs(30), ..Options::default() };
    each_with(&options, |store, bed| {
        let runs = Arc::new(AtomicU32::new(0));
        let gate = Gate::new();
        let (held, counted) = (gate.clone(), Arc::clone(&runs));
        // More steps than a read may take on the calling thread, which is this one.
        let sql = counting("i < 300000");
        let long = store.read(move |tx| {
            counted.fetch_add(1, SeqCst);
            let sum = tx.one(&sql, &[], |row| row.int(0));
            sum.inspect(|_| held.pass())
        });
        assert!(!long.is_ready());
        gate.wait();
        assert_eq!(kept(store), Vec::<String>::new(), "a short read passes by");
        write(store, |tx| add(tx, "a")).unwrap();
        assert_eq!(kept(store), ["a"]);
        gate.open();
        assert_eq!(long.wait(), Ok(Some((1..=300_000_i64).map(|i| i % 7).sum())));
        let moved = u32::from(bed.engine == "sqlite");
        assert_eq!(runs.load(SeqCst), 1 + moved);
        assert_eq!(store.gauges().long_reads, moved.into());
    });
}

#[test]
fn a_read_that_does_not_end_keeps_no_other_one_waiting() {
    let options = Options {
        readers: 1,
        read_time: Duration::from_millis(50),
        timeout: Duration::from_secs(3),
        ..Options::default()
    };
    each_with(&options, |store, _| {
        let endless = store.read(forever);
        assert_eq!(kept(store), Vec::<String>::new());
        assert_eq!(store.gauges().long_reads, 1);
        assert_eq!(endless.wait(), Err(Error::Timeout));
    });
}

#[test]
fn a_single_comparison_of_long_texts_counts_as_long() {
    each(|store| {
        let title = "a".repeat(8 << 20);
        write(store, move |tx| {
            let shelf = add(tx, "a")?;
            let sql = "INSERT INTO book (shelf_id, title) VALUES (?, ?)";
            tx.insert(sql, &[shelf.into(), title.as_str().into()])
        })
        .unwrap();
        for (pattern, found) in [(format!("%{}%", "A".repeat(6_000)), 1), ("%_b%".into(), 0)] {
            let before = store.gauges().long_reads;
            let sql = format!("SELECT count(*) FROM book WHERE {}", Dialect::like("title"));
            let like = store.read(move |tx| tx.one(&sql, &[pattern.as_str().into()], |row| row.int(0)));
            assert_eq!(like.wait(), Ok(Some(found)));
            let moved = u64::from(!store.is_shared());
            assert_eq!(store.gauges().long_reads, before + moved, "not on the serving thread");
        }
    });
}

#[test]
fn when_every_connection_is_taken_reads_wait_or_move() {
    each_with(&Options { readers: 1, long_readers: 1, ..Options::default() }, |store, _| {
        let gate = Gate::new();
        let held = gate.clone();
        let (done, answer) = letter();
        thread::scope(|scope| {
            scope.spawn(move || {
                let first = read(store, move |tx| {
                    held.pass();
                    names(tx)
                });
                done.send(first).unwrap();
            });
            gate.wait();
            let second = store.read(names);
            assert!(!second.is_ready());
            gate.open();
            assert_eq!(second.wait(), Ok(Vec::new()));
            assert_eq!(answer.recv().unwrap(), Ok(Vec::new()));
        });
    });
}

#[test]
fn what_never_ends_is_stopped() {
    each_with(&Options { timeout: Duration::from_millis(500), ..Options::default() }, |store, _| {
        assert_eq!(read(store, forever), Err(Error::Timeout));
        let hidden = read(store, |tx| {
            let _ = forever(tx);
            Ok(())
        });
        assert_eq!(hidden, Err(Error::Timeout), "a job cannot keep it to itself");
        let written = write(store, |tx| {
            add(tx, "a")?;
            forever(tx)
        });
        assert_eq!(written, Err(Error::Timeout));
        assert!(kept(store).is_empty());
        assert!(write(store, |tx| add(tx, "b")).is_ok());
    });
}

#[test]
fn a_timeout_may_be_as_long_as_it_can_be() {
    each_with(&Options { timeout: Duration::MAX, ..Options::default() }, |store, _| {
        write(store, |tx| add(tx, "a")).unwrap();
        let sql = counting("i < 300000");
        let long = read(store, move |tx| tx.one(&sql, &[], |_| Ok(())));
        assert_eq!(long, Ok(Some(())));
    });
}

#[test]
fn a_read_that_panics_leaves_its_connection_in_order() {
    each_with(&Options { readers: 1, ..Options::default() }, |store, _| {
        let panicked: Result<(), Error> =
            read(store, |tx| tx.query("SELECT 1 UNION SELECT 2", &[], |_| panic!("on purpose")));
        assert_eq!(panicked, Err(Error::Panicked("on purpose".into())));
        write(store, |tx| add(tx, "a")).unwrap();
        assert_eq!(kept(store), ["a"]);
    });
}

#[test]
fn an_answer_can_be_awaited() {
    /// Polls with a waker that does nothing but count, until the answer is there.
    fn await_it<T>(mut pending: store::Pending<T>) -> T {
        use std::task::{Context, Poll, Wake};
        struct Tell(crossbeam_channel::Sender<()>);
        impl Wake for Tell {
            fn wake(self: Arc<Self>) {
                let _ = self.0.send(());
            }
        }
        let (tell, told) = crossbeam_channel::unbounded();
        let waker = Arc::new(Tell(tell)).into();
        loop {
            match std::future::Future::poll(
                std::pin::Pin::new(&mut pending),
                &mut Context::from_waker(&waker),
            ) {
                Poll::Ready(answer) => return answer,
                Poll::Pending => told.recv().unwrap(),
            }
        }
    }
    each(|store| {
        assert_eq!(await_it(store.write(|tx| add(tx, "a"))), Ok(1));
        assert_eq!(await_it(store.read(names)), Ok(vec!["a".to_owned()]));
    });
}
