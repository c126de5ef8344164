//! The whole portal kept and brought back, by the command line and by the operator's API, while it is served.

use std::sync::{Mutex, mpsc};
use std::thread;

use it::sink::{Reply, Sink};
use it::{Hook, Operator, Portal};
use serde_json::{Value, json};

fn lead(hook: &Hook, title: &str) -> Value {
    hook.result("crm.lead.add", json!({"fields": {"TITLE": title}}))
}

fn titles(hook: &Hook) -> Vec<String> {
    let listed = hook.result("crm.lead.list", json!({"order": {"ID": "ASC"}, "select": ["TITLE"]}));
    listed.as_array().unwrap().iter().map(|lead| lead["TITLE"].as_str().unwrap().to_owned()).collect()
}

fn reset(operator: &Operator, body: Value) -> Value {
    operator.done("POST", "/reset", Some(body))["snapshot"].clone()
}

#[test]
fn the_command_line_works_beside_a_server() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let hook = server.hook("crm");
        let portal = server.portal();
        lead(&hook, "kept");
        portal.ask(&["snapshot", "save", "before"]);
        let listed = portal.ask(&["snapshot", "list"]);
        let cells: Vec<&str> = listed.split('\t').collect();
        assert_eq!((cells[0], cells.len()), ("before", 4), "{listed}");
        let size: (u64, u64) = (cells[2].parse().unwrap(), cells[3].parse().unwrap());
        assert!(size.0 > 10_000 && size.1 > 100, "{listed}");
        for round in 0..3 {
            assert_eq!(lead(&hook, "later"), json!(2), "round {round} on {engine}");
            portal.ask(&["snapshot", "restore", "before"]);
            assert_eq!(titles(&hook), ["kept"], "round {round} on {engine}");
        }
        for (command, said) in [
            (&["snapshot", "restore", "nothing"][..], "there is no snapshot nothing"),
            (&["snapshot", "save", "A/b"], "is no name of a snapshot"),
            (&["snapshot", "save", "start"], "choose another name"),
            (&["reset"], "--operator-listen"),
            (&["reset", "--snapshot", "nothing"], "portreeve snapshot list"),
        ] {
            let output = portal.run(command);
            let error = String::from_utf8_lossy(&output.stderr).to_lowercase();
            assert!(!output.status.success() && error.contains(said), "{command:?}: {error}");
        }
        portal.ask(&["reset", "demo"]);
        let hook = server.hook("crm");
        assert_eq!(titles(&hook).len(), 50);
        portal.ask(&["reset", "--snapshot", "before"]);
        portal.ask(&["snapshot", "delete", "before"]);
        assert!(!portal.ask(&["snapshot", "list"]).contains("before"));
        // The state that was restored is there after the next start, as any other.
        let server = server.stop().start();
        assert_eq!(titles(&server.hook("crm")), ["kept"], "on {engine}");
        server.stop();
    }
}

