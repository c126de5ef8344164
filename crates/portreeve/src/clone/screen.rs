//! What is seen of a copy while it is made.

use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

use crate::cli::note;

/// Between two looks at a terminal.
const LOOK: Duration = Duration::from_millis(200);

/// A line that changes on a terminal; elsewhere a line for each step.
pub struct Screen {
    is_terminal: bool,
    began: Instant,
    drawn: Option<Instant>,
    rows: u64,
    expected: u64,
    /// Rows that were there when we began.
    before: u64,
}

impl Screen {
    /// Of a copy that has so many rows already.
    pub fn new(before: u64) -> Self {
        let is_terminal = stderr().is_terminal();
        Screen { is_terminal, began: Instant::now(), drawn: None, rows: before, expected: before, before }
    }

    /// Further rows are expected.
    pub fn expects(&mut self, rows: u64) {
        self.expected += rows;
    }

    /// Rows of a step came.
    pub fn came(&mut self, step: &str, rows: u64) {
        self.rows += rows;
        if !self.is_terminal || self.drawn.is_some_and(|drawn| drawn.elapsed() < LOOK) {
            return;
        }
        self.drawn = Some(Instant::now());
        let of = self.expected.max(self.rows);
        self.line(&format!("{} of {of} records{}  {step}", self.rows, self.estimate()));
    }

    /// A step is over.
    pub fn over(&mut self, step: &str, rows: u64) {
        if !self.is_terminal && rows > 0 {
            note(format_args!("{rows:>9}  {step}"));
        }
    }

    /// The other portal lets us wait.
    pub fn waits(&mut self, why: &str, seconds: u64) {
        let text = format!("waiting {seconds} s: {why}");
        if self.is_terminal { self.line(&text) } else { note(text) }
    }

    /// Leaves the line for what follows.
    pub fn end(&mut self) {
        if self.is_terminal && self.drawn.take().is_some() {
            self.line("");
        }
    }

    fn estimate(&self) -> String {
        let done = self.rows.saturating_sub(self.before);
        let left = self.expected.saturating_sub(self.rows);
        if done == 0 || left == 0 {
            return String::new();
        }
        let seconds = self.began.elapsed().as_secs_f64() / done as f64 * left as f64;
        format!(", about {} left", span(seconds as u64))
    }

    fn line(&self, text: &str) {
        let _ = write!(stderr(), "\r\u{1b}[K{text}");
        let _ = stderr().flush();
    }
}

/// Seconds in the two units that matter.
pub fn span(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn spans_are_told_in_two_units() {
        assert_eq!([5, 65, 7260].map(super::span), ["5 s", "1 min 5 s", "2 h 1 min"]);
    }
}
