//! `GET /health`, for whoever starts and watches the server.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};

/// The server listens only once it is ready, so it is.
pub fn answer() -> Response<Full<Bytes>> {
    json(StatusCode::OK, r#"{"status":"ok"}"#)
}

/// For paths that lead nowhere.
pub fn nothing_here() -> Response<Full<Bytes>> {
    json(StatusCode::NOT_FOUND, r#"{"status":"not found"}"#)
}

fn json(status: StatusCode, body: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(body.as_bytes())));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
