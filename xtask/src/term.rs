//! What a person sees: steps with their time, and colours where a terminal shows them.
#![allow(clippy::print_stderr, reason = "this module is where xtask prints")]

use crate::Outcome;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

const BOLD: &str = "1";
const RED: &str = "31";
const GREEN: &str = "32";

/// Prints a text to standard output. Whoever reads it may have read enough, as `head` does.
pub(crate) fn print(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Passes on a line of another program's report.
pub(crate) fn raw(line: &str) {
    eprintln!("{line}");
}

/// Prints a remark between the steps.
pub(crate) fn note(text: &str) {
    eprintln!("    {text}");
}

/// Prints what went wrong.
pub(crate) fn error(text: &str) {
    eprintln!("{} {text}", paint(RED, "error:"));
}

/// Runs one step under a heading and says how long it took.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    eprintln!("{} {}", paint(GREEN, "==>"), paint(BOLD, name));
    let start = Instant::now();
    let outcome = work();
    let seconds = seconds(start.elapsed());
    match &outcome {
        Ok(_) => note(&format!("{} in {seconds}", paint(GREEN, "ok"))),
        Err(text) => note(&format!("{} after {seconds}: {text}", paint(RED, "failed"))),
    }
    outcome
}

/// Steps that go on when one of them fails, so that one run tells everything.
#[derive(Default)]
pub(crate) struct Steps {
    failed: Vec<String>,
}

impl Steps {
    /// Runs a step and remembers its failure. `None` when it failed.
    pub(crate) fn run<T>(&mut self, name: &str, work: impl FnOnce() -> Outcome<T>) -> Option<T> {
        let outcome = step(name, work);
        if outcome.is_err() {
            self.failed.push(name.to_owned());
        }
        outcome.ok()
    }

    /// An error that names the steps that failed, if any did.
    pub(crate) fn finish(self) -> Outcome {
        if self.failed.is_empty() {
            return Ok(());
        }
        Err(format!("failed: {}", self.failed.join(", ")))
    }
}

fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        whole => format!("{} min {:02} s", whole / 60, whole % 60),
    }
}

/// Whether colours reach a person who wants them.
pub(crate) fn shows_colours() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

fn paint(colour: &str, text: &str) -> String {
    if shows_colours() {
        return format!("\x1b[{colour}m{text}\x1b[0m");
    }
    text.to_owned()
}
