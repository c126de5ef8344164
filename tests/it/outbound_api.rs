//! The console's JSON interface: who may do what with outbound webhooks and their deliveries.

use it::sink::{Reply, Sink};
use it::{Browser, PASSWORD, Portal, Server};
use serde_json::{Value, json};

fn start() -> Server {
    Portal::new().with("--allow-handlers", "127.0.0.1").start()
}

fn admin(server: &Server) -> Browser {
    Browser::signed_in(server, "admin@localhost", PASSWORD)
}

/// What a request brings that must succeed.
#[track_caller]
fn ask(browser: &mut Browser, verb: &str, path: &str, body: &Value) -> Value {
    let reply = browser.ask(verb, path, body);
    assert!((200..300).contains(&reply.status), "{verb} {path}: {} {}", reply.status, reply.text());
    assert_eq!(reply.header("content-type"), "application/json");
    reply.json()
}

#[track_caller]
fn get(browser: &mut Browser, path: &str) -> Value {
    ask(browser, "GET", path, &Value::Null)
}

#[track_caller]
fn make(browser: &mut Browser, wish: &Value) -> i64 {
    ask(browser, "POST", "/api/outbound", wish)["id"].as_i64().unwrap()
}

fn wish(url: &str) -> Value {
    json!({"title": "told", "handler_url": url, "events": ["oncrmleadadd"], "retries": "once"})
}

/// The deliveries that a query finds, once there are that many.
fn deliveries(browser: &mut Browser, query: &str, count: usize) -> Vec<Value> {
    loop {
        let mut page = get(browser, &format!("/api/deliveries?{query}"));
        let Value::Array(found) = page["deliveries"].take() else { panic!("{page}") };
        if found.len() == count {
            return found;
        }
        // What a handler saw, the log shows a moment later.
        std::thread::yield_now();
    }
}

#[test]
fn one_is_made_shown_changed_and_deleted() {
    let sink = Sink::start(|_| Reply::status(200));
    let server = start();
    let mut browser = admin(&server);
    let reply = browser.ask("POST", "/api/outbound", &wish(&sink.url()));
    assert_eq!((reply.status, reply.header("location")), (201, "/api/outbound/1"));
    let made = reply.json();
    assert_eq!(made, get(&mut browser, "/api/outbound/1"));
    assert_eq!(json!([made]), get(&mut browser, "/api/outbound")["outbound"]);
    let told = ["title", "owner", "retries", "ordered", "active", "application_token", "signing_secret"];
    let told: Value = told.iter().map(|name| made[name].clone()).collect();
    assert_eq!(told, json!(["told", 1, "once", false, true, "******", "******"]));
    assert_eq!(made["events"][0]["name"], "ONCRMLEADADD");

    let secrets = ask(&mut browser, "POST", "/api/outbound/1/secrets", &Value::Null);
    server.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
    let token = sink.wait_for(1)[0].field("auth[application_token]").unwrap();
    assert_eq!(secrets["application_token"], token);
    assert!(secrets["signing_secret"].as_str().unwrap().starts_with("whsec_"));

    let changed = json!({"title": "Other", "handler_url": sink.url(), "events": ["ONCRMDEALADD", "ONCRMLEADADD"],
        "comment": "Why", "ordered": true});
    let changed = ask(&mut browser, "PUT", "/api/outbound/1", &changed);
    assert_eq!(
        json!([changed["title"], changed["comment"], changed["retries"], changed["ordered"]]),
        json!(["Other", "Why", "default", true])
    );
    assert_eq!(changed["events"][1], made["events"][0], "an event that stays keeps its number");
    assert_eq!(ask(&mut browser, "POST", "/api/outbound/1/secrets", &Value::Null), secrets);

    for (act, active) in [("disable", false), ("enable", true)] {
        let path = format!("/api/outbound/1/{act}");
        assert_eq!(ask(&mut browser, "POST", &path, &Value::Null)["active"], active);
    }
    assert_eq!(browser.ask("DELETE", "/api/outbound/1", &Value::Null).status, 204);
    browser.ask("GET", "/api/outbound/1", &Value::Null).refusal(404, "ERROR_NOT_FOUND");
    assert!(!server.portal().log().contains(&token));
}

