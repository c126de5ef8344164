//! Thousands of idle connections, clients that read and write slowly, and handlers of every kind at once: memory stays
//! bounded, and ordinary calls are answered in the meantime. `PORTREEVE_IDLE` says how many are idle.

use super::figure;
use it::crowd::{Answer, Berth, Crowd, Handler};
use it::{Hook, Portal, Server};
use serde_json::json;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Where handlers are, and from where clients connect: each address has ports of its own.
const HERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
/// What all of it may take beyond an idle server, for each idle connection.
const EACH: usize = 48 << 10;
/// And for the rest: bodies and answers under way, which `--body-memory` bounds.
const REST: usize = 400 << 20;
/// Slow clients of each kind.
const SLOW: usize = 200;

/// Resident memory of a process in bytes, and the most that it was.
fn memory(server: &Server) -> (usize, usize) {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().next().unwrap().parse::<usize>().unwrap() << 10
    };
    (of("VmRSS:"), of("VmHWM:"))
}

fn show(when: &str, server: &Server) -> usize {
    let (now, most) = memory(server);
    println!("    {when}: {} MB resident, {} MB at most so far", now >> 20, most >> 20);
    most
}

/// Connections from many addresses, all silent.
fn idle(server: &Server, count: usize) -> Vec<TcpStream> {
    let to: SocketAddr = server.address().parse().unwrap();
    let open = |number: usize| {
        // A client of its own address for every two thousand, so that ports do not run out.
        let from = Ipv4Addr::new(127, 0, 1, u8::try_from(1 + number / 2_000).unwrap());
        let socket =
            rustix::net::socket(rustix::net::AddressFamily::INET, rustix::net::SocketType::STREAM, None)
                .unwrap();
        rustix::net::bind(&socket, &SocketAddr::new(from.into(), 0)).unwrap();
        rustix::net::connect(&socket, &to).unwrap();
        TcpStream::from(socket)
    };
    (0..count).map(open).collect()
}

/// A call one byte a time, as long as it is not over; and an answer that nobody takes.
fn slow_clients(server: &Server, hook: &Hook, over: &Arc<AtomicBool>) -> Vec<std::thread::JoinHandle<()>> {
    let address = server.address().to_owned();
    let body =
        format!("POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n", hook.path("crm.lead.add"));
    let list = format!("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", hook.path("methods?FULL=true")).repeat(20);
    let writer = {
        let (address, over) = (address.clone(), Arc::clone(over));
        move || {
            let mut streams: Vec<Option<TcpStream>> = (0..SLOW).map(|_| None).collect();
            while !over.load(Ordering::Relaxed) {
                for stream in &mut streams {
                    let sent = match stream {
                        Some(open) => open.write_all(b"x").is_ok(),
                        None => TcpStream::connect(&address).is_ok_and(|mut open| {
                            let sent = open.write_all(body.as_bytes()).is_ok();
                            *stream = Some(open);
                            sent
                        }),
                    };
                    if !sent {
                        *stream = None;
                    }
                }
                it::pass(Duration::from_millis(100));
            }
        }
    };
    let over = Arc::clone(over);
    let reader = move || {
        let mut streams: Vec<Option<TcpStream>> = (0..SLOW).map(|_| None).collect();
        while !over.load(Ordering::Relaxed) {
            for stream in &mut streams {
                // A hundred bytes a second each; the server gives up after a while, and they come again.
                let alive = match stream {
                    Some(open) => matches!(open.read(&mut [0; 10]), Ok(1..)),
                    None => TcpStream::connect(&address).is_ok_and(|mut open| {
                        let _ = open.set_read_timeout(Some(Duration::from_millis(200)));
                        let sent = open.write_all(list.as_bytes()).is_ok();
                        *stream = Some(open);
                        sent
                    }),
                };
                if !alive {
                    *stream = None;
                }
            }
            it::pass(Duration::from_millis(100));
        }
    };
    vec![std::thread::spawn(writer), std::thread::spawn(reader)]
}

