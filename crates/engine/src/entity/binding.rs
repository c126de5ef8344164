//! Links between items: the contacts of a lead, deal, quote or company, the companies of a contact.
//!
//! The owner's own column (`CONTACT_ID`, `COMPANY_ID`) holds the primary one; this table holds all.

use std::collections::{BTreeMap, HashSet};

use store::{Dialect, Param, Tx};
use wire::{Fault, Map, Value};

use super::ends::Ends;
use super::link::Links;
use super::{Entity, Field, Naming, Place};
use crate::call::Call;
use crate::error::Result;
use crate::meta::Meta;

/// One link of an owner to a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The target item.
    pub target: i64,
    /// Its place among the owner's.
    pub sort: i64,
    /// The role of the target; 0 if not given.
    pub role_id: i64,
    /// Whether it is the one in the owner's own column.
    pub is_primary: bool,
}

/// The links of an owner by place.
pub fn load(tx: &mut Tx<'_>, ends: Ends, owner: i64) -> Result<Vec<Binding>> {
    let (stored, mine, other) = ends.columns();
    let sql = format!(
        "SELECT {other}, sort, role_id, is_primary FROM crm_binding \
         WHERE owner_type_id = ? AND target_type_id = ? AND {mine} = ? ORDER BY sort, {other}"
    );
    let mut bindings = Vec::new();
    tx.query(&sql, &[stored.owner.into(), stored.target.into(), owner.into()], |row| {
        let is_primary = row.text(3)? == "Y";
        bindings.push(Binding { target: row.int(0)?, sort: row.int(1)?, role_id: row.int(2)?, is_primary });
        Ok(())
    })?;
    Ok(bindings)
}

/// The author and time of a change: a user and Unix seconds.
type Changed = (i64, i64);

/// Replaces all links of an owner, and the owner's column with the primary one. A contact that gets another main company
/// from the company's end was changed by the caller.
pub(super) fn replace(call: &mut Call<'_, '_>, entity: &Entity, owner: i64, links: &Links) -> Result<()> {
    let (ends, bindings) = (links.ends(), links.list());
    let by = Some((call.caller.user_id, call.now.seconds()));
    let (stored, turned) = ends.stored();
    let wanted: HashSet<i64> = bindings.iter().map(|binding| binding.target).collect();
    let tx = &mut *call.tx;
    let kept = load(tx, ends, owner)?.into_iter().map(|binding| binding.target);
    let gone: Vec<i64> = kept.filter(|id| !wanted.contains(id)).collect();
    remove(tx, ends, owner, &gone)?;
    insert(tx, ends, owner, bindings)?;
    if turned {
        let targets: Vec<i64> = gone.into_iter().chain(wanted).collect();
        return settle(call, stored, &targets, by);
    }
    let primary = bindings.iter().find(|binding| binding.is_primary).map(|binding| binding.target);
    let column = column_of(&call.meta, stored.target);
    let sql = format!("UPDATE {} SET {column} = ? WHERE id = ?", entity.table());
    call.tx.execute(&sql, &[primary.into(), owner.into()])?;
    Ok(())
}

/// Makes these the links of an item towards that kind, as another portal shows them. Those of a company are its contacts'.
pub fn copy(
    tx: &mut Tx<'_>,
    (owner, target): (i64, i64),
    item: i64,
    targets: &[i64],
    primary: Option<i64>,
) -> Result<()> {
    let ends = Ends { owner, target };
    if ends.change_the_target() {
        return Ok(());
    }
    let sql = "DELETE FROM crm_binding WHERE owner_type_id = ? AND target_type_id = ? AND owner_id = ?";
    tx.execute(sql, &[owner.into(), target.into(), item.into()])?;
    let mut links = from_ids(targets.iter().copied());
    if let Some(primary) = primary.filter(|id| targets.contains(id)) {
        links.iter_mut().for_each(|link| link.is_primary = link.target == primary);
    }
    insert(tx, ends, item, &links)
}

fn remove(tx: &mut Tx<'_>, ends: Ends, owner: i64, targets: &[i64]) -> Result<()> {
    let (stored, mine, other) = ends.columns();
    let sql = format!(
        "DELETE FROM crm_binding WHERE owner_type_id = ? AND target_type_id = ? AND {mine} = ? AND {other} IN (#)"
    );
    tx.execute_among(&sql, &[stored.owner.into(), stored.target.into(), owner.into()], targets)?;
    Ok(())
}

