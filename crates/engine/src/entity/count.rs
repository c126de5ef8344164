//! How many items each entity has: kept, because counting a large table for the `total` of every page
//! costs most of the time of a list.
//!
//! The number is spread over shards, one for each writer to the database: on PostgreSQL a batch of fifty adds would
//! else meet with everybody's adds, and be run again until it is given up.

use std::collections::BTreeMap;
use std::mem::take;

use store::Tx;

use crate::error::Result;

/// Shards of an entity. Its rows in `crm_count` have the ids from `entity_type_id * SHARDS` on: one number is
/// all that SQLite has to look for, and to keep in order.
const SHARDS: i64 = 64;

/// By how much the numbers of items changed, by entity: gathered while a call runs, and written once for all commands of
/// a batch.
#[derive(Clone, Debug, Default)]
pub struct Changes(BTreeMap<i64, i64>);

impl Changes {
    /// Notes a change of the number of items.
    pub fn add(&mut self, entity_type_id: i64, change: i64) {
        *self.0.entry(entity_type_id).or_default() += change;
    }

    /// Writes them.
    pub fn write(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        take(&mut self.0).into_iter().try_for_each(|(entity_type_id, change)| add(tx, entity_type_id, change))
    }

    /// The number of items, with these changes, which are written for that.
    pub fn total(&mut self, tx: &mut Tx<'_>, entity_type_id: i64) -> Result<i64> {
        self.write(tx)?;
        let sql = "SELECT CAST(COALESCE(SUM(items), 0) AS BIGINT) FROM crm_count WHERE id >= ? AND id < ?";
        let from = entity_type_id * SHARDS;
        Ok(tx.one(sql, &[from.into(), (from + SHARDS).into()], |row| row.int(0))?.unwrap_or(0))
    }
}

/// Adds `change` to the number of items.
fn add(tx: &mut Tx<'_>, entity_type_id: i64, change: i64) -> Result<()> {
    let id = entity_type_id * SHARDS + tx.writer() % SHARDS;
    let known = "UPDATE crm_count SET items = items + ? WHERE id = ?";
    if tx.execute(known, &[change.into(), id.into()])? == 0 {
        let new = "INSERT INTO crm_count (id, items) VALUES (?, ?) \
                   ON CONFLICT (id) DO UPDATE SET items = crm_count.items + excluded.items";
        tx.execute(new, &[id.into(), change.into()])?;
    }
    Ok(())
}
