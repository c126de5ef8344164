//! Deliveries, to handlers that behave and to others: what arrives, what is tried again, what is written down.

use it::sink::{Received, Reply, Sink};
use it::{Connection, Hook, Portal, Server};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, mpsc};

/// Every address of this machine.
const HERE: &str = "127.0.0.0/8";

/// Makes an outbound webhook for new leads, whatever its address is; its number.
pub fn create(portal: &Portal, url: &str, further: &[&str]) -> i64 {
    let arguments = [
        "outbound",
        "create",
        "--owner",
        "1",
        "--name",
        "test",
        "--events",
        "ONCRMLEADADD",
        "--allow-handlers",
        "0.0.0.0/0,::/0",
        "--json",
        "--handler",
        url,
    ];
    let said = portal.ask(&[&arguments[..], further].concat());
    let made: Value = serde_json::from_str(&said).unwrap();
    made["id"].as_i64().unwrap_or_else(|| panic!("{said}"))
}

/// All deliveries, newest first.
fn deliveries(portal: &Portal) -> Vec<Value> {
    let said = portal.ask(&["deliveries", "list", "--json"]);
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The last try of the newest delivery to each webhook.
pub fn tries(portal: &Portal) -> BTreeMap<i64, Value> {
    let mut tries = BTreeMap::new();
    for delivery in deliveries(portal) {
        tries.entry(delivery["outbound_id"].as_i64().unwrap()).or_insert(delivery["last_try"].clone());
    }
    tries
}

fn start(portal: Portal) -> (Server, Hook) {
    let server = portal.with("--allow-handlers", HERE).start();
    let hook = server.hook("crm");
    (server, hook)
}

/// Makes so many leads, and with them events, in as few calls as may be.
fn raise(hook: &Hook, count: usize) {
    let commands: Vec<String> =
        (0..count).map(|number| format!("crm.lead.add?fields[TITLE]=Lead+{number}")).collect();
    for some in commands.chunks(50) {
        let keys: Vec<String> = (0..some.len()).map(|number| format!("c{number}")).collect();
        let batch: Vec<(&str, &str)> =
            keys.iter().map(String::as_str).zip(some.iter().map(String::as_str)).collect();
        assert_eq!(hook.batch(&batch)["result_error"], json!([]));
    }
}

fn ids(received: &[Arc<Received>]) -> BTreeSet<String> {
    received.iter().map(|one| one.header("webhook-id").to_owned()).collect()
}

#[test]
fn each_answer_is_written_down_for_what_it_is() {
    let canary = Sink::start(|_| Reply::status(200));
    let inside = format!("http://127.0.0.1:{}/", canary.address().rsplit_once(':').unwrap().1);
    let down = Sink::start(|_| Reply::status(200));
    let gone = down.url();
    drop(down);
    let handlers = [
        Sink::at("127.0.0.2:0", |_| Reply::status(204)),
        Sink::at("127.0.0.2:0", |_| Reply::status(500).body("it broke")),
        Sink::at("127.0.0.2:0", |_| Reply::Hang),
        Sink::at("127.0.0.2:0", |_| Reply::HalfWay),
        Sink::at("127.0.0.2:0", |_| Reply::Cut),
        Sink::at("127.0.0.2:0", |_| Reply::Reset),
        Sink::at("127.0.0.2:0", move |_| Reply::status(307).with_header("location", &inside)),
    ];
    let server = Portal::new().with("--handler-timeout", "1").with("--allow-handlers", "127.0.0.2").start();
    let mut hooks: Vec<i64> =
        handlers.iter().map(|sink| create(server.portal(), &sink.url(), &["--retries", "once"])).collect();
    hooks.push(create(server.portal(), &gone.replace("127.0.0.1", "127.0.0.2"), &["--retries", "once"]));
    raise(&server.hook("crm"), 1);
    handlers.iter().for_each(|sink| drop(sink.wait_for(1)));
    server.portal().settled("failed", 5);

    let portal = server.stop();
    let tries = tries(&portal);
    let told: Vec<Value> = hooks
        .iter()
        .map(|id| json!([tries[id]["status"], tries[id]["error"], tries[id]["answer"]]))
        .collect();
    let half = tries[&hooks[3]]["answer"].as_str().unwrap();
    assert!(half.ends_with("ten bytes."), "the status counts, whatever becomes of the body: {half}");
    let moved = format!(
        "the handler redirects to {}, which is not followed: give the webhook the new address",
        canary.address()
    );
    assert_eq!(
        json!(told),
        json!([
            [204, null, ""],
            [500, null, "it broke"],
            [null, "it took too long", ""],
            [200, null, half],
            [200, null, half],
            [null, "the connection was reset", ""],
            [307, moved, ""],
            [null, "the connection was refused", ""],
        ])
    );
    assert_eq!(canary.count(), 0);
    let of = |state: &str| -> BTreeSet<i64> {
        let its = deliveries(&portal).into_iter().filter(|one| one["state"] == state);
        its.map(|one| one["outbound_id"].as_i64().unwrap()).collect()
    };
    assert_eq!(of("delivered"), [hooks[0], hooks[3], hooks[4]].into());
    assert_eq!(of("failed").len(), 5);
}

#[test]
fn what_failed_is_tried_again_until_it_arrives() {
    let sink = Sink::start(|received| match received.header("webhook-timestamp").is_empty() {
        true => Reply::status(400),
        false => Reply::status(200),
    });
    let answers = Mutex::new(vec![Reply::status(200), Reply::Reset, Reply::status(500)]);
    let flaky = Sink::start(move |_| answers.lock().unwrap().pop().unwrap());
    let (server, hook) = start(Portal::new());
    create(server.portal(), &sink.url(), &[]);
    create(server.portal(), &flaky.url(), &["--retries", "1s,1s,1s"]);
    raise(&hook, 1);
    let received = flaky.wait_for(3);
    assert_eq!(ids(&received).len(), 1, "each try has the same id");
    assert!(received.iter().all(|one| one.body == received[0].body));
    let portal = server.stop();
    assert_eq!(sink.count(), 1);
    let flaky = deliveries(&portal).into_iter().find(|one| one["outbound_id"] == 2).unwrap();
    assert_eq!((&flaky["state"], &flaky["attempts"]), (&json!("delivered"), &json!(3)));
}

#[test]
fn a_handler_that_asks_for_time_gets_it() {
    let busy = Sink::start(|_| Reply::status(429).with_header("retry-after", "3600"));
    let well = Sink::start(|_| Reply::status(200));
    let (server, hook) = start(Portal::new());
    create(server.portal(), &busy.url(), &["--retries", "1s,1s"]);
    create(server.portal(), &well.url(), &[]);
    raise(&hook, 1);
    busy.wait_for(1);
    while tries(server.portal())[&1].is_null() {
        // Its answer is known to the server a moment after it was given.
        std::thread::yield_now();
    }
    raise(&hook, 1);
    well.wait_for(2);
    let portal = server.stop();
    assert_eq!(busy.count(), 1, "the second one is not even tried");
    let its = deliveries(&portal).into_iter().filter(|one| one["outbound_id"] == 1);
    let its: Vec<Value> = its.map(|one| json!([one["state"], one["attempts"]])).collect();
    assert_eq!(json!(its), json!([["waiting", 0], ["waiting", 0]]));
}

#[test]
fn a_busy_handler_uses_up_no_tries() {
    let answers = Mutex::new(vec![200, 502, 504, 503, 429]);
    let busy = Sink::start(move |_| Reply::status(answers.lock().unwrap().pop().unwrap()));
    let (server, hook) = start(Portal::new());
    create(server.portal(), &busy.url(), &["--retries", "1s"]);
    raise(&hook, 1);
    busy.wait_for(5);
    server.portal().settled("delivered", 1);
    let portal = server.stop();
    let id = deliveries(&portal)[0]["id"].to_string();
    let shown: Value = serde_json::from_str(&portal.ask(&["deliveries", "show", &id, "--json"])).unwrap();
    let statuses: Vec<&Value> = shown["tries"].as_array().unwrap().iter().map(|one| &one["status"]).collect();
    assert_eq!(json!(statuses), json!([429, 503, 504, 502, 200]), "all of them stand in the log");
    assert_eq!(shown["attempts"], 1);
}

/// A test event is none: it says so, it is sent once, and what becomes of it says nothing about the webhook.
#[test]
fn a_test_event_is_sent_once_and_switches_nothing_off() {
    for status in [500, 503, 410] {
        let sink = Sink::start(move |received| match received.header("x-portreeve-test") {
            "1" => Reply::status(status),
            _ => Reply::status(200),
        });
        let (server, hook) = start(Portal::new());
        let id = create(server.portal(), &sink.url(), &[]).to_string();
        let output = server.portal().run(&["outbound", "test", &id, "--json"]);
        assert_eq!(output.status.code(), Some(1));
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&told["state"], &told["tries"][0]["status"]), (&json!("failed"), &json!(status)));
        let shown: Value =
            serde_json::from_str(&server.portal().ask(&["outbound", "show", &id, "--json"])).unwrap();
        assert_eq!((&shown["active"], &shown["failing_since"]), (&json!(true), &json!(null)), "{status}");
        raise(&hook, 1);
        let received = sink.wait_for(2);
        assert_eq!(received[1].header("x-portreeve-test"), "", "a real one does not say so");
        server.stop();
    }
}

