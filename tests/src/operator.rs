//! The operator's API, asked as a tool of an operator asks it.

use serde_json::Value;
use ureq::http::Request;
use ureq::{Agent, Body};

/// The operator's API of a server.
#[derive(Clone)]
pub struct Operator {
    url: String,
    token: String,
    agent: Agent,
}

impl Operator {
    /// At that URL, with that token.
    pub fn new(url: &str, token: &str) -> Operator {
        // A connection for each request: one may end after a refusal, with the next request on its way.
        let config = Agent::config_builder().http_status_as_error(false).max_idle_connections(0).build();
        Operator { url: url.to_owned(), token: token.to_owned(), agent: config.into() }
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same with another token.
    pub fn with_token(&self, token: &str) -> Operator {
        Operator { token: token.to_owned(), ..self.clone() }
    }

    /// Asks: the status and the answer, which is null where there is none.
    #[track_caller]
    pub fn ask(&self, verb: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let request = Request::builder()
            .method(verb)
            .uri(format!("{}{path}", self.url))
            .header("Authorization", format!("Bearer {}", self.token));
        let answer = match body {
            Some(body) => {
                let request = request.header("Content-Type", "application/json").body(body.to_string());
                self.agent.run(request.expect("a request"))
            }
            None => self.agent.run(request.body(()).expect("a request")),
        };
        let mut answer = answer.unwrap_or_else(|error| panic!("{verb} {path}: {error}"));
        let text = Body::read_to_string(answer.body_mut()).expect("UTF-8");
        let value = match text.is_empty() {
            true => Value::Null,
            false => serde_json::from_str(&text).unwrap_or_else(|_| panic!("{verb} {path}: no JSON: {text}")),
        };
        (answer.status().as_u16(), value)
    }

    /// Asks for what must succeed: the answer.
    #[track_caller]
    pub fn done(&self, verb: &str, path: &str, body: Option<Value>) -> Value {
        let (status, answer) = self.ask(verb, path, body);
        assert!((200..300).contains(&status), "{verb} {path}: {status} {answer}");
        answer
    }

    /// What a path shows.
    #[track_caller]
    pub fn read(&self, path: &str) -> Value {
        self.done("GET", path, None)
    }
}
