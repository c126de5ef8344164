//! The guard, through the whole program: nothing that a webhook's URL or a name server says makes the server
//! connect to where handlers may not be.

use crate::outbound_courier::{create, tries};
use it::sink::{Reply, Sink};
use it::{Names, Portal};
use serde_json::json;
use std::net::Ipv4Addr;

/// Handlers may be here ..
const ALLOWED: &str = "127.0.0.2";
/// .. but not here.
const FORBIDDEN: &str = "127.0.0.1";

/// Two handlers on the same port, so that one URL may mean either. The first hangs up after each answer, so that every
/// delivery needs a new connection.
fn two_on_one_port() -> (Sink, Sink, String) {
    let allowed =
        Sink::at(&format!("{ALLOWED}:0"), |_| Reply::status(200).with_header("connection", "close"));
    let address = allowed.address();
    let (_, port) = address.rsplit_once(':').unwrap();
    let forbidden = Sink::at(&format!("{FORBIDDEN}:{port}"), |_| Reply::status(200));
    let port = port.to_owned();
    (allowed, forbidden, port)
}

#[test]
fn no_form_of_an_address_gets_past_it() {
    let (allowed, forbidden, port) = two_on_one_port();
    let server = Portal::new().with("--allow-handlers", ALLOWED).start();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.0x1",
        "0177.0.0.1",
        "127.0.0.1.",
        "%31%32%37.0.0.1",
        "１２７.0.0.1",
        "0.0.0.0",
        "0",
        "localhost",
        "LocalHost.",
        "any.localhost",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[64:ff9b:1::127.0.0.1]",
        "[2002:7f00:1::]",
        "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "168.63.129.16",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "[ff02::1]",
        "[2001:db8::1]",
    ] {
        let url = format!("http://{host}:{port}/");
        // Not to be saved where the operator does not allow it ..
        let arguments = ["outbound", "create", "--owner", "1", "--name", "x", "--events", "ONCRMLEADADD"];
        let output = server.portal().run(&[&arguments[..], &["--handler", &url]].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains("--allow-handlers"), "{host}: {said}");
        // .. and, saved while it was allowed, not to be connected to.
        create(server.portal(), &url, &["--retries", "once"]);
    }
    create(server.portal(), &allowed.url(), &[]);
    server.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "Out"}}));
    allowed.wait_for(1);
    server.portal().settled("failed", 38);
    let tries = tries(&server.stop());
    assert_eq!(tries.len(), 39);
    for (outbound, tried) in tries.iter().filter(|(outbound, _)| **outbound != 39) {
        let error = tried["error"].as_str().unwrap();
        assert!(
            error.contains("an administrator can allow it in the portal's settings or with --allow-handlers"),
            "{outbound}: {error}"
        );
    }
    assert_eq!(forbidden.count(), 0);
}

#[test]
fn what_a_name_resolves_to_is_checked_at_each_connection() {
    let (allowed, forbidden, port) = two_on_one_port();
    let (good, bad): (Ipv4Addr, Ipv4Addr) = (ALLOWED.parse().unwrap(), FORBIDDEN.parse().unwrap());
    let names = Names::start(move |name, times| match name {
        "rebinds.test" if times == 0 => vec![good],
        "rebinds.test" | "inside.test" => vec![bad],
        "both.test" => vec![bad, good],
        _ => Vec::new(),
    });
    let server =
        Portal::new().with("--allow-handlers", ALLOWED).with("--handler-dns", &names.address()).start();
    let [rebinds, inside, both, nowhere] = ["rebinds.test", "inside.test", "both.test", "nowhere.test"]
        .map(|name| create(server.portal(), &format!("http://{name}:{port}/{name}"), &["--retries", "once"]));
    let hook = server.hook("crm");
    let came = |name: &str| {
        let path = format!("/{name}");
        allowed.received().iter().filter(|received| received.path == path).count()
    };

    hook.result("crm.lead.add", json!({"fields": {"TITLE": "One"}}));
    allowed.wait_for(2);
    assert_eq!((came("rebinds.test"), came("both.test")), (1, 1));
    hook.result("crm.lead.add", json!({"fields": {"TITLE": "Two"}}));
    allowed.wait_for(3);
    // One of the name that changed, two each of those that are inside and nowhere. A stop leaves what was not begun.
    server.portal().settled("failed", 5);
    let last = tries(&server.stop());
    assert_eq!((came("rebinds.test"), came("both.test")), (1, 2));
    for outbound in [rebinds, inside] {
        let error = last[&outbound]["error"].as_str().unwrap();
        assert!(error.starts_with("127.0.0.1 is a loopback address"), "{error}");
    }
    assert_eq!(last[&both]["status"], 200);
    assert_eq!(last[&nowhere]["error"], "there is no such host");
    assert_eq!(forbidden.count(), 0);
}
