//! The pages on which people look after their webhooks: who gets in, what they may do there, and what keeps
//! secrets where they belong.

use it::{Hook, PASSWORD, Portal, Reply, Server};
use serde_json::json;

const LIST: &str = "/devops/list/";
const NEW: &str = "/devops/edit/in-hook/0/";

/// A browser: it keeps cookies, and the token of the last form it was shown.
struct Browser {
    http: Hook,
    cookies: Vec<(String, String)>,
    token: String,
}

impl Browser {
    fn of(server: &Server) -> Browser {
        Browser { http: server.hook("crm"), cookies: Vec::new(), token: String::new() }
    }

    /// One that has signed in.
    fn signed_in(server: &Server, email: &str, password: &str) -> Browser {
        let mut browser = Browser::of(server);
        browser.get("/sign-in");
        let reply = browser.sign_in(email, password);
        assert_eq!((reply.status, reply.header("location")), (303, LIST), "{}", reply.text());
        browser.get(NEW);
        browser
    }

    fn sign_in(&mut self, email: &str, password: &str) -> Reply {
        self.post("/sign-in", &[("email", email), ("password", password)])
    }

    fn get(&mut self, path: &str) -> Reply {
        let cookie = self.cookie();
        let reply = self.http.send("GET", path, &[("cookie", &cookie)], b"");
        self.keep(reply)
    }

    fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let token = self.token.clone();
        self.post_as(&token, path, fields)
    }

    fn post_as(&mut self, token: &str, path: &str, fields: &[(&str, &str)]) -> Reply {
        let fields = [("token", token)].into_iter().chain(fields.iter().copied());
        let body: Vec<String> = fields.map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        let cookie = self.cookie();
        let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let reply = self.http.send("POST", path, &headers, body.join("&").as_bytes());
        self.keep(reply)
    }

    /// Notes cookies and the token, and looks at what must hold for every page.
    fn keep(&mut self, reply: Reply) -> Reply {
        for line in reply.headers.get_all("set-cookie") {
            let line = line.to_str().unwrap();
            assert!(line.contains("; HttpOnly; SameSite=Lax"), "{line}");
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        if let Some(token) = between(&reply.text(), "name=\"token\" value=\"", "\"") {
            self.token = token;
        }
        assert!(reply.header("content-security-policy").starts_with("default-src 'none'"));
        for (name, value) in [
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(reply.header(name), value);
        }
        reply
    }

    fn cookie(&self) -> String {
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    /// Makes a webhook and returns the path of its page.
    fn make(&mut self, name: &str) -> String {
        let fields = [("name", name), ("comment", "For <tests>"), ("scopes[]", "crm"), ("scopes[]", "user")];
        let reply = self.post(NEW, &fields);
        assert_eq!(reply.status, 303, "{}", reply.text());
        reply.header("location").to_owned()
    }
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn between(text: &str, from: &str, to: &str) -> Option<String> {
    Some(text.split_once(from)?.1.split_once(to)?.0.to_owned())
}

#[test]
fn a_webhook_is_made_shown_used_and_deleted() {
    let server = Portal::new().start();
    let mut browser = Browser::signed_in(&server, "Admin@localhost", PASSWORD);
    let page = browser.make("<i>Form</i>");

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
    let page = browser.make("Kept");
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
    let page = Browser::signed_in(&server, "admin@localhost", PASSWORD).make("Mine");
    let add = ["user", "add", "--email", "ada@example.com", "--name", "Ada", "--last-name", "Berg"];
    let output = server.portal().run(&add);
    let password = between(&String::from_utf8(output.stderr).unwrap(), " is ", " ").unwrap();
    let mut ada = Browser::signed_in(&server, "ada@example.com", &password);
    assert!(!ada.get(LIST).text().contains("Mine"));
    assert_eq!(ada.get(&page).status, 404);
    for act in ["show", "delete"] {
        assert_eq!(ada.post(&format!("{page}{act}"), &[]).status, 404, "{act}");
    }
    assert!(server.portal().ask(&["hook", "list"]).contains("Mine"));
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
