//! Checks of a row before it is written.

use store::Param;

use super::{Draft, Face, Field, Noun, Row, Shape, Stamp, alone};
use crate::call::Call;
use crate::entity::{Kind, userfield};
use crate::error::Result;
use wire::Fault;

/// Gives fields of a new row the fixed values of the face, and their defaults.
pub(super) fn fill(call: &mut Call<'_, '_>, shape: &Shape, face: &Face, draft: &mut Draft<'_>) -> Result<()> {
    face.within.iter().for_each(|(name, value)| draft.set_from(call, name, &(*value).into()));
    if let Some((name, value)) = face.above(call) {
        draft.set_from(call, name, &value);
    }
    for field in shape.noun.fields {
        let is_empty = matches!(draft.get(field.name), None | Some(Param::Null));
        if let Some(default) = field.default.filter(|_| is_empty) {
            draft.set_from(call, field.name, &default.into());
        }
    }
    shape.noun.hooks.fill(call, draft)?;
    draft.fill(|field| userfield::default_of(field, &call.clock()));
    Ok(())
}

/// Puts what a request gives into the form in which fields keep it.
pub(super) fn tidy(noun: &Noun, draft: &mut Draft<'_>, old: Option<&Row>) {
    for field in noun.fields {
        if field.short {
            draft.name(field.name);
        } else if field.trimmed {
            draft.trim(field.name);
        }
        if field.kept && old.is_some() && draft.get(field.name) == Some(&Param::Null) {
            draft.leave(field.name);
        }
        if field.held && old.is_some_and(|old| old.text(field.name) == "Y") {
            draft.leave(field.name);
        }
        if field.never_null && (old.is_none() || draft.is_given(field.name)) {
            draft.set_if_empty(field.name, "");
        }
    }
}

/// Writes down who wrote and when.
pub(super) fn stamp(call: &Call<'_, '_>, noun: &Noun, draft: &mut Draft<'_>, adding: bool) {
    for field in noun.fields {
        let value: Param<'static> = match field.stamp {
            Some(Stamp::Created) if adding => call.now.seconds().into(),
            Some(Stamp::CreatedBy) if adding => call.caller.user_id.into(),
            Some(Stamp::Changed) => call.now.seconds().into(),
            Some(Stamp::ChangedBy) => call.caller.user_id.into(),
            Some(Stamp::Edited) if !adding => call.now.seconds().into(),
            Some(Stamp::EditedBy) if !adding => call.caller.user_id.into(),
            _ => continue,
        };
        draft.set(field.name, value);
    }
}

/// Required fields are there, choices are among those that there are, links lead somewhere, and what must be unique is.
pub(super) fn check(
    call: &mut Call<'_, '_>,
    shape: &Shape,
    face: &Face,
    draft: &mut Draft<'_>,
    old: Option<&Row>,
) -> Result<()> {
    require(shape.noun, face, draft, old)?;
    if old.is_none() {
        require_new_key(call, shape, face, draft)?;
    }
    require_user_fields(shape, face, draft, old.is_none())?;
    for field in shape.noun.fields {
        let Some(value) = draft.get(field.name).cloned().filter(|value| *value != Param::Null) else {
            continue;
        };
        match (field.kind, &value) {
            (Kind::Choice(choices), Param::Text(text)) if !choices.contains(&text.as_ref()) => {
                match field.default {
                    Some(default) => draft.set_from(call, field.name, &default.into()),
                    None => return Err(unfit(face, field).into()),
                }
            }
            (Kind::Noun(target), Param::Int(id)) if *id != 0 => {
                require_link(call, face, field, target, *id)?;
            }
            (Kind::Noun(_), Param::Int(_)) => draft.set(field.name, Param::Null),
            _ => {}
        }
        if field.unique {
            require_unique(call, face, draft, field, &value, old)?;
        }
        if let (Some(among), Param::Text(flag)) = (field.single, &value)
            && flag == "Y"
        {
            take_flag(call, shape.noun, draft, old, field, among)?;
        }
    }
    Ok(())
}

