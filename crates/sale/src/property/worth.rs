//! What a property may hold, as rows keep it.

use engine::call::Call;
use engine::entity::codec;
use engine::error::Result;
use engine::noun::{self, Row};
use rust_decimal::Decimal;
use serde_json::Value as Json;
use wire::Value;

use super::variant::VARIANT;
use crate::kit::refused;

/// Values that a multiple property holds at most.
const MOST: usize = 100;

/// Bytes of a value at most.
const LENGTH: usize = 60_000;

/// A value as rows keep it: text, or a list of texts as JSON.
pub fn kept(call: &mut Call<'_, '_>, property: &Row, value: &Value) -> Result<Option<String>> {
    let members: Vec<&Value> = match value {
        Value::List(list) => list.iter().collect(),
        one => vec![one],
    };
    let is_multiple = property.text("multiple") == "Y";
    if members.len() > if is_multiple { MOST } else { 1 } {
        return Err(unfit(property));
    }
    let mut texts = Vec::with_capacity(members.len());
    for member in members.into_iter().filter(|member| !member.is_empty()) {
        texts.push(one(call, property, member)?);
    }
    if texts.is_empty() && property.text("required") == "Y" {
        return Err(refused(format!("Required fields: {}", property.text("name"))));
    }
    Ok(match is_multiple {
        true => Some(Json::from(texts).to_string()),
        false => texts.pop(),
    })
}

fn one(call: &mut Call<'_, '_>, property: &Row, value: &Value) -> Result<String> {
    let text = match value.text() {
        Some(text) => text.into_owned(),
        None if property.text("type") == "ADDRESS" => Json::from(value).to_string(),
        None => return Err(unfit(property)),
    };
    let fits = text.len() <= LENGTH
        && match property.text("type") {
            "STRING" => is_long_enough(property, &text),
            "NUMBER" => is_within(property, &text),
            "Y/N" => ["Y", "N"].contains(&&*text),
            "DATE" => call.clock().read(value).is_some(),
            "ENUM" => has_variant(call, property, &text)?,
            // Orders keep no files.
            "FILE" => false,
            _ => true,
        };
    if fits { Ok(text) } else { Err(unfit(property)) }
}

fn setting(property: &Row, name: &str) -> Option<Decimal> {
    property.json("settings").get(name)?.as_str()?.parse().ok()
}

fn is_long_enough(property: &Row, text: &str) -> bool {
    let length = Decimal::from(text.chars().count());
    setting(property, "minlength").is_none_or(|least| length >= least)
        && setting(property, "maxlength").is_none_or(|most| most.is_zero() || length <= most)
}

fn is_within(property: &Row, text: &str) -> bool {
    text.trim().parse::<Decimal>().is_ok_and(|number| {
        setting(property, "min").is_none_or(|least| number >= least)
            && setting(property, "max").is_none_or(|most| number <= most)
    })
}

fn has_variant(call: &mut Call<'_, '_>, property: &Row, code: &str) -> Result<bool> {
    let values = [("orderPropsId", property.number.into()), ("value", code.to_owned().into())];
    noun::has(call, &VARIANT, &values)
}

fn unfit(property: &Row) -> engine::Error {
    refused(format!("Invalid value of property {}", property.text("name")))
}

/// A value as answers show it.
pub fn shown(row: &Row) -> Value {
    match (row.text("list"), row.text("value")) {
        ("Y", list) => codec::json(&list.to_owned().into()).into(),
        (_, "") => Value::Null,
        (_, text) => text.to_owned().into(),
    }
}
