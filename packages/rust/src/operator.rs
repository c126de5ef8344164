//! Requests in JSON, to the portal and to the operator's API.

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;

use crate::{Error, Result};

/// The operator's API of a portal.
#[derive(Clone)]
pub struct Operator {
    url: String,
    token: String,
    agent: Agent,
}

impl Operator {
    pub(crate) fn new(url: String, token: String) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).proxy(None).build();
        Operator { url, token, agent: config.into() }
    }

    /// Sends a request and returns what is answered, null for nothing.
    ///
    /// # Errors
    /// [`Error::Refused`], or the request failed.
    pub fn ask(&self, verb: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let bearer = format!("Bearer {}", self.token);
        self.send(verb, &format!("{}{path}", self.url), &[("authorization", &bearer)], body)
    }

    /// Calls a method of the portal and returns the whole answer.
    pub(crate) fn call(&self, url: &str, params: &Value) -> Result<Value> {
        self.send("POST", url, &[], Some(params))
    }

    fn send(&self, verb: &str, url: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Result<Value> {
        let mut request = Request::builder().method(verb).uri(url).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut answer = self.agent.run(request.body(body).map_err(ureq::Error::from)?)?;
        let text = answer.body_mut().with_config().limit(1 << 30).read_to_string()?;
        let status = answer.status().as_u16();
        if answer.status().is_success() {
            return Ok(serde_json::from_str(&text).unwrap_or_default());
        }
        let said: Value = serde_json::from_str(&text).unwrap_or_else(|_| json!({"error_description": text}));
        let part = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
        Err(Error::Refused { status, code: part("error"), description: part("error_description") })
    }
}
