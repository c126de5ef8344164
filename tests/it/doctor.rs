//! `portreeve doctor`: what it says of portals that are well, and of each thing that can be wrong with one.

use std::collections::BTreeMap;
use std::fs::{self, File, FileTimes, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use it::sink::{Reply, Sink};
use it::{OPERATOR_TOKEN, Portal};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use serde_json::{Value, json};

/// What `portreeve doctor` said.
struct Said {
    is_well: bool,
    checks: Vec<Value>,
    /// All of it, to be searched for secrets.
    text: String,
}

impl Said {
    /// The checks of something that ended so, in words.
    fn told(&self, of: &str, state: &str) -> String {
        let told = self.checks.iter().filter(|check| check["check"] == of && check["state"] == state);
        told.map(|check| format!("{} {}\n", check["found"], check["advice"])).collect()
    }

    /// That something ended so, for which there is this word and advice.
    #[track_caller]
    fn has(&self, of: &str, state: &str, word: &str) {
        let told = self.told(of, state);
        assert!(told.contains(word), "{of} {state} {word}: {}", self.text);
        assert!(!told.contains("null") || state == "ok", "no advice: {told}");
        assert_eq!(self.is_well, self.checks.iter().all(|check| check["state"] != "fail"), "{}", self.text);
    }

    #[track_caller]
    fn hides(&self, secrets: &[&str]) {
        for secret in secrets {
            assert!(!self.text.contains(secret), "{secret} is in {}", self.text);
        }
    }
}

/// No other server is asked by chance.
const NOBODY: [&str; 2] = ["--listen", "127.0.0.1:9"];

fn examine(portal: &Portal, flags: &[&str]) -> Said {
    let own = if flags.contains(&"--listen") { &[][..] } else { &NOBODY };
    let output = portal.run(&[&["doctor", "--json"], own, flags].concat());
    let text = String::from_utf8(output.stdout).unwrap();
    let said: Value = serde_json::from_str(&text)
        .unwrap_or_else(|_| panic!("{text}: {}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(said["ok"], output.status.success());
    let text = text + &String::from_utf8_lossy(&output.stderr);
    Said { is_well: output.status.success(), checks: said["checks"].as_array().unwrap().clone(), text }
}

/// A portal that was served once, with a file.
fn served(portal: Portal) -> Portal {
    let server = portal.start();
    let hook = server.hook("disk");
    let storage = hook.result("disk.storage.getlist", json!({}))[0]["ID"].clone();
    let file = json!({"id": storage, "data": {"NAME": "a.txt"}, "fileContent": ["a.txt", "aGVsbG8="]});
    hook.result("disk.storage.uploadfile", file);
    server.stop()
}

/// Everything in a folder, with its content and its time.
fn everything(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (path, data) = (entry.path(), entry.metadata().unwrap());
        if data.is_dir() {
            found.extend(everything(&path));
        }
        let content = if data.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
        found.insert(path, (content, data.modified().unwrap()));
    }
    found
}

#[test]
fn a_portal_that_is_well_has_nothing_to_do_and_stays_as_it_is() {
    for (engine, portal) in Portal::on_each_engine() {
        let portal = served(portal);
        let before = everything(&portal.data());
        for flags in [&[][..], &["--deep"]] {
            let said = examine(&portal, flags);
            let well = said.checks.iter().all(|check| check["state"] == "ok");
            assert!(said.is_well && well, "{engine}: {}", said.text);
            assert!(said.told("files", "ok").contains("1 contents"), "{}", said.text);
        }
        assert_eq!(everything(&portal.data()), before, "{engine}");
        // For people: a line for each.
        let lines = portal.ask(&["doctor", "--listen", "127.0.0.1:9"]);
        assert!(lines.lines().count() >= 10 && lines.lines().all(|line| line.starts_with("ok ")), "{lines}");

        let server = portal.start();
        let said = examine(server.portal(), &["--listen", server.address()]);
        assert!(said.is_well, "{engine}: {}", said.text);
        said.has("server", "ok", "works");
        said.hides(&[&fs::read_to_string(server.portal().data().join("portreeve.key")).unwrap()]);
        server.hook("crm").get("profile").success();
    }
}

#[test]
fn what_is_wrong_in_the_folder_is_told() {
    for (_, portal) in Portal::on_each_engine() {
        let portal = served(portal);
        let (data, key) = (portal.data(), portal.data().join("portreeve.key"));
        let mode = |path: &Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        for (bits, state, word) in [(0o755, "warn", "may read it"), (0o777, "fail", "may write")] {
            mode(&data, bits);
            examine(&portal, &[]).has("folder", state, word);
        }
        mode(&data, 0o700);
        fs::write(data.join("notes.txt"), "").unwrap();
        examine(&portal, &[]).has("folder", "warn", "notes.txt");
        fs::remove_file(data.join("notes.txt")).unwrap();

        mode(&key, 0o644);
        examine(&portal, &[]).has("key", "fail", "chmod 600");
        mode(&key, 0o600);
        let text = fs::read_to_string(&key).unwrap();
        for (content, word) in [("nonsense", "64 hexadecimal digits"), (&*"ab".repeat(32), "not the one")] {
            fs::write(&key, content).unwrap();
            let said = examine(&portal, &[]);
            said.has("key", "fail", word);
            said.hides(&[content]);
        }
        fs::remove_file(&key).unwrap();
        examine(&portal, &[]).has("key", "fail", "backup");
        fs::write(&key, &text).unwrap();
        mode(&key, 0o600);

        let tomorrow = FileTimes::new().set_modified(SystemTime::now() + Duration::from_secs(86_400));
        File::options().write(true).open(&key).unwrap().set_times(tomorrow).unwrap();
        examine(&portal, &[]).has("clock", "warn", "portreeve.key");
    }
}

#[test]
fn a_file_of_another_user_is_told() {
    let portal = served(Portal::new());
    let lock = portal.data().join("portreeve.lock");
    if std::os::unix::fs::chown(&lock, Some(12_345), None).is_err() {
        return println!("skipped: only root gives files away");
    }
    examine(&portal, &[]).has("folder", "fail", "portreeve.lock");
}

#[test]
fn a_database_that_is_not_in_order_is_told() {
    for (engine, portal) in Portal::on_each_engine() {
        let portal = served(portal);
        portal.sql("DELETE FROM module_migration WHERE module = 'copy'");
        examine(&portal, &[]).has("database", "warn", "brings it up to date");
        portal.sql("INSERT INTO module_migration (module, version, name) VALUES ('crm', 10000, 'later')");
        let said = examine(&portal, &[]);
        said.has("database", "fail", "newer version");
        assert!(said.told("files", "ok").is_empty(), "{engine}: what cannot be looked at is left out");
    }
    let nobody = Portal::new();
    examine(&nobody, &[]).has("folder", "fail", "portreeve serve");
    fs::create_dir(nobody.data()).unwrap();
    fs::set_permissions(nobody.data(), Permissions::from_mode(0o700)).unwrap();
    examine(&nobody, &[]).has("database", "fail", "portreeve serve");
    let url = "postgres://somebody:hidden-password@127.0.0.1:9/nowhere";
    let output = nobody.command(&["doctor", "--json"]).args(["--database", url]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success() && text.contains("cannot be reached"), "{text}");
    assert!(!text.contains("hidden-password"), "{text}");
}

#[test]
fn a_damaged_file_is_told() {
    let portal = served(Portal::new());
    let database = portal.data().join("portreeve.db");
    let file = File::options().write(true).open(&database).unwrap();
    let size = fs::metadata(&database).unwrap().len();
    // Beginnings of pages in the middle.
    for part in 30..60 {
        file.write_all_at(&[0xA5; 64], part * (size / 100) / 4096 * 4096).unwrap();
    }
    examine(&portal, &[]).has("database", "fail", "backup");
    file.write_all_at(b"nothing of SQLite", 0).unwrap();
    examine(&portal, &[]).has("database", "fail", "cannot be used");
}

#[test]
fn references_that_lead_nowhere_are_told() {
    let portal = served(Portal::new());
    // A connection of ours would refuse it.
    let database = rusqlite::Connection::open(portal.data().join("portreeve.db")).unwrap();
    let lost =
        "PRAGMA foreign_keys = OFF; INSERT INTO outbound_event (outbound_id, event) VALUES (4711, 'X')";
    database.execute_batch(lost).unwrap();
    database.close().unwrap();
    examine(&portal, &[]).has("database", "fail", "rows that are gone");
}

#[test]
fn clocks_that_differ_are_told() {
    for (engine, portal) in Portal::on_each_engine() {
        let portal = served(portal);
        let turns = [(&["clock", "move", "1h"][..], "shifted by 3600 s"), (&["clock", "freeze"], "frozen")];
        for (turn, word) in turns {
            portal.ask(turn);
            examine(&portal, &[]).has("clock", "warn", word);
        }
        portal.ask(&["clock", "reset"]);
        let ahead = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_micros() + 3_600_000_000;
        portal.sql(&format!(
            "INSERT INTO outbound_pace (node, outbound_id, at, room, most, sending, ready, rate, busy) \
             VALUES (1, 1, {ahead}, 1, 1, 0, 0, 0, 0)"
        ));
        examine(&portal, &[]).has("clock", "fail", "another node");
        if engine == "postgres" {
            // The server's clock, as far as anybody can tell.
            portal.sql("DELETE FROM outbound_pace");
            portal.sql(
                "CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql \
                 AS $$SELECT pg_catalog.clock_timestamp() - interval '5 minutes'$$",
            );
            portal.sql(
                "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', \
                 current_database()); END $$",
            );
            examine(&portal, &[]).has("clock", "fail", "s behind this machine");
        }
    }
}

/// A certificate for this host between these years, signed by an authority of its own; as PEM the chain and the key.
fn certificate(host: &str, begin: i32, end: i32) -> (String, String) {
    let (ca_key, key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let mut ca = CertificateParams::default();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    (ca.not_before, ca.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2060, 1, 1));
    let root = ca.self_signed(&ca_key).unwrap();
    let mut params = CertificateParams::new([host.to_owned()]).unwrap();
    (params.not_before, params.not_after) = (date_time_ymd(begin, 1, 1), date_time_ymd(end, 1, 1));
    let leaf = params.signed_by(&key, &Issuer::new(ca, ca_key)).unwrap();
    (leaf.pem() + &root.pem(), key.serialize_pem())
}

#[test]
fn certificates_are_read_closely() {
    let portal = served(Portal::new());
    let folder = tempfile::tempdir().unwrap();
    let (chain_file, key_file) = (folder.path().join("chain.pem"), folder.path().join("key.pem"));
    let (chain_name, key_name) = (chain_file.to_str().unwrap(), key_file.to_str().unwrap());
    let files = ["--tls", "files", "--tls-cert", chain_name, "--tls-key", key_name];
    let look = |chain: &str, key: &str| {
        fs::write(&chain_file, chain).unwrap();
        fs::write(&key_file, key).unwrap();
        fs::set_permissions(&key_file, Permissions::from_mode(0o600)).unwrap();
        let said = examine(&portal, &[&files[..], &["--base-url", "https://crm.test"]].concat());
        said.hides(&["PRIVATE KEY"]);
        said
    };
    let (chain, key) = certificate("crm.test", 2020, 2050);
    let said = look(&chain, &key);
    said.has("certificate", "warn", "do not know who signed it");
    assert!(said.is_well, "{}", said.text);
    let (other, other_key) = certificate("other.test", 2020, 2050);
    look(&other, &other_key).has("certificate", "fail", "not for crm.test");
    look(&chain, &other_key).has("certificate", "fail", "do not fit together");
    let (old, old_key) = certificate("crm.test", 2020, 2021);
    look(&old, &old_key).has("certificate", "fail", "expired on 2021-01-01");
    let (young, young_key) = certificate("crm.test", 2055, 2059);
    look(&young, &young_key).has("certificate", "fail", "not valid before 2055-01-01");
    let end = "-----END CERTIFICATE-----";
    let mixed = format!("{}{end}{}", chain.split(end).next().unwrap(), other.split_once(end).unwrap().1);
    look(&mixed, &key).has("certificate", "fail", "have not signed one another");
    look("nothing", &key).has("certificate", "fail", "no certificate");
    look(&chain, "nothing").has("certificate", "fail", "private key");
    look(&chain, &key);
    fs::set_permissions(&key_file, Permissions::from_mode(0o644)).unwrap();
    examine(&portal, &files).has("certificate", "fail", "chmod 600");
}

#[test]
fn handlers_that_cannot_be_reached_are_told() {
    for (engine, portal) in Portal::on_each_engine() {
        let sink = Sink::start(|_| Reply::status(200));
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let portal = portal.with("--allow-handlers", "127.0.0.1").with("--no-deliveries", "true");
        let server = portal.start();
        let add = |url: &str| server.portal().outbound(url, "ONCRMLEADADD", &[]);
        add(&format!("http://{}/path-of-a-handler?key=its-secret", sink.address()));
        let allowed =
            |flags: &[&str]| examine(server.portal(), &[&["--allow-handlers", "127.0.0.1"], flags].concat());
        let well = allowed(&[]);
        well.has("handlers", "ok", "1 handlers can be reached");
        well.hides(&["path-of-a-handler", "its-secret"]);
        assert_eq!(sink.count(), 0, "{engine}: it is sent nothing");
        allowed(&["--no-deliveries", "true"]).has("handlers", "warn", "nothing is sent");
        allowed(&["--licence", "expired"]).has("handlers", "warn", "set to expired");
        examine(server.portal(), &["--allow-handlers", "10.0.0.0/8"]).has("handlers", "fail", "127.0.0.1");
        add(&format!("http://{closed}/in"));
        allowed(&[]).has("handlers", "fail", "refused");
        // Nobody here knows its authority.
        let strange = Portal::new().with_tls("dev").start();
        add(&format!("{}/in", strange.base()));
        allowed(&[]).has("handlers", "fail", "TLS");
        add("http://handler.example.test/in");
        allowed(&["--handler-dns", &closed.to_string()]).has("handlers", "fail", "name servers");
        // What waits for too long.
        server.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "x"}}));
        server.portal().ask(&["clock", "move", "2h"]);
        allowed(&[]).has("handlers", "warn", "deliveries wait");
        let portal = server.stop();
        portal.sql("UPDATE outbound SET disabled_because = 'gone', active = 'N' WHERE id = 1");
        portal.sql("UPDATE outbound SET failing_since = 1000 WHERE id = 2");
        let said = examine(&portal, &["--allow-handlers", "127.0.0.1"]);
        said.has("handlers", "warn", "switched off by the portal");
        said.has("handlers", "warn", "has only failed");
    }
}

