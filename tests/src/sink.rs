//! A handler for outbound webhooks: a small HTTP server that remembers what it was sent and answers as it is told.

use rustix::net::sockopt::set_socket_linger;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// How long [`Sink::wait_for`] waits before it fails the test.
const PATIENCE: Duration = Duration::from_secs(30);

/// One request, read whole.
#[derive(Clone, Debug)]
pub struct Received {
    /// The verb.
    pub method: String,
    /// The path with its query, as it stands in the first line.
    pub path: String,
    /// The lines of the head after the first, as they came.
    pub head: String,
    /// The body, as far as it is text.
    pub body: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
    /// When the last byte of it was read.
    pub arrived: Instant,
}

impl Received {
    /// A header's value, empty where there is none; names in any case.
    pub fn header(&self, name: &str) -> &str {
        header(&self.head, name)
    }

    /// Whether the library of Standard Webhooks takes it for what the holder of this secret has sent.
    pub fn is_signed(&self, secret: &str) -> bool {
        let webhook = standardwebhooks::Webhook::new(secret).expect("a secret begins with whsec_");
        let headers = ["webhook-id", "webhook-timestamp", "webhook-signature"].map(|name| {
            (name.parse().expect("a name"), self.header(name).parse().expect("it came as a header"))
        });
        webhook.verify(self.body.as_bytes(), &headers.into_iter().collect()).is_ok()
    }

    /// The first field of that name in a form, decoded; for example `data[FIELDS][ID]`.
    pub fn field(&self, name: &str) -> Option<String> {
        self.fields().into_iter().find_map(|(found, value)| (found == name).then_some(value))
    }

    /// The fields of a form in their order, decoded.
    pub fn fields(&self) -> Vec<(String, String)> {
        let pairs = self.body.split('&').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decoded(name), decoded(value))
            })
            .collect()
    }
}

/// What the sink does with a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Answers. Made by [`Reply::status`].
    Answer {
        /// The status.
        status: u16,
        /// Further headers.
        headers: Vec<(String, String)>,
        /// The body.
        body: String,
    },
    /// Never answers; keeps the connection until the client gives up.
    Hang,
    /// Resets the connection (RST) instead of an answer.
    Reset,
    /// Sends half of a 200 and then nothing more; keeps the connection until the client gives up.
    HalfWay,
    /// Sends half of a 200 and closes the connection.
    Cut,
    /// Waits, then does the other thing.
    After(Duration, Box<Reply>),
}

impl Reply {
    /// An answer with that status and an empty body.
    pub fn status(status: u16) -> Reply {
        Reply::Answer { status, headers: Vec::new(), body: String::new() }
    }

