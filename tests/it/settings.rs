//! Settings and the bounds that they set: the file, the lock, the key, proxies, bodies.

use it::{Connection, Portal};
use serde_json::json;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

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

/// By flag, as the help has it, and by the file.
#[test]
fn strict_refuses_what_is_taken_otherwise() {
    let ranges = json!({"filter": {"><ID": [1, 2]}});
    let server = Portal::new().start();
    server.hook("crm").call("crm.deal.list", ranges.clone()).success();
    let server = Portal::new().with("--strict", "true").start();
    server.hook("crm").call("crm.deal.list", ranges.clone()).refusal(400, "ERROR_ARGUMENT");
    let portal = Portal::new();
    fs::create_dir_all(portal.data()).unwrap();
    fs::write(portal.data().join("portreeve.toml"), "strict = true").unwrap();
    portal.start().hook("crm").call("crm.deal.list", ranges).refusal(400, "ERROR_ARGUMENT");
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
    // As a copy from somewhere else comes.
    fs::set_permissions(&key, Permissions::from_mode(0o644)).unwrap();
    refused(&format!("run `chmod 600 {}`", key.display()));
    fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
    let server = portal.start();
    server.same_hook(&hook).get("profile").success();
}

/// Whoever may write in the folder can put another database there.
#[test]
fn a_folder_that_is_everybodys_is_refused() {
    let portal = Portal::new();
    fs::create_dir_all(portal.data()).unwrap();
    fs::set_permissions(portal.data(), Permissions::from_mode(0o777)).unwrap();
    let output = portal.run(&["serve", "--listen", "127.0.0.1:0"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains("run `chmod 700"), "{said}");
    assert!(!portal.data().join("portreeve.db").exists());
    fs::set_permissions(portal.data(), Permissions::from_mode(0o755)).unwrap();
    let server = portal.start();
    assert!(server.portal().log().contains("every user of this machine may read"));
    let made = fs::metadata(server.portal().data().join("portreeve.db")).unwrap().permissions().mode();
    assert_eq!(made & 0o077, 0, "what the server makes is its own");
}

/// A database that was lost, or not found, must not look like a portal that lost its webhooks.
#[test]
fn an_empty_database_beside_a_key_is_worth_a_word() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let word = "its key is there from before";
        assert!(!server.portal().log().contains(word), "{engine}: a first start is none");
        let portal = server.stop().start().stop();
        assert!(!portal.log().contains(word), "{engine}: nor is a second one");
        let fresh = Portal::new();
        fs::create_dir_all(fresh.data()).unwrap();
        fs::copy(portal.data().join("portreeve.key"), fresh.data().join("portreeve.key")).unwrap();
        fs::write(fresh.data().join("portreeve.db"), "").unwrap();
        assert!(fresh.start().portal().log().contains(word), "{engine}");
    }
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
