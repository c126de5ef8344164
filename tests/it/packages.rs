//! The packages for tests of integrations, built, installed and used as their users do. That for Rust has its own tests.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use it::{clients, program};
use tempfile::TempDir;

/// A package's folder in the repository.
fn package(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../packages").join(name)
}

/// Runs a command in a folder; what it said.
#[track_caller]
fn run(
    folder: &Path,
    program: impl AsRef<OsStr>,
    arguments: &[&str],
    environment: &[(&str, &OsStr)],
) -> String {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).envs(environment.iter().copied());
    let output = command.output().unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?} ended with {}\n{said}{complained}", output.status);
    said
}

/// The only file in a folder.
fn only_file(folder: &Path) -> PathBuf {
    let mut files = folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry").path());
    files.next().expect("a file")
}

#[test]
fn pytest_has_a_portal_for_two_hundred_tests() {
    let Some(clients) = clients() else { return };
    let python = clients.join("py/bin/python");
    let folder = TempDir::new().expect("a temporary folder");
    let (built, installed) = (folder.path().join("dist"), folder.path().join("installed"));
    let to = built.to_string_lossy().into_owned();
    run(&package("python"), &python, &["-m", "hatchling", "build", "-t", "wheel", "-d", &to], &[]);
    let wheel = only_file(&built).to_string_lossy().into_owned();
    run(folder.path(), &python, &["-m", "zipfile", "-e", &wheel, &installed.to_string_lossy()], &[]);

    let tests = package("python").join("tests").to_string_lossy().into_owned();
    let arguments = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", &tests, &tests];
    let program = program();
    let environment = [
        ("PYTHONPATH", installed.as_os_str()),
        ("PYTHONDONTWRITEBYTECODE", OsStr::new("1")),
        ("PORTREEVE_BIN", program.as_os_str()),
    ];
    let said = run(folder.path(), &python, &arguments, &environment);
    assert!(said.contains("207 passed"), "{said}");
}

#[test]
fn test_runners_of_node_have_a_portal() {
    if clients().is_none() {
        return;
    }
    let folder = TempDir::new().expect("a temporary folder");
    let to = folder.path().to_string_lossy().into_owned();
    run(&package("node"), "npm", &["pack", "--silent", "--pack-destination", &to], &[]);
    let archive = only_file(folder.path()).to_string_lossy().into_owned();
    let install = ["install", "--no-save", "--offline", "--no-audit", "--no-fund", &archive];
    run(folder.path(), "npm", &install, &[]);
    let test = folder.path().join("portal.test.mjs");
    std::fs::copy(package("node").join("test/portal.test.mjs"), &test).expect("the test is copied");
    let program = program();
    let said =
        run(folder.path(), "node", &["--test", "portal.test.mjs"], &[("PORTREEVE_BIN", program.as_os_str())]);
    assert!(said.contains("# fail 0") && !said.contains("# pass 0"), "{said}");
}
