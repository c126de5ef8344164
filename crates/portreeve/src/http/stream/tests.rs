//! Time, which runs by itself here.

use std::net::{IpAddr, Ipv4Addr};

use http_body_util::{Empty, Full};
use hyper::Response;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::super::seats::Seats;
use super::*;

/// What a client gets that asked for something large.
const LARGE: usize = 1 << 20;

/// A client of a service that answers any GET with [`LARGE`] bytes and any POST at once, with nothing.
async fn converse() -> (DuplexStream, JoinHandle<()>) {
    let (client, server) = duplex(1024);
    let taken = Seats::new(1).take(IpAddr::from(Ipv4Addr::LOCALHOST)).await;
    let serving = tokio::spawn(async move {
        let (notes, seat) = (Arc::new(Notes::default()), taken.seat());
        let stream = Stream::new(server, Arc::clone(&notes), Arc::clone(seat));
        let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
            let (refused, busy) = (notes.began(request.body()), seat.be_busy());
            async move {
                drop(busy);
                let status = refused.map_or(200, |fault| fault.status);
                let length = if request.method() == "GET" && status == 200 { LARGE } else { 0 };
                Response::builder().status(status).body(Full::new(Bytes::from(vec![b'x'; length])))
            }
        });
        let mut connection = http1::Builder::new();
        let _ = connection.header_read_timeout(None).serve_connection(TokioIo::new(stream), service).await;
    });
    (client, serving)
}

/// What is said until the end.
async fn said(client: &mut DuplexStream) -> String {
    let mut said = Vec::new();
    let _ = client.read_to_end(&mut said).await;
    String::from_utf8_lossy(&said).into_owned()
}

#[tokio::test(start_paused = true)]
async fn a_head_must_arrive_in_time() {
    let (mut client, serving) = converse().await;
    client.write_all(b"GET / HTT").await.unwrap();
    let begun = Instant::now();
    let answer = said(&mut client).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert_eq!(begun.elapsed().as_secs(), HEAD_TIME.as_secs());
    drop(client);
    serving.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn who_asks_nothing_is_not_waited_for() {
    for request in [&b""[..], b"POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\n"] {
        let (mut client, serving) = converse().await;
        client.write_all(request).await.unwrap();
        let answer = said(&mut client).await;
        assert_eq!(answer.is_empty(), request.is_empty(), "{answer}");
        serving.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn who_reads_nothing_is_not_waited_for() {
    let (mut client, serving) = converse().await;
    client.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let begun = Instant::now();
    serving.await.unwrap();
    assert_eq!(begun.elapsed().as_secs(), WRITE_TIME.as_secs());
}

#[tokio::test(start_paused = true)]
async fn who_reads_slowly_is() {
    let (mut client, serving) = converse().await;
    client.write_all(b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n").await.unwrap();
    let (mut read, mut piece) = (0, vec![0; 64 * 1024]);
    loop {
        sleep(WRITE_TIME / 2).await;
        match client.read(&mut piece).await.unwrap() {
            0 => break,
            count => read += count,
        }
    }
    assert!(read > LARGE, "{read}");
    serving.await.unwrap();
}

/// The answer is not lost to a reset while the client still sends.
#[tokio::test(start_paused = true)]
async fn what_comes_after_an_early_answer_is_thrown_away() {
    let (client, serving) = converse().await;
    let (mut reading, mut writing) = tokio::io::split(client);
    writing.write_all(b"POST / HTTP/1.1\r\ncontent-length: 999999\r\n\r\n").await.unwrap();
    writing.write_all(&vec![b'x'; 500_000]).await.unwrap();
    let mut answer = [0; 12];
    timeout(DRAIN_TIME, reading.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    serving.await.unwrap();
}

#[test]
fn what_follows_is_what_hyper_says() {
    let notes = Notes::default();
    assert_eq!(notes.began(&Empty::<Bytes>::new()), None);
    assert!(matches!(notes.take(), Note::Follows(At::Length(0))));
    assert!(matches!(notes.take(), Note::Nothing));
}