fn insert(tx: &mut Tx<'_>, ends: Ends, owner: i64, bindings: &[Binding]) -> Result<()> {
    let (stored, turned) = ends.stored();
    // Seen from the company's end a link does not change which company is the contact's first.
    let kept = if turned { "crm_binding.is_primary" } else { "excluded.is_primary" };
    let dialect = tx.dialect();
    let rows = match dialect {
        Dialect::Sqlite => "VALUES (?, ?, ?, ?, ?, ?, ?)",
        Dialect::Postgres => {
            "SELECT * FROM unnest(CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), \
             CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS TEXT[]))"
        }
    };
    let sql = format!(
        "INSERT INTO crm_binding (owner_type_id, owner_id, target_type_id, target_id, sort, role_id, is_primary) {rows} \
         ON CONFLICT (owner_type_id, owner_id, target_type_id, target_id) \
         DO UPDATE SET sort = excluded.sort, role_id = excluded.role_id, is_primary = {kept}"
    );
    let row = |binding: &Binding| {
        let (from, to) = if turned { (binding.target, owner) } else { (owner, binding.target) };
        let is_primary = binding.is_primary && !turned;
        [
            stored.owner.into(),
            from.into(),
            stored.target.into(),
            to.into(),
            binding.sort.into(),
            binding.role_id.into(),
            (if is_primary { "Y" } else { "N" }).into(),
        ]
    };
    for portion in dialect.portions(bindings) {
        tx.execute(&sql, &dialect.params(portion.iter().map(row)))?;
    }
    Ok(())
}

/// Sees to it that one of the links of each of these owners is primary, the first where none was, and that the owners'
/// columns name it; `by` says who changed the owners so.
fn settle(call: &mut Call<'_, '_>, ends: Ends, owners: &[i64], by: Option<Changed>) -> Result<()> {
    const MINE: &str = "o.owner_type_id = crm_binding.owner_type_id AND o.owner_id = crm_binding.owner_id \
                        AND o.target_type_id = crm_binding.target_type_id";
    let Some(owner) = call.entity(ends.owner) else { return Ok(()) };
    let tx = &mut *call.tx;
    let first = format!(
        "UPDATE crm_binding SET is_primary = 'Y' WHERE owner_type_id = ? AND target_type_id = ? AND owner_id IN (#) \
         AND NOT EXISTS (SELECT 1 FROM crm_binding o WHERE {MINE} AND o.is_primary = 'Y') \
         AND target_id = (SELECT o.target_id FROM crm_binding o WHERE {MINE} ORDER BY o.sort, o.target_id LIMIT 1)"
    );
    let table = owner.table();
    let name = column_of(&call.meta, ends.target);
    let primary = format!(
        "(SELECT o.target_id FROM crm_binding o WHERE o.owner_type_id = ? AND o.target_type_id = ? \
         AND o.owner_id = {table}.id AND o.is_primary = 'Y' ORDER BY o.sort LIMIT 1)"
    );
    let ends = [ends.owner.into(), ends.target.into()];
    tx.execute_among(&first, &ends, owners)?;
    if let Some((user, now)) = by {
        let stamp = format!(
            "UPDATE {table} SET modify_by_id = ?, date_modify = ? \
             WHERE COALESCE({name}, 0) <> COALESCE({primary}, 0) AND id IN (#)"
        );
        tx.execute_among(&stamp, &[&[user.into(), now.into()], &ends[..]].concat(), owners)?;
    }
    tx.execute_among(&format!("UPDATE {table} SET {name} = {primary} WHERE id IN (#)"), &ends, owners)?;
    Ok(())
}

/// The owner's column for the primary target: `contact_id`.
pub fn column_of(meta: &Meta, target_type: i64) -> String {
    meta.entity(target_type).map(|target| format!("{}_id", target.name)).unwrap_or_default()
}

/// Links that one item may have: a bound that nobody's address book reaches.
const MAX_LINKS: usize = 500;

/// Links by a list of ids: the first is primary, places count in tens.
pub fn from_ids(ids: impl Iterator<Item = i64>) -> Vec<Binding> {
    let mut known = HashSet::new();
    let fresh = ids.filter(|id| *id > 0 && known.insert(*id));
    let link = |(place, target)| Binding {
        target,
        sort: (place as i64 + 1) * 10,
        role_id: 0,
        is_primary: place == 0,
    };
    fresh.enumerate().map(link).collect()
}

/// Refuses more links than an item may have.
pub fn require_few(bindings: &[Binding]) -> Result<()> {
    if bindings.len() > MAX_LINKS { Err(Fault::core("Too many links.").into()) } else { Ok(()) }
}

