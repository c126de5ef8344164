//! The portal's clock, shifted by an operator while servers run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use it::sink::{Reply, Sink};
use it::{Browser, Hook, Portal};
use serde_json::{Value, json};

/// When a call came in by its own words, in whole hours since `first`.
fn hours(hook: &Hook, first: f64) -> f64 {
    ((second(hook) - first) / 3600.0).round()
}

fn second(hook: &Hook) -> f64 {
    hook.call("server.time", json!({})).json()["time"]["start"].as_f64().unwrap()
}

#[test]
fn the_next_call_has_the_new_time() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let (portal, hook) = (server.portal(), server.hook("crm"));
        let first = second(&hook);
        let said = portal.ask(&["clock"]);
        assert!(said.starts_with("time\t2") && said.ends_with("\nshift\t0"), "{said}");

        let said = portal.ask(&["clock", "move", "2d"]);
        assert!(said.ends_with("\nshift\t172800"), "{said}");
        assert_eq!(hours(&hook, first), 48.0, "on {engine}");
        portal.ask(&["clock", "move", "-1d"]);
        assert_eq!(hours(&hook, first), 24.0);
        let said = portal.ask(&["clock", "set", "2031-05-06T12:00:00Z"]);
        assert!(said.starts_with("time\t2031-05-06T12:00:0"), "{said}");
        let reply = hook.call("server.time", json!({})).json();
        assert!(reply["result"].as_str().unwrap().starts_with("2031-05-06T12:0"), "{reply}");
        assert!(reply["time"]["start"].as_f64() <= reply["time"]["finish"].as_f64(), "{reply}");
        assert!(!portal.run(&["clock", "move", "soon"]).status.success());
        assert!(!portal.run(&["clock", "set", "2931-05-06"]).status.success(), "beyond a hundred years");
        portal.ask(&["clock", "reset"]);
        assert_eq!(hours(&hook, first), 0.0);

        let mut browser = Browser::of_the_administrator(&server);
        let noted = browser.read("/api/audit?action=setting.changed");
        let noted = noted["entries"].as_array().unwrap();
        assert_eq!((noted.len(), &noted[3]["detail"]), (4, &json!("0 -> 172800")), "{noted:?}");

        // It is still shifted after the next start, which says so.
        portal.ask(&["clock", "move", "1h"]);
        let server = server.stop().start();
        assert_eq!(hours(&server.same_hook(&hook), first), 1.0);
        assert!(server.portal().log().contains("the portal's clock is shifted"));
        server.stop();
    }
}

/// A frozen clock stands, moves when it is told to, and goes on from there.
#[test]
fn a_frozen_clock_stands() {
    for (engine, portal) in Portal::on_each_engine() {
        let mut server = portal.with_operator().start();
        let (operator, hook) = (server.operator(), server.hook("crm"));
        let frozen = json!({"to": "2031-05-06T12:00:00Z", "frozen": true});
        let clock = operator.done("PUT", "/clock", Some(frozen));
        assert_eq!(
            (&clock["time"], &clock["frozen"]),
            (&json!("2031-05-06T12:00:00.000+00:00"), &json!(true))
        );
        let noon = second(&hook);
        assert_eq!([second(&hook), second(&hook)], [noon; 2], "{engine}");
        let reply = hook.call("server.time", json!({})).json();
        let time = |name: &str| reply["time"][name].as_f64().unwrap();
        assert!(time("finish") >= time("start") && time("duration") >= time("processing"), "{reply}");
        // What changes at the same moment keeps its order.
        let made: Vec<Value> = (0..5).map(|_| hook.result("crm.lead.add", json!({"fields": {}}))).collect();
        let list = hook.result("crm.lead.list", json!({"order": {"DATE_CREATE": "ASC"}, "select": ["ID"]}));
        let listed: Vec<&str> =
            list.as_array().unwrap().iter().map(|row| row["ID"].as_str().unwrap()).collect();
        assert_eq!(listed, made.iter().map(Value::to_string).collect::<Vec<_>>());

        let portal = server.portal();
        let said = portal.ask(&["clock", "move", "1h"]);
        assert!(said.starts_with("time\t2031-05-06T13:00:00+00:00\nfrozen\tyes\n"), "{said}");
        assert_eq!(second(&hook), noon + 3600.0);
        assert_eq!(operator.read("/clock")["time"], "2031-05-06T13:00:00.000+00:00");
        let thawed = portal.ask(&["clock", "thaw"]);
        assert!(thawed.starts_with("time\t2031-05-06T13:00:0") && thawed.contains("frozen\tno"), "{thawed}");
        let (first, later) = (second(&hook), second(&hook));
        assert!(noon + 3600.0 <= first && first < later, "{first} {later}");
        for wrong in [json!({"to": "soon"}), json!({"by": "1y"}), json!({"to": "2031-05-06", "by": "1h"})] {
            assert_eq!(operator.ask("PUT", "/clock", Some(wrong.clone())).0, 400, "{wrong}");
        }
        assert_eq!(operator.done("DELETE", "/clock", None)["shift"], 0);

        portal.ask(&["clock", "freeze", "2031-05-06T12:00:00Z"]);
        let server = server.stop().start();
        assert_eq!(second(&server.same_hook(&hook)), noon);
        assert!(server.portal().log().contains("the portal's clock is frozen"));
        // Whoever guesses is slowed down, and whoever knows is let in.
        Browser::of_the_administrator(&server);
        server.stop();
    }
}