#[test]
fn answers_are_kept_without_secrets_and_not_whole() {
    let echo = Sink::start(|received| Reply::status(200).body(&received.body));
    let long = Sink::start(|_| Reply::status(200).body(&"x".repeat(100_000)));
    let (server, hook) = start(Portal::new());
    create(server.portal(), &echo.url(), &[]);
    create(server.portal(), &long.url(), &[]);
    raise(&hook, 1);
    let token = echo.wait_for(1)[0].field("auth[application_token]").unwrap();
    long.wait_for(1);
    let portal = server.stop();
    let tries = tries(&portal);
    let kept = tries[&1]["answer"].as_str().unwrap();
    assert!(kept.contains("application_token%5D=***") && !kept.contains(&token), "{kept}");
    assert_eq!(tries[&2]["answer"], "x".repeat(4096));
    assert!(!portal.log().contains(&token));
}

#[test]
fn gone_means_gone() {
    let gone = Sink::start(|_| Reply::status(410));
    let well = Sink::start(|_| Reply::status(200));
    let (server, hook) = start(Portal::new());
    create(server.portal(), &gone.url(), &[]);
    create(server.portal(), &well.url(), &[]);
    raise(&hook, 1);
    gone.wait_for(1);
    let (server, hook) = start(server.stop());
    raise(&hook, 3);
    well.wait_for(4);
    let portal = server.stop();
    assert_eq!(gone.count(), 1);
    let shown: Value = serde_json::from_str(&portal.ask(&["outbound", "show", "1", "--json"])).unwrap();
    assert_eq!(shown["active"], false);
    assert!(shown["disabled_because"].as_str().unwrap().contains("410"), "{shown}");
}

