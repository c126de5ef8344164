//! Reading items: one by its id, or a page of them by filter and order.

use std::sync::Arc;

use store::{Param, Row};
use wire::filter::Filter;
use wire::order::Direction;
use wire::params::Start;
use wire::{Fault, Map, Text, Value};

use super::derived::columns;
use super::filter::{Conditions, Unknown};
use super::{Entity, Field, Naming, Place, binding, codec, count, file, multifield};
use crate::access::{Act, RowScope};
use crate::call::Call;
use crate::error::{Error, Result, answer_too_large};

/// Rows on a page (protocol 5.1).
pub const PAGE: i64 = 50;

/// The parameters of a list.
pub struct Query {
    /// Which items.
    pub filter: Filter,
    /// In which order; the id breaks ties.
    pub order: Vec<(Text, Direction)>,
    /// Which fields; none means the usual ones.
    pub select: Vec<Text>,
    /// How to treat unknown names in filter and order.
    pub unknown: Unknown,
}

/// One page of items as the caller may see them; sets the call's `total` and `next`.
pub fn list(call: &mut Call<'_, '_>, entity: &Entity, naming: Naming, query: &Query) -> Result<Vec<Value>> {
    let reach = reach(call, entity, Act::Read);
    let fields = selected(entity, naming, &query.select);
    let mut conditions = Conditions::new(entity, naming, query.unknown, call.clock(), call.tx.dialect());
    let asked = conditions.build(&query.filter)?;
    let mut params = conditions.params;
    let allowed = reach.condition(&mut params);
    let filtered = asked.is_some() || allowed.is_some();
    let condition: Vec<String> = asked.into_iter().chain(allowed).collect();
    let condition = if filtered { format!(" WHERE {}", condition.join(" AND ")) } else { String::new() };

    let offset = match call.start {
        Start::At(row) => offset(row, naming),
        Start::Uncounted => 0,
    };
    let far = if filtered { None } else { far_page(call, entity, naming, query, offset)? };
    let (place, skipped) = match &far {
        Some(place) => (format!(" WHERE {}", place.condition), place.offset),
        None => (condition.clone(), offset),
    };
    let sql = statement(entity, naming, query, &place)?;
    let counted = params.len();
    params.push(Param::from(skipped));
    let rows = fetch(call, entity, naming, &fields, &sql, &params)?;
    params.truncate(counted);
    page(call, entity, naming, filtered.then_some(&condition), &params, offset, rows.len() as i64)?;
    Ok(rows)
}

/// Where a far page of all items in the order of ids begins; `None` for any other page, which is reached from the first row.
fn far_page(
    call: &mut Call<'_, '_>,
    entity: &Entity,
    naming: Naming,
    query: &Query,
    offset: i64,
) -> Result<Option<count::Place>> {
    /// Rows that are gone through faster than blocks are summed up.
    const NEAR: i64 = 2000;
    let direction = match query.order.as_slice() {
        [] => Direction::Asc,
        [(name, direction), ..] if entity.named(name, naming).is_some_and(|field| field.code == "ID") => {
            *direction
        }
        _ => return Ok(None),
    };
    if offset < NEAR {
        return Ok(None);
    }
    call.owed.counts.place(call.tx, entity.type_id, offset, direction)
}

/// The statement that reads a page of a query under this condition; its last parameter is the first row.
///
/// # Errors
/// For a field in the order that is not allowed there.
pub fn statement(entity: &Entity, naming: Naming, query: &Query, condition: &str) -> Result<String> {
    let (columns, table) = (columns(&selected(entity, naming, &query.select)), entity.table());
    let order = order_by(entity, naming, query)?;
    Ok(format!("SELECT t.id{columns} FROM {table} t{condition} ORDER BY {order} LIMIT {PAGE} OFFSET ?"))
}

/// The row at which a page begins: legacy lists know whole pages only (protocol 5.1).
pub(crate) fn offset(row: u32, naming: Naming) -> i64 {
    if naming.is_legacy() { i64::from(row) / PAGE * PAGE } else { i64::from(row) }
}

