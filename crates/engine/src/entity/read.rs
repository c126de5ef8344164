//! Reading items: one by its id, or a page of them by filter and order.

use std::sync::Arc;

use jiff::tz::TimeZone;
use store::Row;
use wire::{Fault, Map, Text, Value};

use super::derived::columns;
pub use super::page::Query;
use super::page::{self, Extent, List};
use super::{Entity, Field, Naming, Place, binding, codec, file, multifield};
use crate::access::{Act, RowScope};
use crate::call::Call;
use crate::error::{Error, Result, answer_too_large};

/// One page of items as the caller may see them; sets the call's `total` and `next`.
pub fn list(call: &mut Call<'_, '_>, entity: &Entity, naming: Naming, query: &Query) -> Result<Vec<Value>> {
    let reach = reach(call, entity, Act::Read);
    let fields = selected(entity, naming, &query.select);
    let mut items = Items::new(call, naming, &fields);
    List::new(call, entity, naming, query, Extent::Page)?.within(|params| reach.condition(params)).read(
        call,
        &columns(&fields),
        |row| items.take(row),
    )?;
    items.complete(call, entity)
}

/// The statement that reads a page of a query under this condition; its last parameter is the first row.
///
/// # Errors
/// For a field in the order that is not allowed there.
pub fn statement(entity: &Entity, naming: Naming, query: &Query, condition: &str) -> Result<String> {
    let columns = columns(&selected(entity, naming, &query.select));
    let order = page::order_by(entity, naming, query)?.text();
    Ok(page::statement(entity, Some(page::PAGE), &columns, condition, &order))
}

/// One item with all its fields; `None` when there is none. The caller's right to read it is checked.
pub fn get(call: &mut Call<'_, '_>, entity: &Entity, naming: Naming, id: i64) -> Result<Option<Map>> {
    let (reach, whole) = (reach(call, entity, Act::Read), entity.whole(naming));
    if !reach.all && !exists_within(call, entity, naming, &reach, id)? {
        return Ok(None);
    }
    let fields: Vec<&Field> = whole.fields.iter().map(|at| &entity.fields[*at]).collect();
    let mut items = Items::new(call, naming, &fields);
    call.tx.query(&whole.sql, &[id.into()], |row| items.take(row))?;
    Ok(items.complete(call, entity)?.pop().and_then(Value::into_map))
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
    call.meta.row_scope(call.caller.user_id, call.caller.is_admin, &entity.code, act)
}

/// Items that are being read, each from a row with the id and the columns of `fields`.
struct Items<'f, 'e> {
    fields: &'f [&'e Field],
    naming: Naming,
    zone: &'f TimeZone,
    ids: Vec<i64>,
    rows: Vec<Map>,
    /// Bytes that are left; `None` when there were too few.
    room: Option<usize>,
}

impl<'f, 'e> Items<'f, 'e> {
    fn new(call: &Call<'f, '_>, naming: Naming, fields: &'f [&'e Field]) -> Self {
        let (zone, room) = (&call.caller.zone, Some(call.room));
        Items { fields, naming, zone, ids: Vec::new(), rows: Vec::new(), room }
    }

    fn take(&mut self, row: &Row<'_>) -> std::result::Result<(), store::Error> {
        let Some(left) = self.room else { return Ok(()) };
        self.ids.push(row.int(0)?);
        let shown = show(row, self.fields, self.naming, self.zone)?;
        self.room = left.checked_sub(shown.weight());
        self.rows.push(shown);
        Ok(())
    }

    /// The items with what lives elsewhere.
    fn complete(mut self, call: &mut Call<'_, '_>, entity: &Entity) -> Result<Vec<Value>> {
        let room = self.room.ok_or_else(answer_too_large)?;
        let Items { fields, naming, ids, rows, .. } = &mut self;
        multifield::attach(call.tx, entity, *naming, fields, ids, rows, room)?;
        binding::attach(call.tx, entity, *naming, fields, ids, rows)?;
        file::attach(call, *naming, fields, rows);
        Ok(self.rows.into_iter().map(Value::Map).collect())
    }
}

fn show(
    row: &Row<'_>,
    fields: &[&Field],
    naming: Naming,
    zone: &TimeZone,
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
                    // Some user fields are there from the beginning.
                    (None, Place::Column) if field.code.starts_with("UF_") => user,
                    (None, Place::Column | Place::Nowhere) => usual,
                    (None, _) => false,
                })
    };
    entity.fields.iter().zip(named).filter(wanted).map(|(field, _)| field).collect()
}

/// The entity with this number, or `NOT_FOUND` in the words of `crm.item` (protocol 3.7).
pub fn entity_by_type(call: &Call<'_, '_>, type_id: i64) -> Result<Arc<Entity>> {
    call.entity(type_id).ok_or_else(|| Fault::new(400, "NOT_FOUND", "SPA not found").into())
}
