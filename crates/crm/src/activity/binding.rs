//! The items that activities are bound to.

use engine::call::Call;
use engine::entity::Entity;
use engine::entity::table::Within;
use engine::error::Result;
use store::{Param, Tx};

use crate::owner::{self, Owner};
use crate::timeline::kept;

/// Items that an activity may be bound to.
pub const MAX: usize = 100;

/// The items that an activity is bound to.
pub fn load(call: &mut Call<'_, '_>, activity: i64) -> Result<Vec<Owner>> {
    let sql = "SELECT owner_type_id, owner_id FROM crm_activity_binding WHERE activity_id = ? \
               ORDER BY owner_type_id, owner_id";
    let found = call.tx.all(sql, &[activity.into()], |row| Ok((row.int(0)?, row.int(1)?)))?;
    Ok(found.into_iter().filter_map(|(type_id, id)| Owner::numbered(call, type_id, id)).collect())
}

/// An item that an activity is bound to, by its numbers.
pub struct Bound {
    /// The activity.
    pub activity: i64,
    /// The type of the item.
    pub type_id: i64,
    /// The item.
    pub id: i64,
}

/// The items that activities are bound to and the caller may read.
pub fn readable(call: &mut Call<'_, '_>, activities: &[i64]) -> Result<Vec<Bound>> {
    let (condition, values) = visible(call).unzip();
    let mut sql = format!(
        "SELECT b.activity_id, b.owner_type_id, b.owner_id FROM crm_activity_binding b WHERE b.activity_id IN ({})",
        store::placeholders(activities.len())
    );
    if let Some(condition) = condition {
        sql += " AND ";
        sql += &condition;
    }
    sql += " ORDER BY b.activity_id, b.owner_type_id, b.owner_id";
    let ids = activities.iter().map(|id| Param::from(*id));
    let params: Vec<Param<'static>> = ids.chain(values.unwrap_or_default()).collect();
    Ok(call.tx.all(&sql, &params, |row| {
        Ok(Bound { activity: row.int(0)?, type_id: row.int(1)?, id: row.int(2)? })
    })?)
}

/// Binds an activity to an item; false when it is bound to it already.
pub fn add(tx: &mut Tx<'_>, activity: i64, owner: &Owner) -> Result<bool> {
    put(tx, activity, (owner.entity.type_id, owner.id))
}

/// The same by the type and the number of the item.
pub fn put(tx: &mut Tx<'_>, activity: i64, (type_id, id): (i64, i64)) -> Result<bool> {
    let sql = "INSERT INTO crm_activity_binding (activity_id, owner_type_id, owner_id) VALUES (?, ?, ?) \
               ON CONFLICT (activity_id, owner_type_id, owner_id) DO NOTHING";
    Ok(tx.execute(sql, &[activity.into(), type_id.into(), id.into()])? > 0)
}

/// Unbinds an activity from an item; false when it is not bound to it.
pub fn remove(tx: &mut Tx<'_>, activity: i64, owner: &Owner) -> Result<bool> {
    let sql = "DELETE FROM crm_activity_binding WHERE activity_id = ? AND owner_type_id = ? AND owner_id = ?";
    kept::forget_note(tx, kept::ACTIVITY, activity, owner)?;
    Ok(tx.execute(sql, &[activity.into(), owner.entity.type_id.into(), owner.id.into()])? > 0)
}

/// Whether an activity is bound to an item.
pub fn is_bound(tx: &mut Tx<'_>, activity: i64, owner: &Owner) -> Result<bool> {
    let sql =
        "SELECT 1 FROM crm_activity_binding WHERE activity_id = ? AND owner_type_id = ? AND owner_id = ?";
    let params = [activity.into(), owner.entity.type_id.into(), owner.id.into()];
    Ok(tx.one(sql, &params, |row| row.int(0))?.is_some())
}

/// Binds the activities of an item to another one instead.
pub fn hand_over(tx: &mut Tx<'_>, entity: &Entity, from: i64, into: i64) -> Result<()> {
    let params = [into.into(), entity.type_id.into(), from.into()];
    let bound = "UPDATE crm_activity_binding SET owner_id = ? WHERE owner_type_id = ? AND owner_id = ? AND NOT EXISTS \
                 (SELECT 1 FROM crm_activity_binding o WHERE o.activity_id = crm_activity_binding.activity_id \
                 AND o.owner_type_id = crm_activity_binding.owner_type_id AND o.owner_id = ?)";
    tx.execute(bound, &[&params[..], &[into.into()]].concat())?;
    for sql in [
        "UPDATE crm_activity SET owner_id = ? WHERE owner_type_id = ? AND owner_id = ?",
        "UPDATE crm_activity_communication SET entity_id = ? WHERE entity_type_id = ? AND entity_id = ?",
    ] {
        tx.execute(sql, &params)?;
    }
    Ok(())
}

/// Gives activities that an item owned, and that are no longer bound to it, another owner.
pub fn pass_on(tx: &mut Tx<'_>, entity: &Entity, id: i64) -> Result<()> {
    let sql = "UPDATE crm_activity SET (owner_type_id, owner_id) = (SELECT b.owner_type_id, b.owner_id \
               FROM crm_activity_binding b WHERE b.activity_id = crm_activity.id \
               ORDER BY b.owner_type_id, b.owner_id LIMIT 1) \
               WHERE owner_type_id = ? AND owner_id = ? AND NOT EXISTS (SELECT 1 FROM crm_activity_binding b \
               WHERE b.activity_id = crm_activity.id AND b.owner_type_id = crm_activity.owner_type_id \
               AND b.owner_id = crm_activity.owner_id)";
    tx.execute(sql, &[entity.type_id.into(), id.into()])?;
    Ok(())
}

/// The bindings `b` to items that the caller may read; `None` when these are all.
pub fn visible(call: &Call<'_, '_>) -> Option<Within> {
    let mut entities: Vec<_> = call.meta.items().collect();
    entities.sort_by_key(|entity| entity.type_id);
    let entities = entities.into_iter().map(|entity| &**entity);
    owner::readable(call, entities, ("b.owner_type_id", "b.owner_id"), |entity| entity.type_id.into())
}

/// The activities `t` that the caller may read; `None` when these are all.
pub fn within_reach(call: &Call<'_, '_>) -> Option<Within> {
    let (condition, params) = visible(call)?;
    let of = "SELECT 1 FROM crm_activity_binding b WHERE b.activity_id = t.id AND";
    Some((format!("EXISTS ({of} {condition})"), params))
}

/// Whether the caller may read an activity.
pub fn is_readable(call: &mut Call<'_, '_>, activity: i64) -> Result<bool> {
    let Some((condition, mut params)) = within_reach(call) else { return Ok(true) };
    params.push(Param::from(activity));
    let sql = format!("SELECT t.id FROM crm_activity t WHERE {condition} AND t.id = ?");
    Ok(call.tx.one(&sql, &params, |row| row.int(0))?.is_some())
}
