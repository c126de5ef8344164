//! Sending, to handlers on this machine that behave as each test has it.

use std::sync::Arc;
use std::time::Duration;

use hyper::header::HeaderValue;
use parking_lot::Mutex;
use portal::Moment;
use portal::guard::Guard;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use super::answer::Answer;
use super::connect::Connector;
use super::failure::Failure;
use super::resolve::Names;
use super::send::{Address, Parcel, Sender};
use super::trust::{Trust, read_certificates};

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
        hop: Some("3.1.1760954322.p".to_owned()),
        is_test: false,
        traceparent: None,
        further: Arc::default(),
    }
}

/// A sender that may reach 127.0.0.1 and no other private address.
fn sender(trust: Trust, timeout: Duration) -> Sender {
    let guard = super::connect::fixed(guard());
    let connector = Connector::new(Names::new(&["127.0.0.1:9".parse().unwrap()]).unwrap(), guard);
    let agent = HeaderValue::from_static("Bitrix24 Webhook Engine");
    Sender::new(connector.with_tls(trust).unwrap(), agent, timeout, 8)
}

/// Believes no certificate.
fn nobody() -> Trust {
    Trust::new(RootCertStore::empty(), Vec::new()).unwrap()
}

fn guard() -> Guard {
    Guard::new(vec!["127.0.0.1/32".parse().unwrap()])
}

async fn send_within(timeout: Duration, url: &str) -> Result<Answer, Failure> {
    let address = Address::new(&guard(), url).unwrap();
    sender(nobody(), timeout).send(&address, &parcel(), Moment(0)).await.result
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
            "x-portreeve-hop: 3.1.1760954322.p",
        ]
    );
    assert_eq!(body, BODY);
}

#[tokio::test]
async fn each_way_to_fail_has_its_name() {
    for (answer, failure) in [
        ("", Failure::HungUp),
        ("HTTP/1.1 200 OK\r\n", Failure::HungUp),
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

/// A handler that answers nothing, or begins this answer and keeps the connection open.
async fn hanging(answer: &'static str) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        request(&mut stream).await;
        stream.write_all(answer.as_bytes()).await.unwrap();
        // Until the other side hangs up.
        assert_eq!(stream.read(&mut [0; 1]).await.unwrap_or(0), 0, "the connection is not used again");
    });
    (url, serving)
}

#[tokio::test]
async fn time_is_bounded_over_everything() {
    let (url, serving) = hanging("").await;
    let ended = send_within(Duration::from_millis(50), &url).await;
    assert_eq!(ended.unwrap_err(), Failure::TimedOut);
    serving.await.unwrap();
}

#[tokio::test]
async fn the_status_counts_whatever_becomes_of_the_body() {
    for (answer, status) in [
        ("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", 200),
        ("HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf", 201),
        ("HTTP/1.1 500 No\r\n\r\nhalf", 500),
    ] {
        let (url, serving) = hanging(answer).await;
        let answer = send_within(Duration::from_millis(200), &url).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.text(&[]).as_str()), (status, "half"));
        serving.await.unwrap();
    }
    let handler = Handler::start(&["HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"]).await;
    let answer = send(&handler.url).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.text(&[]).as_str()), (200, "half"), "it broke off");
}

fn redirect(status: u16, to: &str) -> String {
    format!("HTTP/1.1 {status} Moved\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}

#[tokio::test]
async fn a_redirect_is_a_failed_try_and_leads_nowhere() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = elsewhere.local_addr().unwrap();
    for status in [301, 302, 303, 307, 308] {
        for (to, words) in [
            (
                format!("http://{address}/new?key=secret"),
                format!("the handler redirects to {address}, which"),
            ),
            ("/new?key=secret".to_owned(), "the handler redirects, which".to_owned()),
        ] {
            let mut handler = Handler::start(&[&redirect(status, &to), OK]).await;
            let answer = send(&handler.url).await.unwrap();
            assert_eq!(answer.status.as_u16(), status);
            let remark = answer.remark().unwrap();
            assert!(remark.starts_with(&words) && !remark.contains("secret"), "{remark}");
            handler.got();
            assert!(handler.requests.try_recv().is_err(), "nothing more came");
        }
    }
    let asked = tokio::time::timeout(Duration::ZERO, elsewhere.accept()).await;
    assert!(asked.is_err(), "nobody came here");
}

#[tokio::test]
async fn a_test_event_says_so() {
    let mut handler = Handler::start(&[OK]).await;
    let address = Address::new(&guard(), &handler.url).unwrap();
    let parcel = Parcel { is_test: true, ..parcel() };
    sender(nobody(), LONG).send(&address, &parcel, Moment(0)).await.result.unwrap();
    let got = handler.got();
    assert!(got.contains("x-portreeve-test: 1\r\n"), "{got}");
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
    for (status, asked) in [(429, Some(7)), (503, Some(7)), (200, None), (500, None), (307, None)] {
        let answer = format!("HTTP/1.1 {status} So\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n");
        let handler = Handler::start(&[&answer]).await;
        let answer = send(&handler.url).await.unwrap();
        assert_eq!(answer.retry_after, asked.map(Duration::from_secs), "{status}");
    }
}

/// A handler with https that shows this certificate.
async fn encrypted(shown: CertificateDer<'static>, key: &KeyPair) -> String {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![shown], key)
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
    url
}

/// A certificate for this name that has signed itself, as one that may sign others or not; with its key.
fn self_signed(name: &str, signs_others: bool) -> (CertificateDer<'static>, KeyPair) {
    let (mut params, key) =
        (CertificateParams::new([name.to_owned()]).unwrap(), KeyPair::generate().unwrap());
    if signs_others {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    (params.self_signed(&key).unwrap().der().clone(), key)
}

/// An authority, and a certificate for this name that it has signed; with its key.
fn signed(name: &str) -> (CertificateDer<'static>, CertificateDer<'static>, KeyPair) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "An authority of one's own");
    let key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&key).unwrap().der().clone();
    let issuer = Issuer::new(params, key);
    let (params, key) = (CertificateParams::new([name.to_owned()]).unwrap(), KeyPair::generate().unwrap());
    (authority, params.signed_by(&key, &issuer).unwrap().der().clone(), key)
}

