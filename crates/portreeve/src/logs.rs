//! Logs on standard error, through a filter that no secret passes.

use std::borrow::Cow;
use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};

use tracing::level_filters::LevelFilter;

use crate::settings::{LogFormat, LogLevel};

/// Starts logging for the whole process, panics among it.
pub fn start(level: LogLevel, format: LogFormat) {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    let to = tracing_subscriber::fmt().with_max_level(level).with_writer(|| Redacting(io::stderr()));
    match format {
        LogFormat::Human => to.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).init(),
        LogFormat::Json => to.json().flatten_event(true).init(),
    }
    panic::set_hook(Box::new(log_panic));
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(
        place,
        message = panic.payload_as_str().unwrap_or("no words"),
        "panicked, which is a bug"
    );
}

/// Takes secrets out of what is written through it. A log event comes in one write.
struct Redacting<W>(W);

impl<W: Write> Write for Redacting<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        self.0.write_all(redact(&String::from_utf8_lossy(event)).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// What stands in a secret's place.
pub const MASK: &str = "******";

/// Puts asterisks in the place of what follows `/rest/{user}/`, wherever it stands in a text, and of the
/// signed token of a link to a file.
pub fn redact(text: &str) -> Cow<'_, str> {
    let mut clean = String::new();
    let mut rest = text;
    while let Some(secret) = next_secret(rest) {
        clean.extend([&rest[..secret.start], MASK]);
        rest = &rest[secret.end..];
    }
    if clean.is_empty() {
        return Cow::Borrowed(text);
    }
    clean.push_str(rest);
    Cow::Owned(clean)
}

/// Where the first secret of a text is.
fn next_secret(text: &str) -> Option<std::ops::Range<usize>> {
    let webhook = text.match_indices("/rest/").find_map(|(at, _)| after_user(text, at + "/rest/".len()));
    let token = text.find("token=").map(|at| word(text, at + "token=".len()));
    webhook.into_iter().chain(token).filter(|secret| !secret.is_empty()).min_by_key(|secret| secret.start)
}

/// The segment after the user's, for a path whose user segment starts at or after `at`.
fn after_user(text: &str, at: usize) -> Option<std::ops::Range<usize>> {
    let mut user = word(text, slashes(text, at));
    if &text[user.clone()] == "api" {
        user = word(text, slashes(text, user.end));
    }
    let secret = word(text, slashes(text, user.end));
    let told = &text[secret.clone()] != MASK;
    (secret.start > user.end && !secret.is_empty() && told).then_some(secret)
}

/// The end of the slashes at `at`.
fn slashes(text: &str, at: usize) -> usize {
    at + text[at..].len() - text[at..].trim_start_matches('/').len()
}

/// The part of a URL at `at`, up to what may follow a part in a URL or a URL in a text.
fn word(text: &str, at: usize) -> std::ops::Range<usize> {
    let ends = |c: char| c.is_whitespace() || c.is_control() || "/?#&\"'<>`,;)]}".contains(c);
    at..at + text[at..].find(ends).unwrap_or(text.len() - at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_webhooks_never_pass() {
        for (text, clean) in [
            ("GET /rest/1/83te1pjdphsa9u15/profile 200", "GET /rest/1/******/profile 200"),
            ("https://h/rest/12/83te1pjdphsa9u15", "https://h/rest/12/******"),
            (
                "\"/rest/1//83te1pjdphsa9u15//crm.lead.add.json?id=1\"",
                "\"/rest/1//******//crm.lead.add.json?id=1\"",
            ),
            ("/rest//1/83te1pjdphsa9u15/ and /rest/2/abc/x", "/rest//1/******/ and /rest/2/******/x"),
            ("/rest/api/1/83te1pjdphsa9u15/tasks", "/rest/api/1/******/tasks"),
            ("/rest/download/?token=disk|aWQ9Nw|5f1c end", "/rest/download/?token=****** end"),
            ("/rest/1/ünïcode/é", "/rest/1/******/é"),
        ] {
            assert_eq!(redact(text), clean);
            assert_eq!(redact(clean), clean, "what is clean stays as it is");
        }
        for text in ["", "/rest/", "/rest/crm.lead.add", "no URL at all", "/rest/1/"] {
            assert!(matches!(redact(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn a_written_event_is_clean() {
        let mut out = Redacting(Vec::new());
        out.write_all(b"told /rest/1/83te1pjdphsa9u15/ of it\n").unwrap();
        assert_eq!(out.0, b"told /rest/1/******/ of it\n");
    }
}
