//! The pages on which people look after their webhooks: who gets in, what they may do there, and what keeps
//! secrets where they belong.

use it::sink::{Reply, Sink};
use it::{Browser, Hook, PASSWORD, Portal, between};
use serde_json::json;

const LIST: &str = "/devops/list/";
const NEW: &str = "/devops/edit/in-hook/0/";

/// Makes a webhook and returns the path of its page.
fn make(browser: &mut Browser, name: &str) -> String {
    let fields = [("name", name), ("comment", "For <tests>"), ("scopes[]", "crm"), ("scopes[]", "user")];
    let reply = browser.post(NEW, &fields);
    assert_eq!(reply.status, 303, "{}", reply.text());
    reply.header("location").to_owned()
}

#[test]
fn a_webhook_is_made_shown_used_and_deleted() {
    let server = Portal::new().start();
    let mut browser = Browser::signed_in(&server, "Admin@localhost", PASSWORD);
    let page = make(&mut browser, "<i>Form</i>");

    let list = browser.get(LIST).text();
    assert!(list.contains("&lt;i&gt;Form&lt;/i&gt;") && !list.contains("<i>"), "{list}");
    let masked = browser.get(&page).text();
    assert!(masked.contains("/rest/1/******/") && masked.contains("For &lt;tests&gt;"), "{masked}");
    let shown = browser.post(&format!("{page}show"), &[]).text();
    let url = between(&shown, "readonly value=\"", "\"").unwrap();
    let hook = server.to_hook(&url);
    assert!(!masked.contains(hook.secret()) && !list.contains(hook.secret()));
    assert_eq!(hook.result("scope", json!({})), json!(["crm", "user"]));

    let reply = browser.post(&format!("{page}delete"), &[]);
    assert_eq!((reply.status, reply.header("location")), (303, LIST));
    hook.get("profile").refusal(401, "INVALID_CREDENTIALS");
    assert_eq!(browser.get(&page).status, 404);
    assert!(!server.portal().log().contains(hook.secret()));
}

#[test]
fn nobody_gets_in_without_the_password() {
    let server = Portal::new().start();
    let mut browser = Browser::of(&server);
    for path in [LIST, NEW, "/devops/edit/in-hook/1/"] {
        let reply = browser.get(path);
        let to = format!("/sign-in?next={path}");
        assert_eq!((reply.status, reply.header("location")), (303, to.as_str()));
    }
    browser.get("/sign-in");
    for (email, password) in [("admin@localhost", "wrong"), ("nobody@localhost", PASSWORD), ("", "")] {
        let reply = browser.sign_in(email, password);
        assert_eq!(reply.status, 422);
        assert!(reply.text().contains("The e-mail address or the password is wrong."), "{email}");
    }
    assert_eq!(browser.get(LIST).status, 303);
}

/// Without the form's token, another site could make the browser send it.
#[test]
fn a_form_needs_its_token() {
    let server = Portal::new().start();
    let mut browser = Browser::of(&server);
    let token = browser.token.clone();
    assert_eq!(browser.post_as(&token, "/sign-in", &[("email", "admin@localhost")]).status, 403);
    let mut browser = Browser::signed_in(&server, "admin@localhost", PASSWORD);
    let other = Browser::signed_in(&server, "admin@localhost", PASSWORD).token;
    let page = make(&mut browser, "Kept");
    for token in ["", "x", &other] {
        for path in [NEW, &format!("{page}show"), &format!("{page}delete"), "/sign-out"] {
            assert_eq!(browser.post_as(token, path, &[("name", "x")]).status, 403, "{path}");
        }
    }
    assert_eq!(browser.get(&page).status, 200);
}

#[test]
fn webhooks_of_others_do_not_exist() {
    let server = Portal::new().start();
    let page = make(&mut Browser::signed_in(&server, "admin@localhost", PASSWORD), "Mine");
    let mut ada = Browser::of_a_colleague(&server);
    assert!(!ada.get(LIST).text().contains("Mine"));
    assert_eq!(ada.get(&page).status, 404);
    for act in ["show", "delete"] {
        assert_eq!(ada.post(&format!("{page}{act}"), &[]).status, 404, "{act}");
    }
    assert!(server.portal().ask(&["hook", "list"]).contains("Mine"));
}

/// The owner is told what became of an outbound webhook; everything else about it is for the interface.
#[test]
fn outbound_webhooks_are_listed_with_their_state() {
    let gone = Sink::start(|_| Reply::status(410));
    let server = Portal::new().with("--allow-handlers", "127.0.0.1").start();
    let mut browser = Browser::signed_in(&server, "admin@localhost", PASSWORD);
    assert!(!browser.get(LIST).text().contains("Outbound"));
    server.portal().outbound(&gone.url(), "ONCRMLEADADD", &["--comment", "x"]);
    let list = browser.get(LIST).text();
    assert!(list.contains("ONCRMLEADADD") && list.contains(&gone.url()) && list.contains("Active"), "{list}");
    server.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
    gone.wait_for(1);
    let portal = server.stop();
    let server = portal.start();
    let mut browser = Browser::signed_in(&server, "admin@localhost", PASSWORD);
    let list = browser.get(LIST).text();
    assert!(list.contains("Disabled. The handler answered 410"), "{list}");
    assert!(!Browser::of_a_colleague(&server).get(LIST).text().contains("ONCRMLEADADD"));
}

#[test]
fn a_sign_in_ends() {
    let server = Portal::new().start();
    let mut browser = Browser::signed_in(&server, "admin@localhost", PASSWORD);
    let before = browser.cookies.clone();
    assert_eq!(browser.post("/sign-out", &[]).header("location"), "/sign-in");
    browser.cookies = before;
    assert_eq!(browser.get(LIST).status, 303, "the old cookie is worth nothing");

    let mut browser = Browser::signed_in(&server, "admin@localhost", PASSWORD);
    server.portal().ask(&["user", "passwd", "1"]);
    assert_eq!(browser.get(LIST).status, 303, "a new password ends what the old one began");
}

#[test]
fn guessing_is_slowed_down() {
    let server = Portal::new().start();
    let mut browser = Browser::of(&server);
    browser.get("/sign-in");
    let mut tries = (0..40).map(|_| browser.sign_in("admin@localhost", "guess"));
    let refused = tries.find(|reply| reply.status != 422).expect("guessing goes on and on");
    assert_eq!((refused.status, refused.header("retry-after")), (429, "30"));
    assert_eq!(browser.sign_in("admin@localhost", PASSWORD).status, 429, "not even the right one");
}

/// REST knows webhooks only (protocol 7.2).
#[test]
fn a_sign_in_opens_no_method() {
    let server = Portal::new().start();
    let browser = Browser::signed_in(&server, "admin@localhost", PASSWORD);
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
    let reply = browser.get("/sign-in");
    assert!(reply.header("set-cookie").ends_with("; Secure"), "{}", reply.header("set-cookie"));
    let plain = Hook::new(&browser.http.url().replace("https://", "http://"), &None);
    let reply = plain.get("/sign-in");
    assert_eq!(reply.status, 307);
    assert_eq!(reply.header("location"), format!("{}/sign-in", server.base()));
    assert_eq!(plain.send("POST", "/sign-in", &[], b"email=x").status, 403);
}
