//! A portal's folder and settings ([`Portal`]), and the process that serves it ([`Server`]).

use crate::{Hook, Operator};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;
use store::{Location, Migration, Options, Store};
use tempfile::TempDir;

/// What the administrator's password is in every portal made here.
pub const PASSWORD: &str = "correct horse battery staple";

/// The token of every operator's API here.
pub const OPERATOR_TOKEN: &str = "operators-of-tests-know-it";

/// A portal that does not run: a folder of its own, deleted with it, and the settings to serve it with.
pub struct Portal {
    folder: TempDir,
    program: PathBuf,
    database: Option<Arc<testkit::Bed>>,
    settings: Vec<String>,
    environment: Vec<(String, String)>,
    scheme: &'static str,
    has_password: bool,
}

impl Default for Portal {
    fn default() -> Portal {
        Portal::new()
    }
}

impl Portal {
    /// An empty portal that will serve plain http on a free port.
    pub fn new() -> Portal {
        Portal::of(program())
    }

    /// The same, of another build of the program.
    pub fn of(program: PathBuf) -> Portal {
        Portal::in_folder(program, TempDir::with_prefix("portreeve-").expect("a temporary folder"))
    }

    /// The same with its folder in another one, which may be on a disk of its own.
    pub fn inside(folder: &Path) -> Portal {
        let folder = TempDir::with_prefix_in("portreeve-", folder).expect("a temporary folder");
        Portal::in_folder(program(), folder)
    }

    fn in_folder(program: PathBuf, folder: TempDir) -> Portal {
        let (settings, environment) = (Vec::new(), Vec::new());
        Portal { folder, program, database: None, settings, environment, scheme: "http", has_password: true }
    }

    /// One on that PostgreSQL server.
    pub fn on_server(url: String) -> Portal {
        Portal { database: Some(Arc::new(testkit::postgres_on(url))), ..Portal::new() }
    }

