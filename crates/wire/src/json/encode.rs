//! A [`Value`] to JSON bytes, in the spelling of PHP's encoder (protocol 2.3).

use std::io::Write;

use crate::Value;

/// The JSON of one value.
pub fn encode(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut out, value);
    out
}

/// Appends the JSON of `value`: compact, UTF-8 raw, with `<`, `>`, `&`, `'`, `"` and `/` escaped.
///
/// Recurses once per level of arrays; values are bounded in depth where they are made.
pub fn write(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Int(number) => out.extend_from_slice(itoa::Buffer::new().format(*number).as_bytes()),
        Value::Float(number) => write_float(out, *number),
        Value::Str(text) => write_string(out, text),
        Value::List(list) => {
            out.push(b'[');
            for (i, value) in list.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write(out, value);
            }
            out.push(b']');
        }
        // Only made by hand: `Map::into_value` calls the empty array a list (protocol 2.1).
        Value::Map(map) if map.is_empty() => out.extend_from_slice(b"[]"),
        Value::Map(map) => write_object(out, map.iter()),
        Value::Opaque => out.extend_from_slice(b"{}"),
    }
}

/// Appends an object of `members`, of which there is at least one.
pub(crate) fn write_object<'a>(out: &mut Vec<u8>, members: impl Iterator<Item = (&'a str, &'a Value)>) {
    let mut before = b'{';
    for (key, value) in members {
        out.push(before);
        before = b',';
        write_string(out, key);
        out.push(b':');
        write(out, value);
    }
    out.push(b'}');
}

/// The shortest digits that read back as the same number; a whole one has no fraction, as PHP prints it.
fn write_float(out: &mut Vec<u8>, number: f64) {
    /// Smaller numbers have an exponent.
    const SMALL: f64 = 1e-4;
    if let Some(whole) = whole(number) {
        out.extend_from_slice(itoa::Buffer::new().format(whole).as_bytes());
    } else if (SMALL..WHOLE).contains(&number.abs()) {
        out.extend_from_slice(zmij::Buffer::new().format_finite(number).as_bytes());
    } else {
        // Writing to a `Vec` cannot fail.
        let _ = write!(out, "{number:?}");
    }
}

/// From here on a float holds no fraction, and its digits are no longer all its own.
const WHOLE: f64 = 1e15;

/// The whole number that a float is written as, if it is: 0 for what is no number.
pub(crate) fn whole(number: f64) -> Option<i64> {
    match number.is_finite() {
        true => (number.fract() == 0.0 && number.abs() < WHOLE).then_some(number as i64),
        false => Some(0),
    }
}

/// Appends `text` as a JSON string, copying whole runs of plain bytes.
fn write_string(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    let mut start = 0;
    while let Some(run) = bytes[start..].iter().position(|b| SPECIAL[usize::from(*b)]) {
        let at = start + run;
        out.extend_from_slice(&bytes[start..at]);
        start = at + write_special(out, &bytes[at..]);
    }
    out.extend_from_slice(&bytes[start..]);
    out.push(b'"');
}

/// Bytes that do not simply stand for themselves. 0xE2 begins U+2028 and U+2029, and much else.
const SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut control = 0;
    while control < 0x20 {
        table[control] = true;
        control += 1;
    }
    let others = b"<>&'\"/\\\xE2";
    let mut i = 0;
    while i < others.len() {
        table[others[i] as usize] = true;
        i += 1;
    }
    table
};

/// Writes what stands for the first, special, byte of `bytes`; tells how many bytes that took care of.
fn write_special(out: &mut Vec<u8>, bytes: &[u8]) -> usize {
    let escape: &[u8] = match bytes[0] {
        b'<' => b"\\u003C",
        b'>' => b"\\u003E",
        b'&' => b"\\u0026",
        b'\'' => b"\\u0027",
        b'"' => b"\\u0022",
        b'/' => b"\\/",
        b'\\' => b"\\\\",
        b'\n' => b"\\n",
        b'\r' => b"\\r",
        b'\t' => b"\\t",
        8 => b"\\b",
        12 => b"\\f",
        0xE2 => return write_separator(out, bytes),
        control => return write_control(out, control),
    };
    out.extend_from_slice(escape);
    1
}

/// U+2028 and U+2029 end a line in JavaScript; PHP escapes them even where it leaves UTF-8 alone.
fn write_separator(out: &mut Vec<u8>, bytes: &[u8]) -> usize {
    let (bytes, length) = match bytes {
        [0xE2, 0x80, 0xA8, ..] => (&b"\\u2028"[..], 3),
        [0xE2, 0x80, 0xA9, ..] => (&b"\\u2029"[..], 3),
        _ => (&bytes[..1], 1),
    };
    out.extend_from_slice(bytes);
    length
}

fn write_control(out: &mut Vec<u8>, byte: u8) -> usize {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.extend_from_slice(b"\\u00");
    out.extend([HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
    1
}
