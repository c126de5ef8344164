//! Disks that are full, that take nothing any more, that stand still and that are slow: writes get a clear error or wait,
//! reads go on, `/health` says why, and it is over when the disk is well again.

use super::kinds::KINDS;
use super::ledger::Ledger;
use super::load::{Site, Written, settings};
use it::{Disk, Portal, Postgres, Reply, Server};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long something may take to show.
const PATIENCE: Duration = Duration::from_secs(120);
const MOMENT: Duration = Duration::from_millis(50);
/// Writes before, and after.
const ENOUGH: usize = 60;

/// Those who were refused, by their kind; every one with the protocol's error.
#[derive(Default)]
struct Refusals(Mutex<BTreeSet<&'static str>>, Mutex<Option<String>>);

impl Refusals {
    fn note(&self, kind: &'static str, reply: &Reply) -> bool {
        let answer: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        // In REST 3.0 the error is an object.
        let error = &answer["error"];
        let clear = reply.status == 503
            && (*error == "QUERY_LIMIT_EXCEEDED" || error["code"] == "QUERY_LIMIT_EXCEEDED");
        if !clear {
            self.1
                .lock()
                .unwrap()
                .get_or_insert_with(|| format!("{kind}: {} {}", reply.status, reply.text()));
        }
        self.0.lock().unwrap().insert(kind);
        it::pass(MOMENT);
        true
    }

    fn kinds(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

/// Waits for something, doing something again and again.
fn wait(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}");
        it::pass(MOMENT);
    }
}

/// Takes down so many writes.
fn take(ledger: &mut Ledger, acknowledged: &Receiver<Written>, count: usize) {
    let begun = Instant::now();
    let enough = ledger.len() + count;
    while ledger.len() < enough {
        match acknowledged.recv_timeout(MOMENT) {
            Ok(one) => ledger.note(one),
            Err(RecvTimeoutError::Timeout) => assert!(begun.elapsed() < PATIENCE, "nothing is written"),
            Err(RecvTimeoutError::Disconnected) => panic!("the workers gave up"),
        }
    }
}

/// Everybody writes while `trouble` happens, and goes on afterwards.
fn through(site: &Site, server: &Server, ledger: &mut Ledger, trouble: impl FnOnce(&Refusals, &mut Ledger)) {
    let hook = server.same_hook(&site.hook);
    let (written, acknowledged) = channel();
    let (over, refusals) = (AtomicBool::new(false), Refusals::default());
    std::thread::scope(|scope| {
        for place in 0..KINDS.len() {
            let (written, hook, over, refusals) = (written.clone(), hook.clone(), &over, &refusals);
            let refused = move |kind: &super::kinds::Kind, reply: &Reply| refusals.note(kind.name, reply);
            scope.spawn(move || site.work(&hook, place, over, &written, &refused));
        }
        drop(written);
        // A panic must not leave the workers at work.
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            take(ledger, &acknowledged, ENOUGH);
            trouble(&refusals, ledger);
            acknowledged.try_iter().for_each(|one| ledger.note(one));
            take(ledger, &acknowledged, ENOUGH);
        }));
        over.store(true, Ordering::Relaxed);
        acknowledged.iter().for_each(|one| ledger.note(one));
        done.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
    let unclear = refusals.1.into_inner().unwrap();
    assert_eq!(unclear, None, "a refusal that is not the protocol's");
}

/// The disk under the database is full for a while.
#[test]
fn a_full_disk_is_told_and_over_by_itself() {
    if std::env::var_os("PORTREEVE_DISKS").is_none() {
        println!("skipped: takes three minutes; `cargo xtask soak --disks` runs it");
        return;
    }
    let Some(disk) = Disk::in_memory(96) else { return };
    full("sqlite", settings(Portal::inside(disk.path())).start(), &disk, &mut || {});
    let Some(disk) = Disk::in_memory(192) else { return };
    let Some(mut postgres) = Postgres::start(disk.path(), &[]) else { return };
    let server = settings(Portal::on_server(postgres.url())).start();
    // PostgreSQL ends where there is no room for its log, and is started again by its supervisor.
    let mut supervise = || {
        if postgres.has_ended() {
            println!("    PostgreSQL had ended for want of room, and was started again");
            postgres.start_again();
        }
    };
    full("postgres", server, &disk, &mut supervise);
}

fn full(engine: &str, server: Server, disk: &Disk, supervise: &mut dyn FnMut()) {
    let (site, mut ledger) = (Site::open(&server), Ledger::default());
    let hook = server.same_hook(&site.hook);
    through(&site, &server, &mut ledger, |refusals, ledger| {
        wait("writes are refused", || {
            disk.fill();
            refusals.kinds() >= KINDS.len() / 2
        });
        let begun = Instant::now();
        let (status, told) = super::health(server.base());
        assert_eq!(status, 503, "{told}");
        println!(
            "{engine}: {} kinds refused; /health says {:?}",
            refusals.kinds(),
            told["reason"].as_str().unwrap_or_default()
        );
        if told["reason"].as_str().is_some_and(|reason| reason.starts_with("The disk is full")) {
            ledger.check(&site, &hook, "while the disk is full");
            println!("    reads go on: {} acknowledged writes were read", ledger.len());
        }
        disk.free();
        supervise();
        wait("it is well again", || super::health(server.base()).0 == 200);
        println!("    well again {:?} after there was room; full for {:?}", begun.elapsed(), begun.elapsed());
    });
    println!("{engine}: {}", ledger.end(&site, &hook));
    let portal = server.stop();
    let lines = portal.log().lines().filter(|line| line.contains("ERROR")).count();
    println!("    {lines} errors in the log");
    super::no_panic(&portal);
}

