//! Whatever an employee asks the console's interface, no secret of somebody else is in the answer, and nothing of theirs
//! changes.

use it::sink::{self, Sink};
use it::{Browser, Portal};
use serde_json::{Value, json};

/// Where the paths are declared, so that none is forgotten here.
const SOURCE: &str = include_str!("../../crates/portreeve/src/console/api/mod.rs");

/// Every path with each of its verbs, as declared.
pub fn routes() -> Vec<(String, &'static str)> {
    let declared = SOURCE.split("Router::new()").nth(1).unwrap();
    let mut found = Vec::new();
    for route in declared.split(".route(").skip(1) {
        let path = match route.trim_start().starts_with("BACKUP") {
            true => "/api/backup",
            false => route.split('"').nth(1).unwrap(),
        };
        for verb in ["get", "post", "put", "patch", "delete"] {
            let called =
                |(at, _): (usize, &str)| !route[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            if route.match_indices(&format!("{verb}(")).any(called) {
                found.push((path.to_owned(), verb));
            }
        }
    }
    assert!(found.len() > 40, "the declaration reads otherwise now: {found:?}");
    found
}

/// An integration with both parts.
fn input(handler: &str) -> Value {
    json!({
        "scenario": "in-hook", "title": "Hers alone", "inbound": {"scopes": ["crm"], "active": true},
        "outbound": {"handler_url": handler, "events": ["ONCRMLEADADD"], "retries": "once"},
    })
}

/// What a path would take from whoever may.
fn body(path: &str, delivery: &Value) -> Value {
    let named = path.trim_start_matches("/api/integrations/{id}").trim_start_matches("/api/");
    match named {
        "" => {
            let mut input = input("https://handler.example/");
            input["take_over"] = json!(true);
            input
        }
        "integrations" => input("https://handler.example/"),
        "/active" => json!({"active": false}),
        "/test" => json!({"event": "ONCRMLEADADD"}),
        "/example" | "/example/archive" => {
            json!({"language": "curl", "method": "profile", "params": [], "secret": true})
        }
        "deliveries/replay" => json!({"ids": [delivery]}),
        "deliveries/{id}/forward" => json!({"url": "https://handler.example/"}),
        "users" => json!({"email": "x@example.com", "name": "X", "is_admin": true}),
        "users/{id}" => json!({"is_admin": true}),
        _ => json!({}),
    }
}

/// Everything secret of an integration, as its owner is told it.
fn secrets(owner: &mut Browser, id: &Value) -> Vec<String> {
    let told = owner.done("POST", &format!("/api/integrations/{id}/secrets"), &Value::Null);
    let url = told["url"].as_str().unwrap().trim_end_matches('/');
    let code = url.rsplit('/').next().unwrap();
    let other = ["application_token", "signing_secret"].map(|name| told[name].as_str().unwrap().to_owned());
    [code.to_owned()].into_iter().chain(other).collect()
}

/// An integration as its editor shows it. The version says when it was looked at, too.
fn seen(owner: &mut Browser, id: &Value) -> Value {
    let mut shown = owner.read(&format!("/api/integrations/{id}"));
    shown["version"].take();
    shown
}

#[test]
fn an_employee_gets_no_secret_of_others_by_any_call() {
    for (engine, portal) in Portal::on_each_engine() {
        let sink = Sink::start(|_| sink::Reply::status(200));
        let server = portal.with("--allow-handlers", "127.0.0.1").start();
        let mut admin = Browser::of_the_administrator(&server);
        let id = admin.done("POST", "/api/integrations", &input(&sink.url()))["id"].take();
        admin.done("POST", "/api/call/crm.lead.add", &json!({"fields": {"TITLE": "x"}}));
        sink.wait_for(1);
        let before = (secrets(&mut admin, &id), seen(&mut admin, &id));
        let delivery = admin.get("/api/deliveries").json()["deliveries"][0]["id"].take();

        let mut ada = Browser::of_a_colleague(&server);
        for (path, verb) in routes() {
            // What ends her own sign-in, and what never ends, have tests of their own.
            if (path.starts_with("/api/session") && verb != "get") || path.ends_with("/stream") {
                continue;
            }
            let number = if path.starts_with("/api/deliveries") { &delivery } else { &id };
            let of_another = path.contains("/integrations/{id}") || path.contains("/deliveries/{id}");
            let body = if verb == "get" { Value::Null } else { body(&path, &delivery) };
            let path = path.replace("{id}", &number.to_string()).replace("{method}", "crm.lead.list");
            let reply = ada.ask(&verb.to_uppercase(), &path, &body);
            let text = reply.text();
            assert!(!before.0.iter().any(|secret| text.contains(secret)), "{engine} {verb} {path}: {text}");
            assert!(reply.status < 500, "{engine} {verb} {path}: {text}");
            if of_another {
                assert!(
                    [403, 404].contains(&reply.status),
                    "{engine} {verb} {path}: {} {text}",
                    reply.status
                );
            }
        }
        let after = (secrets(&mut admin, &id), seen(&mut admin, &id));
        assert_eq!(after, before, "{engine}");
        assert_eq!(sink.count(), 1, "{engine}");
    }
}
