//! The envelopes around results and errors (protocol 2, 3.1).

use crate::time::Times;
use crate::{Fault, Format, Map, Value, json, xml};

/// The answer of a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The result of the method.
    pub result: Value,
    /// The `start` of the next page; lists only, and not on their last page.
    pub next: Option<i64>,
    /// Number of rows on all pages; lists only.
    pub total: Option<i64>,
    /// The `time` block.
    pub time: Times,
}

/// The body of a successful reply: `result`, `next`, `total`, `time`, in this order.
pub fn render(answer: &Answer, format: Format) -> Vec<u8> {
    let next = answer.next.map(Value::Int);
    let total = answer.total.map(Value::Int);
    let time = answer.time.to_value();
    let result = std::iter::once(("result", &answer.result));
    let page = next.iter().map(|next| ("next", next)).chain(total.iter().map(|total| ("total", total)));
    envelope(result.chain(page).chain([("time", &time)]), format)
}

/// The body of an error reply of REST 3.0: the error is an object.
pub fn render_exception(fault: &Fault) -> Vec<u8> {
    let mut error = Map::with_capacity(3);
    error.push("code", &*fault.code);
    error.push("message", &*fault.message);
    if let Some(validation) = fault.extra.get("validation") {
        error.push("validation", validation.clone());
    }
    json::encode(&Value::under("error", error))
}

/// The body of an error reply; it goes out under [`Fault::status`] and has no `time`.
pub fn render_fault(fault: &Fault, format: Format) -> Vec<u8> {
    envelope(fault.clone().into_map().iter(), format)
}

fn envelope<'a>(members: impl Iterator<Item = (&'a str, &'a Value)>, format: Format) -> Vec<u8> {
    match format {
        Format::Json => {
            let mut out = Vec::with_capacity(1024);
            json::write_object(&mut out, members);
            out
        }
        Format::Xml => xml::response(members),
    }
}
