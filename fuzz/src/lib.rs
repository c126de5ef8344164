//! What every target asks of a value that came out of hostile bytes.

use wire::{Map, Text, Value};

/// Arrays inside one another, the outermost one counted.
pub fn depth(value: &Value) -> usize {
    let inner = value.items().map(depth).max().unwrap_or(0);
    inner + usize::from(value.is_array())
}

/// Scalars in all.
pub fn scalars(value: &Value) -> usize {
    if value.is_array() { value.items().map(scalars).sum() } else { 1 }
}

/// The value a map stands for.
pub fn value(map: &Map) -> Value {
    map.clone().into_value()
}

/// What is left of `value` once printed: floats without a fraction become whole numbers.
pub fn printed(value: &Value) -> Value {
    let members = || value.entries().map(|(key, value)| (Text::from(key), printed(value)));
    match value {
        Value::Float(number) if number.is_infinite() => Value::Int(0),
        Value::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => Value::Int(*number as i64),
        Value::Opaque => Value::List(Vec::new()),
        Value::List(_) | Value::Map(_) => members().collect::<Map>().into_value(),
        scalar => scalar.clone(),
    }
}

/// Fails unless `value` is written as JSON that another parser reads as the same value, and as XML that
/// another parser finds well-formed.
pub fn check_writers(value: &Value) {
    let encoded = wire::json::encode(value);
    let read: serde_json::Value = serde_json::from_slice(&encoded).expect("valid JSON");
    assert_eq!(Value::from(read), printed(value));

    let answer = wire::Answer { result: value.clone(), ..wire::Answer::default() };
    let xml = String::from_utf8(wire::answer::render(&answer, wire::Format::Xml)).expect("UTF-8");
    roxmltree::Document::parse(&xml).expect("well-formed XML");
}
