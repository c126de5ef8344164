//! The end of a store.

use store::{Error, Options};

use crate::{Gate, add, each_with, kept, open};

#[test]
fn closing_serves_what_was_accepted_and_refuses_the_rest() {
    each_with(&Options { writers: 1, ..Options::default() }, |store, bed| {
        let gate = Gate::new();
        let held = gate.clone();
        let first = store.write(move |tx| {
            held.pass();
            add(tx, "first")
        });
        gate.wait();
        let second = store.write(|tx| add(tx, "second"));
        let other = store.clone();
        gate.open();
        store.clone().close();
        assert!(first.wait().is_ok());
        assert!(second.wait().is_ok());
        assert_eq!(other.write(|tx| add(tx, "third")).wait(), Err(Error::Closed));
        assert_eq!(other.read(|tx| add(tx, "third")).wait(), Err(Error::Closed));
        drop(other);
        assert_eq!(kept(&open(bed, &Options::default())), ["first", "second"]);
    });
}

#[test]
fn dropping_the_last_handle_closes() {
    for bed in testkit::engines() {
        let pending = open(&bed, &Options::default()).write(|tx| add(tx, "a"));
        assert!(pending.wait().is_ok());
        assert_eq!(kept(&open(&bed, &Options::default())), ["a"]);
    }
}

#[test]
fn a_job_may_hold_the_last_handle() {
    for bed in testkit::engines() {
        let gate = Gate::new();
        let (held, store) = (gate.clone(), open(&bed, &Options::default()));
        let handle = store.clone();
        let pending = store.write(move |tx| {
            held.pass();
            assert_eq!(handle.gauges().write_queue, 0);
            add(tx, "a")
        });
        gate.wait();
        drop(store);
        gate.open();
        assert!(pending.wait().is_ok());
    }
}
