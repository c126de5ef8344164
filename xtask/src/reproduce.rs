//! `cargo xtask reproduce`: builds the release twice, from two clones at different paths, and compares them byte by byte.

use crate::{Outcome, paths, shell, term};
use std::fs;
use std::path::{Path, PathBuf};

/// Paths of different lengths and depths, so that nothing of them goes unnoticed.
const PLACES: [&str; 2] = ["one", "a/second-place"];

/// Builds and compares; `--package NAME` takes another program of the workspace, and `--profile NAME` another profile.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let option = |name: &str, usual: &str| -> String {
        let at = arguments.iter().position(|argument| argument == name);
        at.and_then(|at| arguments.get(at + 1)).map_or_else(|| usual.to_owned(), String::clone)
    };
    let (package, profile) = (option("--package", "portreeve"), option("--profile", "release"));
    let commit = shell::quiet(&mut shell::command("git", &["rev-parse", "HEAD"]))?.trim().to_owned();
    let folder = paths::target().join("reproduce");
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .map_err(|error| format!("cannot remove {}: {error}", folder.display()))?;
    }
    let mut built = Vec::new();
    for place in PLACES {
        let place = folder.join(place);
        term::step(&format!("Building {package} in {}", place.display()), || clone(&place, &commit))?;
        built.push(build(&place, &package, &profile)?);
    }
    compare(&built[0], &built[1])?;
    let sum = shell::quiet(shell::command("sha256sum", &[]).arg(&built[0]))?;
    let sum = sum.split_whitespace().next().unwrap_or_default();
    term::print(&format!("Both are the same, byte by byte, of commit {commit}:\nsha256 {sum}"));
    Ok(())
}

fn clone(place: &Path, commit: &str) -> Outcome {
    shell::quiet(shell::command("git", &["clone", "--quiet", "--no-checkout", "."]).arg(place))?;
    shell::quiet(shell::command("git", &["checkout", "--quiet", commit]).current_dir(place)).map(drop)
}

/// Builds a clone with its pages, and gives the program.
fn build(place: &Path, package: &str, profile: &str) -> Outcome<PathBuf> {
    if package == "portreeve" {
        let web = place.join("web");
        shell::quiet(shell::command("npm", &["ci", "--silent"]).current_dir(&web))?;
        shell::quiet(shell::command("npm", &["run", "--silent", "build"]).current_dir(&web))?;
    }
    let target = place.join("target");
    let mut cargo = shell::cargo();
    cargo.args(["build", "--quiet", "--locked", "--package", package, "--profile", profile]);
    cargo.current_dir(place).env("CARGO_TARGET_DIR", &target).env_remove("CARGO_INCREMENTAL");
    // Where the sources lie says nothing about the program: neither Rust's panics nor C's assertions name it.
    let home =
        std::env::var("CARGO_HOME").or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")));
    let home = home.map_err(|_| "HOME is not set")?;
    let maps = [(home.as_str(), "/cargo"), (place.to_str().ok_or("the path is not UTF-8")?, "/portreeve")];
    let rust: Vec<String> =
        maps.iter().map(|(from, to)| format!("--remap-path-prefix={from}={to}")).collect();
    let c: Vec<String> = maps.iter().map(|(from, to)| format!("-ffile-prefix-map={from}={to}")).collect();
    cargo.env("CARGO_ENCODED_RUSTFLAGS", rust.join("\u{1f}")).env("CFLAGS", c.join(" "));
    cargo.env("SOURCE_DATE_EPOCH", "0");
    shell::run(&mut cargo)?;
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(target.join(folder).join(package))
}

fn compare(one: &Path, other: &Path) -> Outcome {
    let read =
        |path: &Path| fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()));
    let (left, right) = (read(one)?, read(other)?);
    if left == right {
        return Ok(());
    }
    let differing = left.iter().zip(&right).filter(|(left, right)| left != right).count();
    let first = left.iter().zip(&right).position(|(left, right)| left != right);
    let first =
        first.map_or_else(|| "at the end of the shorter one".to_owned(), |at| format!("at byte {at}"));
    Err(format!(
        "{} and {} differ: {} and {} bytes, {differing} of them different, the first {first}",
        one.display(),
        other.display(),
        left.len(),
        right.len()
    ))
}
