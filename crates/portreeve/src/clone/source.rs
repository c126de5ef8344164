//! The portal that is copied, through one of its webhooks: batches of lists, at the pace that it allows.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::header::{CONTENT_TYPE, USER_AGENT};
use hyper::{Request, StatusCode, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map as Json, Value, json};
use tokio::time::{sleep, timeout};
use url::Url;

use super::pace::Pace;
use super::screen::Screen;
use crate::courier::{Anywhere, Failure, anywhere, outside};

/// Commands of one request.
pub const COMMANDS: usize = 50;
/// How long an answer may take: a batch has fifty lists to make.
const LONGEST: Duration = Duration::from_secs(180);
/// Bytes of an answer.
const LARGEST: usize = 256 << 20;
/// How long is waited at first where the portal wants us to wait, and at most.
pub(super) const WAIT: (u64, u64) = (1, 60);
/// How long is waited where a single command of a batch is to come later.
const PAUSE: Duration = Duration::from_secs(10);
/// Tries of a request that does not reach the portal.
pub(super) const TRIES: u32 = 8;
/// What stands in answers in the place of the webhook's secret, which links of the portal may have in them.
pub(super) const LEFT_OUT: &str = "webhook-secret-left-out";
/// Seconds of operating time from which on we wait until it falls: the portal refuses a method beyond 480 in ten minutes.
const OPERATING: f64 = 400.0;

/// A list that is asked for.
pub struct Command {
    /// The method.
    pub method: String,
    /// Its parameters.
    pub params: Value,
}

/// What became of a command.
pub enum Outcome {
    /// It was answered.
    Answer(Answer),
    /// It is to be asked again later.
    Later,
    /// It was refused, in these words.
    Refused {
        /// The code.
        code: String,
        /// The text.
        text: String,
    },
}

/// The answer of a command.
pub struct Answer {
    /// What it answered.
    pub result: Value,
    /// How many rows there are.
    pub total: Option<i64>,
    /// Where the next page begins.
    pub next: Option<i64>,
}

/// The portal. Its URL is a secret, which no message contains.
pub struct Source {
    pub(super) client: Client<Anywhere, Full<Bytes>>,
    /// For where the portal leads, which is no private address.
    pub(super) outside: Client<Anywhere, Full<Bytes>>,
    pub(super) url: Url,
    pub(super) pace: Pace,
    /// Requests so far.
    pub requests: u64,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({})", self.portal())
    }
}