/// Sets `total` and `next` for a page that was read (protocol 5.1).
fn page(
    call: &mut Call<'_, '_>,
    entity: &Entity,
    naming: Naming,
    condition: Option<&String>,
    params: &[Param<'_>],
    offset: i64,
    shown: i64,
) -> Result<()> {
    if call.start == Start::Uncounted {
        call.total = naming.is_legacy().then_some(0);
        return Ok(());
    }
    let total = match condition {
        // A first page that is not full says itself how many there are.
        _ if offset == 0 && shown < PAGE => shown,
        None => call.owed.counts.total(call.tx, entity.type_id)?,
        Some(condition) => {
            let sql = format!("SELECT COUNT(*) FROM {} t{condition}", entity.table());
            call.tx.one(&sql, params, |row| row.int(0))?.unwrap_or(0)
        }
    };
    call.total = Some(total);
    call.next = (offset + shown < total && shown > 0).then_some(offset + shown);
    Ok(())
}

/// One item with all its fields; `None` when there is none. The caller's right to read it is checked.
pub fn get(call: &mut Call<'_, '_>, entity: &Entity, naming: Naming, id: i64) -> Result<Option<Map>> {
    let reach = reach(call, entity, Act::Read);
    let whole = entity.whole(naming);
    if !reach.all && !exists_within(call, entity, naming, &reach, id)? {
        return Ok(None);
    }
    let fields: Vec<&Field> = whole.fields.iter().map(|at| &entity.fields[*at]).collect();
    let found = fetch(call, entity, naming, &fields, &whole.sql, &[id.into()])?.pop();
    Ok(found.and_then(Value::into_map))
}

/// Whether an item is within reach; a fault when it exists but is not.
fn exists_within(
    call: &mut Call<'_, '_>,
    entity: &Entity,
    naming: Naming,
    reach: &RowScope,
    id: i64,
) -> Result<bool> {
    let sql = format!("SELECT assigned_by_id, opened FROM {} WHERE id = ?", entity.table());
    let found = call.tx.one(&sql, &[id.into()], |row| {
        Ok(reach.covers(row.opt_int(0)?.unwrap_or(0), row.opt_text(1)? == Some("Y")))
    })?;
    match found {
        Some(false) => Err(denied(naming)),
        found => Ok(found.is_some()),
    }
}

/// The refusal of an item that is out of reach, in the words of each style (protocol 3.6, 3.7).
pub(super) fn denied(naming: Naming) -> Error {
    match naming {
        Naming::Legacy => Fault::crm("Access denied.").into(),
        Naming::Item | Naming::ItemOriginalUf => Fault::new(400, "ACCESS_DENIED", "Access denied").into(),
    }
}

/// The items of this entity on which the caller may perform an act.
pub fn reach(call: &Call<'_, '_>, entity: &Entity, act: Act) -> RowScope {
    call.meta.row_scope(call.caller.user_id, call.caller.is_admin, entity.code, act)
}

/// Runs a SELECT of the id and the columns of `fields`, and completes the rows with what lives elsewhere.
fn fetch(
    call: &mut Call<'_, '_>,
    entity: &Entity,
    naming: Naming,
    fields: &[&Field],
    sql: &str,
    params: &[Param<'_>],
) -> Result<Vec<Value>> {
    let zone = &call.caller.zone;
    let (mut ids, mut rows, mut room) = (Vec::new(), Vec::new(), Some(call.room));
    call.tx.query(sql, params, |row| {
        let Some(left) = room else { return Ok(()) };
        ids.push(row.int(0)?);
        let shown = show(row, fields, naming, zone)?;
        room = left.checked_sub(shown.weight());
        rows.push(shown);
        Ok(())
    })?;
    let room = room.ok_or_else(answer_too_large)?;
    multifield::attach(call.tx, entity, naming, fields, &ids, &mut rows, room)?;
    binding::attach(call.tx, entity, naming, fields, &ids, &mut rows)?;
    file::attach(call, naming, fields, &mut rows);
    Ok(rows.into_iter().map(Value::Map).collect())
}

fn show(
    row: &Row<'_>,
    fields: &[&Field],
    naming: Naming,
    zone: &jiff::tz::TimeZone,
) -> std::result::Result<Map, store::Error> {
    let mut map = Map::with_capacity(fields.len());
    let mut column = 1;
    for field in fields {
        let Some(name) = naming.name(field) else { continue };
        match field.place {
            Place::Column => {
                map.push(name, codec::show(field, row.cell(column)?, naming, zone));
                column += 1;
            }
            Place::Nowhere => map.push(name, codec::show(field, store::Cell::Null, naming, zone)),
            Place::Multifield | Place::Binding(_) => {}
        }
    }
    Ok(map)
}

/// The fields that a `select` names, in their own order: `*` all but user fields, multi-fields and bindings,
/// `UF_*` all user fields; nothing means both (protocol 5.2). In `crm.item` `*` means everything. Legacy lists always
/// show the id.
fn selected<'e>(entity: &'e Entity, naming: Naming, select: &[Text]) -> Vec<&'e Field> {
    let usual = select.is_empty() || select.iter().any(|name| name == "*");
    let everything = usual && !naming.is_legacy();
    let user = select.is_empty() || select.iter().any(|name| name.eq_ignore_ascii_case("UF_*"));
    let mut named = vec![false; entity.fields.len()];
    let places = select.iter().filter_map(|name| entity.place_named(name, naming));
    let id = entity.place("ID").filter(|_| naming.is_legacy());
    places.chain(id).for_each(|at| named[at] = true);
    let wanted = |(field, named): &(&Field, bool)| {
        naming.name(field).is_some()
            && (everything
                || *named
                || match (&field.user, field.place) {
                    (Some(_), _) => user,
                    (None, Place::Column | Place::Nowhere) => usual,
                    (None, _) => false,
                })
    };
    entity.fields.iter().zip(named).filter(wanted).map(|(field, _)| field).collect()
}

