//! What a type of user fields is: its values, and the settings of each field of it.

use std::collections::BTreeMap;

use serde_json::{Map as Json, Value as Setting, json};
use wire::{Map, Value};

use crate::entity::{Declared, Kind};
use crate::input::yes_no;
use crate::texts::{Locale, Topic};

/// Characters that a text setting may have.
const TEXT_LENGTH: usize = 4000;

/// How a choice among rows may look.
pub const LIST_APPEARANCE: Form = Form::Word(&["LIST", "UI", "CHECKBOX", "DIALOG"]);

/// A type.
pub struct Type {
    /// `USER_TYPE_ID`
    pub id: &'static str,
    /// Its display name.
    pub title: &'static str,
    /// What the values of its fields are.
    pub kind: Kind,
    settings: &'static [Entry],
    complete: fn(&mut Json<String, Setting>, &Map, &Setting),
}

/// A setting of a type.
pub struct Entry {
    key: &'static str,
    form: Form,
    /// Its title, for documented settings.
    title: Option<&'static str>,
}

/// The type of a setting; other values are ignored.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// Text, this one at first
    Text(&'static str),
    /// A whole number, the first one at first, at least the second
    Count(i64, i64),
    /// A whole number, or nothing
    Int,
    /// A number, or nothing
    Number,
    /// 1 or 0
    Bit,
    /// `Y` or `N`, this one at first
    Flag(&'static str),
    /// One of these words, the first one at first
    Word(&'static [&'static str]),
    /// A day or moment, as `{TYPE: NONE|NOW|FIXED, VALUE}`
    When,
    /// Texts
    Texts(&'static [&'static str]),
    /// Rows of these texts
    Rows(&'static [&'static str]),
    /// Always this object; nothing is taken
    Fixed(fn() -> Setting),
}

/// A documented setting.
pub const fn shown(key: &'static str, form: Form, title: &'static str) -> Entry {
    Entry { key, form, title: Some(title) }
}

/// A setting that is not documented.
pub const fn hidden(key: &'static str, form: Form) -> Entry {
    Entry { key, form, title: None }
}

impl std::fmt::Debug for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Type({})", self.id)
    }
}

impl Type {
    pub(super) const fn new(
        id: &'static str,
        title: &'static str,
        kind: Kind,
        settings: &'static [Entry],
    ) -> Self {
        Type { id, title, kind, settings, complete: |_, _, _| {} }
    }

    /// A type that a module declares.
    pub const fn declared(
        values: &'static Declared,
        title: &'static str,
        settings: &'static [Entry],
    ) -> Self {
        Type::new(values.name, title, Kind::Declared(values), settings)
    }

    /// Completes the settings of a field, with those given and those it had.
    #[must_use]
    pub const fn completed(self, complete: fn(&mut Json<String, Setting>, &Map, &Setting)) -> Self {
        Type { complete, ..self }
    }

    /// The settings of a field: those given, then those it had, then the usual ones.
    pub fn merge(&self, given: &Map, old: &Setting) -> Setting {
        let mut merged = Json::new();
        for entry in self.settings {
            let taken = given.get(entry.key).and_then(|value| entry.form.read(value));
            let kept = || old.get(entry.key).cloned();
            merged.insert(entry.key.to_owned(), taken.or_else(kept).unwrap_or_else(|| entry.form.usual()));
        }
        (self.complete)(&mut merged, given, old);
        Setting::Object(merged)
    }

    /// The documented settings, as `crm.userfield.settings.fields` lists them.
    pub fn describe(&self, language: Locale) -> Value {
        let documented = self.settings.iter().filter_map(|entry| Some((entry, entry.title?)));
        let described = documented.map(|(entry, title)| {
            let mut map = Map::with_capacity(2);
            map.push("type", entry.form.type_name());
            map.push("title", language.text(Topic::Fields, title));
            (entry.key.into(), Value::Map(map))
        });
        described.collect::<Map>().into()
    }
}

impl Form {
    fn type_name(self) -> &'static str {
        match self {
            Form::Count(..) | Form::Int | Form::Bit => "int",
            Form::Number => "double",
            Form::Flag(_) => "char",
            Form::When | Form::Fixed(_) => "object",
            Form::Texts(_) | Form::Rows(_) => "array",
            Form::Text(_) | Form::Word(_) => "string",
        }
    }

    fn usual(self) -> Setting {
        match self {
            Form::Text(text) | Form::Flag(text) => json!(text),
            Form::Count(number, _) => json!(number),
            Form::Int | Form::Number => Setting::Null,
            Form::Bit => json!(0),
            Form::Word(words) => json!(words[0]),
            Form::When => json!({"TYPE": "NONE", "VALUE": ""}),
            Form::Texts(texts) => json!(texts),
            Form::Rows(_) => json!([]),
            Form::Fixed(object) => object(),
        }
    }

    /// A value that was given as this setting; `None` for one that is passed over.
    pub fn read(self, value: &Value) -> Option<Setting> {
        let text = |value: &Value| Some(value.text()?.chars().take(TEXT_LENGTH).collect::<String>());
        Some(match self {
            Form::Text(_) => json!(text(value)?),
            Form::Count(_, least) => json!(value.as_int().filter(|number| *number >= least)?),
            Form::Int => json!(value.as_int()),
            Form::Number => json!(value.as_float()),
            Form::Bit => json!(i64::from(value.as_flag().or_else(|| Some(value.as_int()? > 0))?)),
            Form::Flag(_) => json!(yes_no(value.as_flag()?)),
            Form::Word(words) => json!(words.iter().find(|word| Some(**word) == value.as_str())?),
            Form::When => {
                let kind = ["NONE", "NOW", "FIXED"]
                    .into_iter()
                    .find(|kind| value.get("TYPE").and_then(Value::as_str) == Some(kind))?;
                let day = value.get("VALUE").and_then(text).filter(|_| kind == "FIXED");
                json!({"TYPE": kind, "VALUE": day.unwrap_or_default()})
            }
            Form::Texts(_) if value.is_array() => value.items().take(100).filter_map(text).collect(),
            Form::Rows(keys) if value.is_array() => {
                let row = |row: &Value| {
                    let member = |key: &&'static str| (*key, row.get(key).and_then(text).unwrap_or_default());
                    keys.iter().map(member).collect::<BTreeMap<_, _>>()
                };
                json!(value.items().take(100).map(row).collect::<Vec<_>>())
            }
            Form::Texts(_) | Form::Rows(_) | Form::Fixed(_) => return None,
        })
    }
}
