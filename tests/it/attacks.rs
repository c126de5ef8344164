//! Clients that hold the server up on purpose, and honest ones beside them, all from one address: every honest call
//! succeeds. `cargo xtask soak` has them call for longer and prints how long they waited.

use it::{Hook, Portal, Reply, Server};
use serde_json::{Value, json};
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Few, so that a test can take them all.
const MAX_CONNECTIONS: usize = 32;
const BODY: usize = 64 << 20;

/// A crowd that attacks until it is dropped.
struct Attack {
    over: Arc<AtomicBool>,
    /// How often each of them began.
    begun: Arc<AtomicU64>,
    attackers: Vec<JoinHandle<()>>,
}

impl Attack {
    /// So many at once, each of which begins again when it is thrown out.
    fn start(
        server: &Server,
        count: usize,
        attacker: impl Fn(TcpStream, &AtomicBool) + Clone + Send + 'static,
    ) -> Attack {
        let (over, begun) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let attackers = (0..count).map(|_| {
            let (over, begun, attacker) = (Arc::clone(&over), Arc::clone(&begun), attacker.clone());
            let address = server.address().to_owned();
            thread::spawn(move || {
                while !over.load(Relaxed) {
                    let Ok(stream) = TcpStream::connect(&address) else { continue };
                    let _ = stream.set_write_timeout(Some(Duration::from_millis(100)));
                    begun.fetch_add(1, Relaxed);
                    attacker(stream, &over);
                }
            })
        });
        let attackers = attackers.collect();
        let attack = Attack { over, begun, attackers };
        while attack.begun.load(Relaxed) < count as u64 {
            thread::yield_now();
        }
        attack
    }
}

impl Drop for Attack {
    fn drop(&mut self) {
        self.over.store(true, Relaxed);
        self.attackers.drain(..).for_each(|attacker| attacker.join().unwrap());
    }
}

/// Sends until it is done, over, or thrown out. Whoever does not take it is asked again.
fn push(stream: &mut TcpStream, mut bytes: &[u8], over: &AtomicBool) -> bool {
    while !bytes.is_empty() && !over.load(Relaxed) {
        match stream.write(bytes) {
            Ok(0) => return false,
            Ok(count) => bytes = &bytes[count..],
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => return false,
        }
    }
    true
}

/// A body as large as any, for a secret that is none.
fn large_bodies(server: &Server, count: usize) -> Attack {
    Attack::start(server, count, |mut stream, over| {
        let head = format!(
            "POST /rest/1/nosuchsecret/crm.lead.add HTTP/1.1\r\nHost: x\r\nContent-Length: {BODY}\r\n\r\n"
        );
        let piece = vec![b'x'; 1 << 16];
        let mut going = push(&mut stream, head.as_bytes(), over);
        for _ in 0..BODY / piece.len() {
            going = going && push(&mut stream, &piece, over);
        }
        while going && !over.load(Relaxed) {
            going = push(&mut stream, b"x", over);
        }
    })
}

/// A body that comes byte by byte, with a secret that is right.
fn slow_bodies(server: &Server, count: usize, path: &str) -> Attack {
    let head = format!("POST {path}crm.lead.add HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n");
    Attack::start(server, count, move |mut stream, over| {
        let mut going = push(&mut stream, head.as_bytes(), over);
        while going && !over.load(Relaxed) {
            going = push(&mut stream, b"x", over);
            thread::park_timeout(Duration::from_millis(20));
        }
    })
}

/// Requests without end, and nobody who reads the answers.
fn deaf_sockets(server: &Server, count: usize, path: &str) -> Attack {
    let requests = format!("GET {path}methods?FULL=true HTTP/1.1\r\nHost: x\r\n\r\n").repeat(20);
    Attack::start(server, count, move |mut stream, over| {
        while push(&mut stream, requests.as_bytes(), over) && !over.load(Relaxed) {}
        let _ = stream.shutdown(Shutdown::Both);
    })
}

