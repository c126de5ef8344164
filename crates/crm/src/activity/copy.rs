//! Activities of another portal, with what they are bound to and with whom they are.

use std::sync::Arc;

use engine::copy::{Copying, Paging, Step, Target};
use engine::entity::Naming;
use engine::error::Result;
use serde_json::json;
use wire::{Map, Value};

use super::{binding, fields};

/// The list.
pub fn step() -> Step {
    Step::new("crm.activity.list", Target::With(write))
        .with(json!({"select": ["*", "BINDINGS", "COMMUNICATIONS", "FILES", "IS_INCOMING_CHANNEL"]}))
        .paged(Paging::Behind("ID", "ID"))
}

fn write(copying: &mut Copying<'_, '_>, mut rows: Vec<Map>) -> Result<()> {
    let table = Arc::new(fields::table().clone());
    for row in &mut rows {
        for name in fields::FREE {
            let Some(given) = row.get(name) else { continue };
            // What is larger than ours may be is left out.
            let kept = fields::keep(name, given).ok().flatten();
            row.insert(name, kept);
        }
    }
    let numbers = copying.table(&table, Naming::Legacy, &rows, &[])?;
    for (number, row) in numbers.into_iter().zip(&rows).filter(|(number, _)| *number > 0) {
        bindings(copying, number, row)?;
        communications(copying, number, row.get("COMMUNICATIONS").unwrap_or(&Value::Null))?;
    }
    copying.tx.number_behind(table.table())?;
    Ok(copying.tx.number_behind("crm_activity_communication")?)
}

/// The items that it is bound to, its owner in any case.
fn bindings(copying: &mut Copying<'_, '_>, activity: i64, row: &Map) -> Result<()> {
    copying.tx.execute("DELETE FROM crm_activity_binding WHERE activity_id = ?", &[activity.into()])?;
    let own = (row.get("OWNER_TYPE_ID"), row.get("OWNER_ID"));
    let bound = row.get("BINDINGS").into_iter().flat_map(Value::items);
    let bound = bound.map(|one| (one.get("OWNER_TYPE_ID"), one.get("OWNER_ID")));
    let number = |value: Option<&Value>| value.and_then(Value::as_int).filter(|number| *number > 0);
    for (kind, id) in bound.chain([own]) {
        let (Some(kind), Some(id)) = (number(kind), number(id)) else { continue };
        binding::put(copying.tx, activity, (kind, id))?;
    }
    Ok(())
}

fn communications(copying: &mut Copying<'_, '_>, activity: i64, list: &Value) -> Result<()> {
    copying.tx.execute("DELETE FROM crm_activity_communication WHERE activity_id = ?", &[activity.into()])?;
    for one in list.items() {
        let number = |name: &str| one.get(name).and_then(Value::as_int).unwrap_or(0);
        let text = |name: &str| one.get(name).and_then(Value::text).unwrap_or_default().into_owned();
        let params = [
            number("ID").into(),
            activity.into(),
            text("TYPE").into(),
            text("VALUE").into(),
            number("ENTITY_TYPE_ID").into(),
            number("ENTITY_ID").into(),
        ];
        let sql = "INSERT INTO crm_activity_communication (id, activity_id, type, value, entity_type_id, entity_id) \
                   VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";
        copying.tx.execute(sql, &params)?;
    }
    Ok(())
}
