//! Outbound webhooks on the command line: making and changing them, test events, the log, sending again.

use it::sink::{Reply, Sink};
use it::{Browser, Hook, Portal, Server};
use serde_json::{Value, json};
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

const HERE: &str = "127.0.0.1";
const CREATE: [&str; 7] = ["outbound", "create", "--owner", "1", "--name", "ci", "--handler"];

fn start(portal: Portal) -> Server {
    portal.with("--allow-handlers", HERE).start()
}

/// The arguments of a new webhook at `url`; `further` begin with its events.
fn create<'a>(url: &'a str, further: &[&'a str]) -> Vec<&'a str> {
    [&CREATE[..], &[url, "--allow-handlers", HERE, "--events"], further].concat()
}

fn add(hook: &Hook) {
    hook.result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
}

/// What a command says in lines of JSON.
fn lines(said: &str) -> Vec<Value> {
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What a command that must fail says.
fn refused(portal: &Portal, command: &[&str]) -> String {
    let output = portal.run(command);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.code() == Some(1) && output.stdout.is_empty(),
        "{command:?}: {}, {said}",
        output.status
    );
    said
}

#[test]
fn one_is_made_with_secrets_that_are_shown_once() {
    for (_, portal) in Portal::on_each_engine() {
        let sink = Sink::start(|_| Reply::status(200));
        let server = start(portal);
        let portal = server.portal();
        let said = portal.ask(&create(&sink.url(), &["oncrmleadadd, ONCRMDEALADD", "--retries", "once"]));
        let made: Vec<(&str, &str)> = said.lines().map(|line| line.split_once('\t').unwrap()).collect();
        let [("id", "1"), ("application_token", token), ("signing_secret", secret)] = made[..] else {
            panic!("{said}")
        };
        let code = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_lowercase();
        assert!(token.len() == 32 && token.bytes().all(code) && secret.starts_with("whsec_"), "{said}");

        add(&server.hook("crm"));
        let got = &sink.wait_for(1)[0];
        assert_eq!(got.field("auth[application_token]").as_deref(), Some(token));
        assert_eq!(got.field("event").as_deref(), Some("ONCRMLEADADD"));

        let (list, show) = (portal.ask(&["outbound", "list"]), portal.ask(&["outbound", "show", "1"]));
        for told in [&list, &show, &portal.ask(&["outbound", "list", "--json"]), &portal.log()] {
            assert!(!told.contains(token) && !told.contains(secret), "{told}");
        }
        assert!(list.contains("ONCRMDEALADD,ONCRMLEADADD\tactive\tonce\tyes\t"), "{list}");
        assert!(
            show.contains(&format!("handler\t{}", sink.url())) && show.contains("event_handler_id"),
            "{show}"
        );
        let made = &lines(&portal.ask(&create(&sink.url(), &["ONCRMLEADADD", "--json"])))[0];
        assert_ne!(made["application_token"], token, "each has a token of its own");
    }
}

#[test]
fn a_bad_one_is_refused_with_a_reason() {
    let server = start(Portal::new());
    let portal = server.portal();
    let (url, event) = ("https://handler.example/in", "ONCRMLEADADD");
    for (command, reason) in [
        (create(url, &["ONCRMLEADADD,ONNONSENSE"]), "`portreeve outbound events` lists"),
        (create(url, &["oncrmleadad"]), "did you mean ONCRMLEADADD?"),
        (create("http://10.1.2.3/", &[event]), "--allow-handlers 10.0.0.0/8"),
        (create("ftp://handler.example/", &[event]), "http"),
        (create("http://localhost.example:6000/", &[event]), "6000"),
        (create(url, &[event, "--licence", "demo"]), "demo mode"),
        (create(url, &[event, "--licence", "expired"]), "active licence"),
        (vec!["outbound", "show", "7"], "there is no outbound webhook 7"),
        (vec!["outbound", "update", "7", "--name", "x"], "there is no outbound webhook 7"),
        (vec!["outbound", "delete", "7"], "there is no outbound webhook 7"),
        (vec!["outbound", "test", "7"], "there is no outbound webhook 7"),
        (vec!["deliveries", "show", "7"], "there is no delivery 7"),
        (vec!["deliveries", "list", "--since", "soon"], "3d ago"),
    ] {
        let said = refused(portal, &command);
        assert!(said.contains(reason), "{command:?}: {said}");
    }
    let nobody = ["outbound", "create", "--owner", "7", "--name", "x", "--handler", url, "--events", event];
    assert!(refused(portal, &nobody).contains("there is no user 7"));
    let nameless = ["outbound", "create", "--owner", "1", "--name", "", "--handler", url, "--events", event];
    assert!(refused(portal, &nameless).contains("must have 1 to 256 characters"));
    for mistake in [
        create(url, &[event, "--retries", "often"]),
        vec!["deliveries", "list", "--state", "lost"],
        vec!["deliveries", "replay"],
        vec!["deliveries", "replay", "1", "--outbound", "1", "--failed"],
        vec!["deliveries", "replay", "--outbound", "1"],
    ] {
        assert_eq!(portal.run(&mistake).status.code(), Some(2), "{mistake:?}");
    }
    assert_eq!(portal.ask(&["outbound", "list", "--json"]), "");
}

/// What a server refuses, the command refuses, since both have it from the same settings.
#[test]
fn the_rules_of_the_server_are_those_of_the_command() {
    let server = Portal::new().start();
    let create = [&CREATE[..], &["http://127.0.0.1:9999/", "--events", "ONCRMLEADADD"]].concat();
    let portal = server.portal();
    assert!(refused(portal, &create).contains("--allow-handlers 127.0.0.0/8"));
    fs::write(portal.data().join("portreeve.toml"), "allow-handlers = '127.0.0.0/8'").unwrap();
    portal.ask(&create);
    fs::write(portal.data().join("portreeve.toml"), "licence = 'demo'\nallow-handlers = '127.0.0.0/8'")
        .unwrap();
    assert!(refused(portal, &create).contains("demo mode"));
    fs::remove_file(portal.data().join("portreeve.toml")).unwrap();
    let mut command = portal.command(&create);
    let output = command.env("PORTREEVE_ALLOW_HANDLERS", "10.0.0.0/8,127.0.0.1").output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// Flags of the server are not on the command's line: it goes by those with which the server was started last.
#[test]
fn what_the_server_was_started_with_holds_for_the_command() {
    let create = [&CREATE[..], &["http://127.0.0.1:9999/", "--events", "ONCRMLEADADD"]].concat();
    for (_, portal) in Portal::on_each_engine() {
        let server = portal.with("--allow-handlers", "127.0.0.1").start();
        server.portal().ask(&create);
        let other = [&create[..], &["--allow-handlers", "10.0.0.0/8"]].concat();
        assert!(
            refused(server.portal(), &other).contains("--allow-handlers 127.0.0.0/8"),
            "its own flags come first"
        );
        let slow = |rate: &'static str| [&create[..], &["--rate", rate]].concat();
        assert!(refused(server.portal(), &slow("501")).contains("must be between 1 and 500"));
        fs::write(server.portal().data().join("portreeve.toml"), "handler-rate = 7\nhandler-concurrency = 3")
            .unwrap();
        let server = server.stop().start();
        server.portal().ask(&slow("7"));
        assert!(refused(server.portal(), &slow("8")).contains("must be between 1 and 7"));
        let wide = ["outbound", "update", "2", "--concurrency", "4"];
        assert!(refused(server.portal(), &wide).contains("must be between 1 and 3"));
        fs::write(server.portal().data().join("portreeve.toml"), "licence = 'demo'").unwrap();
        let server = server.stop().start();
        fs::remove_file(server.portal().data().join("portreeve.toml")).unwrap();
        assert!(refused(server.portal(), &create).contains("demo mode"));
        server.stop();
    }
}

#[test]
fn secrets_are_shown_and_renewed() {
    for (_, portal) in Portal::on_each_engine() {
        let sink = Sink::start(|_| Reply::status(200));
        let server = start(portal);
        let (portal, hook) = (server.portal(), server.hook("crm"));
        let made = lines(&portal.ask(&create(&sink.url(), &["ONCRMLEADADD", "--json"]))).remove(0);
        assert_eq!(lines(&portal.ask(&["outbound", "reveal", "1", "--json"]))[0], made);
        add(&hook);
        let token = |number: usize| {
            let received = sink.wait_for(number);
            received[number - 1].field("auth[application_token]").map(Value::from)
        };
        assert_eq!(token(1), Some(made["application_token"].clone()));
        let renewed = lines(&portal.ask(&["outbound", "rotate", "1", "--overlap", "0", "--json"])).remove(0);
        for name in ["application_token", "signing_secret"] {
            assert_ne!(renewed[name], made[name]);
        }
        assert_eq!(lines(&portal.ask(&["outbound", "reveal", "1", "--json"]))[0], renewed);
        add(&hook);
        assert_eq!(token(2), Some(renewed["application_token"].clone()));
        for command in ["reveal", "rotate"] {
            assert!(refused(portal, &["outbound", command, "7"]).contains("there is no outbound webhook 7"));
        }
        server.stop();
    }
}

/// A handler that lost its database gets what it had taken, too.
#[test]
fn what_was_delivered_is_sent_again_on_demand() {
    for (_, portal) in Portal::on_each_engine() {
        let sink = Sink::start(|_| Reply::status(200));
        let server = start(portal);
        let (portal, hook) = (server.portal(), server.hook("crm"));
        let outbound = portal.outbound(&sink.url(), "ONCRMLEADADD", &[]).to_string();
        (0..3).for_each(|_| add(&hook));
        sink.wait_for(3);
        portal.settled("delivered", 3);
        let again =
            |since: &str| portal.ask(&["deliveries", "replay", "--outbound", &outbound, "--since", since]);
        assert_eq!((again("2999-01-01"), again("1h")), ("0".to_owned(), "3".to_owned()));
        sink.wait_for(6);
        server.stop();
    }
}

/// A copy of a portal tells nobody of anything; what waits goes out when it is served as usual.
#[test]
fn without_deliveries_everything_waits() {
    for (_, portal) in Portal::on_each_engine() {
        let sink = Sink::start(|_| Reply::status(200));
        fs::create_dir_all(portal.data()).unwrap();
        fs::write(portal.data().join("portreeve.toml"), "no-deliveries = true").unwrap();
        let server = start(portal.with("--smtp-host", "mail.example"));
        let (portal, hook) = (server.portal(), server.hook("crm"));
        portal.outbound(&sink.url(), "ONCRMLEADADD", &[]);
        add(&hook);
        // Nor by e-mail, so nobody is offered a link by it.
        let mut browser = Browser::visiting(&server);
        assert_eq!(browser.read("/api/session")["portal"]["mail"], false);
        let forgot = browser.ask("POST", "/api/forgot", &json!({"email": "admin@localhost"}));
        assert_eq!((forgot.status, &forgot.json()["error"]), (409, &json!("ERROR_NO_MAIL")));
        let portal = server.stop();
        assert_eq!((portal.deliveries(&["--state", "waiting"]).len(), sink.count()), (1, 0));
        fs::remove_file(portal.data().join("portreeve.toml")).unwrap();
        let server = portal.start();
        sink.wait_for(1);
        server.stop();
    }
}

#[test]
fn one_is_changed_paused_and_deleted_and_keeps_its_token() {
    let sink = Sink::start(|_| Reply::status(200));
    let server = start(Portal::new());
    let (portal, hook) = (server.portal(), server.hook("crm"));
    let token =
        lines(&portal.ask(&create(&sink.url(), &["ONCRMDEALADD", "--json"])))[0]["application_token"].clone();
    let flags =
        ["--events", "ONCRMLEADADD", "--ordered", "false", "--retries", "1s,2h", "--allow-handlers", HERE];
    portal.ask(&[&["outbound", "update", "1"][..], &flags].concat());
    let shown = &lines(&portal.ask(&["outbound", "show", "1", "--json"]))[0];
    assert_eq!(
        json!([shown["title"], shown["handler_url"], shown["ordered"], shown["retries"], shown["owner"]]),
        json!(["ci", sink.url(), false, "1s,7200s", 1])
    );
    add(&hook);
    assert_eq!(sink.wait_for(1)[0].field("auth[application_token]").map(Value::from), Some(token));

    portal.ask(&["outbound", "pause", "1"]);
    add(&hook);
    assert!(refused(portal, &["outbound", "test", "1"]).contains("is paused"));
    assert!(refused(portal, &["outbound", "resume", "1"]).contains("1 events were held"));
    let told = portal.ask(&["outbound", "resume", "1", "--held", "since=1h", "--dry-run"]);
    assert!(told.contains("held\t1") && told.contains("sent\t1\ndropped\t0"), "{told}");
    portal.ask(&["outbound", "resume", "1", "--held", "drop"]);
    add(&hook);
    let ids = |count| -> Vec<_> {
        sink.wait_for(count).iter().map(|one| one.field("data[FIELDS][ID]").unwrap()).collect()
    };
    assert_eq!(ids(2), ["1", "3"], "what was held is dropped");

    portal.ask(&["outbound", "pause", "1"]);
    add(&hook);
    assert_eq!(portal.deliveries(&["--state", "held"]).len(), 1);
    portal.ask(&["outbound", "resume", "1", "--held", "send"]);
    assert_eq!(ids(3), ["1", "3", "4"]);

    portal.ask(&["outbound", "delete", "1"]);
    add(&hook);
    let portal = server.stop();
    assert_eq!((sink.count(), portal.ask(&["outbound", "list", "--json"]).as_str()), (3, ""));
    assert_eq!(portal.deliveries(&[]).len(), 3, "the log stays");
}

#[test]
fn a_test_event_tells_what_became_of_it() {
    let well = Sink::start(|_| Reply::status(200).body("thanks"));
    let ill = Sink::start(|_| Reply::status(500));
    let server = start(Portal::new());
    let portal = server.portal();
    let hooks = [&well, &ill].map(|sink| portal.outbound(&sink.url(), "ONCRMDEALADD", &[]).to_string());
    let told = portal.ask(&["outbound", "test", &hooks[0], "--event", "oncrmcontactupdate"]);
    assert!(told.contains("state\tdelivered") && told.contains("\t200\tthanks"), "{told}");
    let got = &well.wait_for(1)[0];
    assert_eq!(got.field("event").as_deref(), Some("ONCRMCONTACTUPDATE"));
    assert!(got.field("data[FIELDS][ID]").is_some(), "{}", got.body);

    let output = portal.run(&["outbound", "test", &hooks[1], "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&told["event"], &told["tries"][0]["status"]), (&json!("ONCRMDEALADD"), &json!(500)));

    let portal = server.stop();
    let said = refused(&portal, &["outbound", "test", &hooks[0]]);
    assert!(said.contains("waits for `portreeve serve`"), "{said}");
    let server = portal.start();
    well.wait_for(2);
    server.stop();
}

#[test]
fn the_log_is_found_by_webhook_event_state_and_time() {
    let well = Sink::start(|_| Reply::status(200));
    let ill = Sink::start(|_| Reply::status(500).body("out of order"));
    let server = start(Portal::new());
    let (portal, hook) = (server.portal(), server.hook("crm"));
    portal.outbound(&well.url(), "ONCRMLEADADD,ONCRMDEALADD", &[]);
    portal.outbound(&ill.url(), "ONCRMLEADADD", &["--retries", "once"]);
    add(&hook);
    hook.result("crm.deal.add", json!({"fields": {"TITLE": "Quay"}}));
    well.wait_for(2);
    ill.wait_for(1);
    let portal = server.stop();
    let found = |further: &[&str]| -> Value {
        let found = portal.deliveries(further);
        found
            .iter()
            .map(|one| json!([one["outbound_id"], one["event"], one["object"], one["state"]]))
            .collect()
    };
    let deal = json!([1, "ONCRMDEALADD", "deal:1", "delivered"]);
    let failed = json!([2, "ONCRMLEADADD", "lead:1", "failed"]);
    assert_eq!(found(&["--outbound", "2"]), json!([failed]));
    assert_eq!(found(&["--event", "oncrmdealadd"]), json!([deal]));
    assert_eq!(found(&["--state", "failed", "--since", "1h"]), json!([failed]));
    assert_eq!(found(&["--limit", "1"]), json!([deal]));
    assert_eq!((found(&["--until", "1h"]), found(&["--since", "2999-01-01"])), (json!([]), json!([])));
    assert_eq!(found(&[]).as_array().map(Vec::len), Some(3));
    let table = portal.ask(&["deliveries", "list", "--state", "failed"]);
    let row: Vec<&str> = table.lines().nth(1).unwrap().split('\t').collect();
    assert_eq!(row[2..], ["2", "ONCRMLEADADD", "lead:1", "failed", "1", "500"]);

    let id = portal.deliveries(&["--outbound", "2"])[0]["id"].to_string();
    let show = portal.ask(&["deliveries", "show", &id]);
    assert!(show.contains("FIELDS[ID]\t1") && show.contains("\t500\tout of order"), "{show}");
    let show = &lines(&portal.ask(&["deliveries", "show", &id, "--json"]))[0];
    assert_eq!(
        json!([show["data"], show["tries"][0]["answer"]]),
        json!([{"FIELDS": {"ID": "1"}}, "out of order"])
    );
}

#[test]
fn what_failed_is_sent_again_on_demand() {
    for (_, portal) in Portal::on_each_engine() {
        let well = std::sync::Arc::new(AtomicBool::new(false));
        let is_well = well.clone();
        let sink =
            Sink::start(move |_| Reply::status(if is_well.load(Ordering::Relaxed) { 200 } else { 500 }));
        let server = start(portal);
        let (portal, hook) = (server.portal(), server.hook("crm"));
        let outbound = portal.outbound(&sink.url(), "ONCRMLEADADD", &["--retries", "once"]).to_string();
        (0..3).for_each(|_| add(&hook));
        sink.wait_for(3);
        portal.settled("failed", 3);
        well.store(true, Ordering::Relaxed);
        let id = portal.deliveries(&[])[0]["id"].to_string();
        assert_eq!(portal.ask(&["deliveries", "replay", &id]), "1");
        let received = sink.wait_for(4);
        assert_eq!(
            received[3].header("webhook-id").rsplit('_').next(),
            Some(id.as_str()),
            "it is the same one"
        );
        portal.settled("delivered", 1);
        let since = ["deliveries", "replay", "--outbound", &outbound, "--failed", "--since", "2999-01-01"];
        assert_eq!(portal.ask(&since), "0");
        assert_eq!(portal.ask(&since[..5]), "2");
        portal.settled("delivered", 3);
        assert_eq!(portal.ask(&since[..5]), "0");
        let output = portal.run(&["deliveries", "replay", &id, "777"]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains("delivery 777 cannot be sent again"), "{said}");
        assert_eq!(output.stdout, b"1\n", "the other one is");
        sink.wait_for(7);
    }
}

/// Thousands, of a handler that goes on failing: each is sent again once, and the command ends.
#[test]
fn sending_again_ends() {
    const EVENTS: usize = 2_500;
    let sink = Sink::start(|_| Reply::status(500));
    let server = start(Portal::new().with("--handler-rate", "0"));
    let (portal, hook) = (server.portal(), server.hook("crm"));
    let outbound = portal.outbound(&sink.url(), "ONCRMLEADADD", &["--retries", "once"]).to_string();
    for _ in 0..EVENTS / 50 {
        let commands = vec!["crm.lead.add?fields[TITLE]=Lead"; 50];
        hook.result("batch", json!({"cmd": commands, "halt": 1}));
    }
    sink.wait_for(EVENTS);
    portal.settled("failed", EVENTS);
    let output = portal.run(&["deliveries", "replay", "--outbound", &outbound, "--failed"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), EVENTS.to_string());
    assert!(String::from_utf8_lossy(&output.stderr).contains("2000 so far"));
    sink.wait_for(2 * EVENTS);
    let portal = server.stop();
    assert_eq!(sink.count(), 2 * EVENTS);
    let first = &portal.deliveries(&["--limit", "5000"])[EVENTS - 1];
    assert_eq!((&first["state"], &first["last_try"]["number"]), (&json!("failed"), &json!(2)));
}

#[test]
fn the_events_there_are_can_be_listed() {
    let portal = Portal::new();
    let table = portal.ask(&["outbound", "events"]);
    assert!(table.contains("ONCRMLEADADD\tcrm\t") && !portal.data().exists(), "{table}");
    let events = lines(&portal.ask(&["outbound", "events", "--json"]));
    assert_eq!(events.len(), table.lines().count() - 1);
    let lead = events.iter().find(|event| event["name"] == "ONCRMLEADADD").unwrap();
    assert!(lead["data"]["FIELDS"]["ID"].is_number(), "{lead}");
}

#[test]
fn changed_fields_are_chosen_shown_and_told() {
    for (_, portal) in Portal::on_each_engine() {
        let sink = Sink::start(|_| Reply::status(200));
        let server = start(portal);
        let portal = server.portal();
        let fields =
            ["ONCRMLEADUPDATE", "--only-fields", "oncrmleadupdate=status_id,title", "--tell-changed"];
        portal.ask(&create(&sink.url(), &fields));
        let show = || lines(&portal.ask(&["outbound", "show", "1", "--json"])).remove(0);
        let shown = show();
        let expected = json!([{"ONCRMLEADUPDATE": ["STATUS_ID", "TITLE"]}, true]);
        assert_eq!(json!([shown["only_fields"], shown["tell_changed"]]), expected);
        let text = portal.ask(&["outbound", "show", "1"]);
        assert!(text.contains("\tonly when STATUS_ID,TITLE changed"), "{text}");

        let hook = server.hook("crm");
        let lead = hook.result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
        hook.result("crm.lead.update", json!({"id": lead, "fields": {"COMMENTS": "x"}}));
        hook.result("crm.lead.update", json!({"id": lead, "fields": {"TITLE": "Pier", "COMMENTS": "y"}}));
        let got = &sink.wait_for(1)[0];
        assert_eq!(got.field("data[CHANGED][0]").as_deref(), Some("TITLE"));
        assert_eq!(got.field("data[CHANGED][1]").as_deref(), Some("COMMENTS"));

        let wrong =
            ["outbound", "update", "1", "--only-fields", "ONCRMLEADUPDATE=STAGE", "--allow-handlers", HERE];
        assert!(refused(portal, &wrong).contains("ONCRMLEADUPDATE has no field \"STAGE\"."));
        let none =
            ["outbound", "update", "1", "--only-fields", "ONCRMLEADUPDATE=", "--tell-changed", "false"];
        portal.ask(&[&none[..], &["--allow-handlers", HERE]].concat());
        assert_eq!(json!([show()["only_fields"], show()["tell_changed"]]), json!([{}, false]));
        hook.result("crm.lead.update", json!({"id": lead, "fields": {"COMMENTS": "z"}}));
        assert_eq!(sink.wait_for(2)[1].field("data[CHANGED][0]"), None);
    }
}
