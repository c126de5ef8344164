//! The requests to the collector.

use std::fmt;
use std::time::Duration;

use anyhow::Result;
use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use opentelemetry_http::{HttpClient, HttpError};
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::courier::{Anywhere, anywhere};

/// The longest time that one takes, the answer included.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of an answer that are read.
const MOST: usize = 64 * 1024;

/// The client of the courier, without the guard: the operator says where the collector is.
pub(super) struct Post {
    client: Client<Anywhere, Full<Bytes>>,
    runtime: Handle,
}

impl Post {
    pub(super) fn new(runtime: Handle) -> Result<Self> {
        let _within = runtime.enter();
        let client =
            Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(anywhere(None)?);
        Ok(Post { client, runtime })
    }
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Post")
    }
}

#[async_trait]
impl HttpClient for Post {
    /// Spans are exported on a thread that has no runtime.
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (client, request) = (self.client.clone(), request.map(Full::new));
        let asked = async move {
            let (head, body) = client.request(request).await?.into_parts();
            let body = Limited::new(body, MOST).collect().await?.to_bytes();
            Ok::<_, HttpError>(Response::from_parts(head, body))
        };
        self.runtime.spawn(async { timeout(TIMEOUT, asked).await }).await??
    }
}