fn require(noun: &Noun, face: &Face, draft: &Draft<'_>, old: Option<&Row>) -> Result<()> {
    let is_missing = |field: &&Field| {
        let value = draft.after(old, field.name);
        field.required && (old.is_none() || draft.is_given(field.name)) && is_empty(field.kind, value)
    };
    let missing: Vec<String> =
        noun.fields.iter().filter(is_missing).map(|field| name_in(face, field)).collect();
    if missing.is_empty() { Ok(()) } else { Err((face.faults.required)(&missing).into()) }
}

/// No two rows have the same composite key.
fn require_new_key(call: &mut Call<'_, '_>, shape: &Shape, face: &Face, draft: &Draft<'_>) -> Result<()> {
    let noun = shape.noun;
    if noun.key.len() < 2 {
        return Ok(());
    }
    let columns = noun.key.iter().filter_map(|name| Some((shape.column(name)?, draft.after(None, name))));
    let (tests, params): (Vec<String>, Vec<Param<'_>>) =
        columns.map(|(column, value)| (format!("{column} = ?"), value.clone())).unzip();
    alone(call, &format!("{} {params:?}", noun.table))?;
    let sql = format!("SELECT id FROM {} WHERE {}", noun.table, tests.join(" AND "));
    match call.tx.one(&sql, &params, |row| row.int(0))? {
        None => Ok(()),
        Some(_) => Err(face.faults.taken.fault().into()),
    }
}

/// What must have a value among the fields that people added has one.
fn require_user_fields(shape: &Shape, face: &Face, draft: &Draft<'_>, adding: bool) -> Result<()> {
    let Some(field) = draft.missing_user_field(adding) else { return Ok(()) };
    Err(match face.naming.name(field).filter(|_| shape.noun.made.is_some()) {
        Some(name) => (face.faults.required)(&[name.to_owned()]),
        None => userfield::required(field),
    }
    .into())
}

/// Nothing has the number 0, and so a link to it is none.
fn is_empty(kind: Kind, value: &Param<'_>) -> bool {
    match (kind, value) {
        (_, Param::Null) | (Kind::Noun(_), Param::Int(0)) => true,
        (_, Param::Text(text)) => text.is_empty(),
        _ => false,
    }
}

/// A link must lead to a row that the caller may read.
fn require_link(call: &mut Call<'_, '_>, face: &Face, field: &Field, target: &str, id: i64) -> Result<()> {
    let target = call.core.modules.noun_named(target);
    let scope = target.grant(call, crate::access::Act::Read)?;
    if super::read::exists(call, target, &scope, id)? { Ok(()) } else { Err(unfit(face, field).into()) }
}

fn require_unique(
    call: &mut Call<'_, '_>,
    face: &Face,
    draft: &Draft<'_>,
    field: &Field,
    value: &Param<'static>,
    old: Option<&Row>,
) -> Result<()> {
    alone(call, &format!("{} {} {value:?}", draft.table.table(), field.column()))?;
    let sql = format!("SELECT id FROM {} WHERE {} = ? AND id <> ?", draft.table.table(), field.column());
    let own = old.map_or(0, |row| row.number);
    match call.tx.one(&sql, &[value.clone(), own.into()], |row| row.int(0))? {
        None => Ok(()),
        Some(_) => Err(face.faults.taken.fault().into()),
    }
}

/// Takes a flag from the rows that have it among those with the same values.
fn take_flag(
    call: &mut Call<'_, '_>,
    noun: &Noun,
    draft: &Draft<'_>,
    old: Option<&Row>,
    field: &Field,
    among: &[&str],
) -> Result<()> {
    let column = field.column();
    let same: String = among.iter().map(|name| format!(" AND {} = ?", noun.column(name))).collect();
    let values: Vec<Param<'_>> = among.iter().map(|name| draft.after(old, name).borrowed()).collect();
    let sql = format!("UPDATE {} SET {column} = 'N' WHERE {column} = 'Y'{same}", noun.table);
    call.tx.execute(&sql, &values)?;
    Ok(())
}

fn unfit(face: &Face, field: &Field) -> Fault {
    (face.faults.invalid)(&name_in(face, field))
}

/// The name of a field on a face.
fn name_in(face: &Face, field: &Field) -> String {
    if face.naming.is_legacy() { field.upper_name() } else { field.camel_name().to_owned() }
}
