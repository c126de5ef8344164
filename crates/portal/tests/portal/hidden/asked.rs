//! The calls that are made of a method: its examples, and those with other numbers in them.

use portal::method::{Kind, Method, params};
use portal::{Error, Portal};
use serde_json::{Value as Json, json};
use store::Tx;

use crate::examples::MOMENT;

/// What a call answered, as text, and whether it was done.
pub struct Ask {
    pub answer: String,
    pub done: bool,
    /// What the store complained of: the method let through what it should have refused.
    pub fell: Option<String>,
}

/// Calls a method; what a refused one did is undone.
pub fn ask(
    portal: &Portal,
    tx: &mut Tx<'_>,
    user: (i64, bool),
    method: &'static Method,
    given: &Json,
) -> Ask {
    let done = tx.savepoint(|tx| portal.perform_as(tx, user, method, params(given), MOMENT));
    match done {
        Ok(reply) => Ask {
            answer: format!("{} {:?}", testportal::to_json(&reply.result), reply.fault),
            done: reply.fault.is_none(),
            fell: None,
        },
        Err(error) => Ask {
            answer: format!("{error:?}"),
            done: false,
            fell: matches!(error, Error::Store(_) | Error::Blobs(_)).then(|| error.to_string()),
        },
    }
}

/// Words in names of what is no number of a row.
const NO_NUMBERS: [&str; 14] = [
    "type", "limit", "offset", "start", "page", "version", "date", "time", "sort", "price", "quantity",
    "count", "iblock", "size",
];

/// A value within others.
struct Leaf {
    pointer: String,
    name: String,
}

/// Values below one, with where they stand.
fn leaves(value: &Json, pointer: &str, name: &str, all: &mut Vec<(String, String, Json)>) {
    let below = |key: &str| format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
    match value {
        Json::Object(members) => {
            members.iter().for_each(|(key, value)| leaves(value, &below(key), key, all));
        }
        Json::Array(list) => {
            for (at, value) in list.iter().enumerate() {
                leaves(value, &below(&at.to_string()), name, all);
            }
        }
        other => all.push((pointer.to_owned(), name.to_owned(), other.clone())),
    }
}

/// All texts in parameters.
pub fn texts(of: &Json) -> Vec<String> {
    let mut all = Vec::new();
    leaves(of, "", "", &mut all);
    let is_word = |value: &Json| value.as_str().is_some_and(|text| text.chars().any(char::is_alphabetic));
    all.into_iter().filter(|(.., value)| is_word(value)).map(|(pointer, ..)| pointer).collect()
}

/// A value with another number in it, if there is one.
fn renumbered(value: &Json, number: i64) -> Option<Json> {
    match value {
        Json::Number(old) if old.is_i64() => Some(json!(number)),
        Json::String(text) => {
            let word = text.trim_end_matches(|letter: char| letter.is_ascii_digit());
            let is_code = word.len() < text.len()
                && word.len() < 12
                && word.chars().all(|letter| letter.is_ascii_alphabetic() || "_:/$|".contains(letter));
            is_code.then(|| json!(format!("{word}{number}")))
        }
        _ => None,
    }
}

/// The calls to make.
pub fn asks(method: &Method, numbers: &[i64], each: bool) -> Vec<Json> {
    let mut all = vec![json!({})];
    for example in method.examples.iter().take(if each { 6 } else { 2 }) {
        all.push(example.params.clone());
        let mut values = Vec::new();
        leaves(&example.params, "", "", &mut values);
        let numbered: Vec<Leaf> = values
            .into_iter()
            .filter(|(.., value)| renumbered(value, 1).is_some())
            .map(|(pointer, name, _)| Leaf { pointer, name: name.to_ascii_lowercase() })
            .collect();
        let wanted = optional_numbers(method, &example.params);
        for number in numbers {
            let put = |params: &mut Json, leaf: &Leaf| {
                let value = params.pointer_mut(&leaf.pointer).expect("it is there");
                *value = renumbered(value, *number).expect("it has a number");
            };
            let mut every = example.params.clone();
            let rows = numbered.iter().filter(|leaf| !NO_NUMBERS.iter().any(|word| leaf.name.contains(word)));
            rows.for_each(|leaf| put(&mut every, leaf));
            all.push(every);
            if !each {
                continue;
            }
            for leaf in &numbered {
                let mut one = example.params.clone();
                put(&mut one, leaf);
                all.push(one);
            }
            for name in &wanted {
                let mut more = example.params.clone();
                more[name] = json!(number);
                all.push(more);
            }
        }
    }
    all.sort_by_cached_key(ToString::to_string);
    all.dedup();
    all
}

/// Parameters that are numbers of rows and not in an example.
fn optional_numbers(method: &Method, given: &Json) -> Vec<String> {
    let Some(given) = given.as_object() else { return Vec::new() };
    let is_number = |kind| matches!(kind, Kind::Id | Kind::Int);
    let names =
        method.params.iter().filter(|param| is_number(param.kind)).map(|param| param.name.to_string());
    names.filter(|name| !given.keys().any(|known| known.eq_ignore_ascii_case(name))).collect()
}
