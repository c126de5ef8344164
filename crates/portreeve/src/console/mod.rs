//! The console: pages on which people sign in and look after their own webhooks. Plain HTML made on the
//! server; no script is needed or allowed. Beside it, the same as JSON ([`api`]).

mod api;
mod form;
mod hooks;
mod outbound;
mod page;
mod sign_in;
mod visit;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use portal::Portal;
use tokio::time::timeout;

use crate::courier::Courier;
use crate::http::Origin;
use sign_in::Guard;

/// The largest form; that of a webhook is the largest and far below.
const FORM: usize = 64 * 1024;
/// How long a page may take, the arrival of its form included.
const TIME: Duration = Duration::from_secs(30);

/// What the pages share.
#[derive(Clone)]
pub struct Console {
    portal: Portal,
    courier: Courier,
    guard: Arc<Guard>,
}

/// All pages.
pub fn router(portal: Portal, courier: Courier) -> Router {
    let console = Console { portal, courier, guard: Arc::default() };
    Router::new()
        .route("/", get(async || Redirect::to(hooks::LIST)))
        .route("/devops/", get(async || Redirect::to(hooks::LIST)))
        .route(sign_in::PATH, get(sign_in::page).post(sign_in::submit))
        .route("/sign-out", post(sign_in::sign_out))
        .route(hooks::LIST, get(hooks::list))
        .route("/devops/edit/in-hook/0/", get(hooks::blank).post(hooks::create))
        .route("/devops/edit/in-hook/{id}/", get(hooks::one))
        .route("/devops/edit/in-hook/{id}/show", post(hooks::show))
        .route("/devops/edit/in-hook/{id}/delete", post(hooks::delete))
        .route(page::STYLE_PATH, get(page::style))
        .merge(api::router())
        .fallback(async || page::message(StatusCode::NOT_FOUND, "There is no such page."))
        .layer(from_fn_with_state(console.clone(), guarded))
        .with_state(console)
}

/// What holds for every page: the time it may take, https where it is required, and headers that keep pages
/// and their secrets out of caches, frames, other sites and scripts.
async fn guarded(State(console): State<Console>, request: Request, next: Next) -> Response {
    let settings = &console.portal.core().settings;
    let https = request.extensions().get::<Origin>().is_some_and(|origin| origin.https);
    let mut response = if settings.require_https && !https {
        to_https(&settings.base_url, &request)
    } else {
        let path = request.uri().path().to_owned();
        let late = || refuse(&path, StatusCode::REQUEST_TIMEOUT, "ERROR_TIMEOUT", "That took too long.");
        timeout(TIME, read_whole(request, next)).await.unwrap_or_else(|_| late())
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, page::POLICY),
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
async fn read_whole(request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    match to_bytes(body, FORM).await {
        Ok(body) => next.run(Request::from_parts(head, body.into())).await,
        Err(_) => {
            let path = head.uri.path();
            refuse(
                path,
                StatusCode::PAYLOAD_TOO_LARGE,
                "REQUEST_ENTITY_TOO_LARGE",
                "That is too much at once.",
            )
        }
    }
}

/// A password is not asked for, nor taken, over plain http.
fn to_https(base_url: &str, request: &Request<Body>) -> Response {
    let path = request.uri().path();
    if request.method() == Method::GET && base_url.starts_with("https://") {
        return Redirect::temporary(&format!("{base_url}{path}")).into_response();
    }
    refuse(path, StatusCode::FORBIDDEN, "INVALID_REQUEST", "The console is served over https only.")
}

/// Says no in the way that suits the path: with a page, or in JSON.
fn refuse(path: &str, status: StatusCode, code: &str, text: &str) -> Response {
    if path.starts_with(api::PREFIX) { api::refuse(status, code, text) } else { page::message(status, text) }
}

/// Why there is no page: the store failed, and the log says how.
pub struct Failure;

impl From<portal::Error> for Failure {
    fn from(error: portal::Error) -> Self {
        tracing::error!(%error, "a page of the console failed");
        Failure
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        page::message(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong; the server's log says what.")
    }
}

/// A text that never changes while the server runs.
fn asset(content_type: &'static str, text: &'static str) -> Response {
    let headers = [(CONTENT_TYPE, content_type), (CACHE_CONTROL, "max-age=3600")];
    (headers, text).into_response()
}
