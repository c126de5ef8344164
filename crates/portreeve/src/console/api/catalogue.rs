//! What can be called and listened to, and the scopes that open it: the registry.

use std::io::Write;
use std::sync::LazyLock;

use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use portal::{describe, keys};

use super::ask::Caller;
use crate::console::assets::takes_gzip;

/// The whole registry, which does not change while the server runs, and what tells it from another version's.
struct Whole {
    plain: Bytes,
    /// Nobody's words are in it, and no secret: so it may be packed without telling anything by its length.
    packed: Bytes,
    etag: HeaderValue,
}

static WHOLE: LazyLock<Whole> = LazyLock::new(|| {
    let plain = describe::registry_json().to_string();
    let digest = keys::hex(&keys::digest(plain.as_bytes())[..16]);
    // Weak: plain or packed, it says the same.
    let etag = HeaderValue::from_str(&format!("W/\"{digest}\"")).expect("hexadecimal digits in quotes");
    Whole { packed: gzip(plain.as_bytes()), plain: plain.into(), etag }
});

fn gzip(plain: &[u8]) -> Bytes {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let written = packed.write_all(plain).and_then(|()| packed.finish());
    written.expect("memory takes everything that is written to it").into()
}

/// `{methods, scopes, events}`; 304 for a browser that has it.
pub async fn show(_: Caller, headers: HeaderMap) -> Response {
    // The browser keeps it, and asks each time whether it is still the same.
    let about = [
        (ETAG, WHOLE.etag.clone()),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
        (VARY, HeaderValue::from_name(ACCEPT_ENCODING)),
    ];
    if headers.get(IF_NONE_MATCH) == Some(&WHOLE.etag) {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    let is_json = [(CONTENT_TYPE, "application/json")];
    if takes_gzip(&headers) {
        return (about, is_json, [(CONTENT_ENCODING, "gzip")], WHOLE.packed.clone()).into_response();
    }
    (about, is_json, WHOLE.plain.clone()).into_response()
}
