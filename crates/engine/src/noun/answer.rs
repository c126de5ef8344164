//! Answers of the methods of a face.

use wire::{Map, Value};

use super::read::{self, Found};
use super::{Answer, Described, Face, Row, Rows, Shape, write};
use crate::access::Act;
use crate::call::Call;
use crate::entity::describe;
use crate::error::Result;

pub(super) fn add(call: &mut Call<'_, '_>, shape: &Shape, face: &Face) -> Result<Value> {
    let given = call.fields("fields");
    let row = write::add(call, shape, face, &given)?;
    answer(call, shape, face, face.added, &row)
}

pub(super) fn update(call: &mut Call<'_, '_>, shape: &Shape, face: &Face) -> Result<Value> {
    let (key, given) = (key(call, face), call.fields("fields"));
    let row = write::update(call, shape, face, &key, &given)?;
    answer(call, shape, face, face.changed, &row)
}

pub(super) fn delete(call: &mut Call<'_, '_>, shape: &Shape, face: &Face) -> Result<Value> {
    let key = key(call, face);
    let row = write::delete(call, shape, face, &key)?;
    answer(call, shape, face, face.deleted, &row)
}

pub(super) fn get(call: &mut Call<'_, '_>, shape: &Shape, face: &Face) -> Result<Value> {
    let reach = shape.noun.access.grant(call, Act::Read)?;
    if reach.is_nothing() {
        return Err(face.faults.unreadable.fault().into());
    }
    let key = key(call, face);
    match read::find(call, shape, face, &reach, &key)? {
        Found::Row(row) => answer(call, shape, face, face.one, &row),
        Found::Denied => Err(face.faults.unreadable.fault().into()),
        Found::Missing => Err(face.faults.missing.fault().into()),
    }
}

pub(super) fn list(call: &mut Call<'_, '_>, shape: &Shape, face: &Face) -> Result<Value> {
    let reach = shape.noun.access.grant(call, Act::Read)?;
    if reach.is_nothing() {
        return Err(face.faults.unreadable.fault().into());
    }
    let rows = read::list(call, shape, face, &reach)?;
    let select = read::selected(call);
    let mut shown = Vec::with_capacity(rows.len());
    for row in &rows {
        let map = show(call, shape, face, row, false)?;
        let wanted = |(name, _): &(wire::Text, Value)| select.is_empty() || select.contains(name);
        shown.push(map.into_iter().filter(wanted).collect::<Map>().into_value());
    }
    Ok(match face.many {
        Rows::Bare => shown.into(),
        Rows::Under(name) => under(name, shown),
    })
}

pub(super) fn fields(call: &mut Call<'_, '_>, shape: &Shape, face: &Face) -> Result<Value> {
    let mut map = Map::with_capacity(shape.table.fields.len());
    for (at, field, name) in shape.shown(face.naming) {
        let type_name = shape.noun.fields[at].type_name.unwrap_or(field.kind.wire_name());
        map.push(
            name,
            match face.described {
                Described::Full => describe::plain(field, type_name, call.language),
                Described::Sized => {
                    describe::sized(field, type_name, shape.noun.fields[at].size, call.language)
                }
                Described::ShortUnder(_) => describe::short(field, type_name),
            },
        );
    }
    shape.noun.hooks.describe(face, &mut map, call.language);
    Ok(match face.described {
        Described::Full | Described::Sized => map.into_value(),
        Described::ShortUnder(name) => under(name, map.into_value()),
    })
}

/// The key of the row in a request.
fn key(call: &Call<'_, '_>, face: &Face) -> Value {
    call.param(face.id).cloned().unwrap_or_default()
}

fn answer(call: &mut Call<'_, '_>, shape: &Shape, face: &Face, answer: Answer, row: &Row) -> Result<Value> {
    Ok(match answer {
        Answer::Row => show(call, shape, face, row, true)?.into_value(),
        Answer::RowUnder(name) => under(name, show(call, shape, face, row, true)?.into_value()),
        Answer::Key => row.key(),
        Answer::True => true.into(),
        Answer::Null => Value::Null,
    })
}

fn show(call: &mut Call<'_, '_>, shape: &Shape, face: &Face, row: &Row, whole: bool) -> Result<Map> {
    let mut map = row.show(call, shape, face);
    shape.noun.hooks.show(call, face, row, &mut map, whole)?;
    Ok(map)
}

fn under(name: &'static str, value: impl Into<Value>) -> Value {
    let mut map = Map::with_capacity(1);
    map.push(name, value);
    Value::Map(map)
}
