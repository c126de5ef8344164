//! Workers that write all kinds at once, and the handler that is told.

use super::kinds::{KINDS, Kind, SCOPES};
use it::crowd::{Answer, Arrival, Berth, Crowd};
use it::{Hook, Portal, Reply, Server};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// Where the handler is, which the operator allows.
const HERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
/// When no event comes for so long that was not there before, none will: deliveries are tried again for longer than that.
const PATIENCE: Duration = Duration::from_secs(150);
/// One of so many deliveries is answered with 500 the first time.
const ERRS: u64 = 20;

/// What the portal said that it had written.
#[derive(Clone)]
pub struct Written {
    pub kind: usize,
    pub id: i64,
    pub tag: String,
}

/// How a write went.
pub enum Outcome {
    Written(Written),
    /// Answered, and not written.
    Refused(Reply),
    /// No answer.
    Gone,
}

/// What the kinds are written into, by the place of the kind.
pub struct Grounds(Vec<i64>);

/// Events by their name and the number of what they are about.
type Seen = HashSet<(String, i64)>;

/// The handler of all events.
pub struct Told {
    seen: Arc<(Mutex<Seen>, Condvar)>,
    _crowd: Crowd,
}

/// A portal that is worked in.
pub struct Site {
    pub hook: Hook,
    pub grounds: Grounds,
    pub told: Told,
    /// Tags are given once.
    next: AtomicUsize,
}

/// The settings that a portal needs to be worked in.
pub fn settings(portal: Portal) -> Portal {
    let network = format!("{HERE}/32");
    portal.with("--allow-handlers", &network).with("--handler-timeout", "2").with("--handler-rate", "0")
}

impl Site {
    /// Makes a webhook, what the kinds are written into, and a handler of all events.
    pub fn open(server: &Server) -> Site {
        let hook = server.hook(SCOPES);
        hook.result(
            "booking.v1.resourceType.add",
            json!({"fields": {"name": "x", "code": "x", "moduleId": "booking"}}),
        );
        let grounds = KINDS.iter().map(|kind| {
            let Some((method, parameters, id)) = kind.ground else { return 0 };
            let parameters: Value = serde_json::from_str(parameters).unwrap();
            number(&call(&hook, method, parameters).unwrap().result(), id)
        });
        let grounds = Grounds(grounds.collect());
        let berth = Berth::new(HERE);
        let events: Vec<&str> = KINDS.iter().filter_map(|kind| kind.event).collect();
        let retries = "1s,1s,2s,2s,5s,5s,10s,10s,20s,20s,30s,30s,1m,1m,1m,1m,1m,1m,1m,1m";
        server.portal().outbound(&berth.url(), &events.join(","), &["--retries", retries]);
        Site { hook, grounds, told: Told::start(berth), next: AtomicUsize::new(0) }
    }

    /// Writes one of a kind.
    pub fn write(&self, hook: &Hook, place: usize) -> Outcome {
        let number_of_it = self.next.fetch_add(1, Ordering::Relaxed);
        let (kind, tag) = (&KINDS[place], format!("soak {number_of_it:04}"));
        let (method, parameters, id) = kind.add;
        let parameters =
            self.fill(parameters, place, &[("$TAG", &tag), ("$N", &format!("{number_of_it:06}"))]);
        let Some(reply) = call(hook, method, parameters) else { return Outcome::Gone };
        if reply.status != 200 {
            return Outcome::Refused(reply);
        }
        Outcome::Written(Written { kind: place, id: number(&reply.result(), id), tag })
    }

    /// Writes a kind until the server is gone or it is over. Whoever is refused is handed to `refused`, which says whether to go on.
    pub fn work(
        &self,
        hook: &Hook,
        place: usize,
        over: &AtomicBool,
        written: &Sender<Written>,
        refused: &dyn Fn(&Kind, &Reply) -> bool,
    ) {
        while !over.load(Ordering::Relaxed) {
            match self.write(hook, place) {
                Outcome::Written(one) => {
                    if written.send(one).is_err() {
                        return;
                    }
                }
                Outcome::Refused(reply) if refused(&KINDS[place], &reply) => {}
                Outcome::Refused(reply) => panic!("{}: {} {}", KINDS[place].name, reply.status, reply.text()),
                Outcome::Gone => return,
            }
        }
    }

    /// Parameters with their values.
    pub fn fill(&self, parameters: &str, place: usize, values: &[(&str, &str)]) -> Value {
        let mut text = parameters.replace("$GROUND", &self.grounds.0[place].to_string());
        for (name, value) in values {
            text = text.replace(name, value);
            if *name == "$TAG" && text.contains("$CONTENT") {
                text = text.replace("$CONTENT", &base64(&content(value)));
            }
        }
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
    }
}

/// Calls a method of either version: `None` unless an answer came through whole.
pub fn call(hook: &Hook, method: &str, parameters: Value) -> Option<Reply> {
    let newer = method.starts_with("note.");
    hook.attempt(&if newer { hook.newer(method) } else { method.to_owned() }, parameters)
}

/// A number in an answer, which may be a text.
pub fn number(answer: &Value, pointer: &str) -> i64 {
    let found = answer.pointer(pointer).unwrap_or_else(|| panic!("no {pointer} in {answer}"));
    found.as_i64().or_else(|| found.as_str()?.parse().ok()).unwrap_or_else(|| panic!("{found} is no number"))
}

/// The content of the file with that tag: some kilobytes that no other has.
pub fn content(tag: &str) -> Vec<u8> {
    tag.repeat(1_000).into_bytes()
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let quads = bytes.chunks(3).map(|three| {
        let bits =
            three.iter().fold(0, |bits, byte| bits << 8 | usize::from(*byte)) << (8 * (3 - three.len()));
        let sign =
            |at: usize| if at <= three.len() { char::from(SIGNS[bits >> (18 - 6 * at) & 63]) } else { '=' };
        (0..4).map(sign).collect::<String>()
    });
    quads.collect()
}

impl Told {
    fn start(berth: Berth) -> Told {
        let seen: Arc<(Mutex<Seen>, Condvar)> = Arc::default();
        let (book, mut turn) = (Arc::clone(&seen), 0);
        let handler = move |arrival: &Arrival<'_>| {
            turn += 1;
            if turn % ERRS == 0 {
                return Answer::ERROR;
            }
            let event = arrival.body.strip_prefix("event=").and_then(|rest| rest.split('&').next());
            let id = arrival.body.split('&').filter(|field| field.starts_with("data%5B"));
            let id = id.filter_map(|field| field.split_once('=')?.1.parse::<i64>().ok()).next();
            book.0.lock().unwrap().insert((event.unwrap().to_owned(), id.unwrap()));
            book.1.notify_all();
            Answer::OK
        };
        Told { seen, _crowd: Crowd::start(vec![(berth, Box::new(handler))]) }
    }

    /// Waits until every one of these has come.
    pub fn wait_for(&self, expected: &Seen) {
        let mut seen = self.seen.0.lock().unwrap();
        let (mut before, mut since) = (seen.len(), Instant::now());
        while !expected.is_subset(&seen) {
            seen = self.seen.1.wait_timeout(seen, Duration::from_secs(5)).unwrap().0;
            if seen.len() > before {
                (before, since) = (seen.len(), Instant::now());
            }
            let missing = || expected.difference(&seen).take(20).collect::<Vec<_>>();
            assert!(since.elapsed() < PATIENCE, "these events never came: {:?}", missing());
        }
    }
}
