//! Handlers for loads: one thread answers for all of them, so that little of the machine goes to it, and each
//! of them judges a request where it arrives. A [`Sink`](crate::sink::Sink) is the one for looking closely.

mod connection;

use connection::{Connection, Next};
use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token, Waker};
use rustix::net::{AddressFamily, SocketType, bind, listen, socket};
use std::borrow::Cow;
use std::io::{ErrorKind, Result};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::thread::JoinHandle;
use std::time::Instant;

/// An address that is ours, and refuses connections until a [`Crowd`] is there.
pub struct Berth {
    socket: std::net::TcpListener,
    address: SocketAddr,
}

impl Berth {
    /// A free port of a local address.
    pub fn new(ip: Ipv4Addr) -> Berth {
        let bound = socket(AddressFamily::INET, SocketType::STREAM, None)
            .and_then(|socket| bind(&socket, &SocketAddr::new(IpAddr::V4(ip), 0)).map(|()| socket));
        let socket = std::net::TcpListener::from(bound.expect("a free port"));
        let address = socket.local_addr().expect("a bound socket has an address");
        Berth { socket, address }
    }

    /// `http://127.0.0.2:port/handler`
    pub fn url(&self) -> String {
        format!("http://{}/handler", self.address)
    }

    fn open(self) -> Result<TcpListener> {
        /// Connections that may wait to be accepted.
        const BACKLOG: i32 = 1024;
        listen(&self.socket, BACKLOG)?;
        self.socket.set_nonblocking(true)?;
        Ok(TcpListener::from_std(self.socket))
    }
}

/// A delivery, read whole.
pub struct Arrival<'a> {
    /// Its header `webhook-id`, empty where there is none.
    pub message_id: &'a str,
    /// The body.
    pub body: &'a str,
    /// When it was read.
    pub at: Instant,
}

impl Arrival<'_> {
    /// `data[FIELDS][ID]`, which tells what the event is about.
    pub fn item(&self) -> Option<u64> {
        number_after(self.body, "data%5BFIELDS%5D%5BID%5D=")
    }

    /// The delivery's number, with which its `webhook-id` ends.
    pub fn delivery(&self) -> Option<u64> {
        self.message_id.rsplit_once('_')?.1.parse().ok()
    }
}

fn number_after(text: &str, key: &str) -> Option<u64> {
    let (_, rest) = text.split_once(key)?;
    rest.split('&').next()?.parse().ok()
}

