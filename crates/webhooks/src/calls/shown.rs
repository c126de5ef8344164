//! Parameters as the log of calls shows them.

use std::borrow::Cow;

use wire::{Map, Value, json};

/// The placeholder of a secret.
const MASK: &str = "******";
/// Characters of a value that are shown.
const LONGEST: usize = 500;
/// Bytes that all values together may have; those after them are left out.
const MOST: usize = 8 * 1024;
/// Words in the names of parameters that hold a secret, in lower case and without underscores. `CLIENT_ID` is what a
/// bot's methods know its owner by.
const SECRET: [&str; 8] =
    ["password", "passwd", "secret", "token", "apikey", "authorization", "credential", "clientid"];

/// Parameters as JSON, with secrets masked and long values cut. `clean` masks the secrets within a text.
pub fn shown(params: &Map, clean: fn(&str) -> Cow<'_, str>) -> String {
    let value = Value::Map(map(params, &mut Shown { room: MOST, clean }));
    String::from_utf8(json::encode(&value)).unwrap_or_default()
}

/// What is being shown.
struct Shown {
    /// Bytes that there is room for.
    room: usize,
    clean: fn(&str) -> Cow<'_, str>,
}

impl Shown {
    /// Takes as much of the room.
    fn take(&mut self, bytes: usize) {
        self.room = self.room.saturating_sub(bytes);
    }
}

fn map(map: &Map, to: &mut Shown) -> Map {
    let mut shown = Map::with_capacity(map.len().min(64));
    for (name, value) in map.iter() {
        if to.room == 0 {
            shown.push("…", "…");
            break;
        }
        to.take(name.len() + 8);
        let value = if is_secret(name) { Value::from(MASK) } else { part(value, to) };
        shown.push(&*(to.clean)(name), value);
    }
    shown
}

fn part(value: &Value, to: &mut Shown) -> Value {
    match value {
        Value::Str(text) => {
            // First, since a text may be a whole file.
            let text = cut(text, LONGEST.min(to.room));
            let text = (to.clean)(&in_query(&text)).into_owned();
            to.take(text.len());
            Value::from(text)
        }
        Value::List(list) => {
            let mut shown = Vec::with_capacity(list.len().min(64));
            for value in list {
                if to.room == 0 {
                    shown.push(Value::from("…"));
                    break;
                }
                to.take(8);
                shown.push(part(value, to));
            }
            Value::List(shown)
        }
        Value::Map(inner) => Value::Map(map(inner, to)),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Opaque => value.clone(),
    }
}

/// A text of at most so many characters, and what it was longer.
fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((at, _)) => format!("{}… ({} bytes)", &text[..at], text.len()),
        None => text.to_owned(),
    }
}

/// The secrets of a command of a batch, or of a URL, which have a query.
fn in_query(text: &str) -> Cow<'_, str> {
    let Some((path, query)) = text.split_once('?').filter(|(_, query)| query.contains('=')) else {
        return text.into();
    };
    let parts = query.split('&').map(|part| match part.split_once('=') {
        Some((name, _)) if is_secret(name) => format!("{name}={MASK}"),
        _ => part.to_owned(),
    });
    format!("{path}?{}", parts.collect::<Vec<_>>().join("&")).into()
}

/// Whether a parameter of that name holds a secret.
fn is_secret(name: &str) -> bool {
    let plain = name.to_ascii_lowercase().replace(['_', '-'], "");
    plain == "auth" || SECRET.iter().any(|word| plain.contains(word))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(params: serde_json::Value) -> serde_json::Value {
        let Value::Map(params) = Value::from(params) else { panic!("parameters are a map") };
        serde_json::from_str(&shown(&params, |text| text.into())).unwrap()
    }

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        let params = json!({
            "auth": "a", "fields": {"TITLE": "Tokens", "PASSWORD": "a", "list": [{"api_key": {"x": "a"}}]},
            "CLIENT_ID": "a", "botToken": "a",
            "cmd": {"x": "user.add?EMAIL=b@c&fields[PASSWORD]=a&y=1"},
        });
        let shown = json!({
            "auth": "******",
            "fields": {"TITLE": "Tokens", "PASSWORD": "******", "list": [{"api_key": "******"}]},
            "CLIENT_ID": "******", "botToken": "******",
            "cmd": {"x": "user.add?EMAIL=b@c&fields[PASSWORD]=******&y=1"},
        });
        assert_eq!(of(params), shown);
    }

    #[test]
    fn what_is_long_is_cut() {
        let long = of(json!({"text": "ы".repeat(600)}));
        assert_eq!(long["text"], json!(format!("{}… (1200 bytes)", "ы".repeat(500))));
        let many: serde_json::Map<_, _> = (0..5_000).map(|n| (format!("name{n}"), json!(n))).collect();
        let text = of(json!(many)).to_string();
        assert!(text.len() < 2 * MOST && text.ends_with("\"…\":\"…\"}"), "{}", text.len());
    }
}
