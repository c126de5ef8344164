//! Calling a portal through a webhook.

use serde_json::{Value, json};
use std::borrow::Borrow;
use std::path::PathBuf;
use std::time::Duration;
use ureq::Agent;
use ureq::http::{HeaderMap, Request};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// A webhook: `https://host/rest/1/secret/`. Never follows a redirect.
#[derive(Clone)]
pub struct Hook {
    url: String,
    agent: Agent,
}

impl Hook {
    /// From the URL as it was printed, and the authority to trust where it is https.
    pub fn new(url: &str, authority: &Option<PathBuf>) -> Hook {
        let url = if url.ends_with('/') { url.to_owned() } else { format!("{url}/") };
        Hook { url, agent: agent(authority) }
    }

    /// The URL, with the slash at its end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The secret in it.
    pub fn secret(&self) -> &str {
        self.url.trim_end_matches('/').rsplit('/').next().expect("split yields at least one part")
    }

    /// The URL up to `/rest/`, without a slash at its end.
    pub fn base(&self) -> &str {
        self.url.split_once("/rest/").expect("a webhook's URL").0
    }

    /// The same hook with another secret or user in its URL.
    pub fn replaced(&self, from: &str, to: &str) -> Hook {
        Hook { url: self.url.replace(from, to), agent: self.agent.clone() }
    }

    /// Calls a method as most clients do: POST with a JSON body.
    pub fn call(&self, method: &str, parameters: impl Borrow<Value>) -> Reply {
        self.post(method, "application/json", parameters.borrow().to_string().as_bytes())
    }

    /// Calls it and returns the `result`, which must be there.
    #[track_caller]
    pub fn result(&self, method: &str, parameters: impl Borrow<Value>) -> Value {
        self.call(method, parameters).result()
    }

    /// Runs a batch of commands, each with its key, and returns the five sections.
    #[track_caller]
    pub fn batch(&self, commands: &[(&str, &str)]) -> Value {
        let commands: serde_json::Map<_, _> =
            commands.iter().map(|(key, command)| ((*key).to_owned(), json!(command))).collect();
        self.result("batch", json!({"halt": 0, "cmd": commands}))
    }

    /// The path of a method behind this webhook: `/rest/1/secret/crm.lead.add`.
    pub fn path(&self, method: &str) -> String {
        let path = self.url.strip_prefix(self.base()).expect("a URL of that portal");
        format!("{path}{method}")
    }

    /// The path of a method in REST 3.0.
    pub fn newer(&self, method: &str) -> String {
        self.path(method).replacen("/rest/", "/rest/api/", 1)
    }

    /// POST of any body to what follows the webhook's URL.
    pub fn post(&self, rest: &str, content_type: &str, body: &[u8]) -> Reply {
        self.send("POST", rest, &[("content-type", content_type)], body)
    }

    /// POST of a form.
    pub fn form(&self, rest: &str, body: &str) -> Reply {
        self.post(rest, "application/x-www-form-urlencoded", body.as_bytes())
    }

    /// GET of what follows the webhook's URL.
    pub fn get(&self, rest: &str) -> Reply {
        self.send("GET", rest, &[], b"")
    }

    /// Any request. A `rest` that begins with `/` stands for the whole path.
    pub fn send(&self, verb: &str, rest: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        self.try_send(verb, rest, headers, body).unwrap_or_else(|error| panic!("{verb} {rest}: {error}"))
    }

    /// A call to a server that may go away meanwhile: `None` unless an answer came through whole. What a proxy says in its place is none.
    pub fn attempt(&self, method: &str, parameters: impl Borrow<Value>) -> Option<Reply> {
        let body = parameters.borrow().to_string();
        let reply = self.try_send("POST", method, &[("content-type", "application/json")], body.as_bytes());
        reply.ok().filter(|reply| !matches!(reply.status, 502 | 504))
    }

    fn try_send(
        &self,
        verb: &str,
        rest: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Reply, ureq::Error> {
        let url = if rest.starts_with('/') {
            format!("{}{rest}", self.base())
        } else {
            format!("{}{rest}", self.url)
        };
        let mut request = Request::builder().method(verb).uri(&url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (head, body) = self.agent.run(request.body(body)?)?.into_parts();
        let bytes = body.into_with_config().limit(1 << 30).read_to_vec()?;
        Ok(Reply {
            asked: format!("{verb} {rest}"),
            status: head.status.as_u16(),
            headers: head.headers,
            body: bytes,
        })
    }
}

fn agent(authority: &Option<PathBuf>) -> Agent {
    let mut config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .allow_non_standard_methods(true)
        .proxy(None)
        .timeout_global(Some(Duration::from_secs(120)));
    if let Some(file) = authority {
        let pem = std::fs::read(file).expect("the authority's certificate");
        let certificate = Certificate::from_pem(&pem).expect("a certificate in PEM");
        let roots = RootCerts::new_with_certs(&[certificate]);
        config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
    }
    config.build().into()
}

/// An answer, read whole.
pub struct Reply {
    asked: String,
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's text, empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body, which must be JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("{}: {} {error}: {}", self.asked, self.status, self.shown()),
        }
    }

    /// The whole answer, which must be a success with a complete envelope.
    #[track_caller]
    pub fn success(&self) -> Value {
        let answer = self.json();
        let complete =
            answer.get("result").is_some() && answer.get("time").is_some() && answer.get("error").is_none();
        assert!(self.status == 200 && complete, "{}: {} {}", self.asked, self.status, self.shown());
        answer
    }

    /// The `result` of a success.
    #[track_caller]
    pub fn result(&self) -> Value {
        self.success()["result"].take()
    }

    /// Asserts a refusal: its status, its `error`, no `result` and no `time`. Returns its description.
    #[track_caller]
    pub fn refusal(&self, status: u16, code: &str) -> String {
        let answer = self.json();
        let same = self.status == status && answer["error"] == code;
        assert!(same, "{}: expected {status} {code:?}, got {} {}", self.asked, self.status, self.shown());
        assert!(
            answer.get("result").is_none() && answer.get("time").is_none(),
            "{}: {}",
            self.asked,
            self.shown()
        );
        answer["error_description"].as_str().expect("a description").to_owned()
    }

    /// The beginning of the body, for messages.
    fn shown(&self) -> String {
        self.text().chars().take(600).collect()
    }
}
