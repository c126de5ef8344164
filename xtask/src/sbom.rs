//! `cargo xtask sbom`: what the program and its console are made of, as CycloneDX.

use crate::{Outcome, paths, shell, term};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Where cargo-cyclonedx writes: a file for each program of the workspace, beside its manifest.
const WRITTEN: &str = "portreeve_bin.cdx.json";
const OTHERS: [&str; 2] = ["benches/benches_bin.cdx.json", "xtask/xtask_bin.cdx.json"];
/// The version of the tool for the console; without its optional parts, which only write XML.
const FOR_NPM: &str = "@cyclonedx/cyclonedx-npm@6";

/// Writes both into target/sbom.
pub(crate) fn write(_: &[String]) -> Outcome {
    let folder = paths::target().join("sbom");
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let (program, console) = (folder.join("portreeve.cdx.json"), folder.join("console.cdx.json"));
    term::step("What the program is made of", || of_program(&program))?;
    term::step("What the console is made of", || of_console(&console))?;
    term::print(&format!("{}\n{}", program.display(), console.display()));
    Ok(())
}

fn of_program(to: &Path) -> Outcome {
    if paths::which("cargo-cyclonedx").is_none() {
        return Err("cargo-cyclonedx is not installed: cargo install --locked cargo-cyclonedx".into());
    }
    let mut cargo = shell::cargo();
    cargo.args(["cyclonedx", "--quiet", "--format", "json", "--spec-version", "1.5"]);
    cargo.args([
        "--describe",
        "binaries",
        "--target",
        "all",
        "--manifest-path",
        "crates/portreeve/Cargo.toml",
    ]);
    shell::quiet(cargo.env("SOURCE_DATE_EPOCH", date()?))?;
    OTHERS.iter().try_for_each(fs::remove_file).map_err(|error| error.to_string())?;
    let written = Path::new("crates/portreeve").join(WRITTEN);
    // Where the sources lie is nobody's business, and differs from machine to machine.
    let root = std::env::current_dir().map_err(|error| error.to_string())?;
    let here = format!("file://{}", root.display());
    let moved = fs::read_to_string(&written)
        .and_then(|text| fs::write(to, text.replace(&here, "file://.")))
        .and_then(|()| fs::remove_file(&written));
    moved.map_err(|error| format!("cannot move {}: {error}", written.display()))
}

/// From what the lock file names, without what only builds the pages.
fn of_console(to: &Path) -> Outcome {
    let tool = paths::target().join("sbom/tool");
    fs::create_dir_all(&tool).map_err(|error| format!("cannot make {}: {error}", tool.display()))?;
    if !tool.join("node_modules/.bin/cyclonedx-npm").is_file() {
        let fetch = ["install", "--silent", "--no-audit", "--no-fund", "--omit=optional", FOR_NPM];
        shell::quiet(Command::new("npm").args(fetch).current_dir(&tool))?;
    }
    let mut npm = Command::new(tool.join("node_modules/.bin/cyclonedx-npm"));
    // npm complains of parts for other platforms that are not installed.
    npm.args([
        "--ignore-npm-errors",
        "--package-lock-only",
        "--omit",
        "dev",
        "--output-reproducible",
        "--output-file",
    ]);
    shell::quiet(npm.arg(to).current_dir("web")).map(drop)
}

/// The second of the last commit: two runs on the same sources write the same.
fn date() -> Outcome<String> {
    shell::quiet(&mut shell::command("git", &["log", "-1", "--format=%ct"]))
        .map(|text| text.trim().to_owned())
}
