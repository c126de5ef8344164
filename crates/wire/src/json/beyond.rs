//! Numbers beyond a double, which PHP reads as infinite and `serde_json` refuses together with the whole text.

use std::ops::Range;

use serde::de::IgnoredAny;

/// The text with the largest double in the place of every larger number; `None` when there is none.
pub fn replace(json: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut copied = 0;
    for number in numbers(json).filter(|number| is_beyond(&json[number.clone()])) {
        out.extend_from_slice(&json[copied..number.start]);
        let sign = if json[number.start] == b'-' { "-" } else { "" };
        out.extend_from_slice(format!("{sign}{:e}", f64::MAX).as_bytes());
        copied = number.end;
    }
    out.extend_from_slice(&json[copied..]);
    (copied > 0).then_some(out)
}

fn is_beyond(number: &[u8]) -> bool {
    let value = std::str::from_utf8(number).ok().and_then(|text| text.parse::<f64>().ok());
    // Rust reads more spellings than JSON has: `+1e400`, `.5e400`, `01e400`.
    value.is_some_and(f64::is_infinite) && serde_json::from_slice::<IgnoredAny>(number).is_ok()
}

/// Where something that looks like a number stands outside of strings.
fn numbers(json: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < json.len() {
            match json[at] {
                b'"' => at += string(&json[at..]),
                byte if is_numeric(byte) => {
                    let start = at;
                    at += json[start..].iter().take_while(|byte| is_numeric(**byte)).count();
                    return Some(start..at);
                }
                _ => at += 1,
            }
        }
        None
    })
}

/// The length of the string at the beginning, with its quotation marks.
fn string(json: &[u8]) -> usize {
    let mut escaped = false;
    let end = json[1..].iter().position(|byte| {
        let closes = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        closes
    });
    end.map_or(json.len(), |end| end + 2)
}

fn is_numeric(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E')
}
