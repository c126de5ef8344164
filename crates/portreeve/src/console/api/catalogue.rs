//! The registry: methods, events and the scopes that open them.

use std::io::Write;
use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use portal::method::Version;
use portal::texts::Language;
use portal::{describe, keys};

use super::ask::Caller;
use crate::console::assets::takes_gzip;

/// The whole registry in one language, which does not change while the server runs, and what tells it from another version's.
struct Whole {
    plain: Bytes,
    /// Nobody's words are in it, and no secret: so it may be packed without telling anything by its length.
    packed: Bytes,
    etag: HeaderValue,
}

impl Whole {
    fn of(language: Language) -> &'static Self {
        static ALL: [LazyLock<Whole>; 2] = [
            LazyLock::new(|| Whole::new(Language::English)),
            LazyLock::new(|| Whole::new(Language::Russian)),
        ];
        match language {
            Language::English => &ALL[0],
            Language::Russian => &ALL[1],
        }
    }

    fn new(language: Language) -> Self {
        let plain = describe::registry_json(language, &[Version::V2]).to_string();
        let digest = keys::hex(&keys::digest(plain.as_bytes())[..16]);
        // Weak: plain or packed, it says the same.
        let etag = HeaderValue::from_str(&format!("W/\"{digest}\"")).expect("hexadecimal digits in quotes");
        Whole { packed: gzip(plain.as_bytes()), plain: plain.into(), etag }
    }
}

fn gzip(plain: &[u8]) -> Bytes {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let written = packed.write_all(plain).and_then(|()| packed.finish());
    written.expect("memory takes everything that is written to it").into()
}

/// `{methods, scopes, events}`; 304 for a browser that has it.
pub async fn show(Caller(_, way): Caller, headers: HeaderMap) -> Response {
    let whole = Whole::of(way.language);
    // The browser keeps it, and asks each time whether it is still the same.
    let about = [
        (ETAG, whole.etag.clone()),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
        (VARY, HeaderValue::from_static("accept-encoding, accept-language")),
    ];
    if headers.get(IF_NONE_MATCH) == Some(&whole.etag) {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    let is_json = [(CONTENT_TYPE, "application/json")];
    if takes_gzip(&headers) {
        return (about, is_json, [(CONTENT_ENCODING, "gzip")], whole.packed.clone()).into_response();
    }
    (about, is_json, whole.plain.clone()).into_response()
}
