//! Faults on demand: what a rule does to calls, and to their connections.

use std::io::Read;

use it::{Connection, Hook, Operator, Portal, Server};
use serde_json::{Value, json};
use wire::fault::SYSTEM;
use wire::{Fault, exception};

const JSON: (&str, &str) = ("content-type", "application/json");

/// Adds a rule, and gives its number.
#[track_caller]
fn add(operator: &Operator, rule: Value) -> i64 {
    operator.done("POST", "/faults", Some(rule))["id"].as_i64().unwrap()
}

/// Calls a method of REST 3.0.
fn newer(hook: &Hook, method: &str, headers: &[(&str, &str)], body: &Value) -> it::Reply {
    let headers = [&[JSON], headers].concat();
    hook.send("POST", &hook.newer(method), &headers, body.to_string().as_bytes())
}

/// Posts by hand, and gives all bytes until the server hangs up.
fn until_the_end(server: &Server, path: &str, headers: &str, body: &str) -> String {
    let mut connection = Connection::open(server.address()).unwrap();
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{headers}content-length: {length}\r\n\r\n{body}"
    );
    connection.send(request.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    // A reset is an end as well.
    let _ = connection.read_to_end(&mut bytes);
    String::from_utf8(bytes).unwrap()
}

fn leads(hook: &Hook) -> u64 {
    hook.call("crm.lead.list", json!({})).success()["total"].as_u64().unwrap()
}

#[test]
fn every_fault_of_the_protocol_comes_on_demand() {
    for (engine, portal) in Portal::on_each_engine() {
        let mut server = portal.with_operator().start();
        let (operator, hook) = (server.operator(), server.hook("crm,task"));
        for system in SYSTEM {
            let effect = json!({"kind": "error", "code": system.code, "status": system.status});
            let whole = add(&operator, json!({"effect": effect}));
            let said = hook.call("profile", json!({}));
            assert_eq!(said.refusal(system.status, system.code), system.message, "{engine}");
            assert_eq!(said.header("x-portreeve-fault"), whole.to_string());
            let xml = hook.get("profile.xml");
            let text = format!(
                "<response><error>{}</error><error_description>{}</error_description></response>",
                system.code, system.message
            );
            assert_eq!((xml.status, xml.text()), (system.status, text));
            let (said, meant) =
                (newer(&hook, "rest.scope.list", &[], &json!({})), exception::of(Fault::from(*system)));
            assert_eq!((said.status, &said.json()["error"]["code"]), (meant.status, &json!(meant.code)));
            operator.done("DELETE", &format!("/faults/{whole}"), None);

            let of_command = add(&operator, json!({"method": "prof*", "effect": effect}));
            let sections = hook.batch(&[("me", "profile"), ("time", "server.time")]);
            // The protocol says nothing more of a scope there (3.4).
            let words = if system.code == "insufficient_scope" { "" } else { system.message };
            let error = json!({"error": system.code, "error_description": words});
            assert_eq!(sections["result_error"], json!({"me": error}), "{engine}");
            assert!(sections["result"]["time"].is_string(), "{sections}");
            operator.done("DELETE", &format!("/faults/{of_command}"), None);
        }
        hook.call("profile", json!({})).success();
        add(
            &operator,
            json!({"method": "tasks.*", "effect": {"kind": "error", "code": "ERROR_CORE", "status": 500}}),
        );
        let steps =
            json!([{"method": "rest.scope.list", "query": {}}, {"method": "tasks.task.list", "query": {}}]);
        let said = newer(&hook, "batch", &[], &steps);
        assert_eq!((said.status, &said.json()["error"]["code"]), (500, &json!("ERROR_CORE")));
    }
}