#[test]
fn what_is_wrong_is_told() {
    let server = start();
    let mut browser = admin(&server);
    let url = "https://handler.example/in";
    let with = |name: &str, value: Value| {
        let mut wish = wish(url);
        wish[name] = value;
        wish
    };
    for (body, code, word) in [
        (with("title", json!("")), "ERROR_ARGUMENT", "1 to 256"),
        (with("events", json!([])), "ERROR_ARGUMENT", "at least one event"),
        (with("events", json!(["ONNONSENSE"])), "ERROR_EVENT_NOT_FOUND", "ONNONSENSE"),
        (with("handler_url", json!("http://10.0.0.1/")), "ERROR_WRONG_HANDLER_URL", "10.0.0.0/8"),
        (with("handler_url", json!("gopher://h.example/")), "ERROR_UNSUPPORTED_PROTOCOL", "http"),
        (with("retries", json!("often")), "ERROR_ARGUMENT", "often"),
        (with("oredred", json!(true)), "ERROR_ARGUMENT", "oredred"),
        (with("title", json!(7)), "ERROR_ARGUMENT", "string"),
        (Value::Null, "ERROR_ARGUMENT", "EOF"),
    ] {
        let said = browser.ask("POST", "/api/outbound", &body).refusal(400, code);
        assert!(said.contains(word), "{said}");
    }
    for (query, word) in [
        ("limit=0", "1 to 500"),
        ("before=x", "whole number"),
        ("since=soon", "3d ago"),
        ("state=lost", "waiting"),
    ] {
        let said = browser
            .ask("GET", &format!("/api/deliveries?{query}"), &Value::Null)
            .refusal(400, "ERROR_ARGUMENT");
        assert!(said.contains(word), "{said}");
    }
    for (verb, path, status) in [
        ("GET", "/api/nonsense", 404),
        ("GET", "/api/outbound/one", 404),
        ("GET", "/api/deliveries/1", 404),
        ("POST", "/api/deliveries/1/replay", 404),
        ("POST", "/api/outbound/7/enable", 404),
        ("PATCH", "/api/outbound/7", 405),
        ("POST", "/api/events", 405),
    ] {
        let reply = browser.ask(verb, path, &Value::Null);
        assert!(
            reply.status == status && reply.json()["error"].is_string(),
            "{verb} {path}: {}",
            reply.text()
        );
    }
    let cookie = browser.cookie();
    let form =
        [("cookie", cookie.as_str()), ("x-portreeve-token", &browser.token), ("content-type", "text/plain")];
    let reply = browser.http.send("POST", "/api/outbound", &form, wish(url).to_string().as_bytes());
    reply.refusal(415, "ERROR_CONTENT_TYPE");
    assert_eq!(get(&mut browser, "/api/outbound")["outbound"], json!([]));
}

#[test]
fn without_a_licence_none_is_made() {
    let server = Portal::new().with("--licence", "demo").start();
    let reply = admin(&server).ask("POST", "/api/outbound", &wish("https://handler.example/in"));
    assert!(reply.refusal(403, "ACCESS_DENIED").contains("demo mode"));
}

/// Another site can make a browser send cookies, but cannot know the token; and nobody gets in without a sign-in.
#[test]
fn every_change_needs_the_sign_in_and_its_token() {
    let server = start();
    let mut browser = admin(&server);
    let id = make(&mut browser, &wish("https://handler.example/in"));
    let other = admin(&server).token;
    let paths = ["", "/secrets", "/enable", "/disable", "/test", "/replay"];
    let own = browser.token.clone();
    for token in ["", "x", &other] {
        browser.token = token.to_owned();
        for path in paths {
            let verb = if path.is_empty() { "DELETE" } else { "POST" };
            let reply = browser.ask(verb, &format!("/api/outbound/{id}{path}"), &json!({}));
            reply.refusal(403, "INVALID_TOKEN");
        }
        browser
            .ask("POST", "/api/outbound", &wish("https://handler.example/in"))
            .refusal(403, "INVALID_TOKEN");
        browser.ask("POST", "/api/deliveries/1/replay", &Value::Null).refusal(403, "INVALID_TOKEN");
    }
    browser.token = own;
    get(&mut browser, &format!("/api/outbound/{id}"));
    browser.cookies.clear();
    for (verb, path) in [
        ("GET", "/api/events"),
        ("GET", "/api/outbound"),
        ("GET", "/api/outbound/1"),
        ("DELETE", "/api/outbound/1"),
        ("POST", "/api/outbound/1/secrets"),
        ("GET", "/api/deliveries"),
        ("GET", "/api/deliveries/1"),
        ("POST", "/api/deliveries/1/replay"),
    ] {
        browser.ask(verb, path, &json!({})).refusal(401, "NO_AUTH_FOUND");
    }
}