#[test]
fn the_operators_api_resets_between_tests() {
    for (engine, portal) in Portal::on_each_engine() {
        let mut server = portal.with_operator().start();
        let (operator, hook) = (server.operator(), server.hook("crm"));
        assert_eq!(operator.read("/snapshots")["snapshots"][0]["name"], "start");
        lead(&hook, "kept");
        let saved = operator.done("PUT", "/snapshots/mine", None);
        assert_eq!(saved["name"], "mine");
        for _ in 0..20 {
            assert_eq!(lead(&hook, "later"), json!(2), "on {engine}");
            assert_eq!(reset(&operator, json!({"snapshot": "mine"})), "mine");
        }
        assert_eq!(titles(&hook), ["kept"]);
        // A call since the reset, and none of before it.
        let calls = operator.read("/calls");
        let methods: Vec<&Value> =
            calls["calls"].as_array().unwrap().iter().map(|call| &call["method"]).collect();
        assert_eq!(methods, ["crm.lead.list", "crm.lead.add"], "on {engine}: {calls}");
        for (verb, path, body, status, code) in [
            ("POST", "/reset", Some(json!({"snapshot": "none"})), 404, "ERROR_SNAPSHOT_NOT_FOUND"),
            ("POST", "/reset", Some(json!({"to": "start", "snapshot": "mine"})), 400, "ERROR_ARGUMENT"),
            ("POST", "/reset", Some(json!({"to": "yesterday"})), 400, "ERROR_ARGUMENT"),
            ("PUT", "/snapshots/empty", None, 400, "ERROR_ARGUMENT"),
            ("PUT", "/snapshots/..%2Fx", None, 400, "ERROR_ARGUMENT"),
            ("DELETE", "/snapshots/none", None, 404, "ERROR_SNAPSHOT_NOT_FOUND"),
        ] {
            let (given, answer) = operator.ask(verb, path, body);
            assert_eq!((given, &answer["error"]), (status, &json!(code)), "{verb} {path}: {answer}");
        }
        for _ in 0..2 {
            assert_eq!(reset(&operator, json!({"to": "empty"})), "empty");
            hook.call("profile", json!({})).refusal(401, "INVALID_CREDENTIALS");
            let fresh = server.hook("crm");
            assert_eq!((lead(&fresh, "first"), titles(&fresh)), (json!(1), vec!["first".to_owned()]));
        }
        assert_eq!(reset(&operator, json!({"to": "demo"})), "demo");
        assert_eq!(titles(&server.hook("crm")).len(), 50);
        assert_eq!(reset(&operator, json!({})), "start");
        hook.call("profile", json!({})).refusal(401, "INVALID_CREDENTIALS");
        operator.done("DELETE", "/snapshots/mine", None);
        assert!(!server.stop().log().contains("ERROR"), "on {engine}");
    }
}

#[test]
fn deliveries_under_way_are_of_the_time_in_which_they_were_sent() {
    for (engine, portal) in Portal::on_each_engine() {
        let (let_go, gate) = mpsc::channel::<()>();
        let gate = Mutex::new(Some(gate));
        // The first one is answered when the portal has another state.
        let handler = Sink::start(move |_| {
            let first = gate.lock().unwrap().take();
            first.map_or(Reply::status(200), |gate| {
                let _ = gate.recv();
                Reply::status(410)
            })
        });
        let mut server = portal.with_operator().with("--allow-handlers", "127.0.0.1").start();
        let (operator, hook) = (server.operator(), server.hook("crm"));
        server.portal().outbound(&handler.url(), "ONCRMLEADADD", &[]);
        operator.done("PUT", "/snapshots/told", None);
        lead(&hook, "held up");
        handler.wait_for(1);
        reset(&operator, json!({"snapshot": "told"}));
        let_go.send(()).unwrap();
        // That the handler is gone was said at another time; here it is told of what happens now.
        operator.done("PUT", "/snapshots/again", None);
        for round in 0..5 {
            hook.batch(&[("a", "crm.lead.add?fields[TITLE]=a"), ("b", "crm.lead.add?fields[TITLE]=b")]);
            let settled = operator.done("POST", "/deliveries/settle", Some(json!({"timeout_ms": 20000})));
            assert_eq!(settled["settled"], true, "round {round} on {engine}");
            let found = operator.read("/deliveries");
            let states: Vec<&Value> =
                found["deliveries"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
            assert_eq!(states.len(), 2, "round {round} on {engine}: {found}");
            reset(&operator, json!({"snapshot": "again"}));
        }
        server.stop();
    }
}

#[test]
fn resets_meet_calls_of_others() {
    for (engine, portal) in Portal::on_each_engine() {
        let mut server = portal.with_operator().start();
        let (operator, hook) = (server.operator(), server.hook("crm"));
        operator.done("PUT", "/snapshots/mine", None);
        thread::scope(|scope| {
            let callers: Vec<_> = (0..3)
                .map(|_| {
                    let hook = &hook;
                    scope.spawn(move || {
                        for _ in 0..60 {
                            hook.result("crm.lead.add", json!({"fields": {"TITLE": "x"}}));
                        }
                    })
                })
                .collect();
            let portal = server.portal();
            for round in 0..12 {
                match round % 4 {
                    0 => drop(portal.ask(&["reset", "--snapshot", "mine"])),
                    _ => drop(reset(&operator, json!({"snapshot": "mine"}))),
                }
            }
            callers.into_iter().for_each(|caller| caller.join().unwrap());
        });
        reset(&operator, json!({"snapshot": "mine"}));
        assert_eq!(titles(&hook), [""; 0], "on {engine}");
        server.stop();
    }
}
