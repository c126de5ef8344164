//! The PostgreSQL that is installed here, for tests that start and stop servers of their own.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Whether there is a server; if not, a note on stderr.
pub fn is_there() -> bool {
    let found = binaries().is_some();
    if !found {
        eprintln!("skipped: no PostgreSQL server is installed here (Debian's package: postgresql)");
    }
    found
}

/// A program of its newest version, run as a user who may run a server.
///
/// # Panics
/// When nothing is installed.
pub fn tool(name: &str) -> Command {
    let mut command = Command::new(binaries().expect("PostgreSQL is installed").join(name));
    command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null());
    if let Some((user, group)) = account() {
        command.uid(user).gid(group);
    }
    command
}

/// Gives a file or folder to that user.
///
/// # Panics
/// When root may not.
pub fn own(path: &Path) {
    if let Some((user, group)) = account() {
        chown(path, Some(user), Some(group)).expect("root may give files away");
    }
}

/// A port that nobody uses.
///
/// # Panics
/// When there is none.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// The folder with the programs of the newest version.
fn binaries() -> Option<PathBuf> {
    let installed = fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let mut versions: Vec<(u32, PathBuf)> = installed
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").is_file() && folder.join("pg_basebackup").is_file())
        .collect();
    versions.sort();
    versions.pop().map(|(_, folder)| folder)
}

/// Where we are root, which PostgreSQL refuses to be: the user `postgres`, or else `nobody`.
fn account() -> Option<(u32, u32)> {
    if fs::metadata("/proc/self").expect("a process").uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").expect("the list of users");
    let named = |name: &str| users.lines().find(|line| line.split(':').next() == Some(name));
    let row = named("postgres").or_else(|| named("nobody")).expect("a user that may run a server");
    let mut numbers = row.split(':').skip(2).map(|number| number.parse().expect("a number"));
    numbers.next().zip(numbers.next())
}
