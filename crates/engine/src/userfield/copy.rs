//! User fields of another portal, with the numbers that they and their choices have there.

use serde_json::json;
use store::{Param, Tx};
use wire::{Map, Value};

use super::{labels, names, yes_no};
use crate::copy::{At, Copying, Paging, Put, Step, Target};
use crate::entity::{Entity, schema};
use crate::error::Result;
use crate::input::{flag, int, text};

/// The steps that copy the user fields of a table by the methods with this prefix: all of them, and then each as a whole, since
/// lists leave labels out.
pub fn steps(path: &str, number: i64) -> Vec<Step> {
    const WHOLE: &[Put] = &[Put::param("id")];
    let of_table = format!(
        "SELECT id, id FROM crm_user_field WHERE entity_type_id = {number} AND id > ? ORDER BY id LIMIT ?"
    );
    vec![
        list(path),
        Step::new(format!("{path}.get"), Target::With(write))
            .each(of_table, WHOLE)
            .at(At::Row)
            .paged(Paging::Whole)
            .first(),
    ]
}

/// The list alone, where no method gets one field.
pub fn list(path: &str) -> Step {
    Step::new(format!("{path}.list"), Target::With(write)).paged(Paging::Whole).first()
}

/// The same of tables that have no methods of their own, by `userfieldconfig.*`: a SELECT of a rising number and the code of
/// each.
pub fn configured(module: &'static str, sql: String, numbers: &str) -> Vec<Step> {
    const LISTED: &[Put] = &[Put::param("filter/entityId")];
    const WHOLE: &[Put] = &[Put::param("id")];
    let of_tables = format!(
        "SELECT id, id FROM crm_user_field WHERE entity_type_id {numbers} AND id > ? ORDER BY id LIMIT ?"
    );
    let of = json!({"moduleId": module});
    vec![
        Step::new("userfieldconfig.list", Target::With(write))
            .of(module)
            .with(json!({"moduleId": module, "select": {"0": "*"}}))
            .each(sql, LISTED)
            .at(At::Under("fields"))
            .first(),
        Step::new("userfieldconfig.get", Target::With(write))
            .of(module)
            .with(of)
            .each(of_tables, WHOLE)
            .at(At::RowUnder("field"))
            .paged(Paging::Whole)
            .first(),
    ]
}

/// Writes fields as either family of methods shows them.
pub fn write(copying: &mut Copying<'_, '_>, rows: Vec<Map>) -> Result<()> {
    let mut fresh = Vec::new();
    for row in rows {
        let row = legacy(row);
        let object = text(&row, "ENTITY_ID").unwrap_or_default();
        let is_its = |table: &&std::sync::Arc<Entity>| super::object(table) == object;
        let Some(table) = copying.meta.all_fielded().find(is_its).cloned() else {
            *copying
                .told
                .refused
                .entry(format!("custom fields of {object}, which are none here"))
                .or_default() += 1;
            continue;
        };
        fresh.extend(one(copying, &table, &row)?);
        copying.told.rows += 1;
    }
    copying.tx.number_behind("crm_user_field")?;
    copying.tx.number_behind("crm_user_field_choice")?;
    copying.meta_changed()?;
    for (number, id) in fresh {
        let Some(table) = copying.meta.fielded(number) else { continue };
        let Some(field) = super::numbered(&table, id) else { continue };
        schema::add_column(copying.tx, table.table(), &field)?;
        schema::index_user_field(copying.tx, table.table(), &field)?;
    }
    Ok(())
}

/// A field as `crm.*.userfield.*` shows it.
fn legacy(row: Map) -> Map {
    if row.get("fieldName").is_none() {
        return row;
    }
    let mut legacy = names::to_legacy(&row);
    for (name, own) in [("ID", "id"), ("ENTITY_ID", "entityId")] {
        legacy.insert(name, row.value(own));
    }
    legacy
}

/// Writes a field; the number of its table and its own where it is new.
fn one(copying: &mut Copying<'_, '_>, table: &Entity, row: &Map) -> Result<Option<(i64, i64)>> {
    let (Some(id), Some(name), Some(kind)) =
        (int(row, "ID"), text(row, "FIELD_NAME"), text(row, "USER_TYPE_ID"))
    else {
        return Ok(None);
    };
    let (known, tx) = (copying.modules.user_type(&kind), &mut *copying.tx);
    let given = row.get("SETTINGS").cloned().and_then(Value::into_map).unwrap_or_default();
    let merged = match known {
        Some(known) => known.merge(&given, &serde_json::Value::Null),
        None => serde_json::Value::from(&Value::Map(given)),
    };
    let on = |key: &str| Param::from(yes_no(flag(row, key).unwrap_or(false)));
    let is_new =
        tx.one("SELECT id FROM crm_user_field WHERE id = ?", &[id.into()], |row| row.int(0))?.is_none();
    let params = [
        id.into(),
        table.type_id.into(),
        name.as_str().into(),
        kind.as_str().into(),
        text(row, "XML_ID").into(),
        int(row, "SORT").unwrap_or(100).into(),
        on("MULTIPLE"),
        on("MANDATORY"),
        text(row, "SHOW_FILTER").unwrap_or_else(|| "N".to_owned()).into(),
        on("SHOW_IN_LIST"),
        on("EDIT_IN_LIST"),
        on("IS_SEARCHABLE"),
        merged.to_string().into(),
        labels::read_new(row).to_string().into(),
    ];
    let columns = "entity_type_id, field_name, user_type_id, xml_id, sort, multiple, mandatory, show_filter, show_in_list, \
                   edit_in_list, is_searchable, settings, labels";
    let sets: Vec<String> = columns.split(", ").map(|name| format!("{name} = excluded.{name}")).collect();
    let sql = format!(
        "INSERT INTO crm_user_field (id, {columns}) VALUES ({}) ON CONFLICT (id) DO UPDATE SET {}",
        store::placeholders(params.len()),
        sets.join(", ")
    );
    tx.execute(&sql, &params)?;
    if let Some(list) = row.get("LIST") {
        choices(tx, id, list)?;
    }
    Ok(is_new.then_some((table.type_id, id)))
}

/// Makes these the choices of a field.
fn choices(tx: &mut Tx<'_>, field: i64, list: &Value) -> Result<()> {
    tx.execute("DELETE FROM crm_user_field_choice WHERE field_id = ?", &[field.into()])?;
    for choice in list.items().filter_map(|choice| choice.clone().into_map()) {
        let params = [
            int(&choice, "ID").into(),
            field.into(),
            text(&choice, "VALUE").unwrap_or_default().into(),
            yes_no(flag(&choice, "DEF").unwrap_or(false)).into(),
            int(&choice, "SORT").unwrap_or(0).into(),
            text(&choice, "XML_ID").unwrap_or_default().into(),
        ];
        let sql = "INSERT INTO crm_user_field_choice (id, field_id, value, is_default, sort, xml_id) VALUES (?, ?, ?, ?, ?, ?) \
                   ON CONFLICT (id) DO NOTHING";
        tx.execute(sql, &params)?;
    }
    Ok(tx.number_behind("crm_user_field_choice")?)
}