/// What a handler does.
#[derive(Clone, PartialEq, Eq)]
pub enum Answer {
    /// Sends these bytes and keeps the connection: an answer, the beginning of one, or nothing.
    Say(Cow<'static, [u8]>),
    /// Resets the connection (RST).
    Reset,
}

impl Answer {
    /// 200 without a body.
    pub const OK: Answer = Answer::Say(Cow::Borrowed(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
    /// 500 without a body.
    pub const ERROR: Answer =
        Answer::Say(Cow::Borrowed(b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n"));
    /// 410 without a body.
    pub const GONE: Answer = Answer::Say(Cow::Borrowed(b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n"));
    /// 429, and to be asked again in a second.
    pub const LATER: Answer = Answer::Say(Cow::Borrowed(
        b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n",
    ));
    /// Never an answer.
    pub const SILENCE: Answer = Answer::Say(Cow::Borrowed(b""));
    /// Half of a 200, and never the rest.
    pub const HALF: Answer =
        Answer::Say(Cow::Borrowed(b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nten bytes."));

    /// 307 to another place.
    pub fn redirect(to: &str) -> Answer {
        let text = format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n");
        Answer::Say(text.into_bytes().into())
    }
}

/// One handler: asked on the thread of the crowd, so it must not block.
pub type Handler = Box<dyn FnMut(&Arrival<'_>) -> Answer + Send>;

/// The handlers of one thread; they hang up and refuse connections once it is dropped.
pub struct Crowd {
    waker: Waker,
    thread: Option<JoinHandle<()>>,
}

/// Tokens of connections begin here; those of listeners are their places.
const FIRST: usize = 1 << 32;
/// The token that ends the thread.
const END: Token = Token(usize::MAX);

impl Crowd {
    /// Opens the berths, each with its handler.
    pub fn start(handlers: Vec<(Berth, Handler)>) -> Crowd {
        let poll = Poll::new().expect("epoll");
        let waker = Waker::new(poll.registry(), END).expect("an eventfd");
        let open = |(place, (berth, handler)): (usize, (Berth, Handler))| {
            let mut listener = berth.open().expect("the berth listens");
            let registered = poll.registry().register(&mut listener, Token(place), Interest::READABLE);
            registered.expect("epoll takes a listener");
            (listener, handler)
        };
        let (listeners, handlers) = handlers.into_iter().enumerate().map(open).unzip();
        let work = Work { poll, listeners, handlers, connections: Vec::new(), free: Vec::new() };
        Crowd { waker, thread: Some(std::thread::spawn(move || work.run())) }
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.waker.wake().expect("the thread waits for events");
        if let Some(thread) = self.thread.take() {
            // A handler that panicked has said so itself; here it could only hide another panic.
            let _ = thread.join();
        }
    }
}

struct Work {
    poll: Poll,
    listeners: Vec<TcpListener>,
    handlers: Vec<Handler>,
    connections: Vec<Option<Connection>>,
    free: Vec<usize>,
}

impl Work {
    fn run(mut self) {
        let mut events = Events::with_capacity(1024);
        loop {
            match self.poll.poll(&mut events, None) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                outcome => outcome.expect("epoll"),
            }
            for event in &events {
                match event.token() {
                    END => return,
                    Token(place) if place < FIRST => self.accept(place),
                    Token(number) => self.serve(number - FIRST, event.is_read_closed()),
                }
            }
        }
    }

    fn accept(&mut self, place: usize) {
        // Until there is nobody left; a client that went meanwhile is no matter.
        while let Ok((mut stream, _)) = self.listeners[place].accept() {
            let number = self.free.pop().unwrap_or(self.connections.len());
            let token = Token(FIRST + number);
            let ready = stream.set_nodelay(true);
            let registered = self.poll.registry().register(&mut stream, token, Interest::READABLE);
            let connection = ready.and(registered).is_ok().then(|| Connection::new(stream, place));
            match self.connections.get_mut(number) {
                Some(free) => *free = connection,
                None => self.connections.push(connection),
            }
        }
    }

    fn serve(&mut self, number: usize, ends: bool) {
        let Some(connection) = self.connections.get_mut(number).and_then(Option::as_mut) else { return };
        let handler = &mut self.handlers[connection.place];
        if connection.serve(handler, ends) == Next::Close {
            self.connections[number] = None;
            self.free.push(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::{Shutdown, TcpStream};

    fn crowd() -> (Crowd, [SocketAddr; 2]) {
        let berths = [0, 1].map(|_| Berth::new(Ipv4Addr::LOCALHOST));
        let addresses = [berths[0].address, berths[1].address];
        let [polite, rude] = berths;
        let polite_one: Handler = Box::new(|arrival| {
            assert_eq!(arrival.message_id, "msg_1");
            if arrival.body == "again" { Answer::ERROR } else { Answer::OK }
        });
        (Crowd::start(vec![(polite, polite_one), (rude, Box::new(|_| Answer::Reset))]), addresses)
    }

    #[test]
    fn an_arrival_says_what_it_is_about() {
        let body = "event=ONCRMLEADADD&event_handler_id=17&data%5BFIELDS%5D%5BID%5D=365&ts=1760954322";
        let arrival = Arrival { message_id: "msg_01234567_42", body, at: Instant::now() };
        assert_eq!((arrival.item(), arrival.delivery()), (Some(365), Some(42)));
        let other = Arrival { message_id: "", body: "event=ONTASKADD", at: Instant::now() };
        assert_eq!((other.item(), other.delivery()), (None, None));
    }

    fn request(body: &str) -> String {
        format!("POST / HTTP/1.1\r\nwebhook-id: msg_1\r\ncontent-length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn each_answers_for_itself() {
        let (_crowd, [polite, rude]) = crowd();
        let mut stream = TcpStream::connect(polite).unwrap();
        // Two on one connection, the second in two pieces.
        let (one, two) = (request("first"), request("again"));
        let (head, rest) = two.split_at(40);
        stream.write_all((one + head).as_bytes()).unwrap();
        let mut first = [0; 38];
        stream.read_exact(&mut first).unwrap();
        assert!(first.starts_with(b"HTTP/1.1 200 "));
        stream.write_all(rest.as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut second = String::new();
        stream.read_to_string(&mut second).unwrap();
        assert!(second.starts_with("HTTP/1.1 500 "), "{second}");

        let mut stream = TcpStream::connect(rude).unwrap();
        stream.write_all(request("").as_bytes()).unwrap();
        let error = stream.read(&mut [0; 9]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    }

    #[test]
    fn a_berth_refuses_until_somebody_is_there() {
        let berth = Berth::new(Ipv4Addr::LOCALHOST);
        let address = berth.address;
        assert_eq!(TcpStream::connect(address).unwrap_err().kind(), ErrorKind::ConnectionRefused);
        let crowd = Crowd::start(vec![(berth, Box::new(|_| Answer::OK))]);
        let _stream = TcpStream::connect(address).unwrap();
        drop(crowd);
        assert_eq!(TcpStream::connect(address).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    }
}