#[test]
fn an_error_may_be_any_and_so_may_a_status() {
    let mut server = Portal::new().with_operator().start();
    let (operator, hook) = (server.operator(), server.hook("crm"));
    let own = json!({"kind": "error", "code": "MY_OWN", "status": 418, "message": "No coffee."});
    add(&operator, json!({"effect": own, "times": 1}));
    assert_eq!(hook.call("profile", json!({})).refusal(418, "MY_OWN"), "No coffee.");
    hook.call("profile", json!({})).success();
    let misspelt = json!({"effect": {"kind": "error", "code": "QUERY_LIMIT_EXCEDED"}});
    assert_eq!(operator.ask("POST", "/faults", Some(misspelt)).0, 400);
    for (kind, status, code) in [("licence", 401, "ACCESS_DENIED"), ("dismissed", 401, "authorization_error")]
    {
        add(&operator, json!({"effect": {"kind": kind}, "times": 1}));
        hook.call("profile", json!({})).refusal(status, code);
    }
    add(
        &operator,
        json!({"effect": {"kind": "status", "status": 502, "body": "<h1>Bad gateway</h1>"}, "times": 1}),
    );
    let said = hook.call("profile", json!({}));
    assert_eq!((said.status, said.text()), (502, "<h1>Bad gateway</h1>".to_owned()));
    assert!(said.header("content-type").starts_with("text/html"));
    add(
        &operator,
        json!({"effect": {"kind": "status", "status": 200, "body": "{"}, "after": true, "times": 1}),
    );
    let said = hook.call("crm.lead.add", json!({"fields": {"TITLE": "a"}}));
    assert_eq!((said.status, said.text(), leads(&hook)), (200, "{".to_owned(), 1));
    for (wrong, argument) in [
        (json!({}), "effect"),
        (json!({"effect": {"kind": "double"}}), "effect"),
        (json!({"event": "*", "effect": {"kind": "drop"}}), "effect"),
        (json!({"method": "a", "event": "b", "effect": {"kind": "drop"}}), "event"),
        (json!({"webhook": "nobody", "effect": {"kind": "drop"}}), "webhook"),
        (json!({"every": 0, "effect": {"kind": "drop"}}), "every"),
        (json!({"chance": 2, "effect": {"kind": "drop"}}), "chance"),
        (json!({"delay": 120_000}), "delay"),
        (json!({"effect": {"kind": "status", "status": 99}}), "effect"),
        (json!({"effect": {"kind": "rate", "requests": 1, "seconds": 0}}), "effect"),
        (json!({"after": true, "effect": {"kind": "operating", "seconds": 1}}), "after"),
    ] {
        let (status, said) = operator.ask("POST", "/faults", Some(wrong.clone()));
        assert_eq!((status, &said["argument"]), (400, &json!(argument)), "{wrong}: {said}");
    }
    assert_eq!(operator.ask("POST", "/faults", Some(json!({"effect": {"kind": "magic"}}))).0, 400);
    assert_eq!(operator.ask("DELETE", "/faults/99", None).0, 404);
}

