//! Users of another portal: `user.get` shows all of them, who come without passwords.

use engine::copy::{Copying, Step, Target};
use engine::entity::Naming;
use engine::error::Result;
use engine::userfield;
use serde_json::json;
use wire::{Map, Value};

use super::{TYPE_ID, account};

/// Names that rows have beyond fields.
const KNOWN: &[&str] = &["IS_ADMIN"];

/// The lists.
pub fn steps() -> Vec<Step> {
    let users = Step::new("user.get", Target::With(write))
        .with(json!({"sort": "ID", "order": "ASC", "ADMIN_MODE": true}))
        .first();
    vec![userfield::copy::list("user.userfield"), users]
}

fn write(copying: &mut Copying<'_, '_>, mut rows: Vec<Map>) -> Result<()> {
    for row in &mut rows {
        let Some(id) = row.get("ID").and_then(Value::as_int) else { continue };
        let email = address(copying, id, row)?;
        // Addresses are kept in small letters, and nobody is without one.
        row.insert("EMAIL", email.as_str());
        let sql = "INSERT INTO portal_user (id, active, is_admin, email) VALUES (?, 'Y', 0, ?) ON CONFLICT (id) DO NOTHING";
        copying.tx.execute(sql, &[id.into(), email.into()])?;
    }
    let Some(table) = copying.meta.fielded(TYPE_ID) else { return Ok(()) };
    let numbers = copying.table(&table, Naming::Legacy, &rows, KNOWN)?;
    for (number, row) in numbers.into_iter().zip(&rows).filter(|(number, _)| *number > 0) {
        let sql = "DELETE FROM department_member WHERE user_id = ?";
        copying.tx.execute(sql, &[number.into()])?;
        for department in row.get("UF_DEPARTMENT").into_iter().flat_map(Value::each).filter_map(Value::as_int)
        {
            let sql = "INSERT INTO department_member (user_id, department_id) VALUES (?, ?) \
                       ON CONFLICT (user_id, department_id) DO NOTHING";
            copying.tx.execute(sql, &[number.into(), department.into()])?;
        }
    }
    copying.tx.number_behind(super::TABLE)?;
    copying.meta_changed()
}

/// The address under which somebody can sign in: one's own, unless it is none or another's.
fn address(copying: &mut Copying<'_, '_>, id: i64, row: &Map) -> Result<String> {
    let own = row.get("EMAIL").and_then(Value::text).unwrap_or_default();
    let Ok(own) = account::checked_email(&own) else { return Ok(stand_in(id)) };
    let sql = "SELECT id FROM portal_user WHERE email = ? AND id <> ?";
    let taken = copying.tx.one(sql, &[own.as_str().into(), id.into()], |row| row.int(0))?;
    Ok(if taken.is_some() { stand_in(id) } else { own })
}

fn stand_in(id: i64) -> String {
    format!("user{id}@invalid")
}
