//! The steps of a write, the same for nouns and items. Each stands in a file of its own:
//!
//! 1. [`access`](super::access): which rows the caller may do this to
//! 2. [`draft`](crate::entity::Draft): the request as values of fields
//! 3. [`check`]: defaults, files, the hooks' say, links, required and unique values
//! 4. [`save`]: INSERT, UPDATE or DELETE
//! 5. [`facets`]: what the row has beyond its columns
//! 6. [`events`](super::events): hooks follow, and an event is raised

use std::borrow::Cow;

use store::Param;
use wire::{Map, Value};

use super::events::{Done, happened};
use super::facets::{self, Facets};
use super::{Draft, Face, Noun, Row, RowScope, Saved, Shape, answer, check, own};
use crate::access::Act;
use crate::call::Call;
use crate::entity::compare::Before;
use crate::entity::save;
use crate::error::Result;
use crate::input::named;

/// Adds a row with these values, in the words of a face.
///
/// # Errors
/// Those that the face gives.
pub fn add(call: &mut Call<'_, '_>, noun: &'static Noun, face: &Face, given: &Map) -> Result<Row> {
    add_to(call, &Shape::of(call, noun), face, given)
}

/// The same, into the table of a shape.
///
/// # Errors
/// Those that the face gives.
pub fn add_to(call: &mut Call<'_, '_>, shape: &Shape, face: &Face, given: &Map) -> Result<Row> {
    add_by(call, shape, face, given, Act::Add, |_, _| Ok(()))
}

