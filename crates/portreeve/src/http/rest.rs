//! REST: turns a request into a call, and its outcome into an answer (protocol 1 to 3).

use std::mem::take;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};
use portal::calls::Seen;
use portal::hooks::Secret;
use portal::idempotent::Key;
use portal::outbound::hop;
use portal::{Done, Moment, Performed, Portal, moment};
use store::Pending;
use tokio::time::{sleep, timeout};
use tracing::{Level, Span};
use wire::params::Body;
use wire::path::{self, Target};
use wire::time::Times;
use wire::{Answer, Fault, Format, Limits, Map, Text, Version, answer, exception, fault, params};

use super::body::{Arriving, Bounds, Held};
use super::pack::{Packable, may_be_packed};
use super::record::Record;
use super::slow::{Slow, Watch};
use super::upload::Room;
use super::{Origin, note_refused, sabotage};
use crate::clock;
use crate::courier::Courier;
use crate::logs;
use crate::metrics::Metrics;
use crate::settings::Settings;
use crate::traces;

/// The header that counts the events before a call.
const HOP: &str = "x-portreeve-hop";
/// The header with the key under which a call is performed once.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The header of an answer that was kept.
const IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// How long a small body is awaited before its sender is looked at.
const GRACE: Duration = Duration::from_millis(50);
/// Bodies from here on are decoded and used where that holds up nobody else.
const LARGE: usize = 256 * 1024;

/// Serves `/rest/`.
pub struct Rest {
    pub(super) portal: Portal,
    pub(super) courier: Courier,
    bounds: Bounds,
    /// What files may cost that come by themselves.
    pub(super) uploads: Room,
    pub(super) slow: Slow,
}

