//! The bare server: axum, a route, a fixed body of a given size. What our answers are measured against.

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderName, header};
use axum::routing::post;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// It runs as a process of its own, as ours does. Killed when dropped.
pub(crate) struct Process {
    child: Child,
    address: String,
}

impl Process {
    /// Starts one that answers `/0` with the first size, `/1` with the second, ...
    pub(crate) fn start(sizes: &[usize]) -> Result<Process, String> {
        let failed = |error: std::io::Error| format!("cannot start the bare server: {error}");
        let program = std::env::current_exe().map_err(failed)?;
        let mut command = Command::new(program);
        command.arg("bare").args(sizes.iter().map(ToString::to_string)).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(failed)?;
        let mut address = String::new();
        BufReader::new(child.stdout.take().expect("stdout is piped"))
            .read_line(&mut address)
            .map_err(failed)?;
        Ok(Process { child, address: address.trim().to_owned() })
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until killed; prints its address.
pub(crate) fn serve(sizes: &[&str]) -> Result<(), String> {
    let mut router = Router::new();
    for (index, size) in sizes.iter().enumerate() {
        let size: usize = size.parse().map_err(|_| format!("{size} is no size"))?;
        let body = Bytes::from("x".repeat(size));
        let headers: [(HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
        // It reads what was sent, as every server that can do something must.
        router = router.route(&format!("/{index}"), post(move |_: Bytes| async move { (headers, body) }));
    }
    let runtime = tokio::runtime::Runtime::new().map_err(|error| format!("no runtime: {error}"))?;
    runtime
        .block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
            println!("{}", listener.local_addr()?);
            axum::serve(listener, router).await
        })
        .map_err(|error| format!("bare server: {error}"))
}