/// A handler that answers with the same bytes for ever, or some that are no HTTP.
fn rude_handler(head: &'static [u8], endless: bool, over: &Arc<AtomicBool>) -> String {
    let listener = TcpListener::bind((HERE, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let over = Arc::clone(over);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let over = Arc::clone(&over);
            std::thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(head);
                let piece = [b"4000\r\n".as_slice(), &[b'x'; 0x4000], b"\r\n"].concat();
                while endless && !over.load(Ordering::Relaxed) && stream.write_all(&piece).is_ok() {}
            });
        }
    });
    format!("http://{address}/handler")
}

/// The handlers that the crowd serves: all that is wrong, and one that is well.
fn handlers(arrived: &Arc<std::sync::atomic::AtomicUsize>) -> (Crowd, Vec<String>) {
    let arrived = Arc::clone(arrived);
    let well: Handler = Box::new(move |_| {
        arrived.fetch_add(1, Ordering::Relaxed);
        Answer::OK
    });
    let always = |answer: Answer| -> Handler { Box::new(move |_| answer.clone()) };
    let all = vec![
        well,
        always(Answer::ERROR),
        always(Answer::SILENCE),
        always(Answer::HALF),
        always(Answer::Reset),
        always(Answer::LATER),
        always(Answer::redirect("http://127.0.0.2:1/")),
    ];
    let berths: Vec<(Berth, Handler)> = all.into_iter().map(|handler| (Berth::new(HERE), handler)).collect();
    let urls = berths.iter().map(|(berth, _)| berth.url()).collect();
    (Crowd::start(berths), urls)
}

#[test]
fn a_crowd_costs_little_and_holds_nobody_up() {
    let wanted = figure("PORTREEVE_IDLE", 1_000);
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current.unwrap_or(u64::MAX);
    let count = wanted.min(usize::try_from(limit).unwrap_or(usize::MAX).saturating_sub(2_000));
    if count < wanted {
        println!("only {count} idle connections: this process may open {limit} files (ulimit -n)");
    }
    // Its certificate is of an authority that nobody here knows.
    let foreign = Portal::new().with_tls("dev").with("--listen", "127.0.0.2:0").start();
    for (engine, portal) in Portal::on_each_engine() {
        println!("{engine}");
        let server = portal
            .with("--max-connections", &(count + 2_000).to_string())
            .with("--allow-handlers", "127.0.0.0/8")
            .with("--handler-timeout", "2")
            .start();
        let hook = server.hook("crm");
        hook.get("profile").success();
        let (before, _) = memory(&server);
        show("idle", &server);
        let over = Arc::new(AtomicBool::new(false));
        let arrived = Arc::default();
        let (crowd, mut urls) = handlers(&arrived);
        urls.push(rude_handler(b"\x00\x01\xfe\xff garbage \r\n\r\n", false, &over));
        urls.push(rude_handler(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", true, &over));
        urls.push(format!("https://{}/handler", foreign.address().replace("localhost", "127.0.0.2")));
        for url in &urls {
            server.portal().outbound(url, "ONCRMLEADADD", &["--retries", "1s,1s,1s"]);
        }
        let opened = Instant::now();
        let idle = idle(&server, count);
        println!("    {count} idle connections opened in {:?}", opened.elapsed());
        show("with idle connections", &server);
        let slow = slow_clients(&server, &hook, &over);
        let mut waited: Vec<Duration> = (0..300)
            .map(|number| {
                let begun = Instant::now();
                hook.result("crm.lead.add", json!({"fields": {"TITLE": format!("{number}")}}));
                begun.elapsed()
            })
            .collect();
        waited.sort();
        let at = |percent: usize| waited[(waited.len() - 1) * percent / 100];
        println!(
            "    300 writes beside them: half within {:?}, 99 of 100 within {:?}, all within {:?}",
            at(50),
            at(99),
            at(100)
        );
        let begun = Instant::now();
        while arrived.load(Ordering::Relaxed) < 300 {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "the handler that is well waits for the others"
            );
            it::pass(Duration::from_millis(10));
        }
        println!("    the handler that is well had all 300 events {:?} later", begun.elapsed());
        let most = show("under all of it", &server);
        over.store(true, Ordering::Relaxed);
        slow.into_iter().for_each(|thread| thread.join().unwrap());
        drop((idle, crowd));
        hook.get("profile").success();
        show("afterwards", &server);
        let bound = before + count * EACH + REST;
        assert!(most < bound, "{most} bytes were resident, more than {bound}");
        super::no_panic(&server.stop());
    }
}