    /// The same with a header. Only for answers.
    pub fn with_header(mut self, name: &str, value: &str) -> Reply {
        let Reply::Answer { headers, .. } = &mut self else { panic!("{self:?} has no headers") };
        headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with a body. Only for answers.
    pub fn body(mut self, text: &str) -> Reply {
        let Reply::Answer { body, .. } = &mut self else { panic!("{self:?} has no body") };
        text.clone_into(body);
        self
    }

    /// The same, later.
    pub fn after(self, pause: Duration) -> Reply {
        Reply::After(pause, Box::new(self))
    }
}

/// The server. Dropped, it hangs up on everybody and its port refuses connections.
pub struct Sink {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<std::thread::JoinHandle<()>>,
}

struct Shared {
    answer: Box<dyn Fn(&Received) -> Reply + Send + Sync>,
    state: Mutex<State>,
    /// Notified at each request, and at the end.
    changed: Condvar,
}

#[derive(Default)]
struct State {
    received: Vec<Arc<Received>>,
    /// Open connections, to hang up at the end.
    open: HashMap<u64, TcpStream>,
    accepted: u64,
    over: bool,
}

impl Sink {
    /// Starts one on a free port. `answer` is asked on a thread of the connection's, so it may block.
    pub fn start(answer: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Sink {
        Sink::at("127.0.0.1:0", answer)
    }

    /// Starts one at an address, for example that of an earlier sink that went down.
    pub fn at(address: &str, answer: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Sink {
        let listener = TcpListener::bind(address).unwrap_or_else(|error| panic!("{address}: {error}"));
        let address = listener.local_addr().expect("a bound socket has an address");
        let state = Mutex::default();
        let shared = Arc::new(Shared { answer: Box::new(answer), state, changed: Condvar::new() });
        let acceptor = std::thread::spawn({
            let shared = Arc::clone(&shared);
            move || accept(&listener, &shared)
        });
        Sink { address, shared, acceptor: Some(acceptor) }
    }

    /// `http://127.0.0.1:port/handler`
    pub fn url(&self) -> String {
        format!("http://{}/handler", self.address)
    }

    /// `127.0.0.1:port`
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// All requests so far, in the order of their arrival.
    pub fn received(&self) -> Vec<Arc<Received>> {
        self.shared.state().received.clone()
    }

    /// How many they are.
    pub fn count(&self) -> usize {
        self.shared.state().received.len()
    }

    /// Waits until there are that many, or more, and returns all.
    #[track_caller]
    pub fn wait_for(&self, count: usize) -> Vec<Arc<Received>> {
        self.wait_until(|received| received.len() >= count)
    }

    /// Waits until what has come is enough, and returns all.
    #[track_caller]
    pub fn wait_until(&self, enough: impl Fn(&[Arc<Received>]) -> bool) -> Vec<Arc<Received>> {
        let waiting = |state: &mut State| !enough(&state.received);
        let waited = self.shared.changed.wait_timeout_while(self.shared.state(), PATIENCE, waiting);
        let (state, timeout) = waited.expect("no panic while the state is locked");
        let received = state.received.clone();
        drop(state);
        assert!(!timeout.timed_out(), "waited for more than these {}: {received:#?}", received.len());
        received
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.over = true;
        for stream in state.open.values() {
            // The client may have gone already.
            let _ = stream.shutdown(Shutdown::Both);
        }
        drop(state);
        self.shared.changed.notify_all();
        // Wakes the acceptor, which else would wait for the next client.
        let _ = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take() {
            acceptor.join().expect("accepting does not panic");
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic while the state is locked")
    }

    /// Waits for that long, or until the sink is dropped.
    fn pause(&self, pause: Duration) {
        let waited = self.changed.wait_timeout_while(self.state(), pause, |state| !state.over);
        drop(waited.expect("no panic while the state is locked"));
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming().flatten() {
        let mut state = shared.state();
        if state.over {
            return;
        }
        state.accepted += 1;
        let number = state.accepted;
        let Ok(kept) = stream.try_clone() else { continue };
        state.open.insert(number, kept);
        drop(state);
        let shared = Arc::clone(shared);
        std::thread::spawn(move || {
            // A connection that breaks is the client's to report.
            let _ = serve(&stream, &shared);
            // Before the last handle goes, so that a reset or a close happens when `stream` is dropped.
            shared.state().open.remove(&number);
        });
    }
}

/// Answers request after request until one side hangs up.
fn serve(stream: &TcpStream, shared: &Shared) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(received) = read(&mut reader)? {
        let mut reply = (shared.answer)(&received);
        shared.state().received.push(Arc::new(received));
        shared.changed.notify_all();
        while let Reply::After(pause, next) = reply {
            shared.pause(pause);
            reply = *next;
        }
        match reply {
            Reply::Answer { status, headers, body } => answer(stream, status, &headers, &body)?,
            Reply::Hang => return drain(reader),
            Reply::Reset => return Ok(set_socket_linger(stream, Some(Duration::ZERO))?),
            Reply::Cut => return half(stream),
            Reply::HalfWay => {
                half(stream)?;
                return drain(reader);
            }
            Reply::After(..) => unreachable!("unwrapped above"),
        }
    }
    Ok(())
}

fn answer(mut stream: &TcpStream, status: u16, headers: &[(String, String)], body: &str) -> Result<()> {
    let mut text = format!("HTTP/1.1 {status} \r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    text += "\r\n";
    text += body;
    stream.write_all(text.as_bytes())
}

fn half(mut stream: &TcpStream) -> Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nten bytes.")
}

/// Reads until the client has hung up.
fn drain(mut reader: impl Read) -> Result<()> {
    std::io::copy(&mut reader, &mut std::io::sink()).map(|_| ())
}

/// Reads one request; `None` where the client hung up instead.
fn read(reader: &mut impl BufRead) -> Result<Option<Received>> {
    let mut first = String::new();
    if reader.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let mut head = String::new();
    while reader.read_line(&mut head)? > 2 {}
    let mut words = first.split(' ').map(str::to_owned);
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        return Err(ErrorKind::InvalidData.into());
    };
    if !header(&head, "transfer-encoding").is_empty() {
        return Err(Error::new(ErrorKind::Unsupported, "the sink reads bodies with a length only"));
    }
    let length = header(&head, "content-length").parse().unwrap_or_default();
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes)?;
    let body = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Some(Received { method, path, head, body, bytes, arrived: Instant::now() }))
}

fn header<'h>(head: &'h str, name: &str) -> &'h str {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut values =
        lines.filter_map(|(found, value)| found.eq_ignore_ascii_case(name).then_some(value.trim()));
    values.next().unwrap_or_default()
}

