//! Writes that wait for a disk whose syncs the test controls.

#![allow(clippy::unwrap_used)]

use std::future::Future;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Waker};

use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded, unbounded};
use tracing::Span;

use super::super::connection::{Db, Role};
use super::super::disk::{Disk, Failure, kept};
use super::start;
use crate::lane::Lane;
use crate::work::{Answered, submit};
use crate::{Error, Options, Pending, Tx};

const ADD: &str = "INSERT INTO note VALUES ('')";
const COUNT: &str = "SELECT count(*) FROM note";

/// A new database for notes, as the writer has it.
fn database(path: &Path) -> Db {
    std::fs::write(path, "").unwrap();
    let db = Db::open(path, Role::Writer).unwrap();
    db.connection.execute_batch("CREATE TABLE note (text TEXT)").unwrap();
    db
}

/// A writer and its disk.
struct Bench {
    lane: Lane,
    /// Says when a sync has begun.
    begun: Receiver<()>,
    /// Ends one.
    end: Sender<io::Result<()>>,
    failure: Failure,
    _directory: tempfile::TempDir,
}

impl Bench {
    fn new() -> Bench {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("portal.db");
        let db = database(&path);
        let (begins, begun) = unbounded();
        let (end, ended) = unbounded();
        let disk = Disk::new(Box::new(move || {
            begins.send(()).unwrap();
            ended.recv().unwrap()
        }));
        let failure = disk.failure();
        let lane = start(db, &path, disk, &Options::default(), &Arc::default()).unwrap();
        Bench { lane, begun, end, failure, _directory: directory }
    }

    /// Queues a job that adds a note, and waits until it runs. Its answer is how many notes there are.
    fn add(&self, answered: Answered) -> Pending<Result<i64, Error>> {
        self.run(answered, |tx| tx.execute(ADD, &[]).map(drop))
    }

    /// Adds a note that must be on the disk, and waits until it is on its way there.
    fn bring(&self) -> Pending<Result<i64, Error>> {
        let pending = self.add(Answered::WhenOnDisk);
        self.begun.recv().unwrap();
        pending
    }

