//! The head of a request before hyper reads it: what clients send that no URI may hold is written as a URI has it, and
//! what is no request is found out here, so that the protocol can say so.

use std::mem::MaybeUninit;

use hyper::Uri;
use memchr::memchr;
use percent_encoding::{AsciiSet, CONTROLS, percent_encode};
use wire::Fault;

/// The longest target: hyper reads no longer one.
const TARGET: usize = u16::MAX as usize - 1;
/// The longest request line.
const LINE: usize = TARGET + 1024;
/// Bytes of all header lines together, and how many there may be.
const HEADERS: (usize, usize) = (64 * 1024, 100);
/// Bytes of empty lines before it.
const BLANK: usize = 64;

/// What a URI may not hold, and clients send all the same: curl, PHP, Python and Node pass `filter[>ID]=0` on as it is.
/// Bytes beyond ASCII are always encoded.
const FORBIDDEN: &AsciiSet =
    &CONTROLS.add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// A whole head at the beginning of what was received.
#[derive(Debug, PartialEq)]
pub struct Head {
    /// Its bytes, with the empty line.
    pub length: usize,
    /// What hyper is to read in its place, if not just that.
    pub rewritten: Option<Vec<u8>>,
}

/// Looks for a head at the beginning of `bytes`, of which the first `seen` were looked at before, and found too few.
///
/// # Errors
/// 400, 414 or 431, when what comes can be no request to us.
pub fn read(bytes: &[u8], seen: usize) -> Result<Option<Head>, Fault> {
    let begin = blank_lines(bytes);
    if begin > BLANK || bytes.get(begin).is_some_and(|byte| !byte.is_ascii_alphabetic()) {
        return Err(malformed("This is not an HTTP request"));
    }
    let Some(length) = end(bytes, begin.max(seen.saturating_sub(3))) else {
        return bounded(&bytes[begin..]).map(|()| None);
    };
    let line = memchr(b'\n', &bytes[begin..length]).map_or(length, |at| begin + at + 1);
    bounded(&bytes[begin..length])?;
    let rewritten = rewrite(&bytes[begin..line])?.map(|mut head| {
        head.extend_from_slice(&bytes[line..length]);
        head
    });
    check(rewritten.as_deref().unwrap_or(&bytes[begin..length]))?;
    Ok(Some(Head { length, rewritten }))
}

/// The length of the empty lines that some clients send after a body.
fn blank_lines(bytes: &[u8]) -> usize {
    let mut at = 0;
    loop {
        match &bytes[at..] {
            [b'\r', b'\n', ..] => at += 2,
            [b'\n', ..] => at += 1,
            // Only half of one is there.
            [b'\r'] => return at + 1,
            _ => return at,
        }
    }
}

/// Where the first empty line ends that follows a line which ends at or after `from`.
fn end(bytes: &[u8], mut from: usize) -> Option<usize> {
    while let Some(at) = bytes.get(from..).and_then(|rest| memchr(b'\n', rest)) {
        let next = from + at + 1;
        match &bytes[next..] {
            [b'\n', ..] => return Some(next + 1),
            [b'\r', b'\n', ..] => return Some(next + 2),
            _ => from = next,
        }
    }
    None
}

/// Refuses what is too long, whole or not.
fn bounded(bytes: &[u8]) -> Result<(), Fault> {
    let line = memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1);
    if line > LINE {
        return Err(too_long());
    }
    if bytes.len() - line > HEADERS.0 {
        return Err(too_many_headers());
    }
    Ok(())
}

/// The request line as a URI has it, when it is not so already.
fn rewrite(line: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
    let wrong = || malformed("The request line must have a method, a target without blanks, and HTTP/1.1");
    let first = memchr(b' ', line).ok_or_else(wrong)?;
    let last = line.iter().rposition(|byte| *byte == b' ').filter(|last| *last > first).ok_or_else(wrong)?;
    let target = &line[first + 1..last];
    if target.is_empty() || target.iter().any(|byte| *byte <= b' ' || *byte == 0x7f) {
        return Err(wrong());
    }
    let rewritten = if target.iter().all(|byte| MAY_STAND[usize::from(*byte)]) {
        None
    } else {
        let mut head = line[..=first].to_vec();
        percent_encode(target, FORBIDDEN).for_each(|piece| head.extend_from_slice(piece.as_bytes()));
        head.extend_from_slice(&line[last..]);
        Some(head)
    };
    let added = rewritten.as_ref().map_or(0, |head| head.len() - line.len());
    if target.len() + added > TARGET {
        return Err(too_long());
    }
    Ok(rewritten)
}

/// Which bytes stand in a target as they are.
const MAY_STAND: [bool; 256] = {
    let (mut table, mut byte) = ([false; 256], b'!');
    while byte < 0x7f {
        table[byte as usize] = !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}');
        byte += 1;
    }
    table
};

/// Whether hyper will take a head: it answers what it refuses with an empty body.
fn check(head: &[u8]) -> Result<(), Fault> {
    let mut headers = [const { MaybeUninit::uninit() }; HEADERS.1];
    let mut request = httparse::Request::new(&mut []);
    match request.parse_with_uninit_headers(head, &mut headers) {
        Ok(httparse::Status::Complete(length)) if length == head.len() => {}
        Ok(_) => return Err(malformed("The head of the request is malformed")),
        Err(httparse::Error::TooManyHeaders) => return Err(too_many_headers()),
        Err(httparse::Error::Version) => return Err(malformed("Only HTTP/1.1 and HTTP/1.0 are understood")),
        Err(error) => return Err(malformed(format!("The head of the request is malformed: {error}"))),
    }
    let target = request.path.unwrap_or_default();
    if !target.starts_with('/') && target.parse::<Uri>().is_err() {
        return Err(malformed("The target of the request is no URI"));
    }
    framed(request.headers, request.version)
}