impl Rest {
    /// Serves a portal, whose events this courier delivers.
    pub fn new(portal: Portal, courier: Courier, settings: &Settings, metrics: Arc<Metrics>) -> Self {
        let mib = |number: u32| number as usize * 1024 * 1024;
        let bounds = Bounds::new(mib(settings.max_body), settings.body_time(), mib(settings.body_memory));
        let uploads = Room { size: u64::from(settings.max_upload) << 20, pause: settings.body_time() };
        Rest { portal, courier, bounds, uploads, slow: Slow::new(settings.slow_call, metrics) }
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
        let received = clock::machine();
        let (head, body) = request.into_parts();
        let mut body = Arriving::from(body);
        let Target { version, user, secret, method, format } = path::parse(head.uri.path());
        let logged = tracing::enabled!(Level::DEBUG).then(|| logs::method(&method));
        let ask = portal::Request {
            credentials: user.zip(secret).map(|(user, secret)| (Text::new(user), Secret::from(secret))),
            version,
            method,
            key: None,
            params: Map::new(),
            address: origin.address,
            https: origin.https,
            received,
            hop: self.hop(&head),
            seen: seen(),
        };
        let mut record = Record::begin(&self.portal, &ask);
        let seen = Arc::clone(&ask.seen);
        let outcome = match self.call(&head, &mut body, ask, &mut record).await {
            Ok(done) => {
                let takes_packed = head.headers.contains_key(ACCEPT_ENCODING);
                contained(|| self.success(done, received, format, takes_packed)).flatten()
            }
            Err(fault) => Err(fault),
        };
        let outcome = match seen.decided.hit() {
            Some(hit) => sabotage::late(hit, outcome).await,
            None => outcome,
        };
        if let Err(fault) = &outcome {
            traces::refused(&Span::current(), fault);
            record.iter_mut().for_each(|record| record.refused(fault));
        }
        let mut response = outcome.unwrap_or_else(|fault| match version {
            Version::V2 => failure(&fault, format),
            Version::V3 => refusal(fault),
        });
        if let Some(hit) = seen.decided.hit() {
            response = sabotage::spoil(hit, response);
        }
        if let Some(rule) = seen.decided.rule() {
            sabotage::mark(&mut response, rule);
        }
        if let Some(record) = record {
            record.answered(&self.portal, &response, clock::machine());
        }
        if !body.is_over() {
            // What is left of the body is not worth reading.
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        if let Some(method) = logged {
            tracing::debug!(method, status = response.status().as_u16(), address = %origin.address, "called");
        }
        response
    }

    async fn call(
        &self,
        head: &Parts,
        body: &mut Arriving,
        mut ask: portal::Request,
        record: &mut Option<Record>,
    ) -> Result<Done, Fault> {
        let method = match self.portal.screen(&ask).await {
            Ok(method) => method,
            Err(fault) => return Err(self.turn_away(fault, body).await),
        };
        match head.headers.get(IDEMPOTENCY_KEY).map(|header| Key::read(header.as_bytes())).transpose() {
            Ok(key) => ask.key = key,
            Err(fault) => return Err(self.turn_away(fault, body).await),
        }
        let is_post = head.method == Method::POST;
        let held = match self.read(body, is_post, method, &ask).await {
            Ok(held) => held,
            Err(Unread::Refused(fault)) => return Err(self.turn_away(fault, body).await),
            Err(Unread::Broken(fault)) => {
                note_refused(&fault, &ask.method, ask.address);
                return Err(fault);
            }
        };
        let bytes = held.bytes();
        let watch = Watch::begin(&method.name, &ask.seen);
        let begin = || {
            let content_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
            let body = Body { is_post, content_type, bytes };
            ask.params = match ask.version {
                Version::V2 => params::decode(head.uri.query().unwrap_or(""), &body, &Limits::default()),
                Version::V3 => params::decode_strictly(&body, &Limits::default())?,
            };
            if let Some(record) = record.as_mut() {
                record.asked(&ask.params);
            }
            Ok::<_, Fault>(self.portal.perform(method, ask))
        };
        let pending = match bytes.len() {
            ..LARGE => contained(begin).flatten()?,
            _ => contained(|| tokio::task::block_in_place(begin)).flatten()?,
        };
        self.outcome(pending, &watch, record.as_mut()).await
    }

    /// The outcome of a call. What it raised is handed to the courier.
    pub(super) async fn outcome(
        &self,
        pending: Pending<portal::Result<Done>>,
        watch: &Watch,
        record: Option<&mut Record>,
    ) -> Result<Done, Fault> {
        let outcome = match pending.await {
            Ok(mut done) => {
                if let Some(record) = record {
                    record.performed(&done);
                }
                self.courier.carry(take(&mut done.raised));
                done.reply.fault.take().map_or(Ok(done), Err)
            }
            Err(error) => Err(error.into_fault()),
        };
        self.slow.ended(watch, outcome.as_ref().map_or_else(|fault| fault.status, |_| 200));
        outcome
    }

    /// Reads a body of somebody who was let in.
    pub(super) async fn read_of(&self, body: &mut Arriving, owner: i64) -> Result<Held, Fault> {
        self.bounds.read(body, Some(owner)).await
    }

    /// Reads a body. A large one, and one that keeps us waiting, is read only for somebody who may call the method.
    async fn read(
        &self,
        body: &mut Arriving,
        is_post: bool,
        method: &'static portal::method::Method,
        ask: &portal::Request,
    ) -> Result<Held, Unread> {
        let admit = async || {
            let admitted = self.portal.admit(method, ask).await.map(|caller| caller.user_id);
            admitted.map_err(|error| Unread::Refused(error.into_fault()))
        };
        if body.is_over() {
            return Ok(Held::nothing());
        }
        if !is_post {
            // Another verb's body means nothing, but left unread it would cost the connection.
            return self.bounds.skip(body).await.map(|()| Held::nothing()).map_err(Unread::Broken);
        }
        if !body.is_small() {
            let owner = admit().await?;
            return self.bounds.read(body, Some(owner)).await.map_err(Unread::Broken);
        }
        let mut reading = pin!(self.bounds.read(body, None));
        let read = match timeout(GRACE, &mut reading).await {
            Ok(read) => read,
            Err(_) => {
                admit().await?;
                reading.await
            }
        };
        read.map_err(Unread::Broken)
    }

    /// A refusal. A small body is read all the same if it is there, which saves the connection.
    async fn turn_away(&self, fault: Fault, body: &mut Arriving) -> Fault {
        if body.is_small() {
            let _ = timeout(GRACE, self.bounds.skip(body)).await;
        }
        fault
    }

    /// How many events lie before this call: a handler that hands the header of a delivery on lets us see circles.
    pub(super) fn hop(&self, head: &Parts) -> u8 {
        let header = head.headers.get(HOP).and_then(|value| value.to_str().ok());
        header.map_or(0, |header| hop::read(&self.portal.core().keys, header, clock::machine()))
    }

    pub(super) fn success(
        &self,
        done: Done,
        received: Moment,
        format: Format,
        takes_packed: bool,
    ) -> Result<Response<Full<Bytes>>, Fault> {
        if let Some(link) = &done.reply.sends {
            return redirect(link);
        }
        let (core, settings) = (self.portal.core(), self.portal.core().settings());
        // A clock that stands, or is moved meanwhile, takes nothing from how long it took.
        let took = clock::machine().0.saturating_sub(received.0).max(0);
        let received = core.clock().at(received);
        let answer = Answer {
            result: done.reply.result,
            next: done.reply.next,
            total: done.reply.total,
            time: Times {
                start_us: received.0,
                finish_us: received.0.saturating_add(took),
                processing_us: done.processing,
                offset_seconds: moment::offset(&settings.zone, received.seconds()),
                operating: done.metered.then_some(done.operating.seconds),
                operating_reset_at: done.operating.reset_at,
            },
        };
        let body = answer::render(&answer, format);
        let packable = takes_packed && may_be_packed(&body);
        let mut response = respond(StatusCode::OK, format, self.bounds.hold(body, done.user_id)?);
        if packable {
            response.extensions_mut().insert(Packable);
        }
        if let Some(once) = &done.once {
            mark(response.headers_mut(), once);
        }
        Ok(response)
    }
}

/// What is learned of a call whose caller can be kept waiting.
pub(super) fn seen() -> Arc<Seen> {
    Arc::new(Seen::waiting(|pause| Box::pin(sleep(pause))))
}

/// Why a body was not read.
enum Unread {
    /// Its sender may not call
    Refused(Fault),
    /// It is too large or too slow, or broke off
    Broken(Fault),
}

/// Runs a part of the work whose panic must cost nothing but the request. The panic itself is logged by the
/// hook for all panics.
pub(super) fn contained<T>(work: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| fault::INTERNAL_SERVER_ERROR.into())
}

