//! The REST door: a request becomes a call, and what comes of it an answer (protocol 1 to 3).

use std::mem::take;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE,
    HeaderMap, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};
use portal::hooks::Secret;
use portal::{Done, Moment, Portal, moment};
use tracing::Level;
use wire::params::Body;
use wire::path::{self, Target};
use wire::time::Times;
use wire::{Answer, Fault, Format, Limits, Text, answer, fault, params};

use super::Origin;
use super::body::Bounds;
use crate::clock;
use crate::courier::Courier;
use crate::settings::Settings;

/// The header that counts the events before a call.
const HOP: &str = "x-portreeve-hop";
/// Bodies from here on are decoded and used where that holds up nobody else.
const LARGE: usize = 256 * 1024;

/// What stands behind `/rest/`.
pub struct Door {
    portal: Portal,
    courier: Courier,
    bounds: Bounds,
}

impl Door {
    /// The door to a portal, whose events this courier delivers.
    pub fn new(portal: Portal, courier: Courier, settings: &Settings) -> Self {
        let mib = |number: u32| number as usize * 1024 * 1024;
        let bounds = Bounds::new(mib(settings.max_body), settings.body_time(), mib(settings.body_memory));
        Door { portal, courier, bounds }
    }

    /// The portal behind it.
    pub fn portal(&self) -> &Portal {
        &self.portal
    }

    /// Answers a request. Cookies mean nothing here, and so does the verb, but that only POST has a body.
    pub async fn answer(&self, request: Request<Incoming>, origin: Origin) -> Response<Full<Bytes>> {
        if request.method() == Method::OPTIONS {
            return preflight();
        }
        let received = clock::now();
        let (head, body) = request.into_parts();
        let target = path::parse(head.uri.path());
        let format = target.format;
        let logged = tracing::enabled!(Level::DEBUG).then(|| target.method.clone());
        let outcome = match self.call(&head, body, target, origin, received).await {
            Ok(done) => contained(|| self.success(done, received, format)).flatten(),
            Err(fault) => Err(fault),
        };
        let response = outcome.unwrap_or_else(|fault| failure(&fault, format));
        if let Some(method) = logged {
            tracing::debug!(method, status = response.status().as_u16(), address = %origin.address, "called");
        }
        response
    }

    async fn call(
        &self,
        head: &Parts,
        body: Incoming,
        target: Target<'_>,
        origin: Origin,
        received: Moment,
    ) -> Result<Done, Fault> {
        let is_post = head.method == Method::POST;
        // Another verb's body means nothing, but left unread it would cost the connection.
        let held = self.bounds.read(body).await?;
        let bytes = held.bytes();
        let begin = || {
            let content_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
            let body = Body { is_post, content_type, bytes };
            let params = params::decode(head.uri.query().unwrap_or(""), &body, &Limits::default());
            let credentials = target.user.zip(target.secret);
            self.portal.call(portal::Request {
                credentials: credentials.map(|(user, secret)| (Text::new(user), Secret::from(secret))),
                method: target.method,
                params,
                address: origin.address,
                https: origin.https,
                received,
                hop: hop(head),
            })
        };
        let pending = match bytes.len() {
            ..LARGE => contained(begin)?,
            _ => contained(|| tokio::task::block_in_place(begin))?,
        };
        let mut done = pending.await.map_err(portal::Error::into_fault)?;
        self.courier.carry(take(&mut done.raised));
        Ok(done)
    }

    fn success(&self, done: Done, received: Moment, format: Format) -> Result<Response<Full<Bytes>>, Fault> {
        let settings = self.portal.core().settings();
        let answer = Answer {
            result: done.reply.result,
            next: done.reply.next,
            total: done.reply.total,
            time: Times {
                start_us: received.0,
                finish_us: clock::now().0.max(received.0),
                processing_us: done.processing,
                offset_seconds: moment::offset(&settings.zone, received.seconds()),
                operating: settings.limits.operating.map(|_| done.operating.seconds),
                operating_reset_at: done.operating.reset_at,
            },
        };
        let body = self.bounds.hold(answer::render(&answer, format))?;
        Ok(respond(StatusCode::OK, format, body))
    }
}

/// Runs a part of the work whose panic must cost nothing but the request. The panic itself is logged by the
/// hook for all panics.
fn contained<T>(work: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| fault::INTERNAL_SERVER_ERROR.into())
}

/// A refusal, as the protocol has it.
pub fn failure(fault: &Fault, format: Format) -> Response<Full<Bytes>> {
    let status = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    respond(status, format, answer::render_fault(fault, format))
}

/// What browsers ask before they let a page of another origin call.
fn preflight() -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    let headers = response.headers_mut();
    open_to_pages(headers);
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, OPTIONS"));
    response
}

fn respond(status: StatusCode, format: Format, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    open_to_pages(headers);
    response
}

/// The headers of every answer (protocol 1.9).
pub fn open_to_pages(headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("origin, content-type, accept"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

/// How many events lie before this call: a handler that hands the header of a delivery on lets us see circles.
fn hop(head: &Parts) -> u8 {
    let count = head.headers.get(HOP).and_then(|value| value.to_str().ok());
    count.and_then(|count| count.trim().parse().ok()).unwrap_or(0)
}
