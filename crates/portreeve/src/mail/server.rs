//! A mail server for tests: takes what comes, and gives it to the test.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

/// An e-mail as it came.
#[derive(Debug)]
pub struct Received {
    /// `MAIL FROM`
    pub from: String,
    /// `RCPT TO`
    pub to: String,
    /// What was said with `AUTH`, as it was said.
    pub auth: Option<String>,
    /// Headers and body.
    pub data: String,
}

/// Takes e-mails, or refuses all.
pub struct MailServer {
    /// Where it listens.
    pub address: SocketAddr,
    received: UnboundedReceiver<Received>,
}

impl MailServer {
    /// Without encryption, or with STARTTLS before anything else.
    pub async fn start(tls: Option<Arc<ServerConfig>>, refuses: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (told, received) = unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (told, tls) = (told.clone(), tls.clone());
                tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    say(&mut stream, "220 mail.test ESMTP").await;
                    if let Some(tls) = tls {
                        greet(&mut stream, "250-mail.test\r\n250 STARTTLS").await;
                        assert_eq!(hear(&mut stream).await.as_deref(), Some("STARTTLS"));
                        say(&mut stream, "220 go on").await;
                        let secure = TlsAcceptor::from(tls).accept(stream.into_inner()).await;
                        if let Ok(secure) = secure {
                            converse(BufReader::new(secure), &told, refuses).await;
                        }
                    } else {
                        converse(stream, &told, refuses).await;
                    }
                });
            }
        });
        MailServer { address, received }
    }

    /// The next e-mail; waits for it.
    pub async fn next(&mut self) -> Received {
        self.received.recv().await.unwrap()
    }

    /// Whether one came that nobody has looked at.
    pub fn has_more(&mut self) -> bool {
        !self.received.is_empty()
    }
}

async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: BufReader<S>,
    told: &UnboundedSender<Received>,
    refuses: bool,
) {
    greet(&mut stream, "250-mail.test\r\n250 AUTH PLAIN LOGIN").await;
    let mut mail = Received { from: String::new(), to: String::new(), auth: None, data: String::new() };
    while let Some(line) = hear(&mut stream).await {
        if line.starts_with("AUTH ") {
            mail.auth = Some(line);
            say(&mut stream, "235 welcome").await;
        } else if let Some(from) = line.strip_prefix("MAIL FROM:") {
            mail.from = from.to_owned();
            say(&mut stream, if refuses { "550 not from you" } else { "250 ok" }).await;
        } else if let Some(to) = line.strip_prefix("RCPT TO:") {
            mail.to = to.to_owned();
            say(&mut stream, "250 ok").await;
        } else if line == "DATA" {
            say(&mut stream, "354 go on").await;
            while let Some(line) = hear(&mut stream).await.filter(|line| line != ".") {
                mail.data.push_str(&line);
                mail.data.push('\n');
            }
            say(&mut stream, "250 taken").await;
            let next = Received { from: String::new(), to: String::new(), auth: None, data: String::new() };
            let _ = told.send(std::mem::replace(&mut mail, next));
        } else {
            say(&mut stream, if line == "QUIT" { "221 bye" } else { "250 ok" }).await;
        }
    }
}

async fn greet<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>, can: &str) {
    let hello = hear(stream).await.unwrap_or_default();
    assert!(hello.starts_with("EHLO "), "{hello}");
    say(stream, can).await;
}

async fn say<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>, line: &str) {
    // Whoever hung up hears nothing.
    let _ = stream.write_all(format!("{line}\r\n").as_bytes()).await;
    let _ = stream.flush().await;
}

async fn hear<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>) -> Option<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await {
        Ok(count) if count > 0 => Some(line.trim_end().to_owned()),
        _ => None,
    }
}
