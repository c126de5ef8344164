//! Reading rows: one by its key, or a list by filter and order. Every function here asks for the caller's [`RowScope`].

use store::Param;
use wire::params::Start;
use wire::{Value, filter, order, select};

use super::{Face, Noun, Row, RowScope, Shape};
use crate::call::Call;
use crate::entity::Naming;
use crate::entity::filter::{Conditions, Unknown};
use crate::entity::read::{self, PAGE, Query};
use crate::error::Result;

/// The result of a look-up by key.
pub(super) enum Found {
    /// A row that the caller may act on
    Row(Row),
    /// A row that the caller may not act on
    Denied,
    /// Nothing
    Missing,
}

/// The row that a request names, as far as the face knows it.
pub(super) fn find(
    call: &mut Call<'_, '_>,
    shape: &Shape,
    face: &Face,
    reach: &RowScope,
    key: &Value,
) -> Result<Found> {
    let column = if shape.noun.key == "id" { "id" } else { shape.column(shape.noun.key).unwrap_or("id") };
    let key: Param<'static> = match (column, key.as_int()) {
        ("id", Some(id)) => id.into(),
        ("id", None) => return Ok(Found::Missing),
        _ => key.text().unwrap_or_default().into_owned().into(),
    };
    let mut params = vec![key];
    let mut conditions = vec![format!("t.{column} = ?")];
    conditions.extend(within(call, shape, face, &mut params));
    let Some(row) = select_rows(call, shape, &conditions, &params, "")?.pop() else {
        return Ok(Found::Missing);
    };
    Ok(if exists(call, shape, reach, row.number)? { Found::Row(row) } else { Found::Denied })
}

/// The row with this number, when it is within reach.
pub fn one(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    reach: &RowScope,
    number: i64,
) -> Result<Option<Row>> {
    let mut params = vec![Param::from(number)];
    let conditions: Vec<String> =
        std::iter::once("t.id = ?".to_owned()).chain(reach.condition(&mut params)).collect();
    Ok(select_rows(call, call.core.modules.shape(noun), &conditions, &params, "")?.pop())
}

/// The row that has this key, when it is within reach.
pub fn by_key(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    reach: &RowScope,
    key: &Value,
) -> Result<Option<Row>> {
    let column = call.core.modules.shape(noun).column(noun.key).unwrap_or("id");
    let mut params = vec![Param::from(key.text().unwrap_or_default().into_owned())];
    let conditions: Vec<String> =
        std::iter::once(format!("t.{column} = ?")).chain(reach.condition(&mut params)).collect();
    Ok(select_rows(call, call.core.modules.shape(noun), &conditions, &params, "")?.pop())
}

/// The row with this number, which the caller has just written.
pub(super) fn again(call: &mut Call<'_, '_>, shape: &Shape, number: i64) -> Result<Option<Row>> {
    Ok(select_rows(call, shape, &["t.id = ?".to_owned()], &[number.into()], "")?.pop())
}

/// Whether there is such a row within reach.
pub(super) fn exists(call: &mut Call<'_, '_>, shape: &Shape, reach: &RowScope, number: i64) -> Result<bool> {
    let mut params = vec![Param::from(number)];
    let allowed =
        reach.condition(&mut params).map_or_else(String::new, |condition| format!(" AND {condition}"));
    let sql = format!("SELECT t.id FROM {} t WHERE t.id = ?{allowed}", shape.noun.table);
    Ok(call.tx.one(&sql, &params, |row| row.int(0))?.is_some())
}

/// The rows that a list shows; sets the call's `total` and `next`.
pub(super) fn list(
    call: &mut Call<'_, '_>,
    shape: &Shape,
    face: &Face,
    reach: &RowScope,
) -> Result<Vec<Row>> {
    let query = query(call, face.naming)?;
    let order = read::order_by(&shape.table, face.naming, &query)?;
    let mut builder =
        Conditions::new(&shape.table, face.naming, query.unknown, call.clock(), call.tx.dialect());
    let mut conditions: Vec<String> = builder.build(&query.filter)?.into_iter().collect();
    let mut params = builder.params;
    conditions.extend(within(call, shape, face, &mut params));
    conditions.extend(reach.condition(&mut params));
    if face.whole {
        let rows = select_rows(call, shape, &conditions, &params, &format!(" ORDER BY {order}"))?;
        call.total = Some(rows.len() as i64);
        return Ok(rows);
    }
    let offset = match call.start {
        Start::At(row) => read::offset(row, face.naming),
        Start::Uncounted => 0,
    };
    let page = format!(" ORDER BY {order} LIMIT {PAGE} OFFSET {offset}");
    let rows = select_rows(call, shape, &conditions, &params, &page)?;
    count(call, shape, &conditions, &params, offset, rows.len() as i64)?;
    Ok(rows)
}

/// The names that the call selects; none means all.
pub(super) fn selected(call: &Call<'_, '_>) -> Vec<wire::Text> {
    let names = select::parse(call.param("select").unwrap_or(&Value::Null));
    if names.iter().any(|name| name == "*") { Vec::new() } else { names }
}

fn query(call: &Call<'_, '_>, naming: Naming) -> Result<Query> {
    let order = if naming.is_legacy() { order::parse_legacy } else { order::parse_lenient };
    Ok(Query {
        filter: filter::parse_flat(call.param("filter").unwrap_or(&Value::Null))?,
        order: order(call.param("order").unwrap_or(&Value::Null)),
        select: Vec::new(),
        unknown: if call.settings.strict_filters { Unknown::Refused } else { Unknown::Ignored },
    })
}

fn count(
    call: &mut Call<'_, '_>,
    shape: &Shape,
    conditions: &[String],
    params: &[Param<'static>],
    offset: i64,
    shown: i64,
) -> Result<()> {
    if call.start == Start::Uncounted {
        return Ok(());
    }
    let total = if offset == 0 && shown < PAGE {
        shown
    } else {
        let sql = format!("SELECT COUNT(*) FROM {} t{}", shape.noun.table, where_clause(conditions));
        call.tx.one(&sql, params, |row| row.int(0))?.unwrap_or(0)
    };
    call.total = Some(total);
    call.next = (shown > 0 && offset + shown < total).then_some(offset + shown);
    Ok(())
}

/// The condition of a face's fixed values.
fn within(call: &Call<'_, '_>, shape: &Shape, face: &Face, params: &mut Vec<Param<'static>>) -> Vec<String> {
    let condition = |(name, value): &(&str, &str)| {
        let field = &shape.table.fields[shape.noun.place(name)?];
        params.push(crate::entity::codec::sought(field, &(*value).into(), &call.clock()));
        Some(format!("t.{} = ?", field.column()))
    };
    face.within.iter().filter_map(condition).collect()
}

fn select_rows(
    call: &mut Call<'_, '_>,
    shape: &Shape,
    conditions: &[String],
    params: &[Param<'static>],
    rest: &str,
) -> Result<Vec<Row>> {
    let columns: String = shape.table.fields.iter().map(|field| format!(", t.{}", field.column())).collect();
    let sql = format!("SELECT t.id{columns} FROM {} t{}{rest}", shape.noun.table, where_clause(conditions));
    let mut rows = Vec::new();
    call.tx.query(&sql, params, |row| {
        rows.push(Row::read(row, shape.noun)?);
        Ok(())
    })?;
    Ok(rows)
}

fn where_clause(conditions: &[String]) -> String {
    if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) }
}
