//! The bare client: the one that the courier has (hyper-util's, with the same settings), sending requests of the same size
//! from a process of its own, and writing nothing down. What our deliveries are measured against.
//!
//! It leaves out what a handler's address costs, too: no guard, no TLS connector, no log.

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{Request, Uri};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

/// It runs as a process of its own, as the courier does. Killed when dropped.
pub(crate) struct Process(Child);

impl Process {
    /// Starts one that sends `count` requests, `at_once` at a time, to the URLs in turn.
    pub(crate) fn start(
        at_once: usize,
        count: usize,
        body: &str,
        urls: &[String],
    ) -> Result<Process, String> {
        let failed = |error: std::io::Error| format!("cannot start the bare client: {error}");
        let mut command = Command::new(std::env::current_exe().map_err(failed)?);
        command.args(["client", &at_once.to_string(), &count.to_string(), body]).args(urls);
        command.spawn().map(Process).map_err(failed)
    }

    /// Waits until it has ended, which must be well.
    pub(crate) fn wait(mut self) -> Result<(), String> {
        match self.0.wait() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("the bare client ended with {status}")),
            Err(error) => Err(format!("lost the bare client: {error}")),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Does it: `AT-ONCE COUNT BODY URL..`
pub(crate) fn send(arguments: &[&str]) -> Result<(), String> {
    let [at_once, count, body, urls @ ..] = arguments else {
        return Err("usage: benches client AT-ONCE COUNT BODY URL..".to_owned());
    };
    let number = |text: &str| text.parse::<usize>().map_err(|_| format!("{text} is no number"));
    let (at_once, count) = (number(at_once)?, number(count)?);
    let body = Bytes::from((*body).to_owned());
    let urls: Result<Vec<Uri>, _> = urls.iter().map(|url| url.parse()).collect();
    let urls = urls.map_err(|error| format!("no URL: {error}"))?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| format!("no runtime: {error}"))?;
    runtime.block_on(async {
        let client = client();
        let taken = Arc::new(AtomicUsize::new(0));
        let tasks = urls.iter().cycle().take(at_once).map(|url| {
            tokio::spawn(keep_sending(client.clone(), url.clone(), body.clone(), Arc::clone(&taken), count))
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.map_err(|error| error.to_string())??;
        }
        Ok(())
    })
}

type HttpClient = Client<HttpConnector, Full<Bytes>>;

fn client() -> HttpClient {
    /// As the courier has them.
    const IDLE: Duration = Duration::from_secs(20);
    const MAX_IDLE: usize = 64;
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(MAX_IDLE)
        .build(connector)
}

/// One request after the other, until all tasks together have sent `count`.
async fn keep_sending(
    client: HttpClient,
    url: Uri,
    body: Bytes,
    taken: Arc<AtomicUsize>,
    count: usize,
) -> Result<(), String> {
    while taken.fetch_add(1, Relaxed) < count {
        let request = Request::post(url.clone())
            .header("content-type", "application/x-www-form-urlencoded")
            .header("user-agent", "Bitrix24 Webhook Engine")
            .header("webhook-id", "msg_01234567_1234567")
            .header("webhook-timestamp", "1760954322")
            .header("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
            .header("x-portreeve-hop", "1")
            .body(Full::new(body.clone()))
            .map_err(|error| error.to_string())?;
        let answer = client.request(request).await.map_err(|error| format!("{error:?}"))?;
        answer.into_body().collect().await.map_err(|error| error.to_string())?;
    }
    Ok(())
}
