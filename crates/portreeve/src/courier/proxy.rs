//! The proxy through which handlers are reached, where there is one: a tunnel by HTTP CONNECT for every connection, so that
//! it sees neither tokens nor events of handlers with https. It resolves handlers' names itself.

use std::env;
use std::fmt;

use anyhow::{Result, ensure};
use hyper::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use thiserror::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A longer head of an answer is none.
const LONGEST_HEAD: usize = 8 * 1024;
/// Where a proxy listens that does not say.
const USUAL_PORT: u16 = 80;

/// Why the proxy opened no way to the handler.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ProxyFault {
    /// Nothing listens there
    #[error("the proxy cannot be reached")]
    Unreachable,
    /// It wants to know who we are
    #[error("the proxy wants another user and password (status 407)")]
    Unknown,
    /// It does not let us go there, or cannot go there itself
    #[error("the proxy did not connect to the handler: it answered with status {0}")]
    Refused(u16),
    /// It is none
    #[error("the proxy did not answer as a proxy")]
    NotHttp,
}

/// Which handlers are reached through which proxy.
pub struct Proxies(Matcher);

impl fmt::Debug for Proxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A proxy's URL may hold a password.
        f.write_str("Proxies(..)")
    }
}

impl Proxies {
    /// None.
    pub fn none() -> Self {
        Proxies(Matcher::builder().build())
    }

    /// This one but for these exceptions; where they are not given, those of the environment: `HTTPS_PROXY`, `HTTP_PROXY`,
    /// `ALL_PROXY` and `NO_PROXY`, in capitals or not.
    ///
    /// # Errors
    /// When the proxy's URL is none of the scheme http.
    pub fn new(proxy: Option<&str>, except: Option<&str>) -> Result<Self> {
        let mut matcher = Matcher::builder();
        for (name, url) in named(proxy) {
            let usable = url.is_empty() || is_usable(&url);
            ensure!(
                usable,
                "{name}: a proxy for handlers looks like http://user:password@proxy.example.com:3128"
            );
            matcher = match name {
                "HTTPS_PROXY" => matcher.https(url),
                "HTTP_PROXY" => matcher.http(url),
                _ => matcher.all(url),
            };
        }
        let except = except.map_or_else(|| variable("NO_PROXY"), str::to_owned);
        Ok(Proxies(matcher.no(except).build()))
    }

    /// The proxy on the way to a handler.
    pub fn on_the_way(&self, handler: &Uri) -> Option<Intercept> {
        self.0.intercept(handler)
    }
}

/// Proxies by the names that say which they are for.
fn named(given: Option<&str>) -> Vec<(&'static str, String)> {
    match given {
        Some(url) => vec![("--handler-proxy", url.to_owned())],
        None => ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"].map(|name| (name, variable(name))).to_vec(),
    }
}

fn variable(name: &str) -> String {
    let found = env::var(name).or_else(|_| env::var(name.to_ascii_lowercase()));
    found.unwrap_or_default()
}

fn is_usable(url: &str) -> bool {
    let url = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
    url::Url::parse(&url).is_ok_and(|url| url.scheme() == "http" && url.has_host())
}

/// Opens a tunnel to a handler.
pub async fn connect(proxy: &Intercept, handler: &str) -> Result<TcpStream, ProxyFault> {
    let uri = proxy.uri();
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let port = uri.port_u16().unwrap_or(USUAL_PORT);
    let connected = TcpStream::connect((host, port)).await;
    let mut stream = connected.map_err(|_| ProxyFault::Unreachable)?;
    let mut ask = format!("CONNECT {handler} HTTP/1.1\r\nHost: {handler}\r\n").into_bytes();
    if let Some(who) = proxy.basic_auth() {
        ask.extend_from_slice(&[b"Proxy-Authorization: ", who.as_bytes(), b"\r\n"].concat());
    }
    ask.extend_from_slice(b"\r\n");
    stream.write_all(&ask).await.map_err(|_| ProxyFault::NotHttp)?;
    match status(&mut stream).await.ok_or(ProxyFault::NotHttp)? {
        200..=299 => Ok(stream),
        407 => Err(ProxyFault::Unknown),
        other => Err(ProxyFault::Refused(other)),
    }
}

/// Reads the head of the answer and not a byte more: what follows is the handler's.
async fn status(stream: &mut TcpStream) -> Option<u16> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
        if head.len() > LONGEST_HEAD {
            return None;
        }
    }
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    response.parse(&head).ok()?;
    response.code
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    fn way(proxies: &Proxies, handler: &str) -> Option<String> {
        proxies.on_the_way(&handler.parse().unwrap()).map(|proxy| proxy.uri().to_string())
    }

    #[test]
    fn exceptions_are_reached_directly() {
        let except = Some("intranet.example, 10.0.0.0/8");
        let proxies = Proxies::new(Some("http://proxy.example:3128"), except).unwrap();
        let through = Some("http://proxy.example:3128/".to_owned());
        for url in ["https://shop.example/", "http://shop.example/", "https://192.0.2.1/"] {
            assert_eq!(way(&proxies, url), through, "{url}");
        }
        for url in ["https://a.intranet.example/", "http://10.1.2.3:8080/"] {
            assert_eq!(way(&proxies, url), None, "{url}");
        }
        assert_eq!(way(&Proxies::new(Some(""), None).unwrap(), "https://shop.example/"), None);
        for wrong in ["socks5://proxy.example:1080", "https://proxy.example", "http://"] {
            assert!(Proxies::new(Some(wrong), None).is_err(), "{wrong}");
        }
    }

    /// A proxy that answers its one connection like this; what it was asked.
    async fn asked(answer: &'static str) -> (Result<TcpStream, ProxyFault>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://shop:pass@{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.unwrap());
            }
            stream.write_all(answer.as_bytes()).await.unwrap();
            String::from_utf8(head).unwrap()
        });
        let proxies = Proxies::new(Some(&url), Some("")).unwrap();
        let proxy = proxies.on_the_way(&"https://handler.example/".parse().unwrap()).unwrap();
        let connected = connect(&proxy, "handler.example:443").await;
        (connected, serving.await.unwrap())
    }

    #[tokio::test]
    async fn a_tunnel_is_asked_for_by_name_and_password() {
        let (connected, head) = asked("HTTP/1.1 200 Connection established\r\nX: y\r\n\r\nrest").await;
        assert!(
            head.starts_with("CONNECT handler.example:443 HTTP/1.1\r\nHost: handler.example:443\r\n"),
            "{head}"
        );
        assert!(head.contains("Proxy-Authorization: Basic c2hvcDpwYXNz\r\n"), "{head}");
        let mut rest = String::new();
        connected.unwrap().read_to_string(&mut rest).await.unwrap();
        assert_eq!(rest, "rest", "what follows is the handler's");
    }

    #[tokio::test]
    async fn what_the_proxy_says_is_told() {
        let refused = async |answer| asked(answer).await.0.map(drop).unwrap_err();
        assert_eq!(refused("HTTP/1.1 407 Who\r\n\r\n").await, ProxyFault::Unknown);
        assert_eq!(refused("HTTP/1.1 403 Forbidden\r\n\r\n").await, ProxyFault::Refused(403));
        assert_eq!(refused("SSH-2.0\r\n\r\n").await, ProxyFault::NotHttp);
        assert_eq!(refused("").await, ProxyFault::NotHttp);
    }
}
