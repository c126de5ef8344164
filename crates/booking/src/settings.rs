//! What resources and their types say of messages to clients. It is kept and shown; no messages are sent.

use engine::entity::Kind;
use engine::error::Result;
use engine::method::{Kind as Given, Param, optional};
use engine::noun::{Field, ID, field};
use wire::{Map, Value};

use crate::words::unfit;

/// Templates of messages.
const TEMPLATES: &[&str] = &["inanimate", "animate"];
/// Those of reminders.
const REMINDERS: &[&str] = &["base"];
/// Seconds, and numbers of messages, at most.
const MOST: i64 = 100 * 365 * 86_400;

/// The fields.
const SETTINGS: [Field; 18] = [
    flag("isInfoNotificationOn", "Message about the booking"),
    template("templateTypeInfo", "Template of the message about the booking"),
    flag("isConfirmationNotificationOn", "Request for confirmation"),
    template("templateTypeConfirmation", "Template of the request for confirmation"),
    flag("isReminderNotificationOn", "Reminder of the booking"),
    field("templateTypeReminder", Kind::Choice(REMINDERS), "Template of the reminder").default("base"),
    flag("isFeedbackNotificationOn", "Request for feedback"),
    template("templateTypeFeedback", "Template of the request for feedback"),
    flag("isDelayedNotificationOn", "Message to clients who are late"),
    template("templateTypeDelayed", "Template of the message to clients who are late"),
    number("infoNotificationDelay", "Seconds until the message about the booking"),
    number(
        "reminderNotificationDelay",
        "Seconds between reminder and booking; -1 for the morning of the day",
    )
    .default("-1"),
    number("delayedNotificationDelay", "Seconds until the message to clients who are late").default("300"),
    number("delayedCounterDelay", "Seconds until late clients are counted").default("300"),
    number("confirmationNotificationDelay", "Seconds between request for confirmation and booking")
        .default("86400"),
    number("confirmationNotificationRepetitions", "Further requests for confirmation"),
    number("confirmationNotificationRepetitionsInterval", "Seconds between requests for confirmation")
        .default("10800"),
    number("confirmationCounterDelay", "Seconds before the booking at which unconfirmed ones are counted")
        .default("10800"),
];

/// What requests call fields that answers call otherwise.
const ALIASES: [(&str, &str); 6] = [
    ("infoDelay", "infoNotificationDelay"),
    ("reminderDelay", "reminderNotificationDelay"),
    ("delayedDelay", "delayedNotificationDelay"),
    ("confirmationDelay", "confirmationNotificationDelay"),
    ("confirmationRepetitions", "confirmationNotificationRepetitions"),
    ("confirmationRepetitionsInterval", "confirmationNotificationRepetitionsInterval"),
];

const fn flag(name: &'static str, title: &'static str) -> Field {
    field(name, Kind::Char, title).default("Y")
}

const fn template(name: &'static str, title: &'static str) -> Field {
    field(name, Kind::Choice(TEMPLATES), title).default("inanimate")
}

const fn number(name: &'static str, title: &'static str) -> Field {
    field(name, Kind::Integer, title)
}

/// A noun's own fields, followed by these.
pub const fn with_settings<const OWN: usize, const ALL: usize>(own: [Field; OWN]) -> [Field; ALL] {
    assert!(ALL == OWN + SETTINGS.len());
    let (mut all, mut at) = ([ID; ALL], 0);
    while at < ALL {
        all[at] = if at < OWN { own[at] } else { SETTINGS[at - OWN] };
        at += 1;
    }
    all
}

/// What a request may say of them.
pub fn params() -> Vec<Param> {
    let param = |field: &Field| {
        let name =
            ALIASES.iter().find(|(_, name)| *name == field.name).map_or(field.name, |(short, _)| short);
        let kind = match field.kind {
            Kind::Char => Given::Flag,
            Kind::Integer => Given::Int,
            _ => Given::Text,
        };
        let param = optional(name, kind, field.title);
        if let Kind::Choice(choices) = field.kind { param.one_of(choices) } else { param }
    };
    SETTINGS.iter().map(param).collect()
}

/// Takes what a request says of them, under the names of fields.
///
/// # Errors
/// 422 for a value that a field cannot have.
pub fn read(given: &Map, into: &mut Map) -> Result<()> {
    for field in &SETTINGS {
        let alias = ALIASES.iter().find(|(_, name)| *name == field.name).map(|(short, _)| *short);
        let Some(value) = alias.and_then(|name| given.get(name)).or_else(|| given.get(field.name)) else {
            continue;
        };
        let fits = match field.kind {
            Kind::Char => value.as_flag().is_some(),
            Kind::Choice(choices) => value.as_str().is_some_and(|one| choices.contains(&one)),
            _ => value.is_empty() || value.as_int().is_some_and(|number| (-1..=MOST).contains(&number)),
        };
        if !fits {
            return Err(unfit(alias.unwrap_or(field.name)).into());
        }
        into.push(field.name, if value.is_empty() { Value::Null } else { value.clone() });
    }
    Ok(())
}
