//! Connections: taken, encrypted where they are to be, kept alive, and brought to an end.

use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::Request;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustix::net::sockopt::set_socket_send_buffer_size;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_rustls::server::TlsStream;
use tower_http::CompressionLevel;
use tower_http::compression::Compression;
use tower_service::Service;
use wire::{Fault, Format};

use super::pack::Marked;
use super::sabotage::{Break, Broken, Half};
use super::seats::{Busy, Seat, Seats};
use super::stream::{Notes, Stream};
use super::{Answer, Server, note_refused, rest};
use crate::tls::Tls;

/// Bytes of answers that the system holds for a client; it makes twice as much of it.
const SEND_BUFFER: usize = 128 * 1024;
/// How long a TLS handshake may take.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
/// How long to wait when the system has no room for a further connection.
pub const NO_ROOM: Duration = Duration::from_millis(100);

/// Closes when the server stops.
type Stopping = watch::Receiver<()>;

impl Server {
    /// Accepts connections, `room` of them at a time, until `stop`; then answers what was accepted, within
    /// `stop_time`.
    pub async fn run(
        self: Arc<Self>,
        listener: TcpListener,
        room: u32,
        stop: impl Future<Output = ()>,
        stop_time: Duration,
    ) {
        // Connections inherit it. Without it the system takes megabytes of answers for a client that reads none.
        if let Err(error) = set_socket_send_buffer_size(&listener, SEND_BUFFER) {
            tracing::debug!(%error, "the send buffer keeps its size");
        }
        let seats = Seats::new(room);
        let (stopping, watching) = watch::channel(());
        let mut stop = pin!(stop);
        loop {
            let accept = async {
                let (stream, peer) = listener.accept().await?;
                Ok::<_, io::Error>((stream, peer, seats.take(peer.ip()).await))
            };
            let accepted = tokio::select! {
                biased;
                () = &mut stop => break,
                accepted = accept => accepted,
            };
            match accepted {
                Ok((stream, peer, taken)) => {
                    let (server, watching) = (Arc::clone(&self), watching.clone());
                    tokio::spawn(async move {
                        let seat = taken.seat();
                        tokio::select! {
                            () = server.connection(stream, peer, seat, watching) => {}
                            () = seat.given_up() => tracing::debug!(%peer, "a connection made room for another"),
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    sleep(NO_ROOM).await;
                }
            }
        }
        drop((listener, stopping));
        // Every seat is free again once every connection has ended.
        if timeout(stop_time, seats.empty()).await.is_err() {
            tracing::warn!("some requests were still running and are cut off");
        }
    }

    async fn connection(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        seat: &Arc<Seat>,
        mut stopping: Stopping,
    ) {
        // Answers leave at once; a socket that refuses is a slower socket.
        let _ = stream.set_nodelay(true);
        let Some(tls) = &self.tls else { return self.converse(stream, peer, seat, false, stopping).await };
        let opening = tokio::select! {
            opening = open(stream, tls) => opening,
            _ = stopping.changed() => return,
        };
        match opening {
            Opening::Encrypted(stream) => self.converse(*stream, peer, seat, true, stopping).await,
            Opening::Plain(stream) => self.converse(stream, peer, seat, false, stopping).await,
            Opening::Failed(error) => tracing::debug!(error, %peer, "a connection could not be encrypted"),
        }
    }

    /// Answers the requests of one connection.
    async fn converse<S>(
        &self,
        stream: S,
        peer: SocketAddr,
        seat: &Arc<Seat>,
        encrypted: bool,
        mut stopping: Stopping,
    ) where
        S: AsyncRead + AsyncWrite + Unpin + 'static,
    {
        let notes = Arc::new(Notes::default());
        let stream = Stream::new(stream, Arc::clone(&notes), Arc::clone(seat));
        let asked = tower::service_fn(|request: Request<Incoming>| {
            let (refused, busy) = (notes.began(request.body()), seat.be_busy());
            async move {
                let answer = match refused {
                    Some(fault) => refusal(&fault, peer),
                    None => self.answer(request, peer, encrypted).await,
                };
                let breaks = answer.extensions().get().copied();
                if breaks == Some(Break::Before) {
                    return Err(Broken);
                }
                Ok(answer.map(|body| match breaks {
                    Some(_) => Either::Right(Half::of(Counted { body, _busy: busy })),
                    None => Either::Left(Counted { body, _busy: busy }),
                }))
            }
        });
        let packing = Compression::new(asked).quality(CompressionLevel::Fastest).compress_when(Marked);
        let service = service_fn(|request| packing.clone().call(request));
        let connection =
            http1::Builder::new().header_read_timeout(None).serve_connection(TokioIo::new(stream), service);
        let mut connection = pin!(connection);
        let outcome = tokio::select! {
            biased;
            outcome = connection.as_mut() => outcome,
            _ = stopping.changed() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        // What goes wrong here is the client's: it hung up, or read nothing.
        if let Err(error) = outcome {
            tracing::debug!(%error, %peer, "a connection broke");
        }
    }
}

/// The answer to what is no request.
fn refusal(fault: &Fault, peer: SocketAddr) -> Answer {
    note_refused(fault, "", peer.ip());
    rest::failure(fault, Format::Json).map(Either::Left)
}

/// The body of an answer, until the end of which the connection counts as busy.
struct Counted {
    body: Either<Full<Bytes>, axum::body::Body>,
    _busy: Busy,
}

impl Body for Counted {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// How a connection to the https port began.
enum Opening {
    Encrypted(Box<TlsStream<TcpStream>>),
    /// With plain http. It is let through, so that a call gets the protocol's `Https required.`
    Plain(TcpStream),
    Failed(String),
}

async fn open(stream: TcpStream, tls: &Tls) -> Opening {
    /// The first byte of a TLS handshake (RFC 8446, 5.1).
    const HANDSHAKE: u8 = 22;
    let begin = async {
        let mut first = [0];
        match stream.peek(&mut first).await {
            Err(error) => Opening::Failed(error.to_string()),
            Ok(1) if first[0] != HANDSHAKE => Opening::Plain(stream),
            Ok(_) => match tls.acceptor().accept(stream).await {
                Ok(stream) => Opening::Encrypted(Box::new(stream)),
                Err(error) => Opening::Failed(error.to_string()),
            },
        }
    };
    timeout(HANDSHAKE_TIME, begin).await.unwrap_or_else(|_| Opening::Failed("too slow".to_owned()))
}
