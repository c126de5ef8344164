//! `crm.timeline.item.pin` and `unpin`: entries at the top of an item's timeline.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, required, write};
use serde_json::json;
use wire::{Fault, Value};

use super::{entry, kept};
use crate::SCOPE;
use crate::owner::{self, Owner};

/// Entries that an item may have pinned.
const MAX: i64 = 7;

/// The methods.
pub fn methods() -> Vec<Method> {
    let of = |method: Method| {
        method
            .controller()
            .param(required("id", Kind::Id, "ID of the timeline entry"))
            .param(required("ownerTypeId", Kind::Int, "Type of the item that it belongs to"))
            .param(required("ownerId", Kind::Id, "ID of that item"))
            .example(json!({"id": 1, "ownerTypeId": 2, "ownerId": 1}), json!(null))
    };
    vec![
        of(write("crm.timeline.item.pin", SCOPE, pin))
            .about("Pins an entry at the top of an item's timeline."),
        of(write("crm.timeline.item.unpin", SCOPE, unpin)).about("Unpins an entry."),
    ]
}

fn pin(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, owner) = named(call)?;
    let (type_id, owner_id) = (owner.entity.type_id, owner.id);
    let sql =
        "SELECT COUNT(*) FROM crm_timeline_pin WHERE owner_type_id = ? AND owner_id = ? AND entry_id <> ?";
    let others =
        call.tx.one(sql, &[type_id.into(), owner_id.into(), id.into()], |row| row.int(0))?.unwrap_or(0);
    if others >= MAX {
        let text = format!("An item has at most {MAX} pinned entries.");
        return Err(Fault::new(400, "CAN_NOT_CHANGE_PINNED", text).into());
    }
    let sql = "INSERT INTO crm_timeline_pin (owner_type_id, owner_id, entry_id) VALUES (?, ?, ?) \
               ON CONFLICT (owner_type_id, owner_id, entry_id) DO NOTHING";
    call.tx.execute(sql, &[type_id.into(), owner_id.into(), id.into()])?;
    Ok(Value::Null)
}

fn unpin(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, owner) = named(call)?;
    kept::unpin(call.tx, id, &owner)?;
    Ok(Value::Null)
}

/// The entry that a request names, of an item that the caller may change.
fn named(call: &mut Call<'_, '_>) -> Result<(i64, Owner)> {
    let owner =
        Owner::numbered(call, call.id("ownerTypeId"), call.id("ownerId")).ok_or_else(owner::missing)?;
    owner.require(call, Act::Update)?;
    let id = call.id("id");
    if entry::is_bound(call.tx, id, &owner)? {
        Ok((id, owner))
    } else {
        Err(Fault::new(400, "NOT_FOUND", "Not found.").into())
    }
}
