//! The whole database, brought back.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;

use store::{Error, Location, Options, SnapshotName, Store, Tx};
use testkit::{Whole, differences, whole};

use crate::{add, each, each_with, kept, open, read, write};

fn name(text: &str) -> SnapshotName {
    text.parse().unwrap()
}

fn restore(store: &Store, text: &str) {
    store.restore_snapshot(&name(text), |_| Ok::<_, Error>(())).unwrap().unwrap();
}

fn all(store: &Store) -> Whole {
    read(store, whole).unwrap()
}

#[track_caller]
fn same(before: &Whole, store: &Store, what: &str) {
    assert_eq!(differences(before, &all(store)), [""; 0], "{what}");
}

/// Numbers that are the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Does something that changes rows, tables, columns, indexes or numbers, as far as that is possible then.
fn disturb(store: &Store, dice: &mut Dice) {
    let (kind, some, other) = (dice.below(13), dice.below(12), dice.below(1000));
    let done = write(store, move |tx| {
        let id = tx.one(
            "SELECT id FROM shelf ORDER BY id LIMIT 1 OFFSET ?",
            &[(some as i64 % 5).into()],
            |row| row.int(0),
        )?;
        let id = id.unwrap_or(0);
        let sql = match kind {
            0 | 1 => return add(tx, &format!("shelf {other} {some}")).map(drop),
            2 => format!("UPDATE shelf SET weight = {other}.5, name = name || '{some}' WHERE id = {id}"),
            3 => format!("DELETE FROM book WHERE shelf_id = {id}"),
            4 => format!("DELETE FROM shelf WHERE id NOT IN (SELECT shelf_id FROM book) AND id >= {id}"),
            5 => format!(
                "INSERT INTO book (shelf_id, title) SELECT id, 'a book {other}' FROM shelf WHERE id = {id}"
            ),
            6 => format!(
                "CREATE TABLE made_{some} (id {{id}}, note {{text}}, shelf_id {{int}} REFERENCES shelf (id))"
            ),
            7 => format!("DROP TABLE made_{some}"),
            8 => format!("INSERT INTO made_{some} (note, shelf_id) SELECT 'note {other}', id FROM shelf"),
            9 => format!("ALTER TABLE shelf ADD COLUMN extra_{some} {{text}}"),
            10 => format!("ALTER TABLE shelf DROP COLUMN extra_{some}"),
            11 => format!("CREATE INDEX title_{some} ON book (title, id)"),
            _ => format!("DROP INDEX title_{some}"),
        };
        tx.execute(&tx.dialect().expand(&sql), &[]).map(drop)
    });
    // Much of it is refused: there is no such table, or something points at the row.
    drop(done);
}

#[test]
fn whatever_was_done_is_undone() {
    each_with(&Options::default(), |store, bed| {
        let other = open(bed, &Options::default());
        let mut dice = Dice(20_261_130);
        for _ in 0..60 {
            disturb(store, &mut dice);
        }
        store.save_snapshot(&name("one")).unwrap();
        let one = all(store);
        for _ in 0..30 {
            disturb(&other, &mut dice);
        }
        store.save_snapshot(&name("two")).unwrap();
        let two = all(store);
        assert_ne!(one, two);
        for round in 0..30 {
            for _ in 0..dice.below(40) {
                disturb(if dice.below(2) == 0 { store } else { &other }, &mut dice);
            }
            let (text, expected) = if dice.below(3) == 0 { ("two", &two) } else { ("one", &one) };
            restore(if dice.below(2) == 0 { store } else { &other }, text);
            same(expected, store, &format!("round {round}, {text}"));
            same(expected, &other, &format!("round {round}, {text}, elsewhere"));
        }
        if bed.engine == "sqlite" {
            let intact =
                |tx: &mut Tx<'_>| tx.one("PRAGMA integrity_check", &[], |row| Ok(row.text(0)?.to_owned()));
            assert_eq!(read(store, intact).unwrap().as_deref(), Some("ok"));
        }
        other.close();
    });
}

