//! Secrets that are changed without an outage: what a handler gets while old ones hold beside new ones, checked by the
//! library of Standard Webhooks.

use std::sync::Arc;

use it::sink::{Received, Reply, Sink};
use it::{Browser, Portal, Server};
use serde_json::{Value, json};

fn start(portal: Portal) -> Server {
    portal.with("--allow-handlers", "127.0.0.1").start()
}

/// Raises an event; what the handler gets of it.
fn next(server: &Server, sink: &Sink) -> Arc<Received> {
    let before = sink.count();
    server.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
    Arc::clone(&sink.wait_for(before + 1)[before])
}

fn is_signed(received: &Received, secret: &Value) -> bool {
    received.is_signed(secret.as_str().unwrap())
}

fn token(received: &Received) -> Value {
    received.field("auth[application_token]").map_or(Value::Null, Value::from)
}

fn asked(portal: &Portal, command: &[&str]) -> Value {
    serde_json::from_str(&portal.ask(&[&["outbound"], command, &["--json"]].concat())).unwrap()
}

#[test]
fn old_and_new_secrets_overlap_until_they_are_ended() {
    for (engine, portal) in Portal::on_each_engine() {
        let sink = Sink::start(|_| Reply::status(200));
        let server = start(portal);
        let portal = server.portal();
        portal.outbound(&sink.url(), "ONCRMLEADADD", &[]);
        let old = asked(portal, &["reveal", "1"]);
        let first = next(&server, &sink);
        assert!(is_signed(&first, &old["signing_secret"]), "{engine}");
        assert!(!first.header("webhook-signature").contains(' '), "{engine}");

        let new = asked(portal, &["rotate", "1", "--overlap", "24h"]);
        assert_eq!(new["old"]["application_token"], old["application_token"]);
        assert_eq!(asked(portal, &["reveal", "1"]), new);
        let second = next(&server, &sink);
        assert!(is_signed(&second, &old["signing_secret"]) && is_signed(&second, &new["signing_secret"]));
        assert_eq!(token(&second), old["application_token"], "a body has room for one: the old one");
        assert!(asked(portal, &["show", "1"])["old_secrets_until"].is_string());
        let output = portal.run(&["outbound", "rotate", "1"]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains("End that overlap first"), "{said}");

        portal.ask(&["outbound", "rotate", "1", "--end"]);
        let third = next(&server, &sink);
        assert!(!is_signed(&third, &old["signing_secret"]) && is_signed(&third, &new["signing_secret"]));
        assert_eq!(token(&third), new["application_token"]);
        assert_eq!(asked(portal, &["show", "1"])["old_secrets_until"], Value::Null);
        assert!(
            !portal.run(&["outbound", "rotate", "1", "--end"]).status.success(),
            "there is none any more"
        );
        assert_eq!(portal.run(&["outbound", "rotate", "1", "--overlap", "8d"]).status.code(), Some(2));
        server.stop();
    }
}

#[test]
fn the_console_plans_the_change_and_ends_it() {
    for (engine, portal) in Portal::on_each_engine() {
        let sink = Sink::start(|_| Reply::status(200));
        let server = start(portal);
        let mut owner = Browser::of_the_administrator(&server);
        let mut input = json!({
            "scenario": "out-hook", "title": "Shop",
            "outbound": {"handler_url": sink.url(), "events": ["ONCRMLEADADD"]},
        });
        let id = owner.done("POST", "/api/integrations", &input)["id"].take();
        let path = format!("/api/integrations/{id}");
        let secrets = format!("{path}/secrets");
        let old = owner.done("POST", &secrets, &Value::Null);
        input["renew_token"] = json!(true);
        input["overlap"] = json!("soon");
        let refused = owner.ask("PUT", &path, &input);
        assert_eq!((refused.status, &refused.json()["argument"]), (400, &json!("overlap")), "{engine}");
        input.as_object_mut().unwrap().remove("overlap");
        let saved = owner.done("PUT", &path, &input);
        assert!(saved["outbound"]["old_secrets_until"].is_string(), "a day, unless it is said: {saved}");
        let new = owner.done("POST", &secrets, &Value::Null);
        assert_eq!(new["old"]["signing_secret"], old["signing_secret"]);
        assert_eq!(token(&next(&server, &sink)), old["application_token"], "{engine}");

        // Whoever had it open before does not save over that unawares.
        input["version"] = saved["version"].clone();
        input["renew_token"] = json!(false);
        owner.done("DELETE", &format!("{path}/overlap"), &Value::Null);
        assert_eq!(owner.ask("PUT", &path, &input).status, 409, "{engine}");
        input.as_object_mut().unwrap().remove("version");
        input["renew_token"] = json!(true);
        let old = new;
        let saved = owner.done("PUT", &path, &input);
        assert!(saved["outbound"]["old_secrets_until"].is_string());
        let new = owner.done("POST", &secrets, &Value::Null);
        assert_eq!(new["old"]["signing_secret"], old["signing_secret"]);

        input["renew_token"] = json!(false);
        assert!(owner.done("PUT", &path, &input)["outbound"]["old_secrets_until"].is_string());
        let ended = owner.done("DELETE", &format!("{path}/overlap"), &Value::Null);
        assert_eq!(ended["outbound"]["old_secrets_until"], Value::Null);
        assert_eq!(token(&next(&server, &sink)), new["application_token"], "{engine}");
        assert_eq!(owner.done("POST", &secrets, &Value::Null)["old"], Value::Null);
        assert_eq!(owner.ask("DELETE", &format!("{path}/overlap"), &Value::Null).status, 404);
        let noted = owner.read("/api/audit?action=secret.overlap_ended");
        assert_eq!(noted["entries"].as_array().unwrap().len(), 2, "{noted}");
        server.stop();
    }
}
