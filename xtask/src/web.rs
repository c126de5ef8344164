//! `cargo xtask web`: the console's pages, built by Node where they changed.

use crate::{Outcome, paths, shell, term};
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

const WEB: &str = "web";
const PAGE: &str = "web/dist/index.html";
/// Beside what npm installed: of which inputs `web/dist` was made.
const STAMP: &str = "web/node_modules/.portreeve-built";
/// The same for what npm installed.
const INSTALLED: &str = "web/node_modules/.portreeve-installed";
/// What decides what npm installs.
const PACKAGES: &[&str] = &["web/package.json", "web/package-lock.json", "web/.npmrc"];
/// Below `web/`, what is made and not written.
const MADE: &[&str] = &["node_modules", "dist"];
/// Older ones cannot run Vite.
const NODE: u32 = 20;

/// Builds the pages if their inputs changed. An error where there is no Node.
pub(crate) fn command(_: &[String]) -> Outcome {
    need_node()?;
    build()
}

/// The same before a program is built; without Node it says so, and the program goes without what is new.
pub(crate) fn build_if_possible() -> Outcome {
    match need_node() {
        Ok(()) => build(),
        Err(text) => {
            let rest = match Path::new(PAGE).is_file() {
                true => "the console is taken as it was built last",
                false => "the program is built without its console; webhooks and the command line work",
            };
            term::note(&format!("{text}: {rest}"));
            Ok(())
        }
    }
}

/// The types of the pages, once those are built, their texts and their own tests. Quiet: other checks speak meanwhile.
pub(crate) fn check() -> Outcome {
    need_node()?;
    shell::quiet(&mut npm(&["run", "--silent", "types"]))?;
    shell::quiet(&mut npm(&["test", "--silent"])).map(drop)
}

fn build() -> Outcome {
    let wanted = fingerprint(&inputs(Path::new(WEB))?)?;
    if Path::new(PAGE).is_file() && fs::read_to_string(STAMP).is_ok_and(|stamp| stamp == wanted) {
        return Ok(());
    }
    install()?;
    term::step("Building the console's pages", || shell::quiet(&mut npm(&["run", "--silent", "build"])))?;
    write(STAMP, &wanted)
}

/// Exactly what the lock names; nothing when that is there already.
fn install() -> Outcome {
    let wanted = fingerprint(&PACKAGES.iter().map(PathBuf::from).collect::<Vec<_>>())?;
    if fs::read_to_string(INSTALLED).is_ok_and(|stamp| stamp == wanted) {
        return Ok(());
    }
    term::step("Fetching what builds the console's pages", || shell::quiet(&mut npm(&["ci", "--silent"])))?;
    write(INSTALLED, &wanted)
}

fn need_node() -> Outcome {
    let missing = || format!("Node.js {NODE} or newer with npm is not installed");
    let said = shell::quiet(&mut shell::command("node", &["--version"])).map_err(|_| missing())?;
    let major: Option<u32> =
        said.trim().trim_start_matches('v').split('.').next().and_then(|text| text.parse().ok());
    match major {
        Some(major) if major >= NODE && paths::which("npm").is_some() => Ok(()),
        _ => Err(missing()),
    }
}

fn npm(arguments: &[&str]) -> std::process::Command {
    let mut command = shell::command("npm", arguments);
    command.current_dir(WEB);
    command
}

/// Every file that the pages are made of, in order.
fn inputs(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let cannot = |error: std::io::Error| format!("cannot read {}: {error}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        match path.is_dir() {
            true if folder == Path::new(WEB) && MADE.contains(&name) => {}
            true => found.extend(inputs(&path)?),
            false => found.push(path),
        }
    }
    found.sort();
    Ok(found)
}

/// Changes when a file of these, or its name, does.
fn fingerprint(files: &[PathBuf]) -> Outcome<String> {
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.hash(&mut hasher);
        fs::read(file).map_err(|error| format!("cannot read {}: {error}", file.display()))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn write(path: &str, text: &str) -> Outcome {
    fs::write(path, text).map_err(|error| format!("cannot write {path}: {error}"))
}
