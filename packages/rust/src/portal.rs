//! A portal that runs.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::assert::has;
use crate::events::Events;
use crate::operator::Operator;
use crate::{Error, Result};

/// A portal of one's own in a folder of its own; both are gone when it is dropped.
pub struct Portal {
    process: Child,
    url: String,
    webhook: String,
    operator: Operator,
    events: Events,
    _folder: TempDir,
}

/// How to start a portal.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    binary: Option<PathBuf>,
    fixtures: Vec<PathBuf>,
    args: Vec<String>,
}

impl Builder {
    /// The program to start, instead of `PORTREEVE_BIN` or `portreeve` on the `PATH`.
    pub fn binary(mut self, path: impl Into<PathBuf>) -> Self {
        self.binary = Some(path.into());
        self
    }

    /// A file of fixtures to load.
    pub fn fixtures(mut self, path: impl Into<PathBuf>) -> Self {
        self.fixtures.push(path.into());
        self
    }

    /// A further argument of `portreeve serve`.
    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Starts it.
    ///
    /// # Errors
    /// [`Error::Start`] with what the program said.
    pub fn start(self) -> Result<Portal> {
        let (folder, events) = (tempfile::Builder::new().prefix("portreeve-").tempdir()?, Events::start()?);
        let (secret, token) = (random(8)?, random(16)?);
        let own = folder.path().join("tests.json");
        let contents = json!({
            "webhooks": [{"name": "tests", "scopes": "all", "secret": secret}],
            "handlers": [{"name": "tests", "url": events.url(), "events": "all", "application_token": random(16)?}],
        });
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&own)?;
        file.write_all(contents.to_string().as_bytes())?;

        let log = folder.path().join("log");
        let mut process = self.command(folder.path(), &own, &token)?.stderr(File::create(&log)?).spawn()?;
        // It stays open: the program may say more.
        let urls = process.stdout.as_mut().and_then(urls);
        let Some([url, operator]) = urls else {
            process.kill()?;
            process.wait()?;
            return Err(Error::Start(fs::read_to_string(log)?));
        };
        Ok(Portal {
            process,
            webhook: format!("{url}/rest/1/{secret}/"),
            url,
            operator: Operator::new(operator, token),
            events,
            _folder: folder,
        })
    }

    fn command(&self, folder: &Path, own: &Path, token: &str) -> Result<Command> {
        let named = || std::env::var_os("PORTREEVE_BIN").map(PathBuf::from);
        let program = self.binary.clone().or_else(named).unwrap_or_else(|| "portreeve".into());
        let mut command = Command::new(program);
        command.args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--operator-listen",
            "127.0.0.1:0",
            "--log",
            "warn",
        ]);
        command.args(["--allow-handlers", "127.0.0.1", "--data"]).arg(folder.join("data"));
        for path in std::iter::once(own).chain(self.fixtures.iter().map(PathBuf::as_path)) {
            command.arg("--fixtures").arg(path);
        }
        command.args(&self.args).env("PORTREEVE_OPERATOR_TOKEN", token);
        if std::env::var_os("PORTREEVE_ADMIN_PASSWORD").is_none() {
            command.env("PORTREEVE_ADMIN_PASSWORD", random(16)?);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        Ok(command)
    }
}

impl Portal {
    /// Starts an empty portal: `PORTREEVE_BIN`, or `portreeve` on the `PATH`.
    ///
    /// # Errors
    /// As [`Builder::start`].
    pub fn start() -> Result<Portal> {
        Builder::default().start()
    }

    /// Starts one otherwise.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Where it listens, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// An inbound webhook of the administrator with all scopes, with a slash at the end.
    pub fn webhook(&self) -> &str {
        &self.webhook
    }

    /// The operator's API, for what has no method here.
    pub fn operator(&self) -> &Operator {
        &self.operator
    }

    /// Catches the events of the portal.
    pub fn events(&self) -> &Events {
        &self.events
    }

    /// Calls a method and returns its result. Tests of a client use the client instead.
    ///
    /// # Errors
    /// [`Error::Refused`] with the protocol's error.
    pub fn call(&self, method: &str, params: &Value) -> Result<Value> {
        Ok(self.operator.call(&format!("{}{method}", self.webhook), params)?["result"].take())
    }

    /// Returns calls since the last reset, oldest first, of methods with this in their names; of the newest 500.
    ///
    /// # Errors
    /// Those of the request.
    pub fn calls(&self, method: &str) -> Result<Vec<Value>> {
        let mut page = self.operator.ask("GET", &format!("/calls?limit=500&method={method}"), None)?;
        let Value::Array(mut calls) = page["calls"].take() else { return Ok(Vec::new()) };
        calls.reverse();
        Ok(calls)
    }