/// How a delivery to this handler ends when these certificates are the operator's own.
async fn told(url: &str, own: &[&CertificateDer<'static>]) -> Result<u16, Failure> {
    let address = Address::new(&guard(), url).unwrap();
    let own = own.iter().map(|one| (*one).clone()).collect();
    let trust = Trust::new(RootCertStore::empty(), own).unwrap();
    sender(trust, LONG).send(&address, &parcel(), Moment(0)).await.result.map(|answer| answer.status.as_u16())
}

/// What the log says of it.
async fn failed(url: &str, own: &[&CertificateDer<'static>]) -> String {
    told(url, own).await.unwrap_err().to_string()
}

const ANOTHER: &str = "TLS: the certificate is for another name: for 10.0.0.1, not for 127.0.0.1";

#[tokio::test]
async fn certificates_are_checked() {
    let (authority, shown, key) = signed("127.0.0.1");
    let url = encrypted(shown, &key).await;
    assert_eq!(told(&url, &[&authority]).await, Ok(200));
    let unknown = failed(&url, &[]).await;
    assert!(unknown.contains("unknown authority") && unknown.contains("--handler-ca FILE"), "{unknown}");
    let (authority, shown, key) = signed("10.0.0.1");
    let url = encrypted(shown, &key).await;
    assert_eq!(failed(&url, &[&authority]).await, ANOTHER);
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", plain.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut stream, _) = plain.accept().await.unwrap();
        stream.write_all(OK.as_bytes()).await.unwrap();
        stream
    });
    assert_eq!(failed(&url, &[]).await, "TLS: the handler does not speak it on this port");
    serving.await.unwrap();
}

#[tokio::test]
async fn a_self_signed_certificate_is_called_that_and_can_be_believed() {
    let (other, _) = self_signed("127.0.0.1", true);
    for signs_others in [false, true] {
        let (shown, key) = self_signed("127.0.0.1", signs_others);
        let url = encrypted(shown.clone(), &key).await;
        for own in [&[][..], &[&other]] {
            let said = failed(&url, own).await;
            assert!(said.contains("is self-signed") && said.contains("--handler-ca FILE"), "{said}");
        }
        assert_eq!(told(&url, &[&shown]).await, Ok(200), "{signs_others}");
        let (shown, key) = self_signed("10.0.0.1", signs_others);
        let url = encrypted(shown.clone(), &key).await;
        assert_eq!(failed(&url, &[&shown]).await, ANOTHER);
    }
}

#[tokio::test]
async fn a_certificate_has_its_time() {
    for (from, until, says) in
        [(2000, 2001, "expired on 2001-01-01"), (2090, 2091, "is not valid before 2090-01-01")]
    {
        let mut params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
        (params.not_before, params.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(until, 1, 1));
        let key = KeyPair::generate().unwrap();
        let shown = params.self_signed(&key).unwrap().der().clone();
        let url = encrypted(shown.clone(), &key).await;
        assert_eq!(failed(&url, &[&shown]).await, format!("TLS: the certificate {says}"));
    }
}

/// What the console chose holds for the next connection, and no longer than it stays chosen.
#[tokio::test]
async fn chosen_authorities_are_believed_from_then_on() {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&key).unwrap();
    let (pem, issuer) = (authority.pem(), Issuer::new(params, key));
    let (params, key) =
        (CertificateParams::new(["127.0.0.1".to_owned()]).unwrap(), KeyPair::generate().unwrap());
    let url = encrypted(params.signed_by(&key, &issuer).unwrap().der().clone(), &key).await;
    let text: Arc<Mutex<Arc<str>>> = Arc::new(Mutex::new("".into()));
    let read = Arc::clone(&text);
    let trust = nobody().with(Arc::new(move || Arc::clone(&read.lock())));
    let sender = sender(trust, LONG);
    let address = Address::new(&guard(), &url).unwrap();
    assert_eq!(read_certificates(&pem).unwrap(), [authority.der().clone()]);
    for (chosen, is_believed) in [("", false), (&pem, true), ("", false)] {
        *text.lock() = chosen.into();
        let answered = sender.send(&address, &parcel(), Moment(0)).await.result;
        assert_eq!(answered.is_ok(), is_believed, "{answered:?}");
    }
    for wrong in ["nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        assert!(read_certificates(wrong).is_err(), "{wrong}");
    }
}