#[test]
fn what_is_written_meanwhile_is_before_it_or_after_it() {
    each_with(&Options::default(), |store, bed| {
        let (other, enough) = (open(bed, &Options::default()), AtomicBool::new(false));
        write(store, |tx| add(tx, "first")).unwrap();
        store.save_snapshot(&name("start")).unwrap();
        let pair = |store: &Store, turn: u32, side: &str| {
            let texts = [format!("{turn} {side} left"), format!("{turn} {side} right")];
            write(store, move |tx| Ok((add(tx, &texts[0])?, add(tx, &texts[1])?)))
        };
        thread::scope(|scope| {
            let writers = [(store, "here"), (&other, "there")].map(|(store, side)| {
                let (enough, pair) = (&enough, &pair);
                scope.spawn(move || {
                    let mut turn = 0;
                    while !enough.load(SeqCst) {
                        // Its numbers never run into those that are given anew.
                        pair(store, turn, side).unwrap();
                        turn += 1;
                    }
                })
            });
            for round in 0..20 {
                restore(if round % 2 == 0 { store } else { &other }, "start");
                let names = kept(store);
                let of = |side: &str| names.iter().filter(|name| name.ends_with(side)).count();
                assert_eq!(of("left"), of("right"));
            }
            enough.store(true, SeqCst);
            writers.into_iter().for_each(|writer| writer.join().unwrap());
        });
        restore(store, "start");
        assert_eq!(kept(store), ["first"]);
        assert_eq!(write(&other, |tx| add(tx, "second")).unwrap(), 2);
        other.close();
    });
}

#[test]
fn a_job_may_change_it_on_its_way_and_undoes_it_when_it_fails() {
    each(|store| {
        write(store, |tx| add(tx, "kept")).unwrap();
        store.save_snapshot(&name("a")).unwrap();
        write(store, |tx| add(tx, "later")).unwrap();
        let refused = store.restore_snapshot(&name("a"), |tx| {
            add(tx, "half")?;
            Err::<(), _>(Error::Closed)
        });
        assert_eq!(refused, Err(Error::Closed));
        assert_eq!(kept(store), ["kept", "later"]);
        let added = store.restore_snapshot(&name("a"), |tx| add(tx, "added")).unwrap();
        assert_eq!((added, kept(store)), (Some(2), vec!["added".to_owned(), "kept".to_owned()]));
    });
}

#[test]
fn snapshots_are_listed_read_replaced_and_removed() {
    each(|store| {
        assert_eq!(store.snapshots(), Ok(Vec::new()));
        assert_eq!(store.restore_snapshot(&name("none"), |_| Ok::<_, Error>(())), Ok(None));
        assert_eq!(store.read_snapshot(&name("none"), |_| Ok::<_, Error>(())), Ok(None));
        assert_eq!(store.delete_snapshot(&name("none")), Ok(false));
        write(store, |tx| add(tx, "first")).unwrap();
        let saved = store.save_snapshot(&name("b.1")).unwrap();
        // A row of the history, and one of ours.
        assert_eq!((saved.name.as_str(), saved.rows), ("b.1", 2));
        assert!(saved.size > 1000, "{saved:?}");
        write(store, |tx| add(tx, "second")).unwrap();
        store.save_snapshot(&name("a")).unwrap();
        let inside = store.read_snapshot(&name("b.1"), crate::names).unwrap().unwrap();
        assert_eq!(inside, ["first"]);
        let listed: Vec<_> =
            store.snapshots().unwrap().into_iter().map(|one| (one.name.to_string(), one.rows)).collect();
        assert_eq!(listed, [("a".to_owned(), 3), ("b.1".to_owned(), 2)]);
        store.save_snapshot(&name("b.1")).unwrap();
        assert_eq!(store.snapshots().unwrap()[1].rows, 3);
        assert_eq!(store.delete_snapshot(&name("a")), Ok(true));
        assert_eq!(store.snapshots().unwrap().len(), 1);
    });
}

#[test]
fn another_database_becomes_a_snapshot() {
    each(|store| {
        write(store, |tx| add(tx, "mine")).unwrap();
        let fill = |location: &Location| {
            let made = Store::open(location, &Options::default(), crate::SCHEMA)?;
            write(&made, |tx| {
                tx.execute(&tx.dialect().expand("CREATE TABLE further (id {id}, text {text})"), &[])?;
                tx.insert("INSERT INTO further (text) VALUES ('more')", &[])?;
                add(tx, "made")
            })?;
            made.close();
            Ok::<_, Error>(())
        };
        store.make_snapshot(&name("new"), fill).unwrap();
        assert_eq!(kept(store), ["mine"]);
        restore(store, "new");
        assert_eq!(kept(store), ["made"]);
        let next = write(store, |tx| tx.insert("INSERT INTO further (text) VALUES ('still more')", &[]));
        assert_eq!(next, Ok(2));
        let failed = store.make_snapshot(&name("failed"), |_| Err::<(), _>(Error::Busy));
        assert_eq!(failed, Err(Error::Busy));
        assert_eq!(store.snapshots().unwrap().len(), 1);
    });
}
