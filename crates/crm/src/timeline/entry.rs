//! Entries of timelines and the items in whose timelines they stand.

use std::sync::LazyLock;

use engine::access::Act;
use engine::call::Call;
use engine::entity::owner::Standing;
use engine::entity::{Entity, Field, Kind, Place, file, table};
use engine::error::Result;
use store::{Param, Tx};
use wire::Value;

use super::kept;
use crate::owner::Owner;

/// The table of entries, as methods of comments see it.
pub fn table() -> &'static Entity {
    static TABLE: LazyLock<Entity> = LazyLock::new(|| {
        let fields = vec![
            Field::new("ID", Kind::Integer, "ID").read_only(),
            Field::new("CREATED", Kind::DateTime, "Created on").read_only(),
            Field::new("ENTITY_ID", Kind::Integer, "Item ID").required().immutable().at(Place::Nowhere),
            Field::new("ENTITY_TYPE", Kind::String, "Item type").required().immutable().at(Place::Nowhere),
            Field::new("AUTHOR_ID", Kind::Integer, "Author").immutable(),
            Field::new("COMMENT", Kind::String, "Comment"),
            files().clone(),
        ];
        table::described("crm_timeline", "Timeline entry", fields)
    });
    &TABLE
}

/// The field with the files of an entry.
pub fn files() -> &'static Field {
    static FILES: LazyLock<Field> = LazyLock::new(|| Field::new("FILES", Kind::File, "Files").multiple());
    &FILES
}

/// An entry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number.
    pub id: i64,
    /// When it was written, Unix seconds.
    pub created: i64,
    /// Who wrote it.
    pub author_id: i64,
    /// What was written.
    pub comment: String,
    /// The numbers of its files.
    pub files: Vec<i64>,
}

/// The entry of that kind with this number.
pub fn load(tx: &mut Tx<'_>, kind: &str, id: i64) -> Result<Option<Entry>> {
    Ok(load_all(tx, kind, &[id])?.pop())
}

/// The entries of that kind with these numbers, in this order.
pub fn load_all(tx: &mut Tx<'_>, kind: &str, ids: &[i64]) -> Result<Vec<Entry>> {
    let mut entries = Vec::with_capacity(ids.len());
    if ids.is_empty() {
        return Ok(entries);
    }
    let sql = format!(
        "SELECT id, created, author_id, comment, files FROM crm_timeline WHERE kind = ? AND id IN ({})",
        store::placeholders(ids.len())
    );
    let params: Vec<Param<'_>> =
        [kind.into()].into_iter().chain(ids.iter().map(|id| Param::from(*id))).collect();
    tx.query(&sql, &params, |row| {
        let files = row.opt_text(4)?.map(|list| serde_json::from_str(list).unwrap_or_default());
        entries.push(Entry {
            id: row.int(0)?,
            created: row.int(1)?,
            author_id: row.int(2)?,
            comment: row.opt_text(3)?.unwrap_or_default().to_owned(),
            files: files.unwrap_or_default(),
        });
        Ok(())
    })?;
    entries.sort_by_key(|entry| ids.iter().position(|id| *id == entry.id));
    Ok(entries)
}

/// The items in whose timelines an entry stands, the one that it was written for first.
pub fn bindings(call: &mut Call<'_, '_>, entry: i64) -> Result<Vec<Owner>> {
    let sql = "SELECT entity_type_id, entity_id FROM crm_timeline_binding WHERE entry_id = ? \
               ORDER BY entity_type_id, entity_id";
    let found = call.tx.all(sql, &[entry.into()], |row| Ok((row.int(0)?, row.int(1)?)))?;
    Ok(found.into_iter().filter_map(|(type_id, id)| Owner::numbered(call, type_id, id)).collect())
}

/// Those of an entry's items that the caller may do this to.
pub fn reachable(call: &mut Call<'_, '_>, entry: i64, act: Act) -> Result<Vec<Owner>> {
    let mut reachable = Vec::new();
    for owner in bindings(call, entry)? {
        if owner.standing(call, act)? == Standing::Allowed {
            reachable.push(owner);
        }
    }
    Ok(reachable)
}

/// Puts an entry into the timeline of an item; nothing happens when it stands there already.
pub fn bind(tx: &mut Tx<'_>, entry: i64, owner: &Owner) -> Result<()> {
    put(tx, entry, (owner.entity.type_id, owner.id))
}

/// The same by the type and the number of the item.
pub fn put(tx: &mut Tx<'_>, entry: i64, (type_id, id): (i64, i64)) -> Result<()> {
    let sql = "INSERT INTO crm_timeline_binding (entry_id, entity_type_id, entity_id) VALUES (?, ?, ?) \
               ON CONFLICT (entry_id, entity_type_id, entity_id) DO NOTHING";
    tx.execute(sql, &[entry.into(), type_id.into(), id.into()])?;
    Ok(())
}

/// Takes an entry out of the timeline of an item; false when it does not stand there.
pub fn unbind(tx: &mut Tx<'_>, entry: i64, owner: &Owner) -> Result<bool> {
    let sql = "DELETE FROM crm_timeline_binding WHERE entry_id = ? AND entity_type_id = ? AND entity_id = ?";
    let params = [entry.into(), owner.entity.type_id.into(), owner.id.into()];
    kept::forget_note(tx, kept::ENTRY, entry, owner)?;
    kept::unpin(tx, entry, owner)?;
    Ok(tx.execute(sql, &params)? > 0)
}

/// Whether it stands in the timeline of an item.
pub fn is_bound(tx: &mut Tx<'_>, entry: i64, owner: &Owner) -> Result<bool> {
    let sql =
        "SELECT 1 FROM crm_timeline_binding WHERE entry_id = ? AND entity_type_id = ? AND entity_id = ?";
    let found =
        tx.one(sql, &[entry.into(), owner.entity.type_id.into(), owner.id.into()], |row| row.int(0))?;
    Ok(found.is_some())
}

/// Deletes an entry that stands in no timeline any more.
pub fn delete_unbound(tx: &mut Tx<'_>, entry: i64) -> Result<()> {
    let bound = "SELECT 1 FROM crm_timeline_binding WHERE entry_id = ? LIMIT 1";
    if tx.one(bound, &[entry.into()], |row| row.int(0))?.is_none() {
        file::delete_all(tx, table(), entry)?;
        tx.execute("DELETE FROM crm_timeline WHERE id = ?", &[entry.into()])?;
    }
    Ok(())
}

/// The number under `ENTITY_ID` and the word under `ENTITY_TYPE`; an empty word when there is none.
pub fn named_item(fields: &wire::Map) -> (i64, String) {
    let id = fields.get("ENTITY_ID").and_then(Value::as_int).unwrap_or(0);
    let word = fields.get("ENTITY_TYPE").and_then(Value::text).unwrap_or_default();
    (id, word.trim().to_owned())
}
