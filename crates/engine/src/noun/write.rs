//! The steps of a write, the same for every noun: the rule grants the act, the request is read, defaults and hooks
//! complete it, it is checked, stored, followed by hooks, and an event is raised.

use store::Param;
use wire::{Map, Value};

use super::events::{Done, happened};
use super::{Draft, Face, Noun, Row, RowScope, Saved, Shape, answer, check, read};
use crate::access::Act;
use crate::call::Call;
use crate::entity::file;
use crate::error::Result;

/// Adds a row with these values, in the words of a face.
///
/// # Errors
/// Those that the face gives.
pub fn add(call: &mut Call<'_, '_>, noun: &'static Noun, face: &Face, given: &Map) -> Result<Row> {
    let scope = noun.grant(call, Act::Add)?;
    if scope.is_nothing() {
        return Err(face.faults.unwritable.fault().into());
    }
    let shape = Shape::of(call, noun);
    let mut draft = Draft::read(call, &shape, face, given, None)?;
    check::fill(call, &mut draft);
    noun.hooks.prepare(call, face, &mut draft, None)?;
    check::check(call, face, &mut draft, None)?;
    require_within(call, face, &scope, &draft, None)?;
    check::stamp(call, &mut draft, true);
    let row = insert(call, &draft)?;
    noun.hooks.saved(call, face, &Saved { row: &row, old: None, given })?;
    happened(call, &shape, Done::Added, &row, None)?;
    Ok(row)
}

/// Changes the row that has this key.
///
/// # Errors
/// Those that the face gives.
pub fn update(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    face: &Face,
    key: &[Value],
    given: &Map,
) -> Result<Row> {
    let (old, scope) = answer::reach(call, noun, face, Act::Update, key)?;
    let shape = Shape::of(call, noun);
    let mut draft = Draft::read(call, &shape, face, given, Some(&old))?;
    noun.hooks.prepare(call, face, &mut draft, Some(&old))?;
    check::check(call, face, &mut draft, Some(&old))?;
    if noun.moves(&draft) {
        require_within(call, face, &scope, &draft, Some(&old))?;
    }
    check::stamp(call, &mut draft, false);
    change(call, &draft, old.number)?;
    let row = Row::written(&draft, Some(&old), old.number);
    noun.hooks.saved(call, face, &Saved { row: &row, old: Some(&old), given })?;
    happened(call, &shape, Done::Changed, &row, Some(&old))?;
    Ok(row)
}

/// Deletes the row that has this key, and gives what it was.
///
/// # Errors
/// Those that the face gives.
pub fn delete(call: &mut Call<'_, '_>, noun: &'static Noun, face: &Face, key: &[Value]) -> Result<Row> {
    let (row, _) = answer::reach(call, noun, face, Act::Delete, key)?;
    remove(call, noun, face, &row)?;
    Ok(row)
}

/// Deletes the rows that have these values, with the same steps but without asking whether the caller may: they go with
/// what they belong to.
///
/// # Errors
/// The refusals of hooks.
pub fn clear(call: &mut Call<'_, '_>, noun: &'static Noun, values: &[(&str, Param<'static>)]) -> Result<()> {
    let face = noun.faces.first().unwrap_or_else(|| panic!("{} has no face", noun.name));
    for row in read::having(call, noun, values)? {
        remove(call, noun, face, &row)?;
    }
    Ok(())
}

fn remove(call: &mut Call<'_, '_>, noun: &'static Noun, face: &Face, row: &Row) -> Result<()> {
    let shape = Shape::of(call, noun);
    noun.hooks.deleting(call, face, row)?;
    file::delete_all(call.tx, &shape.table, row.number)?;
    call.tx.execute(&format!("DELETE FROM {} WHERE id = ?", noun.table), &[row.number.into()])?;
    noun.hooks.deleted(call, face, row)?;
    happened(call, &shape, Done::Deleted, row, None)
}

/// Refuses what would not be among the rows that the caller may write.
fn require_within(
    call: &mut Call<'_, '_>,
    face: &Face,
    scope: &RowScope,
    draft: &Draft<'_>,
    old: Option<&Row>,
) -> Result<()> {
    if scope.admits(call, draft, old)? { Ok(()) } else { Err(face.faults.unwritable.fault().into()) }
}

fn insert(call: &mut Call<'_, '_>, draft: &Draft<'_>) -> Result<Row> {
    let (table, (columns, values)) = (draft.shape.noun.table, draft.columns());
    let sql = if columns.is_empty() {
        format!("INSERT INTO {table} DEFAULT VALUES")
    } else {
        let values = store::placeholders(columns.len());
        format!("INSERT INTO {table} ({}) VALUES ({values})", columns.join(", "))
    };
    let number = call.tx.insert(&sql, &values)?;
    Ok(Row::written(draft, None, number))
}

fn change(call: &mut Call<'_, '_>, draft: &Draft<'_>, number: i64) -> Result<()> {
    let (columns, mut values) = draft.columns();
    if columns.is_empty() {
        return Ok(());
    }
    let sets: Vec<String> = columns.iter().map(|column| format!("{column} = ?")).collect();
    let sql = format!("UPDATE {} SET {} WHERE id = ?", draft.shape.noun.table, sets.join(", "));
    values.push(Param::from(number));
    call.tx.execute(&sql, &values)?;
    Ok(())
}

/// Makes these the rows that have the values of `belonging`, all at once: one that names the id of an old row takes its
/// place, the others are new, and old rows that nobody names go. All are checked before anything changes. What follows a
/// single row ([`Hooks::saved`](super::Hooks::saved), `deleting` and events) is up to the caller, once for all of them.
///
/// # Errors
/// Those that the face gives.
pub fn replace(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    face: &Face,
    belonging: &[(&str, Param<'static>)],
    given: &[Map],
) -> Result<Vec<Row>> {
    let scope = noun.grant(call, Act::Update)?;
    let shape = Shape::of(call, noun);
    let mut old: Vec<i64> = read::having(call, noun, belonging)?.iter().map(|row| row.number).collect();
    let id = noun.field("id").and_then(|field| face.name_of(field)).unwrap_or_default();
    let mut drafts = Vec::with_capacity(given.len());
    for fields in given {
        let mut draft = Draft::read(call, &shape, face, fields, None)?;
        belonging.iter().for_each(|(name, value)| draft.set(name, value.clone()));
        check::fill(call, &mut draft);
        noun.hooks.prepare(call, face, &mut draft, None)?;
        check::check(call, face, &mut draft, None)?;
        if drafts.is_empty() {
            require_within(call, face, &scope, &draft, None)?;
        }
        check::stamp(call, &mut draft, true);
        let named = fields.get(&id).and_then(Value::as_int);
        let place = old.iter().position(|number| Some(*number) == named);
        drafts.push((place.map(|at| old.remove(at)), draft));
    }
    for gone in old {
        file::delete_all(call.tx, &shape.table, gone)?;
        call.tx.execute(&format!("DELETE FROM {} WHERE id = ?", noun.table), &[gone.into()])?;
    }
    let mut rows = Vec::with_capacity(drafts.len());
    for (number, draft) in drafts {
        rows.push(match number {
            Some(number) => {
                change(call, &draft, number)?;
                Row::written(&draft, None, number)
            }
            None => insert(call, &draft)?,
        });
    }
    Ok(rows)
}