#[test]
fn contents_that_are_missing_or_damaged_are_told() {
    for (engine, portal) in Portal::on_each_engine() {
        let portal = served(portal);
        let files = portal.data().join("files");
        let content = everything(&files).into_keys().find(|path| path.is_file()).unwrap();
        let bytes = fs::read(&content).unwrap();
        fs::write(&content, vec![b'x'; bytes.len()]).unwrap();
        assert!(examine(&portal, &[]).is_well, "{engine}: its size is the same");
        examine(&portal, &["--deep"]).has("files", "fail", "missing or damaged");
        fs::write(&content, "cut").unwrap();
        examine(&portal, &[]).has("files", "fail", "missing or damaged");
        fs::remove_file(&content).unwrap();
        examine(&portal, &[]).has("files", "fail", "missing or damaged");
        fs::write(&content, &bytes).unwrap();
        let orphan = content.with_file_name("00112233.ffff");
        fs::write(&orphan, "").unwrap();
        assert!(examine(&portal, &["--deep"]).is_well, "an upload may be under way");
        let old = FileTimes::new().set_modified(SystemTime::now() - Duration::from_secs(3 * 86_400));
        File::options().write(true).open(&orphan).unwrap().set_times(old).unwrap();
        examine(&portal, &["--deep"]).has("files", "warn", "named by no row");
        fs::rename(&files, portal.data().join("portreeve.db.away")).unwrap();
        examine(&portal, &[]).has("files", "fail", "is missing");
        assert!(!files.exists(), "it is not made");
    }
}

