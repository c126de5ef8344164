//! The operator's API: who is let in, how it describes itself, and the logs of calls and deliveries.

use it::sink::{Reply, Sink};
use it::{OPERATOR_TOKEN, Portal};
use serde_json::{Value, json};

#[test]
fn only_the_token_opens_it() {
    let mut server = Portal::new().with_operator().start();
    let operator = server.operator();
    let described = operator.read("/openapi.json");
    assert_eq!(described["openapi"].as_str().map(|version| &version[..3]), Some("3.1"));
    for path in described["paths"].as_object().unwrap().keys().map(|path| path.replace("{id}", "1")) {
        for token in ["", "wrong-wrong-wrong-wrong", &OPERATOR_TOKEN[1..]] {
            let (status, answer) = operator.with_token(token).ask("GET", &path, None);
            assert_eq!((status, &answer["error"]), (401, &json!("INVALID_TOKEN")), "{path} {token}");
        }
    }
    assert_eq!(operator.ask("GET", "/nothing", None).0, 404);
    assert_eq!(operator.ask("PATCH", "/calls", None).0, 405);
    let portal = server.stop();
    assert!(!portal.log().contains(OPERATOR_TOKEN));
}

#[test]
fn it_needs_a_token_that_cannot_be_guessed() {
    let portal = Portal::new();
    for arguments in [&["--operator-listen", "127.0.0.1:0"][..], &["--operator-token", "short"]] {
        let output = portal.run(&[&["serve", "--listen", "127.0.0.1:0"], arguments].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains("--operator-token"), "{said}");
    }
}

#[test]
fn tests_can_assert_calls_and_clear_them() {
    for (engine, portal) in Portal::on_each_engine() {
        let mut server = portal.with_operator().start();
        let (operator, hook) = (server.operator(), server.hook("crm"));
        hook.result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
        hook.call("crm.lead.get", json!({"id": 99})).refusal(400, "");
        let calls = operator.read("/calls?failed=true");
        assert_eq!(calls["calls"][0]["method"], "crm.lead.get", "{engine}");
        let id = &calls["calls"][0]["id"];
        assert_eq!(operator.read(&format!("/calls/{id}")), calls["calls"][0]);
        assert_eq!(operator.ask("GET", "/calls/999", None).0, 404);
        assert_eq!(operator.ask("GET", "/calls?limit=0", None).0, 400);
        let (status, unknown) = operator.ask("GET", "/calls?methode=lead", None);
        assert_eq!((status, &unknown["argument"]), (400, &json!("methode")), "{unknown}");

        operator.done("DELETE", "/calls", None);
        assert_eq!(operator.read("/calls")["calls"], json!([]));
        hook.result("profile", json!({}));
        assert_eq!(operator.read("/calls")["calls"].as_array().map(Vec::len), Some(1));
    }
}

#[test]
fn tests_wait_for_deliveries_without_sleeping() {
    for (engine, portal) in Portal::on_each_engine() {
        let handler = Sink::start(|_| Reply::status(200));
        let portal = portal.with_operator().with("--allow-handlers", "127.0.0.1");
        let mut server = portal.start();
        let (operator, hook) = (server.operator(), server.hook("crm"));
        server.portal().outbound(&handler.url(), "ONCRMLEADADD", &[]);
        let lead = hook.result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
        let settled = operator.done("POST", "/deliveries/settle", None);
        assert_eq!(settled, json!({"settled": true, "at_work": 0}), "{engine}");
        let found = operator.read("/deliveries?event=ONCRMLEADADD&state=delivered");
        let delivery = &found["deliveries"][0];
        assert_eq!(delivery["data"]["FIELDS"]["ID"], Value::from(lead.to_string()), "{delivery}");
        assert_eq!(delivery["last_try"]["status"], 200);
        assert_eq!(operator.ask("POST", "/deliveries/settle", Some(json!({"timeout_ms": 60_001}))).0, 400);
    }
}
