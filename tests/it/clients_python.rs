//! Python: `fast_bitrix24` and `b24pysdk` from PyPI, unmodified, over https with the development authority.

use it::{Portal, Proxy, Script, clients};
use std::net::TcpListener;

const EXPECTED: [&str; 7] = [
    "OK add and get",
    "OK list through paging",
    "OK lists of items",
    "OK batch of 50",
    "OK wrong secret",
    "OK missing scope",
    "OK unknown method",
];

#[test]
fn fast_bitrix24() {
    let Some(clients) = clients() else { return };
    let server = Portal::new().with_tls("dev").start();
    Script::new(clients.join("py/bin/python"), "fast_bitrix.py")
        .env("SSL_CERT_FILE", server.portal().authority())
        .env("HOOK", server.hook("crm").url())
        .env("NARROW", server.hook("user").url())
        .says(&EXPECTED);
}

/// What its README shows of the CRM.
#[test]
fn recipes_of_fast_bitrix24() {
    let Some(clients) = clients() else { return };
    let server = Portal::new().with_demo_data().with_tls("dev").start();
    Script::new(clients.join("py/bin/python"), "fast_bitrix_recipes.py")
        .env("SSL_CERT_FILE", server.portal().authority())
        .env("HOOK", server.hook("crm").url())
        .says(&["OK get_all", "OK get_by_ID", "OK call", "OK call_batch", "OK list_and_get", "OK fields"]);
}

/// An integration by somebody who knows the public documentation alone.
#[test]
fn a_form_becomes_a_deal_with_an_offer() {
    let Some(clients) = clients() else { return };
    let server = Portal::new().with_demo_data().with_tls("dev").start();
    Script::new(clients.join("py/bin/python"), "fast_bitrix_sale.py")
        .env("SSL_CERT_FILE", server.portal().authority())
        .env("HOOK", server.hook("crm,user").url())
        .says(&[
            "OK contact",
            "OK deal with rows",
            "OK comment",
            "OK activity",
            "OK stage move",
            "OK document",
        ]);
}

/// It takes no port and no name without a dot, so the portal is called `portal.portreeve.test` and a proxy leads there.
#[test]
fn b24pysdk() {
    let Some(clients) = clients() else { return };
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let base = "https://portal.portreeve.test";
    let server = Portal::new().with_tls("dev").with("--listen", &address).with("--base-url", base).start();
    assert_eq!(server.base(), base);
    Script::new(clients.join("py/bin/python"), "b24py.py")
        .env("REQUESTS_CA_BUNDLE", server.portal().authority())
        .env("HTTPS_PROXY", Proxy::to(&address).url())
        .env("HOOK", server.hook("crm").url())
        .env("NARROW", server.hook("user").url())
        .says(&EXPECTED);
}

/// Every method of the SDK that we have, with the parameters of our own examples.
#[test]
fn b24pysdk_as_a_whole() {
    let Some(clients) = clients() else { return };
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let said = Script::new(clients.join("py/bin/python"), "b24py_walk.py")
        .env("PROGRAM", it::program())
        .env("ADDRESS", &address)
        .env("BASE", "https://portal.portreeve.test")
        .env("HTTPS_PROXY", Proxy::to(&address).url())
        .says(&[]);
    let walked =
        said.lines().find_map(|line| line.strip_prefix("OK ")?.strip_suffix(" methods")?.parse().ok());
    assert!(walked >= Some(300), "{said}");
}
