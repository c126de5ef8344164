//! Two servers on one PostgreSQL: they share the deliveries, and what one of them takes to its grave the other sends.

use it::sink::{Received, Reply, Sink};
use it::{Hook, Portal, Server};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

const EVENTS: usize = 400;

/// Two servers of one portal, which call themselves `a` and `b` to handlers, and a webhook at the first; nothing where
/// there is no PostgreSQL.
fn nodes(sink: &Sink, settings: &[(&str, &str)]) -> Option<([Server; 2], Hook)> {
    let (_, portal) = Portal::on_each_engine().into_iter().find(|(engine, _)| *engine == "postgres")?;
    let set = |portal: Portal, name: &str| {
        let portal = portal.with("--allow-handlers", "127.0.0.1/32").with("--handler-agent", name);
        settings.iter().fold(portal, |portal, (flag, value)| portal.with(flag, value))
    };
    let one = set(portal, "a").start();
    let other = set(one.portal().beside(), "b").start();
    one.portal().outbound(&sink.url(), "ONCRMLEADADD", &["--retries", "1s,1s,1s,1s"]);
    // The portal has one address, here that of the server that started last; calls go to the first.
    let hook = one.same_hook(&one.hook("crm"));
    Some(([one, other], hook))
}

fn raise(hook: &Hook) {
    for _ in 0..EVENTS / 50 {
        let commands = vec!["crm.lead.add?fields[TITLE]=Lead"; 50];
        let sections = hook.result("batch", json!({"cmd": commands, "halt": 1}));
        assert_eq!(sections["result"].as_array().map(Vec::len), Some(50), "{sections}");
    }
}

/// The messages that came from that server.
fn from(received: &[Arc<Received>], name: &str) -> BTreeSet<String> {
    let its = received.iter().filter(|one| one.header("user-agent") == name);
    its.map(|one| one.header("webhook-id").to_owned()).collect()
}

#[test]
fn two_servers_share_the_work() {
    let seen = (Mutex::new(BTreeSet::new()), Condvar::new());
    // Nobody gets an answer before both have asked, so neither can be so fast that nothing is left for the other.
    let sink = Sink::start(move |received| {
        let mut names = seen.0.lock().unwrap();
        names.insert(received.header("user-agent").to_owned());
        seen.1.notify_all();
        drop(seen.1.wait_timeout_while(names, Duration::from_secs(20), |names| names.len() < 2).unwrap());
        Reply::status(200)
    });
    let Some((_servers, hook)) = nodes(&sink, &[("--handler-timeout", "30")]) else { return };
    raise(&hook);
    let received = sink.wait_for(EVENTS);
    let [one, other] = ["a", "b"].map(|name| from(&received, name));
    assert!(!one.is_empty() && !other.is_empty(), "a sent {}, b sent {}", one.len(), other.len());
    assert!(one.is_disjoint(&other), "both sent {:?}", one.intersection(&other).collect::<Vec<_>>());
    assert_eq!(one.len() + other.len(), EVENTS);
}

#[test]
fn what_a_killed_server_had_taken_is_sent_by_the_other() {
    let sink = Sink::start(|received| match received.header("user-agent") {
        "a" => Reply::Hang,
        _ => Reply::status(200),
    });
    let settings = [("--handler-timeout", "1"), ("--handler-lease", "2")];
    let Some(([one, _other], hook)) = nodes(&sink, &settings) else { return };
    raise(&hook);
    let received = sink.wait_until(|received| from(received, "a").len() > 1);
    one.kill();
    let received = [received, sink.wait_until(|received| from(received, "b").len() == EVENTS)].concat();
    let [lost, sent] = ["a", "b"].map(|name| from(&received, name));
    assert!(lost.is_subset(&sent), "never sent again: {:?}", lost.difference(&sent).collect::<Vec<_>>());
}
