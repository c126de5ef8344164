//! Every fault of the protocol's table, made on demand, before each of the SDKs: it has to understand it as its code says.

use std::net::TcpListener;
use std::path::Path;

use it::{OPERATOR_TOKEN, Portal, Proxy, Script, Server, clients};
use serde_json::json;
use wire::fault::SYSTEM;

/// The script with what it needs of a server.
fn script(program: impl AsRef<Path>, name: &str, server: &mut Server) -> Script {
    let table = SYSTEM.iter().map(|one| json!([one.code, one.status, one.message])).collect::<Vec<_>>();
    let operator = server.operator();
    Script::new(program.as_ref(), name)
        .env("HOOK", server.hook("crm").url())
        .env("OPERATOR", operator.url())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("TOKEN", OPERATOR_TOKEN)
        .env("FAULTS", json!(table).to_string())
}

fn all() -> String {
    format!("OK {} faults", SYSTEM.len())
}

#[test]
fn b24pysdk_understands_every_fault() {
    let Some(clients) = clients() else { return };
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let portal = Portal::new().with_tls("dev").with("--listen", &address).with_operator();
    let mut server = portal.with("--base-url", "https://portal.portreeve.test").start();
    script(clients.join("py/bin/python"), "b24py_faults.py", &mut server)
        .env("REQUESTS_CA_BUNDLE", server.portal().authority())
        .env("HTTPS_PROXY", Proxy::to(&address).url())
        .says(&[&all()]);
}

#[test]
fn fast_bitrix24_understands_every_fault() {
    let Some(clients) = clients() else { return };
    let mut server = Portal::new().with_tls("dev").with_operator().start();
    script(clients.join("py/bin/python"), "fast_bitrix_faults.py", &mut server)
        .env("SSL_CERT_FILE", server.portal().authority())
        .says(&[&all()]);
}

#[test]
fn crest_understands_every_fault() {
    if clients().is_none() {
        return;
    }
    let mut server = Portal::new().with_tls("dev").with_operator().start();
    let authority = server.portal().authority();
    script("php", "crest/faults.php", &mut server)
        .argument(&format!("-dcurl.cainfo={}", authority.display()))
        .says(&[&all()]);
}

#[test]
fn b24jssdk_understands_every_fault() {
    let Some(clients) = clients() else { return };
    let mut server = Portal::new().with_tls("dev").with_operator().start();
    script("node", "b24js_faults.mjs", &mut server)
        .env("CLIENTS", clients.join("js"))
        .env("NODE_EXTRA_CA_CERTS", server.portal().authority())
        .says(&[&all()]);
}
