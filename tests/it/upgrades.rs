//! Databases of earlier releases under this program: whoever interrupts their upgrade, how and when, loses nothing, and the next
//! start ends where an undisturbed one does.
//!
//! What the databases answer afterwards is tested beside them, in `crates/portal/tests`.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use flate2::read::GzDecoder;
use it::Portal;
use store::{Location, Tx};
use testkit::{Whole, differences, whole};

const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/portal/tests/releases");

/// The releases that are kept, but for those whose databases lack nothing yet.
fn releases() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(KEPT).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found.retain(|release| {
        let (_, portal) = old(release).swap_remove(0);
        let said = portal.run(&["doctor", "--listen", "127.0.0.1:9"]).stdout;
        String::from_utf8_lossy(&said).contains("it is of an earlier version")
    });
    assert!(found.len() >= 2, "{found:?}");
    found
}

fn unpacked(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    GzDecoder::new(fs::File::open(path).unwrap()).read_to_end(&mut bytes).unwrap();
    bytes
}

/// A portal with the database and the key of a release, for each engine.
fn old(release: &Path) -> Vec<(&'static str, Portal)> {
    let fill = |(engine, portal): (&'static str, Portal)| {
        fs::create_dir(portal.data()).unwrap();
        fs::set_permissions(portal.data(), Permissions::from_mode(0o700)).unwrap();
        let key = portal.data().join("portreeve.key");
        fs::copy(release.join(format!("{engine}.key")), &key).unwrap();
        fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
        match portal.location() {
            Location::Sqlite(path) => fs::write(path, unpacked(&release.join("sqlite.db.gz"))).unwrap(),
            Location::Postgres(_) => {
                portal.load(String::from_utf8(unpacked(&release.join("postgres.sql.gz"))).unwrap());
            }
        }
        (engine, portal)
    };
    Portal::on_each_engine().into_iter().map(fill).collect()
}

