//! Rows as modules read them for themselves, whoever asks: the caller was found to see what they belong to, or they decide
//! about others.

use std::collections::HashMap;

use store::{Dialect, Migration, Param};

use super::read::{Rows, columns, matching, select, select_rows};
use super::{Asked, Noun, Row, RowScope, Shape, asked};
use crate::call::Call;
use crate::entity::{Order, Ways, Within, ways};
use crate::error::Result;

/// The row with this number, whoever asks: one that the caller has just written, or one that decides about others.
///
/// # Errors
/// Those of the store.
pub fn again(call: &mut Call<'_, '_>, noun: &'static Noun, number: i64) -> Result<Option<Row>> {
    numbered(call, noun, number, "")
}

/// The same, locked until the call ends.
///
/// # Errors
/// Those of the store.
pub fn locked(call: &mut Call<'_, '_>, noun: &'static Noun, number: i64) -> Result<Option<Row>> {
    let lock = call.tx.dialect().for_update();
    numbered(call, noun, number, lock)
}

fn numbered(call: &mut Call<'_, '_>, noun: &'static Noun, number: i64, rest: &str) -> Result<Option<Row>> {
    let shape = Shape::of(call, noun);
    Ok(select_rows(call, &shape, &["t.id = ?".to_owned()], &[number.into()], rest)?.pop())
}

/// Makes rivals who change what depends on a row wait for each other, also those who leave the row itself as it is: the later
/// one is run again and finds what the other did, where [`locked`] would only have it wait. The noun has a field `revision`.
///
/// # Errors
/// Those of the store.
pub fn claim(call: &mut Call<'_, '_>, noun: &Noun, number: i64) -> Result<()> {
    let sql = format!("UPDATE {} SET revision = COALESCE(revision, 0) + 1 WHERE id = ?", noun.table);
    call.tx.execute(&sql, &[number.into()])?;
    Ok(())
}

/// The table whose rows rivals change to learn of each other.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "rivals",
    sql: "CREATE TABLE noun_rival (slot {int} PRIMARY KEY, revision {int} NOT NULL);\n",
}];

/// Rows of it. Who meets there without need waits, and no more.
const RIVALS: u64 = 1024;

/// Makes rivals that are about to make sure of the same thing wait for each other, such as that nobody has a value yet: the later one is
/// run again and finds what the other did. For what no row stands for that they could [`claim`]. SQLite has one writer.
///
/// # Errors
/// Those of the store.
pub fn alone(call: &mut Call<'_, '_>, thing: &str) -> Result<()> {
    if call.tx.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    let mut first = [0; 8];
    first.copy_from_slice(&blake3::hash(thing.as_bytes()).as_bytes()[..8]);
    let slot = (u64::from_le_bytes(first) % RIVALS).cast_signed();
    let sql = "INSERT INTO noun_rival AS r (slot, revision) VALUES (?, 1) \
               ON CONFLICT (slot) DO UPDATE SET revision = r.revision + 1";
    call.tx.execute(sql, &[slot.into()])?;
    Ok(())
}

/// Whether a row has these values, whoever asks.
///
/// # Errors
/// Those of the store.
pub fn has(call: &mut Call<'_, '_>, noun: &Noun, values: &[(&str, Param<'static>)]) -> Result<bool> {
    let tests: Vec<String> = values.iter().map(|(name, _)| format!("{} = ?", noun.column(name))).collect();
    let params: Vec<Param<'_>> = values.iter().map(|(_, value)| value.borrowed()).collect();
    let sql = format!("SELECT 1 FROM {} WHERE {} LIMIT 1", noun.table, tests.join(" AND "));
    Ok(call.tx.one(&sql, &params, |row| row.int(0))?.is_some())
}

/// The rows that have these values, whoever asks.
pub(super) fn having(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    values: &[(&str, Param<'static>)],
) -> Result<Vec<Row>> {
    matching(call, noun, values, None)
}

/// How many rows there are for which a condition on `t` holds, and one of these ways, whoever asks.
///
/// # Errors
/// Those of the store.
pub fn count(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    (condition, values): Within,
    ways: &Ways,
) -> Result<i64> {
    let shape = Shape::of(call, noun);
    let branches: Vec<Vec<&Within>> = ways.0.iter().map(|way| vec![way]).collect();
    if branches.is_empty() {
        return Ok(0);
    }
    let (found, params) = ways::numbers(&shape.table, (&[condition], &values), &branches, &Order::default());
    Ok(call.tx.one(&format!("SELECT COUNT(*) FROM ({found}) found"), &params, |row| row.int(0))?.unwrap_or(0))
}

/// The rows that have one of these numbers in a field, whoever asks, by their own numbers: `id` for the rows with these
/// numbers. They are no page of anything.
///
/// # Errors
/// Those of the store, and for an answer that would be too large.
pub fn among(call: &mut Call<'_, '_>, noun: &'static Noun, field: &str, numbers: &[i64]) -> Result<Vec<Row>> {
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    let shape = Shape::of(call, noun);
    let column = noun.column(field);
    let sql = format!("SELECT t.id{} FROM {} t WHERE t.{column} IN (#)", columns(&shape), noun.table);
    let mut rows = Rows::new(call, &shape);
    call.tx.all_among(&sql, &[], &numbers, |row| rows.take(row))?;
    let mut rows = rows.complete()?;
    rows.sort_by_key(|row| row.number);
    Ok(rows)
}

/// The rows with these numbers by their numbers, whoever asks: [`again`] for many.
///
/// # Errors
/// Those of the store, and for an answer that would be too large.
pub fn again_all(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    numbers: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, Row>> {
    let numbers: Vec<i64> = numbers.into_iter().collect();
    Ok(among(call, noun, "id", &numbers)?.into_iter().map(|row| (row.number, row)).collect())
}

/// The rows that [`select`] would give, whoever asks: what a module looks up beside what it answers.
///
/// # Errors
/// Those of the store.
pub fn which(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    condition: &str,
    values: Vec<Param<'static>>,
    rest: &str,
) -> Result<Vec<Row>> {
    select(call, noun, &RowScope::everything(), condition, values, rest)
}

/// The rows that a module asks for, whoever asks: they belong to something that the caller was found to see, as comments do
/// to a task. They are no page of what the call lists, whose `total` and `next` stay.
///
/// # Errors
/// Those of the store, and for an answer that would be too large.
pub fn belonging(call: &mut Call<'_, '_>, noun: &'static Noun, wanted: Asked) -> Result<Vec<Row>> {
    let page = (call.total, call.next);
    let rows = asked(call, noun, &RowScope::everything(), wanted);
    (call.total, call.next) = page;
    rows
}
