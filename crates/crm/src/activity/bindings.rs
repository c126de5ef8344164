//! `crm.activity.binding.*`: the items that an activity is bound to.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, Param, read, required, write as writes};
use serde_json::json;
use wire::{Fault, Map, Value};

use super::binding::Bound;
use super::read::Current;
use super::{binding, write};
use crate::SCOPE;
use crate::owner::{self, Owner};

const ACTIVITY: Param = required("activityId", Kind::Id, "ID of the activity");

/// The methods.
pub fn methods() -> Vec<Method> {
    let one = |method: Method| {
        method
            .controller()
            .param(ACTIVITY)
            .param(required("entityTypeId", Kind::Int, "Type of the item"))
            .param(required("entityId", Kind::Id, "ID of the item"))
    };
    vec![
        one(writes("crm.activity.binding.add", SCOPE, add))
            .about("Binds an activity to an item.")
            .example(json!({"activityId": 1, "entityTypeId": 2, "entityId": 2}), json!(true)),
        one(writes("crm.activity.binding.delete", SCOPE, delete))
            .about("Unbinds an activity from an item. The last binding stays.")
            .example(json!({"activityId": 1, "entityTypeId": 3, "entityId": 1}), json!(true)),
        read("crm.activity.binding.list", SCOPE, list)
            .controller()
            .about("Lists the items that an activity is bound to.")
            .param(ACTIVITY)
            .example(
                json!({"activityId": 1}),
                json!([{"entityTypeId": 2, "entityId": 1}, {"entityTypeId": 3, "entityId": 1}]),
            ),
        writes("crm.activity.binding.move", SCOPE, relocate)
            .controller()
            .about("Binds an activity to another item of the same type in the place of one.")
            .param(ACTIVITY)
            .param(required("sourceEntityTypeId", Kind::Int, "Type of the item"))
            .param(required("sourceEntityId", Kind::Id, "ID of the item"))
            .param(required("targetEntityTypeId", Kind::Int, "Type of the other item"))
            .param(required("targetEntityId", Kind::Id, "ID of the other item"))
            .example(
                json!({
                    "activityId": 1, "sourceEntityTypeId": 2, "sourceEntityId": 1, "targetEntityTypeId": 2,
                    "targetEntityId": 2,
                }),
                json!(true),
            ),
    ]
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let activity = writable(call)?;
    let item = named(call, "entityTypeId", "entityId")?;
    item.require(call, Act::Update)?;
    bind(call, activity.id, &item)?;
    write::happened(call, "UPDATE", activity.id)?;
    Ok(true.into())
}

fn bind(call: &mut Call<'_, '_>, activity: i64, item: &Owner) -> Result<()> {
    if !binding::add(call.tx, activity, item)? {
        let text = "The activity is already bound to this item.";
        return Err(Fault::new(400, "ACTIVITY_IS_ALREADY_BOUND", text).into());
    }
    if binding::load(call, activity)?.len() > binding::MAX {
        let text = format!("An activity has at most {} bindings.", binding::MAX);
        return Err(Fault::new(400, "BINDINGS_COUNT_LIMIT_EXCEEDED", text).into());
    }
    Ok(())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let activity = writable(call)?;
    let item = named(call, "entityTypeId", "entityId")?;
    item.require(call, Act::Update)?;
    if !binding::is_bound(call.tx, activity.id, &item)? {
        return Err(unbound().into());
    }
    if binding::load(call, activity.id)?.len() == 1 {
        let text = "The last binding of an activity cannot be deleted.";
        return Err(Fault::new(400, "LAST_BINDING_CANNOT_BE_DELETED", text).into());
    }
    binding::remove(call.tx, activity.id, &item)?;
    binding::pass_on(call.tx, &item.entity, item.id)?;
    write::happened(call, "UPDATE", activity.id)?;
    Ok(true.into())
}

fn relocate(call: &mut Call<'_, '_>) -> Result<Value> {
    let activity = writable(call)?;
    let source = named(call, "sourceEntityTypeId", "sourceEntityId")?;
    let target = named(call, "targetEntityTypeId", "targetEntityId")?;
    if source.entity.type_id != target.entity.type_id {
        let text = "Source and target must be of the same type.";
        return Err(Fault::new(400, "SOURCE_AND_TARGET_ENTITY_TYPES_ARE_NOT_EQUAL_ERROR", text).into());
    }
    if source.id == target.id {
        let text = "Source and target are the same item.";
        return Err(Fault::new(400, "SOURCE_AND_TARGET_ENTITY_ID_ARE_EQUAL_ERROR", text).into());
    }
    source.require(call, Act::Update)?;
    target.require(call, Act::Update)?;
    if !binding::remove(call.tx, activity.id, &source)? {
        return Err(unbound().into());
    }
    bind(call, activity.id, &target)?;
    let sql = "UPDATE crm_activity SET owner_id = ? WHERE id = ? AND owner_type_id = ? AND owner_id = ?";
    let (type_id, from) = (source.entity.type_id, source.id);
    call.tx.execute(sql, &[target.id.into(), activity.id.into(), type_id.into(), from.into()])?;
    write::happened(call, "UPDATE", activity.id)?;
    Ok(true.into())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.id("activityId");
    if Current::load(call, id)?.is_none() {
        return Err(missing().into());
    }
    let items = binding::readable(call, &[id])?;
    if items.is_empty() {
        return Err(owner::denied().into());
    }
    let show = |item: &Bound| {
        let mut map = Map::with_capacity(2);
        map.push("entityTypeId", item.type_id);
        map.push("entityId", item.id);
        Value::Map(map)
    };
    Ok(items.iter().map(show).collect::<Vec<_>>().into())
}

/// The activity that a request names, when the caller may change it.
fn writable(call: &mut Call<'_, '_>) -> Result<Current> {
    let current = Current::load(call, call.id("activityId"))?.ok_or_else(missing)?;
    if current.is_writable(call)? { Ok(current) } else { Err(owner::denied().into()) }
}

fn named(call: &Call<'_, '_>, type_id: &str, id: &str) -> Result<Owner> {
    Owner::numbered(call, call.id(type_id), call.id(id)).ok_or_else(|| owner::missing().into())
}

fn missing() -> Fault {
    Fault::new(400, "NOT_FOUND", "Element not found")
}

fn unbound() -> Fault {
    Fault::new(400, "BINDING_NOT_FOUND", "The activity is not bound to this item.")
}