/// What was put off far ahead does not stay there when the clock is set back.
#[test]
fn what_waits_comes_back_with_the_clock() {
    for (engine, portal) in Portal::on_each_engine() {
        let failing = Arc::new(AtomicBool::new(true));
        let fails = Arc::clone(&failing);
        let sink = Sink::start(move |_| Reply::status(if fails.load(Relaxed) { 500 } else { 200 }));
        let mut server = portal.with_operator().with("--allow-handlers", "127.0.0.1").start();
        let (operator, hook) = (server.operator(), server.hook("crm"));
        server.portal().outbound(&sink.url(), "ONCRMLEADADD", &[]);
        operator.done("PUT", "/clock", Some(json!({"by": "400d"})));
        hook.result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
        sink.wait_for(1);
        operator.done("POST", "/deliveries/settle", Some(json!({})));
        failing.store(false, Relaxed);
        operator.done("DELETE", "/clock", None);
        sink.wait_for(2);
        let settled = operator.done("POST", "/deliveries/settle", Some(json!({})));
        assert_eq!(settled["settled"], true, "{engine}");
    }
}

#[test]
fn webhooks_and_sign_ins_expire() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let portal = server.portal();
        portal.ask(&["clock", "set", "2031-05-06"]);
        let make = ["hook", "create", "--owner", "1", "--scope", "crm", "--name", "short"];
        let hook = server.to_hook(&portal.ask(&[&make[..], &["--expires", "2031-05-07"]].concat()));
        let mut browser = Browser::of_the_administrator(&server);
        assert_ne!(browser.read("/api/session")["user"], Value::Null);

        portal.ask(&["clock", "move", "23h"]);
        hook.result("server.time", json!({}));
        portal.ask(&["clock", "move", "1h"]);
        assert_eq!(hook.call("server.time", json!({})).status, 401, "on {engine}");
        portal.ask(&["clock", "move", "13d"]);
        assert_eq!(browser.get("/api/session").json()["user"], Value::Null, "two weeks are over");
        portal.ask(&["clock", "set", "2031-05-06"]);
        hook.result("server.time", json!({}));
        server.stop();
    }
}

/// What is due is done: here old secrets end, and old deliveries are removed.
#[test]
fn what_is_due_is_done_when_the_clock_passes_it() {
    for (engine, portal) in Portal::on_each_engine() {
        let sink = Sink::start(|_| Reply::status(200));
        let server = portal.with("--allow-handlers", "127.0.0.1").start();
        let portal = server.portal();
        let id = portal.outbound(&sink.url(), "ONCRMLEADADD", &[]).to_string();
        portal.ask(&["outbound", "rotate", &id, "--overlap", "24h"]);
        server.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
        sink.wait_for(1);
        let until = |command: &[&str], text: &str| {
            while portal.ask(command).contains(text) {
                std::thread::yield_now();
            }
        };
        until(&["deliveries", "list"], "waiting");
        until(&["deliveries", "list"], "sending");
        let overlaps =
            || portal.ask(&["outbound", "show", &id, "--json"]).contains("\"old_secrets_until\":\"");
        assert!(overlaps(), "on {engine}");
        portal.ask(&["clock", "move", "25h"]);
        assert!(!overlaps(), "at once");
        portal.ask(&["clock", "move", "400d"]);
        until(&["deliveries", "list"], "ONCRMLEADADD");
        server.stop();
    }
}

/// Nodes have the same time.
#[test]
fn every_node_has_the_new_time() {
    let portals = Portal::on_each_engine();
    let Some((_, portal)) = portals.into_iter().find(|(engine, _)| *engine == "postgres") else { return };
    let one = portal.start();
    let other = one.portal().beside().start();
    let hook = one.hook("crm");
    let hooks = [one.same_hook(&hook), other.same_hook(&hook)];
    let first = second(&hooks[0]);
    for (by, now) in [("3h", 3.0), ("-1h", 2.0)] {
        one.portal().ask(&["clock", "move", by]);
        assert_eq!(hooks.each_ref().map(|hook| hours(hook, first)), [now, now]);
    }
}

/// A recurring deal is due every day, and the server makes it.
#[test]
fn recurring_deals_are_made_when_the_clock_passes_their_day() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let (portal, hook) = (server.portal(), server.hook("crm"));
        portal.ask(&["clock", "set", "2031-05-06T12:00:00Z"]);
        let deal = hook.result("crm.deal.add", json!({"fields": {"TITLE": "Rent"}}));
        let params = json!({"MULTIPLE_TYPE": "day", "MULTIPLE_INTERVAL": 1});
        let fields = json!({"DEAL_ID": deal, "START_DATE": "2031-05-07", "PARAMS": params});
        hook.result("crm.deal.recurring.add", json!({"fields": fields}));
        let made = || {
            let listed = hook.result("crm.deal.list", json!({"filter": {"IS_RECURRING": "N", "!ID": deal}}));
            listed.as_array().map_or(0, Vec::len)
        };
        assert_eq!(made(), 0);
        for days in 1..=2 {
            portal.ask(&["clock", "move", "24h"]);
            while made() < days {
                std::thread::yield_now();
            }
            assert_eq!(made(), days, "on {engine}");
        }
        server.stop();
    }
}
