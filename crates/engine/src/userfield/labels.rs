//! Labels of user fields in the languages of Bitrix24.

use serde_json::{Map as Json, Value as Label, json};
use wire::{Map, Value};

/// The labels of a field, in the order in which it shows them.
pub(super) const KINDS: [&str; 5] =
    ["EDIT_FORM_LABEL", "LIST_COLUMN_LABEL", "LIST_FILTER_LABEL", "ERROR_MESSAGE", "HELP_MESSAGE"];

/// The languages, in the order in which labels show them.
const LANGUAGES: [&str; 21] = [
    "ar", "br", "de", "en", "fr", "hi", "id", "in", "it", "ja", "kz", "la", "ms", "pl", "ru", "sc", "tc",
    "th", "tr", "ua", "vn",
];

const TEXT_LENGTH: usize = 255;

/// The labels of a new field: `LABEL` stands in for those, and for those languages, that are left out.
pub(super) fn read_new(fields: &Map) -> Label {
    let stand_in = fields.get("LABEL").and_then(text);
    let labels = KINDS.iter().filter_map(|kind| {
        let given = fields.get(kind).and_then(|value| read(value, stand_in.as_deref()));
        Some(((*kind).to_owned(), given.or_else(|| stand_in.clone().map(Label::from))?))
    });
    Label::Object(labels.collect())
}

/// The labels of a field after a change: a label that is given replaces the one there was in all languages.
pub(super) fn read_changed(fields: &Map, old: &Label) -> Label {
    let mut labels = old.as_object().cloned().unwrap_or_default();
    for kind in KINDS {
        if let Some(label) = fields.get(kind).and_then(|value| read(value, None)) {
            labels.insert(kind.to_owned(), label);
        }
    }
    Label::Object(labels)
}

/// One text for all languages, or texts by language.
fn read(value: &Value, stand_in: Option<&str>) -> Option<Label> {
    if !value.is_array() {
        return text(value).map(Label::from);
    }
    let by_language = LANGUAGES.iter().filter_map(|language| {
        let given = value.get(language).and_then(text);
        Some(((*language).to_owned(), json!(given.as_deref().or(stand_in)?)))
    });
    Some(Label::Object(by_language.collect::<Json<_, _>>()))
}

fn text(value: &Value) -> Option<String> {
    Some(value.text()?.chars().take(TEXT_LENGTH).collect())
}

/// A label in every language.
pub(super) fn show_all(labels: &Label, kind: &str) -> Value {
    let shown =
        LANGUAGES.iter().map(|language| ((*language).into(), in_language(labels, kind, language).into()));
    Value::Map(shown.collect())
}

/// The languages in which controllers show labels of every field, with null where there are none.
const ALWAYS: [&str; 2] = ["en", "ru"];

/// What controllers call the labels, in the order of [`KINDS`].
const NAMES: [&str; 5] =
    ["editFormLabel", "listColumnLabel", "listFilterLabel", "errorMessage", "helpMessage"];

/// The languages of a field's labels, and each label in those that it has, or as null in all of them.
pub(super) fn show_each(map: &mut Map, labels: &Label) {
    let has = |kind: &str, language: &str| !in_language(labels, kind, language).is_empty();
    let is_used = |language: &&str| ALWAYS.contains(language) || KINDS.iter().any(|kind| has(kind, language));
    let used: Vec<&'static str> = LANGUAGES.into_iter().filter(is_used).collect();
    map.push("languageId", Value::Map(used.iter().map(|one| ((*one).into(), (*one).into())).collect()));
    for (kind, name) in KINDS.into_iter().zip(NAMES) {
        let own = used.iter().filter(|language| has(kind, language));
        let mut shown: Map =
            own.map(|language| ((*language).into(), in_language(labels, kind, language).into())).collect();
        if shown.is_empty() {
            shown = used.iter().map(|language| ((*language).into(), Value::Null)).collect();
        }
        map.push(name, Value::Map(shown));
    }
}

/// The same in one language.
pub(super) fn show_language(map: &mut Map, labels: &Label, language: &str) {
    let only = |text: &str| Value::Map([(language.into(), text.into())].into_iter().collect());
    map.push("languageId", only(language));
    for (kind, name) in KINDS.into_iter().zip(NAMES) {
        map.push(name, show_one(labels, kind, language).map(|text| only(&text)));
    }
}

/// A label in one language; `None` when there is none.
pub(super) fn show_one(labels: &Label, kind: &str, language: &str) -> Option<String> {
    Some(in_language(labels, kind, language).to_owned()).filter(|text| !text.is_empty())
}

fn in_language<'l>(labels: &'l Label, kind: &str, language: &str) -> &'l str {
    let label = labels.get(kind);
    label.and_then(|label| label.as_str().or_else(|| label.get(language)?.as_str())).unwrap_or("")
}
