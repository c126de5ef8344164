//! HTTP: connections, and which part of the program answers a request.

mod body;
mod health;
mod proxy;
mod rest;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

pub use proxy::{Origin, Proxies};
pub use rest::Door;

use crate::tls::Tls;

/// How long a client may take to send a request's head, and to think between two requests.
const HEAD_TIME: Duration = Duration::from_secs(60);
/// How long a TLS handshake may take.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
/// How long to wait when the system has no room for a further connection.
const NO_ROOM: Duration = Duration::from_millis(100);

/// An answer: of the REST door, whole, or of the pages.
type Answer = Response<Either<Full<Bytes>, axum::body::Body>>;

/// Everything that answers requests.
pub struct Server {
    pub door: Door,
    pub proxies: Proxies,
    pub tls: Option<Tls>,
    pub max_connections: usize,
}

impl Server {
    /// Accepts connections until `stop`, then answers what was accepted, within `stop_time`.
    pub async fn run(
        self: Arc<Self>,
        listener: TcpListener,
        stop: impl Future<Output = ()>,
        stop_time: Duration,
    ) {
        let graceful = GracefulShutdown::new();
        let room = Arc::new(Semaphore::new(self.max_connections));
        let mut stop = pin!(stop);
        loop {
            let accept = async {
                let place = Arc::clone(&room).acquire_owned().await;
                (place, listener.accept().await)
            };
            let (place, accepted) = tokio::select! {
                biased;
                () = &mut stop => break,
                accepted = accept => accepted,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let (server, watcher) = (Arc::clone(&self), graceful.watcher());
                    tokio::spawn(async move {
                        server.connection(stream, peer, watcher).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    sleep(NO_ROOM).await;
                }
            }
        }
        drop(listener);
        if timeout(stop_time, graceful.shutdown()).await.is_err() {
            tracing::warn!("some requests were still running and are cut off");
        }
    }

    async fn connection(self: Arc<Self>, stream: TcpStream, peer: SocketAddr, watcher: Watcher) {
        // Answers leave at once; a socket that refuses is a slower socket.
        let _ = stream.set_nodelay(true);
        match &self.tls {
            Some(tls) if speaks_tls(&stream).await => {
                match timeout(HANDSHAKE_TIME, tls.acceptor().accept(stream)).await {
                    Ok(Ok(stream)) => Arc::clone(&self).converse(stream, peer, true, watcher).await,
                    Ok(Err(error)) => tracing::debug!(%error, %peer, "a TLS handshake failed"),
                    Err(_) => tracing::debug!(%peer, "a TLS handshake took too long"),
                }
            }
            _ => Arc::clone(&self).converse(stream, peer, false, watcher).await,
        }
    }

    /// Answers the requests of one connection.
    async fn converse<S>(self: Arc<Self>, stream: S, peer: SocketAddr, encrypted: bool, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + 'static,
    {
        let service = service_fn(|request| {
            let server = Arc::clone(&self);
            async move { Ok::<_, Infallible>(server.answer(request, peer, encrypted).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME)
            .serve_connection(TokioIo::new(stream), service);
        // What goes wrong here is the client's: it hung up, or spoke no HTTP.
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection broke");
        }
    }

    async fn answer(&self, request: Request<Incoming>, peer: SocketAddr, encrypted: bool) -> Answer {
        let origin = self.proxies.origin(peer.ip(), encrypted, request.headers());
        match area(request.uri().path()) {
            Area::Rest => self.door.answer(request, origin).await.map(Either::Left),
            Area::Health => health::answer().map(Either::Left),
            Area::Pages => health::nothing_here().map(Either::Left),
        }
    }
}

/// Whether a client begins with a TLS handshake. One that speaks plain http instead is let through, so that
/// it gets the protocol's `Https required.` and no garbage.
async fn speaks_tls(stream: &TcpStream) -> bool {
    const HANDSHAKE: u8 = 22;
    let mut first = [0];
    let peeked = timeout(HANDSHAKE_TIME, stream.peek(&mut first)).await;
    !matches!(peeked, Ok(Ok(1)) if first[0] != HANDSHAKE)
}

/// The parts of the address space.
#[derive(Debug, PartialEq)]
enum Area {
    Rest,
    Health,
    Pages,
}

/// Clients put several slashes where one is meant (protocol 1.1).
fn area(path: &str) -> Area {
    let path = path.trim_start_matches('/');
    match path.strip_prefix("rest") {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => Area::Rest,
        _ if path == "health" => Area::Health,
        _ => Area::Pages,
    }
}

#[cfg(test)]
mod tests {
    use super::{Area, area};

    #[test]
    fn the_first_segment_says_who_answers() {
        for path in ["/rest", "/rest/", "//rest/1/x/profile", "/rest//1"] {
            assert_eq!(area(path), Area::Rest, "{path}");
        }
        assert_eq!(area("/health"), Area::Health);
        for path in ["/", "", "/restore", "/REST/1", "/devops/"] {
            assert_eq!(area(path), Area::Pages, "{path}");
        }
    }
}
