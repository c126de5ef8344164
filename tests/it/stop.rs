//! SIGTERM: what was accepted is answered and kept, and then the program ends well.

use it::{Connection, Portal, Server};
use serde_json::{Value, json};
use std::net::TcpStream;

/// A request whose head the server has taken, and whose body is still on its way when the signal comes.
#[test]
fn what_was_accepted_is_answered() {
    for (engine, portal) in Portal::on_each_engine() {
        println!("on {engine}");
        let server = portal.start();
        let hook = server.hook("crm");
        let body = json!({"fields": {"TITLE": "Last"}}).to_string();
        let mut waiting: Vec<Connection> =
            (0..4).map(|_| accepted(&server, hook.url(), body.len())).collect();

        server.tell_to_stop();
        until_it_refuses(&server);
        for connection in &mut waiting {
            connection.send(body.as_bytes()).unwrap();
        }
        let mut ids: Vec<i64> =
            waiting.iter_mut().map(|connection| id_in(connection.answer().unwrap())).collect();

        let (status, portal) = server.wait();
        assert!(status.success(), "{status}\n{}", portal.log());
        let server = portal.start();
        let kept = server
            .same_hook(&hook)
            .result("crm.lead.list", json!({"select": ["ID", "TITLE"], "order": {"ID": "ASC"}}));
        ids.sort_unstable();
        let expected: Vec<Value> =
            ids.iter().map(|id| json!({"ID": id.to_string(), "TITLE": "Last"})).collect();
        assert_eq!(kept, json!(expected));
    }
}

/// Idle connections hold nothing up.
#[test]
fn idle_connections_do_not_hold_it_up() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    hook.get("profile").success();
    let silent = TcpStream::connect(server.address()).unwrap();
    let portal = server.stop();
    drop(silent);
    let again = portal.start();
    again.same_hook(&hook).get("profile").success();
}

/// Sends a head and waits until the server asks for the body.
fn accepted(server: &Server, hook: &str, length: usize) -> Connection {
    let path = hook.strip_prefix(server.base()).unwrap();
    let mut connection = Connection::open(server.address()).unwrap();
    let head = format!(
        "POST {path}crm.lead.add HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
    );
    connection.send(head.as_bytes()).unwrap();
    assert_eq!(connection.head().unwrap().0, 100);
    connection
}

/// Returns once the server takes no new connections, which is how it shows that it has heard the signal.
fn until_it_refuses(server: &Server) {
    while TcpStream::connect(server.address()).is_ok() {
        std::thread::yield_now();
    }
}

fn id_in((status, body): (u16, Vec<u8>)) -> i64 {
    let answer: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(status, 200, "{answer}");
    answer["result"].as_i64().unwrap()
}
