//! `tasks.flow.Flow.create`, `get`, `update`, `delete`, `isExists`, `activate` and `pin`.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, Param, optional, read, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use wire::{Fault, Map, Value};

use super::code::{self, CODE};
use super::held::{PIN, holds};
use super::show::show;
use super::{FACE, FLOW};
use crate::SCOPE;

const FLOW_ID: Param = required("flowId", Kind::Id, "ID of the flow");

/// The methods.
pub fn methods() -> Vec<Method> {
    let named = |members| required("flowData", Kind::Fields, "Values by field").with_members(members);
    let example = json!({
        "name": "Deliveries", "description": "What is to be brought", "plannedCompletionTime": 7200,
        "distributionType": "manually", "responsibleList": [["user", "3"]], "taskCreators": [["meta-user", "all-users"]],
        "matchWorkTime": 1, "notifyAtHalfTime": 0,
    });
    let methods = [
        write("tasks.flow.Flow.create", SCOPE, create)
            .about("Adds a flow and returns it.")
            .param(named(members(false)))
            .example(json!({"flowData": example}), json!({"id": "*", "name": "Deliveries", "active": true})),
        read("tasks.flow.Flow.get", SCOPE, get)
            .about("Returns a flow.")
            .param(FLOW_ID)
            .example(json!({"flowId": 1}), json!({"id": 1, "distributionType": "queue"})),
        write("tasks.flow.Flow.update", SCOPE, update)
            .about("Updates the given fields of a flow and returns it.")
            .param(named(members(true)))
            .example(
                json!({"flowData": {
                    "id": 1, "name": "Questions of customers", "plannedCompletionTime": 3600, "distributionType": "queue",
                    "responsibleList": [["user", "2"]],
                }}),
                json!({"id": 1, "plannedCompletionTime": 3600}),
            ),
        write("tasks.flow.Flow.delete", SCOPE, delete)
            .about("Deletes a flow. Its tasks stay.")
            .param(named(vec![required("id", Kind::Id, "ID of the flow")]))
            .example(json!({"flowData": {"id": 1}}), json!({"deleted": true})),
        read("tasks.flow.Flow.isExists", SCOPE, exists)
            .about("Tells whether there is a flow of that name.")
            .param(named(vec![
                required("name", Kind::Text, "Name"),
                optional("id", Kind::Id, "ID of a flow that does not count"),
            ]))
            .example(json!({"flowData": {"name": "Questions"}}), json!({"exists": true})),
        write("tasks.flow.Flow.activate", SCOPE, activate)
            .about("Switches a flow on, or off when it is on.")
            .param(FLOW_ID)
            .example(json!({"flowId": 1}), json!(true)),
        write("tasks.flow.Flow.pin", SCOPE, pin)
            .about("Pins a flow for the user, or unpins one that is pinned, and tells whether it is now.")
            .param(FLOW_ID)
            .example(json!({"flowId": 1}), json!(true)),
    ];
    methods.map(Method::own_words).into()
}

/// The fields of a flow as parameters.
fn members(changing: bool) -> Vec<Param> {
    let id = changing.then(|| required("id", Kind::Id, "ID of the flow"));
    let open = FLOW.fields.iter().filter(|field| !field.read_only && field.stamp.is_none());
    let member = |field: &'static noun::Field| {
        let kind = match field.kind {
            engine::entity::Kind::Integer | engine::entity::Kind::User => Kind::Int,
            engine::entity::Kind::Bool => Kind::Flag,
            engine::entity::Kind::Json => Kind::Any,
            _ => Kind::Text,
        };
        let must = ["plannedCompletionTime", "distributionType", "responsibleList"].contains(&field.name)
            || (field.name == "name" && !changing);
        Param { name: field.name.into(), ..if must { required } else { optional }("", kind, field.title) }
    };
    id.into_iter().chain(open.map(member)).collect()
}

/// The values of a request.
fn given(call: &Call<'_, '_>) -> Result<Map> {
    let given = call.param("flowData").filter(|given| given.is_array());
    Ok(given.cloned().and_then(Value::into_map).ok_or_else(|| Fault::missing_parameter("flowData"))?)
}

/// The key of a flow, as a request or its fields have it.
fn key(id: Option<&Value>) -> [Value; 1] {
    [id.cloned().unwrap_or_default()]
}

/// The flow that a call names, which the caller may see, or change.
fn asked(call: &mut Call<'_, '_>, act: Act) -> Result<Row> {
    let key = key(call.param("flowId"));
    noun::find(call, &FLOW, &FACE, act, &key)
}

fn create(call: &mut Call<'_, '_>) -> Result<Value> {
    let given = given(call)?;
    let row = noun::add(call, &FLOW, &FACE, &given)?;
    show(call, &row)
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = asked(call, Act::Read)?;
    show(call, &row)
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let given = given(call)?;
    let row = noun::update(call, &FLOW, &FACE, &key(given.get("id")), &given)?;
    show(call, &row)
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let given = given(call)?;
    noun::delete(call, &FLOW, &FACE, &key(given.get("id")))?;
    Ok(Value::under("deleted", true))
}

fn exists(call: &mut Call<'_, '_>) -> Result<Value> {
    let given = given(call)?;
    let name = given.get("name").and_then(Value::text).unwrap_or_default().trim().to_owned();
    let but = given.get("id").and_then(Value::as_int).unwrap_or(0);
    let sql = "SELECT 1 FROM tasks_flow WHERE name = ? AND id <> ?";
    let found = call.tx.one(sql, &[name.into(), but.into()], |row| row.int(0))?;
    Ok(Value::under("exists", found.is_some()))
}

fn activate(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = asked(call, Act::Update)?;
    let sql = "UPDATE tasks_flow SET active = 1 - active, activity = ? WHERE id = ?";
    call.tx.execute(sql, &[call.now.seconds().into(), row.number.into()])?;
    Ok(true.into())
}

fn pin(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = asked(call, Act::Read)?;
    let code = format!("U{}", call.caller.user_id);
    let pinned = holds(call, call.caller.user_id, row.number, PIN)?;
    if pinned {
        let of = [("flowId", row.number.into()), ("part", PIN.into()), ("code", code.into())];
        noun::clear(call, &CODE, &of)?;
    } else {
        code::put(call, row.number, PIN, code)?;
    }
    Ok((!pinned).into())
}
