//! A browser at the console.

use crate::{Hook, Reply, Server};
use serde_json::Value;

/// The page on which the console begins.
const LIST: &str = "/devops/list/";
/// A page with a form.
const NEW: &str = "/devops/edit/in-hook/0/";

/// A browser: it keeps cookies, and the token of the last form it was shown.
pub struct Browser {
    /// For requests that the browser would not make.
    pub http: Hook,
    /// Name and value of each cookie.
    pub cookies: Vec<(String, String)>,
    /// The token of the last form.
    pub token: String,
}

impl Browser {
    /// One that has been nowhere yet.
    pub fn of(server: &Server) -> Browser {
        Browser { http: server.hook("crm"), cookies: Vec::new(), token: String::new() }
    }

    /// One that has signed in.
    pub fn signed_in(server: &Server, email: &str, password: &str) -> Browser {
        let mut browser = Browser::of(server);
        browser.get("/sign-in");
        let reply = browser.sign_in(email, password);
        assert_eq!((reply.status, reply.header("location")), (303, LIST), "{}", reply.text());
        browser.get(NEW);
        browser
    }

    /// One of a user without special rights, who is added and signed in.
    pub fn of_a_colleague(server: &Server) -> Browser {
        let email = "ada@example.com";
        let add = ["user", "add", "--email", email, "--name", "Ada", "--last-name", "Berg"];
        let said = server.portal().run(&add).stderr;
        let password = between(&String::from_utf8_lossy(&said), " is ", " ").expect("a password, shown once");
        Browser::signed_in(server, email, &password)
    }

    /// Fills the sign-in form in, and sends it.
    pub fn sign_in(&mut self, email: &str, password: &str) -> Reply {
        self.post("/sign-in", &[("email", email), ("password", password)])
    }

    /// Opens a page.
    pub fn get(&mut self, path: &str) -> Reply {
        let cookie = self.cookie();
        let reply = self.http.send("GET", path, &[("cookie", &cookie)], b"");
        self.keep(reply)
    }

    /// Sends a form with the token of the last one.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let token = self.token.clone();
        self.post_as(&token, path, fields)
    }

    /// Sends a form with that token.
    pub fn post_as(&mut self, token: &str, path: &str, fields: &[(&str, &str)]) -> Reply {
        let fields = [("token", token)].into_iter().chain(fields.iter().copied());
        let body: Vec<String> = fields.map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        let cookie = self.cookie();
        let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let reply = self.http.send("POST", path, &headers, body.join("&").as_bytes());
        self.keep(reply)
    }

    /// Asks the interface for programs in the page: JSON with the sign-in and the token.
    pub fn ask(&mut self, verb: &str, path: &str, body: &Value) -> Reply {
        let (cookie, token) = (self.cookie(), self.token.clone());
        let headers = [
            ("cookie", cookie.as_str()),
            ("x-portreeve-token", token.as_str()),
            ("content-type", "application/json"),
        ];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let reply = self.http.send(verb, path, &headers, body.as_bytes());
        self.keep(reply)
    }

    /// Notes cookies and the token, and looks at what must hold for every page.
    fn keep(&mut self, reply: Reply) -> Reply {
        for line in reply.headers.get_all("set-cookie") {
            let line = line.to_str().expect("a cookie of plain letters");
            assert!(line.contains("; HttpOnly; SameSite=Lax"), "{line}");
            let (pair, _) = line.split_once(';').expect("it was just seen to have attributes");
            let (name, value) = pair.split_once('=').expect("a cookie has a name and a value");
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

    /// The header `Cookie`.
    pub fn cookie(&self) -> String {
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// What stands between two texts.
pub fn between(text: &str, from: &str, to: &str) -> Option<String> {
    Some(text.split_once(from)?.1.split_once(to)?.0.to_owned())
}
