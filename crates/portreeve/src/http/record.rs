//! What the log of calls keeps of a call, gathered while it is answered.

use std::sync::Arc;

use http_body_util::Full;
use hyper::Response;
use hyper::body::{Body, Bytes};
use portal::calls::{Entry, Seen, shown};
use portal::{Done, Moment, Portal};
use wire::{Fault, Map, Value, Version, exception};

use super::sabotage;
use crate::logs;

/// A call that is to be logged.
pub struct Record {
    received: Moment,
    seen: Arc<Seen>,
    entry: Entry,
}

impl Record {
    /// Begins the record of a request, unless the portal keeps no log.
    pub fn begin(portal: &Portal, ask: &portal::Request) -> Option<Self> {
        let core = portal.core();
        if core.settings().call_log.calls == 0 {
            return None;
        }
        // Without credentials, what stands in the place of the method may be a misplaced secret.
        let method = match ask.credentials {
            Some(_) => ask.method.chars().take(100).collect(),
            None => logs::method(&ask.method).to_owned(),
        };
        let entry = Entry {
            at: core.clock().at(ask.received),
            took: 0,
            webhook: None,
            address: ask.address,
            version: if ask.version == Version::V3 { 3 } else { 2 },
            method,
            params: String::new(),
            status: 0,
            refusal: None,
            failed: String::new(),
            size: 0,
            deliveries: Vec::new(),
            rule: None,
        };
        Some(Record { received: ask.received, seen: Arc::clone(&ask.seen), entry })
    }

    /// The parameters arrived.
    pub fn asked(&mut self, params: &Map) {
        self.entry.params = shown(params, logs::redact);
    }

    /// The call was performed.
    pub fn performed(&mut self, done: &Done) {
        self.entry.deliveries.clone_from(&done.raised.deliveries);
        self.entry.failed = failed(&done.reply.result).unwrap_or_default();
    }

    /// The call was refused.
    pub fn refused(&mut self, fault: &Fault) {
        let fault = match self.entry.version {
            3 => exception::of(fault.clone()),
            _ => fault.clone(),
        };
        self.entry.refusal = Some((fault.code.into_owned(), fault.message.into_owned()));
    }

    /// The call was answered: hands its record to the log.
    pub fn end(mut self, portal: &Portal, response: &Response<Full<Bytes>>, machine: Moment) {
        self.entry.took = machine.0.saturating_sub(self.received.0);
        self.entry.status = sabotage::status(response);
        self.entry.size =
            response.body().size_hint().exact().and_then(|size| i64::try_from(size).ok()).unwrap_or(0);
        self.entry.webhook = self.seen.webhook();
        self.entry.rule = self.seen.decided.rule();
        // What was performed before the portal was brought back to another time is not of this one.
        if !self.seen.is_of_before(portal.era()) {
            portal.calls().note(self.entry);
        }
    }
}

/// The commands of a batch that failed, with their codes, as JSON.
fn failed(result: &Value) -> Option<String> {
    let errors = result.get("result_error")?;
    let code = |error: &Value| error.get("error").and_then(Value::text).unwrap_or_default().into_owned();
    let codes: serde_json::Map<_, _> =
        errors.entries().map(|(name, error)| (name.into_owned(), code(error).into())).collect();
    (!codes.is_empty()).then(|| serde_json::Value::from(codes).to_string())
}
