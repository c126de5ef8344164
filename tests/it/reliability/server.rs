//! A PostgreSQL server that is restarted and killed in the middle of work in all modules.

use super::figure;
use super::kinds::KINDS;
use super::ledger::Ledger;
use super::load::{Site, settings};
use it::{Portal, Postgres, Reply, Server, Stop};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// What happens to the server.
#[derive(Clone, Copy, Debug)]
enum Blow {
    Ends(Stop),
    Backend,
    /// It is away for longer than the portal waits for it.
    Away,
}

const BLOWS: [Blow; 5] = [
    Blow::Ends(Stop::Fast),
    Blow::Backend,
    Blow::Ends(Stop::Immediate),
    Blow::Ends(Stop::Killed),
    Blow::Away,
];

#[test]
fn a_database_server_may_come_and_go() {
    let Some(mut postgres) = Postgres::start(&std::env::temp_dir(), &[]) else { return };
    let server = settings(Portal::on_server(postgres.url())).start();
    let (site, mut ledger) = (Site::open(&server), Ledger::default());
    let rounds = figure("PORTREEVE_KILLS", BLOWS.len());
    let mut tally: std::collections::BTreeMap<String, (usize, Duration, usize)> = Default::default();
    for round in 0..rounds {
        let blow = BLOWS[round % BLOWS.len()];
        let (away, refused) = strike(&server, &site, &mut ledger, &mut postgres, blow, round);
        let entry = tally.entry(format!("{blow:?}")).or_default();
        *entry = (entry.0 + 1, entry.1.max(away), entry.2 + refused);
    }
    for (blow, (times, longest, refused)) in tally {
        println!(
            "{blow}: {times} times, at most {longest:?} without an acknowledged write, {refused} calls refused"
        );
    }
    println!("postgres: {}", ledger.end(&site, &server.same_hook(&site.hook)));
    super::no_panic(&server.stop());
}

/// Everybody writes while it happens and goes on by himself. For how long nothing was acknowledged, and how many were refused.
fn strike(
    server: &Server,
    site: &Site,
    ledger: &mut Ledger,
    postgres: &mut Postgres,
    blow: Blow,
    round: usize,
) -> (Duration, usize) {
    let hook = server.same_hook(&site.hook);
    let (written, acknowledged) = channel();
    let (over, count) = (AtomicBool::new(false), AtomicUsize::new(0));
    let mut away = Duration::ZERO;
    std::thread::scope(|scope| {
        for place in 0..KINDS.len() {
            let (written, hook, over, count) = (written.clone(), hook.clone(), &over, &count);
            let refused = move |_: &super::kinds::Kind, reply: &Reply| {
                count.fetch_add(1, Ordering::Relaxed);
                it::pass(Duration::from_millis(50));
                // Nothing was done, or a commit broke off and nobody knows.
                reply.status == 503 || reply.text().contains("ERROR_CORE")
            };
            scope.spawn(move || site.work(&hook, place, over, &written, &refused));
        }
        drop(written);
        acknowledged.iter().take(20 + (round * 17) % 60).for_each(|one| ledger.note(one));
        match blow {
            Blow::Ends(how) => postgres.stop(how),
            Blow::Backend => postgres.kill_a_backend(),
            Blow::Away => {
                postgres.stop(Stop::Fast);
                it::pass(Duration::from_secs(7));
                let (status, told) = super::health(server.base());
                assert_eq!(status, 503, "{told}");
            }
        }
        postgres.start_again();
        let begun = Instant::now();
        // What was under way is acknowledged still; more than that comes from a server that is well.
        acknowledged.try_iter().for_each(|one| ledger.note(one));
        for one in acknowledged.iter().take(2 * KINDS.len()) {
            ledger.note(one);
        }
        away = begun.elapsed();
        over.store(true, Ordering::Relaxed);
        acknowledged.iter().for_each(|one| ledger.note(one));
    });
    // What was found is told for a second.
    let begun = Instant::now();
    while super::health(server.base()).0 != 200 {
        assert!(begun.elapsed() < Duration::from_secs(30), "{blow:?}: it is not well again");
        it::pass(Duration::from_millis(100));
    }
    ledger.check(site, &hook, &format!("round {round}, {blow:?}"));
    (away, count.into_inner())
}
