//! Sending one delivery: the request, and how it ended.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue, USER_AGENT};
use hyper::{Request, Uri};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use portal::Moment;
use portal::guard::{Guard, Refusal};
use portal::outbound::queue::Attempt;
use tokio::time::{Instant as Deadline, timeout_at};

use super::answer::Answer;
use super::connect::Connector;
use super::failure::Failure;

/// A connection that nobody uses is closed after this time.
const IDLE: Duration = Duration::from_secs(20);

/// A header of Standard Webhooks.
pub const WEBHOOK_ID: HeaderName = HeaderName::from_static("webhook-id");
/// A header of Standard Webhooks.
pub const WEBHOOK_TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
/// A header of Standard Webhooks.
pub const WEBHOOK_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");
const HOP: HeaderName = HeaderName::from_static("x-portreeve-hop");
const TEST: HeaderName = HeaderName::from_static("x-portreeve-test");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// Where a handler is, as the guard admits it.
#[derive(Clone, Debug)]
pub struct Address {
    uri: Uri,
}

impl Address {
    /// Checks a handler's URL.
    ///
    /// # Errors
    /// What the guard says.
    pub fn new(guard: &Guard, url: &str) -> Result<Self, Refusal> {
        let uri = guard.check(url)?.as_str().parse().map_err(|_| Refusal::NoUrl)?;
        Ok(Address { uri })
    }
}

/// A delivery as it goes over the wire.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// The form.
    pub body: Bytes,
    /// `webhook-id`
    pub message_id: String,
    /// `webhook-timestamp`, Unix seconds
    pub timestamp: i64,
    /// `webhook-signature`
    pub signature: String,
    /// `x-portreeve-hop`: how many events lie before whatever comes of this one, and the proof of it. None for whoever is not
    /// the webhook's handler.
    pub hop: Option<String>,
    /// Whether it is a test event, which no change is behind.
    pub is_test: bool,
    /// `traceparent`, where traces are exported: what the handler does is part of the attempt.
    pub traceparent: Option<HeaderValue>,
    /// What the handler wants beside it.
    pub further: Arc<HeaderMap>,
}

impl Parcel {
    /// Its headers, as the handler of that agent gets them.
    ///
    /// # Errors
    /// When a text is none for a header.
    pub fn headers(&self, agent: HeaderValue) -> Result<HeaderMap, InvalidHeaderValue> {
        let all = [
            (CONTENT_TYPE, FORM),
            (USER_AGENT, agent),
            (WEBHOOK_ID, HeaderValue::from_str(&self.message_id)?),
            (WEBHOOK_TIMESTAMP, self.timestamp.into()),
            (WEBHOOK_SIGNATURE, HeaderValue::from_str(&self.signature)?),
        ];
        let hop = self.hop.as_deref().map(HeaderValue::from_str).transpose()?.map(|hop| (HOP, hop));
        let test = self.is_test.then_some((TEST, HeaderValue::from_static("1")));
        // What the handler's owner chose goes before.
        let ours = |_: &&HeaderValue| !self.further.contains_key(&TRACEPARENT);
        let trace = self.traceparent.as_ref().filter(ours).map(|trace| (TRACEPARENT, trace.clone()));
        let further = self.further.iter().map(|(name, value)| (name.clone(), value.clone()));
        Ok(all.into_iter().chain(hop).chain(test).chain(trace).chain(further).collect())
    }
}

/// How a try ended.
#[derive(Debug)]
pub struct Outcome {
    /// When it began.
    pub started: Moment,
    /// How long it took.
    pub took: Duration,
    /// The handler's answer, or why there was none.
    pub result: Result<Answer, Failure>,
    /// The fault rule that hit it.
    pub rule: Option<i64>,
}

impl Outcome {
    /// Of a delivery that could not even be tried.
    pub fn unsent(now: Moment, failure: Failure) -> Self {
        Outcome { started: now, took: Duration::ZERO, result: Err(failure), rule: None }
    }

    /// What the log says of it. `secrets` are kept out.
    pub fn attempt(&self, secrets: &[&str]) -> Attempt {
        let took = i64::try_from(self.took.as_micros()).unwrap_or(i64::MAX);
        let attempt = Attempt { took, ..Attempt::at(self.started) };
        let ruled = self.rule.map(|rule| format!("hit by fault rule {rule}"));
        match &self.result {
            Ok(answer) => Attempt {
                status: Some(answer.status.as_u16()),
                error: answer.remark().or(ruled),
                answer: answer.text(secrets),
                headers: answer.headers(secrets),
                ..attempt
            },
            Err(failure) => {
                let words = ruled.map_or(failure.to_string(), |ruled| format!("{failure} ({ruled})"));
                Attempt { error: Some(words), ..attempt }
            }
        }
    }

    /// A short word for metrics.
    pub fn word(&self) -> &'static str {
        match &self.result {
            Ok(answer) => match answer.status.as_u16() / 100 {
                2 => "delivered",
                3 => "status_3xx",
                4 => "status_4xx",
                _ => "status_5xx",
            },
            Err(failure) => failure.word(),
        }
    }
}

/// The HTTP client of the courier.
pub struct Sender {
    client: Client<HttpsConnector<Connector>, Full<Bytes>>,
    agent: HeaderValue,
    timeout: Duration,
}

impl Sender {
    /// A client that connects with `connector`, names itself `agent`, has `timeout` for all that a delivery
    /// takes, and keeps at most `idle` unused connections to one host and port.
    pub fn new(
        connector: HttpsConnector<Connector>,
        agent: HeaderValue,
        timeout: Duration,
        idle: usize,
    ) -> Self {
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(idle)
            .build(connector);
        Sender { client, agent, timeout }
    }

    /// Sends a parcel, now. A redirect is an answer like any other: nobody but the handler gets the delivery, with its token
    /// and its signature, and to ask elsewhere with GET would lose the event and look like success.
    pub async fn send(&self, to: &Address, parcel: &Parcel, now: Moment) -> Outcome {
        match parcel.headers(self.agent.clone()) {
            Ok(headers) => self.post(to, headers, parcel.body.clone(), now).await,
            Err(error) => Outcome::unsent(now, Failure::Other(error.to_string())),
        }
    }

    /// Posts a body under these headers, as this client where they do not say as whom.
    pub async fn post(&self, to: &Address, mut headers: HeaderMap, body: Bytes, now: Moment) -> Outcome {
        headers.entry(USER_AGENT).or_insert_with(|| self.agent.clone());
        let began = Instant::now();
        let deadline = Deadline::now() + self.timeout;
        let result = self.ask(&to.uri, headers, body, deadline).await;
        Outcome { started: now, took: began.elapsed(), result, rule: None }
    }

    async fn ask(
        &self,
        uri: &Uri,
        headers: HeaderMap,
        body: Bytes,
        deadline: Deadline,
    ) -> Result<Answer, Failure> {
        let request = Request::post(uri.clone()).body(Full::new(body));
        let mut request = request.map_err(|error| Failure::Other(error.to_string()))?;
        *request.headers_mut() = headers;
        let request = self.client.request(request);
        let response = timeout_at(deadline, request).await.map_err(|_| Failure::TimedOut)?;
        let response = response.map_err(|error| Failure::beneath(&error))?;
        Ok(Answer::read(response, deadline).await)
    }
}
