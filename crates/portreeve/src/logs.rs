//! Logs on standard error, through a filter that no secret passes.

use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::Range;
use std::panic::{self, PanicHookInfo};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use portal::modules;
use store::SPANS;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::settings::{LogFormat, LogLevel};
use crate::traces::Traces;

/// Starts logging for the whole process, panics among it, and what takes spans in where traces are wanted.
pub fn start(level: LogLevel, format: LogFormat, traces: Option<&Traces>) {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    // What cannot be written is not complained of: that would be written to the same place.
    let to = fmt::layer().log_internal_errors(false).with_writer(|| Redacting(io::stderr()));
    let to = match format {
        LogFormat::Human => to.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).boxed(),
        LogFormat::Json => to.json().flatten_event(true).boxed(),
    };
    // It tells of each request that it serves, with what is in it.
    let filter = Targets::new().with_default(level).with_target("rmcp", level.min(LevelFilter::WARN));
    let filter = filter.with_target(SPANS, LevelFilter::OFF);
    let registry = tracing_subscriber::registry();
    match traces {
        Some(traces) => registry.with(to.with_filter(filter)).with(traces.layer()).init(),
        // As a filter of everything, by which spans are off for good.
        None => registry.with(to).with(filter).init(),
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

/// Takes secrets out of what is written through it. A log event comes in one write. What cannot be written, since nobody
/// reads it any more or the disk is full, is lost, and how much that was is said when there is room again.
struct Redacting<W>(W);

/// Events that could not be written.
static LOST: AtomicU64 = AtomicU64::new(0);

impl<W: Write> Write for Redacting<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let clean = String::from_utf8_lossy(event);
        let lost = LOST.swap(0, Relaxed);
        let told = match lost {
            0 => Ok(()),
            lost => writeln!(self.0, "portreeve: {lost} lines of the log could not be written"),
        };
        if told.and_then(|()| self.0.write_all(redact(&clean).as_bytes())).is_err() {
            LOST.fetch_add(lost + 1, Relaxed);
        }
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = self.0.flush();
        Ok(())
    }
}

/// Lines of one kind that strangers can cause, and so must not fill the disk: of those in a minute the first are logged,
/// and of the others how many there were.
pub struct Tally {
    most: u32,
    count: AtomicU32,
}

/// What a tally looks back on.
const MINUTE: Duration = Duration::from_secs(60);

impl Tally {
    /// Of so many lines a minute.
    pub const fn new(most: u32) -> Self {
        Tally { most, count: AtomicU32::new(0) }
    }

    /// Whether one more is to be logged. `others` is called at the end of the minute when there were more.
    pub fn admits(&'static self, others: fn(u32)) -> bool {
        let before = self.count.fetch_add(1, Relaxed);
        if before == 0 {
            tokio::spawn(async move {
                tokio::time::sleep(MINUTE).await;
                let count = self.count.swap(0, Relaxed);
                if count > self.most {
                    others(count - self.most);
                }
            });
        }
        before < self.most
    }
}

/// The placeholder of a secret.
pub const MASK: &str = "******";

/// Puts asterisks in the place of what may be a secret behind `/rest/` or `/mcp/`, wherever it stands in a text, and of the signed
/// token of a link to a file or a page.
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
fn next_secret(text: &str) -> Option<Range<usize>> {
    let behind = |area: &str| text.match_indices(area).find_map(|(at, _)| in_path(text, at + area.len()));
    let webhooks = ["/rest/", "/mcp/"].into_iter().filter_map(behind);
    let token = text.find("token=").map(|at| word(text, at + "token=".len()));
    webhooks.chain(token).filter(|secret| !secret.is_empty()).min_by_key(|secret| secret.start)
}

/// What may be a secret in a path whose user segment starts at or after `at`: the segment after the user's, and where
/// the user was forgotten, whatever is no method.
fn in_path(text: &str, at: usize) -> Option<Range<usize>> {
    let mut user = word(text, slashes(text, at));
    if &text[user.clone()] == "api" {
        user = word(text, slashes(text, user.end));
    }
    let mut secret = word(text, slashes(text, user.end));
    let is_behind = secret.start > user.end && !secret.is_empty();
    if !is_user(&text[user.clone()]) {
        if is_known(&text[user.clone()]) {
            return None;
        }
        let too = is_behind && !is_known(&text[secret.clone()]);
        secret = user.start..if too { secret.end } else { user.end };
    } else if !is_behind {
        return None;
    }
    (!secret.is_empty() && &text[secret.clone()] != MASK).then_some(secret)
}

/// Whether a segment is a user's number, and no secret of digits alone.
fn is_user(segment: &str) -> bool {
    (1..=10).contains(&segment.len()) && segment.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a segment says nothing but what is called.
fn is_known(segment: &str) -> bool {
    segment == "download" || segment == "page" || segment == MASK || !method(segment).is_empty()
}

/// What a method that was called is named in the log; nothing where there is none of that name, which might be a secret
/// in the wrong place.
pub fn method(called: &str) -> &'static str {
    let bare = called
        .rsplit_once('.')
        .filter(|(_, format)| format.eq_ignore_ascii_case("json") || format.eq_ignore_ascii_case("xml"));
    modules().find_in_any(bare.map_or(called, |(bare, _)| bare)).map_or("", |method| &method.name)
}

/// The end of the slashes at `at`.
fn slashes(text: &str, at: usize) -> usize {
    at + text[at..].len() - text[at..].trim_start_matches('/').len()
}

/// The part of a URL at `at`, up to what may follow a part in a URL or a URL in a text.
fn word(text: &str, at: usize) -> Range<usize> {
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
            ("POST /mcp/1/83te1pjdphsa9u15?readonly 200", "POST /mcp/1/******?readonly 200"),
            ("/mcp/2/abc and /rest/1/83te1pjdphsa9u15/", "/mcp/2/****** and /rest/1/******/"),
            ("/rest/download/?token=disk|aWQ9Nw|5f1c end", "/rest/download/?token=****** end"),
            ("/rest/page/?token=folder|aWQ9Nw|5f1c end", "/rest/page/?token=****** end"),
            ("/rest/1/ünïcode/é", "/rest/1/******/é"),
            (
                "the user was forgotten: /rest/83te1pjdphsa9u15/profile",
                "the user was forgotten: /rest/******/profile",
            ),
            ("/rest/83te1pjdphsa9u15", "/rest/******"),
            ("/rest/83te1pjdphsa9u15.json?x", "/rest/******?x"),
            ("/rest/8311111111111115/crm.lead.add.json", "/rest/******/crm.lead.add.json"),
            ("/rest/somebody/83te1pjdphsa9u15/profile", "/rest/******/profile"),
        ] {
            assert_eq!(redact(text), clean);
            assert_eq!(redact(clean), clean, "what is clean stays as it is");
        }
        for text in [
            "",
            "/rest/",
            "/rest/crm.lead.add",
            "/rest/Profile.xml",
            "no URL at all",
            "/rest/1/",
            "/rest/download/",
        ] {
            assert!(matches!(redact(text), Cow::Borrowed(same) if same == text));
        }
    }

    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::StorageFull.into())
        }
    }

    #[test]
    fn what_cannot_be_written_is_no_error() {
        let mut out = Redacting(Full);
        out.write_all(b"one\n").and_then(|()| out.flush()).unwrap();
    }

    #[test]
    fn a_written_event_is_clean() {
        let mut out = Redacting(Vec::new());
        out.write_all(b"told /rest/1/83te1pjdphsa9u15/ of it\n").unwrap();
        assert!(out.0.ends_with(b"told /rest/1/******/ of it\n"));
    }
}
