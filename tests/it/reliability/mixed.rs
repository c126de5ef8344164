//! Kills in the middle of work in all modules. `PORTREEVE_KILLS` says how often, and `PORTREEVE_MINUTES` for how long at
//! most on each engine.

use super::figure;
use super::kinds::KINDS;
use super::ledger::Ledger;
use super::load::{Site, settings};
use it::{Portal, Server};
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

#[test]
fn nothing_acknowledged_is_lost_in_any_module() {
    let (kills, seconds) = (figure("PORTREEVE_KILLS", 2), 60 * figure("PORTREEVE_MINUTES", 10));
    for (engine, portal) in Portal::on_each_engine() {
        let begun = Instant::now();
        let mut server = settings(portal).start();
        let site = Site::open(&server);
        let (mut ledger, mut done) = (Ledger::default(), 0);
        while done < kills && begun.elapsed() < Duration::from_secs(seconds as u64) {
            server = work_and_kill(server, &site, &mut ledger, done);
            done += 1;
            if done % 20 == 0 {
                println!("{engine}: {done} kills, {} writes, {:?}", ledger.len(), begun.elapsed());
            }
        }
        let result = ledger.end(&site, &server.same_hook(&site.hook));
        println!("{engine}: {done} kills in {} s: {result}", begun.elapsed().as_secs());
        super::no_panic(&server.stop());
    }
}

/// A round: everybody writes, the server is killed and started, and what was acknowledged is looked at.
fn work_and_kill(server: Server, site: &Site, ledger: &mut Ledger, round: usize) -> Server {
    let hook = server.same_hook(&site.hook);
    // Not always at the same point: early in a connection's life, and deep in the load.
    let enough = 20 + (round * 37) % 150;
    let (written, acknowledged) = channel();
    let over = AtomicBool::new(false);
    let killed = std::thread::scope(|scope| {
        for place in 0..KINDS.len() {
            let (written, hook, over) = (written.clone(), hook.clone(), &over);
            scope.spawn(move || site.work(&hook, place, over, &written, &|_, _| false));
        }
        drop(written);
        let before = ledger.len();
        acknowledged.iter().take(enough).for_each(|one| ledger.note(one));
        assert!(ledger.len() >= before + enough, "the workers gave up");
        let killed = server.kill();
        acknowledged.iter().for_each(|one| ledger.note(one));
        killed
    });
    let server = killed.start();
    ledger.check(site, &server.same_hook(&site.hook), &format!("round {round}"));
    server
}
