//! Who is told when handlers of outbound webhooks fail.

use std::fmt;

use serde_json::Value;

use super::chosen::Name;
use super::hidden::Hidden;
use super::mail::is_address;
use crate::texts::fill;

/// Minutes without a success after which somebody is told, unless something else is said.
const AFTER: i64 = 10;
/// A day: what fails for longer is told every day anyway.
const LONGEST: i64 = 24 * 60;
const MAX_ADDRESSES: usize = 20;
const LONGEST_FORMAT: usize = 4096;

/// Who is told, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alerts {
    /// Minutes for which a handler must have failed; 0 for no alerts at all.
    pub after: i64,
    /// Where alerts are posted to. It may hold a secret, as a chat's incoming webhook does.
    pub url: Hidden,
    /// What is posted.
    pub format: Format,
    /// Who gets them by e-mail, beside the webhook's owner; nobody here means the administrators.
    pub mail: Vec<String>,
}

impl Default for Alerts {
    fn default() -> Self {
        Alerts { after: AFTER, url: Hidden::default(), format: Format::default(), mail: Vec::new() }
    }
}

/// The body of an alert that is posted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Our own, `{"type", "timestamp", "data": {..}}` as Standard Webhooks has it.
    #[default]
    Standard,
    /// `{"text": ..}`: Slack, Mattermost, Rocket.Chat, and Telegram with the chat in the URL's query.
    Text,
    /// `{"content": ..}`: Discord.
    Content,
    /// JSON of the operator's, in whose texts `{name}` stands for what an alert says under that name.
    Template(String),
}

impl Format {
    /// Those that have a name.
    pub const NAMED: [Format; 3] = [Format::Standard, Format::Text, Format::Content];

    /// Reads `standard`, `text` (also `slack`, `mattermost`, `telegram`), `content` (also `discord`), or JSON.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        match text.trim() {
            "" | "standard" => Ok(Format::Standard),
            "text" | "slack" | "mattermost" | "rocketchat" | "telegram" => Ok(Format::Text),
            "content" | "discord" => Ok(Format::Content),
            json if json.len() > LONGEST_FORMAT => Err("The template must have at most 4096 bytes."),
            json => match serde_json::from_str::<Value>(json) {
                Ok(Value::Object(_)) => Ok(Format::Template(json.to_owned())),
                _ => Err("The format must be standard, text, content, or a template: a JSON object."),
            },
        }
    }

    /// The body of an alert with these values, of which `text` says all of it to a person; `None` for our own.
    pub fn body(&self, values: &[(&str, String)]) -> Option<Value> {
        let template = match self {
            Format::Standard => return None,
            Format::Text => r#"{"text": "{text}"}"#,
            Format::Content => r#"{"content": "{text}"}"#,
            Format::Template(json) => json,
        };
        let mut body = serde_json::from_str(template).ok()?;
        fill_in(&mut body, values);
        Some(body)
    }
}

/// Fills the texts of a template; the names of its members stay as they are.
fn fill_in(value: &mut Value, values: &[(&str, String)]) {
    match value {
        Value::String(text) => *text = fill(text, values),
        Value::Array(list) => list.iter_mut().for_each(|one| fill_in(one, values)),
        Value::Object(map) => map.values_mut().for_each(|one| fill_in(one, values)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Standard => "standard",
            Format::Text => "text",
            Format::Content => "content",
            Format::Template(json) => json,
        })
    }
}

impl Alerts {
    pub(super) fn text(&self, name: Name) -> String {
        match name {
            Name::AlertUrl => self.url.shown(),
            Name::AlertFormat => self.format.to_string(),
            Name::AlertMail => self.mail.join(","),
            _ => self.after.to_string(),
        }
    }

    /// Sets one from its text; why not, if not. The URL is for the guard to check.
    pub(super) fn set(&mut self, name: Name, text: &str) -> Result<(), &'static str> {
        match name {
            Name::AlertUrl => self.url = Hidden::plain(text),
            Name::AlertFormat => self.format = Format::parse(text)?,
            Name::AlertMail => {
                let all: Vec<&str> =
                    text.split([',', '\n']).map(str::trim).filter(|one| !one.is_empty()).collect();
                if all.len() > MAX_ADDRESSES || !all.iter().all(|one| is_address(one)) {
                    return Err("The list must have at most 20 e-mail addresses.");
                }
                self.mail = all.into_iter().map(str::to_owned).collect();
            }
            _ => {
                let after = text.parse().ok().filter(|after| (0..=LONGEST).contains(after));
                self.after = after.ok_or("The number of minutes must be from 0 to 1440.")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn chats_have_their_forms_and_templates_are_filled_as_json() {
        let values = [
            ("text", "It \"fails\"\n{name}".to_owned()),
            ("name", "shop".to_owned()),
            ("webhook", "3".to_owned()),
        ];
        let body = |format: &str| Format::parse(format).unwrap().body(&values);
        assert_eq!(body("standard"), None);
        for chat in ["text", "slack", "mattermost", "telegram"] {
            assert_eq!(body(chat), Some(json!({"text": "It \"fails\"\n{name}"})), "{chat}");
        }
        assert_eq!(body("discord"), Some(json!({"content": "It \"fails\"\n{name}"})));
        let own = r#"{"a": ["{name}: {webhook}", 7, {"{name}": "{unknown} {text}"}], "chat_id": "-100"}"#;
        let filled =
            json!({"a": ["shop: 3", 7, {"{name}": "{unknown} It \"fails\"\n{name}"}], "chat_id": "-100"});
        assert_eq!(body(own), Some(filled));
        for wrong in
            ["xml", "[]", "\"{text}\"", "{\"text\": }", &format!("{{\"a\": \"{}\"}}", "x".repeat(4096))]
        {
            assert!(Format::parse(wrong).is_err(), "{wrong}");
        }
    }
}
