//! The steps of a write, the same for every noun: the rule grants the act, the request is read, defaults and hooks
//! complete it, it is checked, stored, followed by hooks, and an event is raised.

use store::Param;
use wire::{Map, Value};

use super::read::{self, Found};
use super::{Draft, Face, Row, Shape, check};
use crate::access::Act;
use crate::call::Call;
use crate::entity::file;
use crate::error::Result;
use crate::event::Happening;

/// Adds a row.
pub(super) fn add(call: &mut Call<'_, '_>, shape: &Shape, face: &Face, given: &Map) -> Result<Row> {
    if shape.noun.access.grant(call, Act::Add)?.is_nothing() {
        return Err(face.faults.unwritable.fault().into());
    }
    let mut draft = Draft::read(call, shape, face, given, None)?;
    check::fill(call, &mut draft);
    shape.noun.hooks.prepare(call, face, &mut draft, None)?;
    check::check(call, face, &mut draft, None)?;
    check::stamp(call, &mut draft, true);
    let (columns, values) = draft.columns();
    let sql = format!(
        "INSERT INTO {} ({}) VALUES ({})",
        shape.noun.table,
        columns.join(", "),
        store::placeholders(columns.len())
    );
    let number = call.tx.insert(&sql, &values)?;
    let row = stored(call, shape, number)?;
    shape.noun.hooks.saved(call, &row, given)?;
    happened(call, shape, "ADD", &row)?;
    Ok(row)
}

/// Changes a row.
pub(super) fn update(
    call: &mut Call<'_, '_>,
    shape: &Shape,
    face: &Face,
    key: &Value,
    given: &Map,
) -> Result<Row> {
    let old = writable(call, shape, face, Act::Update, key)?;
    let mut draft = Draft::read(call, shape, face, given, Some(&old))?;
    shape.noun.hooks.prepare(call, face, &mut draft, Some(&old))?;
    check::check(call, face, &mut draft, Some(&old))?;
    check::stamp(call, &mut draft, false);
    let (columns, mut values) = draft.columns();
    if !columns.is_empty() {
        let sets: Vec<String> = columns.iter().map(|column| format!("{column} = ?")).collect();
        let sql = format!("UPDATE {} SET {} WHERE id = ?", shape.noun.table, sets.join(", "));
        values.push(Param::from(old.number));
        call.tx.execute(&sql, &values)?;
    }
    let row = stored(call, shape, old.number)?;
    shape.noun.hooks.saved(call, &row, given)?;
    happened(call, shape, "UPDATE", &row)?;
    Ok(row)
}

/// Deletes a row and gives what it was.
pub(super) fn delete(call: &mut Call<'_, '_>, shape: &Shape, face: &Face, key: &Value) -> Result<Row> {
    let row = writable(call, shape, face, Act::Delete, key)?;
    shape.noun.hooks.deleting(call, face, &row)?;
    file::delete_all(call.tx, &shape.table, row.number)?;
    call.tx.execute(&format!("DELETE FROM {} WHERE id = ?", shape.noun.table), &[row.number.into()])?;
    happened(call, shape, "DELETE", &row)?;
    Ok(row)
}

/// The row that a request names, when the caller may do this to it.
fn writable(call: &mut Call<'_, '_>, shape: &Shape, face: &Face, act: Act, key: &Value) -> Result<Row> {
    let reach = shape.noun.access.grant(call, act)?;
    if reach.is_nothing() {
        return Err(face.faults.unwritable.fault().into());
    }
    match read::find(call, shape, face, &reach, key)? {
        Found::Row(row) => Ok(row),
        Found::Denied => Err(face.faults.unwritable.fault().into()),
        Found::Missing => Err(face.faults.missing.fault().into()),
    }
}

/// The row as it is now in the table.
fn stored(call: &mut Call<'_, '_>, shape: &Shape, number: i64) -> Result<Row> {
    let lost = || store::Error::Database(format!("row {number} of {} is gone", shape.noun.table));
    Ok(read::again(call, shape, number)?.ok_or_else(lost)?)
}

/// What every change is followed by: the shared metadata is renewed where it holds the noun, and an event is raised.
fn happened(call: &mut Call<'_, '_>, shape: &Shape, verb: &str, row: &Row) -> Result<()> {
    if shape.noun.shared {
        call.meta_changed()?;
    }
    if let Some(prefix) = shape.noun.events {
        let happening = || Happening::new(format!("{}:{}", shape.noun.name, row.number), [("ID", row.key())]);
        call.raise(&format!("{prefix}{verb}"), happening);
    }
    Ok(())
}
