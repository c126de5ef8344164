//! The wire format through the crate's front door, one module for each part of the protocol.

mod answer;
mod batch;
mod date;
mod fault;
mod form;
mod json;
mod lists;
mod multipart;
mod params;
mod path;
mod steps;
mod time;

use wire::{Limits, Map, Value};

/// A value written as JSON.
fn value(json: serde_json::Value) -> Value {
    Value::from(json)
}

/// A map written as JSON, an object or a list.
fn map(json: serde_json::Value) -> Map {
    value(json).into_map().expect("an array")
}

fn form(text: &str) -> Map {
    wire::form::decode(text.as_bytes(), &Limits::default())
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("UTF-8")
}
