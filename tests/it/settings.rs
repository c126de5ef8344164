//! Settings and the bounds that they set: the file, the lock, the key, proxies, bodies.

use it::{Connection, Portal};
use serde_json::json;
use std::fs;

#[test]
fn a_file_in_the_data_folder_is_obeyed() {
    let portal = Portal::new();
    fs::create_dir_all(portal.data()).unwrap();
    let file = portal.data().join("portreeve.toml");
    fs::write(&file, "base-url = 'http://portal.example.test'\ntime-zone = 'Asia/Tokyo'").unwrap();
    let server = portal.start();
    assert_eq!(server.base(), "http://portal.example.test");
    let portal = server.kill();
    fs::write(&file, "base-ulr = 'http://portal.example.test'").unwrap();
    let output = portal.run(&["serve", "--listen", "127.0.0.1:0"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains("there is no setting \"base-ulr\""), "{said}");
}

#[test]
fn two_servers_do_not_share_a_folder() {
    let server = Portal::new().start();
    let output = server.portal().run(&["serve", "--listen", "127.0.0.1:0"]);
    let said = String::from_utf8(output.stderr).unwrap();
    let holder = format!("(process {})", server.pid());
    assert!(!output.status.success() && said.contains(&holder), "{said}");
    server.hook("crm").get("profile").success();
}

/// With another key no webhook would be recognised, so nothing starts.
#[test]
fn another_key_is_noticed() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let portal = server.stop();
    let key = portal.data().join("portreeve.key");
    let original = fs::read_to_string(&key).unwrap();
    let refused = |word: &str| {
        for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["hook", "list"]] {
            let output = portal.run(command);
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(!output.status.success() && said.contains(word), "{said}");
        }
    };
    fs::write(&key, "0".repeat(64)).unwrap();
    refused("is not the one this portal was made with");
    fs::remove_file(&key).unwrap();
    refused("restore it from your backup");
    assert!(!key.exists(), "no new key comes into its place");
    fs::write(&key, original).unwrap();
    let server = portal.start();
    server.same_hook(&hook).get("profile").success();
}

#[test]
fn a_trusted_proxy_is_believed_and_nobody_else() {
    let forwarded = [("x-forwarded-for", "203.0.113.7"), ("x-forwarded-proto", "https")];
    let server = Portal::new().with("--trusted-proxies", "127.0.0.0/8").start();
    let hook = server.hook("crm");
    hook.get("profile").refusal(401, "INVALID_REQUEST");
    hook.send("GET", "profile", &forwarded, b"").success();
    let portal = server.stop();
    assert!(portal.ask(&["hook", "list"]).contains("203.0.113.7"));

    let server = Portal::new().with("--require-https", "true").start();
    server.hook("crm").send("GET", "profile", &forwarded, b"").refusal(401, "INVALID_REQUEST");
}

#[test]
fn a_body_may_be_too_large_or_too_slow() {
    let server = Portal::new().with("--max-body", "1").with("--body-timeout", "1").start();
    let hook = server.hook("crm");
    let just = json!({"fields": {"TITLE": "x".repeat(900_000)}}).to_string();
    hook.post("profile", "application/json", just.as_bytes()).success();
    let reply = hook.post("profile", "application/json", &vec![b' '; 3 << 20]);
    reply.refusal(413, "REQUEST_ENTITY_TOO_LARGE");
    assert_eq!(reply.header("access-control-allow-origin"), "*");

    let path = hook.url().strip_prefix(server.base()).unwrap();
    let mut slow = Connection::open(server.address()).unwrap();
    let head = format!("POST {path}profile HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nid=");
    slow.send(head.as_bytes()).unwrap();
    assert_eq!(slow.head().unwrap().0, 408);
}