/// The same by another right than that to add. `last` has the last say on what is written.
///
/// # Errors
/// Those that the face gives, and those of `last`.
pub fn add_by(
    call: &mut Call<'_, '_>,
    shape: &Shape,
    face: &Face,
    given: &Map,
    act: Act,
    last: impl FnOnce(&mut Call<'_, '_>, &mut Draft<'_>) -> Result<()>,
) -> Result<Row> {
    let scope = shape.grant(call, act)?;
    if scope.is_nothing() {
        return Err(face.faults.unwritable.fault().into());
    }
    add_within(call, shape, face, &scope, given, last)
}

/// Adds a row with these values, by the upper-case names of fields, with the same steps but without asking whether the
/// caller may: it comes with what the caller was allowed to do, as a comment's message does, or a notification.
///
/// # Errors
/// Those of the noun's first face.
pub fn put(call: &mut Call<'_, '_>, noun: &'static Noun, given: &Map) -> Result<Row> {
    let shape = Shape::of(call, noun);
    add_within(call, &shape, first_face(noun), &RowScope::everything(), given, |_, _| Ok(()))
}

/// Does the same to a noun of another module, where there is that module: a notification goes to nobody where there are none.
///
/// # Errors
/// Those of the noun's first face.
pub fn put_there(call: &mut Call<'_, '_>, noun: &str, given: &Map) -> Result<()> {
    match call.core.modules.noun(noun).map(|shape| shape.noun) {
        Some(noun) => put(call, noun, given).map(drop),
        None => Ok(()),
    }
}

/// The face in whose words a noun is written by other modules.
fn first_face(noun: &'static Noun) -> &'static Face {
    noun.faces.first().unwrap_or_else(|| panic!("{} has no face", noun.name))
}

fn add_within(
    call: &mut Call<'_, '_>,
    shape: &Shape,
    face: &Face,
    scope: &RowScope,
    given: &Map,
    last: impl FnOnce(&mut Call<'_, '_>, &mut Draft<'_>) -> Result<()>,
) -> Result<Row> {
    let said = readable(call, shape, face, given, None)?;
    let mut draft = Draft::read(call, &shape.table, face.naming, &said, None)?;
    check::fill(call, shape, face, &mut draft)?;
    let facets = prepare(call, shape, face, scope, &mut draft, None)?;
    last(call, &mut draft)?;
    require_within(call, face, scope, &draft, None)?;
    let row = insert(call, shape, draft)?;
    facets.store(call, &shape.table, row.number)?;
    saved(call, shape, face, &Saved { row: &row, old: None, given })?;
    happened(call, shape, Done::Added, &row, None, None)?;
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
    let changed = update_in(call, &Shape::of(call, noun), face, key, given)?;
    changed.map(|(_, row)| row).ok_or_else(|| face.faults.missing.about(key).into())
}

/// The same in the table of a shape. Gives the row before and after it; `None` when there is none.
///
/// # Errors
/// Those that the face gives.
pub fn update_in(
    call: &mut Call<'_, '_>,
    shape: &Shape,
    face: &Face,
    key: &[Value],
    given: &Map,
) -> Result<Option<(Row, Row)>> {
    let Some((old, scope)) = answer::reach(call, shape, face, Act::Update, key)? else { return Ok(None) };
    let row = change(call, shape, face, &scope, &old, given)?;
    Ok(Some((old, row)))
}

/// Changes the row with this number with the same steps but without asking whether the caller may: it follows from what the
/// caller was allowed to do. `None` when there is none.
///
/// # Errors
/// Those that the face gives.
pub fn amend(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    face: &Face,
    number: i64,
    given: &Map,
) -> Result<Option<Row>> {
    let Some(old) = own::again(call, noun, number)? else { return Ok(None) };
    change(call, &Shape::of(call, noun), face, &RowScope::everything(), &old, given).map(Some)
}

fn change(
    call: &mut Call<'_, '_>,
    shape: &Shape,
    face: &Face,
    scope: &RowScope,
    old: &Row,
    given: &Map,
) -> Result<Row> {
    let said = readable(call, shape, face, given, Some(old))?;
    let mut draft = Draft::read(call, &shape.table, face.naming, &said, Some(old.number))?;
    let facets = prepare(call, shape, face, scope, &mut draft, Some(old))?;
    if shape.noun.moves(&draft) {
        require_within(call, face, scope, &draft, Some(old))?;
    }
    let before = Before::of(call, &shape.table, old.number, facets.beyond())?;
    save::update(call, &draft, old.number)?;
    facets.store(call, &shape.table, old.number)?;
    let row = draft.written(&shape.table, Some(old), old.number);
    saved(call, shape, face, &Saved { row: &row, old: Some(old), given })?;
    happened(call, shape, Done::Changed, &row, Some(old), Some(before))?;
    Ok(row)
}

/// Has the noun, and then who watches it, follow a write.
fn saved(call: &mut Call<'_, '_>, shape: &Shape, face: &Face, saved: &Saved<'_>) -> Result<()> {
    shape.noun.hooks.saved(call, face, saved)?;
    call.core.modules.watches(shape.noun.name).iter().try_for_each(|watch| (watch.saved)(call, saved))
}

/// Completes and checks what is about to be written, and takes out of it what does not go into columns.
fn prepare(
    call: &mut Call<'_, '_>,
    shape: &Shape,
    face: &Face,
    scope: &RowScope,
    draft: &mut Draft<'_>,
    old: Option<&Row>,
) -> Result<Facets> {
    if scope.plainly_refuses(draft, old) {
        return Err(face.faults.unwritable.fault().into());
    }
    let number = old.map(|old| old.number);
    draft.take_files(call, number)?;
    check::tidy(shape.noun, draft, old);
    shape.noun.hooks.prepare(call, face, draft, old)?;
    let facets = Facets::take(call, face.naming, draft, number)?;
    check::check(call, shape, face, draft, old)?;
    check::stamp(call, shape.noun, draft, old.is_none());
    Ok(facets)
}

/// What a request gives for a row, in the form in which its fields are read.
fn readable<'g>(
    call: &mut Call<'_, '_>,
    shape: &Shape,
    face: &Face,
    given: &'g Map,
    old: Option<&Row>,
) -> Result<Cow<'g, Map>> {
    let mut given = Cow::Borrowed(given);
    shape.noun.hooks.read(call, face, &mut given, old)?;
    Ok(given)
}

/// Deletes the row that has this key, and gives what it was.
///
/// # Errors
/// Those that the face gives.
pub fn delete(call: &mut Call<'_, '_>, noun: &'static Noun, face: &Face, key: &[Value]) -> Result<Row> {
    let deleted = delete_from(call, &Shape::of(call, noun), face, key)?;
    deleted.ok_or_else(|| face.faults.missing.about(key).into())
}

/// The same from the table of a shape; `None` when there is none.
///
/// # Errors
/// Those that the face gives.
pub fn delete_from(
    call: &mut Call<'_, '_>,
    shape: &Shape,
    face: &Face,
    key: &[Value],
) -> Result<Option<Row>> {
    let Some((row, _)) = answer::reach(call, shape, face, Act::Delete, key)? else { return Ok(None) };
    remove(call, shape, face, &row)?;
    Ok(Some(row))
}

/// Deletes the rows that have these values, with the same steps but without asking whether the caller may: they go with
/// what they belong to.
///
/// # Errors
/// The refusals of hooks.
pub fn clear(call: &mut Call<'_, '_>, noun: &'static Noun, values: &[(&str, Param<'static>)]) -> Result<()> {
    let face = first_face(noun);
    for row in own::having(call, noun, values)? {
        remove(call, &Shape::of(call, noun), face, &row)?;
    }
    Ok(())
}

