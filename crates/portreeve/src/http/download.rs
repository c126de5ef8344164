//! `/rest/download/?token=…`: the files that answers link to.

use bytes::Bytes;
use http_body_util::Full;
use hyper::Response;
use hyper::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use portal::files::{self, File};
use portal::{Error, Portal};
use wire::{Format, Limits, Value, form};

use super::rest;
use crate::clock;

/// What a name in a header may not hold as it is (RFC 8187, `attr-char`).
const IN_NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The file, or the protocol's refusal.
pub async fn answer(portal: &Portal, query: Option<&str>) -> Response<Full<Bytes>> {
    let query = form::decode(query.unwrap_or_default().as_bytes(), &Limits::default());
    let token = query.get("token").and_then(Value::as_str).unwrap_or_default();
    match files::open(portal.core(), token, clock::now(portal.core())).await.map_err(Error::into_fault) {
        Ok(file) => send(file),
        Err(fault) => rest::failure(&fault, Format::Json),
    }
}

/// Always as a download: what people upload is not ours to show as a page of this host.
fn send(file: File) -> Response<Full<Bytes>> {
    let name = utf8_percent_encode(&file.name, IN_NAME);
    let disposition = format!("attachment; filename=\"file\"; filename*=UTF-8''{name}");
    let disposition = HeaderValue::try_from(disposition).expect("the name is encoded to ASCII");
    let mut response = Response::new(Full::new(Bytes::from(file.content)));
    let headers = response.headers_mut();
    rest::open_to_pages(headers);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(CONTENT_DISPOSITION, disposition);
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header() {
        let name = "Übersicht \"2026\"\r\nX: 1;.pdf".to_owned();
        let response = send(File { name, content: b"%PDF".to_vec() });
        let disposition = response.headers()[CONTENT_DISPOSITION].to_str().unwrap();
        assert_eq!(
            disposition,
            "attachment; filename=\"file\"; \
             filename*=UTF-8''%C3%9Cbersicht%20%222026%22%0D%0AX%3A%201%3B.pdf"
        );
    }
}
