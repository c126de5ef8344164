//! The rights of a process, as rows; a request has all of them at once.

use std::collections::HashMap;

use engine::call::Call;
use engine::copy::Copying;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, Face, ID, Noun, Row, field, noun};
use serde_json::json;
use wire::{Fault, Map, Value};

use crate::SCOPE;
use crate::rights::{SEE, process_of};

/// Rights that a process has at most.
const MOST: usize = 200;

/// Letters of an access code.
const CODE: usize = 50;

/// The permission that everybody means: there are no others.
const ANY: &str = "X";

/// Rights.
pub static PERMISSION: Noun = Noun {
    fields: &[
        ID,
        field("typeId", Kind::Integer, "Process").required().indexed(),
        field("accessCode", Kind::String, "Access code").required(),
        field("action", Kind::String, "Right").required(),
    ],
    faces: &[Face { verbs: &[], ..Face::legacy("rpa.permission") }],
    ..noun("rpa.permission", "rpa_permission", SCOPE, ["right", "rights"])
};

/// Gives a process these rights instead of those that it has.
///
/// # Errors
/// The refusal of what is no right.
pub fn replace(call: &mut Call<'_, '_>, process: i64, given: &Value) -> Result<()> {
    noun::clear(call, &PERMISSION, &[("typeId", process.into())])?;
    if given.items().count() > MOST {
        return Err(Fault::invalid_value(format!("permissions: {MOST} at most")).into());
    }
    for one in given.items() {
        let text = |name: &str| one.get(name).and_then(Value::text).unwrap_or_default();
        let (code, action, permission) = (text("accessCode"), text("action"), text("permission"));
        let is_code = (1..=CODE).contains(&code.len())
            && code.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'_');
        for (is_fit, name) in
            [(is_code, "accessCode"), (SEE.contains(&&*action), "action"), (permission == ANY, "permission")]
        {
            if !is_fit {
                return Err(Fault::invalid_value(format!("Invalid value of permissions: {name}")).into());
            }
        }
        let row =
            [("TYPE_ID", process.into()), ("ACCESS_CODE", (&*code).into()), ("ACTION", (&*action).into())];
        noun::put(call, &PERMISSION, &Map::from(row))?;
    }
    Ok(())
}

/// Gives a process the rights that it has on another portal.
///
/// # Errors
/// Those of the store.
pub fn copy(copying: &mut Copying<'_, '_>, process: i64, shown: &Value) -> Result<()> {
    copying.tx.execute("DELETE FROM rpa_permission WHERE type_id = ?", &[process.into()])?;
    for one in shown.items() {
        let text = |name: &str| one.get(name).and_then(Value::text).unwrap_or_default().into_owned();
        let id = one.get("id").and_then(Value::as_int);
        let sql = "INSERT INTO rpa_permission (id, type_id, access_code, action) VALUES (?, ?, ?, ?) \
                   ON CONFLICT (id) DO NOTHING";
        copying
            .tx
            .execute(sql, &[id.into(), process.into(), text("accessCode").into(), text("action").into()])?;
    }
    Ok(copying.tx.number_behind(PERMISSION.table)?)
}

/// The rights of these processes, as answers have them.
///
/// # Errors
/// Those of the store.
pub fn of(call: &mut Call<'_, '_>, processes: &[i64]) -> Result<HashMap<i64, Vec<Value>>> {
    let mut found: HashMap<i64, Vec<Value>> = HashMap::new();
    for row in noun::among(call, &PERMISSION, "typeId", processes)? {
        found.entry(process_of(&row)).or_default().push(show(&row));
    }
    Ok(found)
}

fn show(row: &Row) -> Value {
    json!({
        "id": row.number.to_string(), "entity": "TYPE", "entityId": process_of(row).to_string(),
        "accessCode": row.text("accessCode"), "action": row.text("action"), "permission": ANY,
    })
    .into()
}