impl Source {
    /// The portal behind the URL of a webhook; `authority` holds certificates that are believed beside those of the system.
    ///
    /// # Errors
    /// When it is none, in words that do not repeat it.
    pub fn new(url: &str, authority: Option<&Path>, rate: u32) -> Result<Self> {
        let shape = "--from is the URL of an inbound webhook: https://portal.example.com/rest/1/secret/";
        let mut url = Url::parse(url.trim()).ok().context(shape)?;
        ensure!(matches!(url.scheme(), "http" | "https") && url.has_host(), shape);
        let path: Vec<&str> =
            url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
        let is_webhook = matches!(path[..], [.., "rest", user, _] if user.parse::<u32>().is_ok());
        ensure!(is_webhook, shape);
        let path = format!("/{}/", path.join("/"));
        url.set_path(&path);
        url.set_query(None);
        url.set_fragment(None);
        let client =
            |connector| Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector);
        let (client, outside) = (client(anywhere(authority)?), client(outside(authority)?));
        Ok(Source { client, outside, url, pace: Pace::new(rate), requests: 0 })
    }

    /// Its address, without what is secret.
    pub fn portal(&self) -> String {
        let port = self.url.port().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{}{port}", self.url.scheme(), self.url.host_str().unwrap_or_default())
    }

    /// What is secret in its URL.
    pub(super) fn secret(&self) -> &str {
        self.url.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default()
    }

    /// Calls one method that is no list.
    ///
    /// # Errors
    /// When the portal refuses it or is not reached.
    pub async fn call(&mut self, method: &str, screen: &mut Screen) -> Result<Value> {
        let mut answer = self.post(method, &json!({}), screen).await?;
        Ok(answer.remove("result").unwrap_or_default())
    }

    /// Asks for lists, at most [`COMMANDS`] of them; what became of each, in their order.
    ///
    /// # Errors
    /// When the portal refuses the webhook or is not reached.
    pub async fn batch(&mut self, commands: &[Command], screen: &mut Screen) -> Result<Vec<Outcome>> {
        let named = |(at, command): (usize, &Command)| {
            let query = query(&command.params);
            (format!("c{at}"), Value::from(format!("{}?{query}", command.method)))
        };
        let cmd: Json<String, Value> = commands.iter().enumerate().map(named).collect();
        let answer = self.post("batch", &json!({"halt": 0, "cmd": cmd}), screen).await?;
        let sections = answer.get("result").cloned().unwrap_or_default();
        self.rest(&sections["result_time"], screen).await;
        let outcomes: Vec<Outcome> =
            (0..commands.len()).map(|at| outcome(&sections, &format!("c{at}"))).collect();
        if outcomes.iter().any(|outcome| matches!(outcome, Outcome::Later)) {
            screen.waits("a method has taken as long as it may", PAUSE.as_secs());
            sleep(PAUSE).await;
        }
        Ok(outcomes)
    }

    /// Waits where a method has taken nearly as long as it may.
    async fn rest(&self, times: &Value, screen: &mut Screen) {
        let members = |value: &Value| match value {
            Value::Object(map) => map.values().cloned().collect(),
            Value::Array(list) => list.clone(),
            _ => Vec::new(),
        };
        let waits = members(times).into_iter().filter_map(|time: Value| {
            let spent = time["operating"].as_f64().filter(|spent| *spent > OPERATING);
            spent.and_then(|_| Some(time["operating_reset_at"].as_f64()? - time["finish"].as_f64()?))
        });
        let longest = waits.fold(0.0_f64, f64::max).min(600.0);
        if longest > 0.0 {
            screen.waits("the portal's operating time is nearly used up", longest as u64);
            sleep(Duration::from_secs_f64(longest)).await;
        }
    }

    /// Posts to a method until there is an answer, as late as the portal wants it.
    async fn post(&mut self, method: &str, body: &Value, screen: &mut Screen) -> Result<Json<String, Value>> {
        let (mut wait, mut failed) = (WAIT.0, 0);
        loop {
            self.pace.turn().await;
            self.requests += 1;
            let reason = match self.send(method, body).await {
                Ok((status, answer)) => match judged(status, &answer) {
                    Judged::Fine => return Ok(answer),
                    Judged::Later(reason) => reason,
                    Judged::Refused(text) => bail!("{} refuses the webhook: {text}", self.portal()),
                },
                Err(error) => {
                    failed += 1;
                    if failed >= TRIES {
                        return Err(error.context(format!("{} does not answer", self.portal())));
                    }
                    format!("{} does not answer: {error:#}", self.portal())
                }
            };
            screen.waits(&reason, wait);
            sleep(Duration::from_secs(wait)).await;
            wait = (wait * 2).min(WAIT.1);
        }
    }

    async fn send(&self, method: &str, body: &Value) -> Result<(StatusCode, Json<String, Value>)> {
        let uri: Uri = self.url.join(&format!("{method}.json"))?.as_str().parse().ok().context("no URL")?;
        let request = Request::post(uri)
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, concat!("portreeve/", env!("CARGO_PKG_VERSION")))
            .body(Full::new(Bytes::from(body.to_string())))?;
        let answered = async {
            // The client's own errors may name the URL.
            let response = self.client.request(request).await;
            let response = response.map_err(|error| anyhow!("{}", Failure::beneath(&error)))?;
            let status = response.status();
            let body = Limited::new(response.into_body(), LARGEST).collect().await;
            let body = body.ok().context("the answer broke off or is too large")?.to_bytes();
            anyhow::Ok((status, body))
        };
        let (status, body) = timeout(LONGEST, answered).await.ok().context("the answer took too long")??;
        Ok((status, decoded(status, &body, self.secret())?))
    }
}

/// The members of an answer, without the webhook's secret; none of one that is no success.
pub fn decoded(status: StatusCode, body: &[u8], secret: &str) -> Result<Json<String, Value>> {
    let mut answer = serde_json::from_slice::<Value>(body).ok();
    answer.iter_mut().for_each(|answer| leave_out(answer, secret));
    match answer {
        Some(Value::Object(answer)) => Ok(answer),
        _ if status.is_success() => bail!("the answer is no JSON"),
        _ => Ok(Json::new()),
    }
}

