//! The door below the protocol: request lines as clients send them, and what is no request.

use flate2::read::GzDecoder;
use it::{Connection, Hook, Portal, Server};
use serde_json::{Value, json};
use std::io::Read;

/// What no target may hold raw, and what means something else in a query.
fn is_refused(byte: u8) -> bool {
    byte <= b' ' || byte == 0x7f
}

struct Raw {
    server: Server,
    hook: Hook,
}

impl Raw {
    fn start(portal: Portal) -> Raw {
        let server = portal.start();
        let hook = server.hook("crm");
        Raw { server, hook }
    }

    /// The path of a method.
    fn path(&self, method: &str) -> String {
        format!("{}{method}", self.hook.url().strip_prefix(self.hook.base()).unwrap())
    }

    fn connect(&self) -> Connection {
        Connection::open(self.server.address()).unwrap()
    }

    /// What is answered to bytes on a connection of their own.
    fn ask(&self, request: &[u8]) -> (u16, Value) {
        let mut connection = self.connect();
        // A refusal may come while we still send.
        let _ = connection.send(request);
        answer(&mut connection)
    }

    fn lead(&self, title: &str) -> Value {
        self.hook.result("crm.lead.add", json!({"fields": {"TITLE": title}}))
    }
}

#[track_caller]
fn answer(connection: &mut Connection) -> (u16, Value) {
    let (status, body) = connection.answer().expect("an answer");
    (status, serde_json::from_slice(&body).unwrap_or_else(|_| panic!("{status} without JSON")))
}

#[track_caller]
fn refused((status, said): (u16, Value), expected: (u16, &str)) {
    assert_eq!((status, said["error"].as_str()), (expected.0, Some(expected.1)), "{said}");
    assert!(said["error_description"].is_string() && said.get("result").is_none(), "{said}");
}

/// curl, PHP, Python and Node send what they are given: `filter[>ID]=0`. It counts as if it were encoded.
#[test]
fn every_character_raw_in_a_query() {
    let raw = Raw::start(Portal::new());
    let path = raw.path("crm.lead.list");
    let mut lines = 0;
    for byte in 0..128_u8 {
        let title = [b"a", &[byte][..], b"z"].concat();
        let line =
            [b"GET ", path.as_bytes(), b"?select[]=ID&filter[TITLE]=", &title, b" HTTP/1.1\r\n"].concat();
        let request = [&line[..], b"Host: x\r\n\r\n"].concat();
        if is_refused(byte) {
            lines += 1;
            refused(raw.ask(&request), (400, "BAD_REQUEST"));
            continue;
        }
        let meant = match byte {
            b'#' | b'&' => "a".to_owned(),
            b'+' => "a z".to_owned(),
            _ => String::from_utf8(title).unwrap(),
        };
        let id = raw.lead(&meant);
        let (status, said) = raw.ask(&request);
        let found = said["result"].as_array().unwrap_or_else(|| panic!("{byte}: {status} {said}"));
        assert!(found.contains(&json!({"ID": id.to_string()})), "{:?}: {said}", char::from(byte));
    }
    let secret = raw.hook.secret().to_owned();
    let log = raw.server.stop().log();
    assert_eq!(log.matches("a request was refused").count(), lines, "{log}");
    assert!(!log.contains(&secret), "{log}");
}

#[test]
fn an_operator_of_a_filter_may_be_raw() {
    let raw = Raw::start(Portal::new());
    let ids: Vec<Value> = (0..3).map(|number| raw.lead(&format!("Berth \"{number}\" ü"))).collect();
    for (query, count) in [
        (format!("filter[>ID]={}", ids[0]), 2),
        (format!("filter[<ID]={}&order[ID]=DESC", ids[1]), 1),
        // The first `=` ends a name, as in PHP: this one is broken, and no filter.
        (format!("filter[<=ID]={}", ids[1]), 3),
        ("filter[TITLE]=Berth%20\"1\"%20ü".to_owned(), 1),
        ("filter[>ID]=0&select[]=\\^`{|}".to_owned(), 3),
    ] {
        let request = format!("GET {}?{query} HTTP/1.1\r\nHost: x\r\n\r\n", raw.path("crm.lead.list.json"));
        let (status, said) = raw.ask(request.as_bytes());
        assert_eq!((status, said["total"].as_i64()), (200, Some(count)), "{query}: {said}");
    }
    // In a command of a batch, PHP splits at the first `=`, so that there is no filter.
    let command = raw.hook.batch(&[("a", &format!("crm.lead.list?filter[>=ID]={}", ids[2]))]);
    assert_eq!(command["result_total"]["a"], 3);
}

