//! A long backlog for a handler that is down slows neither changes down nor, when the handler is back, its deliveries.
//! `cargo xtask soak --deliveries` holds it to its figures; without that it is short, and only the order counts.

use it::crowd::{Answer, Berth, Crowd, Handler};
use it::{Hook, Portal};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::net::Ipv4Addr;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// Events that wait, in a short run and in one that counts, and how many there are of each lead.
const SHORT: usize = 600;
const LONG: usize = 150_000;
const OF_EACH: usize = 30;
/// Changes that are timed.
const TIMED: usize = 400;
/// With the backlog a change may take so many times what it takes without.
const SLOWER: f64 = 2.0;
/// Deliveries a second, at least, when the handler is back.
const RATE: f64 = 1_000.0;
/// Until it is back it is asked again so often.
const RETRIES: &str = "20s,20s,20s,20s,20s,20s,20s,20s,20s,20s,20s,20s,20s,20s,20s,20s,20s,20s,20s,20s";

/// Leads, by their numbers.
fn leads(hook: &Hook, count: usize) -> Vec<u64> {
    let mut ids = Vec::new();
    while ids.len() < count {
        let commands = vec!["crm.lead.add?fields[TITLE]=One"; 50.min(count - ids.len())];
        let answer = hook.result("batch", json!({"cmd": commands}));
        ids.extend(answer["result"].as_array().unwrap().iter().map(|id| id.as_u64().unwrap()));
    }
    ids
}

/// The middle one of how long changes take.
fn change_takes(hook: &Hook, leads: &[u64]) -> Duration {
    let mut took: Vec<Duration> = leads
        .iter()
        .cycle()
        .take(TIMED)
        .map(|id| {
            let begun = Instant::now();
            hook.result("crm.lead.update", json!({"id": id, "fields": {"TITLE": "Two"}}));
            begun.elapsed()
        })
        .collect();
    took.sort_unstable();
    took[took.len() / 2]
}

#[test]
fn a_backlog_costs_changes_nothing_and_goes_fast_when_its_handler_is_back() {
    let changes = std::env::var("PORTREEVE_SOAK_CHANGES").ok();
    let is_long = changes.is_some();
    let count = changes.map_or(SHORT, |changes| changes.parse::<usize>().unwrap().min(LONG));
    for (engine, portal) in Portal::on_each_engine() {
        let berth = Berth::new(Ipv4Addr::LOCALHOST);
        let server = portal.with("--allow-handlers", "127.0.0.1").with("--handler-rate", "0").start();
        let hook = server.hook("crm");
        let leads = leads(&hook, count / OF_EACH);
        let without = change_takes(&hook, &leads);
        server.portal().outbound(&berth.url(), "ONCRMLEADUPDATE", &["--retries", RETRIES]);
        let updates: Vec<String> =
            leads.iter().map(|id| format!("crm.lead.update?id={id}&fields[TITLE]=Three")).collect();
        for round in 0..OF_EACH {
            for some in updates.chunks(50) {
                let errors = &hook.result("batch", json!({"cmd": some}))["result_error"];
                assert_eq!(*errors, json!([]), "round {round}");
            }
        }
        let with = change_takes(&hook, &leads);
        let slower = with.as_secs_f64() / without.as_secs_f64();
        println!(
            "{engine}: a change takes {without:.2?}, and {with:.2?} with {count} events waiting: {slower:.2} times"
        );
        let (rate, taken) = drain(berth, leads.len() * OF_EACH + TIMED);
        println!("{engine}: when the handler is back it gets {rate:.0} deliveries a second");
        for (lead, ids) in taken {
            assert!(ids.is_sorted(), "the events of lead {lead} came in another order: {ids:?}");
        }
        assert!(!is_long || slower <= SLOWER, "that is too slow");
        assert!(!is_long || rate >= RATE, "that is too slow");
        server.portal().settled("waiting", 0);
        server.stop();
    }
}

/// Opens the handler until it has so many deliveries; how many came a second, and their numbers for each lead.
fn drain(berth: Berth, count: usize) -> (f64, HashMap<u64, Vec<u64>>) {
    let (told, taken) = channel();
    let handler: Handler = Box::new(move |arrival| {
        _ = told.send((Instant::now(), arrival.item().unwrap(), arrival.delivery().unwrap()));
        Answer::OK
    });
    let crowd = Crowd::start(vec![(berth, handler)]);
    let mut by_lead: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    let mut span: Option<(Instant, Instant)> = None;
    for (at, lead, delivery) in taken.iter().take(count) {
        by_lead.entry(lead).or_default().push(delivery);
        span = Some((span.map_or(at, |(first, _)| first), at));
    }
    drop(crowd);
    let seconds = span.map_or(0.0, |(first, last)| (last - first).as_secs_f64());
    (count as f64 / seconds.max(0.001), by_lead.into_iter().collect())
}
