//! Sending, to handlers on this machine that behave as each test has it.

use std::sync::Arc;
use std::time::Duration;

use hyper::header::HeaderValue;
use portal::outbound::guard::{Guard, Refusal};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use super::answer::Answer;
use super::connect::Connector;
use super::failure::Failure;
use super::resolve::Names;
use super::send::{Address, Parcel, Sender};

const BODY: &str = "event=ONCRMLEADADD&data%5BFIELDS%5D%5BID%5D=1";
const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfine";
/// Long enough for whatever is not meant to take too long.
const LONG: Duration = Duration::from_secs(60);

fn parcel() -> Parcel {
    Parcel {
        body: BODY.into(),
        message_id: "msg_1".to_owned(),
        timestamp: 1_760_954_322,
        signature: "v1,c2lnbmVk".to_owned(),
        hop: 3,
    }
}

/// A sender that may reach 127.0.0.1 and no other private address.
fn sender(roots: RootCertStore, timeout: Duration) -> Sender {
    let guard = super::connect::fixed(guard());
    let connector =
        Connector::new(Names::new(&["127.0.0.1:9".parse().unwrap()]).unwrap(), Arc::clone(&guard));
    let agent = HeaderValue::from_static("Bitrix24 Webhook Engine");
    Sender::new(connector.with_tls(roots).unwrap(), guard, agent, timeout, 8)
}

fn guard() -> Guard {
    Guard::new(vec!["127.0.0.1/32".parse().unwrap()])
}

async fn send_within(timeout: Duration, url: &str) -> Result<Answer, Failure> {
    let address = Address::new(&guard(), url).unwrap();
    sender(RootCertStore::empty(), timeout).send(&address, &parcel()).await.result
}

async fn send(url: &str) -> Result<Answer, Failure> {
    send_within(LONG, url).await
}

/// A handler that answers its connections, one request on each, by these scripts in turn; with what it got.
struct Handler {
    url: String,
    requests: UnboundedReceiver<String>,
    _serving: JoinHandle<()>,
}

impl Handler {
    async fn start(answers: &[&str]) -> Handler {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (told, requests) = unbounded_channel();
        let answers: Vec<String> = answers.iter().map(|answer| (*answer).to_owned()).collect();
        let serving = tokio::spawn(async move {
            for answer in answers {
                let (mut stream, _) = listener.accept().await.unwrap();
                let _ = told.send(request(&mut stream).await);
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        Handler { url, requests, _serving: serving }
    }

    fn got(&mut self) -> String {
        self.requests.try_recv().expect("a request came")
    }
}

/// Reads a request with its body.
async fn request(stream: &mut TcpStream) -> String {
    let (mut text, mut buffer) = (String::new(), [0; 4096]);
    loop {
        let count = stream.read(&mut buffer).await.unwrap();
        text.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
        let whole = text.ends_with(BODY) || (text.starts_with("GET") && text.ends_with("\r\n\r\n"));
        if whole || count == 0 {
            return text;
        }
    }
}

#[tokio::test]
async fn a_delivery_arrives_as_it_was_made_up() {
    let mut handler = Handler::start(&[OK]).await;
    let answer = send(&format!("{}/a/handler.php?key=1#x", handler.url)).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.text(&[]).as_str()), (200, "fine"));
    let got = handler.got();
    let (head, body) = got.split_once("\r\n\r\n").unwrap();
    let host = handler.url.strip_prefix("http://").unwrap();
    let mut lines: Vec<&str> = head.lines().collect();
    assert_eq!(lines.remove(0), "POST /a/handler.php?key=1 HTTP/1.1");
    lines.sort_unstable();
    let (length, host) = (format!("content-length: {}", BODY.len()), format!("host: {host}"));
    assert_eq!(
        lines,
        [
            length.as_str(),
            "content-type: application/x-www-form-urlencoded",
            host.as_str(),
            "user-agent: Bitrix24 Webhook Engine",
            "webhook-id: msg_1",
            "webhook-signature: v1,c2lnbmVk",
            "webhook-timestamp: 1760954322",
            "x-portreeve-hop: 3",
        ]
    );
    assert_eq!(body, BODY);
}

#[tokio::test]
async fn each_way_to_fail_has_its_name() {
    for (answer, failure) in [
        ("", Failure::HungUp),
        ("HTTP/1.1 200 OK\r\n", Failure::HungUp),
        ("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", Failure::HungUp),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhal", Failure::HungUp),
        ("SSH-2.0-OpenSSH_9.2\r\n", Failure::NotHttp),
    ] {
        let handler = Handler::start(&[answer]).await;
        assert_eq!(send(&handler.url).await.unwrap_err(), failure, "{answer:?}");
    }
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", taken.local_addr().unwrap());
    drop(taken);
    assert_eq!(send(&url).await.unwrap_err(), Failure::ConnectionRefused);
}

#[tokio::test]
async fn a_reset_is_called_that() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_u8().await.unwrap();
        // Closed with something unread, a socket resets the connection.
        drop(stream);
    });
    assert_eq!(send(&url).await.unwrap_err(), Failure::Reset);
    serving.await.unwrap();
}

