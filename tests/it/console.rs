//! Who gets into the console, and what keeps others out.

use flate2::read::GzDecoder;
use it::{Browser, Hook, PASSWORD, Portal};
use serde_json::{Value, json};
use std::io::Read;

const ADMIN: &str = "admin@localhost";

#[test]
fn a_page_learns_who_is_there() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let mut browser = Browser::of(&server);
        let stranger = browser.get("/api/session").json();
        assert_eq!((&stranger["user"], &stranger["setup"]), (&Value::Null, &json!(false)), "{engine}");
        let told: Vec<&String> = stranger["portal"].as_object().unwrap().keys().collect();
        assert_eq!(told, ["base_url", "mail"]);

        let signed_in = browser.sign_in("Admin@localhost", PASSWORD).json();
        assert_eq!((&signed_in["user"]["id"], &signed_in["user"]["is_admin"]), (&json!(1), &json!(true)));
        assert_eq!(signed_in["portal"]["edition"], "self-hosted");
        assert_eq!(signed_in["portal"]["outbound_available"], true);
        assert_ne!(signed_in["token"], stranger["token"]);
        assert_eq!(browser.get("/api/session").json(), signed_in);
        let names: Vec<&str> = browser.cookies.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["portreeve_session", "portreeve_device"], "the visit is over");
    }
}

#[test]
fn nobody_gets_in_without_the_password() {
    let server = Portal::new().start();
    let mut browser = Browser::visiting(&server);
    browser.get("/api/sessions").refusal(401, "NO_AUTH_FOUND");
    for (email, password) in [(ADMIN, "wrong"), ("nobody@localhost", PASSWORD), ("", "")] {
        browser.sign_in(email, password).refusal(422, "ERROR_SIGN_IN");
    }
    browser.get("/api/sessions").refusal(401, "NO_AUTH_FOUND");
}

/// Without the token, another site could sign its visitors in as somebody else, or act as them.
#[test]
fn what_changes_something_needs_its_token() {
    let server = Portal::new().start();
    let mut browser = Browser::of(&server);
    browser.sign_in(ADMIN, PASSWORD).refusal(403, "INVALID_TOKEN");
    let mut browser = Browser::signed_in(&server, ADMIN, PASSWORD);
    let other = Browser::signed_in(&server, ADMIN, PASSWORD).token;
    let visitor = Browser::visiting(&server);
    // Somebody may be able to plant a cookie of theirs, but it is worth no more than before the sign-in.
    browser.cookies.extend(visitor.cookies.clone());
    let own = browser.token.clone();
    for token in ["", "x", &other, &visitor.token] {
        token.clone_into(&mut browser.token);
        browser.ask("DELETE", "/api/session", &Value::Null).refusal(403, "INVALID_TOKEN");
        browser.ask("POST", "/api/call/profile", &json!({})).refusal(403, "INVALID_TOKEN");
    }
    browser.token = own;
    browser.done("POST", "/api/call/profile", &json!({}));
}

#[test]
fn a_sign_in_ends() {
    let server = Portal::new().start();
    let mut browser = Browser::signed_in(&server, ADMIN, PASSWORD);
    let before = browser.cookies.clone();
    assert_eq!(browser.ask("DELETE", "/api/session", &Value::Null).status, 204);
    assert_eq!(browser.cookies.len(), 1, "the browser stays known");
    browser.cookies = before;
    assert_eq!(browser.get("/api/session").json()["user"], Value::Null, "the old cookie is worth nothing");
    browser.sign_in(ADMIN, PASSWORD).json();

    server.portal().ask(&["user", "passwd", "1"]);
    browser.get("/api/sessions").refusal(401, "NO_AUTH_FOUND");
}

#[test]
fn guessing_is_slowed_down() {
    let server = Portal::new().start();
    let mut browser = Browser::visiting(&server);
    let mut tries = (0..40).map(|_| browser.sign_in(ADMIN, "guess"));
    let refused = tries.find(|reply| reply.status != 422).expect("guessing goes on and on");
    refused.refusal(429, "ERROR_TOO_MANY_TRIES");
    assert_eq!(refused.header("retry-after"), "30");
    assert_eq!(browser.sign_in(ADMIN, PASSWORD).status, 429, "not even the right one");
}

/// Whoever guesses does not lock the person out: a browser that signed in before has tries of its own, but no more
/// than others.
#[test]
fn a_browser_that_signed_in_before_is_let_in_while_others_guess() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let mut known = Browser::signed_in(&server, ADMIN, PASSWORD);
        known.done("DELETE", "/api/session", &Value::Null);
        let mut guesser = Browser::visiting(&server);
        while guesser.sign_in(ADMIN, "guess").status != 429 {}
        assert_eq!(Browser::visiting(&server).sign_in(ADMIN, PASSWORD).status, 429, "{engine}");
        known.get("/api/session");
        assert_eq!(known.sign_in(ADMIN, PASSWORD).status, 200, "{engine}");
        known.done("DELETE", "/api/session", &Value::Null);
        known.get("/api/session");
        let refused = (0..20).find(|_| known.sign_in(ADMIN, "guess").status == 429);
        assert!(refused.is_some(), "{engine}: guessing goes on and on in a browser that is known");

        // A token that somebody made up is none.
        known.cookies.retain(|(name, _)| name != "portreeve_device");
        known.cookies.push(("portreeve_device".to_owned(), "0123456789abcdef".repeat(2)));
        known.sign_in(ADMIN, PASSWORD).refusal(429, "ERROR_TOO_MANY_TRIES");
    }
}