#[test]
fn connections_break_before_and_after() {
    for (engine, portal) in Portal::on_each_engine() {
        let mut server = portal.with_operator().start();
        let (operator, hook) = (server.operator(), server.hook("crm,task"));
        let (path, lead) = (hook.path("crm.lead.add"), r#"{"fields":{"TITLE":"Quay"}}"#);
        let dropped = json!({"method": "crm.lead.add", "effect": {"kind": "drop"}, "times": 1});
        add(&operator, dropped.clone());
        assert_eq!(until_the_end(&server, &path, "", lead), "", "{engine}");
        assert_eq!(leads(&hook), 0);

        let mut after = dropped;
        after["after"] = json!(true);
        let rule = add(&operator, after);
        assert_eq!(until_the_end(&server, &path, "", lead), "");
        assert_eq!(leads(&hook), 1, "it was performed");
        let call = &operator.read("/calls?method=crm.lead.add")["calls"][0];
        assert_eq!((&call["status"], &call["fault_rule"]), (&json!(0), &json!(rule)), "{call}");
        assert_eq!(call["message"], "The connection was closed without an answer.");
        assert!(call["advice"].as_str().unwrap().starts_with(&format!("Fault rule {rule} made this")));

        add(&operator, json!({"method": "crm.lead.add", "effect": {"kind": "half"}, "times": 1}));
        let said = until_the_end(&server, &path, "", lead);
        let (head, body) = said.split_once("\r\n\r\n").unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        assert!(head.starts_with("HTTP/1.1 200") && body.starts_with("{\"result\":2"), "{said}");
        assert_eq!(body.len(), length.parse::<usize>().unwrap() / 2, "{said}");
        assert_eq!(leads(&hook), 2);

        // What was performed under a key is answered when it comes again.
        add(
            &operator,
            json!({"method": "tasks.task.add", "effect": {"kind": "drop"}, "after": true, "times": 1}),
        );
        let fields = json!({"fields": {"title": "once", "creatorId": 1, "responsibleId": 1}});
        let keyed = "idempotency-key: k\r\n";
        drop(until_the_end(&server, &hook.newer("tasks.task.add"), keyed, &fields.to_string()));
        let again = newer(&hook, "tasks.task.add", &[("idempotency-key", "k")], &fields);
        assert_eq!((again.status, again.header("idempotent-replayed")), (200, "true"), "{}", again.text());
    }
}

#[test]
fn a_rule_says_whose_calls_and_how_many() {
    for (engine, portal) in Portal::on_each_engine() {
        let mut server = portal.with_operator().start();
        let (operator, one, other) = (server.operator(), server.hook("crm"), server.hook("crm"));
        one.result("profile", json!({}));
        let integration = &operator.read("/calls")["calls"][0]["integration"]["id"];
        let refused = json!({"kind": "error", "code": "QUERY_LIMIT_EXCEEDED"});
        let rule = add(
            &operator,
            json!({"webhook": integration, "method": "*.list", "every": 2, "times": 2, "effect": refused}),
        );
        let statuses =
            |hook: &Hook| (0..6).map(|_| hook.call("crm.lead.list", json!({})).status).collect::<Vec<_>>();
        assert_eq!(statuses(&one), [200, 503, 200, 503, 200, 200], "{engine}");
        assert_eq!(statuses(&other), [200; 6]);
        let listed = &operator.read("/faults")["faults"][0];
        assert_eq!((&listed["id"], &listed["hits"]), (&json!(rule), &json!(2)), "{listed}");
        let marked = operator.read("/calls?failed=true");
        let marked = marked["calls"].as_array().unwrap().iter().filter(|call| call["fault_rule"] == rule);
        assert_eq!(marked.count(), 2);
        operator.done("DELETE", "/faults", None);
        assert_eq!(operator.read("/faults"), json!({"faults": []}));
    }
}

#[test]
fn counts_begin_anew_with_a_reset() {
    for (engine, portal) in Portal::on_each_engine() {
        let portal = portal.with_operator();
        // The webhook is there at the start, to which a reset returns.
        let server = portal.start();
        let hook = server.hook("crm");
        let mut server = server.stop().start();
        let (operator, hook) = (server.operator(), server.same_hook(&hook));
        for _ in 0..3 {
            let effect = json!({"kind": "error", "code": "QUERY_LIMIT_EXCEEDED"});
            let rule = add(&operator, json!({"method": "profile", "effect": effect, "times": 1}));
            assert_eq!(operator.read("/faults")["faults"][0]["hits"], 0, "{engine}");
            assert_eq!(hook.call("profile", json!({})).status, 503, "{engine}: {rule}");
            assert_eq!(hook.call("profile", json!({})).status, 200);
            operator.done("POST", "/reset", None);
        }
    }
}

#[test]
fn limits_have_any_scale_and_follow_the_clock() {
    for (engine, portal) in Portal::on_each_engine() {
        let mut server = portal.with_operator().start();
        let (operator, hook) = (server.operator(), server.hook("crm"));
        operator.done("PUT", "/clock", Some(json!({"frozen": true})));
        let rate = json!({"effect": {"kind": "rate", "requests": 2, "seconds": 10}});
        let rule = add(&operator, rate);
        let status = || hook.call("profile", json!({})).status;
        assert_eq!([status(), status(), status(), status()], [200, 200, 503, 503], "{engine}");
        operator.done("PUT", "/clock", Some(json!({"by": "5s"})));
        assert_eq!([status(), status()], [200, 503]);
        operator.done("DELETE", &format!("/faults/{rule}"), None);

        add(
            &operator,
            json!({"method": "profile", "effect": {"kind": "operating", "seconds": 5, "each": 3}}),
        );
        let used: Vec<Value> =
            (0..2).map(|_| hook.call("profile", json!({})).success()["time"]["operating"].clone()).collect();
        assert_eq!(used, [json!(3), json!(6)]);
        hook.call("profile", json!({})).refusal(429, "OPERATION_TIME_LIMIT");
        hook.call("server.time", json!({})).success();
        operator.done("PUT", "/clock", Some(json!({"by": "11m"})));
        assert_eq!(status(), 200);
    }
}

#[test]
fn a_call_waits_before_or_after_it_is_performed() {
    let mut server = Portal::new().with_operator().start();
    let (operator, hook) = (server.operator(), server.hook("crm"));
    for after in [false, true] {
        add(&operator, json!({"method": "crm.lead.add", "delay": 300, "after": after, "times": 1}));
        hook.result("crm.lead.add", json!({"fields": {"TITLE": "late"}}));
        let call = &operator.read("/calls?method=crm.lead.add")["calls"][0];
        assert!(call["took_ms"].as_f64().unwrap() >= 300.0, "{call}");
    }
    add(
        &operator,
        json!({"delay": 100, "times": 1, "effect": {"kind": "error", "code": "INTERNAL_SERVER_ERROR"}}),
    );
    hook.call("crm.lead.add", json!({"fields": {"TITLE": "never"}})).refusal(500, "INTERNAL_SERVER_ERROR");
    assert_eq!(leads(&hook), 2);
}

/// By the command line, which is another process, and over a start.
#[test]
fn rules_hold_from_the_next_call_on_and_end_with_a_start() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let hook = server.hook("crm");
        hook.result("profile", json!({}));
        let portal = server.portal();
        portal.ask(&["fault", "add", "--method", "profile", "--error", "PORTAL_DELETED"]);
        hook.call("profile", json!({})).refusal(403, "PORTAL_DELETED");
        let kept = ["fault", "add", "--method", "server.time", "--rate", "1/60", "--keep"];
        let added: Value = serde_json::from_str(&portal.ask(&kept)).unwrap();
        let effect = json!({"kind": "rate", "requests": 1, "seconds": 60.0});
        assert_eq!((&added["id"], &added["effect"], &added["keep"]), (&json!(2), &effect, &json!(true)));
        assert_eq!(portal.ask(&["fault", "list"]).lines().count(), 2, "{engine}");
        assert!(!portal.run(&["fault", "add", "--method", "profile"]).status.success(), "nothing happens");
        assert!(!portal.run(&["fault", "add", "--chance", "7", "--with", "drop"]).status.success());

        let server = server.stop().start();
        let (hook, portal) = (server.same_hook(&hook), server.portal());
        hook.call("profile", json!({})).success();
        hook.call("server.time", json!({})).success();
        hook.call("server.time", json!({})).refusal(503, "QUERY_LIMIT_EXCEEDED");
        let log = portal.log();
        assert!(
            log.contains("fault rules of before were cleared") && log.contains("fault rules hold"),
            "{log}"
        );
        assert!(!portal.run(&["fault", "clear", "1"]).status.success(), "it is gone");
        assert_eq!(portal.ask(&["fault", "clear"]), "removed\t1");
        hook.call("server.time", json!({})).success();
        let noted = it::Browser::of_the_administrator(&server).read("/api/audit?action=setting.changed");
        let details =
            noted["entries"].as_array().unwrap().iter().map(|entry| entry["detail"].as_str().unwrap());
        let details: Vec<&str> = details.collect();
        assert_eq!((details.len(), details[0], details[1]), (4, "removed all 1", "removed 1 at the start"));
    }
}

/// A node obeys what was decided on another.
#[test]
fn every_node_obeys() {
    let portals = Portal::on_each_engine();
    let Some((_, portal)) = portals.into_iter().find(|(engine, _)| *engine == "postgres") else { return };
    let mut one = portal.with_operator().start();
    let other = one.portal().beside().start();
    let hook = other.same_hook(&one.hook("crm"));
    hook.call("profile", json!({})).success();
    let operator = one.operator();
    add(&operator, json!({"effect": {"kind": "error", "code": "OVERLOAD_LIMIT"}}));
    hook.call("profile", json!({})).refusal(401, "OVERLOAD_LIMIT");
    operator.done("DELETE", "/faults", None);
    hook.call("profile", json!({})).success();
}
