//! Reading rows: one by its key, or a list by filter and order. Every function that answers a caller asks for the caller's
//! [`RowScope`].

use store::Param;
use wire::filter::Filter;
use wire::params::Start;
use wire::{Fault, Text, Value, filter, order, select};

use super::{Face, Noun, Row, RowScope, Shape};
use crate::access::Act;
use crate::call::Call;
use crate::entity::codec;
use crate::entity::filter::Unknown;
use crate::entity::page::{Extent, List, Query, all_of};
use crate::entity::table::Within;
use crate::error::{Result, answer_too_large};
use crate::{list_params, query};

/// Groups within groups that a filter may have.
const FILTER_DEPTH: usize = 16;

impl Shape {
    /// That of a noun for this call: with the user fields that there are, of rows in the table that the call is about.
    pub(super) fn of(call: &Call<'_, '_>, noun: &'static Noun) -> Self {
        let shape = call.core.modules.shape(noun).clone();
        match noun.tables.and_then(|table| table(call)) {
            Some(table) => Shape { table, ..shape },
            None if noun.tiers.is_empty() => shape.with_user_fields(&call.meta),
            None => shape.with_user_fields(&call.meta).shown_to(&call.caller.scopes),
        }
    }
}

/// The result of a look-up by key.
pub(super) enum Found {
    /// A row that the caller may act on
    Row(Row),
    /// A row that the caller may not act on
    Denied,
    /// Nothing
    Missing,
}

/// The row that a request names by the values of its key, as far as the face knows it.
pub(super) fn find(
    call: &mut Call<'_, '_>,
    shape: &Shape,
    face: &Face,
    scope: &RowScope,
    act: Act,
    key: &[Value],
) -> Result<Found> {
    let mut params = Vec::new();
    let allowed = scope.condition(&mut params);
    let mut conditions = Vec::new();
    for (name, value) in shape.noun.key.iter().zip(key) {
        let Some((column, param)) = sought(call, shape, name, value) else { return Ok(Found::Missing) };
        conditions.push(format!("t.{column} = ?"));
        params.push(param);
    }
    if conditions.len() < shape.noun.key.len() {
        return Ok(Found::Missing);
    }
    conditions.extend(within(call, shape, face, &mut params));
    let allowed = allowed
        .map_or_else(|| "1".to_owned(), |condition| format!("CASE WHEN {condition} THEN 1 ELSE 0 END"));
    let sql = format!(
        "SELECT t.id{}, {allowed} FROM {} t{}{}",
        columns(shape),
        shape.table.table(),
        all_of(&conditions),
        if act == Act::Read { "" } else { call.tx.dialect().for_update() }
    );
    let last = shape.table.stored().count() + 1;
    let found = call.tx.one(&sql, &params, |row| Ok((row.int(last)?, Row::read(row, &shape.table)?)))?;
    Ok(match found {
        Some((1, row)) => Found::Row(row),
        Some(_) => Found::Denied,
        None => Found::Missing,
    })
}

/// A field of a key, as a column and the value to look for; `None` for what no row can have there.
fn sought<'s>(
    call: &Call<'_, '_>,
    shape: &'s Shape,
    name: &str,
    value: &Value,
) -> Option<(&'s str, Param<'static>)> {
    let param = match (name, shape.noun.place(name)) {
        (_, Some(at)) if name != "id" => codec::sought(&shape.table.fields[at], value, &call.clock()),
        _ => value.as_int().into(),
    };
    let column = if name == "id" { "id" } else { shape.column(name)? };
    (param != Param::Null).then_some((column, param))
}

/// The row with this number, when it is among these.
pub fn one(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    scope: &RowScope,
    number: i64,
) -> Result<Option<Row>> {
    by_column(call, noun, scope, "id", number.into())
}

/// The row with this number of another module's noun, when that module is there and the caller may read the row.
///
/// # Errors
/// Those of the store.
pub fn foreign(call: &mut Call<'_, '_>, name: &str, number: i64) -> Result<Option<Row>> {
    let Some(noun) = call.core.modules.noun(name).map(|shape| shape.noun) else { return Ok(None) };
    let scope = noun.grant(call, Act::Read)?;
    one(call, noun, &scope, number)
}

