//! The layers of ARCHITECTURE.md, as the Cargo manifests have them: who may depend on whom, and on what from outside.

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runtimes and HTTP: they belong to the edge, `portreeve`.
const EDGE: [&str; 12] = [
    "tokio",
    "async-std",
    "smol",
    "futures",
    "hyper",
    "http",
    "axum",
    "tower",
    "reqwest",
    "ureq",
    "rustls",
    "tokio-postgres",
];

/// What a crate names as its dependencies, development aside.
fn dependencies(of: &str) -> BTreeSet<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--no-deps", "--offline", "--format-version", "1"];
    let output =
        Command::new(cargo).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let package =
        metadata["packages"].as_array().unwrap().iter().find(|package| package["name"] == of).unwrap();
    let all = package["dependencies"].as_array().unwrap().iter();
    all.filter(|dependency| dependency["kind"] != "dev")
        .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
        .collect()
}

/// Our own crates among them.
fn ours(of: &str) -> Vec<String> {
    let ours = crates();
    dependencies(of).into_iter().filter(|name| ours.contains(name)).collect()
}

/// The crates of the program.
fn crates() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect()
}

/// The crates of products: every one that is no layer of its own.
fn products() -> Vec<String> {
    let layers = [
        "wire",
        "store",
        "blobs",
        "engine",
        "webhooks",
        "people",
        "portal",
        "portreeve",
        "testkit",
        "testportal",
    ];
    crates().into_iter().filter(|name| !layers.contains(&name.as_str())).collect()
}

#[test]
fn each_layer_knows_only_those_below() {
    assert!(ours("wire").is_empty(), "wire stands alone");
    assert!(ours("store").is_empty(), "store knows no CRM");
    assert!(ours("blobs").is_empty(), "contents know no database");
    assert_eq!(ours("engine"), ["blobs", "store", "wire"], "the engine knows no module");
    assert_eq!(ours("webhooks"), ["engine", "store", "wire"]);
    assert_eq!(ours("people"), ["engine", "store", "webhooks", "wire"], "people own webhooks");
    for product in products() {
        assert_eq!(ours(&product), ["engine", "store", "wire"], "{product} knows no other product");
    }
    assert_eq!(ours("portreeve"), ["portal", "store", "wire"], "the program knows the portal as a whole");
    assert!(dependencies("xtask").is_empty(), "xtask builds with the standard library alone");
}

#[test]
fn the_heart_names_no_runtime_and_no_http() {
    // Contents may be on S3. As the drivers of the database, it keeps its runtime to itself.
    let edge = ["portreeve", "blobs", "testkit"];
    for name in crates().into_iter().filter(|name| !edge.contains(&name.as_str())) {
        let edge: Vec<String> = dependencies(&name)
            .into_iter()
            .filter(|dependency| EDGE.contains(&dependency.as_str()))
            .collect();
        assert!(edge.is_empty(), "{name} depends on {edge:?}");
    }
}

#[test]
fn the_wire_knows_no_database_and_no_clock() {
    for dependency in dependencies("wire") {
        assert!(
            !["rusqlite", "postgres", "chrono", "time", "tracing", "getrandom"]
                .contains(&dependency.as_str()),
            "{dependency}"
        );
    }
    // Its calendar is jiff's, which has a clock as well.
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/wire/src");
    for (file, text) in read(&sources) {
        let asks = ["::now(", "SystemTime", "Instant"].into_iter().find(|clock| text.contains(clock));
        assert_eq!(asks, None, "{}", file.display());
    }
}

/// One place asks for the time, so that all of it follows when an operator shifts the portal's clock.
#[test]
fn only_the_clock_asks_what_time_it_is() {
    const ASKS: [&str; 8] = [
        "SystemTime::now",
        "UNIX_EPOCH.elapsed",
        "Utc::now",
        "Local::now",
        "Timestamp::now",
        "Zoned::now",
        "OffsetDateTime::now",
        "CURRENT_TIMESTAMP",
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let clock = Path::new("portreeve/src/clock.rs");
    // What only tests have goes by the machine, as files do.
    for name in crates().into_iter().filter(|name| !name.starts_with("test")) {
        for (file, text) in read(&folder.join(name).join("src")) {
            let asks = ASKS.into_iter().find(|asks| text.contains(asks));
            assert_eq!(asks.filter(|_| !file.ends_with(clock)), None, "{}", file.display());
        }
    }
}

/// The time of the machine instead of the portal's: what comes in before its transaction knows the shift, what others
/// compare with clocks of their own, and signs of life.
#[test]
fn few_ask_the_machine() {
    const MAY: [&str; 30] = [
        "console/api/factor.rs",
        "courier/alerts/mod.rs",
        "api/call.rs",
        "api/messages.rs",
        "archive/write.rs",
        "api/records.rs",
        "clock.rs",
        "console/sign_in.rs",
        "console/visit.rs",
        "courier/answer.rs",
        "courier/targets.rs",
        "courier/upkeep.rs",
        "doctor/certificate.rs",
        "doctor/files.rs",
        "doctor/folder.rs",
        "doctor/handlers.rs",
        "doctor/time.rs",
        "fixtures/load.rs",
        "garbage.rs",
        "http/mcp/call.rs",
        "http/mcp/mod.rs",
        "http/rest.rs",
        "http/upload.rs",
        "listen/mod.rs",
        "metrics/mod.rs",
        "place.rs",
        "shift.rs",
        "snapshot/mod.rs",
        "timetable.rs",
        "tls/authority.rs",
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/portreeve/src");
    for (file, text) in read(&folder) {
        let asks = text.contains("clock::machine") || text.contains("clock::system");
        assert!(!asks || MAY.iter().any(|may| file.ends_with(may)), "{}", file.display());
    }
}

/// The sources in a folder and below it.
fn read(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        match path.is_dir() {
            true => found.extend(read(&path)),
            false => found.push((path.clone(), fs::read_to_string(&path).unwrap())),
        }
    }
    found
}