/// REST knows webhooks only (protocol 7.2).
#[test]
fn a_sign_in_opens_no_method() {
    let server = Portal::new().start();
    let browser = Browser::signed_in(&server, ADMIN, PASSWORD);
    let cookie = browser.cookie();
    let reply = browser.http.send("GET", "/rest/profile", &[("cookie", &cookie)], b"");
    reply.refusal(401, "NO_AUTH_FOUND");
    assert!(reply.headers.get("set-cookie").is_none());
}

/// Over https cookies stay there, and plain http is shown the way.
#[test]
fn cookies_and_passwords_keep_to_https() {
    let server = Portal::new().with_tls("dev").start();
    let mut browser = Browser::of(&server);
    let reply = browser.get("/api/session");
    let cookie = reply.header("set-cookie");
    assert!(cookie.starts_with("__Host-portreeve_visitor=") && cookie.ends_with("; Secure"), "{cookie}");
    Browser::of_the_administrator(&server).read("/api/users");
    let plain = Hook::new(&browser.http.url().replace("https://", "http://"), &None);
    let reply = plain.get("/sign-in");
    assert_eq!(reply.status, 307);
    assert_eq!(reply.header("location"), format!("{}/sign-in", server.base()));
    assert_eq!(plain.send("POST", "/api/session", &[], b"{}").status, 403);
}

/// Strangers may not fill the memory; people who are signed in may bring a file.
#[test]
fn large_bodies_are_for_the_signed_in() {
    let server = Portal::new().start();
    let large = json!({"fields": {"TITLE": "Quay", "COMMENTS": "x".repeat(100_000)}});
    let path = "/api/call/crm.lead.add";
    Browser::visiting(&server).ask("POST", path, &large).refusal(413, "REQUEST_ENTITY_TOO_LARGE");
    let mut admin = Browser::signed_in(&server, ADMIN, PASSWORD);
    admin.done("POST", path, &large);
    admin.ask("POST", "/api/users", &large).refusal(413, "REQUEST_ENTITY_TOO_LARGE");
    let huge = json!({"fields": {"TITLE": "x".repeat(5 << 20)}});
    admin.ask("POST", path, &huge).refusal(413, "REQUEST_ENTITY_TOO_LARGE");
}

/// What people do in the console they do as themselves: with their rights, and with the events of any change.
#[test]
fn pages_call_methods_as_whoever_is_signed_in() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let mut admin = Browser::signed_in(&server, ADMIN, PASSWORD);
        let fields = json!({"fields": {"TITLE": "Quay 7", "OPPORTUNITY": 12.5}});
        let id = admin.done("POST", "/api/call/crm.lead.add", &fields)["result"].clone();
        let listed = admin.done("POST", "/api/call/crm.lead.list", &json!({"select": ["ID", "TITLE"]}));
        assert_eq!(listed["total"], 1, "{engine}");
        assert_eq!(listed["result"][0]["TITLE"], "Quay 7");
        admin.ask("POST", "/api/call/crm.lead.nothing", &json!({})).refusal(404, "ERROR_METHOD_NOT_FOUND");
        let said = admin.ask("POST", "/api/call/crm.lead.get", &json!({"id": 99}));
        assert_eq!((said.status, said.json()["error_description"].as_str()), (400, Some("Not found")));

        let mut ada = Browser::of_a_colleague(&server);
        assert_eq!(ada.done("POST", "/api/call/profile", &json!({}))["result"]["ID"], "2");
        assert_eq!(ada.done("POST", "/api/call/crm.lead.list", &json!({}))["total"], 0, "{id} is not hers");
        let add = json!({"EMAIL": "new@example.com"});
        assert_eq!(ada.ask("POST", "/api/call/user.add", &add).status, 400, "for administrators");
        // Methods of REST 3.0 are called likewise, and refused likewise.
        let node = json!({"id": 1, "select": ["id", "name"]});
        let found = ada.done("POST", "/api/call/humanresources.node.get", &node);
        assert_eq!(found["result"]["item"]["id"], 1);
        let edit = json!({"id": 1, "name": "Ours"});
        assert_eq!(ada.ask("POST", "/api/call/humanresources.node.edit", &edit).status, 403);
        server.portal().ask(&["user", "passwd", "2"]);
        ada.ask("POST", "/api/call/profile", &json!({})).refusal(401, "NO_AUTH_FOUND");
    }
}

/// The program has scripts and styles only packed; who does not take them so gets them unpacked.
#[test]
fn a_script_is_the_same_packed_and_not() {
    let server = Portal::new().start();
    let browser = Browser::of(&server);
    let page = browser.http.send("GET", "/", &[], b"").text();
    let (_, rest) = page.split_once("src=\"/_portreeve/").expect("the console is built");
    let script = format!("/_portreeve/{}", rest.split_once('"').unwrap().0);
    let plain = browser.http.send("GET", &script, &[("accept-encoding", "identity")], b"");
    let packed = browser.http.send("GET", &script, &[("accept-encoding", "gzip")], b"");
    assert_eq!((plain.header("content-encoding"), packed.header("content-encoding")), ("", "gzip"));
    assert_eq!(plain.header("content-type"), "text/javascript; charset=utf-8");
    let mut text = String::new();
    GzDecoder::new(&*packed.body).read_to_string(&mut text).unwrap();
    assert_eq!(text, plain.text());
    assert_eq!(browser.http.send("GET", &format!("{script}.map"), &[], b"").status, 404);
}
