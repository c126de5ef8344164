//! How many items each entity has: kept, because counting a large table for the `total` of every page
//! costs most of the time of a list.
//!
//! The number is spread over shards so that writers on PostgreSQL seldom wait for each other.

use store::{Dialect, Tx};

use crate::error::Result;

const SHARDS: i64 = 64;

/// Adds `change` to the number of items. `seed` picks the shard: any number that differs between calls.
pub fn add(tx: &mut Tx<'_>, entity_type_id: i64, seed: i64, change: i64) -> Result<()> {
    let shard = match tx.dialect() {
        Dialect::Sqlite => 0,
        Dialect::Postgres => seed.rem_euclid(SHARDS),
    };
    let sql = "INSERT INTO crm_count (entity_type_id, shard, items) VALUES (?, ?, ?) \
               ON CONFLICT (entity_type_id, shard) DO UPDATE SET items = crm_count.items + excluded.items";
    tx.execute(sql, &[entity_type_id.into(), shard.into(), change.into()])?;
    Ok(())
}

/// The number of items.
pub fn total(tx: &mut Tx<'_>, entity_type_id: i64) -> Result<i64> {
    let sql = "SELECT CAST(COALESCE(SUM(items), 0) AS BIGINT) FROM crm_count WHERE entity_type_id = ?";
    Ok(tx.one(sql, &[entity_type_id.into()], |row| row.int(0))?.unwrap_or(0))
}
