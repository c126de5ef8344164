//! `user.userfield.file.get`: a file in a field that administrators gave all users.

use engine::call::Call;
use engine::entity::{Kind as Type, Naming, codec};
use engine::error::Result;
use engine::files;
use engine::method::{Kind, Method, read, required};
use serde_json::json;
use wire::{Fault, Value};

use super::table_with_user_fields;

/// The method.
pub fn method() -> Method {
    read("user.userfield.file.get", "user.userfield", get)
        .sends()
        .about("Sends a file in a custom field of a user.")
        .param(required("id", Kind::Id, "User"))
        .param(required("field", Kind::Text, "Code of the field"))
        .param(required("value", Kind::Id, "ID of the file"))
        .example(json!({"id": 1, "field": "UF_USR_PASS", "value": 17}), json!("*"))
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let missing = || Fault::not_found("File not found");
    let code = call.text("field").unwrap_or_default();
    let (user, file) = (call.id("id"), call.id("value"));
    let table = table_with_user_fields(&call.meta);
    let mut own = table.fields.iter().filter(|field| field.user.is_some() && field.kind == Type::File);
    let field = own.find(|field| *field.code == *code);
    let field = field.ok_or_else(missing)?;
    let sql = format!("SELECT {} FROM {} WHERE id = ?", field.column(), table.table());
    let zone = call.caller.zone.clone();
    let held = call
        .tx
        .one(&sql, &[user.into()], |row| Ok(codec::show(field, row.cell(0)?, Naming::Legacy, &zone)))?;
    let held = held.unwrap_or_default();
    if held.each().any(|id| id.as_int() == Some(file)) {
        files::send(call, file)
    } else {
        Err(missing().into())
    }
}
