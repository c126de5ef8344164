//! What a line is set to beyond its name and its queue. It is kept and shown; see `session` for what is acted upon.

use Kind::{Choice, Flag, Int, List, Text};
use engine::error::Result;
use wire::{Fault, Map, Value};

/// The type of a setting.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// `Y` or `N`
    Flag,
    /// A whole number
    Int,
    /// Text
    Text,
    /// One of these
    Choice(&'static [&'static str]),
    /// A list, or an object
    List,
}

/// Letters of a text.
const LONGEST: usize = 10_000;
/// Bytes of a list.
const LARGEST: usize = 10_000;

/// Names, types and defaults.
pub const SETTINGS: &[(&str, Kind, &str)] = &[
    ("CRM", Flag, "Y"),
    ("CRM_CREATE", Text, "none"),
    ("CRM_CREATE_SECOND", Text, ""),
    ("CRM_CREATE_THIRD", Flag, "Y"),
    ("CRM_FORWARD", Flag, "Y"),
    ("CRM_CHAT_TRACKER", Flag, "N"),
    ("CRM_TRANSFER_CHANGE", Flag, "Y"),
    ("CRM_SOURCE", Text, "create"),
    ("QUEUE_TIME", Int, "60"),
    ("NO_ANSWER_TIME", Int, "60"),
    ("CHECK_AVAILABLE", Flag, "Y"),
    ("WATCH_TYPING", Flag, "N"),
    ("WELCOME_BOT_ENABLE", Flag, "N"),
    ("WELCOME_MESSAGE", Flag, "N"),
    ("WELCOME_MESSAGE_TEXT", Text, ""),
    ("VOTE_MESSAGE", Flag, "N"),
    ("VOTE_TIME_LIMIT", Int, "0"),
    ("VOTE_BEFORE_FINISH", Flag, "Y"),
    ("VOTE_CLOSING_DELAY", Flag, "Y"),
    ("VOTE_MESSAGE_1_TEXT", Text, ""),
    ("VOTE_MESSAGE_1_LIKE", Text, ""),
    ("VOTE_MESSAGE_1_DISLIKE", Text, ""),
    ("VOTE_MESSAGE_2_TEXT", Text, ""),
    ("VOTE_MESSAGE_2_LIKE", Text, ""),
    ("VOTE_MESSAGE_2_DISLIKE", Text, ""),
    ("AGREEMENT_MESSAGE", Flag, "N"),
    ("AGREEMENT_ID", Int, "0"),
    ("CATEGORY_ENABLE", Flag, "N"),
    ("CATEGORY_ID", Int, "0"),
    ("WELCOME_BOT_JOIN", Choice(&["first", "always"]), "always"),
    ("WELCOME_BOT_ID", Int, "0"),
    ("WELCOME_BOT_TIME", Int, "180"),
    ("WELCOME_BOT_LEFT", Choice(&["queue", "close"]), "queue"),
    ("NO_ANSWER_RULE", Choice(&["none", "text"]), "none"),
    ("NO_ANSWER_FORM_ID", Int, "0"),
    ("NO_ANSWER_BOT_ID", Int, "0"),
    ("NO_ANSWER_TEXT", Text, ""),
    ("WORKTIME_ENABLE", Flag, "N"),
    ("WORKTIME_FROM", Text, "9"),
    ("WORKTIME_TO", Text, "18.30"),
    ("WORKTIME_TIMEZONE", Text, "UTC"),
    ("WORKTIME_HOLIDAYS", List, ""),
    ("WORKTIME_DAYOFF", List, ""),
    ("WORKTIME_DAYOFF_RULE", Choice(&["none", "text"]), "none"),
    ("WORKTIME_DAYOFF_FORM_ID", Int, "0"),
    ("WORKTIME_DAYOFF_BOT_ID", Int, "0"),
    ("WORKTIME_DAYOFF_TEXT", Text, ""),
    ("CLOSE_RULE", Choice(&["none", "text"]), "none"),
    ("CLOSE_FORM_ID", Int, "0"),
    ("CLOSE_BOT_ID", Int, "0"),
    ("CLOSE_TEXT", Text, ""),
    ("FULL_CLOSE_TIME", Int, "0"),
    ("AUTO_CLOSE_RULE", Choice(&["none", "text"]), "none"),
    ("AUTO_CLOSE_FORM_ID", Int, "0"),
    ("AUTO_CLOSE_BOT_ID", Int, "0"),
    ("AUTO_CLOSE_TIME", Int, "3600"),
    ("AUTO_CLOSE_TEXT", Text, ""),
    ("AUTO_EXPIRE_TIME", Int, "86400"),
    ("TEMPORARY", Flag, "N"),
    ("LANGUAGE_ID", Text, "en"),
    ("QUICK_ANSWERS_IBLOCK_ID", Int, "0"),
    ("SESSION_PRIORITY", Int, "0"),
    ("TYPE_MAX_CHAT", Choice(&["answered", "answered_new", "closed"]), "answered_new"),
    ("MAX_CHAT", Int, "0"),
    ("OPERATOR_DATA", Choice(&["profile", "queue", "hide"]), "profile"),
    ("DEFAULT_OPERATOR_DATA", List, ""),
    ("KPI_FIRST_ANSWER_TIME", Int, "0"),
    ("KPI_FIRST_ANSWER_ALERT", Flag, "N"),
    ("KPI_FIRST_ANSWER_LIST", List, ""),
    ("KPI_FIRST_ANSWER_TEXT", Text, ""),
    ("KPI_FURTHER_ANSWER_TIME", Int, "0"),
    ("KPI_FURTHER_ANSWER_ALERT", Flag, "N"),
    ("KPI_FURTHER_ANSWER_LIST", List, ""),
    ("KPI_FURTHER_ANSWER_TEXT", Text, ""),
    ("KPI_CHECK_OPERATOR_ACTIVITY", Flag, "N"),
    ("SEND_NOTIFICATION_EMPTY_QUEUE", Flag, "N"),
    ("USE_WELCOME_FORM", Flag, "N"),
    ("WELCOME_FORM_ID", Int, "0"),
    ("WELCOME_FORM_DELAY", Flag, "Y"),
    ("SEND_WELCOME_EACH_SESSION", Flag, "Y"),
    ("CONFIRM_CLOSE", Flag, "Y"),
    ("IGNORE_WELCOME_FORM_RESPONSIBLE", Flag, "N"),
];

