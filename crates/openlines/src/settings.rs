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

/// Names, types, defaults and titles.
pub const SETTINGS: &[(&str, Kind, &str, &str)] = &[
    ("CRM", Flag, "Y", "Look clients up in the CRM"),
    ("CRM_CREATE", Text, "none", "What to add to the CRM for unknown clients"),
    ("CRM_CREATE_SECOND", Text, "", "Pipeline of what is added"),
    ("CRM_CREATE_THIRD", Flag, "Y", "Add clients from what they tell"),
    ("CRM_FORWARD", Flag, "Y", "Forward to whoever is responsible in the CRM"),
    ("CRM_CHAT_TRACKER", Flag, "N", "Track chats in the CRM"),
    ("CRM_TRANSFER_CHANGE", Flag, "Y", "A transfer changes who is responsible"),
    ("CRM_SOURCE", Text, "create", "Source in the CRM"),
    ("QUEUE_TIME", Int, "60", "Seconds until the next operator"),
    ("NO_ANSWER_TIME", Int, "60", "Seconds until nobody has answered"),
    ("CHECK_AVAILABLE", Flag, "Y", "Leave out operators who are away"),
    ("WATCH_TYPING", Flag, "N", "Show what clients type"),
    ("WELCOME_BOT_ENABLE", Flag, "N", "A bot greets"),
    ("WELCOME_MESSAGE", Flag, "N", "Greet with a text"),
    ("WELCOME_MESSAGE_TEXT", Text, "", "Text of the greeting"),
    ("VOTE_MESSAGE", Flag, "N", "Ask clients for a rating"),
    ("VOTE_TIME_LIMIT", Int, "0", "Seconds in which to rate"),
    ("VOTE_BEFORE_FINISH", Flag, "Y", "Ask before the dialog ends"),
    ("VOTE_CLOSING_DELAY", Flag, "Y", "Close once it is rated"),
    ("VOTE_MESSAGE_1_TEXT", Text, "", "Question for a rating in the site's chat"),
    ("VOTE_MESSAGE_1_LIKE", Text, "", "Thanks for a good rating in the site's chat"),
    ("VOTE_MESSAGE_1_DISLIKE", Text, "", "Answer to a bad rating in the site's chat"),
    ("VOTE_MESSAGE_2_TEXT", Text, "", "Question for a rating elsewhere"),
    ("VOTE_MESSAGE_2_LIKE", Text, "", "Thanks for a good rating elsewhere"),
    ("VOTE_MESSAGE_2_DISLIKE", Text, "", "Answer to a bad rating elsewhere"),
    ("AGREEMENT_MESSAGE", Flag, "N", "Ask for consent"),
    ("AGREEMENT_ID", Int, "0", "Agreement for consent"),
    ("CATEGORY_ENABLE", Flag, "N", "Sort dialogs into categories"),
    ("CATEGORY_ID", Int, "0", "Category of dialogs"),
    ("WELCOME_BOT_JOIN", Choice(&["first", "always"]), "always", "When the bot joins"),
    ("WELCOME_BOT_ID", Int, "0", "Bot that greets"),
    ("WELCOME_BOT_TIME", Int, "180", "Seconds until the bot passes on"),
    ("WELCOME_BOT_LEFT", Choice(&["queue", "close"]), "queue", "What comes after the bot"),
    ("NO_ANSWER_RULE", Choice(&["none", "text"]), "none", "What happens when nobody answers"),
    ("NO_ANSWER_FORM_ID", Int, "0", "Form when nobody answers"),
    ("NO_ANSWER_BOT_ID", Int, "0", "Bot when nobody answers"),
    ("NO_ANSWER_TEXT", Text, "", "Text when nobody answers"),
    ("WORKTIME_ENABLE", Flag, "N", "Keep business hours"),
    ("WORKTIME_FROM", Text, "9", "Business hours begin"),
    ("WORKTIME_TO", Text, "18.30", "Business hours end"),
    ("WORKTIME_TIMEZONE", Text, "UTC", "Time zone of business hours"),
    ("WORKTIME_HOLIDAYS", List, "", "Holidays"),
    ("WORKTIME_DAYOFF", List, "", "Days off"),
    ("WORKTIME_DAYOFF_RULE", Choice(&["none", "text"]), "none", "What happens outside of business hours"),
    ("WORKTIME_DAYOFF_FORM_ID", Int, "0", "Form outside of business hours"),
    ("WORKTIME_DAYOFF_BOT_ID", Int, "0", "Bot outside of business hours"),
    ("WORKTIME_DAYOFF_TEXT", Text, "", "Text outside of business hours"),
    ("CLOSE_RULE", Choice(&["none", "text"]), "none", "What happens at the end"),
    ("CLOSE_FORM_ID", Int, "0", "Form at the end"),
    ("CLOSE_BOT_ID", Int, "0", "Bot at the end"),
    ("CLOSE_TEXT", Text, "", "Text at the end"),
    ("FULL_CLOSE_TIME", Int, "0", "Minutes until it is closed for good"),
    ("AUTO_CLOSE_RULE", Choice(&["none", "text"]), "none", "What happens when the client is silent"),
    ("AUTO_CLOSE_FORM_ID", Int, "0", "Form when the client is silent"),
    ("AUTO_CLOSE_BOT_ID", Int, "0", "Bot when the client is silent"),
    ("AUTO_CLOSE_TIME", Int, "3600", "Seconds of silence until the end"),
    ("AUTO_CLOSE_TEXT", Text, "", "Text when the client is silent"),
    ("AUTO_EXPIRE_TIME", Int, "86400", "Seconds until a dialog expires"),
    ("TEMPORARY", Flag, "N", "Not finished yet"),
    ("LANGUAGE_ID", Text, "en", "Language of what clients are told"),
    ("QUICK_ANSWERS_IBLOCK_ID", Int, "0", "List of quick answers"),
    ("SESSION_PRIORITY", Int, "0", "Seconds that count as waited"),
    (
        "TYPE_MAX_CHAT",
        Choice(&["answered", "answered_new", "closed"]),
        "answered_new",
        "Which dialogs count against the limit",
    ),
    ("MAX_CHAT", Int, "0", "Dialogs of an operator at most"),
    ("OPERATOR_DATA", Choice(&["profile", "queue", "hide"]), "profile", "How operators are shown to clients"),
    ("DEFAULT_OPERATOR_DATA", List, "", "What clients see in place of operators"),
    ("KPI_FIRST_ANSWER_TIME", Int, "0", "Seconds for the first answer"),
    ("KPI_FIRST_ANSWER_ALERT", Flag, "N", "Tell of late first answers"),
    ("KPI_FIRST_ANSWER_LIST", List, "", "Who is told of late first answers"),
    ("KPI_FIRST_ANSWER_TEXT", Text, "", "Text about late first answers"),
    ("KPI_FURTHER_ANSWER_TIME", Int, "0", "Seconds for further answers"),
    ("KPI_FURTHER_ANSWER_ALERT", Flag, "N", "Tell of late further answers"),
    ("KPI_FURTHER_ANSWER_LIST", List, "", "Who is told of late further answers"),
    ("KPI_FURTHER_ANSWER_TEXT", Text, "", "Text about late further answers"),
    ("KPI_CHECK_OPERATOR_ACTIVITY", Flag, "N", "Count only while operators are there"),
    ("SEND_NOTIFICATION_EMPTY_QUEUE", Flag, "N", "Tell when the queue is empty"),
    ("USE_WELCOME_FORM", Flag, "N", "Begin with a form"),
    ("WELCOME_FORM_ID", Int, "0", "Form to begin with"),
    ("WELCOME_FORM_DELAY", Flag, "Y", "Show the form only after a message"),
    ("SEND_WELCOME_EACH_SESSION", Flag, "Y", "Greet in each session"),
    ("CONFIRM_CLOSE", Flag, "Y", "Ask before closing"),
    ("IGNORE_WELCOME_FORM_RESPONSIBLE", Flag, "N", "Leave out whom the form names as responsible"),
];

/// What a request sets, on top of what was set before.
///
/// # Errors
/// `INVALID_FORMAT` for a value that a setting cannot have.
pub fn read(given: &Map, before: Map) -> Result<Map> {
    let mut set = before;
    for (name, kind, _, _) in SETTINGS {
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
    let default = || SETTINGS.iter().find(|(known, ..)| *known == name).map_or("", |(_, _, value, _)| *value);
    set.get(name).and_then(serde_json::Value::as_str).unwrap_or_else(default).to_owned()
}

/// All settings.
pub fn show(set: &serde_json::Value, into: &mut Map) {
    for (name, kind, default, _) in SETTINGS {
        let usual = || if matches!(kind, List) { Value::List(Vec::new()) } else { Value::from(*default) };
        into.push(*name, set.get(name).cloned().map_or_else(usual, Value::from));
    }
}
