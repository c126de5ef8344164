//! Parts of a history, under the names that they have there.

use std::collections::{BTreeMap, BTreeSet};

use engine::call::Call;
use engine::entity::field;
use engine::error::Result;
use engine::noun::Row;
use serde_json::json;
use wire::{Map, Value};

use crate::messenger;

/// Messages that the messenger shows at once.
const PAGE: i64 = 50;

/// The fields of an answer of chats under camelCase names.
pub fn camel(answer: &Value) -> Map {
    let mut shown = Map::new();
    for (name, value) in answer.entries() {
        let value = if matches!(value, Value::Map(_)) { camel(value).into() } else { value.clone() };
        shown.push(field::camel(&name), value);
    }
    shown
}

/// Parameters of a message under camelCase names: `fileId`.
pub fn renamed(value: &Value) -> Value {
    match value {
        Value::Map(map) => {
            map.iter().map(|(name, value)| (camel_name(name).into(), renamed(value))).collect::<Map>().into()
        }
        Value::List(list) => list.iter().map(renamed).collect::<Vec<_>>().into(),
        other => other.clone(),
    }
}

fn camel_name(name: &str) -> String {
    let is_camel = name.bytes().any(|byte| byte.is_ascii_lowercase()) && !name.contains('_');
    if is_camel { name.to_owned() } else { field::camel(name) }
}

/// The files that messages name, by their numbers and under names in small letters, as a member of the chat sees them.
///
/// # Errors
/// Those of the messenger.
pub fn files(call: &mut Call<'_, '_>, chat: i64, messages: &[Row], member: Option<i64>) -> Result<Map> {
    let named: BTreeSet<i64> = messages.iter().flat_map(|row| ids(&row.json("params")["FILE_ID"])).collect();
    let mut shown = Map::new();
    let (Some(user), Some(first), Some(newest)) = (member, messages.last(), messages.first()) else {
        return Ok(shown);
    };
    let mut before = newest.number + 1;
    while !named.is_empty() && before > first.number {
        let params = json!({"DIALOG_ID": format!("chat{chat}"), "LAST_ID": before, "LIMIT": PAGE});
        let page = messenger::ask_as(call, user, "im.dialog.messages.get", params)?;
        for file in page.get("files").into_iter().flat_map(Value::items) {
            let id = file.get("id").and_then(Value::as_int).unwrap_or(0);
            if named.contains(&id) {
                shown.insert(id.to_string(), small(file));
            }
        }
        let oldest = page.get("messages").and_then(|messages| messages.items().last());
        before = oldest.and_then(|message| message.get("id")?.as_int()).unwrap_or(0);
    }
    Ok(shown)
}

fn ids(value: &serde_json::Value) -> Vec<i64> {
    value.as_array().into_iter().flatten().filter_map(serde_json::Value::as_i64).collect()
}

fn small(value: &Value) -> Value {
    match value {
        Value::Map(map) => map
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase().into(), small(value)))
            .collect::<Map>()
            .into(),
        other => other.clone(),
    }
}

/// The departments of people, with the people in them.
pub fn departments(people: &Map) -> Map {
    let mut shown: BTreeMap<i64, Vec<Value>> = BTreeMap::new();
    for (user, person) in people.iter() {
        for department in
            person.get("departments").into_iter().flat_map(Value::items).filter_map(Value::as_int)
        {
            shown.entry(department).or_default().push(Value::from(user));
        }
    }
    let one = |(id, users): (i64, Vec<Value>)| {
        (id.to_string().into(), Value::from(Map::from([("id", Value::Int(id)), ("users", users.into())])))
    };
    shown.into_iter().map(one).collect()
}
