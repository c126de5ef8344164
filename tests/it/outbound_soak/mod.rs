//! The long run of deliveries: changes through the REST door, handlers that misbehave in every way, and `kill -9` in
//! between. Every event reaches every handler, nothing is lost, little comes twice, and handlers that are well hardly
//! notice the others. `cargo xtask soak --deliveries` runs it at length; without that it is short.

mod ledger;
mod parts;
mod report;
mod switches;
mod writers;

use it::{Hook, Portal, Server};
use ledger::Book;
use parts::{HERE, Part, Stage};
use report::Report;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::Instant;
use switches::Switches;
use writers::Written;

/// What is done, and what must come of it.
#[derive(Clone, Copy)]
struct Plan {
    changes: usize,
    kills: usize,
    /// Changes a second.
    rate: f64,
    /// Requests between two answers of 429.
    calm: u64,
    /// The share of deliveries that may come twice.
    twice: f64,
}

/// Short, and on debug builds: each kill weighs more.
const SHORT: Plan = Plan { changes: 2_000, kills: 3, rate: 300.0, calm: 400, twice: 0.05 };
/// What the promise says.
const LONG: Plan = Plan { changes: 200_000, kills: 30, rate: 400.0, calm: 2_000, twice: 0.01 };
/// By how much handlers that are well may slow down because others are not: as many deliveries to as many handlers,
/// all well, are what that is measured against.
const SLOWER: f64 = 2.0;

/// How often, in seconds, deliveries are tried again: for longer than the first half of the run lasts.
const RETRIES: &str = "1s,1s,2s,2s,5s,5s,10s,10s,20s,20s,30s,30s,1m,1m,1m,1m,1m,1m,1m,1m";

#[test]
fn every_event_reaches_every_handler() {
    let number = |name: &str| Some(std::env::var(name).ok()?.parse::<usize>().unwrap());
    let changes = number("PORTREEVE_SOAK_CHANGES");
    for (engine, portal) in Portal::on_each_engine() {
        let Some(changes) = changes else {
            println!("{}", run(engine, portal, &parts::all(), SHORT));
            continue;
        };
        let plan = Plan { changes, kills: number("PORTREEVE_SOAK_KILLS").unwrap_or(LONG.kills), ..LONG };
        // Beside it, what the same machine does with as many handlers that are all well, and with the well ones alone;
        // killed as often for as many changes, since an event that comes while the server starts comes late.
        let beside = |parts: &[Part]| {
            let shorter = Plan { changes: changes / 10, kills: plan.kills / 10, ..plan };
            let other = Portal::on_each_engine().into_iter().find(|(name, _)| *name == engine).unwrap().1;
            let report = run(engine, other, parts, shorter);
            println!("{report}");
            report.slowest()
        };
        let (alone, all_well) = (beside(&parts::well()), beside(&parts::all_well()));
        let together = run(engine, portal, &parts::all(), plan);
        println!("{together}");
        let (p99, handlers) = (together.slowest(), parts::all().len());
        let slower = p99 / all_well;
        println!("handlers that are well: p99 is {slower:.2} times what it is when all {handlers} are well");
        println!("    and {:.2} times what it is when the others are not there", p99 / alone);
        assert!(slower <= SLOWER, "handlers that are well were slowed down {slower:.2} times");
    }
}

/// The whole run on one portal; it holds what must hold of every run.
fn run(engine: &'static str, portal: Portal, parts: &[Part], plan: Plan) -> Report {
    println!("{engine}: {} changes, {} handlers, {} kills", plan.changes, parts.len(), plan.kills);
    let allowed = format!("{HERE}/32");
    let portal =
        portal.with("--allow-handlers", &allowed).with("--handler-timeout", "1").with("--handler-rate", "0");
    let book = Book::new(parts);
    let mut stage = Stage::new(&book, parts, plan.calm);
    let server = portal.start();
    let hook = server.hook("crm");
    for (part, url) in parts.iter().zip(stage.urls()) {
        let retries = if part.takes { RETRIES } else { "once" };
        server.portal().outbound(url, "ONCRMLEADADD,ONCRMLEADUPDATE", &["--retries", retries]);
    }
    let switches = Switches::new(parts);
    let (server, done) = load(server, &hook, &mut stage, &switches, plan);
    switches.resume_all(server.portal());
    let (leads, changed) = leads(&server.same_hook(&hook));
    let events = leads.len() + changed;
    println!("    {} leads were added, {} of them acknowledged", leads.len(), done.acknowledged.len());
    assert!(done.acknowledged.keys().all(|id| leads.contains(id)), "an acknowledged lead is gone");
    book.wait_for_all(events);
    server.stop();
    assert_eq!(stage.strayed(), 0, "a redirect to an address that is not allowed was followed");
    let report = Report::new(engine, &book, &done);
    report.check(events, plan.twice);
    report
}

/// What was done to the portal.
#[derive(Default)]
struct Done {
    /// When each lead was acknowledged.
    acknowledged: HashMap<u64, Instant>,
    kills: Vec<Instant>,
}

/// Writes, pauses, resumes and kills.
fn load(
    mut server: Server,
    hook: &Hook,
    stage: &mut Stage,
    switches: &Switches,
    plan: Plan,
) -> (Server, Done) {
    let mut done = Done::default();
    for round in 0..=plan.kills {
        switches.turn(server.portal(), round);
        let enough = plan.changes * (round + 1) / (plan.kills + 1);
        let (acknowledge, acknowledged) = channel();
        let hook = server.same_hook(hook);
        let over = Arc::new(AtomicBool::new(false));
        let pace = writers::Pace::new(plan.rate, Arc::clone(&over));
        server = std::thread::scope(|scope| {
            for _ in 0..writers::WRITERS {
                let (hook, acknowledge, pace) = (hook.clone(), acknowledge.clone(), &pace);
                scope.spawn(move || writers::write_until_it_breaks(&hook, pace, &acknowledge));
            }
            drop(acknowledge);
            let ids = &mut done.acknowledged;
            for Written { id, at } in &acknowledged {
                ids.insert(id, at);
                if ids.len() >= plan.changes / 2 {
                    stage.second_half();
                }
                if ids.len() >= enough {
                    break;
                }
            }
            assert!(ids.len() >= enough, "the writers gave up after {}", ids.len());
            if round < plan.kills {
                done.kills.push(Instant::now());
                server = server.kill().start();
            }
            over.store(true, Ordering::Relaxed);
            ids.extend(acknowledged.iter().map(|written| (written.id, written.at)));
            server
        });
        let tenth = |round: usize| round * 10 / (plan.kills + 1);
        if tenth(round) != tenth(round + 1) {
            println!("    {} changes, {} kills", done.acknowledged.len(), done.kills.len());
        }
    }
    (server, done)
}

/// Every lead that there is, page after page, and how many of them were changed.
fn leads(hook: &Hook) -> (HashSet<u64>, usize) {
    let (mut ids, mut changed, mut last) = (HashSet::new(), 0, Value::from(0));
    loop {
        let question =
            json!({"filter": {">ID": last}, "order": {"ID": "ASC"}, "select": ["ID", "TITLE"], "start": -1});
        let page = hook.result("crm.lead.list", question);
        let page = page.as_array().unwrap();
        ids.extend(page.iter().map(|row| row["ID"].as_str().unwrap().parse::<u64>().unwrap()));
        changed += page.iter().filter(|row| row["TITLE"] == writers::CHANGED).count();
        match page.last() {
            Some(row) => last = row["ID"].clone(),
            None => return (ids, changed),
        }
    }
}
