//! Handlers as their authors write them: with the libraries of Standard Webhooks from PyPI and npm, unmodified, and in
//! PHP after Bitrix24's documentation.

use it::{Portal, Script, Server, clients};
use serde_json::{Value, json};
use std::net::TcpListener;

const EVENTS: &str = "ONCRMLEADADD,ONCRMLEADUPDATE";

/// A portal, and two webhooks with one handler that will know the secrets of the first alone.
struct Bed {
    server: Server,
    address: String,
    made: Value,
}

impl Bed {
    fn new() -> Bed {
        let server = Portal::new().with("--allow-handlers", "127.0.0.1").start();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let handler = format!("http://{address}/handler.php?from=portal");
        let make = || {
            let create =
                ["outbound", "create", "--json", "--owner", "1", "--name", "test", "--retries", "once"];
            let rest = ["--handler", &handler, "--events", EVENTS, "--allow-handlers", "127.0.0.1"];
            serde_json::from_str(&server.portal().ask(&[&create[..], &rest].concat())).unwrap()
        };
        let (made, _): (Value, Value) = (make(), make());
        Bed { server, address, made }
    }

    fn port(&self) -> &str {
        self.address.rsplit_once(':').unwrap().1
    }

    fn secret(&self, name: &str) -> &str {
        self.made[name].as_str().unwrap()
    }

    /// Adds a lead and changes it: what the handler answered to each webhook, in the order of the events.
    fn answers(&self) -> [Vec<Value>; 2] {
        let hook = self.server.hook("crm");
        let id = hook.result("crm.lead.add", json!({"fields": {"TITLE": "Quay & Söhne"}}));
        hook.result("crm.lead.update", json!({"id": id, "fields": {"TITLE": "Pier"}}));
        let answers = |state: &str| {
            let found = self.server.portal().settled(state, 2);
            found
                .iter()
                .rev()
                .map(|one| json!([one["last_try"]["status"], one["last_try"]["answer"]]))
                .collect()
        };
        [answers("delivered"), answers("failed")]
    }
}

/// What the libraries make of it: the first webhook's deliveries are its own, the other's are not.
fn verified() -> [Vec<Value>; 2] {
    let taken = ["verified ONCRMLEADADD 1", "verified ONCRMLEADUPDATE 1"];
    let refused = ["refused: No matching signature found"; 2];
    [taken.map(|said| json!([200, said])).to_vec(), refused.map(|said| json!([403, said])).to_vec()]
}

#[test]
fn standard_webhooks_in_python() {
    let Some(clients) = clients() else { return };
    let bed = Bed::new();
    let _handler = Script::new(clients.join("py/bin/python"), "outbound/handler.py")
        .env("PORT", bed.port())
        .env("SECRET", bed.secret("signing_secret"))
        .serve();
    assert_eq!(bed.answers(), verified());
}

#[test]
fn standard_webhooks_in_javascript() {
    let Some(clients) = clients() else { return };
    let bed = Bed::new();
    let _handler = Script::new("node", "outbound/handler.mjs")
        .env("CLIENTS", clients.join("js"))
        .env("PORT", bed.port())
        .env("SECRET", bed.secret("signing_secret"))
        .serve();
    assert_eq!(bed.answers(), verified());
}

#[test]
fn a_php_handler_of_the_documentation() {
    if clients().is_none() {
        return;
    }
    let bed = Bed::new();
    let _handler = Script::new("php", "outbound/handler.php")
        .argument("-S")
        .argument(&bed.address)
        .env("TOKEN", bed.secret("application_token"))
        .serve();
    let domain = bed.server.address();
    let [taken, refused] = bed.answers();
    assert_eq!(
        taken,
        [
            json!([200, format!("added lead 1 of {domain}")]),
            json!([200, format!("changed lead 1 of {domain}")])
        ]
    );
    assert_eq!(refused, [json!([403, "a stranger"]), json!([403, "a stranger"])]);
}
