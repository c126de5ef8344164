//! `crm.timeline.note.*`: the note that an item keeps on an entry of its timeline or on one of its activities.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, read, required, write};
use engine::moment;
use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value};

use super::entry;
use super::kept::{self, ACTIVITY, ENTRY};
use crate::SCOPE;
use crate::activity::is_bound;
use crate::owner::{self, Owner};

/// The methods.
pub fn methods() -> Vec<Method> {
    let of = |method: Method| {
        method
            .controller()
            .param(required("ownerTypeId", Kind::Int, "Type of the item that it belongs to"))
            .param(required("ownerId", Kind::Id, "ID of that item"))
            .param(required("itemType", Kind::Int, "What it is a note on: 1 timeline entry, 2 activity"))
            .param(required("itemId", Kind::Id, "ID of the entry or activity"))
    };
    let example = json!({"ownerTypeId": 2, "ownerId": 1, "itemType": 1, "itemId": 1});
    vec![
        of(write("crm.timeline.note.save", SCOPE, save))
            .about("Writes the note on a timeline entry or an activity.")
            .param(required("text", Kind::Text, "Text"))
            .example(
                json!({"ownerTypeId": 2, "ownerId": 1, "itemType": 2, "itemId": 1, "text": "Ask for Clara"}),
                json!(true),
            ),
        of(read("crm.timeline.note.get", SCOPE, get))
            .about("Returns the note on a timeline entry or an activity.")
            .example(example.clone(), json!({"text": "By mail as well", "createdById": 1})),
        of(write("crm.timeline.note.delete", SCOPE, delete))
            .about("Deletes the note on a timeline entry or an activity.")
            .example(example, json!(true)),
    ]
}

fn save(call: &mut Call<'_, '_>) -> Result<Value> {
    let key = key(call, Act::Update)?;
    let text = call.text("text").unwrap_or_default();
    let (user, now): (Param<'_>, Param<'_>) = (call.caller.user_id.into(), call.now.seconds().into());
    let sql = "INSERT INTO crm_timeline_note (item_type, item_id, owner_type_id, owner_id, content, created_by, \
               created, updated_by, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) \
               ON CONFLICT (item_type, item_id, owner_type_id, owner_id) DO UPDATE SET content = excluded.content, \
               updated_by = excluded.updated_by, updated = excluded.updated";
    let values = [text.as_str().into(), user.clone(), now.clone(), user, now];
    let params: Vec<Param<'_>> = key.into_iter().chain(values).collect();
    call.tx.execute(sql, &params)?;
    Ok(true.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let key = key(call, Act::Read)?;
    let sql = "SELECT content, created_by, created, updated_by, updated FROM crm_timeline_note \
               WHERE item_type = ? AND item_id = ? AND owner_type_id = ? AND owner_id = ?";
    let zone = &call.caller.zone;
    let found = call.tx.one(sql, &key, |row| {
        let mut map = Map::with_capacity(5);
        map.push("text", row.text(0)?);
        map.push("createdById", row.int(1)?);
        map.push("createdTime", moment::print(zone, row.int(2)?));
        map.push("updatedById", row.int(3)?);
        map.push("updatedTime", moment::print(zone, row.int(4)?));
        Ok(map)
    })?;
    found.map(Value::Map).ok_or_else(|| missing().into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let key = key(call, Act::Update)?;
    let sql = "DELETE FROM crm_timeline_note WHERE item_type = ? AND item_id = ? AND owner_type_id = ? AND owner_id = ?";
    if call.tx.execute(sql, &key)? == 0 { Err(missing().into()) } else { Ok(true.into()) }
}

/// The entry or activity that a request names, and the item that it belongs to, when the caller may do this to it.
fn key(call: &mut Call<'_, '_>, act: Act) -> Result<[Param<'static>; 4]> {
    let (kind, id) = (call.id("itemType"), call.id("itemId"));
    let owner = Owner::numbered(call, call.id("ownerTypeId"), call.id("ownerId")).ok_or_else(missing)?;
    owner.standing(call, act)?.require(owner::denied(), missing())?;
    let is_there = match kind {
        ENTRY => entry::is_bound(call.tx, id, &owner)?,
        ACTIVITY => is_bound(call.tx, id, &owner)?,
        _ => false,
    };
    if is_there { Ok(kept::key(kind, id, &owner)) } else { Err(missing().into()) }
}

fn missing() -> Fault {
    Fault::new(400, "NOT_FOUND", "Element not found")
}
