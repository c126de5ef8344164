//! Where handlers are and what they want: headers, a sign-in, and a proxy on the way to them.

use std::io::{Read, Write, copy};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use it::sink::{Received, Reply, Sink};
use it::{Browser, Portal, Server};
use serde_json::{Value, json};

const HERE: &str = "127.0.0.0/8";

fn next(server: &Server, sink: &Sink) -> Arc<Received> {
    let before = sink.count();
    server.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
    Arc::clone(&sink.wait_for(before + 1)[before])
}

fn refused(portal: &Portal, command: &[&str]) -> String {
    let output = portal.run(command);
    assert!(!output.status.success(), "{command:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_handler_gets_its_headers_and_nobody_else_sees_them() {
    for (engine, portal) in Portal::on_each_engine() {
        let sink = Sink::start(|got| Reply::status(200).body(got.header("x-key")));
        let server = portal.with("--allow-handlers", HERE).start();
        let portal = server.portal();
        let further = ["--header", "X-Key: s3cr3t", "--basic-auth", "shop:pass:word"];
        let id = portal.outbound(&sink.url(), "ONCRMLEADADD", &further).to_string();
        let got = next(&server, &sink);
        assert_eq!(
            (got.header("x-key"), got.header("authorization")),
            ("s3cr3t", "Basic c2hvcDpwYXNzOndvcmQ=")
        );

        portal.settled("delivered", 1);
        let mut seen = vec![portal.log(), portal.ask(&["deliveries", "show", "1"])];
        seen.extend([["outbound", "show", &id], ["outbound", "list", "--json"]].map(|one| portal.ask(&one)));
        for text in &seen {
            assert!(
                !["s3cr3t", "word", "c2hvcD"].iter().any(|secret| text.contains(secret)),
                "{engine}: {text}"
            );
        }
        assert!(seen[2].contains("header\tX-Key") && seen[2].contains("basic auth\tshop"), "{}", seen[2]);
        assert!(portal.ask(&["outbound", "reveal", &id]).contains("header\tX-Key: s3cr3t"));

        // What is not spoken of stays; what is, is replaced.
        portal.ask(&["outbound", "update", &id, "--name", "other"]);
        assert_eq!(next(&server, &sink).header("x-key"), "s3cr3t", "{engine}");
        portal.ask(&["outbound", "update", &id, "--header", "X-Other: 1", "--no-basic-auth"]);
        let got = next(&server, &sink);
        assert_eq!(["x-key", "x-other", "authorization"].map(|name| got.header(name)), ["", "1", ""]);
        assert!(
            refused(portal, &["outbound", "update", &id, "--header", "Host: x"]).contains("set by Portreeve")
        );
        server.stop();
    }
}

#[test]
fn stored_values_stay_with_their_owner() {
    for (engine, portal) in Portal::on_each_engine() {
        let sink = Sink::start(|_| Reply::status(200));
        let server = portal.with("--allow-handlers", HERE).start();
        let mut admin = Browser::of_the_administrator(&server);
        let mut ada = Browser::of_a_colleague(&server);
        let mut input = json!({
            "scenario": "out-hook", "title": "Hers",
            "outbound": {
                "handler_url": sink.url(), "events": ["ONCRMLEADADD"],
                "headers": [{"name": "X-Key", "value": "hers"}], "basic": {"user": "shop", "password": "hidden"},
            },
        });
        let id = ada.done("POST", "/api/integrations", &input)["id"].take();
        let path = format!("/api/integrations/{id}");
        let secrets = format!("{path}/secrets");
        input["outbound"]["headers"] = json!([{"name": "X-Key"}]);
        input["outbound"]["basic"] = json!({"user": "shop"});
        let saved = ada.done("PUT", &path, &input);
        assert_eq!(saved["outbound"]["headers"], json!(["X-Key"]), "{engine}");
        assert_eq!(saved["outbound"]["basic_user"], "shop");
        let shown = ada.done("POST", &secrets, &Value::Null);
        assert_eq!(shown["headers"], json!([{"name": "X-Key", "value": "hers"}]), "kept without being sent");
        assert_eq!(shown["basic_password"], "hidden");

        input["take_over"] = json!(true);
        let refused = admin.ask("PUT", &path, &input);
        assert_eq!((refused.status, &refused.json()["argument"]), (400, &json!("headers")), "{engine}");
        input["outbound"]["headers"] = json!([{"name": "X-Key", "value": "mine"}]);
        assert_eq!(admin.ask("PUT", &path, &input).json()["argument"], "basic");
        input["outbound"]["basic"] = Value::Null;
        admin.done("PUT", &path, &input);
        assert_eq!(admin.done("POST", &secrets, &Value::Null)["headers"][0]["value"], "mine");
        let got = next(&server, &sink);
        assert_eq!((got.header("x-key"), got.header("authorization")), ("mine", ""), "{engine}");
        let sent = admin.get("/api/deliveries").json()["deliveries"][0]["id"].take();
        let request = admin.read(&format!("/api/deliveries/{sent}"))["request"].to_string();
        assert!(request.contains("x-key") && !request.contains("mine"), "{request}");
        server.stop();
    }
}

/// A proxy for one user, that counts its tunnels; its port.
fn proxy(who: &'static str) -> (u16, Arc<AtomicUsize>, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (count, asked) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
    let (counted, noted) = (Arc::clone(&count), Arc::clone(&asked));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (counted, noted) = (Arc::clone(&counted), Arc::clone(&noted));
            thread::spawn(move || tunnel(stream.unwrap(), who, &counted, &noted));
        }
    });
    (port, count, asked)
}

