//! `/rest/download/?token=…`: the files that answers link to.

use axum::body::Body;
use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_RANGE, RANGE,
};
use hyper::{Method, Request, Response, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use portal::files::{self, File};
use portal::{Error, Portal};
use wire::{Format, Limits, Value, form};

use super::parts::Parts;
use super::range::{Wanted, wanted};
use super::{Answer, rest};
use crate::clock;

/// What a name in a header may not hold as it is (RFC 8187, `attr-char`).
const IN_NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The file, a part of it, or the protocol's refusal.
pub async fn answer(portal: &Portal, request: &Request<Incoming>) -> Answer {
    let query = form::decode(request.uri().query().unwrap_or_default().as_bytes(), &Limits::default());
    let token = query.get("token").and_then(Value::as_str).unwrap_or_default();
    let sent = match files::open(portal.core(), token, clock::now(portal.core())).await {
        Ok(file) => send(portal, &file, request.method(), request.headers()).await,
        Err(error) => Err(error),
    };
    sent.unwrap_or_else(|error| rest::failure(&error.into_fault(), Format::Json).map(Either::Left))
}

async fn send(portal: &Portal, file: &File, method: &Method, asked: &HeaderMap) -> Result<Answer, Error> {
    let mut response = Response::new(Either::Left(Full::<Bytes>::default()));
    describe(file, response.headers_mut());
    let (status, range) = match part(file, asked) {
        Wanted::Whole => (StatusCode::OK, None),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, Some(range)),
        Wanted::Nothing => {
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            response.headers_mut().insert(CONTENT_RANGE, header(format!("bytes */{}", file.size)));
            return Ok(response);
        }
    };
    *response.status_mut() = status;
    if let Some(range) = &range {
        let text = format!("bytes {}-{}/{}", range.start, range.end - 1, file.size);
        response.headers_mut().insert(CONTENT_RANGE, header(text));
    }
    let length = range.as_ref().map_or(file.size, |range| range.end - range.start);
    response.headers_mut().insert(CONTENT_LENGTH, length.into());
    if method != Method::HEAD {
        let reading = portal.core().blobs.read(&file.key, range).await?;
        *response.body_mut() = Either::Right(Body::new(Parts::Content(reading)));
    }
    Ok(response)
}

/// The part that is wanted, unless another state of the file is meant.
fn part(file: &File, asked: &HeaderMap) -> Wanted {
    let text = |name| asked.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let other = asked.contains_key(IF_RANGE) && text(IF_RANGE) != Some(&etag(file));
    if other { Wanted::Whole } else { wanted(text(RANGE), file.size) }
}

fn etag(file: &File) -> String {
    format!("\"{}\"", file.hash)
}

/// Always as a download: what people upload is not ours to show as a page of this host.
fn describe(file: &File, headers: &mut HeaderMap) {
    let name = utf8_percent_encode(&file.name, IN_NAME);
    let disposition = format!("attachment; filename=\"file\"; filename*=UTF-8''{name}");
    rest::open_to_pages(headers);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(CONTENT_DISPOSITION, header(disposition));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(ETAG, header(etag(file)));
}

fn header(text: String) -> HeaderValue {
    HeaderValue::try_from(text).expect("it is made of ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> File {
        let (hash, key) = ("ab".repeat(32), String::new());
        File { id: 1, name: name.to_owned(), content_type: None, created: 0, size: 9, hash, key }
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        let mut headers = HeaderMap::new();
        describe(&file("Übersicht \"2026\"\r\nX: 1;.pdf"), &mut headers);
        assert_eq!(
            headers[CONTENT_DISPOSITION].to_str().unwrap(),
            "attachment; filename=\"file\"; \
             filename*=UTF-8''%C3%9Cbersicht%20%222026%22%0D%0AX%3A%201%3B.pdf"
        );
    }

    #[test]
    fn a_part_of_another_state_is_not_wanted() {
        let file = file("a");
        let mut asked = HeaderMap::new();
        asked.insert(RANGE, HeaderValue::from_static("bytes=1-2"));
        assert_eq!(part(&file, &asked), Wanted::Part(1..3));
        asked.insert(IF_RANGE, header(etag(&file)));
        assert_eq!(part(&file, &asked), Wanted::Part(1..3));
        for other in ["\"abc\"", "Sun, 29 Nov 2026 08:00:00 GMT"] {
            asked.insert(IF_RANGE, header(other.to_owned()));
            assert_eq!(part(&file, &asked), Wanted::Whole);
        }
    }
}