#[test]
fn an_event_of_a_client_that_hung_up_arrives_all_the_same() {
    let sink = Sink::start(|_| Reply::status(200));
    let (server, hook) = start(Portal::new());
    create(server.portal(), &sink.url(), &[]);
    // From here on the courier is given what it has room for.
    raise(&hook, 1);
    sink.wait_for(1);
    for _ in 0..30 {
        let mut client = Connection::open(server.address()).unwrap();
        let path = hook.url().split_once(server.address()).unwrap().1;
        let request = format!("GET {path}crm.lead.add?fields[TITLE]=gone HTTP/1.1\r\nhost: x\r\n\r\n");
        client.send(request.as_bytes()).unwrap();
    }
    raise(&hook, 1);
    // Which of them were heard before they hung up only the portal knows.
    let mut told = BTreeSet::new();
    loop {
        let leads = hook.result("crm.lead.list", json!({"select": ["ID"], "start": 0}));
        let leads: BTreeSet<String> =
            leads.as_array().unwrap().iter().map(|lead| lead["ID"].as_str().unwrap().to_owned()).collect();
        if leads == told {
            break;
        }
        told = sink.wait_for(leads.len()).iter().filter_map(|one| one.field("data[FIELDS][ID]")).collect();
    }
}

#[test]
fn a_new_address_holds_from_the_next_event_on() {
    let [old, new] = [(); 2].map(|()| Sink::start(|_| Reply::status(200)));
    let (server, hook) = start(Portal::new());
    create(server.portal(), &old.url(), &[]);
    for count in 1..=3 {
        raise(&hook, 1);
        old.wait_for(count);
    }
    server.portal().ask(&["outbound", "update", "1", "--allow-handlers", HERE, "--handler", &new.url()]);
    for count in 1..=3 {
        raise(&hook, 1);
        new.wait_for(count);
    }
    server.stop();
    assert_eq!((old.count(), new.count()), (3, 3));
}

/// One that never answers gets eight requests at first, and nothing more; the other one gets everything meanwhile.
#[test]
fn a_dead_handler_holds_up_nobody() {
    let dead = Sink::start(|_| Reply::Hang);
    let well = Sink::start(|_| Reply::status(200));
    let (server, hook) = start(Portal::new().with("--handler-timeout", "300").with("--stop-timeout", "0"));
    create(server.portal(), &dead.url(), &[]);
    create(server.portal(), &well.url(), &[]);
    raise(&hook, 500);
    dead.wait_for(8);
    assert_eq!(ids(&well.wait_for(500)).len(), 500);
    assert_eq!(dead.count(), 8);
}

