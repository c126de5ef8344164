//! Connections to handlers: to addresses that the guard admits, and to no other.

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::rt::TokioIo;
use portal::guard::Guard;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::client::Resumption;
use tokio_rustls::rustls::crypto::ring;

use tower_service::Service;

use super::failure::Failure;
use super::proxy::{self, Proxies};
use super::resolve::Names;
use super::trust::Trust;

/// How many addresses of a host are tried.
const MAX_ADDRESSES: usize = 4;
/// How long to wait for an address when there is another one.
const PATIENCE: Duration = Duration::from_secs(3);

/// The guard as it is when it is asked for: the console may change what it allows.
pub type Guards = Arc<dyn Fn() -> Arc<Guard> + Send + Sync>;

/// A guard that stays as it is.
pub fn fixed(guard: Guard) -> Guards {
    let guard = Arc::new(guard);
    Arc::new(move || Arc::clone(&guard))
}

/// Resolves, checks, connects. What was checked is what is connected to, so a name that resolves to something
/// else each time gains nothing.
///
/// Cheap to clone, which the HTTP client does for each request.
#[derive(Clone)]
pub struct Connector {
    names: Arc<Names>,
    guard: Guards,
    proxies: Arc<Proxies>,
}

impl Connector {
    /// Connects where this guard allows it.
    pub fn new(names: Names, guard: Guards) -> Self {
        Connector { names: Arc::new(names), guard, proxies: Arc::new(Proxies::none()) }
    }

    /// The same through proxies, which resolve names themselves: what a name leads to is theirs to judge.
    pub fn through(self, proxies: Proxies) -> Self {
        Connector { proxies: Arc::new(proxies), ..self }
    }

    /// The same with TLS for https, to those whose certificates are believed.
    pub fn with_tls(self, trust: Trust) -> anyhow::Result<HttpsConnector<Connector>> {
        let mut tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(trust))
            .with_no_client_auth();
        // A resumed session would go on believing what is not believed any more.
        tls.resumption = Resumption::disabled();
        let builder = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1();
        Ok(builder.wrap_connector(self))
    }

    async fn connect(self, uri: Uri) -> Result<TokioIo<TcpStream>, Failure> {
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        let usual = if uri.scheme_str() == Some("https") { 443 } else { 80 };
        let port = uri.port_u16().unwrap_or(usual);
        if let Some(proxy) = self.proxies.on_the_way(&uri) {
            if let Ok(address) = host.parse::<IpAddr>() {
                self.admitted(&[address])?;
            }
            let handler = format!("{}:{port}", uri.host().unwrap_or_default());
            let stream = proxy::connect(&proxy, &handler).await?;
            let _ = stream.set_nodelay(true);
            return Ok(TokioIo::new(stream));
        }
        let addresses = match host.parse::<IpAddr>() {
            Ok(address) => vec![address],
            Err(_) => self.names.resolve(host).await?,
        };
        let admitted = self.admitted(&addresses)?;
        let mut failure = Failure::NoSuchHost;
        for (index, address) in admitted.iter().enumerate() {
            let connecting = TcpStream::connect(SocketAddr::new(*address, port));
            let connected = if index + 1 == admitted.len() {
                Some(connecting.await)
            } else {
                timeout(PATIENCE, connecting).await.ok()
            };
            match connected {
                Some(Ok(stream)) => {
                    // A socket that refuses is a slower socket.
                    let _ = stream.set_nodelay(true);
                    return Ok(TokioIo::new(stream));
                }
                Some(Err(error)) => failure = Failure::io(&error),
                None => failure = Failure::TimedOut,
            }
        }
        Err(failure)
    }

    /// Those of the addresses to which we may connect; when there is none, why the first one is refused.
    fn admitted(&self, addresses: &[IpAddr]) -> Result<Vec<IpAddr>, Failure> {
        let guard = (self.guard)();
        let admitted = addresses.iter().copied().filter(|address| guard.admits(*address));
        let admitted: Vec<IpAddr> = admitted.take(MAX_ADDRESSES).collect();
        match addresses.first() {
            Some(first) if admitted.is_empty() => guard.look_at(*first)?,
            _ => {}
        }
        Ok(admitted)
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<TcpStream>;
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Failure>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}