/// Gives an item the links from and to another one. Those that it has stay as they are.
pub fn hand_over(call: &mut Call<'_, '_>, entity: &Entity, from: i64, into: i64) -> Result<()> {
    const SAME: &str =
        "o.owner_type_id = crm_binding.owner_type_id AND o.target_type_id = crm_binding.target_type_id";
    let mut touched: BTreeMap<(i64, i64), Vec<i64>> = BTreeMap::new();
    let sql = "SELECT owner_type_id, target_type_id, owner_id FROM crm_binding \
               WHERE (owner_type_id = ? AND owner_id = ?) OR (target_type_id = ? AND target_id = ?)";
    let (kind, old): (Param<'_>, Param<'_>) = (entity.type_id.into(), from.into());
    call.tx.query(sql, &[kind.clone(), old.clone(), kind.clone(), old.clone()], |row| {
        let (owner, target, id) = (row.int(0)?, row.int(1)?, row.int(2)?);
        let id = if (owner, id) == (entity.type_id, from) { into } else { id };
        touched.entry((owner, target)).or_default().push(id);
        Ok(())
    })?;
    let owned = format!(
        "UPDATE crm_binding SET owner_id = ?, is_primary = 'N', sort = sort + 1000 WHERE owner_type_id = ? AND owner_id = ? \
         AND NOT EXISTS (SELECT 1 FROM crm_binding o WHERE {SAME} AND o.owner_id = ? AND o.target_id = crm_binding.target_id)"
    );
    let aimed = format!(
        "UPDATE crm_binding SET target_id = ? WHERE target_type_id = ? AND target_id = ? \
         AND NOT EXISTS (SELECT 1 FROM crm_binding o WHERE {SAME} AND o.target_id = ? AND o.owner_id = crm_binding.owner_id)"
    );
    for sql in [owned, aimed] {
        call.tx.execute(&sql, &[into.into(), kind.clone(), old.clone(), into.into()])?;
    }
    for ((owner, target), owners) in touched {
        settle(call, Ends { owner, target }, &owners, None)?;
    }
    Ok(())
}

/// Deletes every link from and to an item, and clears the columns that named it.
pub fn delete_all(call: &mut Call<'_, '_>, entity: &Entity, item: i64) -> Result<()> {
    let tx = &mut *call.tx;
    let mut owners: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    let sql = "SELECT owner_type_id, owner_id FROM crm_binding WHERE target_type_id = ? AND target_id = ?";
    tx.query(sql, &[entity.type_id.into(), item.into()], |row| {
        owners.entry(row.int(0)?).or_default().push(row.int(1)?);
        Ok(())
    })?;
    let sql = "DELETE FROM crm_binding WHERE (target_type_id = ? AND target_id = ?) OR (owner_type_id = ? AND owner_id = ?)";
    let (kind, item): (Param<'_>, Param<'_>) = (entity.type_id.into(), item.into());
    tx.execute(sql, &[kind.clone(), item.clone(), kind, item])?;
    for (owner_type, owners) in owners {
        settle(call, Ends { owner: owner_type, target: entity.type_id }, &owners, None)?;
    }
    Ok(())
}

/// Adds the selected lists of linked items (`contactIds`, `CONTACT_IDS`, ..) to rows that were read.
pub fn attach(
    tx: &mut Tx<'_>,
    entity: &Entity,
    naming: Naming,
    fields: &[&Field],
    ids: &[i64],
    rows: &mut [Map],
) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    for field in fields {
        let (Place::Binding(target), Some(name)) = (field.place, naming.name(field)) else { continue };
        let links = load_many(tx, Ends { owner: entity.type_id, target }, ids)?;
        for (id, row) in ids.iter().zip(rows.iter_mut()) {
            let mine =
                links.iter().filter(|(owner, _)| owner == id).map(|(_, target)| match naming.is_legacy() {
                    true => Value::from(target.to_string()),
                    false => Value::Int(*target),
                });
            row.push(name, mine.collect::<Vec<_>>());
        }
    }
    Ok(())
}

/// Owner and target of every link of these owners, by place.
fn load_many(tx: &mut Tx<'_>, ends: Ends, owners: &[i64]) -> Result<Vec<(i64, i64)>> {
    let (stored, mine, other) = ends.columns();
    let placeholders = store::placeholders(owners.len());
    let sql = format!(
        "SELECT {mine}, {other} FROM crm_binding \
         WHERE owner_type_id = ? AND target_type_id = ? AND {mine} IN ({placeholders}) ORDER BY sort, {other}"
    );
    let mut params = vec![Param::from(stored.owner), Param::from(stored.target)];
    params.extend(owners.iter().map(|id| Param::from(*id)));
    Ok(tx.all(&sql, &params, |row| Ok((row.int(0)?, row.int(1)?)))?)
}
