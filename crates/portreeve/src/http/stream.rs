//! A connection between the socket and hyper. Reading, it looks at each request's head first, and it follows bodies to
//! know where the next head begins; where a body ends is what hyper made of the head. It ends what takes too long.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use hyper::body::Body;
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};
use wire::Fault;

use super::chunks::Chunks;
use super::head;
use super::seats::{Seat, Wait};

/// How long a client may take to send a request's head, and to think between two requests.
const HEAD_TIME: Duration = Duration::from_secs(60);
/// How long a client may read nothing of an answer that waits for it.
const WRITE_TIME: Duration = Duration::from_secs(30);
/// How long what a client still sends is thrown away after an answer that did not wait for it: a connection that is
/// closed over unread bytes is reset, and the client may never see the answer.
const DRAIN_TIME: Duration = Duration::from_secs(5);
/// What hyper reads instead of a request that is refused.
const REFUSED: &[u8] = b"GET / HTTP/1.1\r\nhost: refused\r\nconnection: close\r\n\r\n";

/// A stream that hyper reads requests from.
pub struct Stream<S> {
    io: S,
    notes: Arc<Notes>,
    seat: Arc<Seat>,
    at: At,
    /// Received, but not looked at to the end.
    held: BytesMut,
    /// How much of it was looked at.
    seen: usize,
    /// For hyper as it is.
    ready: Bytes,
    /// When what is read now began to keep us waiting.
    since: Option<Instant>,
    /// Whether there was a request before.
    asked: bool,
    reading: Timer,
    /// Since when nothing could be written.
    stuck: Option<Instant>,
    writing: Timer,
    /// Whether something was since reading last waited for another request.
    wrote: bool,
    /// Whether nothing more will be written.
    closed: bool,
}

/// What the stream and the service tell each other.
#[derive(Debug, Default)]
pub struct Notes(Mutex<Note>);

#[derive(Debug, Default)]
enum Note {
    #[default]
    Nothing,
    /// The request that hyper reads now stands for one that is refused.
    Refused(Fault),
    /// What follows the head that hyper has read.
    Follows(At),
}

/// Where reading is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum At {
    /// Within a head, or before one
    Head,
    /// Behind a head that hyper has yet to read
    Told,
    /// Within a body that has so many bytes left
    Length(u64),
    /// Within a chunked body
    Chunks(Chunks),
    /// Behind what hyper reads nothing more
    Over,
}

impl Notes {
    /// Notes what body hyper has found, once it hands over a request. Gives the refusal that the request stands for, if it
    /// is none of the client's.
    pub fn began(&self, body: &impl Body) -> Option<Fault> {
        let follows = match body.size_hint().exact() {
            Some(length) => At::Length(length),
            None => At::Chunks(Chunks::default()),
        };
        match std::mem::replace(&mut *self.0.lock(), Note::Follows(follows)) {
            Note::Refused(fault) => Some(fault),
            _ => None,
        }
    }