/// Begins to serve; what it logs can be read.
fn begin(mut serve: Command) -> Child {
    serve.args(["--listen", "127.0.0.1:0", "--no-deliveries", "true", "--log-format", "json"]);
    serve.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Serves it until it is ready and stops it; what it logged.
fn upgrade(portal: &Portal) -> String {
    let mut server = begin(portal.command(&["serve"]));
    wait_until_ready(&mut server);
    end(server)
}

fn wait_until_ready(server: &mut Child) {
    let mut line = String::new();
    let mut said = BufReader::new(server.stdout.as_mut().unwrap());
    said.read_line(&mut line).unwrap();
    if !line.contains(" is ready at ") {
        let mut log = String::new();
        server.stderr.as_mut().unwrap().read_to_string(&mut log).unwrap();
        panic!("not ready: {line:?}\n{log}");
    }
}

/// Serves it, which must fail; what it logged.
#[track_caller]
fn refused(serve: Command) -> String {
    let mut server = begin(serve);
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    if !line.is_empty() {
        server.kill().unwrap();
    }
    let ended = server.wait_with_output().unwrap();
    let log = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(line.is_empty() && !ended.status.success(), "it serves: {line}\n{log}");
    log
}

/// Stops a server in good order; what it logged.
fn end(mut server: Child) -> String {
    let pid = rustix::process::Pid::from_child(&server);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let mut log = String::new();
    server.stderr.as_mut().unwrap().read_to_string(&mut log).unwrap();
    assert!(server.wait().unwrap().success(), "{log}");
    log
}

/// Everything in the database but what every start makes anew: times, and random marks.
fn content(portal: &Portal) -> Whole {
    let read = |tx: &mut Tx<'_>| whole(tx);
    let mut found = store::inspect(&portal.location(), Duration::from_secs(60), read).unwrap();
    // PostgreSQL gives no number again that was given by what was undone.
    let numbers_differ = matches!(portal.location(), Location::Postgres(_));
    for (name, rows) in &mut found {
        if !name.starts_with(' ') {
            rows.iter_mut().for_each(|row| *row = masked(row, numbers_differ));
            rows.sort();
        }
    }
    // Links to sign in, and what the clock and the housekeeping of a server leave, leases of random numbers among them.
    for passing in ["portal_state", "portal_link", "job", "audit"] {
        found.entry(passing.to_owned()).and_modify(|rows| *rows = vec![rows.len().to_string()]);
    }
    found.remove(" numbers");
    found
}

/// A row without long numbers, long marks of letters and digits, and bytes; and without any number.
fn masked(row: &str, all_numbers: bool) -> String {
    let (mut out, mut word) = (String::new(), String::new());
    for c in row.chars().chain(['\0']) {
        if c.is_ascii_alphanumeric() {
            word.push(c);
            continue;
        }
        let hexadecimal = word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let has_digit = || word.bytes().any(|byte| byte.is_ascii_digit());
        let mark = word.len() >= 10 && (hexadecimal || has_digit() || out.ends_with("bx_"));
        let number = all_numbers && word.parse::<u64>().is_ok();
        out.push_str(if mark || number { "#" } else { &word });
        out.push(c);
        word.clear();
    }
    out
}

#[track_caller]
fn same(what: &str, expected: &Whole, found: &Whole) {
    let differ = differences(expected, found);
    assert!(
        differ.is_empty(),
        "{what}: {} differ, among them {:#?}",
        differ.len(),
        &differ[..differ.len().min(20)]
    );
}

#[test]
fn an_upgrade_that_is_killed_is_made_by_the_next_start() {
    for release in releases() {
        let undisturbed: Vec<(String, Whole)> =
            old(&release).iter().map(|(_, portal)| (upgrade(portal), content(portal))).collect();
        for (at, (log, expected)) in undisturbed.iter().enumerate() {
            let steps = log.lines().filter(|line| line.contains("was migrated")).count();
            assert!(steps > 0 && log.contains("is brought up to date"), "progress is told: {log}");
            let over = log.lines().position(|line| line.contains("the database is up to date")).unwrap() + 1;
            // After the first step, in the middle, after the last one, and when what is left is made ready.
            for point in [1, steps / 2, steps, over] {
                let (engine, portal) = old(&release).swap_remove(at);
                let mut server = begin(portal.command(&["serve"]));
                let told = BufReader::new(server.stderr.take().unwrap()).lines().take(point.max(1));
                assert!(told.map_while(Result::ok).count() > 0);
                server.kill().unwrap();
                server.wait().unwrap();
                upgrade(&portal);
                let what = format!("{} on {engine}, killed after line {point}", release.display());
                same(&what, expected, &content(&portal));
            }
        }
    }
}

#[test]
fn an_upgrade_that_fails_is_made_by_the_next_start() {
    for release in releases() {
        for (engine, portal) in old(&release) {
            let what = format!("{} on {engine}, after a failure", release.display());
            let refused = match engine {
                "sqlite" => {
                    // No file may become larger than 40 KiB: the log of the changes cannot be written.
                    let (serve, script) =
                        (portal.command(&["serve"]), "trap '' XFSZ; ulimit -f 80; exec \"$@\"");
                    let mut limited = Command::new("sh");
                    limited.args(["-c", script, "sh"]).arg(serve.get_program()).args(serve.get_args());
                    refused(limited)
                }
                _ => {
                    portal.load(
                        "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql \
                         AS $$BEGIN RAISE 'the disk is full'; END$$; \
                         CREATE EVENT TRIGGER refusing ON ddl_command_start WHEN TAG IN ('CREATE INDEX') \
                         EXECUTE FUNCTION refuse()"
                            .into(),
                    );
                    let refused = refused(portal.command(&["serve"]));
                    portal.load("DROP EVENT TRIGGER refusing; DROP FUNCTION refuse".into());
                    refused
                }
            };
            assert!(refused.contains("cannot open"), "{what}: {refused}");
            upgrade(&portal);
            let (_, other) = old(&release).into_iter().find(|(other, _)| *other == engine).unwrap();
            upgrade(&other);
            same(&what, &content(&other), &content(&portal));
        }
    }
}

#[test]
fn of_two_nodes_that_start_at_once_one_upgrades() {
    for release in releases() {
        let found = old(&release).into_iter().find(|(engine, _)| *engine == "postgres");
        let Some((_, portal)) = found else { return };
        let (_, alone) = old(&release).into_iter().find(|(engine, _)| *engine == "postgres").unwrap();
        upgrade(&alone);
        let node = portal.beside();
        let files = portal.data().join("files");
        let serve = |portal: &Portal| {
            let mut command = portal.command(&["serve"]);
            command.arg("--files").arg(&files);
            begin(command)
        };
        let mut nodes = [serve(&portal), serve(&node)];
        nodes.iter_mut().for_each(wait_until_ready);
        let logs = nodes.map(end);
        // The steps of modules are made in one transaction, by one of them.
        let whole = logs.iter().filter(|log| log.contains("the database is up to date")).count();
        assert_eq!(whole, 1, "{}: {logs:#?}", release.display());
        same(&format!("{} by two nodes", release.display()), &content(&alone), &content(&portal));
    }
}

#[test]
fn a_database_of_a_newer_program_is_refused() {
    for (engine, portal) in Portal::on_each_engine() {
        let portal = portal.start().stop();
        let later = [
            "INSERT INTO module_migration (module, version, name) VALUES ('crm', 10000, 'later')",
            "INSERT INTO migration (version, name) VALUES (10000, 'later')",
        ];
        for sql in later {
            portal.sql(sql);
            let before = content(&portal);
            let said = refused(portal.command(&["serve"]));
            for word in ["at version 10000", "use the program that last opened it, or a newer one"] {
                assert!(said.contains(word), "{engine}: {said}");
            }
            same(engine, &before, &content(&portal));
        }
    }
}
