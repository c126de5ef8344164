//! The spans of the program, with all that stands in them.

use std::sync::Arc;

use hyper::header::HeaderValue;
use hyper::{Method, Request};
use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::TraceContextExt;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use portal::calls::Seen;
use portal::outbound::queue::Leased;
use store::SPANS;
use tracing::field::Empty;
use tracing::{Span, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use wire::Fault;

/// The header by which a trace goes from one program to another (W3C).
const TRACEPARENT: &str = "traceparent";

/// A request, named as `name` says; part of its client's trace if it says so. Its path is not told, which has a secret.
pub fn request<B>(request: &Request<B>, name: impl FnOnce() -> &'static str) -> Span {
    let span = info_span!(
        target: SPANS,
        parent: None,
        "request",
        otel.name = name(),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = verb(request.method()),
        http.response.status_code = Empty,
        error.type = Empty,
        portreeve.method = Empty,
        portreeve.webhook = Empty,
        portreeve.user = Empty,
        portreeve.sql_us = Empty,
        portreeve.statements = Empty,
        portreeve.rows = Empty,
    );
    let parent = request.headers().get(TRACEPARENT);
    continues(&span, parent.and_then(|parent| parent.to_str().ok()));
    span
}

/// Has a span that has not begun be part of the trace that a `traceparent` names.
fn continues(span: &Span, parent: Option<&str>) {
    if let Some(parent) = parent.filter(|_| !span.is_disabled()) {
        let parent = TraceContextPropagator::new().extract_with_context(&Context::new(), &Parent(parent));
        let _ = span.set_parent(parent);
    }
}

/// Of what a client says of its trace only where it stands: the rest would be kept and handed on unread.
struct Parent<'a>(&'a str);

impl Extractor for Parent<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == TRACEPARENT).then_some(self.0)
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT]
    }
}

/// Verbs that nobody has heard of may be anything.
fn verb(method: &Method) -> &str {
    const KNOWN: [Method; 7] = [
        Method::GET,
        Method::POST,
        Method::HEAD,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ];
    if KNOWN.contains(method) { method.as_str() } else { "_OTHER" }
}

/// The call of a method by a tool, within the request that has it.
pub fn tool(request: &Span, method: impl FnOnce() -> &'static str) -> Span {
    info_span!(
        target: SPANS,
        parent: request,
        "tool",
        otel.name = method(),
        error.type = Empty,
        portreeve.method = Empty,
        portreeve.webhook = Empty,
        portreeve.user = Empty,
        portreeve.sql_us = Empty,
        portreeve.statements = Empty,
        portreeve.rows = Empty,
    )
}

/// A request was answered with this status.
pub fn answered(span: &Span, status: u16) {
    span.record("http.response.status_code", i64::from(status));
    if status >= 500 {
        span.record("otel.status_code", "error");
    }
}

/// A call was performed: of which method, whose it was, and what it had the database do.
pub fn performed(method: &'static str, seen: &Seen) {
    let span = Span::current();
    if span.is_disabled() {
        return;
    }
    span.record("portreeve.method", method);
    if let Some(webhook) = seen.webhook() {
        span.record("portreeve.webhook", webhook.hook_id);
        span.record("portreeve.user", webhook.user_id);
    }
    let work = seen.work();
    span.record("portreeve.sql_us", i64::try_from(work.time.as_micros()).unwrap_or(i64::MAX));
    span.record("portreeve.statements", i64::try_from(work.statements).unwrap_or(i64::MAX));
    span.record("portreeve.rows", i64::try_from(work.rows).unwrap_or(i64::MAX));
}

/// A call was refused.
pub fn refused(span: &Span, fault: &Fault) {
    if !span.is_disabled() {
        span.record("error.type", &*fault.kind());
    }
}

/// An attempt of a delivery, within the trace of the call that raised it where that is known.
pub fn delivery(leased: &Leased) -> Span {
    let span = info_span!(
        target: SPANS,
        parent: None,
        "delivery",
        otel.name = "delivery",
        otel.kind = "client",
        otel.status_code = Empty,
        http.response.status_code = Empty,
        error.type = Empty,
        portreeve.outbound = leased.outbound_id,
        portreeve.delivery = leased.id,
        portreeve.event = leased.event.as_str(),
        portreeve.attempt = i64::from(leased.attempts) + 1,
    );
    continues(&span, leased.trace.as_deref());
    span
}

/// An attempt ended, with the handler's status if there was one, and in a short word.
pub fn delivered(status: Option<u16>, word: &'static str) {
    let span = Span::current();
    if let Some(status) = status {
        span.record("http.response.status_code", i64::from(status));
    }
    if word != "delivered" {
        span.record("error.type", word);
        span.record("otel.status_code", "error");
    }
}

/// A step of a job of the timetable. Its key is not told, which may be of somebody.
pub fn job(kind: &'static str, tries: i64) -> Span {
    info_span!(
        target: SPANS,
        parent: None,
        "job",
        otel.name = kind,
        otel.kind = "consumer",
        otel.status_code = Empty,
        error.type = Empty,
        portreeve.attempt = tries + 1,
    )
}

/// A step of a job failed.
pub fn failed() {
    let span = Span::current();
    span.record("error.type", "failed");
    span.record("otel.status_code", "error");
}

/// Where we are in a trace, as `traceparent` has it; `None` where there is none.
pub fn here() -> Option<Arc<str>> {
    let span = Span::current();
    if span.is_disabled() {
        return None;
    }
    let context = span.context();
    let context = context.span().span_context().clone();
    let sampled = u8::from(context.is_sampled());
    let text = || format!("00-{}-{}-{sampled:02x}", context.trace_id(), context.span_id());
    context.is_valid().then(|| text().into())
}

/// The same as the header.
pub fn header() -> Option<HeaderValue> {
    HeaderValue::from_str(&here()?).ok()
}
