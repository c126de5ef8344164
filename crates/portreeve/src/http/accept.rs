//! Connections: taken, encrypted where they are to be, kept alive, and brought to an end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_rustls::server::TlsStream;

use super::Server;
use crate::tls::Tls;

/// How long a client may take to send a request's head, and to think between two requests.
const HEAD_TIME: Duration = Duration::from_secs(60);
/// How long a TLS handshake may take.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
/// How long to wait when the system has no room for a further connection.
const NO_ROOM: Duration = Duration::from_millis(100);

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
        let seats = Arc::new(Semaphore::new(room as usize));
        let (stopping, watching) = watch::channel(());
        let mut stop = pin!(stop);
        loop {
            let accept = async { (Arc::clone(&seats).acquire_owned().await, listener.accept().await) };
            let (seat, accepted) = tokio::select! {
                biased;
                () = &mut stop => break,
                accepted = accept => accepted,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let (server, watching) = (Arc::clone(&self), watching.clone());
                    tokio::spawn(async move {
                        server.connection(stream, peer, watching).await;
                        drop(seat);
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
        if timeout(stop_time, seats.acquire_many(room)).await.is_err() {
            tracing::warn!("some requests were still running and are cut off");
        }
    }

    async fn connection(self: Arc<Self>, stream: TcpStream, peer: SocketAddr, mut stopping: Stopping) {
        // Answers leave at once; a socket that refuses is a slower socket.
        let _ = stream.set_nodelay(true);
        let Some(tls) = &self.tls else { return self.converse(stream, peer, false, stopping).await };
        let opening = tokio::select! {
            opening = open(stream, tls) => opening,
            _ = stopping.changed() => return,
        };
        match opening {
            Opening::Encrypted(stream) => self.converse(*stream, peer, true, stopping).await,
            Opening::Plain(stream) => self.converse(stream, peer, false, stopping).await,
            Opening::Failed(error) => tracing::debug!(error, %peer, "a connection could not be encrypted"),
        }
    }

    /// Answers the requests of one connection.
    async fn converse<S>(
        self: Arc<Self>,
        stream: S,
        peer: SocketAddr,
        encrypted: bool,
        mut stopping: Stopping,
    ) where
        S: AsyncRead + AsyncWrite + Unpin + 'static,
    {
        let service =
            service_fn(async |request| Ok::<_, Infallible>(self.answer(request, peer, encrypted).await));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME)
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = pin!(connection);
        let outcome = tokio::select! {
            biased;
            outcome = connection.as_mut() => outcome,
            _ = stopping.changed() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        // What goes wrong here is the client's: it hung up, or spoke no HTTP.
        if let Err(error) = outcome {
            tracing::debug!(%error, %peer, "a connection broke");
        }
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