/// Leaves a secret out of all texts.
fn leave_out(value: &mut Value, secret: &str) {
    match value {
        Value::String(text) if !secret.is_empty() && text.contains(secret) => {
            *text = text.replace(secret, LEFT_OUT);
        }
        Value::Array(list) => list.iter_mut().for_each(|value| leave_out(value, secret)),
        Value::Object(map) => map.values_mut().for_each(|value| leave_out(value, secret)),
        _ => {}
    }
}

/// What an answer as a whole says.
pub enum Judged {
    Fine,
    Later(String),
    Refused(String),
}

/// Errors that mean: later.
fn is_later(code: &str) -> bool {
    ["QUERY_LIMIT_EXCEEDED", "OPERATION_TIME_LIMIT", "OVERLOAD_LIMIT"]
        .iter()
        .any(|later| code.eq_ignore_ascii_case(later))
}

pub fn judged(status: StatusCode, answer: &Json<String, Value>) -> Judged {
    let code = answer.get("error").map(plain).unwrap_or_default();
    if is_later(&code) || matches!(status.as_u16(), 429 | 502 | 503 | 504) {
        return Judged::Later(format!(
            "the portal wants fewer requests ({})",
            if code.is_empty() { status.to_string() } else { code }
        ));
    }
    if code.is_empty() && status.is_success() {
        return Judged::Fine;
    }
    let text = answer.get("error_description").map(plain).filter(|text| !text.is_empty());
    Judged::Refused(format!(
        "{} {code}{}",
        status.as_u16(),
        text.map(|text| format!(", {text}")).unwrap_or_default()
    ))
}

pub fn outcome(sections: &Value, key: &str) -> Outcome {
    let error = &sections["result_error"][key];
    if !error.is_null() {
        let (code, text) = (plain(&error["error"]), plain(&error["error_description"]));
        return if is_later(&code) { Outcome::Later } else { Outcome::Refused { code, text } };
    }
    let number = |section: &str| {
        let value = &sections[section][key];
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    };
    let result = sections["result"][key].clone();
    Outcome::Answer(Answer { result, total: number("result_total"), next: number("result_next") })
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Parameters as a command has them: `filter[>ID]=17`, encoded.
pub fn query(params: &Value) -> String {
    let mut pairs = Vec::new();
    if let Value::Object(map) = params {
        map.iter().for_each(|(name, value)| flatten(name.clone(), value, &mut pairs));
    }
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect::<Vec<_>>()
        .join("&")
}

fn flatten(name: String, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| flatten(format!("{name}[{key}]"), value, pairs));
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(key, value)| flatten(format!("{name}[{key}]"), value, pairs));
        }
        other => pairs.push((name, plain(other))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_become_a_query() {
        let params = json!({"filter": {">ID": 17}, "select": ["*", "UF_*"], "start": -1});
        assert_eq!(
            query(&params),
            "filter%5B%3EID%5D=17&select%5B0%5D=%2A&select%5B1%5D=UF%5F%2A&start=%2D1"
        );
    }

    #[test]
    fn a_url_is_that_of_a_webhook_and_is_never_repeated() {
        let source = Source::new("https://portal.example.com/rest/1/s3cret", None, 2).unwrap();
        assert_eq!(
            (source.portal().as_str(), format!("{source:?}").contains("s3cret")),
            ("https://portal.example.com", false)
        );
        for wrong in [
            "portal.example.com/rest/1/s3cret",
            "https://portal.example.com/s3cret/",
            "ftp://p/rest/1/s3cret",
        ] {
            let error = format!("{:#}", Source::new(wrong, None, 2).unwrap_err());
            assert!(!error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn what_the_portal_is_too_busy_for_comes_later() {
        let answer = |error: &str| json!({"error": error}).as_object().cloned().unwrap();
        let later = |status: u16, error: &str| {
            matches!(judged(StatusCode::from_u16(status).unwrap(), &answer(error)), Judged::Later(_))
        };
        assert!(later(503, "QUERY_LIMIT_EXCEEDED") && later(429, "OPERATION_TIME_LIMIT") && later(502, ""));
        assert!(!later(401, "INVALID_CREDENTIALS") && !later(200, ""));
    }
}