#[tokio::test]
async fn time_is_bounded_over_everything() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let silent = tokio::spawn(async move {
        let mut open = Vec::new();
        for answer in ["", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"] {
            let (mut stream, _) = listener.accept().await.unwrap();
            request(&mut stream).await;
            stream.write_all(answer.as_bytes()).await.unwrap();
            open.push(stream);
        }
        open
    });
    for _ in 0..2 {
        let ended = send_within(Duration::from_millis(50), &url).await;
        assert_eq!(ended.unwrap_err(), Failure::TimedOut);
    }
    drop(silent.await.unwrap());
}

fn redirect(status: u16, to: &str) -> String {
    format!("HTTP/1.1 {status} Moved\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}

#[tokio::test]
async fn a_handler_that_moved_gets_the_delivery_where_it_is() {
    for status in [301, 302, 307, 308] {
        let mut handler = Handler::start(&[&redirect(status, "/new?x=1"), OK]).await;
        assert_eq!(send(&handler.url).await.unwrap().status.as_u16(), 200);
        handler.got();
        let second = handler.got();
        assert!(second.starts_with("POST /new?x=1 HTTP/1.1\r\n") && second.ends_with(BODY), "{second}");
        assert!(second.contains("webhook-id: msg_1\r\n"), "{second}");
    }
}

#[tokio::test]
async fn see_other_means_that_the_delivery_was_taken() {
    let mut handler = Handler::start(&[&redirect(303, "/thanks"), &redirect(307, "/thank-you"), OK]).await;
    assert_eq!(send(&handler.url).await.unwrap().status.as_u16(), 200);
    handler.got();
    for path in ["/thanks", "/thank-you"] {
        let next = handler.got();
        assert!(next.starts_with(&format!("GET {path} HTTP/1.1\r\n")), "{next}");
        assert!(!next.contains("webhook-"), "{next}");
    }
}

#[tokio::test]
async fn three_redirects_are_followed_and_no_more() {
    let on = redirect(307, "/on");
    let handler = Handler::start(&[&on, &on, &on, OK]).await;
    assert_eq!(send(&handler.url).await.unwrap().status.as_u16(), 200);
    let handler = Handler::start(&[&on, &on, &on, &on, OK]).await;
    assert_eq!(send(&handler.url).await.unwrap_err(), Failure::TooManyRedirects);
}

#[tokio::test]
async fn a_redirect_leads_nowhere_that_a_handler_may_not_be() {
    for to in
        ["http://127.0.0.2:8080/", "http://[::ffff:127.0.0.2]:8080/", "http://2130706434/", "//10.0.0.1/"]
    {
        let handler = Handler::start(&[&redirect(307, to)]).await;
        let failure = send(&handler.url).await.unwrap_err();
        assert!(matches!(failure, Failure::Refused(Refusal::Address { .. })), "{to}: {failure:?}");
    }
    let handler = Handler::start(&[&redirect(307, "gopher://example.com/")]).await;
    let refused = Failure::Refused(Refusal::Scheme("gopher".to_owned()));
    assert_eq!(send(&handler.url).await.unwrap_err(), refused);
}

#[tokio::test]
async fn an_answer_is_read_no_further_than_it_is_worth() {
    // It never ends, and is a success all the same.
    let endless = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(80_000));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        request(&mut stream).await;
        // The other side may hang up in the middle of it.
        let _ = stream.write_all(endless.as_bytes()).await;
        stream
    });
    let answer = send(&url).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.text(&[]).len()), (200, 4096));
    serving.await.unwrap();
}

#[tokio::test]
async fn patience_is_asked_for_with_certain_statuses_only() {
    for (status, asked) in [(429, Some(7)), (503, Some(7)), (200, None), (500, None)] {
        let answer = format!("HTTP/1.1 {status} So\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n");
        let handler = Handler::start(&[&answer]).await;
        let answer = send(&handler.url).await.unwrap();
        assert_eq!(answer.retry_after, asked.map(Duration::from_secs), "{status}");
    }
}

/// A handler with https, whose certificate is for this name; with what a client must trust to believe it.
async fn encrypted(name: &str) -> (String, RootCertStore) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed([name.to_owned()]).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let mut buffer = [0; 4096];
                let _ = stream.read(&mut buffer).await;
                let _ = stream.write_all(OK.as_bytes()).await;
            }
        }
    });
    (url, roots)
}

#[tokio::test]
async fn certificates_are_checked() {
    let told = async |url: &str, roots: RootCertStore| {
        let address = Address::new(&guard(), url).unwrap();
        sender(roots, LONG).send(&address, &parcel()).await.result.map(|answer| answer.status.as_u16())
    };
    let tls = |text: &str| Err(Failure::Tls(text.to_owned()));
    let (url, roots) = encrypted("127.0.0.1").await;
    assert_eq!(told(&url, roots).await, Ok(200));
    let (url, _) = encrypted("127.0.0.1").await;
    let unknown = "nobody whom this server trusts has signed the certificate";
    assert_eq!(told(&url, RootCertStore::empty()).await, tls(unknown));
    let (url, roots) = encrypted("10.0.0.1").await;
    assert_eq!(told(&url, roots).await, tls("the certificate is for another name"));
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", plain.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut stream, _) = plain.accept().await.unwrap();
        stream.write_all(OK.as_bytes()).await.unwrap();
        stream
    });
    assert_eq!(told(&url, RootCertStore::empty()).await, tls("the other side does not speak it"));
    serving.await.unwrap();
}
