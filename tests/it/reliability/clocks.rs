//! The machine's clock is set forward and back by hours and years while the server runs, by libfaketime: deliveries, the
//! timetable, limits and sign-ins neither stall nor burst.

use it::sink::{Reply, Sink};
use it::{Browser, Hook, Portal, Server};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Where Debian has it.
const LIBRARY: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
/// Within this something happens that does not stall: retries come after a second, and looks every other second.
const SOON: Duration = Duration::from_secs(20);
/// From one step to the next, as libfaketime spells them.
const STEPS: [&str; 9] = ["+3h", "+0", "-3h", "+0", "+2y", "+0", "-2y", "+0", "-40d"];

/// A server whose machine's clock is ours.
struct Machine {
    file: PathBuf,
    server: Option<Server>,
    hook: Hook,
    sink: Sink,
    failing: Arc<AtomicBool>,
    raised: usize,
}

impl Machine {
    fn start(portal: Portal, folder: &Path) -> Machine {
        let file = folder.join("clock");
        std::fs::write(&file, "+0").unwrap();
        let failing = Arc::new(AtomicBool::new(false));
        let fails = Arc::clone(&failing);
        let sink = Sink::start(move |_| Reply::status(if fails.load(Ordering::Relaxed) { 500 } else { 200 }));
        let portal = portal
            .with("--allow-handlers", "127.0.0.1")
            .with("--limits", "bitrix24")
            .with_variable("LD_PRELOAD", LIBRARY)
            .with_variable("FAKETIME_TIMESTAMP_FILE", file.to_str().unwrap())
            .with_variable("FAKETIME_NO_CACHE", "1")
            // Nobody can set this one.
            .with_variable("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .with_variable("DONT_FAKE_MONOTONIC", "1");
        let server = portal.start();
        let hook = server.hook("crm");
        server.portal().outbound(
            &sink.url(),
            "ONCRMLEADADD",
            &["--retries", "1s,1s,1s,1s,1s,1s,1s,1s,1s,1s"],
        );
        Machine { file, server: Some(server), hook, sink, failing, raised: 0 }
    }

    fn step(&self, to: &str) {
        std::fs::write(&self.file, to).unwrap();
    }

    /// How long an event takes, by a clock that nobody sets.
    fn deliver(&mut self) -> Duration {
        let before = self.sink.received().len();
        let begun = Instant::now();
        self.raise();
        while self.sink.received().len() == before {
            assert!(begun.elapsed() < SOON, "no delivery within {SOON:?}");
            it::pass(Duration::from_millis(5));
        }
        begun.elapsed()
    }

    fn raise(&mut self) {
        self.raised += 1;
        let begun = Instant::now();
        // What the limit had let in by the time that is gone is not made good.
        while self.hook.call("crm.lead.add", json!({"fields": {"TITLE": "x"}})).status != 200 {
            assert!(begun.elapsed() < SOON, "nobody may write");
            it::pass(Duration::from_millis(200));
        }
    }

    /// The end of what the server logged.
    fn log(&self) -> String {
        let log = self.server.as_ref().unwrap().portal().log();
        let lines: Vec<&str> = log.lines().rev().take(20).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    /// Raises an event that is not taken, sets the clock after that time, and waits until it is taken.
    fn retry_after(&mut self, rest: Duration, to: &str, what: &str) {
        self.failing.store(true, Ordering::Relaxed);
        let before = self.sink.received().len();
        self.raise();
        let begun = Instant::now();
        while self.sink.received().len() == before {
            assert!(begun.elapsed() < SOON, "{what}: no first attempt");
            it::pass(Duration::from_millis(5));
        }
        it::pass(rest);
        self.step(to);
        self.failing.store(false, Ordering::Relaxed);
        let (before, begun) = (self.sink.received().len(), Instant::now());
        while self.sink.received().len() == before {
            assert!(begun.elapsed() < SOON, "{what}: a retry stalls; {}", self.log());
            it::pass(Duration::from_millis(20));
        }
        println!("    {what}: tried again after {:?}", begun.elapsed());
    }
}

#[test]
fn steps_of_the_clock_stall_nothing() {
    if std::env::var_os("PORTREEVE_CLOCKS").is_none() {
        println!("skipped: takes a minute and a half; `cargo xtask soak --clocks` runs it");
        return;
    }
    if !Path::new(LIBRARY).is_file() {
        println!("skipped: {LIBRARY} is missing (Debian's package: libfaketime)");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (engine, portal) in Portal::on_each_engine() {
        let mut machine = Machine::start(portal, folder.path());
        println!("{engine}: a delivery takes {:?}", machine.deliver());
        for to in STEPS {
            machine.step(to);
            let took = machine.deliver();
            let taken = burst(&machine.hook);
            println!("    clock at {to}: a delivery takes {took:?}; {taken} of 80 calls at once are let in");
            Browser::of_the_administrator(machine.server.as_ref().unwrap());
        }
        machine.step("+0");
        // The first is noted when the clock is set; the last is under way, and noted after it with the later time.
        machine.retry_after(Duration::from_secs(1), "-3h", "three hours back");
        machine.step("+0");
        machine.retry_after(Duration::from_secs(1), "-2y", "two years back");
        machine.step("+0");
        machine.retry_after(Duration::ZERO, "-3h", "three hours back during an attempt");
        // The clock was ahead when the server was killed, and is right when it starts.
        machine.step("+2y");
        machine.failing.store(true, Ordering::Relaxed);
        machine.deliver();
        it::pass(Duration::from_secs(3));
        let killed = machine.server.take().unwrap().kill();
        machine.failing.store(false, Ordering::Relaxed);
        machine.step("+0");
        let before = machine.sink.received().len();
        let server = killed.start();
        machine.hook = server.same_hook(&machine.hook);
        let begun = Instant::now();
        while machine.sink.received().len() == before {
            // On PostgreSQL a lease of the killed server ends by itself after a minute.
            assert!(
                begun.elapsed() < SOON + Duration::from_secs(70),
                "after a start with the right time a retry stalls"
            );
            it::pass(Duration::from_millis(20));
        }
        println!(
            "    killed two years ahead and started with the right time: tried again after {:?}",
            begun.elapsed()
        );
        // The timetable is no more than its longest period ahead.
        let ahead = server.portal().log().matches("the machine's clock was set back").count();
        assert!(ahead > 0, "nobody noticed that the clock was set back");
        super::no_panic(&server.stop());
    }
}

/// Of many calls at once those that the limit lets in: no more than the bucket holds, and soon some again.
fn burst(hook: &Hook) -> usize {
    let taken = (0..80).filter(|_| hook.call("profile", json!({})).status == 200).count();
    assert!(taken <= 60, "{taken} calls at once went past the limit of 50");
    let begun = Instant::now();
    while hook.call("profile", json!({})).status != 200 {
        assert!(begun.elapsed() < SOON, "the limit lets nobody in any more");
        it::pass(Duration::from_millis(200));
    }
    // For the calls that follow.
    it::pass(Duration::from_secs(2));
    taken
}
