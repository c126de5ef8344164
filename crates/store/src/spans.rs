//! Spans of jobs, for whoever exports traces.

use std::time::{Duration, Instant};

use tracing::Span;
use tracing::field::Empty;

use crate::{Dialect, Tx};

/// The target of every span of a trace, by which logs leave them out. Where no traces are exported they are off, which costs a
/// look at a flag.
pub const SPANS: &str = "spans";

/// The name of the span of a job that changes nothing.
pub(crate) const READ: &str = "database read";
/// The name of the span of one that may.
pub(crate) const WRITE: &str = "database write";

/// The span of a job that is about to be run or to be queued, within what asks for it.
pub(crate) fn job(name: &'static str) -> Span {
    tracing::info_span!(
        target: SPANS,
        "database",
        otel.name = name,
        db.system.name = Empty,
        portreeve.queue_us = Empty,
        portreeve.run_us = Empty,
        portreeve.sql_us = Empty,
        portreeve.statements = Empty,
        portreeve.rows = Empty,
    )
}

/// Notes how long a job has waited.
pub(crate) fn waited(span: &Span, time: impl FnOnce() -> Duration) {
    if !span.is_disabled() {
        span.record("portreeve.queue_us", micros(time()));
    }
}

/// When a run of a job begins, if anybody wants to know.
pub(crate) fn begins(span: &Span) -> Option<Instant> {
    (!span.is_disabled()).then(Instant::now)
}

/// Notes what a run of a job had the database do. Statements are counted, never shown.
pub(crate) fn worked(span: &Span, tx: &Tx<'_>, began: Option<Instant>) {
    let Some(began) = began else { return };
    let system = match tx.dialect() {
        Dialect::Sqlite => "sqlite",
        Dialect::Postgres => "postgresql",
    };
    let work = tx.work();
    span.record("db.system.name", system);
    span.record("portreeve.run_us", micros(began.elapsed()));
    span.record("portreeve.sql_us", micros(work.time));
    span.record("portreeve.statements", count(work.statements));
    span.record("portreeve.rows", count(work.rows));
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