/// Refuses what leaves open where the body ends: another program between a client and us might read it otherwise.
fn framed(headers: &[httparse::Header<'_>], version: Option<u8>) -> Result<(), Fault> {
    let (mut length, mut coding) = (None, None);
    for header in headers {
        if header.name.eq_ignore_ascii_case("content-length") {
            let digits = !header.value.is_empty() && header.value.iter().all(u8::is_ascii_digit);
            let number = str::from_utf8(header.value).ok().filter(|_| digits);
            let number: i64 = number
                .and_then(|number| number.parse().ok())
                .ok_or_else(|| malformed("Content-Length is no length"))?;
            if length.is_some_and(|other| other != number) {
                return Err(malformed("There are two different Content-Length"));
            }
            length = Some(number);
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            coding = Some(header.value);
        }
    }
    let Some(coding) = coding else { return Ok(()) };
    let last = coding.rsplit(|byte| *byte == b',').next().unwrap_or_default().trim_ascii();
    if version != Some(1) || length.is_some() || !coding.is_ascii() || !last.eq_ignore_ascii_case(b"chunked")
    {
        return Err(malformed("This Transfer-Encoding leaves open where the body ends"));
    }
    Ok(())
}

fn malformed(message: impl Into<std::borrow::Cow<'static, str>>) -> Fault {
    Fault::new(400, "BAD_REQUEST", message)
}

fn too_long() -> Fault {
    Fault::new(414, "REQUEST_URI_TOO_LONG", "The URL is too long; send the parameters in a POST body")
}

fn too_many_headers() -> Fault {
    Fault::new(431, "REQUEST_HEADER_FIELDS_TOO_LARGE", "The request's headers are too many or too long")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(bytes: &[u8]) -> u16 {
        read(bytes, 0).expect_err("refused").status
    }

    #[test]
    fn what_a_uri_may_not_hold_is_encoded() {
        let sent = "GET /rest/1/S/m?filter[>ID]=\"<\\^`{|}é\" HTTP/1.1\r\nA: <b>\r\n\r\nrest";
        let head = read(sent.as_bytes(), 0).unwrap().unwrap();
        let rewritten =
            "GET /rest/1/S/m?filter[%3EID]=%22%3C%5C%5E%60%7B%7C%7D%C3%A9%22 HTTP/1.1\r\nA: <b>\r\n\r\n";
        assert_eq!(head.length, sent.len() - 4);
        assert_eq!(String::from_utf8(head.rewritten.unwrap()).unwrap(), rewritten);
        let plain = b"\r\n\nGET /a?b=%3E#c HTTP/1.0\nHost: x\n\n";
        assert_eq!(read(plain, 0), Ok(Some(Head { length: plain.len(), rewritten: None })));
    }

    #[test]
    fn a_head_may_come_byte_by_byte() {
        for sent in
            [&b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"[..], b"\r\nGET /> HTTP/1.1\n\n", b"A / HTTP/1.1\r\n\n"]
        {
            for upto in 0..sent.len() {
                assert_eq!(read(&sent[..upto], upto.saturating_sub(1)), Ok(None), "{upto}");
            }
            assert_eq!(read(sent, sent.len() - 1).unwrap().unwrap().length, sent.len());
        }
    }

    #[test]
    fn what_is_no_request_is_refused() {
        for line in [
            "GET /",
            "GET  HTTP/1.1",
            "GET /a b HTTP/1.1",
            "GET /a\tb HTTP/1.1",
            "GET /\u{7f} HTTP/1.1",
            "GET / HTTP/2.0",
            "GET x<y HTTP/1.1",
            "G(T / HTTP/1.1",
            "GET\t/ HTTP/1.1",
        ] {
            assert_eq!(status(format!("{line}\r\n\r\n").as_bytes()), 400, "{line}");
        }
        assert_eq!(status(b"\x16\x03\x01"), 400, "a TLS handshake");
        let long = "x".repeat(LINE);
        assert_eq!(status(format!("GET /{long}").as_bytes()), 414);
        assert_eq!(status(format!("GET /{} HTTP/1.1\r\n\r\n", ">".repeat(TARGET / 2)).as_bytes()), 414);
        assert_eq!(status(format!("GET / HTTP/1.1\r\nA: {long}").as_bytes()), 431);
        assert_eq!(status(format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(101)).as_bytes()), 431);
    }

    #[test]
    fn a_body_has_one_end() {
        for headers in [
            "Content-Length: -1",
            "Content-Length: +1",
            "Content-Length: 5, 5",
            "Content-Length: 99999999999999999999",
            "Content-Length: 5\r\nContent-Length: 6",
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: gzip",
            "Transfer-Encoding: chunked, gzip",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        ] {
            assert_eq!(status(format!("POST / HTTP/1.1\r\n{headers}\r\n\r\n").as_bytes()), 400, "{headers}");
        }
        assert_eq!(status(b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
        for headers in ["Content-Length: 5\r\nContent-Length: 5", "Transfer-Encoding: gzip, Chunked"] {
            assert!(read(format!("POST / HTTP/1.1\r\n{headers}\r\n\r\n").as_bytes(), 0).unwrap().is_some());
        }
    }
}
