//! `document.enablepublicurl`: the link under which anybody may have a document.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::files;
use engine::method::{Kind, Method, optional, required, write};
use serde_json::json;
use wire::Value;

use super::methods::named;
use crate::family::Family;

/// The method of a family.
pub fn method(family: Family, known: i64) -> Method {
    let path = family.path();
    write(format!("{path}.document.enablepublicurl"), family.scope(), move |call| enable(call, family))
        .controller()
        .about("Turns the public link of a document on or off, and returns it.")
        .param(required("id", Kind::Id, "ID"))
        .param(optional("status", Kind::Flag, "1 turns it on, 0 turns it off"))
        .example(json!({"id": known, "status": 1}), json!({"publicUrl": "*"}))
}

fn enable(call: &mut Call<'_, '_>, family: Family) -> Result<Value> {
    let row = named(call, family, Act::Update)?;
    let Some(file) = row.int("fileId") else { return Ok(Value::Null) };
    if call.param("status").and_then(Value::as_flag) == Some(false) {
        files::withdraw(call, file)?;
        return Ok(Value::Null);
    }
    let link = files::publish(call, file)?;
    let sql = "UPDATE documents_document SET public_view_time = ? WHERE id = ?";
    call.tx.execute(sql, &[call.now.seconds().into(), row.number.into()])?;
    Ok(Value::under("publicUrl", link))
}
