//! The timelines of items: what was written into them and what happened there. An entry may stand in the timelines of
//! several items, its bindings; who may read one of these may read the entry.

mod binding;
mod comment;
pub mod copy;
mod entry;
pub mod kept;
mod log;
mod note;
mod picture;
mod pin;

use engine::entity::Entity;
use engine::event::Event;
use engine::method::Method;
use store::Tx;

/// The methods.
pub fn methods() -> Vec<Method> {
    let mut methods = comment::methods();
    methods.extend(binding::methods());
    methods.extend(log::methods());
    methods.extend(note::methods());
    methods.extend(pin::methods());
    methods.extend(picture::methods());
    methods
}

/// The events.
pub fn events() -> Vec<Event> {
    comment::events()
}

/// Puts what stands in the timeline of an item into that of another one, with notes and pins.
pub fn hand_over(tx: &mut Tx<'_>, entity: &Entity, from: i64, into: i64) -> engine::Result<()> {
    for (table, (kind, id), same) in [
        ("crm_timeline_binding", ("entity_type_id", "entity_id"), "entry_id"),
        ("crm_timeline_note", ("owner_type_id", "owner_id"), "item_type, item_id"),
        ("crm_timeline_pin", ("owner_type_id", "owner_id"), "entry_id"),
    ] {
        let same: String =
            same.split(", ").map(|column| format!(" AND o.{column} = {table}.{column}")).collect();
        let sql = format!(
            "UPDATE {table} SET {id} = ? WHERE {kind} = ? AND {id} = ? AND NOT EXISTS \
             (SELECT 1 FROM {table} o WHERE o.{kind} = {table}.{kind} AND o.{id} = ?{same})"
        );
        tx.execute(&sql, &[into.into(), entity.type_id.into(), from.into(), into.into()])?;
    }
    Ok(())
}

/// Removes a deleted item from all timelines, and with it the entries that stand in no other.
pub fn forget(tx: &mut Tx<'_>, entity: &Entity, id: i64) -> engine::Result<()> {
    let bound = [entity.type_id.into(), id.into()];
    let sql = "SELECT entry_id FROM crm_timeline_binding WHERE entity_type_id = ? AND entity_id = ?";
    let entries = tx.all(sql, &bound, |row| row.int(0))?;
    tx.execute("DELETE FROM crm_timeline_binding WHERE entity_type_id = ? AND entity_id = ?", &bound)?;
    kept::forget_owner(tx, entity, id)?;
    entries.into_iter().try_for_each(|entry| entry::delete_unbound(tx, entry))
}
