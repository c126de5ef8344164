//! Sending one delivery: the request, its redirects, and how it ended.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue, InvalidHeaderValue, LOCATION, USER_AGENT};
use hyper::{Request, Response, StatusCode, Uri};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use portal::Moment;
use portal::outbound::guard::{Guard, Refusal, Target};
use portal::outbound::queue::Attempt;
use tokio::time::timeout;

use super::answer::Answer;
use super::connect::{Connector, Guards};
use super::failure::Failure;
use crate::clock;

/// How many redirects are followed.
const MOST_REDIRECTS: usize = 3;
/// A connection that nobody uses is closed after this time.
const IDLE: Duration = Duration::from_secs(20);

const WEBHOOK_ID: HeaderName = HeaderName::from_static("webhook-id");
const WEBHOOK_TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const WEBHOOK_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");
const HOP: HeaderName = HeaderName::from_static("x-portreeve-hop");
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// Where a handler is, as the guard and as the client read it.
#[derive(Clone, Debug)]
pub struct Address {
    target: Target,
    uri: Uri,
}

impl Address {
    /// Checks a handler's URL.
    ///
    /// # Errors
    /// What the guard says.
    pub fn new(guard: &Guard, url: &str) -> Result<Self, Refusal> {
        Address::of(guard.check(url)?)
    }

    fn of(target: Target) -> Result<Self, Refusal> {
        let uri = target.as_str().parse().map_err(|_| Refusal::NoUrl)?;
        Ok(Address { target, uri })
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
    /// How many events lie before whatever comes of this one.
    pub hop: u8,
}

impl Parcel {
    /// Its headers, as the handler of that agent gets them.
    ///
    /// # Errors
    /// When a text is none for a header.
    pub fn headers(&self, agent: HeaderValue) -> Result<[(HeaderName, HeaderValue); 6], InvalidHeaderValue> {
        Ok([
            (CONTENT_TYPE, FORM),
            (USER_AGENT, agent),
            (WEBHOOK_ID, HeaderValue::from_str(&self.message_id)?),
            (WEBHOOK_TIMESTAMP, self.timestamp.into()),
            (WEBHOOK_SIGNATURE, HeaderValue::from_str(&self.signature)?),
            (HOP, u16::from(self.hop).into()),
        ])
    }
}

/// How a try ended.
#[derive(Debug)]
pub struct Outcome {
    /// When it began.
    pub started: Moment,
    /// How long it took.
    pub took: Duration,
    /// The handler's last answer, or why there was none.
    pub result: Result<Answer, Failure>,
}

impl Outcome {
    /// Of a delivery that could not even be tried.
    pub fn unsent(now: Moment, failure: Failure) -> Self {
        Outcome { started: now, took: Duration::ZERO, result: Err(failure) }
    }

    /// What the log says of it. `secrets` are kept out.
    pub fn attempt(&self, secrets: [&str; 2]) -> Attempt {
        let (status, error, answer) = match &self.result {
            Ok(answer) => (Some(answer.status.as_u16()), None, answer.text(&secrets)),
            Err(failure) => (None, Some(failure.to_string()), String::new()),
        };
        let took = i64::try_from(self.took.as_micros()).unwrap_or(i64::MAX);
        Attempt { started: self.started, took, status, error, answer }
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
    guard: Guards,
    agent: HeaderValue,
    timeout: Duration,
}

impl Sender {
    /// A client that connects with `connector`, names itself `agent`, has `timeout` for all that a delivery
    /// takes, and keeps at most `idle` unused connections to one host and port.
    pub fn new(
        connector: HttpsConnector<Connector>,
        guard: Guards,
        agent: HeaderValue,
        timeout: Duration,
        idle: usize,
    ) -> Self {
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(idle)
            .build(connector);
        Sender { client, guard, agent, timeout }
    }

    /// Sends a parcel and follows where it is sent on to.
    pub async fn send(&self, to: &Address, parcel: &Parcel) -> Outcome {
        let (started, clock) = (clock::now(), Instant::now());
        let result = timeout(self.timeout, self.deliver(to, parcel)).await;
        let result = result.unwrap_or(Err(Failure::TimedOut));
        Outcome { started, took: clock.elapsed(), result }
    }

    async fn deliver(&self, to: &Address, parcel: &Parcel) -> Result<Answer, Failure> {
        let mut response = self.request(self.post(&to.uri, parcel)?).await?;
        let (mut moved, mut taken): (Option<Address>, bool) = (None, false);
        for _ in 0..MOST_REDIRECTS {
            let Some(location) = location(&response) else { return Answer::read(response).await };
            let from = moved.as_ref().unwrap_or(to);
            let next = Address::of((self.guard)().follow(&from.target, location)?)?;
            taken |= response.status() == StatusCode::SEE_OTHER;
            let request = if taken { self.get(&next.uri)? } else { self.post(&next.uri, parcel)? };
            response = self.request(request).await?;
            moved = Some(next);
        }
        match location(&response) {
            Some(_) => Err(Failure::TooManyRedirects),
            None => Answer::read(response).await,
        }
    }

    async fn request(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Failure> {
        self.client.request(request).await.map_err(|error| Failure::beneath(&error))
    }

    /// The delivery. A handler that has moved, for which ever reason (301, 302, 307, 308), gets it too: to ask
    /// there with GET, as browsers do after 301 and 302, would lose the event and look like success.
    fn post(&self, uri: &Uri, parcel: &Parcel) -> Result<Request<Full<Bytes>>, Failure> {
        let mut request = Request::post(uri.clone());
        let other = |error: hyper::http::Error| Failure::Other(error.to_string());
        let headers = parcel.headers(self.agent.clone()).map_err(|error| other(error.into()))?;
        if let Some(all) = request.headers_mut() {
            all.extend(headers);
        }
        request.body(Full::new(parcel.body.clone())).map_err(other)
    }

    /// What 303 asks for: the handler has taken the delivery, and its answer is elsewhere.
    fn get(&self, uri: &Uri) -> Result<Request<Full<Bytes>>, Failure> {
        let request = Request::builder().uri(uri.clone()).header(USER_AGENT, self.agent.clone());
        request.body(Full::default()).map_err(|error| Failure::Other(error.to_string()))
    }
}

/// Where an answer sends us on to.
fn location(response: &Response<Incoming>) -> Option<&str> {
    let followed = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    response.headers().get(LOCATION).filter(|_| followed)?.to_str().ok()
}
