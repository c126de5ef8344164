//! What answers show of elements.

use engine::call::Call;
use engine::noun::Row;
use wire::{Map, Value};

use super::values::{Kept, Values};
use crate::field;

/// The fields that are shown unless `SELECT` names others, beside the own fields of the list.
const USUAL: [&str; 7] =
    ["ID", "IBLOCK_ID", "NAME", "IBLOCK_SECTION_ID", "CREATED_BY", "BP_PUBLISHED", "CODE"];

/// An element, with the fields that `select` names.
pub fn shown(call: &Call<'_, '_>, row: &Row, fields: &[Row], values: &Values, select: &[String]) -> Map {
    let has = |name: &str| select.iter().any(|wanted| wanted.eq_ignore_ascii_case(name));
    let everything = select.is_empty() || has("*");
    let own = has("PROPERTY_*");
    let mut map = Map::with_capacity(16);
    for (name, value) in columns(call, row) {
        if has(name) || (everything && USUAL.contains(&name)) {
            map.push(name, value);
        }
    }
    for field in fields {
        let key = field::key(field);
        if !key.starts_with("PROPERTY_") || !(everything || own || has(&key)) {
            continue;
        }
        if let Some(kept) = values.get(&(row.number, field.number)) {
            let one =
                |kept: &Kept| (kept.id.to_string().into(), value(call, field.text("type"), &kept.value));
            map.push(key, kept.iter().map(one).collect::<Map>());
        }
    }
    map
}

fn columns(call: &Call<'_, '_>, row: &Row) -> Vec<(&'static str, Value)> {
    let text = |name: &str| match row.text(name) {
        "" => Value::Null,
        text => text.into(),
    };
    let number = |name: &str| row.int(name).map_or(Value::Null, |number| number.to_string().into());
    let time = |name: &str| {
        row.int(name)
            .map_or(Value::Null, |second| call.settings.dates().moment(&call.caller.zone, second).into())
    };
    vec![
        ("ID", row.number.to_string().into()),
        ("IBLOCK_ID", number("listId")),
        ("NAME", row.text("name").into()),
        (
            "IBLOCK_SECTION_ID",
            row.int("iblockSectionId").filter(|id| *id != 0).map_or(Value::Null, |id| id.to_string().into()),
        ),
        ("CREATED_BY", number("createdBy")),
        ("BP_PUBLISHED", "Y".into()),
        ("CODE", text("code")),
        ("SORT", number("sort")),
        ("ACTIVE_FROM", time("activeFrom")),
        ("ACTIVE_TO", time("activeTo")),
        ("PREVIEW_TEXT", text("previewText")),
        ("DETAIL_TEXT", text("detailText")),
        ("DATE_CREATE", time("dateCreate")),
        ("TIMESTAMP_X", time("timestampX")),
        ("MODIFIED_BY", number("modifiedBy")),
    ]
}

/// A value as answers show it.
fn value(call: &Call<'_, '_>, kind: &str, kept: &str) -> Value {
    match kind {
        "S:Date" => call.settings.dates().stored_day(kept).into(),
        "S:DateTime" => call.settings.dates().moment(&call.caller.zone, kept.parse().unwrap_or(0)).into(),
        "S:HTML" => {
            let mut map = Map::with_capacity(2);
            map.push("TEXT", kept);
            map.push("TYPE", "HTML");
            map.into_value()
        }
        _ => kept.into(),
    }
}
