//! The types a user field may have, and the settings of each.

use std::collections::BTreeMap;

use serde_json::{Map as Json, Value as Setting, json};
use wire::{Map, Value};

use crate::texts::{Locale, Topic};

/// Characters that a text setting may have.
const TEXT_LENGTH: usize = 4000;

/// A type.
pub(super) struct Type {
    /// `USER_TYPE_ID`
    pub id: &'static str,
    /// Its display name.
    pub title: &'static str,
    settings: &'static [Entry],
}

/// A setting of a type.
struct Entry {
    key: &'static str,
    form: Form,
    /// Its title, for documented settings.
    title: Option<&'static str>,
}

/// The type of a setting; other values are ignored.
#[derive(Clone, Copy)]
enum Form {
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
    /// The resources that there are: none, as long as there is no calendar; nothing is taken
    Resources,
}

const fn shown(key: &'static str, form: Form, title: &'static str) -> Entry {
    Entry { key, form, title: Some(title) }
}

const fn hidden(key: &'static str, form: Form) -> Entry {
    Entry { key, form, title: None }
}

const DEFAULT: &str = "Default value";
const APPEARANCE: &str = "Appearance";
const ROWS: &str = "List height";

const LIST_APPEARANCE: Form = Form::Word(&["LIST", "UI", "CHECKBOX", "DIALOG"]);

const SIZE: Entry = hidden("SIZE", Form::Count(20, 1));
const SHORTEST: Entry = hidden("MIN_LENGTH", Form::Count(0, 0));
const LONGEST: Entry = hidden("MAX_LENGTH", Form::Count(0, 0));
const LEAST: Entry = hidden("MIN_VALUE", Form::Count(0, i64::MIN));
const MAX_VALUE: Entry = hidden("MAX_VALUE", Form::Count(0, i64::MIN));

const IBLOCK: &[Entry] = &[
    shown("IBLOCK_TYPE_ID", Form::Text(""), "Information block type"),
    shown("IBLOCK_ID", Form::Text("0"), "Information block"),
    shown("DEFAULT_VALUE", Form::Text(""), DEFAULT),
    shown("DISPLAY", LIST_APPEARANCE, APPEARANCE),
    shown("LIST_HEIGHT", Form::Count(1, 1), ROWS),
    shown("ACTIVE_FILTER", Form::Flag("N"), "Active only"),
];

