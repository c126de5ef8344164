//! What answers show of fields.

use engine::call::Call;
use engine::error::Result;
use engine::noun::Row;
use serde_json::Value as Json;
use wire::{Map, Value};

use super::{choices, key, type_of};

/// A field.
///
/// # Errors
/// Those of the store.
pub fn shown(call: &mut Call<'_, '_>, row: &Row) -> Result<Map> {
    let kind = row.text("type");
    let is_own = type_of(kind).is_some_and(|kind| kind.is_own);
    let choices = if kind == "L" { choices::of(call, row.number)? } else { Vec::new() };
    let mut map = Map::with_capacity(18);
    map.push("FIELD_ID", key(row));
    map.push("SORT", row.int("sort").unwrap_or(500));
    map.push("NAME", row.text("name"));
    map.push("IS_REQUIRED", row.text("isRequired"));
    map.push("MULTIPLE", row.text("multiple"));
    let default =
        choices.iter().find(|choice| choice.is_default).map(|choice| Value::from(choice.id.to_string()));
    map.push("DEFAULT_VALUE", default.unwrap_or_else(|| value(row, "defaultValue")));
    map.push("TYPE", kind);
    if is_own {
        let (base, within) = kind.split_once(':').unwrap_or((kind, ""));
        map.push("PROPERTY_TYPE", base);
        map.push(
            "PROPERTY_USER_TYPE",
            if within.is_empty() { Value::Bool(false) } else { Value::under("USER_TYPE", within) },
        );
        map.push("CODE", row.text("code"));
        map.push("ID", row.number.to_string());
        let link = row.int("linkIblockId").filter(|id| *id != 0);
        map.push("LINK_IBLOCK_ID", link.map_or(Value::Null, |id| id.to_string().into()));
        map.push("ROW_COUNT", row.int("rowCount").unwrap_or(1).to_string());
        map.push("COL_COUNT", row.int("colCount").unwrap_or(30).to_string());
        map.push("USER_TYPE_SETTINGS", value(row, "userTypeSettings"));
    }
    map.push("SETTINGS", settings(row));
    if kind == "L" {
        let texts =
            choices.into_iter().map(|choice| (choice.id.to_string().into(), Value::from(choice.value)));
        map.push("DISPLAY_VALUES_FORM", texts.collect::<Map>().into_value());
    }
    Ok(map)
}

fn value(row: &Row, name: &str) -> Value {
    match row.json(name) {
        Json::Null if name == "defaultValue" => "".into(),
        json => json.into(),
    }
}

/// Where a field is shown; what nobody set is as usual.
fn settings(row: &Row) -> Value {
    let given = row.json("settings");
    let usual = [
        ("SHOW_ADD_FORM", "Y"),
        ("SHOW_EDIT_FORM", "Y"),
        ("ADD_READ_ONLY_FIELD", "N"),
        ("EDIT_READ_ONLY_FIELD", "N"),
        ("SHOW_FIELD_PREVIEW", "N"),
    ];
    let one = |(name, usual): (&'static str, &'static str)| {
        let own = given[name].as_str().filter(|own| ["Y", "N"].contains(own));
        (name.into(), Value::from(own.unwrap_or(usual)))
    };
    usual.into_iter().map(one).collect::<Map>().into_value()
}
