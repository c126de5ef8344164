//! A PostgreSQL server of a test's own, which may be stopped and killed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use testkit::installed;

/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// How the server ends.
#[derive(Clone, Copy, Debug)]
pub enum Stop {
    /// It ends all connections, and ends well.
    Fast,
    /// It ends at once and recovers when it starts.
    Immediate,
    /// The postmaster is killed.
    Killed,
}

/// A server; killed when dropped.
pub struct Postgres {
    folder: PathBuf,
    port: u16,
    postmaster: Option<Child>,
    _keep: TempDir,
}

impl Postgres {
    /// Makes a server below a folder; none, and a note, where PostgreSQL is not installed.
    pub fn start(parent: &Path, further: &[&str]) -> Option<Postgres> {
        if !installed::is_there() {
            return None;
        }
        let keep = TempDir::with_prefix_in("portreeve-postgres-", parent).expect("a temporary folder");
        installed::own(keep.path());
        let (folder, port) = (keep.path().join("data"), installed::free_port());
        let mut server = Postgres { folder, port, postmaster: None, _keep: keep };
        let flags = [
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--wal-segsize=1",
            "-N",
            "-D",
        ];
        let made = installed::tool("initdb").args(flags).arg(&server.folder).output().expect("initdb starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let fixed = [
            "listen_addresses='127.0.0.1'",
            "unix_socket_directories=''",
            "max_connections=100",
            "max_wal_size=32MB",
            "min_wal_size=4MB",
        ];
        let lines: Vec<String> =
            fixed.iter().chain(further).map(ToString::to_string).chain([format!("port={port}\n")]).collect();
        let file = server.folder.join("postgresql.conf");
        let given = fs::read_to_string(&file).expect("initdb wrote it");
        fs::write(&file, given + "\n" + &lines.join("\n")).expect("we may");
        server.start_again();
        Some(server)
    }

    /// `postgres://postgres@127.0.0.1:5432/postgres`
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Ends it, and waits for that.
    pub fn stop(&mut self, how: Stop) {
        let Some(mut postmaster) = self.postmaster.take() else { return };
        let signal = match how {
            Stop::Fast => Signal::INT,
            Stop::Immediate => Signal::QUIT,
            Stop::Killed => Signal::KILL,
        };
        // It may have ended by itself.
        let _ = kill_process(Pid::from_child(&postmaster), signal);
        let _ = postmaster.wait();
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.postmaster.as_mut().is_none_or(|process| process.try_wait().is_ok_and(|ended| ended.is_some()))
    }

    /// Starts it, as a supervisor does, until it takes connections: processes that a killed postmaster left behind hold
    /// its memory for a moment.
    pub fn start_again(&mut self) {
        let begun = Instant::now();
        loop {
            if self.has_ended() {
                let log = fs::File::options().append(true).create(true).open(self.log()).expect("a log");
                let started = installed::tool("postgres")
                    .arg("-D")
                    .arg(&self.folder)
                    .stdout(Stdio::null())
                    .stderr(log)
                    .spawn();
                self.postmaster = Some(started.expect("postgres starts"));
            }
            let port = self.port.to_string();
            let ready = installed::tool("pg_isready").args(["-q", "-h", "127.0.0.1", "-p", &port]).status();
            if ready.is_ok_and(|status| status.success()) {
                return;
            }
            let log = || fs::read_to_string(self.log()).unwrap_or_default();
            assert!(begun.elapsed() < PATIENCE, "PostgreSQL does not start:\n{}", log());
            crate::pass(Duration::from_millis(100));
        }
    }

    /// Kills one of the processes that serve a connection: the server then ends all others and recovers.
    pub fn kill_a_backend(&self) {
        let postmaster = self.postmaster.as_ref().expect("it runs").id();
        let serves = |pid: &i32| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            let parent = stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1)?.parse().ok());
            let line = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            parent == Some(postmaster) && line.contains("127.0.0.1(")
        };
        let all = fs::read_dir("/proc").expect("/proc").flatten();
        let mut pids = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        let pid = pids.find(serves).and_then(Pid::from_raw).expect("somebody is connected");
        kill_process(pid, Signal::KILL).expect("it runs");
    }

    fn log(&self) -> PathBuf {
        std::env::temp_dir().join(format!("portreeve-postgres-{}.log", self.port))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop(Stop::Immediate);
        let _ = fs::remove_file(self.log());
    }
}
