//! `PARAMS` of a recurring deal: how often deals are made of it, and their dates.

use engine::entity::{Field, Kind, describe};
use engine::texts::Locale;
use jiff::civil::Date;
use serde_json::{Map as Json, Value as JsonValue, json};
use wire::{Map, Value};

use super::plan::{Rhythm, Unit};

/// A member: its name, its title, and whether it is a number; the others are words.
struct Member(&'static str, &'static str, bool);

const MEMBERS: [Member; 9] = [
    Member("MODE", "Repetition mode", false),
    Member("SINGLE_BEFORE_START_DATE_TYPE", "Unit of the time before the start date", false),
    Member("SINGLE_BEFORE_START_DATE_VALUE", "Time before the start date", true),
    Member("MULTIPLE_TYPE", "Unit of the interval", false),
    Member("MULTIPLE_INTERVAL", "Interval", true),
    Member("OFFSET_BEGINDATE_TYPE", "Unit of the time until the start of the deal", false),
    Member("OFFSET_BEGINDATE_VALUE", "Time until the start of the deal", true),
    Member("OFFSET_CLOSEDATE_TYPE", "Unit of the time until the end of the deal", false),
    Member("OFFSET_CLOSEDATE_VALUE", "Time until the end of the deal", true),
];

const MODES: [&str; 2] = ["single", "multiple"];

/// What is kept of the members of a request, over those of before: words that mean nothing count as none.
pub fn complete(given: &JsonValue, old: &JsonValue) -> JsonValue {
    let known = |name: &str, word: &str| match name {
        "MODE" => MODES.contains(&word),
        _ => Unit::parse(word).is_some(),
    };
    let mut kept = Json::new();
    for Member(name, _, is_number) in MEMBERS {
        let value = given.get(name).or_else(|| old.get(name)).unwrap_or(&JsonValue::Null);
        let value = match value {
            value if is_number => json!(number(value).max(0)),
            JsonValue::String(word) if known(name, word) => json!(word),
            _ if name == "MODE" => json!(MODES[1]),
            _ => JsonValue::Null,
        };
        kept.insert(name.to_owned(), value);
    }
    kept.into()
}

fn number(value: &JsonValue) -> i64 {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok()).unwrap_or(0)
}

fn unit(params: &JsonValue, name: &str) -> Option<Unit> {
    params.get(name).and_then(JsonValue::as_str).and_then(Unit::parse)
}

fn count(params: &JsonValue, name: &str) -> i64 {
    params.get(name).map_or(0, number)
}

/// How often deals are made.
pub fn rhythm(params: &JsonValue) -> Rhythm {
    let unit = |name| unit(params, name).unwrap_or(Unit::Day);
    match params.get("MODE").and_then(JsonValue::as_str) == Some(MODES[0]) {
        true => Rhythm::Once(
            unit("SINGLE_BEFORE_START_DATE_TYPE"),
            count(params, "SINGLE_BEFORE_START_DATE_VALUE"),
        ),
        false => Rhythm::Every(unit("MULTIPLE_TYPE"), count(params, "MULTIPLE_INTERVAL")),
    }
}

/// The dates of a deal that is made on that day, by field, as far as they follow from it.
pub fn dates(params: &JsonValue, today: Date) -> impl Iterator<Item = (&'static str, Date)> {
    ["BEGINDATE", "CLOSEDATE"].into_iter().filter_map(move |field| {
        let unit = unit(params, &format!("OFFSET_{field}_TYPE"))?;
        Some((field, unit.after(today, count(params, &format!("OFFSET_{field}_VALUE")))?))
    })
}

/// What is said of the members.
pub fn definition(language: Locale) -> Value {
    let described = MEMBERS.iter().map(|Member(name, title, is_number)| {
        let kind = if *is_number { Kind::Integer } else { Kind::String };
        ((*name).into(), describe::plain(&Field::new(name, kind, title), kind.wire_name(), language))
    });
    described.collect::<Map>().into_value()
}
