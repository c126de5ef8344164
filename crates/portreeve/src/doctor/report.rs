//! What the checks found, and how it is told.

use serde_json::{Value, json};

use crate::cli::{clean, say};

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing is wrong
    Ok,
    /// Somebody should look at it
    Warn,
    /// Something does not work, or soon will not
    Fail,
}

impl State {
    /// A word for it.
    fn word(self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Warn => "warn",
            State::Fail => "fail",
        }
    }
}

/// A check that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked at.
    pub of: &'static str,
    /// How it ended.
    pub state: State,
    /// What was found.
    pub found: String,
    /// What to do about it.
    pub advice: Option<String>,
}

/// The checks that were made, in their order.
#[derive(Debug, Default)]
pub struct Report(Vec<Check>);

impl Report {
    /// Notes that something is in order.
    pub fn ok(&mut self, of: &'static str, found: impl Into<String>) {
        self.0.push(Check { of, state: State::Ok, found: found.into(), advice: None });
    }

    /// Notes what somebody should look at, and what to do.
    pub fn warn(&mut self, of: &'static str, found: impl Into<String>, advice: impl Into<String>) {
        self.0.push(Check { of, state: State::Warn, found: found.into(), advice: Some(advice.into()) });
    }

    /// Notes what does not work, and what to do.
    pub fn fail(&mut self, of: &'static str, found: impl Into<String>, advice: impl Into<String>) {
        self.0.push(Check { of, state: State::Fail, found: found.into(), advice: Some(advice.into()) });
    }

    /// Notes that all is well with something about which nothing else was noted.
    pub fn well(&mut self, of: &'static str, found: impl Into<String>) {
        if self.0.iter().all(|check| check.of != of) {
            self.ok(of, found);
        }
    }

    /// How many checks ended so.
    pub fn count(&self, state: State) -> usize {
        self.0.iter().filter(|check| check.state == state).count()
    }

    /// Prints it.
    pub fn tell(&self, as_json: bool) {
        if as_json {
            let checks: Vec<Value> = self.0.iter().map(json).collect();
            say(json!({"ok": self.count(State::Fail) == 0, "checks": checks}));
            return;
        }
        for check in &self.0 {
            let advice = check.advice.as_deref().map(|advice| format!(". To do: {advice}"));
            let line = format!("{}{}", check.found, advice.unwrap_or_default());
            say(format_args!("{:<5} {:<12} {}", check.state.word(), check.of, clean(&line)));
        }
    }
}

fn json(check: &Check) -> Value {
    json!({"check": check.of, "state": check.state.word(), "found": check.found, "advice": check.advice})
}
