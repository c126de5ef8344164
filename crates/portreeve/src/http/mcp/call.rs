//! A call of a method by a tool, which takes the way of a call of REST: admission, limits, the log and the courier.

use portal::method::Version;
use portal::{Done, modules, writes};
use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::Value;
use tracing::Instrument;
use wire::params::{self, Body};
use wire::{Fault, Limits, Map, exception, fault, json};

use super::Visitor;
use crate::clock;
use crate::http::record::Record;
use crate::http::rest::{Rest, contained, seen};
use crate::http::slow::Watch;
use crate::{logs, traces};

/// Bytes of an answer that a model is given.
const LONGEST: usize = 64 * 1024;

/// What a tool calls.
pub struct Called<'a> {
    /// The version of the protocol; `None` for whichever has the method.
    pub version: Option<Version>,
    /// The method's name.
    pub method: &'a str,
    /// Its parameters.
    pub params: &'a Value,
    /// Whether it is called by a tool that is said to change nothing.
    pub reads: bool,
}

/// The version in which a method is called: where both have it, the one under `/rest/` unless the other is asked for.
pub fn version_of(method: &str, wanted: Option<Version>) -> Version {
    wanted.or_else(|| modules().find_in_any(method).map(|method| method.version)).unwrap_or_default()
}

/// Performs a call, and says what came of it.
pub async fn call(rest: &Rest, visitor: &Visitor, called: Called<'_>) -> CallToolResult {
    let ask = portal::Request {
        credentials: Some(visitor.credentials.clone()),
        version: version_of(called.method, called.version),
        method: called.method.to_owned(),
        key: None,
        params: Map::new(),
        address: visitor.origin.address,
        https: visitor.origin.https,
        received: clock::machine(),
        hop: visitor.hop,
        seen: seen(),
    };
    let mut record = Record::of(rest.portal(), &ask);
    let newer = ask.version == Version::V3;
    let span = traces::tool(&visitor.span, || logs::method(called.method));
    let outcome = perform(rest, visitor, &called, ask, &mut record).instrument(span.clone()).await;
    let (result, status, size) = match outcome {
        Ok(done) => answer(done),
        Err(fault) => {
            record.refused(&fault);
            traces::refused(&span, &fault);
            let fault = if newer { exception::of(fault) } else { fault };
            let text = refusal(&fault, record.advice().as_deref());
            let size = text.len();
            (CallToolResult::error(vec![ContentBlock::text(text)]), fault.status, size)
        }
    };
    record.end(rest.portal(), (status, size), clock::machine());
    result
}

async fn perform(
    rest: &Rest,
    visitor: &Visitor,
    called: &Called<'_>,
    mut ask: portal::Request,
    record: &mut Record,
) -> Result<Done, Fault> {
    let method = rest.portal().method_of(&ask)?;
    let bytes = match called.params {
        Value::Null => Vec::new(),
        params => params.to_string().into_bytes(),
    };
    let body = Body { is_post: true, content_type: Some("application/json"), bytes: &bytes };
    ask.params = match ask.version {
        Version::V2 => params::decode("", &body, &Limits::default()),
        Version::V3 => params::decode_strictly(&body, &Limits::default())?,
    };
    record.asked(&ask.params);
    if (called.reads || visitor.only_reads) && writes(method, &ask.params) {
        return Err(match visitor.reads() {
            true => fault::INSUFFICIENT_SCOPE.into(),
            false => {
                Fault::argument(format!("{} changes data. Call it with write_method.", method.name), "method")
            }
        });
    }
    let watch = Watch::begin(&method.name, &ask.seen);
    let pending = contained(|| rest.portal().perform(method, ask))?;
    rest.outcome(pending, &watch, Some(record)).await
}

/// The answer as text, and what to do about what is not in it.
fn answer(done: Done) -> (CallToolResult, u16, usize) {
    let reply = done.reply;
    let mut envelope = Map::with_capacity(3);
    envelope.push("result", reply.result);
    if let Some(total) = reply.total {
        envelope.push("total", total);
    }
    let mut text = String::from_utf8_lossy(&json::encode(&envelope.into())).into_owned();
    let size = text.len();
    let mut notes = Vec::new();
    if size > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        notes.push(format!(
            "The answer was cut after {LONGEST} of {size} bytes. Ask for fewer fields with select, or for fewer rows with filter."
        ));
    }
    if let Some(next) = reply.next {
        notes.push(format!("There is more. Call again with \"start\": {next} for the next page."));
    }
    let content = std::iter::once(text).chain(notes).map(ContentBlock::text).collect();
    (CallToolResult::success(content), 200, size)
}

fn refusal(fault: &Fault, advice: Option<&str>) -> String {
    let mut text = match &*fault.code {
        "" => format!("{} (status {})", fault.message, fault.status),
        code => format!("{code}: {} (status {})", fault.message, fault.status),
    };
    if let Some(validation) = fault.extra.get("validation") {
        text += "\n";
        text += &String::from_utf8_lossy(&json::encode(validation));
    }
    if let Some(advice) = advice {
        text += "\n";
        text += advice;
    }
    text
}