/// All types, in the order of `crm.userfield.types`.
pub(super) const TYPES: &[Type] = &[
    Type {
        id: "string",
        title: "Text",
        settings: &[
            SIZE,
            shown("ROWS", Form::Count(1, 1), "Input rows"),
            hidden("REGEXP", Form::Text("")),
            SHORTEST,
            LONGEST,
            shown("DEFAULT_VALUE", Form::Text(""), DEFAULT),
        ],
    },
    Type {
        id: "integer",
        title: "Integer",
        settings: &[SIZE, LEAST, MAX_VALUE, shown("DEFAULT_VALUE", Form::Int, DEFAULT)],
    },
    Type {
        id: "double",
        title: "Number",
        settings: &[
            shown("PRECISION", Form::Count(2, 0), "Decimal places"),
            SIZE,
            LEAST,
            MAX_VALUE,
            shown("DEFAULT_VALUE", Form::Number, DEFAULT),
        ],
    },
    Type {
        id: "boolean",
        title: "Yes/No",
        settings: &[
            shown("DEFAULT_VALUE", Form::Bit, DEFAULT),
            shown("DISPLAY", Form::Word(&["CHECKBOX", "RADIO", "DROPDOWN"]), APPEARANCE),
            hidden("LABEL", Form::Texts(&["", ""])),
            hidden("LABEL_CHECKBOX", Form::Text("")),
        ],
    },
    Type {
        id: "enumeration",
        title: "List",
        settings: &[
            shown("DISPLAY", LIST_APPEARANCE, APPEARANCE),
            shown("LIST_HEIGHT", Form::Count(1, 1), ROWS),
            hidden("CAPTION_NO_VALUE", Form::Text("")),
            hidden("SHOW_NO_VALUE", Form::Flag("Y")),
        ],
    },
    Type {
        id: "datetime",
        title: "Date and time",
        settings: &[
            shown("DEFAULT_VALUE", Form::When, DEFAULT),
            hidden("USE_SECOND", Form::Flag("Y")),
            hidden("USE_TIMEZONE", Form::Flag("N")),
        ],
    },
    Type { id: "date", title: "Date", settings: &[shown("DEFAULT_VALUE", Form::When, DEFAULT)] },
    Type { id: "money", title: "Money", settings: &[hidden("DEFAULT_VALUE", Form::Text(""))] },
    Type {
        id: "url",
        title: "Link",
        settings: &[
            hidden("POPUP", Form::Flag("Y")),
            SIZE,
            SHORTEST,
            LONGEST,
            hidden("DEFAULT_VALUE", Form::Text("")),
        ],
    },
    Type { id: "address", title: "Address", settings: &[hidden("SHOW_MAP", Form::Flag("Y"))] },
    Type {
        id: "file",
        title: "File",
        settings: &[
            SIZE,
            hidden("LIST_WIDTH", Form::Count(0, 0)),
            hidden("LIST_HEIGHT", Form::Count(0, 0)),
            hidden("MAX_SHOW_SIZE", Form::Count(0, 0)),
            hidden("MAX_ALLOWED_SIZE", Form::Count(0, 0)),
            hidden("EXTENSIONS", Form::Texts(&[])),
            hidden("TARGET_BLANK", Form::Flag("Y")),
        ],
    },
    Type { id: "employee", title: "User", settings: &[] },
    Type {
        id: "crm_status",
        title: "CRM dictionary",
        settings: &[shown("ENTITY_TYPE", Form::Text(""), "Dictionary")],
    },
    Type { id: "iblock_section", title: "Information block section", settings: IBLOCK },
    Type { id: "iblock_element", title: "Information block element", settings: IBLOCK },
    Type {
        id: "crm",
        title: "CRM item",
        settings: &[
            shown("LEAD", Form::Flag("N"), "Leads"),
            shown("CONTACT", Form::Flag("N"), "Contacts"),
            shown("COMPANY", Form::Flag("N"), "Companies"),
            shown("DEAL", Form::Flag("N"), "Deals"),
        ],
    },
    Type {
        id: "resourcebooking",
        title: "Resource booking",
        settings: &[
            hidden("USE_USERS", Form::Flag("N")),
            hidden("USE_RESOURCES", Form::Flag("Y")),
            hidden("RESOURCES", Form::Resources),
            hidden("SELECTED_RESOURCES", Form::Rows(&["type", "id", "title"])),
            hidden("SELECTED_USERS", Form::Texts(&[])),
            hidden("FULL_DAY", Form::Flag("N")),
            hidden("ALLOW_OVERBOOKING", Form::Flag("Y")),
            hidden("USE_SERVICES", Form::Flag("N")),
            hidden("SERVICE_LIST", Form::Rows(&["name", "duration"])),
            hidden("RESOURCE_LIMIT", Form::Count(-1, -1)),
            hidden("TIMEZONE", Form::Text("")),
            hidden("USE_USER_TIMEZONE", Form::Flag("N")),
        ],
    },
];

/// The type with that id.
pub(super) fn find(id: &str) -> Option<&'static Type> {
    TYPES.iter().find(|known| known.id == id)
}

