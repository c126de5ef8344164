//! The console: the pages on which people sign in and do what they do with webhooks ([`assets`]), and the
//! interface behind them: JSON ([`api`]), for programs in the browser.

mod api;
mod assets;
mod sign_in;
mod visit;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use portal::Portal;
use tokio::time::timeout;

use crate::courier::Courier;
use crate::http::Origin;
use sign_in::Guard;
use visit::{Visit, user_of};

/// The largest body: that of an integration is the largest and far below.
const BODY: usize = 64 * 1024;
/// The same where somebody who is signed in calls a method, which may bring a small file.
const CALL_BODY: usize = 4 * 1024 * 1024;
/// How much of a body that is too large is read all the same.
const THROWN_AWAY: usize = 64 * 1024 * 1024;
/// How long an answer may take to begin, the arrival of the request included.
const TIME: Duration = Duration::from_secs(30);
/// The same where the whole database is copied.
const LONG_TIME: Duration = Duration::from_secs(3600);
/// Nothing is loaded from elsewhere, and no script is but a file of ours.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; \
     connect-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

/// State shared by the pages.
#[derive(Clone)]
pub struct Console {
    portal: Portal,
    courier: Courier,
    guard: Arc<Guard>,
    streams: api::Streams,
    /// The portal's own folder, for files on their way to somebody.
    folder: PathBuf,
}

impl Console {
    /// Whether e-mail leaves the portal from here: there is a server for it, and deliveries are not off.
    fn sends_mail(&self) -> bool {
        self.courier.sends() && self.portal.core().settings().mail.is_set()
    }
}

/// Everything that the console answers.
pub fn router(portal: Portal, courier: Courier, folder: PathBuf) -> Router {
    let (guard, streams) = (Arc::default(), api::Streams::default());
    let console = Console { portal, courier, guard, streams, folder };
    Router::new()
        .merge(api::router())
        .fallback(assets::serve)
        .layer(from_fn_with_state(console.clone(), guarded))
        .with_state(console)
}

/// What holds for every answer: the time it may take, https where it is required, and headers that keep pages
/// and their secrets out of caches, frames, other sites and scripts.
async fn guarded(State(console): State<Console>, request: Request, next: Next) -> Response {
    let settings = console.portal.core().settings();
    let language = api::language(request.headers());
    let https = request.extensions().get::<Origin>().is_some_and(|origin| origin.https);
    let response = if settings.require_https && !https {
        to_https(&settings.base_url, &request)
    } else {
        let time = if request.uri().path() == api::BACKUP { LONG_TIME } else { TIME };
        timeout(time, read_whole(&console, request, next)).await.unwrap_or_else(|_| late())
    };
    let mut response = api::in_language(response, language);
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Reads the body before anybody looks at the request: one that is left unread costs the connection, on which
/// the browser may be sending its next request already.
async fn read_whole(console: &Console, request: Request, next: Next) -> Response {
    let (mut head, body) = request.into_parts();
    let calls = head.uri.path().starts_with(api::CALLS);
    let most = if calls && is_signed_in(console, &mut head).await { CALL_BODY } else { BODY };
    match timeout(TIME, read(body, most)).await {
        Ok(Some(body)) => next.run(Request::from_parts(head, body.into())).await,
        Ok(None) => {
            let text = "The request is too large.";
            refuse(StatusCode::PAYLOAD_TOO_LARGE, "REQUEST_ENTITY_TOO_LARGE", text)
        }
        Err(_) => late(),
    }
}

/// A body of up to so many bytes. What is longer is read and thrown away, within reason: a browser that is still
/// sending would not see the answer.
async fn read(mut body: Body, most: usize) -> Option<Bytes> {
    let (mut kept, mut length) = (BytesMut::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.ok()?.into_data() else { continue };
        length += data.len();
        if length <= most {
            kept.extend_from_slice(&data);
        } else if length > THROWN_AWAY {
            return None;
        }
    }
    (length <= most).then(|| kept.freeze())
}

async fn is_signed_in(console: &Console, head: &mut Parts) -> bool {
    let Ok(visit) = Visit::from_request_parts(head, console).await;
    match visit.session {
        Some(token) => {
            user_of(console, token).await.is_ok_and(|found| found.is_some_and(|who| !who.lacks_factor))
        }
        None => false,
    }
}

/// A password is not asked for, nor taken, over plain http.
fn to_https(base_url: &str, request: &Request<Body>) -> Response {
    let path = request.uri().path();
    if request.method() == Method::GET && base_url.starts_with("https://") {
        return Redirect::temporary(&format!("{base_url}{path}")).into_response();
    }
    refuse(StatusCode::FORBIDDEN, "INVALID_REQUEST", "The console is available over https only.")
}

fn late() -> Response {
    refuse(StatusCode::REQUEST_TIMEOUT, "ERROR_TIMEOUT", "The request took too long.")
}

/// Says no.
fn refuse(status: StatusCode, code: &str, text: &str) -> Response {
    api::refuse(status, code, text)
}