    fn take(&self) -> Note {
        std::mem::take(&mut *self.0.lock())
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream<S> {
    /// A stream over an open connection.
    pub fn new(io: S, notes: Arc<Notes>, seat: Arc<Seat>) -> Self {
        Stream {
            io,
            notes,
            seat,
            at: At::Head,
            held: BytesMut::new(),
            seen: 0,
            ready: Bytes::new(),
            since: None,
            asked: false,
            reading: Timer::default(),
            stuck: None,
            writing: Timer::default(),
            wrote: false,
            closed: false,
        }
    }

    /// Hands on what is ready.
    fn hand_on(&mut self, buffer: &mut ReadBuf<'_>) {
        let count = buffer.remaining().min(self.ready.len());
        buffer.put_slice(&self.ready.split_to(count));
    }

    /// Goes on until a head is ready, or the connection ends.
    fn poll_head(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            if !self.held.is_empty() && self.look() {
                self.hand_on(buffer);
                return Poll::Ready(Ok(()));
            }
            let before = buffer.filled().len();
            match Pin::new(&mut self.io).poll_read(cx, buffer)? {
                Poll::Pending => match self.poll_patience(cx) {
                    Poll::Pending => return Poll::Pending,
                    // Between two requests there is nobody who would read a refusal.
                    Poll::Ready(()) if self.held.is_empty() => return Poll::Ready(Ok(())),
                    Poll::Ready(()) => self.refuse(too_slow()),
                },
                Poll::Ready(()) if buffer.filled().len() == before => {
                    self.held.clear();
                    return Poll::Ready(Ok(()));
                }
                Poll::Ready(()) => {
                    if self.held.is_empty() && self.look_at_once(buffer, before) {
                        return Poll::Ready(Ok(()));
                    }
                    if buffer.filled().len() > before {
                        self.held.extend_from_slice(&buffer.filled()[before..]);
                        buffer.set_filled(before);
                    }
                }
            }
            if !self.ready.is_empty() {
                self.hand_on(buffer);
                return Poll::Ready(Ok(()));
            }
        }
    }

    /// The usual case: what was received begins with a whole head that is good as it is, and it need not be copied.
    fn look_at_once(&mut self, buffer: &mut ReadBuf<'_>, before: usize) -> bool {
        let received = &buffer.filled()[before..];
        let Ok(Some(head::Head { length, rewritten: None })) = head::read(received, 0) else { return false };
        self.held.extend_from_slice(&received[length..]);
        buffer.set_filled(before + length);
        self.head_is_over();
        true
    }

    /// Looks for a head in what is held; true when something is ready.
    fn look(&mut self) -> bool {
        match head::read(&self.held, self.seen) {
            Ok(None) => {
                self.seen = self.held.len();
                false
            }
            Ok(Some(head)) => {
                let received = self.held.split_to(head.length).freeze();
                self.ready = head.rewritten.map_or(received, Bytes::from);
                self.head_is_over();
                true
            }
            Err(fault) => {
                self.refuse(fault);
                true
            }
        }
    }

    fn head_is_over(&mut self) {
        (self.at, self.seen, self.since, self.asked) = (At::Told, 0, None, true);
        self.seat.waits_not();
    }

    /// Has hyper read a request that the service answers with a refusal.
    fn refuse(&mut self, fault: Fault) {
        *self.notes.0.lock() = Note::Refused(fault);
        self.ready = Bytes::from_static(REFUSED);
        self.head_is_over();
        self.at = At::Over;
        self.held = BytesMut::new();
    }

    /// Learns what follows a head, if hyper has handed over the request.
    fn learn_what_follows(&mut self) {
        if self.at == At::Told
            && let Note::Follows(at) = self.notes.take()
        {
            self.at = if at == At::Length(0) { At::Head } else { at };
        }
    }

    /// Reads on within a body.
    fn poll_body(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        if self.held.is_empty() {
            match Pin::new(&mut self.io).poll_read(cx, buffer)? {
                Poll::Ready(()) => self.seat.waits_not(),
                Poll::Pending => {
                    self.since.get_or_insert_with(Instant::now);
                    self.note_waiting();
                    return Poll::Pending;
                }
            }
        } else {
            let count = buffer.remaining().min(self.held.len());
            buffer.put_slice(&self.held.split_to(count));
        }
        let received = &buffer.filled()[before..];
        let end = match &mut self.at {
            At::Length(left) => {
                let here = received.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= here as u64;
                (*left == 0).then_some(here)
            }
            // Malformed chunks end the connection: where they end does not matter.
            At::Chunks(chunks) => chunks.follow(received).unwrap_or(None),
            _ => None,
        };
        if let Some(end) = end {
            let mut next = BytesMut::from(&received[end..]);
            next.unsplit(std::mem::take(&mut self.held));
            (self.held, self.at, self.since) = (next, At::Head, None);
            buffer.set_filled(before + end);
        }
        Poll::Ready(Ok(()))
    }

    /// Ready when a client has taken too long for a head. The time does not run while we are about a request of it.
    fn poll_patience(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.seat.is_busy(cx) {
            self.since = None;
            return Poll::Pending;
        }
        if std::mem::take(&mut self.wrote) && self.held.is_empty() {
            // It is still reading the answer.
            self.since = None;
        }
        let since = *self.since.get_or_insert_with(Instant::now);
        self.note_waiting();
        self.reading.poll_until(since + HEAD_TIME, cx)
    }

    /// Notes what reading waits for, if it does.
    fn note_waiting(&self) {
        let between = self.asked && self.at == At::Head && self.held.is_empty();
        match self.since {
            Some(since) => self.seat.waits_for(if between { Wait::Request } else { Wait::Rest }, since),
            None => self.seat.waits_not(),
        }
    }

    /// What came of writing; an error when nothing has been taken for too long.
    fn progress<T>(&mut self, written: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            // Hyper flushes whenever it looks, also when there was nothing to write.
            if self.stuck.take().is_some() {
                self.wrote = true;
                self.note_waiting();
            }
            return written;
        }
        let since = *self.stuck.get_or_insert_with(Instant::now);
        self.seat.waits_for(Wait::Rest, since);
        self.writing.poll_until(since + WRITE_TIME, cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }

    /// Throws away what a client still sends.
    fn poll_farewell(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let since = *self.since.get_or_insert_with(Instant::now);
        self.seat.waits_for(Wait::Rest, since);
        let mut space = [0; 8192];
        loop {
            let mut buffer = ReadBuf::new(&mut space);
            match Pin::new(&mut self.io).poll_read(cx, &mut buffer) {
                Poll::Pending => return self.reading.poll_until(since + DRAIN_TIME, cx),
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {
                    if since.elapsed() > DRAIN_TIME {
                        return Poll::Ready(());
                    }
                }
                Poll::Ready(_) => return Poll::Ready(()),
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Stream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if !this.ready.is_empty() {
            this.hand_on(buffer);
            return Poll::Ready(Ok(()));
        }
        this.learn_what_follows();
        match this.at {
            At::Head => this.poll_head(cx, buffer),
            At::Length(_) | At::Chunks(_) => this.poll_body(cx, buffer),
            // Hyper reads on only when it has handed over the request whose head it has.
            At::Told => Poll::Ready(Err(io::ErrorKind::InvalidData.into())),
            // Nothing more comes, but the client is still there.
            At::Over => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.wrote |= written.is_ready();
        self.progress(written, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, parts);
        self.wrote |= written.is_ready();
        self.progress(written, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.io).poll_flush(cx);
        self.progress(flushed, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if !this.closed {
            let closed = Pin::new(&mut this.io).poll_shutdown(cx);
            ready!(this.progress(closed, cx))?;
            (this.closed, this.since) = (true, None);
            this.learn_what_follows();
        }
        if this.at == At::Head && this.held.is_empty() {
            return Poll::Ready(Ok(()));
        }
        this.poll_farewell(cx).map(Ok)
    }
}

/// A timer that is set anew only when it rings: most of what it watches over is over long before.
#[derive(Debug, Default)]
struct Timer(Option<Pin<Box<Sleep>>>);

impl Timer {
    /// Ready from that moment on.
    fn poll_until(&mut self, end: Instant, cx: &mut Context<'_>) -> Poll<()> {
        let sleep = self.0.get_or_insert_with(|| Box::pin(sleep_until(end)));
        if sleep.deadline() > end {
            sleep.as_mut().reset(end);
        }
        loop {
            ready!(sleep.as_mut().poll(cx));
            if sleep.deadline() >= end {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(end);
        }
    }
}

fn too_slow() -> Fault {
    Fault::new(408, "REQUEST_TIMEOUT", "The head of the request did not arrive in time")
}

#[cfg(test)]
mod tests;
