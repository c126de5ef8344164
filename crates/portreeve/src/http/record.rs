//! What the log of calls keeps of a call, gathered while it is answered.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Response;
use hyper::body::Body as _;
use portal::calls::{Entry, Seen, advice, shown};
use portal::{Done, Moment, Portal, modules};
use wire::{Fault, Map, Value, Version, exception};

use super::sabotage;
use crate::logs;

/// What stands for the method of a file that comes to a link that nobody gave out.
const UPLOAD: &str = "upload";

/// A call that is to be logged.
pub struct Record {
    received: Moment,
    seen: Arc<Seen>,
    entry: Entry,
}

impl Record {
    /// Begins the record of a request, unless the portal keeps no log.
    pub fn begin(portal: &Portal, ask: &portal::Request) -> Option<Self> {
        is_kept(portal).then(|| Record::of(portal, ask))
    }

    /// The same, be there a log or not.
    pub fn of(portal: &Portal, ask: &portal::Request) -> Self {
        // Without credentials, what stands in the place of the method may be a misplaced secret.
        let method = match ask.credentials {
            Some(_) => ask.method.chars().take(100).collect(),
            None => logs::method(&ask.method).to_owned(),
        };
        let version = if ask.version == Version::V3 { 3 } else { 2 };
        let seen = Arc::clone(&ask.seen);
        Record::new(portal, (method, version), ask.address, ask.received, seen)
    }

    /// Begins the record of a file that comes by itself, unless the portal keeps no log.
    pub fn of_upload(portal: &Portal, address: IpAddr, received: Moment) -> Option<Self> {
        let of = || Record::new(portal, (UPLOAD.to_owned(), 2), address, received, Arc::default());
        is_kept(portal).then(of)
    }

    fn new(
        portal: &Portal,
        (method, version): (String, i64),
        address: IpAddr,
        received: Moment,
        seen: Arc<Seen>,
    ) -> Self {
        let entry = Entry {
            at: portal.core().clock().at(received),
            took: 0,
            webhook: None,
            address,
            version,
            method,
            params: String::new(),
            status: 0,
            refusal: None,
            failed: String::new(),
            size: 0,
            deliveries: Vec::new(),
            rule: None,
        };
        Record { received, seen, entry }
    }

    /// What is learned of the call on its way.
    pub fn seen(&self) -> Arc<Seen> {
        Arc::clone(&self.seen)
    }

    /// It is a file for a call of this method.
    pub fn for_method(&mut self, method: &str) {
        method.clone_into(&mut self.entry.method);
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
        self.entry.status = fault.status;
        self.entry.refusal = Some((fault.code.into_owned(), fault.message.into_owned()));
    }

    /// What to do about the refusal, in English.
    pub fn advice(&self) -> Option<String> {
        let version = if self.entry.version == 3 { Version::V3 } else { Version::V2 };
        advice(&self.entry, modules().find_in(version, &self.entry.method))
    }

    /// The call was answered with this: hands its record to the log, if there is one.
    pub fn answered(self, portal: &Portal, response: &Response<Full<Bytes>>, machine: Moment) {
        let size = response.body().size_hint().exact().and_then(|size| usize::try_from(size).ok());
        self.end(portal, (sabotage::status(response), size.unwrap_or_default()), machine);
    }

    /// The call was answered with this status and so many bytes: hands its record to the log, if there is one.
    pub fn end(mut self, portal: &Portal, (status, size): (u16, usize), machine: Moment) {
        if !is_kept(portal) {
            return;
        }
        self.entry.took = machine.0.saturating_sub(self.received.0);
        self.entry.status = status;
        self.entry.size = i64::try_from(size).unwrap_or(0);
        self.entry.webhook = self.seen.webhook();
        self.entry.rule = self.seen.decided.rule();
        // What was performed before the portal was brought back to another time is not of this one.
        if !self.seen.is_of_before(portal.era()) {
            portal.calls().note(self.entry);
        }
    }
}

/// Whether the portal keeps a log of calls.
fn is_kept(portal: &Portal) -> bool {
    portal.core().settings().call_log.calls != 0
}

/// The commands of a batch that failed, with their codes, as JSON.
fn failed(result: &Value) -> Option<String> {
    let errors = result.get("result_error")?;
    let code = |error: &Value| error.get("error").and_then(Value::text).unwrap_or_default().into_owned();
    let codes: serde_json::Map<_, _> =
        errors.entries().map(|(name, error)| (name.into_owned(), code(error).into())).collect();
    (!codes.is_empty()).then(|| serde_json::Value::from(codes).to_string())
}