/// Only heads are rewritten, wherever they begin; bodies never.
#[test]
fn a_body_stays_as_it_is_and_the_next_head_is_found() {
    let raw = Raw::start(Portal::new().with("--log", "debug"));
    let title = "GET /<\"x\"> HTTP/1.1\r\nHost: `{|}`\r\n\r\n";
    let json = json!({"fields": {"TITLE": title}}).to_string();
    let form = format!("fields[TITLE]={}", title.replace("\r\n", "%0D%0A"));
    let chunked: String = json
        .as_bytes()
        .chunks(7)
        .map(|chunk| format!("{:x};a=\"<>\"\r\n{}\r\n", chunk.len(), String::from_utf8_lossy(chunk)))
        .collect();
    let (add, list) = (raw.path("crm.lead.add"), raw.path("crm.lead.list"));
    let sized = |kind: &str, body: &str| {
        format!(
            "POST {add} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let conversation = [
        sized("application/json", &json),
        format!("GET {list}?filter[>ID]=0 HTTP/1.1\r\nHost: x\r\n\r\n"),
        format!("POST {add}?a=<b> HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n\
                 {chunked}0\r\nX: <>\r\n\r\n"),
        "\r\n".to_owned() + &sized("application/x-www-form-urlencoded", &form),
        format!("GET {list}?filter[>ID]=0 HTTP/1.1\r\nHost: x\r\n\r\n"),
    ].concat();
    let check = |connection: &mut Connection, before: i64| {
        let mut ids = Vec::new();
        for (number, leads) in [None, Some(1), None, None, Some(3)].into_iter().enumerate() {
            let (status, said) = answer(connection);
            assert_eq!(status, 200, "{number}: {said}");
            match leads {
                None => ids.push(said["result"].clone()),
                Some(leads) => assert_eq!(said["total"], before + leads, "{number}"),
            }
        }
        for id in ids {
            assert_eq!(raw.hook.result("crm.lead.get", json!({"id": id}))["TITLE"], title);
        }
    };
    for (round, size) in [usize::MAX, 1, 13, 100].into_iter().enumerate() {
        let mut connection = raw.connect();
        let pieces = conversation.as_bytes().chunks(size.min(conversation.len()));
        pieces.for_each(|piece| connection.send(piece).unwrap());
        check(&mut connection, 3 * round as i64);
    }
}

/// Below the protocol, too, a refusal is the protocol's, and leaves a line.
#[test]
fn what_is_no_request_is_told_so() {
    let raw = Raw::start(Portal::new().with("--max-body", "1").with("--body-timeout", "1"));
    let (path, long) = (raw.path("profile"), "x".repeat(70_000));
    let post = |rest: &str| format!("POST {path} HTTP/1.1\r\nHost: x\r\n{rest}");
    let cases = [
        (400, "BAD_REQUEST", format!("GET {path} HTTP/9.9\r\nHost: x\r\n\r\n")),
        (400, "BAD_REQUEST", format!("GET {path}\r\n\r\n")),
        (400, "BAD_REQUEST", format!("GET {path} HTTP/1.1\r\nno colon\r\n\r\n")),
        (400, "BAD_REQUEST", post("Content-Length: x\r\n\r\n")),
        (400, "BAD_REQUEST", post("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")),
        (400, "BAD_REQUEST", post("Transfer-Encoding: chunked\r\n\r\nxyz\r\n")),
        (400, "BAD_REQUEST", "\u{16}\u{3}\u{1}".to_owned()),
        (414, "REQUEST_URI_TOO_LONG", format!("GET {path}?{long} HTTP/1.1\r\nHost: x\r\n\r\n")),
        (431, "REQUEST_HEADER_FIELDS_TOO_LARGE", format!("GET {path} HTTP/1.1\r\nX: {long}\r\n\r\n")),
        (
            431,
            "REQUEST_HEADER_FIELDS_TOO_LARGE",
            format!("GET {path} HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(200)),
        ),
        (413, "REQUEST_ENTITY_TOO_LARGE", post("Content-Length: 9999999\r\n\r\n")),
        (408, "REQUEST_TIMEOUT", post("Content-Length: 99999\r\n\r\nx")),
        (408, "REQUEST_TIMEOUT", post("Content-Length: 9\r\n\r\nx")),
    ];
    for (status, code, request) in &cases {
        println!("{request:.80}");
        refused(raw.ask(request.as_bytes()), (*status, code));
    }
    let secret = raw.hook.secret().to_owned();
    let log = raw.server.stop().log();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("a request was refused")).collect();
    assert_eq!(lines.len(), cases.len(), "{log}");
    for (line, (status, ..)) in lines.iter().zip(&cases) {
        assert!(line.contains(&format!("status={status}")) && line.contains("127.0.0.1"), "{line}");
    }
    assert!(!log.contains(&secret), "{log}");
}

/// Method and secret stand in the path: what is refused for them is refused before the body.
#[test]
fn a_body_is_read_for_those_who_may_call() {
    let raw = Raw::start(Portal::new());
    let wrong = raw.path("crm.lead.add").replace(raw.hook.secret(), "nosuchsecret");
    for (path, expected) in [
        (wrong.clone(), (401, "INVALID_CREDENTIALS")),
        (raw.path("no.such.method"), (404, "ERROR_METHOD_NOT_FOUND")),
        (raw.path("user.get"), (401, "insufficient_scope")),
        ("/rest/crm.lead.add".to_owned(), (401, "NO_AUTH_FOUND")),
    ] {
        for framing in ["Content-Length: 67108864", "Content-Length: 12", "Transfer-Encoding: chunked"] {
            println!("{framing}");
            let request = format!("POST {path} HTTP/1.1\r\nHost: x\r\n{framing}\r\n\r\n");
            refused(raw.ask(request.as_bytes()), expected);
        }
    }
    // Whoever sends all of a small body first can go on afterwards.
    let mut connection = raw.connect();
    for _ in 0..3 {
        connection
            .send(format!("POST {wrong} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{{}}").as_bytes())
            .unwrap();
        refused(answer(&mut connection), (401, "INVALID_CREDENTIALS"));
    }
}

/// A secret in the place of the owner's number is one all the same.
#[test]
fn a_misplaced_secret_is_not_logged() {
    let raw = Raw::start(Portal::new().with("--log", "trace"));
    let secret = raw.hook.secret().to_owned();
    for path in ["", "/", "/profile", "/profile.json", ".json", "/1/profile", "/x/profile"] {
        raw.hook.get(&format!("/rest/{secret}{path}"));
        raw.hook.get(&format!("/{secret}{path}"));
    }
    raw.ask(format!("GET /rest/{secret}/profile x HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes());
    let log = raw.server.stop().log();
    assert!(log.contains("called") && !log.contains(&secret), "{log}");
}

/// Large answers are packed for whoever takes it, but for those with a secret beside what others wrote.
#[test]
fn large_answers_are_packed() {
    let raw = Raw::start(Portal::new());
    let id = raw.lead(&"Berth ".repeat(40));
    let title = json!({"id": id});
    let ask = |encodings: &str, method: &str| {
        let headers = [("accept-encoding", encodings), ("content-type", "application/json")];
        raw.hook.send("POST", method, &headers, title.to_string().as_bytes())
    };
    let plain = raw.hook.result("crm.lead.get", &title);
    for (encodings, packed) in
        [("gzip, deflate", "gzip"), ("zstd", "zstd"), ("gzip, zstd", "zstd"), ("br", ""), ("gzip;q=0", "")]
    {
        let reply = ask(encodings, "crm.lead.get");
        assert_eq!((reply.status, reply.header("content-encoding")), (200, packed), "{encodings}");
        match packed {
            "gzip" => {
                let mut text = String::new();
                GzDecoder::new(&*reply.body).read_to_string(&mut text).unwrap();
                assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["result"], plain);
            }
            "zstd" => assert_eq!(reply.body[..4], [0x28, 0xb5, 0x2f, 0xfd]),
            _ => assert_eq!(reply.result(), plain),
        }
    }
    assert_eq!(ask("gzip", "profile").header("content-encoding"), "", "it is small");
    assert_eq!(ask("gzip", "methods").header("content-encoding"), "gzip");

    let fields = json!({"NAME": "x".repeat(2000), "PHOTO": {"fileData": ["a.png", "iVBORw0KGgo="]}});
    let contact = raw.hook.result("crm.contact.add", json!({"fields": fields}));
    let headers = [("accept-encoding", "gzip, zstd")];
    let reply = raw.hook.send("GET", &format!("crm.contact.get?id={contact}"), &headers, b"");
    assert!(reply.text().contains("token="), "{}", reply.text());
    assert_eq!(reply.header("content-encoding"), "");
}
