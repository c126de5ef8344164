//! Lists of another portal, with their fields, sections and elements. Who may do what with a list no method says.

use engine::copy::{Copying, Paging, Put, Step, Target};
use engine::error::Result;
use engine::input::{int, text};
use engine::noun::Face;
use serde_json::json;
use wire::{Map, Value};

use crate::element::ELEMENT;
use crate::field::FIELD;
use crate::list::{LIST, TYPES};
use crate::section::SECTION;

/// Where a list is named, and where its rows have it.
const OF_LIST: &[Put] = &[Put::param("IBLOCK_TYPE_ID"), Put::named("IBLOCK_ID", "LIST_ID")];
const ELEMENTS: &[Put] = &[Put::param("IBLOCK_TYPE_ID"), Put::named("IBLOCK_ID", "IBLOCK_ID")];
const LISTS: &str = "SELECT id, iblock_type_id, id FROM lists_list WHERE id > ? ORDER BY id LIMIT ?";

/// The fields that every element has.
const COLUMNS: [&str; 14] = [
    "ID",
    "NAME",
    "IBLOCK_ID",
    "IBLOCK_SECTION_ID",
    "CREATED_BY",
    "CODE",
    "SORT",
    "ACTIVE_FROM",
    "ACTIVE_TO",
    "PREVIEW_TEXT",
    "DETAIL_TEXT",
    "DATE_CREATE",
    "TIMESTAMP_X",
    "MODIFIED_BY",
];

/// The lists.
pub fn steps() -> Vec<Step> {
    let of_type = |kind: &&'static str| {
        Step::new("lists.get", Target::Noun(&LIST, &LIST.faces[0]))
            .of(kind)
            .with(json!({"IBLOCK_TYPE_ID": kind}))
    };
    let mut steps: Vec<Step> = TYPES.iter().map(of_type).collect();
    let select: Vec<&str> = COLUMNS.iter().copied().chain(["PROPERTY_*"]).collect();
    steps.extend([
        Step::new("lists.field.get", Target::With(fields)).each(LISTS, OF_LIST).paged(Paging::Whole),
        Step::new("lists.section.get", Target::Noun(&SECTION, &SECTION.faces[0]))
            .each(LISTS, OF_LIST)
            .paged(Paging::Whole),
        Step::new("lists.element.get", Target::With(elements))
            .with(json!({"SELECT": select, "ELEMENT_ORDER": {"ID": "ASC"}}))
            .each(LISTS, ELEMENTS),
    ]);
    steps
}

/// Fields that go by their type have no number there.
fn fields(copying: &mut Copying<'_, '_>, mut rows: Vec<Map>) -> Result<()> {
    for row in &mut rows {
        if row.get("ID").is_none() {
            let (list, kind) = (int(row, "LIST_ID"), text(row, "TYPE"));
            let sql = "SELECT id FROM lists_field WHERE list_id = ? AND type = ?";
            if let Some(id) = copying.tx.one(sql, &[list.into(), kind.into()], |row| row.int(0))? {
                row.insert("ID", id);
            }
        }
    }
    // Numbers first, so that those without one do not take them.
    let (numbered, others): (Vec<Map>, Vec<Map>) = rows.into_iter().partition(|row| row.get("ID").is_some());
    let face: &Face = &FIELD.faces[0];
    for portion in [numbered, others] {
        for row in &portion {
            choices(copying, row)?;
        }
        copying.noun(&FIELD, face, portion, BESIDE)?;
        copying.tx.number_behind(FIELD.table)?;
    }
    copying.tx.number_behind("lists_choice")?;
    Ok(())
}

const BESIDE: &[&str] = &["FIELD_ID", "PROPERTY_TYPE", "PROPERTY_USER_TYPE", "DISPLAY_VALUES_FORM"];

/// The choices of a field that is a list.
fn choices(copying: &mut Copying<'_, '_>, row: &Map) -> Result<()> {
    let (Some(field), Some(shown)) = (int(row, "ID"), row.get("DISPLAY_VALUES_FORM")) else { return Ok(()) };
    let chosen = row.get("DEFAULT_VALUE").and_then(Value::as_int);
    copying.tx.execute("DELETE FROM lists_choice WHERE field_id = ?", &[field.into()])?;
    for (place, (id, value)) in shown.entries().enumerate() {
        let Ok(id) = id.parse::<i64>() else { continue };
        let def = if chosen == Some(id) { "Y" } else { "N" };
        let text = value.text().unwrap_or_default().into_owned();
        let sql = "INSERT INTO lists_choice (id, field_id, value, sort, def) VALUES (?, ?, ?, ?, ?) \
                   ON CONFLICT (id) DO NOTHING";
        copying
            .tx
            .execute(sql, &[id.into(), field.into(), text.into(), (place as i64 * 10).into(), def.into()])?;
    }
    Ok(())
}

/// Elements with the values of the list's own fields, which have numbers of their own.
fn elements(copying: &mut Copying<'_, '_>, rows: Vec<Map>) -> Result<()> {
    let kinds = copying
        .tx
        .all("SELECT id, type FROM lists_field", &[], |row| Ok((row.int(0)?, row.text(1)?.to_owned())))?;
    for row in &rows {
        let (Some(id), Some(list)) = (int(row, "ID"), int(row, "IBLOCK_ID")) else { continue };
        let sql = "SELECT id FROM lists_element WHERE id = ?";
        if copying.tx.one(sql, &[id.into()], |row| row.int(0))?.is_none() {
            copying.counted(-list, id);
        }
        copying.tx.execute("DELETE FROM lists_value WHERE element_id = ?", &[id.into()])?;
        for (name, values) in row.iter() {
            let field = name.strip_prefix("PROPERTY_").and_then(|number| number.parse::<i64>().ok());
            let Some((field, kind)) = kinds.iter().find(|(known, _)| Some(*known) == field) else { continue };
            values
                .entries()
                .try_for_each(|(number, value)| keep(copying, (id, *field, kind), &number, value))?;
        }
    }
    let plain = |row: Map| row.into_iter().filter(|(name, _)| COLUMNS.contains(&name.as_str())).collect();
    copying.noun(&ELEMENT, &ELEMENT.faces[0], rows.into_iter().map(plain).collect(), &[])?;
    copying.tx.number_behind("lists_value")?;
    Ok(copying.tx.number_behind(ELEMENT.table)?)
}

fn keep(
    copying: &mut Copying<'_, '_>,
    (element, field, kind): (i64, i64, &str),
    number: &str,
    value: &Value,
) -> Result<()> {
    let text = || value.text().map(std::borrow::Cow::into_owned);
    let kept = match kind {
        "F" | "S:DiskFile" => {
            copying.told.files += 1;
            None
        }
        "S:Date" => copying.clock.read_day(value),
        "S:DateTime" => copying.clock.read(value).map(|second| second.to_string()),
        "S:HTML" => value.get("TEXT").and_then(Value::text).map(std::borrow::Cow::into_owned).or_else(text),
        _ => text(),
    };
    let (Some(kept), Ok(id)) = (kept.filter(|kept| !kept.is_empty()), number.parse::<i64>()) else {
        return Ok(());
    };
    let real = kept.parse::<f64>().ok().filter(|number| number.is_finite());
    let sql = "INSERT INTO lists_value (id, element_id, field_id, value, number) VALUES (?, ?, ?, ?, ?) \
               ON CONFLICT (id) DO NOTHING";
    copying.tx.execute(sql, &[id.into(), element.into(), field.into(), kept.into(), real.into()])?;
    Ok(())
}
