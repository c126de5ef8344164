//! A throw-away PostgreSQL cluster for the tests.
//!
//! The postmaster is a child of ours in the same process group: Ctrl-C reaches it as well (SIGINT is its "fast
//! shutdown"), and [`Cluster`]'s drop stops it on every other way out. What a killed run left behind is swept by the next.

use crate::{Outcome, paths, shell};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// What it does with what it is given.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Fast, in memory where there is room
    Forgetful,
    /// As in earnest
    Durable,
}

/// A running cluster; stopped and deleted when dropped.
pub(crate) struct Cluster {
    postmaster: Child,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    /// Makes a cluster and waits until it takes connections.
    pub(crate) fn start() -> Outcome<Cluster> {
        Cluster::of(Kind::Forgetful)
    }

    /// One on the disk that forgets nothing, for figures: as PostgreSQL is set up by itself but for 256 MB of shared buffers.
    pub(crate) fn durable() -> Outcome<Cluster> {
        Cluster::of(Kind::Durable)
    }

    fn of(kind: Kind) -> Outcome<Cluster> {
        let binaries = binaries().ok_or("no PostgreSQL server found (Debian's package: postgresql)")?;
        let account = Account::current()?;
        let home = account.home(kind)?;
        sweep(&home);
        let folder = home.join(std::process::id().to_string());
        account.own(&folder)?;
        initialise(&binaries, &account, &folder)?;
        let port = free_port()?;
        let mut postmaster = account
            .command(&binaries.join("postgres"))
            .arg("-D")
            .arg(&folder)
            .args(settings(kind, port).iter().flat_map(|setting| ["-c", setting]))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start postgres: {error}"))?;
        let ready = wait_until_ready(&mut postmaster, folder.with_extension("log"));
        let cluster = Cluster { postmaster, folder, port };
        ready.map(|()| cluster)
    }

    /// What goes into `PORTREEVE_TEST_POSTGRES`: the server, as a superuser who may create databases.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT is the "fast shutdown". A SIGKILL would leave its shared memory behind, so that is only the second choice.
        if !shell::works("kill", &["-INT", &self.postmaster.id().to_string()]) {
            let _ = self.postmaster.kill();
        }
        let _ = self.postmaster.wait();
        let _ = fs::remove_dir_all(&self.folder);
        let _ = fs::remove_file(self.folder.with_extension("log"));
    }
}

/// The folder with `initdb` and `postgres`, of the newest version installed.
pub(crate) fn binaries() -> Option<PathBuf> {
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = installed
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").is_file() && folder.join("postgres").is_file())
        .collect();
    versions.sort();
    versions.pop().map(|(_, folder)| folder).or_else(|| Some(paths::which("initdb")?.parent()?.to_owned()))
}

fn initialise(binaries: &Path, account: &Account, folder: &Path) -> Outcome {
    let arguments = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D"];
    shell::quiet(account.command(&binaries.join("initdb")).args(arguments).arg(folder)).map(drop)
}

/// A cluster lives for one run.
fn settings(kind: Kind, port: u16) -> Vec<String> {
    let fixed = match kind {
        Kind::Forgetful => {
            "listen_addresses=127.0.0.1 unix_socket_directories= fsync=off synchronous_commit=off \
             full_page_writes=off wal_level=minimal max_wal_senders=0 max_wal_size=1GB autovacuum=off \
             max_connections=300 shared_buffers=128MB lc_messages=C"
        }
        Kind::Durable => {
            "listen_addresses=127.0.0.1 unix_socket_directories= fsync=on synchronous_commit=on \
             full_page_writes=on max_connections=300 shared_buffers=256MB lc_messages=C"
        }
    };
    fixed
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .chain([format!("port={port}")])
        .collect()
}

/// Reads the log until it says so; a thread takes the rest of it into a file, or the pipe would fill up.
fn wait_until_ready(postmaster: &mut Child, log: PathBuf) -> Outcome {
    let mut lines = BufReader::new(postmaster.stderr.take().expect("stderr is piped")).lines();
    let mut said = String::new();
    for line in lines.by_ref().map_while(Result::ok) {
        if line.contains("ready to accept connections") {
            std::thread::spawn(move || {
                let mut file = fs::File::create(log).ok();
                for line in lines.map_while(Result::ok) {
                    let _ = file.as_mut().map(|file| writeln!(file, "{line}"));
                }
            });
            return Ok(());
        }
        said = said + &line + "\n";
    }
    Err(format!("postgres did not start:\n{said}"))
}