impl Type {
    /// The settings of a field: those given, then those it had, then the usual ones.
    pub fn merge(&self, given: &Map, old: &Setting) -> Setting {
        let mut merged = Json::new();
        for entry in self.settings {
            let taken = given.get(entry.key).and_then(|value| entry.form.read(value));
            let kept = || old.get(entry.key).cloned();
            merged.insert(entry.key.to_owned(), taken.or_else(kept).unwrap_or_else(|| entry.form.usual()));
        }
        if self.id == "crm" {
            merged.extend(of_types(given, old));
        }
        // A field that may name nothing would be of no use.
        if self.id == "crm" && merged.values().all(|allowed| allowed == "N") {
            merged.insert("LEAD".to_owned(), json!("Y"));
        }
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

/// Which smart processes a field may name, `DYNAMIC_1030`: those that were given, or else those that it could name before.
fn of_types(given: &Map, old: &Setting) -> impl Iterator<Item = (String, Setting)> {
    let is_type =
        |key: &str| key.strip_prefix("DYNAMIC_").is_some_and(|number| number.parse::<u32>().is_ok());
    let flag = Form::Flag("N");
    let kept = old.as_object().into_iter().flatten().filter(move |(key, _)| is_type(key));
    let kept: Vec<(String, Setting)> = kept.map(|(key, value)| (key.clone(), value.clone())).collect();
    let fresh = given.iter().filter(move |(key, _)| is_type(key));
    let fresh: Vec<(String, Setting)> =
        fresh.filter_map(|(key, value)| Some((key.to_string(), flag.read(value)?))).collect();
    kept.into_iter().chain(fresh)
}

impl Form {
    fn type_name(self) -> &'static str {
        match self {
            Form::Count(..) | Form::Int | Form::Bit => "int",
            Form::Number => "double",
            Form::Flag(_) => "char",
            Form::When | Form::Resources => "object",
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
            Form::Resources => {
                json!({"resource": {"XML_ID": "resource", "NAME": "resource", "SECTIONS": []}})
            }
        }
    }

    fn read(self, value: &Value) -> Option<Setting> {
        let text = |value: &Value| Some(value.text()?.chars().take(TEXT_LENGTH).collect::<String>());
        Some(match self {
            Form::Text(_) => json!(text(value)?),
            Form::Count(_, least) => json!(value.as_int().filter(|number| *number >= least)?),
            Form::Int => json!(value.as_int()),
            Form::Number => json!(value.as_float()),
            Form::Bit => json!(i64::from(value.as_flag().or_else(|| Some(value.as_int()? > 0))?)),
            Form::Flag(_) => json!(super::yes_no(value.as_flag()?)),
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
            Form::Texts(_) | Form::Rows(_) | Form::Resources => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::userfield;
    use crate::method::params;

    #[test]
    fn the_engine_knows_the_same_types() {
        let mut here: Vec<&str> = TYPES.iter().map(|known| known.id).collect();
        let mut there: Vec<&str> = userfield::TYPES.iter().map(|(id, _)| *id).collect();
        here.sort_unstable();
        there.sort_unstable();
        assert_eq!(here, there);
    }

    #[test]
    fn settings_come_from_the_request_then_from_before_then_from_the_type() {
        let string = find("string").unwrap();
        let fresh = string.merge(&Map::new(), &Setting::Null);
        let usual = json!({"SIZE": 20, "ROWS": 1, "REGEXP": "", "MIN_LENGTH": 0, "MAX_LENGTH": 0, "DEFAULT_VALUE": ""});
        assert_eq!(fresh, usual);
        let changed = string.merge(
            &params(&json!({"ROWS": "3", "SIZE": 0, "X": 1})),
            &json!({"DEFAULT_VALUE": "kept", "ROWS": 2}),
        );
        assert_eq!(
            (&changed["ROWS"], &changed["SIZE"], &changed["DEFAULT_VALUE"]),
            (&json!(3), &json!(20), &json!("kept"))
        );
        let date = find("date")
            .unwrap()
            .merge(&params(&json!({"DEFAULT_VALUE": {"TYPE": "NOW", "VALUE": "x"}})), &Setting::Null);
        assert_eq!(date, json!({"DEFAULT_VALUE": {"TYPE": "NOW", "VALUE": ""}}));
    }

    #[test]
    fn a_field_for_items_may_always_name_some() {
        let crm = find("crm").unwrap();
        assert_eq!(crm.merge(&Map::new(), &Setting::Null)["LEAD"], "Y");
        let deals = crm.merge(&params(&json!({"DEAL": "Y"})), &Setting::Null);
        assert_eq!((&deals["LEAD"], &deals["DEAL"]), (&json!("N"), &json!("Y")));
    }
}