fn remove(call: &mut Call<'_, '_>, shape: &Shape, face: &Face, row: &Row) -> Result<()> {
    shape.noun.hooks.deleting(call, face, row)?;
    facets::delete(call, &shape.table, row.number)?;
    save::delete(call, &shape.table, row.number)?;
    count(call, shape.noun, row, -1);
    let above = call.owed.leaving;
    if shape.table.is_item() {
        call.owed.leaving = Some((shape.table.type_id, row.number, row.stand()));
    }
    shape.noun.hooks.deleted(call, face, row)?;
    call.owed.leaving = above;
    happened(call, shape, Done::Deleted, row, None, None)
}

/// Counts a row that came (1) or went (-1), of a noun whose rows are counted.
fn count(call: &mut Call<'_, '_>, noun: &Noun, row: &Row, change: i64) {
    if let Some(counted) = noun.counted {
        let value = counted.by.and_then(|by| row.int(by));
        counted.numbers(value).for_each(|number| call.owed.counts.add(number, row.number, change));
    }
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

fn insert(call: &mut Call<'_, '_>, shape: &Shape, draft: Draft<'_>) -> Result<Row> {
    let number = save::insert(call, &draft)?;
    let row = draft.written(&shape.table, None, number);
    count(call, shape.noun, &row, 1);
    Ok(row)
}

/// Makes these the rows that have the values of `belonging`, all at once: one that names the id of an old row takes its
/// place, the others are new, and old rows that nobody names go. Members that are no arrays are passed over. All are checked before anything changes. What follows a
/// single row ([`Hooks::saved`](super::Hooks::saved), `deleting` and events) is up to the caller, once for all of them.
///
/// # Errors
/// Those that the face gives.
pub fn replace(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    face: &Face,
    belonging: &[(&str, Param<'static>)],
    given: &Value,
) -> Result<Vec<Row>> {
    let scope = noun.grant(call, Act::Update)?;
    let shape = Shape::of(call, noun);
    let given: Vec<Map> = given
        .items()
        .filter_map(|row| row.clone().into_map())
        .map(|row| if face.also_upper { named(row, &shape.table) } else { row })
        .collect();
    let mut old = own::having(call, noun, belonging)?;
    let id = noun.field("id").and_then(|field| face.name_of(field)).unwrap_or_default();
    let mut drafts = Vec::with_capacity(given.len());
    let said: Vec<_> =
        given.iter().map(|fields| readable(call, &shape, face, fields, None)).collect::<Result<_>>()?;
    for fields in &said {
        let mut draft = Draft::read(call, &shape.table, face.naming, fields, None)?;
        belonging.iter().for_each(|(name, value)| draft.set(name, value.clone()));
        check::fill(call, &shape, face, &mut draft)?;
        prepare(call, &shape, face, &scope, &mut draft, None)?;
        if drafts.is_empty() {
            require_within(call, face, &scope, &draft, None)?;
        }
        let named = fields.get(&id).and_then(Value::as_int);
        let place = old.iter().position(|row| Some(row.number) == named);
        drafts.push((place.map(|at| old.remove(at).number), draft));
    }
    for gone in old {
        facets::delete(call, &shape.table, gone.number)?;
        save::delete(call, &shape.table, gone.number)?;
        count(call, noun, &gone, -1);
    }
    let mut rows = Vec::with_capacity(drafts.len());
    for (number, draft) in drafts {
        rows.push(match number {
            Some(number) => {
                save::update(call, &draft, number)?;
                draft.written(&shape.table, None, number)
            }
            None => insert(call, &shape, draft)?,
        });
    }
    Ok(rows)
}
