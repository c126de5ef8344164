//! PHP's `http_build_query`.

use std::borrow::Cow;

use crate::{Map, Value};

/// Writes `a=1&b%5Bc%5D=2` in the RFC 1738 spelling: a space is `+`.
///
/// `null` and empty arrays are left out, flags are `1` and `0`. [`decode`](super::decode) gives the same
/// array back, with every scalar as text.
pub fn encode(map: &Map) -> String {
    let mut out = String::new();
    for (key, value) in map.iter() {
        let mut name = String::new();
        escape(&mut name, key);
        write(&mut out, &mut name, value);
    }
    out
}

/// Writes `value` under `name`, which is escaped already and comes back as it was.
fn write(out: &mut String, name: &mut String, value: &Value) {
    let text = match value {
        Value::Null => return,
        Value::Bool(flag) => Cow::Borrowed(if *flag { "1" } else { "0" }),
        Value::List(_) | Value::Map(_) => return write_members(out, name, value),
        scalar => scalar.text().unwrap_or_default(),
    };
    if !out.is_empty() {
        out.push('&');
    }
    out.push_str(name);
    out.push('=');
    escape(out, &text);
}

fn write_members(out: &mut String, name: &mut String, array: &Value) {
    let length = name.len();
    for (key, value) in array.entries() {
        name.push_str("%5B");
        escape(name, &key);
        name.push_str("%5D");
        write(out, name, value);
        name.truncate(length);
    }
}

fn escape(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => {
                let (high, low) = (HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]);
                out.extend(['%', char::from(high), char::from(low)]);
            }
        }
    }
}
