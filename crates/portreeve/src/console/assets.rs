//! The front end: the files that `cargo xtask web` made of `web/`, kept inside the program.

use std::borrow::Cow;
use std::io::Read;

use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName,
    HeaderValue, VARY,
};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use flate2::read::GzDecoder;
use rust_embed::RustEmbed;

use super::refuse;

/// `web/dist`, of which scripts and styles are here only packed; `build.rs` has the program made anew when it changes.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[exclude = ".*"]
#[exclude = "*.js"]
#[exclude = "*.css"]
struct Files;

/// The page; everything that people see is one of its views.
const PAGE: &str = "index.html";
/// Scripts, styles and pictures. Their names have a hash of what is in them.
const ASSETS: &str = "/_portreeve/";
/// What the page has views for, exactly or up to a slash; of everything else it says that there is no such page.
const VIEWS: &[&str] = &[
    "/sign-in",
    "/devops",
    "/company",
    "/crm",
    "/online",
    "/portal",
    "/account",
    "/tasks",
    "/workgroups",
    "/calendar",
    "/booking",
    "/contact_center",
    "/docs",
    "/lists",
    "/stream",
    "/bizproc",
    "/shop",
];
/// What changes its name when it changes may be kept.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// What is shown where the program was built without the front end.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
     <meta name=\"viewport\" content=\"width=device-width\"><title>Portreeve</title>\
     <h1>The console is not built</h1>\
     <p>This program was built without its web pages. Everything else works: webhooks, events, the command line.</p>\
     <p>To build them, install Node.js 20 or newer, and then in the source folder:</p>\
     <pre>cargo xtask web\ncargo build --release</pre>\
     <p><code>cargo xtask demo</code> does both.</p></html>";

/// Answers every path that is nobody else's.
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path();
    if !matches!(method, Method::GET | Method::HEAD) {
        return refuse(
            StatusCode::METHOD_NOT_ALLOWED,
            "ERROR_METHOD_NOT_ALLOWED",
            "Only GET is supported here.",
        );
    }
    let found = match path.starts_with(ASSETS) {
        true => asset(&path[1..], &headers),
        false if is_view(path) => Some(page(StatusCode::OK)),
        false if wants_page(&headers) => Some(page(StatusCode::NOT_FOUND)),
        false => None,
    };
    found.unwrap_or_else(|| refuse(StatusCode::NOT_FOUND, "ERROR_NOT_FOUND", "The page does not exist."))
}

fn is_view(path: &str) -> bool {
    let below =
        |view: &&str| path.strip_prefix(*view).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    path == "/" || VIEWS.iter().any(below)
}

/// Whether a browser asks for something to show to a person.
fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|kinds| kinds.contains("text/html"))
}

/// The page. Never kept, so that a new version of the server brings its own scripts.
fn page(status: StatusCode) -> Response {
    match Files::get(PAGE) {
        Some(file) => (status, no_store(), Html(bytes(file.data))).into_response(),
        None => (StatusCode::SERVICE_UNAVAILABLE, no_store(), Html(NOT_BUILT)).into_response(),
    }
}

fn no_store() -> [(HeaderName, &'static str); 1] {
    [(CACHE_CONTROL, "no-store")]
}

/// A file that the page needs, packed where the browser takes it packed.
fn asset(path: &str, headers: &HeaderMap) -> Option<Response> {
    let packed = Files::get(&format!("{path}.gz"));
    let is_packed = packed.is_some() && takes_gzip(headers);
    let data = match packed {
        Some(file) if is_packed => bytes(file.data),
        Some(file) => unpacked(&file.data)?.into(),
        None => bytes(Files::get(path)?.data),
    };
    let mut response = data.into_response();
    let out = response.headers_mut();
    out.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    out.insert(CACHE_CONTROL, HeaderValue::from_static(FOR_EVER));
    out.insert(VARY, HeaderValue::from_name(ACCEPT_ENCODING));
    if is_packed {
        out.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    Some(response)
}

fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut plain).ok()?;
    Some(plain)
}

fn bytes(data: Cow<'static, [u8]>) -> bytes::Bytes {
    match data {
        Cow::Borrowed(data) => bytes::Bytes::from_static(data),
        Cow::Owned(data) => data.into(),
    }
}

pub(super) fn takes_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        name.trim().eq_ignore_ascii_case("gzip") && !matches!(weight.trim(), "q=0" | "q=0.0")
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_the_console_lead_to_the_page() {
        for path in [
            "/",
            "/sign-in",
            "/devops/",
            "/devops/edit/in-hook/7/",
            "/crm/deal/details/42/",
            "/online/",
            "/tasks/task/view/1/",
            "/portal",
            "/calendar/event/1/",
            "/booking/",
            "/contact_center/lines/1/",
        ] {
            assert!(is_view(path), "{path}");
        }
        for path in ["/devopsis/", "/rest/1/x/", "/metrics", "/index.html", "/favicon.ico"] {
            assert!(!is_view(path), "{path}");
        }
    }

    #[test]
    fn packed_files_are_for_those_who_take_them() {
        let takes = |text: &str| {
            let value = HeaderValue::from_str(text).expect("a header");
            takes_gzip(&HeaderMap::from_iter([(ACCEPT_ENCODING, value)]))
        };
        assert!(takes("gzip, deflate, br"));
        assert!(takes("br;q=1.0, GZIP;q=0.8"));
        assert!(!takes("gzip;q=0, br"));
        assert!(!takes("identity"));
    }
}
