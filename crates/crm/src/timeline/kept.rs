//! What items keep about entries of their timelines and their activities, notes and pins, and when it goes.

use engine::entity::Entity;
use engine::error::Result;
use store::{Param, Tx};

use crate::owner::Owner;

/// A note on an entry of a timeline.
pub const ENTRY: i64 = 1;
/// A note on an activity.
pub const ACTIVITY: i64 = 2;

/// The key of a note: what it is on, and the item that keeps it.
pub fn key(kind: i64, id: i64, owner: &Owner) -> [Param<'static>; 4] {
    [kind.into(), id.into(), owner.entity.type_id.into(), owner.id.into()]
}

/// Deletes the notes on an entry or activity that goes.
pub fn forget_notes(tx: &mut Tx<'_>, kind: i64, id: i64) -> Result<()> {
    let sql = "DELETE FROM crm_timeline_note WHERE item_type = ? AND item_id = ?";
    tx.execute(sql, &[kind.into(), id.into()])?;
    Ok(())
}

/// Deletes the note that an item keeps on an entry or activity that no longer belongs to it.
pub fn forget_note(tx: &mut Tx<'_>, kind: i64, id: i64, owner: &Owner) -> Result<()> {
    let sql = "DELETE FROM crm_timeline_note WHERE item_type = ? AND item_id = ? AND owner_type_id = ? AND owner_id = ?";
    tx.execute(sql, &key(kind, id, owner))?;
    Ok(())
}

/// Unpins an entry of an item.
pub fn unpin(tx: &mut Tx<'_>, entry: i64, owner: &Owner) -> Result<()> {
    let sql = "DELETE FROM crm_timeline_pin WHERE owner_type_id = ? AND owner_id = ? AND entry_id = ?";
    tx.execute(sql, &[owner.entity.type_id.into(), owner.id.into(), entry.into()])?;
    Ok(())
}

/// Deletes what a deleted item kept.
pub fn forget_owner(tx: &mut Tx<'_>, entity: &Entity, id: i64) -> Result<()> {
    for table in ["crm_timeline_note", "crm_timeline_pin"] {
        let sql = format!("DELETE FROM {table} WHERE owner_type_id = ? AND owner_id = ?");
        tx.execute(&sql, &[entity.type_id.into(), id.into()])?;
    }
    Ok(())
}