    fn run(
        &self,
        answered: Answered,
        job: impl Fn(&mut Tx<'_>) -> Result<(), Error> + Send + 'static,
    ) -> Pending<Result<i64, Error>> {
        let (runs, run) = bounded(1);
        let pending = submit(&self.lane, Span::none(), answered, None, move |tx| {
            job(tx)?;
            runs.send(()).unwrap();
            tx.one(COUNT, &[], |row| row.int(0)).map(Option::unwrap_or_default)
        });
        run.recv().unwrap();
        pending
    }

    /// Ends a sync, once it has begun.
    fn sync(&self, outcome: io::Result<()>) {
        self.begun.recv().unwrap();
        self.end.send(outcome).unwrap();
    }

    fn nothing_is_synced(&self) {
        assert_eq!(self.begun.try_recv(), Err(TryRecvError::Empty));
    }
}

fn waits(pending: &mut Pending<Result<i64, Error>>) -> bool {
    Pin::new(pending).poll(&mut Context::from_waker(Waker::noop())).is_pending()
}

#[test]
fn a_group_runs_while_the_one_before_it_goes_to_the_disk() {
    let bench = Bench::new();
    let mut first = bench.bring();
    // They run, and one commit will do for both.
    let mut second = bench.add(Answered::WhenOnDisk);
    let mut third = bench.add(Answered::WhenOnDisk);
    assert!([&mut first, &mut second, &mut third].into_iter().all(waits));
    bench.nothing_is_synced();
    bench.end.send(Ok(())).unwrap();
    assert_eq!(first.wait(), Ok(1));
    bench.begun.recv().unwrap();
    assert!([&mut second, &mut third].into_iter().all(waits));
    bench.end.send(Ok(())).unwrap();
    assert_eq!((second.wait(), third.wait()), (Ok(2), Ok(3)));
    bench.nothing_is_synced();
}

#[test]
fn a_light_write_waits_for_what_it_has_seen_and_not_for_itself() {
    let bench = Bench::new();
    assert_eq!(bench.add(Answered::WhenSeen).wait(), Ok(1));
    bench.nothing_is_synced();
    let durable = bench.bring();
    let mut light = bench.add(Answered::WhenSeen);
    assert!(waits(&mut light));
    bench.end.send(Ok(())).unwrap();
    assert_eq!((durable.wait(), light.wait()), (Ok(2), Ok(3)));
    bench.nothing_is_synced();
}

#[test]
fn a_light_write_behind_a_durable_one_of_its_group_waits_with_it() {
    let bench = Bench::new();
    let first = bench.bring();
    let before = bench.add(Answered::WhenSeen);
    let mut durable = bench.add(Answered::WhenOnDisk);
    let mut behind = bench.add(Answered::WhenSeen);
    bench.end.send(Ok(())).unwrap();
    assert_eq!((first.wait(), before.wait()), (Ok(1), Ok(2)));
    bench.begun.recv().unwrap();
    assert!(waits(&mut durable) && waits(&mut behind));
    bench.end.send(Ok(())).unwrap();
    assert_eq!((durable.wait(), behind.wait()), (Ok(3), Ok(4)));
}

#[test]
fn what_changes_nothing_is_not_synced_unless_something_seen_was_not() {
    let bench = Bench::new();
    let look = || bench.run(Answered::WhenOnDisk, |_| Ok(()));
    assert_eq!(look().wait(), Ok(0));
    bench.nothing_is_synced();
    assert_eq!(bench.add(Answered::WhenSeen).wait(), Ok(1));
    let seen = look();
    bench.sync(Ok(()));
    assert_eq!(seen.wait(), Ok(1));
    assert_eq!(look().wait(), Ok(1));
    bench.nothing_is_synced();
}

#[test]
fn what_is_answered_was_in_the_files_when_they_were_synced() {
    let (directory, cuts) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (path, kept) = (directory.path().join("portal.db"), cuts.path().to_owned());
    let db = database(&path);
    // Each sync keeps what a power cut would leave behind, had it come right after it.
    let (from, mut cut) = (path.clone(), 0);
    let disk = Disk::new(Box::new(move || {
        cut += 1;
        std::fs::copy(from.with_extension("db-wal"), kept.join(format!("{cut}.db-wal")))?;
        std::fs::copy(&from, kept.join(format!("{cut}.db"))).map(drop)
    }));
    let lane = start(db, &path, disk, &Options::default(), &Arc::default()).unwrap();
    for cut in 1..=20 {
        let pending = submit(&lane, Span::none(), Answered::WhenOnDisk, None, |tx| tx.execute(ADD, &[]));
        assert_eq!(pending.wait(), Ok::<u64, Error>(1));
        let left = Db::open(&cuts.path().join(format!("{cut}.db")), Role::Reader).unwrap();
        let notes = left.connection.query_one(COUNT, [], |row| row.get::<_, i64>(0));
        assert_eq!(notes, Ok(cut));
    }
}

#[test]
fn nothing_more_is_written_when_the_disk_has_failed() {
    let bench = Bench::new();
    let failed = bench.add(Answered::WhenOnDisk);
    assert_eq!(kept(&bench.failure), Ok(()));
    bench.sync(Err(io::Error::other("the disk is gone")));
    assert!(matches!(failed.wait(), Err(Error::Unknown(text)) if text.contains("the disk is gone")));
    assert!(matches!(kept(&bench.failure), Err(Error::Database(text)) if text.contains("the disk is gone")));
    let told = |answer| matches!(answer, Err(Error::Database(text)) if text.contains("the disk is gone"));
    assert!(told(bench.add(Answered::WhenOnDisk).wait()));
    assert!(told(bench.add(Answered::WhenSeen).wait()));
    // Not even a commit of theirs was tried: each of them saw the note of the first alone, and its own.
    assert!(told(
        bench
            .run(Answered::WhenOnDisk, |tx| {
                let notes = tx.one(COUNT, &[], |row| row.int(0))?;
                assert_eq!(notes, Some(1));
                Ok(())
            })
            .wait()
    ));
    bench.nothing_is_synced();
}
