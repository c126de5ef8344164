//! Answers of the methods of a face.

use wire::{Map, Text, Value};

use super::read::{self, Found};
use super::{Absent, Answer, Described, Envelope, Face, Id, Noun, Row, RowScope, Rows, Shape, Verb, write};
use crate::access::Act;
use crate::call::Call;
use crate::entity::{Field, Kind, Naming, describe, file};
use crate::error::Result;
use crate::input::named;

/// Runs the method of a verb.
pub(super) fn run(call: &mut Call<'_, '_>, noun: &'static Noun, face: &Face, verb: Verb) -> Result<Value> {
    noun.hooks.admit(call, face, verb)?;
    match verb {
        Verb::Add => add(call, noun, face),
        Verb::Get => get(call, noun, face),
        Verb::List => list(call, noun, face),
        Verb::Update => update(call, noun, face),
        Verb::Delete => delete(call, noun, face),
        Verb::Fields => fields(call, noun, face),
    }
}

fn add(call: &mut Call<'_, '_>, noun: &'static Noun, face: &Face) -> Result<Value> {
    let given = given(call, noun, face);
    let row = write::add(call, noun, face, &given)?;
    answer(call, noun, face, face.added, &row)
}

fn update(call: &mut Call<'_, '_>, noun: &'static Noun, face: &Face) -> Result<Value> {
    let given = given(call, noun, face);
    let key = key(call, noun, face, &given);
    let row = write::update(call, noun, face, &key, &given)?;
    answer(call, noun, face, face.changed, &row)
}

fn delete(call: &mut Call<'_, '_>, noun: &'static Noun, face: &Face) -> Result<Value> {
    let given = given(call, noun, face);
    let key = key(call, noun, face, &given);
    let row = write::delete(call, noun, face, &key)?;
    answer(call, noun, face, face.deleted, &row)
}

fn get(call: &mut Call<'_, '_>, noun: &'static Noun, face: &Face) -> Result<Value> {
    let given = given(call, noun, face);
    let key = key(call, noun, face, &given);
    match (find(call, noun, face, Act::Read, &key), face.absent) {
        (Ok(row), _) => answer(call, noun, face, face.one, &row),
        (Err(crate::Error::Fault(_)), Absent::EmptyList) => Ok(Value::List(Vec::new())),
        (Err(crate::Error::Fault(_)), Absent::Null) => Ok(Value::Null),
        (Err(error), _) => Err(error),
    }
}

/// The row that has this key, when the caller may do this to it.
///
/// # Errors
/// The refusals of the face.
pub fn find(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    face: &Face,
    act: Act,
    key: &[Value],
) -> Result<Row> {
    let found = reach(call, &Shape::of(call, noun), face, act, key)?;
    found.map(|(row, _)| row).ok_or_else(|| face.faults.missing.about(key).into())
}

/// The same with all rows of which that is true, locked before a change; `None` when there is none.
pub(super) fn reach(
    call: &mut Call<'_, '_>,
    shape: &Shape,
    face: &Face,
    act: Act,
    key: &[Value],
) -> Result<Option<(Row, RowScope)>> {
    let denied = if act == Act::Read { face.faults.unreadable } else { face.faults.unwritable };
    let scope = shape.grant(call, act)?;
    // Whoever may do nothing learns nothing, but of items whether they are there.
    if scope.is_nothing() && !shape.table.is_item() {
        return Err(denied.fault().into());
    }
    match read::find(call, shape, face, &scope, act, key)? {
        Found::Row(row) => Ok(Some((row, scope))),
        Found::Denied => Err(denied.fault().into()),
        Found::Missing => Ok(None),
    }
}

/// Lists rows as the method of a face does.
///
/// # Errors
/// The refusals of the face.
pub fn list(call: &mut Call<'_, '_>, noun: &'static Noun, face: &Face) -> Result<Value> {
    let scope = noun.grant_list(call, face)?;
    if scope.is_nothing() {
        return Err(face.faults.unreadable.fault().into());
    }
    let shape = Shape::of(call, noun);
    let (query, beyond) = read::query(call, &shape, face)?;
    let rows = read::list(call, &shape, face, &scope, (&query, beyond))?;
    let maps = show_all(call, noun, face, &rows, false)?;
    let (select, all) = (read::selected(&shape, face, &query), query.select.is_empty());
    let is_full = full(noun, face, &query.select);
    let wanted = |(name, value): &(Text, Value)| {
        (all && select.is_empty() || select.contains(name)) && is_full(name, value)
    };
    let shown = |map: Map| map.into_iter().filter(wanted).collect::<Map>().into_value();
    Ok(match face.many {
        Rows::Bare => maps.into_iter().map(shown).collect::<Vec<_>>().into(),
        Rows::Under(name) => Value::under(name, maps.into_iter().map(shown).collect::<Vec<_>>()),
        Rows::Keyed(name, field) => {
            let key = |map: &Map| map.get(field).and_then(Value::text).map(Text::from).unwrap_or_default();
            Value::under(name, maps.into_iter().map(|map| (key(&map), shown(map))).collect::<Map>())
        }
    })
}

/// Which values a face does not leave out for being empty; `named` are those that a request spells out.
fn full<'n>(noun: &'static Noun, face: &'n Face, named: &'n [Text]) -> impl Fn(&str, &Value) -> bool + 'n {
    let fields = face.when_empty.map(|names| names.iter().filter_map(|name| face.name_of(noun.field(name)?)));
    let kept: Option<Vec<String>> = fields.map(Iterator::collect);
    move |name, value| {
        let is_nothing = matches!(value, Value::Null | Value::Str(_) | Value::List(_)) && value.is_empty();
        let shows = |kept: &Vec<String>| {
            kept.iter().any(|kept| kept == name) || named.iter().any(|named| named == name)
        };
        !is_nothing || kept.as_ref().is_none_or(shows)
    }
}