    /// Adds a variable to the environment of its servers.
    pub fn with_variable(mut self, name: &str, value: &str) -> Portal {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// An empty portal in a database that a test has made itself.
    pub fn within(url: &str) -> Portal {
        Portal { database: Some(Arc::new(testkit::Bed::within(url.to_owned()))), ..Portal::new() }
    }

    /// Adds a setting of `serve`, for example `--limits bitrix24`.
    pub fn with(mut self, flag: &str, value: &str) -> Portal {
        self.settings.extend([flag.to_owned(), value.to_owned()]);
        self
    }

    /// Serves the operator's API as well: see [`Server::operator`].
    pub fn with_operator(self) -> Portal {
        self.with("--operator-listen", "127.0.0.1:0").with("--operator-token", OPERATOR_TOKEN)
    }

    /// Gives nobody a password: who starts it gets a link to choose one ([`Server::welcome`]).
    pub fn without_password(mut self) -> Portal {
        self.has_password = false;
        self
    }

    /// Fills it with the demo data.
    pub fn with_demo_data(self) -> Portal {
        let mut demo = self.command(&["demo"]);
        demo.args(["--listen", "127.0.0.1:0", "--tls", "off"]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut demo = demo.spawn().expect("the program starts");
        let mut line = String::new();
        BufReader::new(demo.stdout.take().expect("stdout is piped"))
            .read_line(&mut line)
            .expect("a line of UTF-8");
        assert!(line.contains(" is ready at "), "the demo did not become ready; it said {line:?}");
        demo.kill().and_then(|()| demo.wait()).expect("the demo ends");
        self
    }

    /// Serves https, with the development authority in `tls/ca.pem` unless a certificate is set.
    pub fn with_tls(mut self, mode: &str) -> Portal {
        self.scheme = "https";
        self.with("--tls", mode)
    }

    /// One portal on the embedded store and, where there is a server for it, one on PostgreSQL; each with its engine's name.
    pub fn on_each_engine() -> Vec<(&'static str, Portal)> {
        Portal::each_of(&program())
    }

    /// The same, of another build of the program.
    pub fn each_of(program: &Path) -> Vec<(&'static str, Portal)> {
        let portal = || Portal::of(program.to_owned());
        let other =
            testkit::postgres().map(|bed| (bed.engine, Portal { database: Some(Arc::new(bed)), ..portal() }));
        [Some(("sqlite", portal())), other].into_iter().flatten().collect()
    }

    /// Where its data is.
    pub fn location(&self) -> Location {
        let file = || Location::Sqlite(self.data().join("portreeve.db"));
        self.database.as_ref().map_or_else(file, |bed| bed.location.clone())
    }

    /// Runs a script of statements in its PostgreSQL database.
    pub fn load(&self, script: String) {
        self.database.as_ref().expect("a database on a server").load(script);
    }

    /// Changes the database by a statement, which must not be in use: what is broken has to be broken first.
    pub fn sql(&self, sql: &str) {
        let location = self.location();
        let names = |tx: &mut store::Tx<'_>| {
            tx.all("SELECT version, name FROM migration ORDER BY version", &[], |row| {
                Ok((row.int(0)?, row.text(1)?.to_owned()))
            })
        };
        let made = store::inspect::<_, store::Error>(&location, Duration::from_secs(10), names);
        // A store opens what has its own history only, and a test may leave a few names behind.
        let known: Vec<Migration> = made
            .expect("a database")
            .into_iter()
            .map(|(version, name)| Migration { version, name: name.leak(), sql: "" })
            .collect();
        let store = Store::open(&location, &Options::default(), &known).expect("the database opens");
        let sql = sql.to_owned();
        store.write(move |tx: &mut store::Tx<'_>| tx.execute(&sql, &[])).wait().expect("the statement runs");
        store.close();
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The authority's certificate, once a portal with `--tls dev` has started.
    pub fn authority(&self) -> PathBuf {
        self.data().join("tls/ca.pem")
    }

    /// Everything that its servers have logged.
    pub fn log(&self) -> String {
        fs::read(self.log_file()).map(|log| String::from_utf8_lossy(&log).into_owned()).unwrap_or_default()
    }

    /// A run of the program's other commands on this portal, for example `["hook", "list"]`.
    pub fn run(&self, command: &[&str]) -> Output {
        self.command(command).output().expect("the program starts")
    }

    /// The same, which must succeed: what it printed, trimmed.
    pub fn ask(&self, command: &[&str]) -> String {
        let output = self.run(command);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "portreeve {} failed: {said}", command.join(" "));
        String::from_utf8(output.stdout).expect("UTF-8 on standard output").trim().to_owned()
    }

    /// A new outbound webhook of the administrator's that listens to these events, wherever its handler is; its number.
    /// `further` flags may follow, for example `["--retries", "once"]`.
    pub fn outbound(&self, handler: &str, events: &str, further: &[&str]) -> i64 {
        let flags = [
            &["outbound", "create", "--json", "--owner", "1", "--name", "test"][..],
            &["--handler", handler, "--events", events, "--allow-handlers", "0.0.0.0/0,::/0"],
            further,
        ];
        let said = self.ask(&flags.concat());
        let made: Value = serde_json::from_str(&said).expect("JSON");
        made["id"].as_i64().unwrap_or_else(|| panic!("no number in {said}"))
    }

    /// Another node of the same portal: its own folder, the same key and database. Only on PostgreSQL.
    pub fn beside(&self) -> Portal {
        let database = self.database.clone();
        assert!(database.is_some(), "a file has one server");
        let node = Portal { program: self.program.clone(), database, ..Portal::new() };
        let key = |portal: &Portal| portal.data().join("portreeve.key");
        fs::create_dir_all(node.data())
            .and_then(|()| fs::copy(key(self), key(&node)))
            .expect("the key is copied");
        node
    }

    /// A command of the program on this portal's data, not yet started.
    pub fn command(&self, command: &[&str]) -> Command {
        let mut process = Command::new(&self.program);
        process.args(command).arg("--data").arg(self.data());
        if let Some(Location::Postgres(url)) = self.database.as_ref().map(|bed| &bed.location) {
            process.args(["--database", url]);
        }
        if self.has_password {
            process.env("PORTREEVE_ADMIN_PASSWORD", PASSWORD);
        }
        process.stdin(Stdio::null());
        process
    }

    /// Serves it, and returns once it is ready.
    pub fn start(self) -> Server {
        let mut command = self.command(&["serve"]);
        for (flag, value) in [("--listen", "127.0.0.1:0"), ("--tls", "off")] {
            if !self.settings.iter().any(|setting| setting == flag) {
                command.args([flag, value]);
            }
        }
        let log = File::options().create(true).append(true).open(self.log_file()).expect("a log file");
        command.args(&self.settings).envs(self.environment.iter().cloned());
        command.stdout(Stdio::piped()).stderr(log);
        let mut process = command.spawn().expect("the program starts");
        let mut stdout = BufReader::new(process.stdout.take().expect("stdout is piped"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a line of UTF-8");
        let Some((_, base)) = line.trim().split_once(" is ready at ") else {
            let _ = process.kill();
            let _ = process.wait();
            panic!("the server did not become ready; it said {line:?} and logged:\n{}", self.log());
        };
        Server { base: base.trim_end_matches('/').to_owned(), process, stdout, portal: Some(self) }
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }
}

/// A portal that runs; killed when dropped.
pub struct Server {
    process: Child,
    stdout: BufReader<ChildStdout>,
    base: String,
    portal: Option<Portal>,
}

impl Server {
    /// The base URL that it announced, without a slash at the end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The host and port that it listens on (not of much use behind another `--base-url`).
    pub fn address(&self) -> &str {
        self.base.split_once("://").expect("a URL").1
    }

    /// The portal that it serves.
    pub fn portal(&self) -> &Portal {
        self.portal.as_ref().expect("present until the server ends")
    }

    /// The link that it printed at its first start, to set it up with.
    pub fn welcome(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("a line of UTF-8");
        let link = line.strip_prefix("Set it up at ").and_then(|rest| rest.split_whitespace().next());
        link.unwrap_or_else(|| panic!("no link in {line:?}")).to_owned()
    }

    /// The operator's API of a portal [`with`](Portal::with_operator) it. It is asked for once.
    pub fn operator(&mut self) -> Operator {
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("a line of UTF-8");
        let url = line.trim().strip_prefix("The operator's API is at ");
        Operator::new(url.unwrap_or_else(|| panic!("no address in {line:?}")), OPERATOR_TOKEN)
    }

    /// The process, to look at its memory for example.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// A new webhook of the administrator's with these scopes.
    pub fn hook(&self, scope: &str) -> Hook {
        self.hook_of("1", scope)
    }

    /// A new webhook of that user's.
    pub fn hook_of(&self, owner: &str, scope: &str) -> Hook {
        let arguments = ["hook", "create", "--owner", owner, "--scope", scope, "--name", "test"];
        self.to_hook(&self.portal().ask(&arguments))
    }

    /// A webhook made on an earlier server of the same portal, whose port was another.
    pub fn same_hook(&self, hook: &Hook) -> Hook {
        self.to_hook(&hook.url().replace(hook.base(), self.base()))
    }

    /// A webhook by its URL.
    pub fn to_hook(&self, url: &str) -> Hook {
        Hook::new(url, &self.portal().authority_if_any())
    }

    /// Tells it to stop and does not wait.
    pub fn tell_to_stop(&self) {
        let pid = Pid::from_child(&self.process);
        kill_process(pid, Signal::TERM).expect("the server runs");
    }

    /// Waits until it has ended by itself.
    pub fn wait(mut self) -> (ExitStatus, Portal) {
        let status = self.process.wait().expect("a child can be waited for");
        (status, self.portal.take().expect("present until the server ends"))
    }

    /// Stops it as an operator does; it must end well.
    pub fn stop(self) -> Portal {
        self.tell_to_stop();
        let (status, portal) = self.wait();
        assert!(status.success(), "SIGTERM ended the server with {status}; it logged:\n{}", portal.log());
        portal
    }

    /// Kills it on the spot (SIGKILL).
    pub fn kill(mut self) -> Portal {
        self.process.kill().expect("the server runs");
        self.wait().1
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Portal {
    fn authority_if_any(&self) -> Option<PathBuf> {
        let file = self.authority();
        (self.scheme == "https" && file.is_file()).then_some(file)
    }
}

/// The program under test.
pub fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("PORTREEVE_BIN") {
        return named.into();
    }
    let own = std::env::current_exe().expect("we run from a file");
    let profile = own.ancestors().find(|folder| folder.ends_with("debug") || folder.ends_with("release"));
    let program = profile.map_or_else(PathBuf::new, |folder: &Path| folder.join("portreeve"));
    assert!(
        program.is_file(),
        "{} is not built yet; run `cargo xtask test`, or `cargo build -p portreeve` first",
        program.display()
    );
    program
}
