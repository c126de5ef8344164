//! Items as owners of what belongs to them: product rows, links. Those follow the owner's permissions, and
//! changing them changes the owner.

use store::{Param, Row, Tx};
use wire::Text;

use super::compare::Before;
use super::table::Within;
use super::{Entity, read};
use crate::access::{Act, Stand};
use crate::call::Call;
use crate::error::{Error, Result};
use crate::event::Happening;

/// Whether a caller may access an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There is no such item.
    Missing,
    /// It is out of reach.
    Denied,
    /// It may be done.
    Allowed,
}

impl Standing {
    /// Refuses in these words what may not be done, and what cannot be done since nothing is there.
    ///
    /// # Errors
    /// One of the two.
    pub fn require(self, denied: impl Into<Error>, missing: impl Into<Error>) -> Result<()> {
        match self {
            Standing::Allowed => Ok(()),
            Standing::Denied => Err(denied.into()),
            Standing::Missing => Err(missing.into()),
        }
    }
}

/// Whether the caller may do that to an item. Before a change the item is locked.
pub fn standing(call: &mut Call<'_, '_>, entity: &Entity, id: i64, act: Act) -> Result<Standing> {
    let reach = read::reach(call, entity, act);
    let lock = if act == Act::Read { "" } else { call.tx.dialect().for_update() };
    let stand = stand(call.tx, entity, id, lock)?;
    Ok(match stand.map(|stand| reach.covers(stand.responsible, stand.opened)) {
        None => Standing::Missing,
        Some(false) => Standing::Denied,
        Some(true) => Standing::Allowed,
    })
}

/// How an item stands; `None` when there is none.
pub fn stand_of(tx: &mut Tx<'_>, entity: &Entity, id: i64) -> Result<Option<Stand>> {
    stand(tx, entity, id, "")
}

/// The same, also of the item that is just being deleted.
pub fn last_stand_of(call: &mut Call<'_, '_>, entity: &Entity, id: i64) -> Result<Option<Stand>> {
    match call.owed.leaving {
        Some((type_id, leaving, stand)) if (type_id, leaving) == (entity.type_id, id) => Ok(Some(stand)),
        _ => stand_of(call.tx, entity, id),
    }
}

fn stand(tx: &mut Tx<'_>, entity: &Entity, id: i64, lock: &str) -> Result<Option<Stand>> {
    let sql = format!("SELECT assigned_by_id, opened FROM {} WHERE id = ?{lock}", entity.table());
    Ok(tx.one(&sql, &[id.into()], read_stand)?)
}

fn read_stand(row: &Row<'_>) -> std::result::Result<Stand, store::Error> {
    Ok(Stand { responsible: row.opt_int(0)?.unwrap_or(0), opened: row.opt_text(1)? == Some("Y") })
}

/// Notes that the caller changed an item through what belongs to it, and tells so as any update does.
pub fn touch(call: &mut Call<'_, '_>, entity: &Entity, id: i64, before: Before) -> Result<()> {
    let sql = format!(
        "UPDATE {} SET date_modify = ?, modify_by_id = ? WHERE id = ? RETURNING assigned_by_id, opened",
        entity.table()
    );
    let params = [call.now.seconds().into(), call.caller.user_id.into(), id.into()];
    let stand = call.tx.one(&sql, &params, read_stand)?;
    let changed = before.changed(call, entity, id)?;
    tell(call, entity, "UPDATE", id, stand.as_slice(), changed);
    Ok(())
}

/// Raises the entity's event about one of its items (protocol, appendix B), as it stood and stands; `changed` are the fields
/// that an update changed.
pub(crate) fn tell(
    call: &mut Call<'_, '_>,
    entity: &Entity,
    verb: &str,
    id: i64,
    stands: &[Stand],
    changed: Option<Vec<Text>>,
) {
    if let Some(event) = entity.common_event(verb) {
        let changed = changed.clone();
        call.raise_about(entity, stands, &event, || Happening { changed, ..Happening::to_item(entity, id) });
    }
    let happening = || Happening { changed, ..Happening::to_item(entity, id) };
    call.raise_about(entity, stands, &entity.event(verb), happening);
}

/// The rows of a table whose owner is one of these kinds of items and the caller may read it. `columns` hold what kind
/// an owner is of, `code` being what stands there, and the owner's id. `None` when the caller may read all of these owners.
pub fn readable<'e>(
    call: &Call<'_, '_>,
    entities: impl Iterator<Item = &'e Entity>,
    columns: (&str, &str),
    code: impl Fn(&Entity) -> Param<'static>,
) -> Option<Within> {
    within(call, entities, columns, Act::Read, code)
}

/// The same for any act; whatever is done to the rows but reading them is a change of their owner, which must be there.
pub fn within<'e>(
    call: &Call<'_, '_>,
    entities: impl Iterator<Item = &'e Entity>,
    (kind, id): (&str, &str),
    act: Act,
    code: impl Fn(&Entity) -> Param<'static>,
) -> Option<Within> {
    let act = if act == Act::Read { Act::Read } else { Act::Update };
    let (mut params, mut parts, mut everything) = (Vec::new(), Vec::new(), act == Act::Read);
    for entity in entities {
        params.push(code(entity));
        let within = read::reach(call, entity, act).condition(&mut params);
        everything &= within.is_none();
        let owners = match within {
            None if act == Act::Read => String::new(),
            within => format!(" AND {}", leads(id, entity.table(), within.as_deref())),
        };
        parts.push(format!("({kind} = ?{owners})"));
    }
    (!everything).then(|| (format!("({})", parts.join(" OR ")), params))
}

/// The condition that a column leads to a row of a table, within a condition on that row, which is `t` there. `IN` would do, but
/// PostgreSQL reads the whole table for it where it stands beside `OR`.
pub(crate) fn leads(column: &str, table: &str, within: Option<&str>) -> String {
    let within = within.map_or_else(String::new, |within| format!(" AND {within}"));
    // Inside, `t` is the row that is led to, so the column goes by another name.
    format!(
        "EXISTS (SELECT 1 FROM (SELECT {column} AS number) led WHERE EXISTS \
         (SELECT 1 FROM {table} t WHERE t.id = led.number{within}))"
    )
}
