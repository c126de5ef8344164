//! `GET /health`, for whoever starts and watches the server.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use portal::Portal;
use portal::meta::Meta;
use store::Tx;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

/// How long the store may take to answer a read.
const PATIENCE: Duration = Duration::from_secs(2);
/// For how long what was found is told without another look: anybody may ask, any number of times.
const KEPT: Duration = Duration::from_secs(1);

/// Whether the portal works.
#[derive(Default)]
pub struct Health(Mutex<Option<(Instant, bool)>>);

impl Health {
    /// 200 when the store answers a read in time, and 503 otherwise.
    pub async fn answer(&self, portal: &Portal) -> Response<Full<Bytes>> {
        let (status, body): (_, &'static [u8]) = match self.is_well(portal).await {
            true => (StatusCode::OK, br#"{"status":"ok"}"#),
            false => (StatusCode::SERVICE_UNAVAILABLE, br#"{"status":"unavailable"}"#),
        };
        let mut response = Response::new(Full::new(Bytes::from_static(body)));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    /// Those who ask at once wait for one look.
    async fn is_well(&self, portal: &Portal) -> bool {
        let mut found = self.0.lock().await;
        if let Some((at, well)) = *found
            && at.elapsed() < KEPT
        {
            return well;
        }
        let read = portal.core().store.read(|tx: &mut Tx<'_>| Meta::current_version(tx));
        let well = match timeout(PATIENCE, read).await {
            Ok(Ok(_)) => true,
            Ok(Err(error)) => {
                tracing::warn!(%error, "the portal is not well: its store cannot be read");
                false
            }
            Err(_) => {
                tracing::warn!("the portal is not well: its store does not answer in time");
                false
            }
        };
        *found = Some((Instant::now(), well));
        well
    }
}