/// What a request sets, on top of what was set before.
///
/// # Errors
/// `INVALID_FORMAT` for a value that a setting cannot have.
pub fn read(given: &Map, before: Map) -> Result<Map> {
    let mut set = before;
    for (name, kind, _) in SETTINGS {
        let Some(value) = given.get_any_case(name) else { continue };
        let text = || value.text().filter(|text| text.chars().count() <= LONGEST);
        let taken = match kind {
            Flag => value.as_flag().map(|flag| Value::from(if flag { "Y" } else { "N" })),
            Int if value.is_empty() => Some("0".into()),
            Int => value.as_int().map(|number| number.to_string().into()),
            Text => text().map(|text| Value::from(text.into_owned())),
            Choice(choices) => value.as_str().filter(|one| choices.contains(one)).map(Value::from),
            List => (value.is_empty() || value.is_array() || value.as_str().is_some())
                .then(|| value.clone())
                .filter(|value| value.weight() <= LARGEST),
        };
        let Some(taken) = taken else {
            let text = format!("A wrong value of the field '{name}' is passed");
            return Err(Fault::new(400, "INVALID_FORMAT", text).into());
        };
        set.insert(*name, taken);
    }
    Ok(set)
}

/// A setting as it is, or else its default.
pub fn of(set: &serde_json::Value, name: &str) -> String {
    let default = || SETTINGS.iter().find(|(known, _, _)| *known == name).map_or("", |(_, _, value)| *value);
    set.get(name).and_then(serde_json::Value::as_str).unwrap_or_else(default).to_owned()
}

/// All settings.
pub fn show(set: &serde_json::Value, into: &mut Map) {
    for (name, kind, default) in SETTINGS {
        let usual = || if matches!(kind, List) { Value::List(Vec::new()) } else { Value::from(*default) };
        into.push(*name, set.get(name).cloned().map_or_else(usual, Value::from));
    }
}