/// The row that has this key of a single field, when it is among these.
pub fn by_key(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    scope: &RowScope,
    key: &Value,
) -> Result<Option<Row>> {
    let shape = Shape::of(call, noun);
    match sought(call, &shape, noun.key[0], key) {
        Some((column, param)) => by_column(call, noun, scope, column, param),
        None => Ok(None),
    }
}

fn by_column(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    scope: &RowScope,
    column: &str,
    value: Param<'static>,
) -> Result<Option<Row>> {
    let mut params = vec![value];
    let key = format!("t.{column} = ?");
    let conditions: Vec<String> = std::iter::once(key).chain(scope.condition(&mut params)).collect();
    let shape = Shape::of(call, noun);
    Ok(select_rows(call, &shape, &conditions, &params, "")?.pop())
}

/// The rows among these that have these values, by their numbers.
pub fn rows(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    scope: &RowScope,
    values: &[(&str, Param<'static>)],
) -> Result<Vec<Row>> {
    matching(call, noun, values, Some(scope))
}

/// The rows among these for which a condition on `t` holds, with the values of its placeholders, in the order and number
/// that `rest` says: ` ORDER BY t.id DESC LIMIT 20`.
///
/// # Errors
/// Those of the store.
pub fn select(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    scope: &RowScope,
    condition: &str,
    values: Vec<Param<'static>>,
    rest: &str,
) -> Result<Vec<Row>> {
    let (conditions, params) = scoped(scope, condition, values);
    let shape = Shape::of(call, noun);
    select_rows(call, &shape, &conditions, &params, rest)
}

/// The numbers of the rows that [`select`] finds.
///
/// # Errors
/// Those of the store.
pub fn numbers(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    scope: &RowScope,
    condition: &str,
    values: Vec<Param<'static>>,
    rest: &str,
) -> Result<Vec<i64>> {
    let (conditions, params) = scoped(scope, condition, values);
    let sql = format!("SELECT t.id FROM {} t{}{rest}", noun.table, all_of(&conditions));
    Ok(call.tx.all(&sql, &params, |row| row.int(0))?)
}

/// A condition with what the scope adds to it, and the values of both.
fn scoped(
    scope: &RowScope,
    condition: &str,
    mut values: Vec<Param<'static>>,
) -> (Vec<String>, Vec<Param<'static>>) {
    let conditions = std::iter::once(condition.to_owned()).chain(scope.condition(&mut values)).collect();
    (conditions, values)
}

pub(super) fn matching(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    values: &[(&str, Param<'static>)],
    scope: Option<&RowScope>,
) -> Result<Vec<Row>> {
    let shape = Shape::of(call, noun);
    let column = |name: &str| shape.column(name).unwrap_or_else(|| panic!("{} has no {name}", noun.name));
    let mut conditions: Vec<String> =
        values.iter().map(|(name, _)| format!("t.{} = ?", column(name))).collect();
    let mut params: Vec<Param<'static>> = values.iter().map(|(_, value)| value.clone()).collect();
    conditions.extend(scope.and_then(|scope| scope.condition(&mut params)));
    select_rows(call, &shape, &conditions, &params, " ORDER BY t.id")
}

/// Whether there is such a row among these.
pub(super) fn exists(call: &mut Call<'_, '_>, noun: &Noun, scope: &RowScope, number: i64) -> Result<bool> {
    let mut params = vec![Param::from(number)];
    let allowed =
        scope.condition(&mut params).map_or_else(String::new, |condition| format!(" AND {condition}"));
    let sql = format!("SELECT t.id FROM {} t WHERE t.id = ?{allowed}", noun.table);
    Ok(call.tx.one(&sql, &params, |row| row.int(0))?.is_some())
}

/// The rows that a list shows; sets the call's `total` and `next`.
pub(super) fn list(
    call: &mut Call<'_, '_>,
    shape: &Shape,
    face: &Face,
    scope: &RowScope,
    (query, beyond): (&Query, Vec<Within>),
) -> Result<Vec<Row>> {
    let extent = if face.whole { Extent::Whole } else { Extent::Page };
    let is_filtered = !beyond.is_empty() || !matches!(&query.filter, Filter::All(tests) if tests.is_empty());
    let total = match call.start {
        Start::At(_) if scope.is_everything() && !is_filtered => shape.noun.hooks.total(call, face)?,
        _ => None,
    };
    let mut rows = Rows::new(call, shape);
    let list = List::new(call, &shape.table, face.naming, query, extent)?
        .known_by(shape.noun.counted)
        .counted(total)
        .within(|params| within(call, shape, face, params))
        .within(|params| bound(beyond, params));
    scope.narrow(list).read(call, &columns(shape), |row| rows.take(row))?;
    rows.complete()
}

/// Conditions with their values, which go to the parameters.
fn bound(conditions: Vec<Within>, params: &mut Vec<Param<'static>>) -> Vec<String> {
    let bind = |(condition, values)| {
        params.extend::<Vec<_>>(values);
        condition
    };
    conditions.into_iter().map(bind).collect()
}

/// What a list is asked for, with the conditions that are no comparisons with columns.
pub(super) fn query(call: &Call<'_, '_>, shape: &Shape, face: &Face) -> Result<(Query, Vec<Within>)> {
    let mut beyond = Vec::new();
    let param = |name: &str| {
        let given = call.param(name).filter(|_| face.asks.contains(&name));
        given.unwrap_or(&Value::Null)
    };
    let mut query = if face.beside {
        beside(call, shape, face, &mut beyond)
    } else if face.naming.is_legacy() {
        query::legacy(call, &shape.table)?
    } else {
        Query {
            filter: match face.strict {
                true => filter::parse_nested(param("filter"), FILTER_DEPTH)?,
                false => filter::parse_flat(param("filter"))?,
            },
            order: match face.strict {
                true => order::parse(param("order")).map_err(bad_order)?,
                false => order::parse_lenient(param("order")),
            },
            select: select::parse(param("select")),
            unknown: if face.strict { Unknown::Refused } else { unknown(call) },
        }
    };
    if face.also_upper {
        query.name(&shape.table, face.naming);
    }
    if !face.asks.contains(&"select") {
        query.select.clear();
    }
    if query.order.is_empty() {
        let named = |(name, direction): &(&str, _)| {
            let field = &shape.table.fields[shape.noun.place(name)?];
            Some((Text::new(face.naming.name(field)?), *direction))
        };
        query.order = face.order.iter().filter_map(named).collect();
    }
    Ok((query, beyond))
}

/// A query whose tests stand beside the other parameters.
fn beside(call: &Call<'_, '_>, shape: &Shape, face: &Face, beyond: &mut Vec<Within>) -> Query {
    let (table, hooks) = (&shape.table, shape.noun.hooks);
    let is_known = |name: &str| table.named(name, face.naming).is_some() || hooks.tests().contains(&name);
    let asked = list_params::read(&call.params, is_known);
    let mut tests = Vec::with_capacity(asked.tests.len());
    for mut test in asked.tests {
        match hooks.test(call, face, &mut test) {
            Some(condition) => beyond.push(condition),
            None => tests.push(test.into_filter(table)),
        }
    }
    let select = select::parse(call.param("select").unwrap_or(&Value::Null));
    Query {
        filter: Filter::All(tests),
        order: asked.order,
        select: select.into_iter().map(|name| name.to_ascii_uppercase()).collect(),
        unknown: unknown(call),
    }
}

fn bad_order(invalid: order::Invalid) -> Fault {
    match invalid {
        order::Invalid::NotAnArray => Fault::argument("The order is not an array.", "order"),
        order::Invalid::Direction { field, given } => Fault::invalid_value(format!(
            "Invalid order: allowed sort directions are `ASC, DESC`. But got '{given}' for field '{field}'"
        )),
    }
}

/// How names are treated that a table does not have.
fn unknown(call: &Call<'_, '_>) -> Unknown {
    if call.settings.strict_filters { Unknown::Refused } else { Unknown::Ignored }
}

/// The names that a list shows; none means all. `*` is all but those made at run time, `UF_*` those.
pub(super) fn selected(shape: &Shape, face: &Face, query: &Query) -> Vec<Text> {
    let naming = face.naming;
    if query.select.is_empty() {
        // What was made at run time is shown when it is asked for.
        let declared = shape.shown(naming).filter(|(_, field, _)| field.user.is_none());
        let bare = shape.noun.made.is_some();
        return declared.filter(|_| bare).map(|(_, _, name)| Text::new(name)).collect();
    }
    let always = face.always.iter().filter_map(|name| {
        let field = &shape.table.fields[shape.noun.place(name)?];
        naming.name(field).map(Text::new)
    });
    if face.beside {
        return shape
            .shown(naming)
            .map(|(_, _, name)| Text::new(name))
            .filter(|name| masked(query, name))
            .collect();
    }
    let has = |wanted: &str| query.select.iter().any(|name| name.eq_ignore_ascii_case(wanted));
    // `UF_*` and, of properties, `PROPERTY_*`.
    let of_user = |name: &Text| name.ends_with('*') && name.len() > 1;
    let (usual, user) = (has("*"), query.select.iter().any(of_user));
    if !usual && !user {
        return always.chain(query.select.iter().cloned()).collect();
    }
    let wanted = |field: &crate::entity::Field| {
        let everything = usual && !naming.is_legacy();
        everything || if field.user.is_some() { user } else { usual }
    };
    let names = shape.shown(naming).filter(|(_, field, _)| wanted(field)).map(|(_, _, name)| Text::new(name));
    names.chain(always).chain(query.select.iter().cloned()).collect()
}

/// Whether a list shows the field of that name: `*` is all of them, `UF_*` those that begin so.
fn masked(query: &Query, name: &Text) -> bool {
    query.select.iter().any(|wanted| match wanted.as_str() {
        "*" => true,
        "UF_*" => name.starts_with("UF_"),
        _ => wanted == name,
    })
}

/// The condition of a face's fixed values.
fn within(call: &Call<'_, '_>, shape: &Shape, face: &Face, params: &mut Vec<Param<'static>>) -> Vec<String> {
    let condition = |(name, value): &(&str, &str)| {
        let field = &shape.table.fields[shape.noun.place(name)?];
        params.push(codec::sought(field, &(*value).into(), &call.clock()));
        Some(format!("t.{} = ?", field.column()))
    };
    let mut fixed: Vec<String> = face.within.iter().filter_map(condition).collect();
    if let Some((name, value)) = face.above(call) {
        match sought(call, shape, name, &value) {
            Some((column, param)) => {
                params.push(param);
                fixed.push(format!("t.{column} = ?"));
            }
            None => fixed.push("1 = 0".to_owned()),
        }
    }
    fixed.into_iter().chain(shape.noun.hooks.within(face).map(str::to_owned)).collect()
}

pub(super) fn select_rows(
    call: &mut Call<'_, '_>,
    shape: &Shape,
    conditions: &[String],
    params: &[Param<'static>],
    rest: &str,
) -> Result<Vec<Row>> {
    let sql =
        format!("SELECT t.id{} FROM {} t{}{rest}", columns(shape), shape.table.table(), all_of(conditions));
    let mut rows = Rows::new(call, shape);
    call.tx.query(&sql, params, |row| rows.take(row))?;
    rows.complete()
}

/// Rows that are being read.
pub(super) struct Rows<'s> {
    shape: &'s Shape,
    rows: Vec<Row>,
    /// Bytes that are left; `None` when there were too few.
    room: Option<usize>,
}

impl<'s> Rows<'s> {
    pub(super) fn new(call: &Call<'_, '_>, shape: &'s Shape) -> Self {
        Rows { shape, rows: Vec::new(), room: Some(call.room) }
    }

    pub(super) fn take(&mut self, row: &store::Row<'_>) -> std::result::Result<(), store::Error> {
        let Some(left) = self.room else { return Ok(()) };
        let row = Row::read(row, &self.shape.table)?;
        self.room = left.checked_sub(row.weight());
        self.rows.push(row);
        Ok(())
    }

    pub(super) fn complete(self) -> Result<Vec<Row>> {
        self.room.ok_or_else(answer_too_large)?;
        Ok(self.rows)
    }
}

pub(super) fn columns(shape: &Shape) -> String {
    shape.table.stored().map(|(_, field)| format!(", t.{}", field.column())).collect()
}