#[test]
fn a_stop_waits_for_what_is_under_way_and_leaves_the_rest() {
    let (open, gate) = mpsc::channel::<()>();
    let (told, arrived) = mpsc::channel();
    let gate = Mutex::new((gate, told));
    let sink = Sink::start(move |received| {
        let told = gate.lock().unwrap().1.clone();
        told.send(received.header("webhook-id").to_owned()).unwrap();
        // Shut until the test opens it for good.
        let _ = gate.lock().unwrap().0.recv();
        Reply::status(200)
    });
    let (server, hook) = start(Portal::new());
    create(server.portal(), &sink.url(), &[]);
    raise(&hook, 20);
    arrived.recv().unwrap();
    server.tell_to_stop();
    until_it_refuses(&server);
    drop(open);
    let (status, portal) = server.wait();
    assert!(status.success(), "{status}");
    let count = |state: &str| deliveries(&portal).iter().filter(|one| one["state"] == state).count();
    let sent = sink.count();
    assert_eq!((count("delivered"), count("waiting")), (sent, 20 - sent), "nothing is left half done");
    let server = portal.start();
    let all = sink.wait_for(20);
    server.stop();
    assert_eq!((ids(&all).len(), sink.count()), (20, 20), "all of it once");
}

/// Returns once the server takes no new connections, which is how it shows that it has heard the signal.
fn until_it_refuses(server: &Server) {
    while std::net::TcpStream::connect(server.address()).is_ok() {
        std::thread::yield_now();
    }
}

#[test]
fn what_was_under_way_when_it_was_killed_is_sent_again() {
    let first = Mutex::new(true);
    let sink = Sink::start(move |_| match std::mem::take(&mut *first.lock().unwrap()) {
        true => Reply::Hang,
        false => Reply::status(200),
    });
    let (server, hook) = start(Portal::new());
    create(server.portal(), &sink.url(), &[]);
    raise(&hook, 1);
    sink.wait_for(1);
    let server = server.kill().start();
    assert_eq!(ids(&sink.wait_for(2)).len(), 1);
    server.stop();
}

#[test]
fn a_chain_of_events_counts_its_hops() {
    let sink = Sink::start(|_| Reply::status(200));
    let (server, hook) = start(Portal::new());
    create(server.portal(), &sink.url(), &[]);
    let body = br#"{"fields": {"TITLE": "Around"}}"#;
    let call = |before: &str| {
        let headers = [("content-type", "application/json"), ("x-portreeve-hop", before)];
        hook.send("POST", "crm.lead.add", &headers, body).success();
    };
    // What nobody was told ends no circle, so that nobody hides a change.
    for (number, made_up) in
        ["7", "255", "7.1.1800000000.00000000000000000000000000000000"].iter().enumerate()
    {
        call(made_up);
        sink.wait_for(number + 1);
    }
    // A handler hands on what it got.
    for number in 3..10 {
        let last = sink.received()[number - 1].header("x-portreeve-hop").to_owned();
        call(&last);
        if number < 9 {
            sink.wait_for(number + 1);
        }
    }
    server.stop();
    let count = |header: &str| header.split('.').next().unwrap_or_default().to_owned();
    let hops: Vec<String> = sink.received().iter().map(|one| count(one.header("x-portreeve-hop"))).collect();
    assert_eq!(hops, ["1", "1", "1", "2", "3", "4", "5", "6", "7"], "the loop ends");
}

#[test]
fn figures_are_there_for_whoever_may_see_them() {
    let sink = Sink::start(|_| Reply::status(500));
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (server, hook) = start(Portal::new().with("--metrics-listen", &port.to_string()));
    create(server.portal(), &sink.url(), &["--retries", "once"]);
    raise(&hook, 3);
    sink.wait_for(3);
    let figures = server.to_hook(&format!("http://{port}/rest/"));
    let text = loop {
        let text = figures.send("GET", "/metrics", &[], b"").text();
        // They are counted when they have ended, a moment after the handler saw them.
        if text.contains(r#"portreeve_delivery_attempts_total{lane="first",outcome="status_5xx"} 3"#) {
            break text;
        }
        std::thread::yield_now();
    };
    for line in [
        "# TYPE portreeve_delivery_latency_seconds histogram",
        "# TYPE portreeve_store_commits counter",
        "portreeve_store_commits_total ",
        "# EOF",
    ] {
        assert!(text.contains(line), "{line} is missing in:\n{text}");
    }
    assert!(!text.contains(&sink.address()) && !text.contains("127.0.0.1"), "{text}");
    assert_eq!(hook.send("GET", "/metrics", &[], b"").status, 404, "not on the portal's own address");
}