/// Describes the fields as the method of a face does.
///
/// # Errors
/// Those of the store.
pub fn fields(call: &mut Call<'_, '_>, noun: &'static Noun, face: &Face) -> Result<Value> {
    let shape = Shape::of(call, noun);
    let mut map = Map::with_capacity(shape.table.fields.len());
    for (at, field, name) in shape.shown(face.naming) {
        let own = noun.fields.get(at);
        if matches!(face.described, Described::TypesUnder(_)) && field.read_only {
            continue;
        }
        let type_name = own.and_then(|own| own.type_name).unwrap_or(field.kind.wire_name());
        map.push(
            name,
            match face.described {
                Described::Titles => describe::title(field, call.language).into(),
                _ if own.is_none() => match noun.made {
                    Some(made) => (made.describe)(field, face, call.language),
                    None => describe::of_user_field(field, face.naming, call.language),
                },
                Described::Full => describe::plain(field, type_name, call.language),
                Described::FullUnder(_) | Described::Named => {
                    describe::named(field, type_name, call.language)
                }
                Described::Sized => {
                    describe::sized(field, type_name, own.and_then(|own| own.size), call.language)
                }
                Described::ShortUnder(_) => describe::short(field, type_name),
                Described::TypesUnder(_) => Value::under("type", type_name),
            },
        );
    }
    noun.hooks.describe(face, &mut map, call.language);
    Ok(match face.described {
        Described::Full | Described::Named | Described::Sized | Described::Titles => map.into_value(),
        Described::FullUnder(name) | Described::ShortUnder(name) | Described::TypesUnder(name) => {
            Value::under(name, map.into_value())
        }
    })
}

/// The values of a request, under the face's names of fields.
fn given(call: &Call<'_, '_>, noun: &'static Noun, face: &Face) -> Map {
    let shape = Shape::of(call, noun);
    let given = match face.envelope {
        Envelope::Under(name) => call.fields(name),
        Envelope::Flat => {
            let named = |(_, _, name): (_, _, &str)| Some((Text::new(name), call.param(name)?.clone()));
            return shape.shown(face.naming).filter_map(named).collect();
        }
    };
    if face.also_upper { named(given, &shape.table) } else { given }
}

/// The key of the row in a request.
fn key(call: &Call<'_, '_>, noun: &Noun, face: &Face, given: &Map) -> Vec<Value> {
    let param = |name: &str| face.param(call, name);
    match face.id {
        Id::Param(name) => vec![param(name)],
        Id::Params(names) => names.iter().map(|name| param(name)).collect(),
        Id::Fields => {
            let member = |name: &&str| given.get(&face.name_of(noun.field(name)?)?).cloned();
            noun.key.iter().map(|name| member(name).unwrap_or_default()).collect()
        }
    }
}

fn answer(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    face: &Face,
    answer: Answer,
    row: &Row,
) -> Result<Value> {
    Ok(match answer {
        Answer::Row => show(call, noun, face, row)?.into_value(),
        Answer::RowUnder(name) => Value::under(name, show(call, noun, face, row)?.into_value()),
        Answer::ListOfRow => vec![show(call, noun, face, row)?.into_value()].into(),
        Answer::Key => noun.key_of(row),
        Answer::KeyUnder(name) => Value::under(name, noun.key_of(row)),
        Answer::Field(name) => match noun.place(name) {
            Some(at) => row.shown(&call.caller.zone, Naming::Item, at, &row.table().fields[at]),
            None => Value::Null,
        },
        Answer::True => true.into(),
        Answer::Null => Value::Null,
        Answer::Nothing => Vec::new().into(),
    })
}

/// What a face shows of a row alone.
///
/// # Errors
/// Those of the store.
pub fn show(call: &mut Call<'_, '_>, noun: &'static Noun, face: &Face, row: &Row) -> Result<Map> {
    let shown = show_all(call, noun, face, std::slice::from_ref(row), true)?.pop().unwrap_or_default();
    let is_full = full(noun, face, &[]);
    Ok(shown.into_iter().filter(|(name, value)| is_full(name, value)).collect())
}

/// What a face shows of rows; `whole` of one that stands alone.
///
/// # Errors
/// Those of the store.
pub fn show_all(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    face: &Face,
    rows: &[Row],
    whole: bool,
) -> Result<Vec<Map>> {
    let shape = Shape::of(call, noun);
    let mut maps: Vec<Map> = rows.iter().map(|row| shown(call, &shape, face, row)).collect();
    noun.hooks.show(call, face, rows, &mut maps, whole)?;
    Ok(maps)
}

/// What a face shows of the rows of a list.
///
/// # Errors
/// Those of the store.
pub fn listed(call: &mut Call<'_, '_>, noun: &'static Noun, face: &Face, rows: &[Row]) -> Result<Vec<Value>> {
    Ok(show_all(call, noun, face, rows, false)?.into_iter().map(Value::Map).collect())
}

/// The fields of a row that a face shows, under its names.
fn shown(call: &Call<'_, '_>, shape: &Shape, face: &Face, row: &Row) -> Map {
    let mut map = Map::with_capacity(shape.table.fields.len());
    for (at, field, name) in shape.shown(face.naming) {
        map.push(name, row.shown(&call.caller.zone, face.values, at, field));
    }
    let files: Vec<&Field> = shape.table.fields.iter().filter(|field| field.kind == Kind::File).collect();
    file::attach(call, face.naming, &files, std::slice::from_mut(&mut map));
    map
}
