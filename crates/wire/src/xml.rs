//! A [`Value`] as XML (protocol 2.4).

use std::borrow::Cow;

use crate::Value;

/// Writes `<response>…</response>` around members.
pub(crate) fn response<'a>(members: impl Iterator<Item = (&'a str, &'a Value)>) -> Vec<u8> {
    let mut out = String::from("<response>");
    for (key, value) in members {
        element(&mut out, &element_name(key), value);
    }
    out.push_str("</response>");
    out.into_bytes()
}

/// Recurses once per level of arrays; values are bounded in depth where they are made.
fn element(out: &mut String, name: &str, value: &Value) {
    out.extend(["<", name, ">"]);
    match value {
        Value::List(list) => list.iter().for_each(|value| element(out, ITEM, value)),
        Value::Map(map) => map.iter().for_each(|(key, value)| element(out, &element_name(key), value)),
        Value::Float(number) if !number.is_finite() => out.push('0'),
        scalar => escape(out, &scalar.text().unwrap_or_default()),
    }
    out.extend(["</", name, ">"]);
}

/// The element of an integer key.
const ITEM: &str = "item";

/// The element for a key. The real system writes keys raw; ours may come from the caller, so what XML does
/// not allow in a name becomes `_`.
fn element_name(key: &str) -> Cow<'_, str> {
    let digits = key.strip_prefix('-').unwrap_or(key);
    if digits.bytes().all(|b| b.is_ascii_digit()) && key.parse::<i64>().is_ok() {
        return Cow::Borrowed(ITEM);
    }
    if key.starts_with(begins_name) && key.chars().all(continues_name) {
        return Cow::Borrowed(key);
    }
    let name = key.replace(|c| !continues_name(c), "_");
    Cow::Owned(if name.starts_with(begins_name) { name } else { format!("_{name}") })
}

/// XML 1.0, `NameStartChar`, without the colon, which would name a namespace nobody declared.
fn begins_name(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '_'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}'
        | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// XML 1.0, `NameChar`.
fn continues_name(c: char) -> bool {
    begins_name(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Escapes as PHP's `htmlspecialchars`; characters that no XML text may hold become U+FFFD.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#039;"),
            '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{FFFE}' | '\u{FFFF}' => {
                out.push('\u{FFFD}');
            }
            _ => out.push(c),
        }
    }
}