    /// Returns the calls of a method that had these parameters, and perhaps more.
    ///
    /// # Errors
    /// [`Error::Assertion`] if there was none.
    pub fn assert_called(&self, method: &str, params: &Value) -> Result<Vec<Value>> {
        let calls = self.calls(method)?;
        let is_meant = |call: &&Value| {
            call["method"].as_str().is_some_and(|name| name.eq_ignore_ascii_case(method))
                && has(&call["params"], params)
        };
        let found: Vec<Value> = calls.iter().filter(is_meant).cloned().collect();
        if found.is_empty() {
            let seen: Value = calls.iter().map(|call| call["params"].clone()).collect();
            return Err(Error::Assertion(format!("{method} was not called with {params}; calls: {seen}")));
        }
        Ok(found)
    }

    /// Waits until no event is on its way any more.
    ///
    /// # Errors
    /// [`Error::Assertion`] after five seconds.
    pub fn settle(&self) -> Result<()> {
        let settled = self.operator.ask("POST", "/deliveries/settle", Some(&json!({})))?;
        if settled["settled"] == true {
            return Ok(());
        }
        Err(Error::Assertion(format!("{} deliveries were still on their way", settled["at_work"])))
    }

    /// Moves the clock: `2h`, `-3d`, `90s`. Deadlines, retries and jobs follow.
    ///
    /// # Errors
    /// Those of the request.
    pub fn move_clock(&self, by: &str) -> Result<Value> {
        self.operator.ask("PUT", "/clock", Some(&json!({"by": by})))
    }

    /// Stops the clock, where it is or at a moment.
    ///
    /// # Errors
    /// Those of the request.
    pub fn freeze_clock(&self, at: Option<&str>) -> Result<Value> {
        let turn = at.map_or_else(|| json!({"frozen": true}), |at| json!({"frozen": true, "to": at}));
        self.operator.ask("PUT", "/clock", Some(&turn))
    }

    /// Adds a fault rule: `{"method": "crm.*", "times": 1, "effect": {"kind": "error", "code": "QUERY_LIMIT_EXCEEDED"}}`.
    ///
    /// # Errors
    /// Those of the request.
    pub fn add_fault(&self, rule: &Value) -> Result<Value> {
        self.operator.ask("POST", "/faults", Some(rule))
    }

    /// Removes all fault rules.
    ///
    /// # Errors
    /// Those of the request.
    pub fn clear_faults(&self) -> Result<()> {
        self.operator.ask("DELETE", "/faults", None).map(drop)
    }

    /// Loads fixtures: departments, users and records.
    ///
    /// # Errors
    /// Those of the request.
    pub fn load(&self, fixtures: &Value) -> Result<Value> {
        self.operator.ask("POST", "/fixtures", Some(fixtures))
    }

    /// Brings back the portal as it was at its start; caught events are forgotten.
    ///
    /// # Errors
    /// Those of the request.
    pub fn reset(&self) -> Result<()> {
        self.reset_to(&json!({"to": "start"}))
    }

    /// Saves a snapshot.
    ///
    /// # Errors
    /// Those of the request.
    pub fn save(&self, name: &str) -> Result<()> {
        self.operator.ask("PUT", &format!("/snapshots/{name}"), None).map(drop)
    }

    /// Brings back a snapshot; caught events are forgotten.
    ///
    /// # Errors
    /// Those of the request.
    pub fn restore(&self, name: &str) -> Result<()> {
        self.reset_to(&json!({"snapshot": name}))
    }

    fn reset_to(&self, what: &Value) -> Result<()> {
        self.operator.ask("POST", "/reset", Some(what))?;
        self.events.clear();
        Ok(())
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        // The folder goes as well, so nothing is lost; that it ended already is no news either.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The first two lines end with URLs: of the portal, and of the operator's API.
fn urls(stdout: &mut ChildStdout) -> Option<[String; 2]> {
    let mut said = BufReader::new(stdout);
    let mut url = || {
        let mut line = String::new();
        said.read_line(&mut line).ok()?;
        let last = line.split_whitespace().last().filter(|word| word.starts_with("http"))?;
        Some(last.trim_end_matches('/').to_owned())
    };
    Some([url()?, url()?])
}

/// So many random bytes in hexadecimal digits.
fn random(bytes: usize) -> Result<String> {
    let mut buffer = vec![0; bytes];
    getrandom::fill(&mut buffer).map_err(std::io::Error::other)?;
    Ok(buffer.iter().map(|byte| format!("{byte:02x}")).collect())
}
