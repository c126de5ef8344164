//! `--tls dev` and `--tls files`.

use it::{Hook, Portal, Server};
use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

#[test]
fn the_development_authority_is_made_once_and_stays() {
    let server = Portal::new().with_tls("dev").start();
    assert!(server.base().starts_with("https://127.0.0.1:"), "{}", server.base());
    let hook = server.hook("crm");
    hook.get("profile").success();
    let first = fs::read(server.portal().authority()).unwrap();
    let server = server.stop().start();
    assert_eq!(fs::read(server.portal().authority()).unwrap(), first);
    server.same_hook(&hook).get("profile").success();
}

#[test]
fn the_leaf_has_every_local_name() {
    let server = Portal::new().with_tls("dev").start();
    let hook = server.hook("crm");
    server.to_hook(&hook.url().replace("127.0.0.1", "localhost")).get("profile").success();
}

/// Without the authority nobody is fooled.
#[test]
fn a_stranger_does_not_trust_it() {
    let server = Portal::new().with_tls("dev").start();
    let hook = Hook::new(server.hook("crm").url(), &None);
    assert!(hook.attempt("profile", serde_json::json!({})).is_none());
}

/// Keys are for their owner alone.
#[test]
fn nobody_else_reads_the_keys() {
    let server = Portal::new().with_tls("dev").start();
    let data = server.portal().data();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data) & 0o077, 0, "the data folder");
    for file in fs::read_dir(data.join("tls")).unwrap().map(|entry| entry.unwrap().path()) {
        let text = fs::read_to_string(&file).unwrap_or_default();
        if text.contains("PRIVATE KEY") {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
        }
    }
}

#[test]
fn plain_http_on_the_https_port_disturbs_nobody() {
    let server = Portal::new().with_tls("dev").start();
    let hook = server.hook("crm");
    let plain = Hook::new(&hook.url().replace("https://", "http://"), &None);
    assert!(plain.attempt("profile", serde_json::json!({})).is_none_or(|reply| reply.status >= 300));
    drop(TcpStream::connect(server.address()).unwrap());
    hook.get("profile").success();
}

#[test]
fn a_certificate_of_ones_own() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (folder.path().join("leaf.pem"), folder.path().join("leaf.key"));
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    fs::write(&certificate, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let start = |key: &Path| -> Server {
        let portal = Portal::new().with_tls("files").with("--tls-cert", certificate.to_str().unwrap());
        portal.with("--tls-key", key.to_str().unwrap()).start()
    };
    let server = start(&key);
    let url = server.hook("crm").url().to_owned();
    let reply = Hook::new(&url, &Some(certificate.clone())).get("profile");
    reply.success();
    assert_eq!(reply.header("strict-transport-security"), "max-age=31536000");
}

/// Browsers are told to come by https alone where that is for good: not on a developer's machine, and not over plain http,
/// where they must not believe it.
#[test]
fn https_stays_https() {
    const HSTS: &str = "strict-transport-security";
    let dev = Portal::new().with_tls("dev").start();
    assert_eq!(dev.hook("crm").get("profile").header(HSTS), "");
    let proxied =
        Portal::new().with("--trusted-proxies", "127.0.0.1").with("--require-https", "false").start();
    let hook = proxied.hook("crm");
    assert_eq!(hook.get("profile").header(HSTS), "");
    for path in ["profile", "no.such.method", "/", "/health"] {
        let reply = hook.send("GET", path, &[("x-forwarded-proto", "https")], b"");
        assert_eq!(reply.header(HSTS), "max-age=31536000", "{path}");
    }
}