fn tunnel(mut client: TcpStream, who: &str, count: &AtomicUsize, asked: &Mutex<Vec<String>>) {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let target = head.split(' ').nth(1).unwrap().to_owned();
    asked.lock().unwrap().push(target.clone());
    if !head.contains(&format!("Proxy-Authorization: Basic {who}\r\n")) {
        _ = client.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
        return;
    }
    // Names are for the proxy to resolve.
    let target = target.replace("handler.example", "127.0.0.1");
    let Ok(mut handler) = TcpStream::connect(target) else { return };
    count.fetch_add(1, Ordering::Relaxed);
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").unwrap();
    let (mut from, mut to) = (client.try_clone().unwrap(), handler.try_clone().unwrap());
    thread::spawn(move || _ = copy(&mut from, &mut to));
    _ = copy(&mut handler, &mut client);
}

#[test]
fn handlers_are_reached_through_the_proxy_but_for_exceptions() {
    let (port, tunnels, asked) = proxy("c2hvcDpwYXNz");
    let far = Sink::start(|_| Reply::status(200));
    let near = Sink::at("127.0.0.2:0", |_| Reply::status(200));
    let url = format!("http://shop:pass@127.0.0.1:{port}");
    let portal = Portal::new().with("--allow-handlers", HERE).with("--handler-proxy", &url);
    let server = portal.with("--handler-no-proxy", "127.0.0.2").start();
    let (portal, far_port) = (server.portal(), far.address().rsplit_once(':').unwrap().1.to_owned());
    // Nobody but the proxy knows this name.
    let named = format!("http://handler.example:{far_port}/");
    portal.outbound(&named, "ONCRMLEADADD", &[]);
    portal.outbound(&near.url(), "ONCRMLEADADD", &[]);
    next(&server, &far);
    near.wait_for(1);
    portal.settled("delivered", 2);
    assert_eq!(tunnels.load(Ordering::Relaxed), 1);
    assert_eq!(
        *asked.lock().unwrap(),
        [format!("handler.example:{far_port}")],
        "the exception is reached directly"
    );
    // An address is checked before the proxy is asked for it.
    let inside = Portal::new().with("--handler-proxy", &url).start();
    let once = ["--allow-handlers", "10.0.0.0/8", "--retries", "once"];
    inside.portal().outbound("http://10.1.2.3/", "ONCRMLEADADD", &once);
    inside.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
    let said = inside.portal().settled("failed", 1)[0]["last_try"]["error"].to_string();
    assert!(said.contains("10.1.2.3"), "{said}");
    assert_eq!(asked.lock().unwrap().len(), 1);
    assert!(!portal.log().contains("shop:pass"));
    server.stop();
}

#[test]
fn what_the_proxy_refuses_is_said() {
    let (port, ..) = proxy("b3RoZXI6b3RoZXI=");
    let portal = Portal::new().with("--handler-proxy", &format!("http://shop:pass@127.0.0.1:{port}"));
    let server = portal.start();
    server.portal().outbound("http://handler.example/", "ONCRMLEADADD", &["--retries", "once"]);
    server.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
    let failed = server.portal().settled("failed", 1);
    assert_eq!(failed[0]["last_try"]["error"], "the proxy wants another user and password (status 407)");
    let admin = Browser::of_the_administrator(&server);
    let cookie = admin.cookie();
    let headers = [("cookie", cookie.as_str()), ("accept-language", "ru")];
    let shown = admin.http.send("GET", "/api/deliveries", &headers, b"").json();
    assert_eq!(
        shown["deliveries"][0]["last_try"]["error"],
        "прокси требует другие имя и пароль (статус 407)"
    );
    server.stop();
}
