//! Texts that are read into: HTML of blocks, marks in brackets, numerators, rich messages, styles, selectors.
//!
//! The first byte says of what; the text takes its place in the first example of the method.
#![no_main]

use call_fuzz::perform;
use libfuzzer_sys::fuzz_target;
use portal::method::params;
use portal::modules;
use serde_json::{Value, json};

/// Methods, and where the text is in their parameters.
const PLACES: [(&str, &str); 12] = [
    ("landing.block.updatecontent", "/content"),
    ("landing.repo.checkContent", "/content"),
    ("landing.block.updatenodes", "/data"),
    ("log.blogpost.add", "/POST_MESSAGE"),
    ("im.message.add", "/MESSAGE"),
    ("im.message.add", "/ATTACH"),
    ("im.message.add", "/KEYBOARD"),
    ("documentgenerator.numerator.add", "/fields/template"),
    ("tasks.task.add", "/fields/DESCRIPTION"),
    ("crm.timeline.comment.add", "/fields/COMMENT"),
    ("timeman.networkrange.set", "/RANGES"),
    ("landing.block.updateStyles", "/data"),
];

/// Puts a text where it belongs, with a place for it where the example has none.
fn put(given: &mut Value, pointer: &str, text: &str) {
    let value = serde_json::from_str(text).ok().filter(Value::is_object).unwrap_or_else(|| json!(text));
    let place = pointer[1..].split('/').fold(given, |within, name| &mut within[name]);
    *place = value;
}

fuzz_target!(|bytes: &[u8]| {
    let Some((which, text)) = bytes.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let (method, pointer) = PLACES[usize::from(*which) % PLACES.len()];
    let Some(method) = modules().find(method) else { panic!("there is no {method}") };
    let mut given = method.examples.first().map_or(json!({}), |example| example.params.clone());
    put(&mut given, pointer, text);
    perform(method.version, &method.name, params(&given));
});
