//! Values that a request brings: texts, dates, names, and lists for tables.

use std::collections::BTreeMap;

use engine::moment::Clock;
use serde_json::{Map, Value as Json};
use wire::Value;

use super::{Data, Datum, Field, List, Person, inner, picture};

/// The most lists that a request may bring.
const MAX_LISTS: usize = 50;

/// Data that consists of what a request brings. `fields` says of codes what type they have, and which are lists.
pub fn given(values: &Json, fields: &Json, clock: &Clock<'_>) -> Data {
    let mut data = Data { nested: true, ..Data::default() };
    let Json::Object(values) = values else { return data };
    let lists: Vec<(&str, &str, &Vec<Json>)> = values
        .iter()
        .filter_map(|(code, value)| Some((code.as_str(), item_name(&fields[code])?, value.as_array()?)))
        .take(MAX_LISTS)
        .collect();
    for (_, _, rows) in &lists {
        let texts = rows.iter().filter_map(Json::as_object).flat_map(Map::values).filter_map(Json::as_str);
        data.inner.extend(texts.flat_map(inner));
    }
    let mut found: Vec<List> = vec![List::default(); lists.len()];
    for (code, value) in values {
        let declared = &fields[code];
        let chain = value.as_str().unwrap_or_default();
        let in_list = lists
            .iter()
            .position(|(list, ..)| chain.strip_prefix(list).is_some_and(|rest| rest.starts_with('.')));
        let field = Field {
            title: declared["TITLE"].as_str().unwrap_or_default().to_owned(),
            format: declared["FORMAT"]["format"].as_str().map(str::to_owned),
            ..Field::default()
        };
        match in_list {
            Some(at) => {
                let (list, item, rows) = lists[at];
                fill(&mut found[at], code, &chain[list.len() + 1..], item, rows, declared, clock);
                found[at].fields.insert(code.clone(), field);
            }
            None if item_name(declared).is_some() => {}
            None => {
                let value = datum(value, declared, clock);
                data.fields.insert(code.clone(), Field { value, ..field });
            }
        }
    }
    data.lists = found;
    data
}

/// Puts what a request brings over data of an item; a list of texts goes into the rows of the field's list.
pub fn overlay(data: &mut Data, values: &Json, fields: &Json, clock: &Clock<'_>) {
    let Json::Object(values) = values else { return };
    for (code, value) in values {
        // What is drawn stays so without a word about its type.
        if let Some(Field { value: Datum::Picture(_, kept), .. }) = data.fields.get_mut(code) {
            *kept = picture::given(value).or(kept.take());
            continue;
        }
        if let Some(texts) = value.as_array() {
            for list in data.lists.iter_mut().filter(|list| list.fields.contains_key(code)) {
                list.rows.iter_mut().zip(texts).for_each(|(row, text)| {
                    row.insert(code.clone(), datum(text, &fields[code], clock));
                });
            }
            continue;
        }
        let value = datum(value, &fields[code], clock);
        let format = fields[code]["FORMAT"]["format"].as_str().map(str::to_owned);
        let field = data.fields.entry(code.clone()).or_default();
        *field = Field { value, format, ..field.clone() };
    }
}

/// The name of the rows of a list, if a field is one.
fn item_name(declared: &Json) -> Option<&str> {
    let provider = declared["PROVIDER"].as_str()?;
    let is_list = provider.to_ascii_lowercase().ends_with("arraydataprovider");
    is_list.then(|| declared["OPTIONS"]["ITEM_NAME"].as_str().unwrap_or("ITEM"))
}

/// The values of a field of a list: `Item.Name`, or `INDEX` for the number of the row.
fn fill(
    list: &mut List,
    code: &str,
    chain: &str,
    item: &str,
    rows: &[Json],
    declared: &Json,
    clock: &Clock<'_>,
) {
    list.rows.resize(rows.len(), BTreeMap::new());
    let path = chain.strip_prefix(item).and_then(|rest| rest.strip_prefix('.')).unwrap_or(chain);
    for (at, (row, into)) in rows.iter().zip(&mut list.rows).enumerate() {
        let value = match path {
            "INDEX" => Datum::Text((at + 1).to_string()),
            path => datum(path.split('.').fold(row, |value, name| &value[name]), declared, clock),
        };
        into.insert(code.to_owned(), value);
    }
}

fn datum(value: &Json, declared: &Json, clock: &Clock<'_>) -> Datum {
    let kind = declared["TYPE"].as_str().unwrap_or_default().to_ascii_uppercase();
    match (kind.as_str(), value) {
        ("IMAGE", _) => Datum::Picture("IMAGE", picture::given(value)),
        ("STAMP", _) => Datum::Picture("STAMP", picture::given(value)),
        ("NAME", Json::Object(_)) => Datum::Name(Person::read(value)),
        (_, Json::Object(parts)) if parts.contains_key("NAME") => Datum::Name(Person::read(value)),
        ("DATE", Json::String(text)) => match clock.read(&Value::from(text.as_str())) {
            Some(seconds) => Datum::Moment(seconds),
            None => Datum::of(text.as_str()),
        },
        (_, Json::String(text)) => Datum::of(text.as_str()),
        (_, Json::Number(number)) => Datum::Text(number.to_string()),
        (_, Json::Bool(flag)) => Datum::of(if *flag { "1" } else { "" }),
        (_, Json::Null | Json::Array(_) | Json::Object(_)) => Datum::Empty,
    }
}
