//! `GET /health`, for whoever starts and watches the server.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use portal::Portal;
use portal::meta::Meta;
use serde_json::json;
use store::{Store, Tx};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

/// How long the store may take to answer a read.
const PATIENCE: Duration = Duration::from_secs(2);
/// For how long what was found is told without another look: anybody may ask, any number of times.
const KEPT: Duration = Duration::from_secs(1);

/// Whether the portal works.
#[derive(Default)]
pub struct Health(Mutex<Option<(Instant, State)>>);

/// The state of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Well,
    /// Reads go on, and so do writes once there is room.
    Full,
    /// Reads go on, and so do writes once it takes them.
    ReadOnly,
    /// What is not damaged can be read and written.
    Damaged,
    /// Reads go on.
    WritesFail,
    ReadsFail,
    Silent,
}

impl Health {
    /// 200 when the store keeps writes and answers a read in time, and 503 with the reason otherwise.
    pub async fn answer(&self, portal: &Portal) -> Response<Full<Bytes>> {
        self.state(portal).await.response()
    }

    /// Those who ask at once wait for one look.
    async fn state(&self, portal: &Portal) -> State {
        let mut found = self.0.lock().await;
        if let Some((at, state)) = *found
            && at.elapsed() < KEPT
        {
            return state;
        }
        let store = &portal.core().store;
        let read = store.read(|tx: &mut Tx<'_>| Meta::current_version(tx));
        let state = match (writes(store).await, timeout(PATIENCE, read).await) {
            (_, Ok(Err(error))) => unwell(State::ReadsFail, &error.to_string()),
            (_, Err(elapsed)) => unwell(State::Silent, &elapsed.to_string()),
            (Err(error), Ok(Ok(_))) => unwell(State::of(&error), &error.to_string()),
            (Ok(()), Ok(Ok(_))) => State::Well,
        };
        *found = Some((Instant::now(), state));
        state
    }
}

/// Whether writes can be kept. Where they could not, one is tried: it may be over, and nobody else may be writing.
async fn writes(store: &Store) -> Result<(), store::Error> {
    match store.check() {
        Err(error) if error.is_lasting() => {
            // How it went, the store tells below.
            let _ = timeout(PATIENCE, store.try_write()).await;
            store.check()
        }
        told => told,
    }
}

fn unwell(state: State, error: &str) -> State {
    tracing::warn!(reason = state.reason(), error, "the portal is not well");
    state
}

impl State {
    /// What it is when the store tells of that error.
    fn of(error: &store::Error) -> State {
        match error {
            store::Error::Full(_) => State::Full,
            store::Error::ReadOnly(_) => State::ReadOnly,
            store::Error::Damaged(_) => State::Damaged,
            _ => State::WritesFail,
        }
    }

    /// Why the portal does not work; empty when it does. Anybody may ask, so it holds no detail.
    fn reason(self) -> &'static str {
        match self {
            State::Well => "",
            State::Full => "The disk is full. Reads go on; writes go on once there is room.",
            State::ReadOnly => {
                "The database takes no writes. Reads go on; check the disk, or the database server."
            }
            State::Damaged => {
                "The database is damaged. Stop the server, keep a copy of the database, and restore a backup."
            }
            State::WritesFail => "The disk refused a write. Check the disk, then restart the server.",
            State::ReadsFail => "The database cannot be read.",
            State::Silent => "The database does not answer.",
        }
    }

    fn response(self) -> Response<Full<Bytes>> {
        let (status, body) = match self {
            State::Well => (StatusCode::OK, json!({"status": "ok"})),
            _ => (StatusCode::SERVICE_UNAVAILABLE, json!({"status": "unavailable", "reason": self.reason()})),
        };
        let mut response = Response::new(Full::new(body.to_string().into()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn a_portal_that_cannot_write_says_so() {
        let found =
            [State::Full, State::Damaged, State::WritesFail, State::ReadsFail, State::Silent, State::Well];
        let mut told = Vec::new();
        for state in found {
            let response = state.response();
            let status = response.status().as_u16();
            let body = response.into_body().collect().await.map(http_body_util::Collected::to_bytes);
            told.push((status, serde_json::from_slice::<serde_json::Value>(&body.unwrap_or_default()).ok()));
        }
        let reason = "The disk refused a write. Check the disk, then restart the server.";
        assert_eq!(told[2], (503, Some(json!({"status": "unavailable", "reason": reason}))));
        assert_eq!(
            told.iter().map(|(status, _)| *status).collect::<Vec<_>>(),
            [503, 503, 503, 503, 503, 200]
        );
    }
}
