//! Running the scripts of `tests/clients` with the published clients.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Where the clients are installed; `None`, said aloud, where they are not (`cargo xtask test` installs them and insists).
pub fn clients() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("PORTREEVE_CLIENTS") {
        return Some(folder.into());
    }
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/clients");
    if usual.is_dir() {
        return Some(usual);
    }
    println!("skipped: no published clients are installed; `cargo xtask test` installs them");
    None
}

/// A script with its interpreter and environment.
pub struct Script {
    command: Command,
    name: String,
}

impl Script {
    /// A script of `tests/clients`, run by that interpreter.
    pub fn new(interpreter: impl AsRef<Path>, name: &str) -> Script {
        let mut command = Command::new(interpreter.as_ref());
        // What the machine sets for its own network must not reach a client that talks to us.
        for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
            command.env_remove(variable).env_remove(variable.to_lowercase());
        }
        for variable in
            ["SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"]
        {
            command.env_remove(variable);
        }
        Script { command, name: name.to_owned() }
    }

    /// An argument of the interpreter, before the script's name.
    pub fn argument(mut self, argument: &str) -> Script {
        self.command.arg(argument);
        self
    }

    /// An environment variable.
    pub fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Script {
        self.command.env(name, value);
        self
    }

    /// Runs it to its end: it must succeed, and say each of these lines. Returns all that it said.
    #[track_caller]
    pub fn says(mut self, lines: &[&str]) -> String {
        let output = self
            .command
            .arg(file(&self.name))
            .output()
            .unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let said = String::from_utf8_lossy(&output.stdout);
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{} ended with {}\n{said}{complained}", self.name, output.status);
        for line in lines {
            assert!(
                said.lines().any(|found| found == *line),
                "{} did not say {line:?}:\n{said}{complained}",
                self.name
            );
        }
        said.into_owned()
    }

    /// Runs it for as long as what is returned lives, which is as soon as it says `started` on standard error.
    #[track_caller]
    pub fn serve(mut self) -> Serving {
        let command = self.command.arg(file(&self.name)).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let mut asides = BufReader::new(process.stderr.take().expect("standard error is piped"));
        let (mut said, mut line) = (String::new(), 0);
        while !said[line..].contains("started") {
            line = said.len();
            let read = asides.read_line(&mut said).expect("it speaks UTF-8");
            assert!(read > 0, "{} ended:\n{said}", self.name);
        }
        // What it says further on is read, so that it never waits for a reader, and not looked at.
        std::thread::spawn(move || std::io::copy(&mut asides, &mut std::io::sink()));
        Serving { process }
    }
}

/// A script that serves; killed when dropped.
pub struct Serving {
    process: Child,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("clients").join(name)
}
