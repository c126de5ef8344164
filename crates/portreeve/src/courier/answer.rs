//! The part of a handler's answer that is kept.

use std::time::{Duration, SystemTime};

use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::header::{HeaderMap, LOCATION, RETRY_AFTER};
use hyper::{Response, StatusCode, Uri};
use tokio::time::{Instant, timeout_at};

use portal::outbound::policy;

use super::kept_headers;
use crate::{clock, logs};

/// Bytes of the body that are kept.
const KEPT: usize = 4096;
/// Bytes that are read; a longer answer costs its connection.
const READ: usize = 64 * 1024;
/// Bytes read into the text beyond what is kept, so that a secret at the edge is seen whole.
const MARGIN: usize = 512;

/// A handler's answer, read as far as we care.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// For how long the handler wants to be left alone.
    pub retry_after: Option<Duration>,
    /// To which host a redirect leads, if to another one.
    elsewhere: Option<String>,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    /// Reads an answer to its end, or as far as is read. What counts is its head: a body that breaks off, or does not
    /// end by the deadline, costs its connection and nothing else.
    pub async fn read(response: Response<Incoming>, deadline: Instant) -> Self {
        let (head, mut rest) = response.into_parts();
        let asks = head.headers.get(RETRY_AFTER).filter(|_| may_ask_for_time(head.status));
        let retry_after =
            asks.and_then(|value| value.to_str().ok()).and_then(|text| patience(text, clock::system()));
        let elsewhere = host(&head.headers).filter(|_| head.status.is_redirection());
        let (mut body, mut read) = (Vec::new(), 0);
        while let Ok(Some(Ok(frame))) = timeout_at(deadline, rest.frame()).await {
            let Some(data) = frame.data_ref() else { continue };
            read += data.len();
            let room = (KEPT + MARGIN).saturating_sub(body.len());
            body.extend_from_slice(&data[..room.min(data.len())]);
            if read > READ {
                break;
            }
        }
        Answer { status: head.status, retry_after, elsewhere, headers: head.headers, body }
    }

    /// What is to be said of the status beside itself.
    pub fn remark(&self) -> Option<String> {
        let text = match &self.elsewhere {
            Some(host) => {
                format!(
                    "the handler redirects to {host}, which is not followed: give the webhook the new address"
                )
            }
            None => {
                "the handler redirects, which is not followed: give the webhook the new address".to_owned()
            }
        };
        self.status.is_redirection().then_some(text)
    }

    /// Its headers as they can be kept.
    pub fn headers(&self, secrets: &[&str]) -> String {
        kept_headers::kept(&self.headers, secrets)
    }

    /// The body's beginning as text that can be kept: without these secrets, those that look like ours, and
    /// control characters.
    pub fn text(&self, secrets: &[&str]) -> String {
        if self.body.is_empty() {
            return String::new();
        }
        let text = String::from_utf8_lossy(&self.body);
        let mut text = logs::redact(&redact(&text, secrets)).replace(is_foul, " ");
        text.truncate(text.floor_char_boundary(KEPT));
        text
    }
}

fn is_foul(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
}

/// Puts `***` in the place of every secret.
pub fn redact(text: &str, secrets: &[&str]) -> String {
    let secrets = secrets.iter().filter(|secret| !secret.is_empty());
    secrets.fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
}

/// Where `Retry-After` has a meaning (RFC 9110, 10.2.3; RFC 6585, 4).
fn may_ask_for_time(status: StatusCode) -> bool {
    policy::is_busy(status.as_u16())
}

/// The host, with a port if there is one, to which an answer sends on. Nothing else of that URL is told: it may hold
/// secrets.
pub fn host(headers: &HeaderMap) -> Option<String> {
    let uri: Uri = headers.get(LOCATION)?.as_bytes().try_into().ok()?;
    let port = uri.port().map_or(String::new(), |port| format!(":{port}"));
    Some(format!("{}{port}", uri.host()?))
}

/// A number of seconds, or the moment of an HTTP date.
pub fn patience(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    Some(until.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: impl Into<Vec<u8>>) -> Answer {
        let headers = HeaderMap::new();
        Answer { status: StatusCode::OK, retry_after: None, elsewhere: None, headers, body: body.into() }
    }

    #[test]
    fn patience_is_seconds_or_a_date() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        assert_eq!(patience("120", now), Some(Duration::from_secs(120)));
        assert_eq!(patience(" 0 ", now), Some(Duration::ZERO));
        assert_eq!(patience("Sun, 06 Nov 1994 08:50:37 GMT", now), Some(Duration::from_secs(60)));
        assert_eq!(patience("Sun, 06 Nov 1994 08:00:00 GMT", now), Some(Duration::ZERO));
        for nothing in ["", "soon", "-5", "1.5", "99999999999"] {
            assert_eq!(patience(nothing, now), None, "{nothing}");
        }
    }

    #[test]
    fn secrets_do_not_stay_in_an_answer() {
        let text = answer("got auth[application_token]=k3v9abc and k3v9abc").text(&["k3v9abc", ""]);
        assert_eq!(text, "got auth[application_token]=*** and ***");
        let text = answer("called /rest/1/83te1pjdphsa9u15/profile").text(&[]);
        assert!(!text.contains("83te1pjdphsa9u15"), "{text}");
    }

    #[test]
    fn a_secret_across_the_edge_is_seen() {
        let secret = "s".repeat(60);
        let body = format!("{}{secret}", "a".repeat(KEPT - 30));
        let text = answer(body).text(&[&secret]);
        assert_eq!(text, format!("{}***", "a".repeat(KEPT - 30)));
    }

    #[test]
    fn an_answer_is_text_of_bounded_length() {
        assert_eq!(answer(b"a\x00b\x1b[31mc\r\n\td\xff".to_vec()).text(&[]), "a b [31mc \n\td\u{fffd}");
        let text = answer("ä".repeat(3000)).text(&[]);
        assert_eq!((text.len(), text.chars().count()), (4096, 2048));
    }
}
