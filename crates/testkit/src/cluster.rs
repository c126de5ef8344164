//! PostgreSQL servers of a test's own: with TLS, with a replica, to be killed.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use tempfile::TempDir;

use crate::installed::{self, free_port, own, tool};

/// Quick, and enough: what is killed here is the server, not the machine.
const SETTINGS: [&str; 9] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "wal_level=replica",
    "max_wal_senders=4",
    "hot_standby=on",
    "max_connections=100",
    "shared_buffers=64MB",
    "lc_messages=C",
];

/// A server with a folder of its own; both are gone when this is dropped.
pub struct Cluster {
    folder: TempDir,
    port: u16,
    server: Child,
}

impl Cluster {
    /// A new server with these settings (`ssl=on`), once it takes connections. `files` are put into its folder first, for its eyes
    /// only. None, and a note on stderr, where PostgreSQL is not installed.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(settings: &[&str], files: &[(&str, &str)]) -> Option<Cluster> {
        if !installed::is_there() {
            return None;
        }
        let folder = owned();
        run(tool("initdb")
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D"])
            .arg(folder.path()));
        for (name, contents) in files {
            give(&folder.path().join(name), contents);
        }
        Some(Cluster::serve(folder, free_port(), settings))
    }

    /// An empty folder that a server may use.
    ///
    /// # Panics
    /// When there is no room for it.
    pub fn folder_for_it() -> TempDir {
        owned()
    }

    /// A copy of this one at its present state, which follows it, on a port of its own or on that one.
    ///
    /// # Panics
    /// When the copy cannot be made.
    pub fn replica(&self, port: Option<u16>, settings: &[&str]) -> Cluster {
        let folder = self.copy(&["-R"]);
        Cluster::serve(folder, port.unwrap_or_else(free_port), settings)
    }

    /// A base backup of this one, made while it works.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn copy(&self, further: &[&str]) -> TempDir {
        let folder = owned();
        let from =
            ["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", "postgres", "-X", "stream", "-c", "fast"];
        run(tool("pg_basebackup").args(from).args(further).arg("-D").arg(folder.path()));
        folder
    }

    /// Serves a folder that [`copy`](Cluster::copy) made.
    ///
    /// # Panics
    /// When the server does not start.
    pub fn serve(folder: TempDir, port: u16, settings: &[&str]) -> Cluster {
        let settings = SETTINGS.iter().chain(settings).flat_map(|setting| ["-c", setting]);
        let mut command = tool("postgres");
        command.arg("-D").arg(folder.path()).arg("-p").arg(port.to_string()).args(settings);
        let server =
            command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().expect("a PostgreSQL server");
        // It is stopped and waited for when this is dropped.
        let mut cluster = Cluster { folder, port, server };
        let mut lines = BufReader::new(cluster.server.stderr.take().expect("stderr is piped")).lines();
        let mut said = Vec::new();
        for line in lines.by_ref().map_while(Result::ok) {
            said.push(line);
            if said.last().is_some_and(|line| line.contains("ready to accept")) {
                // Somebody must read the rest, or the server would wait.
                thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
                return cluster;
            }
        }
        panic!("PostgreSQL did not start:\n{}", said.join("\n"));
    }

    /// Its port on this machine.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A database of it, as a superuser sees it.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Makes a replica the primary.
    ///
    /// # Panics
    /// When it does not become that.
    pub fn promote(&self) {
        run(tool("pg_ctl").args(["promote", "-w", "-D"]).arg(self.folder.path()));
    }

    /// Has it read its settings again, after these were added.
    ///
    /// # Panics
    /// When it does not.
    pub fn set(&self, setting: &str) {
        let file = self.folder.path().join("postgresql.auto.conf");
        let before = fs::read_to_string(&file).unwrap_or_default();
        give(&file, &format!("{before}{setting}\n"));
        run(tool("pg_ctl").args(["reload", "-D"]).arg(self.folder.path()));
    }

    /// Ends it and all that it started on the spot, as if its machine had lost power.
    ///
    /// # Panics
    /// When it ran no more.
    pub fn kill(mut self) -> TempDir {
        let server = self.server.id().to_string();
        let children = fs::read_to_string(format!("/proc/{server}/task/{server}/children"));
        let children = children.unwrap_or_default();
        // The server first, so that it makes no new ones.
        run(Command::new("kill").arg("-9").arg(&server));
        // They may have seen that it is gone.
        let _ =
            Command::new("kill").arg("-9").args(children.split_whitespace()).stderr(Stdio::null()).status();
        let _ = self.server.wait();
        // Until they are gone, they hold the server's memory, and none can start in its place.
        while children.split_whitespace().any(is_alive) {
            thread::yield_now();
        }
        std::mem::replace(&mut self.folder, tempfile::tempdir().expect("a folder"))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ =
            Command::new("kill").args(["-INT", &self.server.id().to_string()]).stderr(Stdio::null()).status();
        let _ = self.server.wait();
    }
}

fn run(command: &mut Command) {
    let output = command.output().expect("the program starts");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// An empty folder that the server may use.
fn owned() -> TempDir {
    let folder = TempDir::with_prefix("portreeve-pg-").expect("a temporary folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).expect("its permissions");
    own(folder.path());
    folder
}

fn give(file: &Path, contents: &str) {
    fs::write(file, contents).expect("a file of the server");
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).expect("its permissions");
    own(file);
}

/// Whether a process is there and not only waits for its parent to notice its end.
fn is_alive(process: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, state)| !state.starts_with(['Z', 'X']))
}
