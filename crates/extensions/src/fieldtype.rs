//! Types of user fields that programs add: `userfieldtype.*`. They are kept; user fields are not made of them.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, GLOBAL, Method, optional, read, required, write};
use engine::noun::{self, Access, Face, ID, Noun, Row, field, noun};
use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value};

use crate::require_admin;

const FACE: Face = Face { verbs: &[], ..Face::flat("userfieldtype", "USER_TYPE_ID") };

/// Types of user fields.
pub static TYPE: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("userTypeId", Kind::String, "Code").required().unique().indexed(),
        field("handler", Kind::String, "Address").required(),
        field("title", Kind::String, "Name"),
        field("description", Kind::Text, "Description"),
        field("options", Kind::Json, "Options"),
    ],
    faces: &[FACE],
    // No webhook can have the scope `placement`, to which applications have these methods.
    ..noun(
        "extensions.fieldtype",
        "extensions_fieldtype",
        GLOBAL,
        ["type of user fields", "types of user fields"],
    )
};

/// Types that there may be, and letters of a code.
const MOST: usize = 200;
const LONGEST: usize = 50;

/// The methods.
pub fn methods() -> Vec<Method> {
    use method::Kind::{Fields, Text};
    let id = || required("USER_TYPE_ID", Text, "Code");
    let given = |method: Method, title: method::Param| {
        method
            .param(id())
            .param(required("HANDLER", Text, "Address"))
            .param(title)
            .param(optional("DESCRIPTION", Text, "Description"))
            .param(optional("OPTIONS", Fields, "Options"))
    };
    let handler = "https://example.com/other";
    vec![
        given(
            write("userfieldtype.add", GLOBAL, |call| save(call, true))
                .own_words()
                .about("Adds a type of user fields."),
            optional("TITLE", Text, "Name"),
        )
        .example(json!({"USER_TYPE_ID": "other", "HANDLER": handler, "TITLE": "Other"}), json!(true)),
        given(
            write("userfieldtype.update", GLOBAL, |call| save(call, false))
                .own_words()
                .about("Updates a type of user fields."),
            required("TITLE", Text, "Name"),
        )
        .example(json!({"USER_TYPE_ID": "acme_map", "HANDLER": handler, "TITLE": "Map"}), json!(true)),
        write("userfieldtype.delete", GLOBAL, delete)
            .own_words()
            .about("Deletes a type of user fields.")
            .param(id())
            .example(json!({"USER_TYPE_ID": "acme_map"}), json!(true)),
        read("userfieldtype.list", GLOBAL, list)
            .about("Lists types of user fields.")
            .example(json!({}), json!([{"USER_TYPE_ID": "acme_map", "TITLE": "Place on a map"}])),
    ]
}

fn argument(name: &str) -> Fault {
    Fault::argument(format!("Argument '{name}' is null or empty"), name)
}

fn all(call: &mut Call<'_, '_>) -> Result<Vec<Row>> {
    let scope = TYPE.grant(call, Act::Read)?;
    noun::rows(call, &TYPE, &scope, &[])
}

fn code(call: &Call<'_, '_>) -> Result<String> {
    let code = call.text("USER_TYPE_ID").map(|code| code.trim().to_owned());
    Ok(code.filter(|code| !code.is_empty()).ok_or_else(|| argument("USER_TYPE_ID"))?)
}

fn missing() -> Fault {
    Fault::new(400, "ERROR_NOT_FOUND", "User Field Type not found")
}

fn save(call: &mut Call<'_, '_>, adding: bool) -> Result<Value> {
    require_admin(call)?;
    let code = code(call)?;
    let is_code = |sign: char| sign.is_ascii_alphanumeric() || "_-".contains(sign);
    if code.len() > LONGEST || !code.chars().all(is_code) {
        return Err(argument("USER_TYPE_ID").into());
    }
    let rows = all(call)?;
    let known = rows.iter().find(|row| row.text("userTypeId") == code);
    let bound = || Fault::core("Unable to set placement handler: Handler already binded");
    if adding && (known.is_some() || rows.len() >= MOST) {
        return Err(bound().into());
    }
    if !adding && known.is_none() {
        return Err(missing().into());
    }
    let handler = match call.text("HANDLER").map(|handler| handler.trim().to_owned()) {
        Some(handler) if !handler.is_empty() => Some(handler),
        _ if adding => return Err(argument("HANDLER").into()),
        _ => None,
    };
    let mut fields = Map::with_capacity(5);
    if let Some(handler) = handler {
        if let Err(refusal) = call.settings.guard.check(&handler) {
            let (code, text) = refusal.on_the_wire();
            return Err(Fault::new(400, code, text).into());
        }
        fields.push("HANDLER", handler);
    }
    for name in ["TITLE", "DESCRIPTION", "OPTIONS"] {
        if let Some(value) = call.param(name) {
            fields.push(name, value.clone());
        }
    }
    match known {
        Some(row) => _ = noun::amend(call, &TYPE, &FACE, row.number, &fields)?,
        None => {
            fields.push("USER_TYPE_ID", code);
            noun::put(call, &TYPE, &fields)?;
        }
    }
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    require_admin(call)?;
    let code = code(call)?;
    let rows = all(call)?;
    let row = rows.iter().find(|row| row.text("userTypeId") == code).ok_or_else(missing)?;
    noun::clear(call, &TYPE, &[("id", Param::from(row.number))])?;
    Ok(true.into())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    require_admin(call)?;
    let rows = all(call)?;
    call.total = i64::try_from(rows.len()).ok();
    let shown = |row: &Row| {
        let mut map = Map::with_capacity(4);
        map.push("USER_TYPE_ID", row.text("userTypeId"));
        map.push("HANDLER", row.text("handler"));
        map.push("TITLE", row.text("title"));
        map.push("DESCRIPTION", row.text("description"));
        map.into_value()
    };
    Ok(rows.iter().rev().map(shown).collect::<Vec<_>>().into())
}
