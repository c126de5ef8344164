//! A browser at the console.

use crate::{Hook, PASSWORD, Reply, Server};
use serde_json::{Value, json};

/// A browser: it keeps cookies, and the token that the console told it.
pub struct Browser {
    /// For requests that the browser would not make.
    pub http: Hook,
    /// Name and value of each cookie.
    pub cookies: Vec<(String, String)>,
    /// The token for requests that change something.
    pub token: String,
}

impl Browser {
    /// One that has been nowhere yet.
    pub fn of(server: &Server) -> Browser {
        Browser { http: server.hook("crm"), cookies: Vec::new(), token: String::new() }
    }

    /// One that has asked who is there, and so has a token.
    pub fn visiting(server: &Server) -> Browser {
        let mut browser = Browser::of(server);
        assert_eq!(browser.get("/api/session").json()["user"], Value::Null);
        browser
    }

    /// One that has signed in.
    pub fn signed_in(server: &Server, email: &str, password: &str) -> Browser {
        let mut browser = Browser::visiting(server);
        let reply = browser.sign_in(email, password);
        assert_eq!(reply.status, 200, "{}", reply.text());
        browser
    }

    /// One of the first administrator.
    pub fn of_the_administrator(server: &Server) -> Browser {
        Browser::signed_in(server, "admin@localhost", PASSWORD)
    }

    /// One of a user without special rights, who is added and signed in.
    pub fn of_a_colleague(server: &Server) -> Browser {
        let email = "ada@example.com";
        let add = ["user", "add", "--email", email, "--name", "Ada", "--last-name", "Berg"];
        let said = server.portal().run(&add).stderr;
        let password = between(&String::from_utf8_lossy(&said), " is ", " ").expect("a password, shown once");
        Browser::signed_in(server, email, &password)
    }

    /// Signs in, to be remembered.
    pub fn sign_in(&mut self, email: &str, password: &str) -> Reply {
        let entry = json!({"email": email, "password": password, "remember": true});
        self.ask("POST", "/api/session", &entry)
    }

    /// Opens a page, or reads of the interface.
    pub fn get(&mut self, path: &str) -> Reply {
        self.ask("GET", path, &Value::Null)
    }

    /// Asks the interface: JSON with the sign-in and the token.
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

    /// The same, which must succeed: what it brought; null for nothing.
    #[track_caller]
    pub fn done(&mut self, verb: &str, path: &str, body: &Value) -> Value {
        let reply = self.ask(verb, path, body);
        assert!((200..300).contains(&reply.status), "{verb} {path}: {} {}", reply.status, reply.text());
        if reply.status == 204 { Value::Null } else { reply.json() }
    }

    /// What the interface says at a path.
    #[track_caller]
    pub fn read(&mut self, path: &str) -> Value {
        self.done("GET", path, &Value::Null)
    }

    /// Notes cookies and the token, and looks at what must hold for every answer.
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
        if let Ok(Value::Object(session)) = serde_json::from_str(&reply.text())
            && let Some(Value::String(token)) = session.get("token")
            && session.contains_key("portal")
        {
            self.token.clone_from(token);
        }
        assert!(reply.header("content-security-policy").starts_with("default-src 'none'"));
        // What holds no secret may be kept, by this browser alone and never without asking again.
        assert!(["no-store", "private, no-cache"].contains(&reply.header("cache-control")));
        for (name, value) in [
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

/// What stands between two texts.
pub fn between(text: &str, from: &str, to: &str) -> Option<String> {
    Some(text.split_once(from)?.1.split_once(to)?.0.to_owned())
}
