//! How many items each entity has, and how many of them lie in each block of ids: kept, because counting a large table for
//! the `total` of every page costs most of the time of a list, and a far page would be reached by going through all rows
//! before it.
//!
//! The numbers are spread over shards, one for each writer to the database: on PostgreSQL a batch of fifty adds would
//! else meet with everybody's adds, and be run again until it is given up.

use std::collections::BTreeMap;
use std::mem::take;

use store::Tx;
use wire::order::Direction;

use wire::filter::{Filter, Op};

use super::{Entity, Naming};
use crate::error::Result;
use crate::state;

/// Shards of an entity. Its rows in `crm_count` have the ids from `entity_type_id * SHARDS` on: one number is
/// all that SQLite has to look for, and to keep in order.
const SHARDS: i64 = 64;

/// Ids in a block: what a far page goes through at most, and so many blocks for a million items as a page may sum up.
const BLOCK: i64 = 4096;

/// The name under which it is remembered that the blocks of a database of before were counted.
const COUNTED: &str = "item_blocks";

/// How the rows of a noun are counted: as items are, under a number that no kind of items has.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    /// The number.
    pub number: i64,
    /// A field, which never changes, by whose values they are counted as well: under that number less the value, which is
    /// small.
    pub by: Option<&'static str>,
}

/// The values of a field by which rows are counted.
const PARTS: std::ops::Range<i64> = 1..1_000_000;

impl Counted {
    /// The numbers under which a row counts whose field has this value.
    pub fn numbers(self, value: Option<i64>) -> impl Iterator<Item = i64> {
        let part = value.filter(|value| PARTS.contains(value)).map(|value| self.number - value);
        std::iter::once(self.number).chain(part)
    }

    /// The number under which the rows count that a filter by that field alone takes.
    pub(super) fn part(self, table: &Entity, naming: Naming, filter: &Filter) -> Option<i64> {
        let test = match filter {
            Filter::All(tests) | Filter::Any(tests) => tests.as_slice(),
            test => std::slice::from_ref(test),
        };
        let [Filter::Test { op: Op::Eq, field, value }] = test else { return None };
        let by = table.fields.iter().find(|field| field.name == self.by)?;
        let is_by = table.named(field, naming).is_some_and(|field| field.code == by.code);
        let value = value.as_int().filter(|value| PARTS.contains(value) && is_by)?;
        Some(self.number - value)
    }
}

/// By how much the numbers of items changed, by entity and block: gathered while a call runs, and written once for all
/// commands of a batch.
#[derive(Clone, Debug, Default)]
pub struct Changes(BTreeMap<(i64, i64), i64>);

impl Changes {
    /// Notes that an item was added (1) or deleted (-1).
    pub fn add(&mut self, entity_type_id: i64, id: i64, change: i64) {
        *self.0.entry((entity_type_id, id / BLOCK)).or_default() += change;
    }

    /// Writes them.
    pub fn write(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let mut totals = BTreeMap::<i64, i64>::new();
        for ((entity_type_id, block), change) in take(&mut self.0) {
            *totals.entry(entity_type_id).or_default() += change;
            add_to_block(tx, entity_type_id, block, change)?;
        }
        totals.into_iter().try_for_each(|(entity_type_id, change)| add(tx, entity_type_id, change))
    }

    /// The number of items, with these changes, which are written for that.
    pub fn total(&mut self, tx: &mut Tx<'_>, entity_type_id: i64) -> Result<i64> {
        self.write(tx)?;
        let sql = "SELECT CAST(COALESCE(SUM(items), 0) AS BIGINT) FROM crm_count WHERE id >= ? AND id < ?";
        let from = entity_type_id * SHARDS;
        Ok(tx.one(sql, &[from.into(), (from + SHARDS).into()], |row| row.int(0))?.unwrap_or(0))
    }

    /// Where the row number `offset` of all items in the order of ids is to be looked for, with these changes, which are
    /// written for that. `None` when there are not so many.
    pub fn place(
        &mut self,
        tx: &mut Tx<'_>,
        entity_type_id: i64,
        offset: i64,
        direction: Direction,
    ) -> Result<Option<Place>> {
        self.write(tx)?;
        let word = if direction == Direction::Desc { "DESC" } else { "ASC" };
        let sql = format!(
            "SELECT block, CAST(SUM(items) AS BIGINT) FROM crm_item_block WHERE entity_type_id = ? \
             GROUP BY block ORDER BY block {word}"
        );
        let (mut before, mut place) = (0, None);
        tx.query(&sql, &[entity_type_id.into()], |row| {
            let (block, items) = (row.int(0)?, row.int(1)?);
            if place.is_none() && before + items > offset {
                place = Some(Place::in_block(block, offset - before, direction));
            }
            before += items;
            Ok(())
        })?;
        Ok(place)
    }
}

/// Where a page begins: so many rows behind the first id of a block, in the order of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// A condition on the id of `t` that leaves out the blocks before.
    pub condition: String,
    /// Rows to go over.
    pub offset: i64,
}

impl Place {
    fn in_block(block: i64, offset: i64, direction: Direction) -> Self {
        let condition = match direction {
            Direction::Desc => format!("t.id < {}", (block + 1) * BLOCK),
            Direction::Asc => format!("t.id >= {}", block * BLOCK),
        };
        Place { condition, offset }
    }
}

/// Counts the blocks of a database that was made before they were kept; once.
pub fn sync(tx: &mut Tx<'_>, entities: &[Entity]) -> Result<()> {
    state::once(tx, COUNTED, |tx| {
        for entity in entities {
            let sql = format!(
                "INSERT INTO crm_item_block (entity_type_id, block, shard, items) \
                 SELECT {}, id / {BLOCK}, 0, COUNT(*) FROM {} GROUP BY id / {BLOCK}",
                entity.type_id,
                entity.table()
            );
            tx.execute(&sql, &[])?;
        }
        Ok(())
    })
}

/// Counts the rows of a noun in a database that was made before they were counted; once.
pub fn sync_rows(tx: &mut Tx<'_>, name: &str, table: &str, by: Option<&str>, counted: Counted) -> Result<()> {
    state::once(tx, &format!("counted: {name}"), |tx| {
        let by = by.unwrap_or("0");
        let sql = format!("SELECT {by}, id / {BLOCK}, COUNT(*) FROM {table} GROUP BY 1, 2");
        let rows = tx.all(&sql, &[], |row| Ok((row.opt_int(0)?, row.int(1)?, row.int(2)?)))?;
        let mut changes = Changes::default();
        for (value, block, rows) in rows {
            counted.numbers(value).for_each(|number| changes.add(number, block * BLOCK, rows));
        }
        changes.write(tx)
    })
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

/// Adds `change` to the number of items in a block of ids.
fn add_to_block(tx: &mut Tx<'_>, entity_type_id: i64, block: i64, change: i64) -> Result<()> {
    let shard = tx.writer() % SHARDS;
    let sql = "INSERT INTO crm_item_block (entity_type_id, block, shard, items) VALUES (?, ?, ?, ?) \
               ON CONFLICT (entity_type_id, block, shard) DO UPDATE SET items = crm_item_block.items + excluded.items";
    tx.execute(sql, &[entity_type_id.into(), block.into(), shard.into(), change.into()])?;
    Ok(())
}
