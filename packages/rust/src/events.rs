//! A handler that catches events.

use std::collections::VecDeque;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::any;
use serde_json::{Map, Value};
use tokio::runtime::{Builder, Runtime};

use crate::{Error, Result};

/// How long [`Events::wait`] waits.
const PATIENCE: Duration = Duration::from_secs(5);

/// A request that the handler got.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Event {
    /// The name of the event: `ONCRMLEADADD`.
    pub name: String,
    /// What it is about: `{"FIELDS": {"ID": "1"}}`.
    pub data: Value,
    /// What the handler checks: `application_token` and so on.
    pub auth: Value,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came, of which the signature is.
    pub body: Bytes,
}

/// Catches the events of a portal, in the order in which they came.
pub struct Events {
    caught: Arc<Caught>,
    address: SocketAddr,
    runtime: Option<Runtime>,
}

#[derive(Default)]
struct Caught {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    events: Vec<Event>,
    statuses: VecDeque<StatusCode>,
}

impl Events {
    pub(crate) fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let (address, caught) = (listener.local_addr()?, Arc::<Caught>::default());
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let taker = Arc::clone(&caught);
        let router = Router::new().fallback(any(async move |headers, body| taker.take(headers, &body)));
        let listener = runtime.block_on(async { tokio::net::TcpListener::from_std(listener) })?;
        runtime.spawn(async move { axum::serve(listener, router).await });
        Ok(Events { caught, address, runtime: Some(runtime) })
    }

    /// Where the handler listens.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Returns what came since the last reset.
    pub fn all(&self) -> Vec<Event> {
        self.caught.state().events.clone()
    }

    /// Waits until as many events with this name came, and returns them.
    ///
    /// # Errors
    /// [`Error::Assertion`] after five seconds.
    pub fn wait(&self, name: &str, count: usize) -> Result<Vec<Event>> {
        let end = Instant::now() + PATIENCE;
        let mut state = self.caught.state();
        loop {
            let found: Vec<_> = state.events.iter().filter(|event| event.name == name).cloned().collect();
            let left = end.saturating_duration_since(Instant::now());
            if found.len() >= count {
                return Ok(found);
            }
            if left.is_zero() {
                let names: Vec<_> = state.events.iter().map(|event| event.name.as_str()).collect();
                let text =
                    format!("{} of {count} {name} came within five seconds; caught: {names:?}", found.len());
                return Err(Error::Assertion(text));
            }
            let waited = self.caught.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Answers the next requests with these HTTP statuses, and 200 after them.
    pub fn answer(&self, statuses: &[StatusCode]) {
        self.caught.state().statuses = statuses.iter().copied().collect();
    }

    /// Forgets what came, and answers 200 from now on.
    pub fn clear(&self) {
        *self.caught.state() = State::default();
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        // A test may itself run within a runtime, where one must not wait for another's end.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Caught {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, headers: HeaderMap, body: &Bytes) -> StatusCode {
        let mut form = nested(body);
        let name = form["event"].as_str().unwrap_or_default().to_owned();
        let event =
            Event { name, data: form["data"].take(), auth: form["auth"].take(), headers, body: body.clone() };
        let mut state = self.state();
        state.events.push(event);
        self.changed.notify_all();
        state.statuses.pop_front().unwrap_or(StatusCode::OK)
    }
}

/// `data[FIELDS][ID]=1` as nested objects.
fn nested(body: &[u8]) -> Value {
    let mut whole = Value::Object(Map::new());
    for (name, value) in url::form_urlencoded::parse(body) {
        let name = name.replace(']', "");
        let mut inner = &mut whole;
        for key in name.split('[') {
            if !inner.is_object() {
                *inner = Value::Object(Map::new());
            }
            inner = &mut inner[key];
        }
        *inner = Value::from(&*value);
    }
    whole
}