/// A refusal, as the protocol has it.
pub fn failure(fault: &Fault, format: Format) -> Response<Full<Bytes>> {
    let status = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    respond(status, format, answer::render_fault(fault, format))
}

/// A refusal of REST 3.0.
fn refusal(fault: Fault) -> Response<Full<Bytes>> {
    let fault = exception::of(fault);
    let status = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    respond(status, Format::Json, answer::render_exception(&fault))
}

/// Says under which key a call was performed, and whether that was before.
fn mark(headers: &mut HeaderMap, once: &Performed) {
    if let Ok(key) = HeaderValue::from_str(once.key.as_str()) {
        headers.insert(IDEMPOTENCY_KEY, key);
    }
    if once.before {
        headers.insert(IDEMPOTENT_REPLAYED, HeaderValue::from_static("true"));
    }
}

/// Sends a client to the file that it asked for. The link is a secret for as long as it holds.
fn redirect(link: &str) -> Result<Response<Full<Bytes>>, Fault> {
    let location = HeaderValue::try_from(link).map_err(|_| fault::INTERNAL_SERVER_ERROR)?;
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::FOUND;
    let headers = response.headers_mut();
    open_to_pages(headers);
    headers.insert(LOCATION, location);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

/// What browsers ask before they let a page of another origin call.
fn preflight() -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    let headers = response.headers_mut();
    open_to_pages(headers);
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, OPTIONS"));
    response
}

pub(super) fn respond(status: StatusCode, format: Format, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
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
