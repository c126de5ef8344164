//! The names of a user field's settings in the spelling of controllers, and what `crm.*.userfield.*` calls them.

use wire::{Map, Text, Value};

const NAMES: [(&str, &str); 17] = [
    ("fieldName", "FIELD_NAME"),
    ("userTypeId", "USER_TYPE_ID"),
    ("xmlId", "XML_ID"),
    ("sort", "SORT"),
    ("multiple", "MULTIPLE"),
    ("mandatory", "MANDATORY"),
    ("showFilter", "SHOW_FILTER"),
    ("showInList", "SHOW_IN_LIST"),
    ("editInList", "EDIT_IN_LIST"),
    ("isSearchable", "IS_SEARCHABLE"),
    ("settings", "SETTINGS"),
    ("editFormLabel", "EDIT_FORM_LABEL"),
    ("listColumnLabel", "LIST_COLUMN_LABEL"),
    ("listFilterLabel", "LIST_FILTER_LABEL"),
    ("errorMessage", "ERROR_MESSAGE"),
    ("helpMessage", "HELP_MESSAGE"),
    ("enum", "LIST"),
];

/// What no request changes.
const FIXED: [(&str, &str); 2] = [("id", "ID"), ("entityId", "ENTITY_ID")];

const OF_CHOICE: [(&str, &str); 6] =
    [("id", "ID"), ("value", "VALUE"), ("def", "DEF"), ("sort", "SORT"), ("xmlId", "XML_ID"), ("del", "DEL")];

/// Settings as `crm.*.userfield.*` takes them; what has no name there is left out.
pub(super) fn to_legacy(fields: &Map) -> Map {
    let named = NAMES.iter().filter_map(|(name, legacy)| {
        let value = fields.get(name)?;
        let value = if *name == "enum" {
            value.items().map(choice).collect::<Vec<_>>().into()
        } else {
            value.clone()
        };
        Some((Text::const_new(legacy), value))
    });
    named.collect()
}

/// What `crm.*.userfield.*` shows, under the names of controllers.
pub(super) fn of_controllers(shown: Map) -> Map {
    let name = |legacy: &str| NAMES.iter().chain(&FIXED).find(|(_, known)| *known == legacy);
    shown.into_iter().filter_map(|(key, value)| Some((Text::const_new(name(&key)?.0), value))).collect()
}

fn choice(given: &Value) -> Value {
    let named = OF_CHOICE
        .iter()
        .filter_map(|(name, legacy)| Some((Text::const_new(legacy), given.get(name)?.clone())));
    Value::Map(named.collect())
}
