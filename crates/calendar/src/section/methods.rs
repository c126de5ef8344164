//! `calendar.section.add`, `update`, `delete` and `get`.

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::method::{Kind, Method, Param, optional, read, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use wire::{Fault, Map, Value};

use super::{FACE, SECTION, TYPES, home, owner, show};
use crate::SCOPE;
use crate::color::color;
use crate::refusal::{Checked, denied, require_owner};
use crate::rights::BELONGS;

/// The kind of calendar that is meant.
pub const TYPE: Param =
    required("type", Kind::Text, "Kind of calendar: user, group, company_calendar, location or resource");
/// Whose it is.
pub const OWNER: Param = required("ownerId", Kind::Text, "Owner of the calendar: a user or a workgroup");

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        values(write("calendar.section.add", SCOPE, add).param(TYPE).param(OWNER), true)
            .about("Adds a calendar and returns its ID.")
            .example(json!({"type": "user", "ownerId": 1, "name": "Trips", "color": "#9cbeee"}), json!("*")),
        values(
            write("calendar.section.update", SCOPE, update)
                .param(required("id", Kind::Id, "Calendar"))
                .param(TYPE)
                .param(OWNER),
            false,
        )
        .about("Updates the given fields of a calendar and returns its ID.")
        .example(json!({"id": 1, "type": "user", "ownerId": 1, "name": "At work"}), json!(1)),
        write("calendar.section.delete", SCOPE, delete)
            .lengthy()
            .own_words()
            .param(TYPE)
            .param(OWNER)
            .param(required("id", Kind::Id, "Calendar"))
            .about("Deletes a calendar with all events in it.")
            .example(json!({"type": "user", "ownerId": 1, "id": 2}), json!(true)),
        read("calendar.section.get", SCOPE, get)
            .own_words()
            .param(TYPE)
            .param(OWNER)
            .about("Returns the calendars of an owner that the caller sees.")
            .example(
                json!({"type": "user", "ownerId": 1}),
                json!([{"ID": "1", "CAL_TYPE": "user", "OWNER_ID": "1"}, {"ID": "2", "NAME": "Trips"}]),
            ),
    ]
}

/// The parameters that hold values.
fn values(method: Method, adding: bool) -> Method {
    let name = if adding { required } else { optional };
    let export = vec![
        optional("ALLOW", Kind::Flag, "Whether the calendar may be exported"),
        optional("SET", Kind::Text, "How much is exported: all, 3_9 or 6_12"),
    ];
    method
        .own_words()
        .param(name("name", Kind::Text, "Name"))
        .param(optional("description", Kind::Text, "Description"))
        .param(optional("color", Kind::Text, "Color"))
        .param(optional("text_color", Kind::Text, "Color of the text"))
        .param(optional("export", Kind::Fields, "Export").with_members(export))
        .param(optional("access", Kind::Fields, "Rights by access code"))
}

/// What a call gives for a calendar.
fn given(call: &Call<'_, '_>) -> Checked<Map> {
    let mut given = Map::with_capacity(8);
    for (name, upper) in [("name", "NAME"), ("description", "DESCRIPTION")] {
        match call.param(name) {
            Some(value) if value.is_array() => {
                return Err(Fault::crm(format!("Invalid value for the \"{name}\" parameter")));
            }
            Some(value) => given.push(upper, value.clone()),
            None => {}
        }
    }
    for (name, upper) in [("color", "COLOR"), ("text_color", "TEXT_COLOR")] {
        if let Some(color) = call.param(name).and_then(color) {
            given.push(upper, color);
        }
    }
    if let Some(export) = call.param("export").filter(|export| export.is_array()) {
        // One object, or a list with one.
        let export = export.get("0").filter(|first| first.is_array()).unwrap_or(export);
        let mut kept = Map::with_capacity(2);
        kept.push("ALLOW", export.get("ALLOW").and_then(Value::as_flag).unwrap_or(false));
        if let Some(set) = export.get("SET").and_then(Value::as_str) {
            kept.push("SET", if ["all", "3_9", "6_12"].contains(&set) { set } else { "all" });
        }
        given.push("EXPORT", kept);
    }
    if let Some(access) = call.param("access").filter(|access| access.is_array()) {
        given.push("ACCESS", access.clone());
    }
    Ok(given)
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    require_owner(call, ".")?;
    let kind = call.text("type").unwrap_or_default();
    if !TYPES.contains(&kind.as_str()) {
        return Err(denied().into());
    }
    let mut given = given(call)?;
    if given.get("NAME").and_then(Value::text).is_none_or(|name| name.trim().is_empty()) {
        return Err(Fault::crm("Invalid value for the \"name\" parameter").into());
    }
    let owner = owner(call, &kind);
    if kind == "user" && !directory::exists(call.tx, owner)? || kind == "group" && !is_group(call, owner)? {
        return Err(denied().into());
    }
    given.push("CAL_TYPE", kind);
    given.push("OWNER_ID", owner);
    Ok(noun::add(call, &SECTION, &FACE, &given)?.number.into())
}

fn is_group(call: &mut Call<'_, '_>, group: i64) -> Result<bool> {
    match call.core.modules.noun("groups.group").map(|shape| shape.noun) {
        Some(groups) => Ok(noun::again(call, groups, group)?.is_some()),
        None => Ok(false),
    }
}

/// The calendar that a call names, of the kind and the owner that it says.
fn named(call: &mut Call<'_, '_>, act: Act, end: &str) -> Result<Row> {
    require_owner(call, ".")?;
    if call.id("id") <= 0 {
        return Err(Fault::crm(format!("Section ID is not set{end}")).into());
    }
    let denied = Fault::crm(format!("Access denied{end}"));
    let scope = SECTION.grant(call, act)?;
    let row = noun::one(call, &SECTION, &scope, call.id("id"))?;
    Ok(row.filter(|row| row.text("calType") != "resource").ok_or(denied)?)
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = named(call, Act::Update, "")?;
    let given = given(call)?;
    if given.get("NAME").and_then(Value::text).is_some_and(|name| name.trim().is_empty()) {
        return Err(Fault::crm("Invalid value for the \"name\" parameter").into());
    }
    noun::update(call, &SECTION, &FACE, &[row.number.into()], &given)?;
    Ok(row.number.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = named(call, Act::Delete, ".")?;
    noun::delete(call, &SECTION, &FACE, &[row.number.into()])?;
    Ok(true.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    require_owner(call, "")?;
    let kind = call.text("type").unwrap_or_default();
    let owner = owner(call, &kind);
    may_enter(call, &kind, owner)?;
    let scope = SECTION.grant(call, Act::Read)?;
    let values = [("calType", kind.into()), ("ownerId", owner.into())];
    let rows = noun::rows(call, &SECTION, &scope, &values)?;
    Ok(show::all(call, &rows)?.into())
}

/// Refuses kinds of calendars that there are not and workgroups that are not the caller's; makes the first calendar of what has
/// none, if it is there.
///
/// # Errors
/// The refusal.
pub fn may_enter(call: &mut Call<'_, '_>, kind: &str, owner: i64) -> Result<()> {
    if !TYPES.contains(&kind) {
        return Err(denied().into());
    }
    if kind == "group" {
        let is_open =
            call.caller.is_admin || noun::is_member(call, "groups.member", "groupId", owner, BELONGS)?;
        if !is_open || !is_group(call, owner)? {
            return Err(denied().into());
        }
    }
    let is_there = kind != "user" || owner == call.caller.user_id;
    if is_there {
        home(call, kind, owner)?;
    }
    Ok(())
}
