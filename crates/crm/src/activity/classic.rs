//! `crm.activity.*`: the methods with upper-case names.

use engine::call::Call;
use engine::entity::{Kind as FieldKind, Naming, describe};
use engine::error::Result;
use engine::method::{Kind, Method, Param, optional, read as reads, required, write as writes};
use serde_json::json;
use wire::{Fault, Value};

use super::read::{self, Current, denied, missing};
use super::{binding, communication, fields, recording, task, write};
use crate::SCOPE;

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = || required("id", Kind::Id, "ID of the activity");
    let call = json!({"fields": {
        "OWNER_TYPE_ID": 2, "OWNER_ID": 1, "TYPE_ID": 2, "SUBJECT": "Ask about the delivery", "RESPONSIBLE_ID": 1,
        "COMMUNICATIONS": [{"VALUE": "+4930111001", "ENTITY_ID": 1, "ENTITY_TYPE_ID": 3}], "DIRECTION": 2,
    }});
    vec![
        writes("crm.activity.add", SCOPE, add)
            .about("Adds an activity and returns its ID.")
            .param(required("fields", Kind::Fields, "Fields of the activity").with_members(members(true)))
            .example(call, json!("*")),
        reads("crm.activity.get", SCOPE, get)
            .about("Returns an activity with all its fields.")
            .param(id())
            .example(json!({"id": 1}), json!({"ID": "1", "OWNER_TYPE_ID": "2", "OWNER_ID": "1", "TYPE_ID": "2"})),
        reads("crm.activity.list", SCOPE, list)
            .about("Lists activities by filter, 50 per page.")
            .param(optional("filter", Kind::Filter, "Conditions by field, with comparison prefixes"))
            .param(optional("order", Kind::Order, "ASC or DESC by field"))
            .param(optional("select", Kind::Select, "Fields to return"))
            .param(optional("start", Kind::Int, "Offset of the first row; -1 skips counting the total"))
            .example(
                json!({
                    "filter": {"OWNER_TYPE_ID": 2, "OWNER_ID": 1, "TYPE_ID": 2}, "order": {"ID": "ASC"},
                    "select": ["ID", "SUBJECT", "COMMUNICATIONS"],
                }),
                json!([{"ID": "1", "SUBJECT": "Call about the offer", "COMMUNICATIONS": [{"TYPE": "PHONE"}]}]),
            ),
        writes("crm.activity.update", SCOPE, update)
            .about("Updates the given fields of an activity.")
            .param(id())
            .param(required("fields", Kind::Fields, "Fields of the activity to change").with_members(members(false)))
            .example(json!({"id": 1, "fields": {"COMPLETED": "Y"}}), json!(true)),
        writes("crm.activity.delete", SCOPE, delete)
            .about("Deletes an activity.")
            .param(id())
            .example(json!({"id": 1}), json!(true)),
        reads("crm.activity.fields", SCOPE, |call| Ok(fields::describe(call.language).into()))
            .about("Describes the fields of an activity.")
            .example(json!({}), json!({"SUBJECT": {"type": "string", "isRequired": true}})),
        reads("crm.activity.communication.fields", SCOPE, communication_fields)
            .about("Describes the fields of a communication of an activity.")
            .example(json!({}), json!({"VALUE": {"type": "string"}})),
        reads("crm.activity.call.getTranscript", SCOPE, transcript)
            .controller()
            .about("Returns the transcript of a call; null if there is none.")
            .param(required("activityId", Kind::Id, "ID of the activity"))
            .example(json!({"activityId": 1}), json!(null)),
    ]
}

/// The fields of an activity as parameters.
fn members(adding: bool) -> Vec<Param> {
    let open = fields::table().fields.iter().filter(|field| !field.read_only && (adding || !field.immutable));
    let member = |field: &'static engine::entity::Field| {
        let kind = match field.kind {
            FieldKind::Integer | FieldKind::User => Kind::Int,
            FieldKind::Char => Kind::Flag,
            _ if field.multiple => Kind::List,
            _ if fields::FREE.contains(&&*field.code) => Kind::Any,
            _ => Kind::Text,
        };
        let param = if adding && field.required && !field.multiple { required } else { optional };
        param(&field.code, kind, &field.title)
    };
    open.map(member).collect()
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let given = call.fields("fields");
    Ok(write::add(call, &given)?.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.id("id");
    let row = read::whole(call, id)?.ok_or_else(missing)?;
    if binding::is_readable(call, id)? { Ok(row.into()) } else { Err(denied().into()) }
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    Ok(read::list(call)?.into())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let current = writable(call)?;
    let mut given = call.fields("fields");
    if current.provider == task::TASK {
        given = task::change(call, &current, &given)?;
    }
    write::update(call, &current, &given)?;
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let current = writable(call)?;
    write::delete(call, current.id)?;
    Ok(true.into())
}

/// The activity that a request names, when the caller may change it.
fn writable(call: &mut Call<'_, '_>) -> Result<Current> {
    let current = Current::load(call, call.id("id"))?.ok_or_else(missing)?;
    if current.is_writable(call)? { Ok(current) } else { Err(denied().into()) }
}

fn communication_fields(call: &mut Call<'_, '_>) -> Result<Value> {
    Ok(describe::of_table(&communication::described(), Naming::Legacy, call.language).into())
}

fn transcript(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.id("activityId");
    if Current::load(call, id)?.is_none() {
        return Err(Fault::new(400, "NOT_FOUND", "Item not found").into());
    }
    if binding::is_readable(call, id)? {
        let said = recording::transcript(call, id)?;
        Ok(said.map_or(Value::Null, |said| Value::under("transcription", said)))
    } else {
        Err(Fault::new(403, "ACCESS_DENIED", "Access denied").into())
    }
}
