//! The backlog of a scrum, which holds the tasks that are in no sprint: `tasks.api.scrum.backlog.*`.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, Param, optional, read, required, write};
use engine::noun;
use serde_json::json;
use wire::{Map, Value};

use super::entity::{BACKLOG, BACKLOGS, ENTITY};
use super::{item, lock, refusal, require_member, scrum};
use crate::SCOPE;

const NO_GROUP: &str = "Group id not found";
const NO_ID: &str = "Backlog id not found";

/// The methods.
pub fn methods() -> Vec<Method> {
    let member = |name, about| optional(name, Kind::Int, about);
    let more = || member("modifiedBy", "User who changed it");
    let adding = vec![
        required("groupId", Kind::Int, "Workgroup"),
        required("createdBy", Kind::Int, "User who made it"),
        more(),
    ];
    let changing = vec![member("groupId", "Workgroup"), member("createdBy", "User who made it"), more()];
    let fields =
        |members: Vec<Param>| required("fields", Kind::Fields, "Values by field").with_members(members);
    let methods = [
        write("tasks.api.scrum.backlog.add", SCOPE, add)
            .about("Adds the backlog of a scrum and returns it.")
            .param(fields(adding))
            .example(
                json!({"fields": {"groupId": 4, "createdBy": 1}}),
                json!({"groupId": 4, "createdBy": 1}),
            ),
        read("tasks.api.scrum.backlog.get", SCOPE, get)
            .about("Returns the backlog of a scrum.")
            .param(required("id", Kind::Id, "ID of the workgroup"))
            .example(json!({"id": 3}), json!({"id": 1, "groupId": 3})),
        write("tasks.api.scrum.backlog.update", SCOPE, update)
            .about("Updates the given fields of a backlog and returns it.")
            .param(required("id", Kind::Id, "ID of the backlog"))
            .param(fields(changing))
            .example(json!({"id": 1, "fields": {"modifiedBy": 2}}), json!({"id": 1, "modifiedBy": 2})),
        write("tasks.api.scrum.backlog.delete", SCOPE, delete)
            .about("Deletes a backlog that holds nothing.")
            .param(required("id", Kind::Id, "ID of the backlog"))
            .example(json!({"id": 1}), json!([])),
        read("tasks.api.scrum.backlog.getFields", SCOPE, |_| Ok(fields_of()))
            .about("Describes the fields of a backlog.")
            .example(json!({}), json!({"fields": {"groupId": {"type": "integer"}}})),
    ];
    methods.map(Method::own_words).into()
}

fn fields_of() -> Value {
    let integer = |name: &str| (name.into(), Value::under("type", "integer"));
    let fields: Map = ["groupId", "createdBy", "modifiedBy"].into_iter().map(integer).collect();
    Value::under("fields", fields.into_value())
}

/// The number of the backlog of a scrum.
fn of(call: &mut Call<'_, '_>, group: i64) -> Result<Option<i64>> {
    let sql = "SELECT id FROM tasks_sprint WHERE group_id = ? AND entity_type = 'backlog'";
    Ok(call.tx.one(sql, &[group.into()], |row| row.int(0))?)
}

/// The same; it is made where there is none.
pub fn open(call: &mut Call<'_, '_>, group: i64) -> Result<i64> {
    if let Some(found) = of(call, group)? {
        return Ok(found);
    }
    lock(call, group)?;
    let sql = "INSERT INTO tasks_sprint (group_id, entity_type, sort, created_by, modified_by) VALUES (?, ?, 1, ?, 0)";
    Ok(call.tx.insert(sql, &[group.into(), BACKLOG.into(), call.caller.user_id.into()])?)
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let given = call.fields("fields");
    let group = given.get("groupId").and_then(Value::as_int).unwrap_or(0);
    if scrum(call, group)?.is_none() {
        return Err(refusal(NO_GROUP).into());
    }
    require_member(call, group)?;
    lock(call, group)?;
    if of(call, group)?.is_some() {
        return Err(refusal("Backlog already added").into());
    }
    if given.get("createdBy").is_none_or(Value::is_empty) {
        return Err(refusal("createdBy user not found").into());
    }
    let row = noun::add(call, &ENTITY, &BACKLOGS, &signed(given))?;
    Ok(noun::show(call, &ENTITY, &BACKLOGS, &row)?.into_value())
}

/// A backlog that nobody changed says so.
fn signed(mut given: Map) -> Map {
    if given.get("modifiedBy").is_none() {
        given.insert("modifiedBy", 0);
    }
    given
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let group = call.id("id");
    if scrum(call, group)?.is_none() {
        return Err(refusal(NO_GROUP).into());
    }
    require_member(call, group)?;
    let id = of(call, group)?.ok_or_else(|| refusal("Backlog not found"))?;
    let row = noun::find(call, &ENTITY, &BACKLOGS, Act::Read, &[id.into()])?;
    Ok(noun::show(call, &ENTITY, &BACKLOGS, &row)?.into_value())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = named(call)?;
    if call.param("fields").is_none() {
        return Err(wire::Fault::missing_parameter("fields").into());
    }
    let given = call.fields("fields");
    let old = noun::find(call, &ENTITY, &BACKLOGS, Act::Update, &[id.into()])?;
    if let Some(group) = given.get("groupId").and_then(Value::as_int)
        && old.int("groupId") != Some(group)
    {
        lock(call, group)?;
        if item::count(call, id)? == 0 && of(call, group)?.is_some() {
            return Err(refusal("The target group already has a backlog").into());
        }
    }
    let row = noun::update(call, &ENTITY, &BACKLOGS, &[id.into()], &given)?;
    Ok(noun::show(call, &ENTITY, &BACKLOGS, &row)?.into_value())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = named(call)?;
    let row = noun::find(call, &ENTITY, &BACKLOGS, Act::Delete, &[id.into()])?;
    lock(call, row.int("groupId").unwrap_or(0))?;
    if item::count(call, id)? > 0 {
        return Err(refusal("It is forbidden remove a backlog with items").into());
    }
    noun::delete(call, &ENTITY, &BACKLOGS, &[id.into()])?;
    Ok(Vec::new().into())
}

fn named(call: &mut Call<'_, '_>) -> Result<i64> {
    let id = call.id("id");
    if id > 0 { Ok(id) } else { Err(refusal(NO_ID).into()) }
}
