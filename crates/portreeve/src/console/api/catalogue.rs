//! What can be called and listened to, and the scopes that open it: the registry.

use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use portal::{describe, keys};

use super::ask::Caller;
use super::json;

/// The whole registry, which does not change while the server runs, and what tells it from another version's.
struct Whole {
    text: String,
    etag: HeaderValue,
}

static WHOLE: LazyLock<Whole> = LazyLock::new(|| {
    let text = describe::registry_json().to_string();
    let digest = keys::hex(&keys::digest(text.as_bytes())[..16]);
    let etag = HeaderValue::from_str(&format!("\"{digest}\"")).expect("hexadecimal digits in quotes");
    Whole { text, etag }
});

/// `{methods, scopes, events}`; 304 for a browser that has it.
pub async fn show(_: Caller, headers: HeaderMap) -> Response {
    // The browser keeps it, and asks each time whether it is still the same.
    let about = [(ETAG, WHOLE.etag.clone()), (CACHE_CONTROL, HeaderValue::from_static("private, no-cache"))];
    if headers.get(IF_NONE_MATCH) == Some(&WHOLE.etag) {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    (about, json(StatusCode::OK, WHOLE.text.clone())).into_response()
}
