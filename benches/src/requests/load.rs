//! The load: one thread, 64 connections that stay open, each with one request on its way at any time.
//!
//! It shares the machine with what it measures, so it does as little as it can: requests are ready-made bytes, and of an
//! answer only the status and the length are read.

use memchr::memmem;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

/// Connections at the same time.
pub(crate) const CONNECTIONS: usize = 64;

/// When a round ends.
#[derive(Clone, Copy)]
pub(crate) enum Until {
    /// After this time.
    Elapsed(Duration),
    /// After this many answers.
    Answered(usize),
}

/// What a round came to.
pub(crate) struct Round {
    /// Answers a second.
    pub(crate) rate: f64,
    /// How long each answer took, in microseconds, in no order.
    pub(crate) latencies: Vec<u32>,
}

/// Open connections to one server.
pub(crate) struct Pool {
    poll: Poll,
    connections: Vec<Connection>,
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
    sent: Instant,
}

impl Pool {
    pub(crate) fn open(address: &str) -> Result<Pool, String> {
        let failed = |error: std::io::Error| format!("cannot connect to {address}: {error}");
        let poll = Poll::new().map_err(failed)?;
        let mut connections = Vec::new();
        for index in 0..CONNECTIONS {
            // Connected the blocking way, so that a round begins with every connection ready.
            let stream = std::net::TcpStream::connect(address).map_err(failed)?;
            stream.set_nodelay(true).and_then(|()| stream.set_nonblocking(true)).map_err(failed)?;
            let mut stream = TcpStream::from_std(stream);
            poll.registry().register(&mut stream, Token(index), Interest::READABLE).map_err(failed)?;
            connections.push(Connection {
                stream,
                buffer: vec![0; 64 << 10],
                filled: 0,
                sent: Instant::now(),
            });
        }
        Ok(Pool { poll, connections })
    }

    /// Sends the requests in turn, over and over, until the end; then waits for what is still on its way.
    pub(crate) fn run(&mut self, requests: &[Vec<u8>], until: Until) -> Result<Round, String> {
        let begun = Instant::now();
        let mut turn = requests.iter().cycle();
        let mut next = || turn.next().expect("there are requests");
        let mut latencies = Vec::with_capacity(1 << 18);
        for connection in &mut self.connections {
            connection.ask(next(), begun)?;
        }
        let (mut asked, mut waiting) = (CONNECTIONS, CONNECTIONS);
        let mut events = Events::with_capacity(CONNECTIONS);
        while waiting > 0 {
            match self.poll.poll(&mut events, None) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                outcome => outcome.map_err(|error| format!("poll: {error}"))?,
            }
            let now = Instant::now();
            let goes_on = |asked: usize| match until {
                Until::Elapsed(limit) => now.duration_since(begun) < limit,
                Until::Answered(limit) => asked < limit,
            };
            for event in &events {
                let connection = &mut self.connections[event.token().0];
                if !connection.answered()? {
                    continue;
                }
                latencies
                    .push(u32::try_from(now.duration_since(connection.sent).as_micros()).unwrap_or(u32::MAX));
                if goes_on(asked) {
                    connection.ask(next(), now)?;
                    asked += 1;
                } else {
                    waiting -= 1;
                }
            }
        }
        Ok(Round { rate: latencies.len() as f64 / begun.elapsed().as_secs_f64(), latencies })
    }
}

impl Connection {
    fn ask(&mut self, request: &[u8], now: Instant) -> Result<(), String> {
        self.sent = now;
        self.filled = 0;
        match self.stream.write(request) {
            Ok(length) if length == request.len() => Ok(()),
            Ok(length) => Err(format!("only {length} of {} bytes fit into a socket", request.len())),
            Err(error) => Err(format!("cannot send: {error}")),
        }
    }

    /// Reads what there is. Whether the answer is whole; an error when it is no success.
    fn answered(&mut self) -> Result<bool, String> {
        loop {
            match self.stream.read(&mut self.buffer[self.filled..]) {
                Ok(0) => return Err("the server hung up".to_owned()),
                Ok(length) => self.filled += length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(format!("cannot read: {error}")),
            }
            if self.is_whole()? {
                return Ok(true);
            }
            if self.filled == self.buffer.len() {
                self.buffer.resize(self.filled * 2, 0);
            }
        }
    }

    fn is_whole(&self) -> Result<bool, String> {
        let bytes = &self.buffer[..self.filled];
        let Some(end) = memmem::find(bytes, b"\r\n\r\n") else { return Ok(false) };
        let (head, body) = (&bytes[..end], &bytes[end + 4..]);
        let length = memmem::find(head, b"content-length: ").map(|at| digits(&head[at + 16..]));
        match length {
            Some(length) if head.starts_with(b"HTTP/1.1 200 ") => Ok(body.len() == length),
            _ => Err(format!("no success: {}", String::from_utf8_lossy(bytes))),
        }
    }
}

fn digits(text: &[u8]) -> usize {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + usize::from(digit - b'0'))
}