/// Calls that take as long as any, of a webhook like the others: a long text looked for in a longer one, and a deal with a
/// long list of contacts.
fn heavy_calls(server: &Server, count: usize, path: &str) -> Attack {
    let request = |method: &str, parameters: Value| {
        let body = parameters.to_string();
        let head = format!("POST {path}{method} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
        let length = body.len();
        format!("{head}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}")
    };
    let pattern = format!("{}b", "a".repeat(2000));
    let contacts: Vec<u32> = (1..20_000).collect();
    let requests = [
        request("crm.lead.add", json!({"fields": {"TITLE": "a", "COMMENTS": "a".repeat(60_000)}})),
        request("crm.lead.list", json!({"filter": {"%COMMENTS": pattern}})),
        request("crm.deal.add", json!({"fields": {"TITLE": "a", "CONTACT_IDS": contacts}})),
    ];
    let turn = Arc::new(AtomicU64::new(0));
    Attack::start(server, count, move |mut stream, over| {
        let request = &requests[turn.fetch_add(1, Relaxed) as usize % requests.len()];
        if push(&mut stream, request.as_bytes(), over) {
            let _ = stream.read_to_end(&mut Vec::new());
        }
    })
}

/// What an integration does, on a connection of its own each time and on one that is kept.
fn honest(server: &Server, hook: &Hook, rounds: usize, told: &str) {
    let comments = "x".repeat(50_000);
    let mut waited = Vec::new();
    let mut call = |hook: &Hook, method: &str, parameters: Value| -> Value {
        let begun = Instant::now();
        let reply: Reply = hook.call(method, parameters);
        waited.push(begun.elapsed());
        reply.result()
    };
    for round in 0..rounds {
        let fresh = server.to_hook(hook.url());
        let fields = json!({"TITLE": format!("{round}"), "COMMENTS": comments});
        let id = call(&fresh, "crm.lead.add", json!({"fields": fields}));
        let lead = call(hook, "crm.lead.get", json!({"id": id}));
        assert_eq!(lead["TITLE"], round.to_string());
        call(hook, "crm.lead.list", json!({"filter": {">ID": 0}, "select": ["ID", "TITLE"]}));
    }
    waited.sort();
    let at = |share: usize| waited[(waited.len() - 1) * share / 100];
    println!(
        "{told}: {} honest calls, half within {:?}, 99 of 100 within {:?}, all within {:?}",
        waited.len(),
        at(50),
        at(99),
        at(100)
    );
}

fn rounds() -> usize {
    std::env::var("PORTREEVE_ATTACK_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(8)
}

#[test]
fn honest_calls_succeed_beside_each_attack() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.with("--max-connections", &MAX_CONNECTIONS.to_string()).start();
        let hook = server.hook("crm");
        let path = hook.url().strip_prefix(server.base()).unwrap().to_owned();
        let run = |told: &str| honest(&server, &hook, rounds(), &format!("{engine}, {told}"));
        run("alone");
        {
            let _attack = large_bodies(&server, 4);
            run("four large bodies for a wrong secret");
        }
        {
            let _attack = slow_bodies(&server, 2 * MAX_CONNECTIONS, &path);
            run("slow bodies on all seats");
        }
        {
            let _attack = deaf_sockets(&server, 2 * MAX_CONNECTIONS, &path);
            run("sockets that never read on all seats");
        }
        {
            let _attack = heavy_calls(&server, 4, &path);
            run("calls that take long");
        }
        {
            let _attacks = [
                heavy_calls(&server, 2, &path),
                large_bodies(&server, 4),
                slow_bodies(&server, MAX_CONNECTIONS, &path),
                deaf_sockets(&server, MAX_CONNECTIONS, &path),
            ];
            run("all of them");
        }
        let secret = hook.secret().to_owned();
        let log = server.stop().log();
        assert!(!log.contains("panicked") && !log.contains(&secret), "{log}");
    }
}

/// Connections that ask nothing, or have asked and now do not read, leave their seats to those who ask.
#[test]
fn silent_connections_give_way() {
    let server = Portal::new().with("--max-connections", &MAX_CONNECTIONS.to_string()).start();
    let hook = server.hook("crm");
    let path = hook.url().strip_prefix(server.base()).unwrap().to_owned();
    let silent = |head: &str| -> Vec<TcpStream> {
        let open = |_| {
            let mut stream = TcpStream::connect(server.address()).unwrap();
            stream.write_all(head.as_bytes()).unwrap();
            stream
        };
        (0..4 * MAX_CONNECTIONS).map(open).collect()
    };
    for head in ["", "GET / HT", &format!("GET {path}profile HTTP/1.1\r\nHost: x\r\n\r\n")] {
        let kept = silent(head);
        for _ in 0..5 {
            server.to_hook(hook.url()).get("profile").success();
        }
        drop(kept);
    }
}