/// Protocol 8: employees have their own; administrators see all, but no secret, and become owners of what they change.
#[test]
fn everybody_sees_what_is_theirs() {
    let sink = Sink::start(|_| Reply::status(200));
    let server = start();
    let (mut admin, mut ada) = (admin(&server), Browser::of_a_colleague(&server));
    let [hers, his] = [&mut ada, &mut admin].map(|browser| make(browser, &wish(&sink.url())));
    server.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
    let of = |browser: &mut Browser, path: &str| -> Vec<i64> {
        let all = get(browser, path)["outbound"].take();
        all.as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect()
    };
    assert_eq!(
        (of(&mut ada, "/api/outbound"), of(&mut admin, "/api/outbound")),
        (vec![hers], vec![hers, his])
    );

    assert_eq!(deliveries(&mut admin, "state=delivered", 2).len(), 2);
    assert_eq!(deliveries(&mut ada, "state=delivered", 1)[0]["outbound_id"], hers);
    let foreign = deliveries(&mut admin, &format!("outbound={his}"), 1)[0]["id"].clone();
    assert_eq!(deliveries(&mut ada, &format!("outbound={his}"), 0), Vec::<Value>::new());
    for (verb, path) in [
        ("GET", format!("/api/outbound/{his}")),
        ("DELETE", format!("/api/outbound/{his}")),
        ("POST", format!("/api/outbound/{his}/enable")),
        ("POST", format!("/api/outbound/{his}/disable")),
        ("POST", format!("/api/outbound/{his}/replay")),
        ("POST", format!("/api/outbound/{his}/secrets")),
        ("GET", format!("/api/deliveries/{foreign}")),
        ("POST", format!("/api/deliveries/{foreign}/replay")),
    ] {
        ada.ask(verb, &path, &json!({})).refusal(403, "ACCESS_DENIED");
    }
    let test = json!({"event": "ONCRMLEADADD"});
    ada.ask("POST", &format!("/api/outbound/{his}/test"), &test).refusal(403, "ACCESS_DENIED");
    ada.ask("PUT", &format!("/api/outbound/{his}"), &wish(&sink.url())).refusal(403, "ACCESS_DENIED");

    let path = format!("/api/outbound/{hers}");
    let secrets = ask(&mut ada, "POST", &format!("{path}/secrets"), &Value::Null);
    admin.ask("POST", &format!("{path}/secrets"), &Value::Null).refusal(403, "ACCESS_DENIED");
    assert_eq!(ask(&mut admin, "PUT", &path, &wish(&sink.url()))["owner"], 1);
    assert_eq!(ask(&mut admin, "POST", &format!("{path}/secrets"), &Value::Null), secrets, "the token stays");
    ada.ask("GET", &path, &Value::Null).refusal(403, "ACCESS_DENIED");
}

#[test]
fn deliveries_are_tested_looked_at_and_sent_again() {
    let sink = Sink::start(|received| {
        Reply::status(if received.field("event").unwrap() == "ONCRMDEALADD" { 500 } else { 200 })
    });
    let server = start();
    let mut browser = admin(&server);
    let id = make(&mut browser, &wish(&sink.url()));
    for event in ["ONCRMLEADADD", "oncrmdealadd"] {
        let path = format!("/api/outbound/{id}/test");
        assert_eq!(browser.ask("POST", &path, &json!({"event": event})).status, 202);
    }
    let delivered = &deliveries(&mut browser, "state=delivered&event=oncrmleadadd&since=1h", 1)[0];
    let failed = &deliveries(&mut browser, "state=failed", 1)[0];
    assert_eq!((&failed["last_try"]["status"], &failed["event"]), (&json!(500), &json!("ONCRMDEALADD")));
    let shown = get(&mut browser, &format!("/api/deliveries/{}", delivered["id"]));
    assert_eq!((&shown["tries"][0]["status"], &shown["data"]), (&json!(200), &delivered["data"]));

    let first = get(&mut browser, "/api/deliveries?limit=1");
    assert_eq!((&first["deliveries"][0]["id"], &first["before"]), (&failed["id"], &failed["id"]));
    let second = get(&mut browser, &format!("/api/deliveries?limit=2&before={}", first["before"]));
    assert_eq!((&second["deliveries"][0]["id"], &second["before"]), (&delivered["id"], &Value::Null));

    let path = format!("/api/deliveries/{}/replay", delivered["id"]);
    assert_eq!(ask(&mut browser, "POST", &path, &Value::Null), json!({"replayed": 1}));
    sink.wait_for(3);
    let path = format!("/api/outbound/{id}/replay");
    let none = json!({"replayed": 0, "more": false});
    assert_eq!(ask(&mut browser, "POST", &path, &json!({"since": "2999-01-01"})), none);
    assert_eq!(
        ask(&mut browser, "POST", &path, &json!({"since": "2h"})),
        json!({"replayed": 1, "more": false})
    );
    assert_eq!(sink.wait_for(4)[3].field("event").as_deref(), Some("ONCRMDEALADD"));

    browser.ask("DELETE", &format!("/api/outbound/{id}"), &Value::Null);
    let path = format!("/api/deliveries/{}/replay", delivered["id"]);
    browser.ask("POST", &path, &Value::Null).refusal(409, "ERROR_NOT_REPLAYABLE");
}

#[test]
fn the_events_there_are_can_be_listed() {
    let server = start();
    let mut ada = Browser::of_a_colleague(&server);
    let events = get(&mut ada, "/api/events")["events"].take();
    let told: Vec<Value> = server
        .portal()
        .ask(&["outbound", "events", "--json"])
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events, json!(told), "the same as on the command line");
}

/// Over plain http, where https is required, the interface says so in its own way.
#[test]
fn the_interface_keeps_to_https() {
    let server = Portal::new().with("--require-https", "true").start();
    let reply = Browser::of(&server).ask("GET", "/api/events", &Value::Null);
    reply.refusal(403, "INVALID_REQUEST");
}
