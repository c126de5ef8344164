//! Faults on demand: what a rule does to deliveries.

use std::sync::Arc;

use it::sink::{Received, Reply, Sink};
use it::{Hook, Operator, Portal};
use serde_json::{Value, json};

#[track_caller]
fn add(operator: &Operator, rule: Value) {
    operator.done("POST", "/faults", Some(rule));
}

fn lead(hook: &Hook) -> String {
    hook.result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}})).to_string()
}

fn ids(received: &[Arc<Received>]) -> Vec<String> {
    received.iter().filter_map(|one| one.field("data[FIELDS][ID]")).collect()
}

#[test]
fn deliveries_come_twice_late_and_not_at_all() {
    for (engine, portal) in Portal::on_each_engine() {
        let sink = Sink::start(|_| Reply::status(200));
        let mut server = portal.with_operator().with("--allow-handlers", "127.0.0.1").start();
        let (operator, hook) = (server.operator(), server.hook("crm"));
        server.portal().outbound(&sink.url(), "ONCRMLEADADD", &[]);

        add(&operator, json!({"event": "ONCRM*", "effect": {"kind": "double"}, "times": 1}));
        let doubled = lead(&hook);
        let received = sink.wait_for(2);
        assert_eq!(ids(&received), [doubled.clone(), doubled], "{engine}");
        assert_eq!(received[0].header("webhook-id"), received[1].header("webhook-id"));
        operator.done("POST", "/deliveries/settle", Some(json!({})));

        add(&operator, json!({"event": "ONCRMLEADADD", "delay": 4000, "times": 1}));
        let (late, next) = (lead(&hook), lead(&hook));
        assert_eq!(ids(&sink.wait_for(4))[2..], [next, late], "the later one overtakes it");
        operator.done("POST", "/deliveries/settle", Some(json!({})));

        // Time passes only when it is moved: so does the pause before the next try.
        operator.done("PUT", "/clock", Some(json!({"frozen": true})));
        add(&operator, json!({"event": "*", "effect": {"kind": "fail"}, "times": 1}));
        let failed = lead(&hook);
        let settled = operator.done("POST", "/deliveries/settle", Some(json!({})));
        assert_eq!((&settled["settled"], sink.count()), (&json!(true), 4));
        let delivery = &operator.read("/deliveries?state=waiting")["deliveries"][0];
        let why = delivery["last_try"]["error"].as_str().unwrap();
        assert!(why.contains("hit by fault rule 3"), "{delivery}");
        operator.done("PUT", "/clock", Some(json!({"by": "1h"})));
        assert_eq!(ids(&sink.wait_for(5))[4], failed);
    }
}

/// Neither the room of a handler nor its rate hangs on a clock that stands.
#[test]
fn deliveries_go_on_while_the_clock_stands() {
    for (engine, portal) in Portal::on_each_engine() {
        let sink = Sink::start(|_| Reply::status(200));
        let portal =
            portal.with_operator().with("--allow-handlers", "127.0.0.1").with("--handler-rate", "20");
        let mut server = portal.start();
        let (operator, hook) = (server.operator(), server.hook("crm"));
        operator.done("PUT", "/clock", Some(json!({"frozen": true})));
        server.portal().outbound(&sink.url(), "ONCRMLEADADD,ONCRMLEADUPDATE", &[]);
        let id = lead(&hook);
        // More of one object than are remarkable within a minute, and more than a second's rate.
        let update = format!("crm.lead.update?id={id}&fields[TITLE]=x");
        for _ in 0..2 {
            let commands: Vec<(String, &str)> =
                (0..35).map(|at| (format!("c{at}"), update.as_str())).collect();
            hook.batch(&commands.iter().map(|(key, command)| (key.as_str(), *command)).collect::<Vec<_>>());
        }
        assert_eq!(sink.wait_for(71).len(), 71, "{engine}");
    }
}