/// The system finds an error on the disk under SQLite, and lets nobody write any more. Reads go on; once it is repaired, the
/// next start finds all.
#[test]
fn a_disk_that_takes_nothing_is_told_and_loses_nothing() {
    let Some(disk) = Disk::on_device(256) else { return };
    let server = settings(Portal::inside(disk.path())).start();
    let (site, mut ledger) = (Site::open(&server), Ledger::default());
    let hook = server.same_hook(&site.hook);
    let (written, acknowledged) = channel();
    let (over, refusals) = (AtomicBool::new(false), Refusals::default());
    std::thread::scope(|scope| {
        for place in 0..KINDS.len() {
            let (written, hook, over, refusals, site) =
                (written.clone(), hook.clone(), &over, &refusals, &site);
            let refused = move |kind: &super::kinds::Kind, reply: &Reply| {
                // What was committed and could not be brought to the disk is not known to be kept.
                let unknown = reply.status == 500 && reply.text().contains("ERROR_CORE");
                unknown || refusals.note(kind.name, reply)
            };
            scope.spawn(move || site.work(&hook, place, over, &written, &refused));
        }
        drop(written);
        let _slow = Slow::down(server.pid(), disk.device());
        take(&mut ledger, &acknowledged, ENOUGH);
        disk.break_down();
        let begun = Instant::now();
        while super::health(server.base()).0 == 200 && begun.elapsed() < PATIENCE {
            acknowledged.try_iter().for_each(|one| ledger.note(one));
            it::pass(MOMENT);
        }
        over.store(true, Ordering::Relaxed);
        acknowledged.iter().for_each(|one| ledger.note(one));
    });
    let (status, told) = super::health(server.base());
    assert_eq!(status, 503, "{told}");
    println!("sqlite: /health says {:?}", told["reason"]);
    ledger.check(&site, &hook, "while the disk takes nothing");
    println!("    reads go on: {} acknowledged writes were read", ledger.len());
    let portal = server.kill();
    disk.repair();
    let server = portal.start();
    println!("sqlite: after a repair and a start: {}", ledger.end(&site, &server.same_hook(&site.hook)));
    super::no_panic(&server.stop());
}

/// Nothing goes to the disk for some seconds, and then only twenty writes a second: whoever writes waits, and reads go on.
#[test]
fn a_disk_that_stands_still_or_is_slow_keeps_only_writes_waiting() {
    let Some(disk) = Disk::on_device(256) else { return };
    let server = settings(Portal::inside(disk.path())).start();
    let (site, mut ledger) = (Site::open(&server), Ledger::default());
    let hook = server.same_hook(&site.hook);
    through(&site, &server, &mut ledger, |_, _| {
        disk.freeze();
        let begun = Instant::now();
        it::pass(Duration::from_secs(3));
        // It answers, whatever it says: SQLite marks readers in a file on the same disk.
        let (status, told) = super::health(server.base());
        println!("sqlite: frozen for {:?}; /health says {status} {}", begun.elapsed(), told["reason"]);
        disk.thaw();
        wait("it is well again", || super::health(server.base()).0 == 200);
    });
    println!("sqlite, frozen and thawed: {}", ledger.end(&site, &hook));
    if let Some(_slow) = Slow::down(server.pid(), disk.device()) {
        let begun = Instant::now();
        let before = ledger.len();
        through(&site, &server, &mut ledger, |_, _| {
            let mut reads: Vec<Duration> = (0..50)
                .map(|_| {
                    let begun = Instant::now();
                    hook.get("profile").success();
                    begun.elapsed()
                })
                .collect();
            reads.sort();
            println!(
                "sqlite, 20 operations a second: reads take {:?} (median), {:?} (most)",
                reads[25], reads[49]
            );
        });
        let rate = (ledger.len() - before) as f64 / begun.elapsed().as_secs_f64();
        println!("    {rate:.0} writes a second: {}", ledger.end(&site, &hook));
    }
    super::no_panic(&server.stop());
}

/// A process whose writes to a device are held back, by a control group of version 1.
struct Slow(std::path::PathBuf);

impl Slow {
    fn down(pid: u32, device: &str) -> Option<Slow> {
        let group = std::path::PathBuf::from(format!("/sys/fs/cgroup/blkio/portreeve-{pid}"));
        let numbers =
            fs::read_to_string(format!("/sys/class/block/{}/dev", device.trim_start_matches("/dev/")))
                .ok()?;
        let limit = format!("{} 20", numbers.trim());
        let made = fs::create_dir(&group)
            .and_then(|()| fs::write(group.join("blkio.throttle.write_iops_device"), limit))
            .and_then(|()| fs::write(group.join("cgroup.procs"), pid.to_string()));
        if let Err(error) = made {
            println!("skipped: {} cannot be used ({error})", group.display());
            return None;
        }
        Some(Slow(group))
    }
}

impl Drop for Slow {
    fn drop(&mut self) {
        let processes = fs::read_to_string(self.0.join("cgroup.procs")).unwrap_or_default();
        for pid in processes.lines() {
            let _ = fs::write("/sys/fs/cgroup/blkio/cgroup.procs", pid);
        }
        let _ = fs::remove_dir(&self.0);
    }
}
