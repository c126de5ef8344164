//! After a run with everything that is secret, no secret is found in what the run left: the database with its journal, files,
//! backups, snapshots, logs and metrics. `cargo xtask soak --secrets` also looks into the memory of the process.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use it::sink::{self, Sink};
use it::{Browser, OPERATOR_TOKEN, PASSWORD, Portal, Server};
use serde_json::{Value, json};

/// The key of a bot, under which its integration calls.
const BOT_KEY: &str = "bot-key-3f9c1a7be2d84650";

/// A secret, and what it is.
type Secret = (&'static str, String);

/// Does what has to do with secrets, and gives all of them.
fn run(server: &Server, sink: &Sink) -> Vec<Secret> {
    let hook = server.hook("crm,imbot,im,user,disk");
    let mut secrets = vec![
        ("a webhook's secret", hook.secret().to_owned()),
        ("the administrator's password", PASSWORD.to_owned()),
        ("the operator's token", OPERATOR_TOKEN.to_owned()),
        ("the key of a bot", BOT_KEY.to_owned()),
    ];
    let mut admin = Browser::of_the_administrator(server);
    let mut ada = Browser::of_a_colleague(server);
    ada.read("/api/session");
    for cookie in admin.cookies.iter().chain(&ada.cookies).filter(|(_, value)| value.len() >= 16) {
        secrets.push(("a cookie", cookie.1.clone()));
    }
    secrets.push(("a browser's token", admin.token.clone()));
    let input = json!({
        "scenario": "in-hook", "title": "both", "inbound": {"scopes": ["crm"], "active": true},
        "outbound": {"handler_url": sink.url(), "events": ["ONCRMLEADADD"], "retries": "once"},
    });
    let id = admin.done("POST", "/api/integrations", &input)["id"].take();
    let told = admin.done("POST", &format!("/api/integrations/{id}/secrets"), &Value::Null);
    let url = told["url"].as_str().unwrap().trim_end_matches('/');
    secrets.push(("an integration's secret", url.rsplit('/').next().unwrap().to_owned()));
    for (name, what) in
        [("application_token", "a handler's token"), ("signing_secret", "what deliveries are signed with")]
    {
        secrets.push((what, told[name].as_str().unwrap().to_owned()));
    }
    // Calls in every place that a log could take them from: with failures, as a form, in a batch, under a wrong method.
    hook.result("crm.lead.add", json!({"fields": {"TITLE": "x"}}));
    sink.wait_for(1);
    hook.batch(&[("a", "crm.lead.list"), ("b", "no.such.method")]);
    hook.get("crm.lead.get?ID=99");
    hook.get("no.such.method");
    hook.form("crm.lead.add", "fields[TITLE]=y");
    hook.call("crm.lead.get", json!({"id": url, "auth": hook.secret()}));
    let bot = json!({
        "CODE": "keeper", "TYPE": "B", "CLIENT_ID": BOT_KEY, "EVENT_HANDLER": sink.url(), "PROPERTIES": {"NAME": "Keeper"},
    });
    let bot = hook.result("imbot.register", bot);
    hook.call("imbot.update", json!({"BOT_ID": bot, "CLIENT_ID": BOT_KEY, "FIELDS": {"CODE": "keeper"}}));
    let photo = json!({"fields": {"NAME": "x", "PHOTO": {"fileData": ["x.txt", "aGVsbG8="]}}});
    let contact = hook.result("crm.contact.add", photo);
    let link = hook.send("GET", &crate::files::link(&hook, &contact), &[], b"");
    assert_eq!(link.text(), "hello");
    secrets
}

/// A secret as it may stand somewhere.
fn spellings(secret: &str) -> Vec<Vec<u8>> {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let url: String =
        secret
            .bytes()
            .map(|byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect();
    // Base64 of a text that has it inside begins in one of three ways; two letters at each end depend on what is beside it.
    let in_base64 = (0..3).map(|skip| {
        let padded = base64(format!("{}{secret}", "x".repeat(skip)).as_bytes());
        padded[4..padded.len() - 4].to_owned()
    });
    let wide = secret.bytes().flat_map(|byte| [byte, 0]).collect();
    let texts = [secret.to_owned(), hex.to_uppercase(), hex, url].into_iter().chain(in_base64);
    texts.map(String::into_bytes).chain([wide]).collect()
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0u32, |bits, at| bits << 8 | u32::from(*chunk.get(at).unwrap_or(&0)));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

/// How often each secret is found in some bytes.
fn found(bytes: &[u8], secrets: &[Secret]) -> Vec<(&'static str, usize)> {
    let times = |secret: &str| -> usize {
        spellings(secret).iter().map(|spelling| memchr::memmem::find_iter(bytes, spelling).count()).sum()
    };
    secrets.iter().map(|(what, secret)| (*what, times(secret))).filter(|(_, times)| *times > 0).collect()
}

/// Looks into all files below a folder.
fn search(folder: &Path, secrets: &[Secret], engine: &str) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            search(&path, secrets, engine);
        } else {
            let found = found(&fs::read(&path).unwrap(), secrets);
            assert!(found.is_empty(), "{engine}: {} has {found:?}", path.display());
        }
    }
}

#[test]
fn no_secret_is_found_in_what_is_kept() {
    for (engine, portal) in Portal::on_each_engine() {
        let sink = Sink::start(|_| sink::Reply::status(200));
        let portal = portal.with_operator().with("--allow-handlers", "127.0.0.1").with("--log", "debug");
        let mut server = portal.start();
        let operator = server.operator();
        let secrets = run(&server, &sink);
        for path in ["/calls", "/deliveries", "/metrics"] {
            let answer = operator.ask("GET", path, None).1.to_string();
            assert_eq!(found(answer.as_bytes(), &secrets), [], "{engine} {path}");
        }
        let folder = server.portal().data().with_file_name("kept");
        fs::create_dir(&folder).unwrap();
        let copy = folder.join("copy.tar");
        let what: &[&str] = if engine == "sqlite" { &[] } else { &["--files-only"] };
        server.portal().ask(&[&["backup", copy.to_str().unwrap()], what].concat());
        if std::env::var_os("PORTREEVE_CORE").is_some() {
            remembered(&server, &secrets, engine);
        }
        // The database as it stands beside its journal, and after that as it is left.
        search(server.portal().data().parent().unwrap(), &secrets, engine);
        let portal = server.stop();
        portal.ask(&["snapshot", "save", "kept"]);
        search(portal.data().parent().unwrap(), &secrets, engine);
        let whole = store::inspect(&portal.location(), Duration::from_secs(60), testkit::whole).unwrap();
        for (table, rows) in whole {
            assert_eq!(found(rows.join("\n").as_bytes(), &secrets), [], "{engine}: the table {table}");
        }
    }
}

/// Says which secrets the process remembers, by an image of its memory.
fn remembered(server: &Server, secrets: &[Secret], engine: &str) {
    let file = server.portal().data().parent().unwrap().parent().unwrap().join(format!("core-{engine}"));
    let pid = server.pid().to_string();
    let made = Command::new("gcore").arg("-o").arg(&file).arg(&pid).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let image = file.with_file_name(format!("core-{engine}.{pid}"));
    let bytes = fs::read(&image).unwrap();
    fs::remove_file(&image).unwrap();
    println!("{engine}: in {} MiB of memory {:?}", bytes.len() >> 20, found(&bytes, secrets));
}
