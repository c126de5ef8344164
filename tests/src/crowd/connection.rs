//! One connection of a [`Crowd`](super::Crowd)'s.

use super::{Answer, Arrival, Handler};
use memchr::memmem;
use mio::net::TcpStream;
use rustix::net::sockopt::set_socket_linger;
use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

/// A delivery with its head takes a few hundred bytes.
const ROOM: usize = 16 << 10;

/// What becomes of a connection.
#[derive(PartialEq, Eq)]
pub(super) enum Next {
    Keep,
    Close,
}

pub(super) struct Connection {
    stream: TcpStream,
    /// The handler's place.
    pub(super) place: usize,
    buffer: Vec<u8>,
    filled: usize,
}

impl Connection {
    pub(super) fn new(stream: TcpStream, place: usize) -> Connection {
        Connection { stream, place, buffer: vec![0; ROOM], filled: 0 }
    }

    /// Reads what there is and answers every request that is whole. `ends` says that the client has closed its side.
    pub(super) fn serve(&mut self, handler: &mut Handler, ends: bool) -> Next {
        loop {
            let length = match self.stream.read(&mut self.buffer[self.filled..]) {
                Ok(0) => return Next::Close,
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Next::Keep,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => return Next::Close,
            };
            self.filled += length;
            // With less than there is room for, nothing is left but perhaps the end: a further read would only say so.
            let drained = self.filled < self.buffer.len() && !ends;
            if self.answer_all(handler).is_none() {
                return Next::Close;
            }
            if drained {
                return Next::Keep;
            }
        }
    }

    /// `None` when the connection is to be closed.
    fn answer_all(&mut self, handler: &mut Handler) -> Option<()> {
        let mut begin = 0;
        while let Some(request) = Request::read(&self.buffer[begin..self.filled])? {
            begin += request.length;
            let arrival = Arrival { message_id: request.message_id, body: request.body, at: Instant::now() };
            match handler(&arrival) {
                // An answer fits into a socket's buffer; where it does not, the client has not read for long.
                Answer::Say(bytes) => {
                    let written =
                        bytes.is_empty() || self.stream.write(&bytes).is_ok_and(|n| n == bytes.len());
                    written.then_some(())?;
                }
                Answer::Reset => {
                    // It may have gone by itself.
                    let _ = set_socket_linger(&self.stream, Some(Duration::ZERO));
                    return None;
                }
            }
        }
        self.buffer.copy_within(begin..self.filled, 0);
        self.filled -= begin;
        (self.filled < self.buffer.len()).then_some(())
    }
}

struct Request<'a> {
    message_id: &'a str,
    body: &'a str,
    /// Bytes of it all.
    length: usize,
}

impl Request<'_> {
    /// The first of them, where it is whole; nothing at all when it cannot be understood.
    fn read(bytes: &[u8]) -> Option<Option<Request<'_>>> {
        let Some(end) = memmem::find(bytes, b"\r\n\r\n") else { return Some(None) };
        let (head, rest) = (std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 4..]);
        let (mut size, mut message_id) = (0, "");
        for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
            if name.eq_ignore_ascii_case("content-length") {
                size = value.parse().ok()?;
            } else if name.eq_ignore_ascii_case("webhook-id") {
                message_id = value;
            }
        }
        let Some(body) = rest.get(..size) else { return Some(None) };
        let body = std::str::from_utf8(body).ok()?;
        Some(Some(Request { message_id, body, length: end + 4 + size }))
    }
}
