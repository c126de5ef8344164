//! What a portal goes through in years: kills in the middle of work in all modules, disks that fill up, clocks that jump,
//! damaged files, crowds of clients, and database servers that restart. Nothing acknowledged is lost, and the portal answers
//! again by itself or says why not. `cargo xtask soak --mixed` and its kin run these at length; docs/reliability.md has the results.

mod clocks;
mod crowd;
mod damage;
mod disks;
mod kinds;
mod ledger;
mod load;
mod mixed;
mod server;

use it::Portal;
use serde_json::Value;

/// A number that a run is told from outside.
fn figure(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

/// What `/health` answers.
fn health(base: &str) -> (u16, Value) {
    let reply = it::Hook::new(&format!("{base}/rest/1/x/"), &None).send("GET", "/health", &[], b"");
    (reply.status, reply.json())
}

/// The log holds no panic.
fn no_panic(portal: &Portal) {
    let log = portal.log();
    let panic =
        log.find("panicked").map(|at| log[at.saturating_sub(300)..].chars().take(2000).collect::<String>());
    assert_eq!(panic, None);
}