#[test]
fn settings_that_let_in_too_much_are_told() {
    let portal = served(Portal::new());
    let (public, own) = ("0.0.0.0:9", "127.0.0.1:9");
    let mail = "--smtp-host h --smtp-tls off --smtp-user u --smtp-password precious";
    let mail: Vec<&str> = mail.split(' ').collect();
    for (flags, state, word) in [
        (&["--listen", public][..], "warn", "without TLS"),
        (&["--metrics-listen", public], "warn", "figures"),
        (&["--operator-listen", public, "--operator-token", OPERATOR_TOKEN], "warn", "operator's API"),
        (&["--operator-listen", own, "--operator-token", &"a".repeat(26)], "warn", "easily guessed"),
        (&["--trusted-proxies", "0.0.0.0/0"], "fail", "everybody is trusted"),
        (&["--trusted-proxies", "127.0.0.1", "--require-https", "false"], "warn", "plain http"),
        (&["--allow-handlers", "0.0.0.0/0"], "warn", "handlers may be in 0.0.0.0/0"),
        (&mail, "warn", "mail server"),
        (&["--edition", "cloud", "--licence", "expired"], "warn", "every call is refused"),
    ] {
        let said = examine(&portal, flags);
        said.has("settings", state, word);
        said.hides(&[OPERATOR_TOKEN, "precious"]);
    }
    portal.ask(&["fault", "add", "--delay", "10"]);
    examine(&portal, &[]).has("settings", "warn", "fault rules");
    let file = portal.data().join("portreeve.toml");
    fs::write(&file, format!("operator-token = '{OPERATOR_TOKEN}'\n")).unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    let said = examine(&portal, &[]);
    said.has("settings", "fail", "operator-token");
    said.hides(&[OPERATOR_TOKEN]);
}

#[test]
fn a_disk_that_is_nearly_full_is_told() {
    let portal = served(Portal::new());
    let folder = tempfile::tempdir().unwrap();
    let program = portal.command(&[]).get_program().to_owned();
    let script = "mount -t tmpfs -o size=60m none \"$1\" && cp -a \"$2/.\" \"$1/\" && \
                  exec \"$3\" doctor --json --listen 127.0.0.1:9 --data \"$1\"";
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", script, "sh"]).arg(folder.path()).arg(portal.data()).arg(program);
    let said = command.output().map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let Some(said) = said.ok().and_then(|said| serde_json::from_str::<Value>(&said).ok()) else {
        return println!("skipped: file systems cannot be mounted here");
    };
    let disk = said["checks"].as_array().unwrap().iter().find(|check| check["check"] == "disk").unwrap();
    assert_eq!(disk["state"], "fail", "{said}");
}