fn decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(address: &str, body: &str) -> Result<String> {
        let mut stream = TcpStream::connect(address)?;
        write!(
            stream,
            "POST /handler HTTP/1.1\r\nX-Way: out\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )?;
        stream.shutdown(Shutdown::Write)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    #[test]
    fn it_remembers_and_answers() {
        let sink = Sink::start(|_| Reply::status(201).with_header("x-a", "b").body("kept"));
        let said = post(&sink.address(), "a%5Bb%5D=1+2&c=%D0%9F").expect("an answer");
        assert_eq!(said, "HTTP/1.1 201 \r\ncontent-length: 4\r\nx-a: b\r\n\r\nkept");
        let received = sink.wait_for(1);
        assert_eq!((received[0].method.as_str(), received[0].path.as_str()), ("POST", "/handler"));
        assert_eq!((received[0].header("x-way"), received[0].header("x-none")), ("out", ""));
        assert_eq!(received[0].field("a[b]").as_deref(), Some("1 2"));
        assert_eq!(received[0].field("c").as_deref(), Some("П"));
    }

    #[test]
    fn it_misbehaves_as_told() {
        let sink = Sink::start(|received| match received.body.as_str() {
            "reset" => Reply::Reset,
            "cut" => Reply::Cut,
            _ => Reply::status(200).after(Duration::from_millis(1)),
        });
        let address = sink.address();
        let reset = post(&address, "reset").expect_err("no answer");
        assert_eq!(reset.kind(), ErrorKind::ConnectionReset);
        assert!(post(&address, "cut").expect("half of one").ends_with("ten bytes."));
        assert!(post(&address, "").expect("an answer").starts_with("HTTP/1.1 200"));
    }

    #[test]
    fn once_dropped_it_hangs_up_and_refuses() {
        let sink = Sink::start(|_| Reply::Hang);
        let address = sink.address();
        let mut stream = TcpStream::connect(&address).expect("it listens");
        stream.write_all(b"POST / HTTP/1.1\r\n\r\n").expect("it reads");
        sink.wait_for(1);
        drop(sink);
        let mut rest = Vec::new();
        assert_eq!(stream.read_to_end(&mut rest).unwrap_or_default(), 0);
        assert_eq!(
            TcpStream::connect(&address).expect_err("it is gone").kind(),
            ErrorKind::ConnectionRefused
        );
        drop(Sink::at(&address, |_| Reply::status(200)));
    }
}
