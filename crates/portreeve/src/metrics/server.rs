//! `/metrics`, on an address of its own that outsiders need not reach.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use portal::Portal;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::Metrics;
use crate::http::NO_ROOM;

const OPEN_METRICS: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
/// Connections at once.
const MAX_CONNECTIONS: usize = 16;
/// How long a connection may last, so that idle ones do not take all seats.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(60);

/// Answers on this listener, for ever.
pub async fn serve(listener: TcpListener, metrics: Arc<Metrics>, portal: Portal) {
    let seats = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let (seat, accepted) = (Arc::clone(&seats).acquire_owned().await, listener.accept().await);
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a connection for metrics could not be accepted");
                sleep(NO_ROOM).await;
                continue;
            }
        };
        let (metrics, portal) = (Arc::clone(&metrics), portal.clone());
        tokio::spawn(async move {
            // Whoever reads too slowly, or hangs up, has had the figures that there were.
            let _ = timeout(CONNECTION_TIMEOUT, converse(stream, &metrics, &portal)).await;
            drop(seat);
        });
    }
}

async fn converse(stream: TcpStream, metrics: &Metrics, portal: &Portal) {
    let service = service_fn(async |request| Ok::<_, Infallible>(answer(&request, metrics, portal).await));
    let connection =
        http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection for metrics broke");
    }
}

async fn answer(request: &Request<Incoming>, metrics: &Metrics, portal: &Portal) -> Response<Full<Bytes>> {
    if request.uri().path() != "/metrics" || request.method() != Method::GET {
        return plain(StatusCode::NOT_FOUND, "the metrics are at /metrics\n");
    }
    match metrics.render(portal).await {
        Ok(text) => {
            let mut response = Response::new(Full::from(text));
            response.headers_mut().insert(CONTENT_TYPE, OPEN_METRICS);
            response
        }
        Err(error) => {
            tracing::warn!(%error, "there are no metrics");
            plain(StatusCode::SERVICE_UNAVAILABLE, "the metrics cannot be read now\n")
        }
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    response
}