/// The columns by which a query sorts. The id breaks ties, in the direction of the first of them: then an index of that
/// has the whole order.
pub(crate) fn order_by(entity: &Entity, naming: Naming, query: &Query) -> Result<String> {
    let mut parts = Vec::new();
    let (mut by_id, mut falls) = (false, None);
    for (name, direction) in &query.order {
        let sortable = |field: &&Field| field.place == Place::Column && !field.multiple;
        match entity.named(name, naming).filter(sortable) {
            Some(field) => {
                by_id |= field.code == "ID";
                falls = falls.or(Some(*direction == Direction::Desc));
                let word = if *direction == Direction::Desc { "DESC" } else { "ASC" };
                // PostgreSQL would put NULL last; SQLite and the real system put it first.
                let nulls = match (field.code == "ID", *direction) {
                    (true, _) => "",
                    (false, Direction::Desc) => " NULLS LAST",
                    (false, _) => " NULLS FIRST",
                };
                parts.push(format!("t.{} {word}{nulls}", field.column()));
            }
            None if query.unknown == Unknown::Ignored => {}
            None => {
                return Err(Fault::invalid_value(format!(
                    "Invalid order: field '{name}' is not allowed in order"
                ))
                .into());
            }
        }
    }
    if !by_id {
        parts.push(if falls == Some(true) { "t.id DESC" } else { "t.id ASC" }.to_owned());
    }
    Ok(parts.join(", "))
}

/// The entity with this number, or `NOT_FOUND` in the words of `crm.item` (protocol 3.7).
pub fn entity_by_type(call: &Call<'_, '_>, type_id: i64) -> Result<Arc<Entity>> {
    call.entity(type_id).ok_or_else(|| Fault::new(400, "NOT_FOUND", "SPA not found").into())
}