fn free_port() -> Outcome<u16> {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("no free port: {error}"))
}

/// Stops and deletes the clusters of runs that are no more.
fn sweep(home: &Path) {
    for folder in fs::read_dir(home).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let owner_lives = folder.file_stem().is_some_and(|pid| Path::new("/proc").join(pid).exists());
        if owner_lives {
            continue;
        }
        if let Ok(text) = fs::read_to_string(folder.join("postmaster.pid")) {
            let pid = text.lines().next().unwrap_or_default();
            shell::works("kill", &["-QUIT", pid]);
        }
        let _ = fs::remove_dir_all(&folder).or_else(|_| fs::remove_file(&folder));
    }
}

/// Linux's file system in memory.
const MEMORY: &str = "/dev/shm";
/// Room that a cluster must have, in MiB; it takes a few hundred.
const ROOM: u64 = 4096;

/// Whether a file system has room for a cluster.
fn has_room(folder: &str) -> bool {
    let free =
        shell::quiet(&mut shell::command("df", &["--output=avail", "-BM", folder])).unwrap_or_default();
    let free = free.lines().last().and_then(|line| line.trim().strip_suffix('M')?.parse::<u64>().ok());
    free.is_some_and(|free| free >= ROOM)
}

/// Who runs the server: we ourselves, or the user `postgres` where we are root, which PostgreSQL refuses to be.
struct Account {
    other: Option<(u32, u32)>,
}

impl Account {
    fn current() -> Outcome<Account> {
        let own =
            fs::metadata("/proc/self").map_err(|error| format!("cannot read /proc/self: {error}"))?.uid();
        if own != 0 {
            return Ok(Account { other: None });
        }
        let users =
            fs::read_to_string("/etc/passwd").map_err(|error| format!("cannot read /etc/passwd: {error}"))?;
        let row = users.lines().find(|line| line.starts_with("postgres:"));
        let mut numbers = row.into_iter().flat_map(|line| line.split(':')).skip(2).map(str::parse::<u32>);
        match (numbers.next(), numbers.next()) {
            (Some(Ok(user)), Some(Ok(group))) => Ok(Account { other: Some((user, group)) }),
            _ => Err("PostgreSQL refuses to run as root, and there is no user `postgres`".to_owned()),
        }
    }

    /// A folder in memory, where the hundreds of databases that tests make are copied several times as fast; `target/test-pg` where
    /// there is no room, or a folder in /tmp where another user could not get through to that.
    fn home(&self, kind: Kind) -> Outcome<PathBuf> {
        let in_memory = (kind == Kind::Forgetful && has_room(MEMORY))
            .then(|| Path::new(MEMORY).join("portreeve-test-pg"));
        if let Some(folder) = in_memory.filter(|folder| fs::create_dir_all(folder).is_ok()) {
            return Ok(folder);
        }
        let wanted = paths::target().join("test-pg");
        let open = |folder: &Path| fs::metadata(folder).is_ok_and(|found| found.mode() & 0o001 != 0);
        fs::create_dir_all(&wanted).map_err(|error| format!("cannot make {}: {error}", wanted.display()))?;
        if self.other.is_none() || wanted.ancestors().all(open) {
            return Ok(wanted);
        }
        let other = std::env::temp_dir().join("portreeve-test-pg");
        fs::create_dir_all(&other).map_err(|error| format!("cannot make {}: {error}", other.display()))?;
        Ok(other)
    }

    fn own(&self, folder: &Path) -> Outcome {
        let made = fs::create_dir(folder);
        let owned = match self.other {
            None => made,
            Some((user, group)) => {
                made.and_then(|()| std::os::unix::fs::chown(folder, Some(user), Some(group)))
            }
        };
        owned.map_err(|error| format!("cannot make {}: {error}", folder.display()))
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        // Its own working directory may be closed to that user.
        command.current_dir("/");
        if let Some((user, group)) = self.other {
            command.uid(user).gid(group);
        }
        command
    }
}
