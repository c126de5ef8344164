//! The trash: what is deleted stays a while and can be restored; and deleting for good.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use store::Param;
use wire::Value;

use super::change::require_inner;
use super::show::number;
use super::tree::{BELOW, hold, relocate};
use super::{ANY, FOLDER, OBJECT, Which, again, names, shown, total};
use crate::SCOPE;
use crate::refusal::{missing, unfit};

/// The mark of what was deleted, and of what lies below.
const DELETED: i64 = 3;
const WITHIN_DELETED: i64 = 4;

/// Objects that are removed at once.
const AT_ONCE: usize = 200;

/// The methods.
pub fn methods() -> Vec<Method> {
    Which::BOTH.into_iter().flat_map(of).collect()
}

fn of(which: Which) -> Vec<Method> {
    let (path, title, [example, _, deleted]) = (which.path(), which.title(), which.examples());
    let id = || required("id", Kind::Id, which.named());
    let for_good = match which {
        Which::File => write("disk.file.delete", SCOPE, delete).about("Deletes a file for good."),
        Which::Folder => write("disk.folder.deleteTree", SCOPE, delete_tree)
            .about("Deletes a folder for good, with everything in it.")
            .lengthy(),
    };
    vec![
        write(format!("{path}.markDeleted"), SCOPE, move |call| mark(call, which))
            .own_words()
            .about(format!("Moves a {title} to the trash and returns it."))
            .param(id())
            .example(json!({"id": example}), json!({"ID": example.to_string()})),
        write(format!("{path}.restore"), SCOPE, move |call| restore(call, which))
            .own_words()
            .about(format!("Restores a {title} from the trash and returns it."))
            .param(id())
            .example(json!({"id": deleted}), json!({"ID": deleted.to_string()})),
        for_good.own_words().param(id()).example(json!({"id": example}), json!(true)),
    ]
}

fn mark(call: &mut Call<'_, '_>, which: Which) -> Result<Value> {
    let act = if which == Which::Folder { Act::Delete } else { Act::Update };
    let row = super::named(call, which.face(), act)?;
    require_inner(&row, "Could not delete root folder")?;
    let below = format!(
        "UPDATE disk_object SET deleted_type = {WITHIN_DELETED} WHERE deleted_type = 0 AND parent_id IN ({BELOW})"
    );
    if which == Which::Folder {
        hold(call, row.number)?;
        call.tx.execute(&below, &[row.number.into()])?;
        total::count_below(call.tx, row.number)?;
    }
    total::change(call.tx, row.int("parentId"), -1)?;
    let sql = "UPDATE disk_object SET deleted_type = ?, delete_time = ?, deleted_by = ? WHERE id = ?";
    let params = [DELETED.into(), call.now.seconds().into(), call.caller.user_id.into(), row.number.into()];
    call.tx.execute(sql, &params)?;
    answer(call, which, row.number)
}

/// A folder of which the mark has just changed shows it as a number.
fn answer(call: &mut Call<'_, '_>, which: Which, id: i64) -> Result<Value> {
    let row = again(call, id)?;
    let mut map = shown(call, &row)?;
    if which == Which::Folder {
        number(&mut map, "DELETED_TYPE");
    }
    Ok(map.into_value())
}

/// The object of that type that a call names, in the trash as well.
fn anywhere(call: &mut Call<'_, '_>, which: Which, act: Act) -> Result<Row> {
    let id = call.param("id").filter(|id| !id.is_empty()).cloned().ok_or_else(|| unfit(0))?;
    let row = noun::find(call, &OBJECT, &ANY, act, &[id])?;
    if row.text("type") == which.title() { Ok(row) } else { Err(missing(row.number).into()) }
}

fn restore(call: &mut Call<'_, '_>, which: Which) -> Result<Value> {
    let act = if which == Which::Folder { Act::Delete } else { Act::Update };
    let row = anywhere(call, which, act)?;
    match row.int("deletedType") {
        Some(DELETED) => {}
        // It went with a folder above, which is to be restored.
        Some(WITHIN_DELETED) => return Err(missing(row.number).into()),
        _ => return answer(call, which, row.number),
    }
    let parent = home(call, &row)?;
    let name = names::free(call, parent, row.text("name"))?;
    let sql = "UPDATE disk_object SET name = ?, name_key = ? WHERE id = ?";
    call.tx.execute(sql, &[name.as_str().into(), names::key(&name).into(), row.number.into()])?;
    let row = again(call, row.number)?;
    relocate(call, &row, parent)?;
    if row.text("type") == FOLDER {
        // What had been deleted by itself before stays in the trash, with what lies below it.
        let sql = format!(
            "UPDATE disk_object SET deleted_type = 0 WHERE deleted_type = {WITHIN_DELETED} AND parent_id IN ({BELOW} AND NOT EXISTS \
             (SELECT 1 FROM disk_path q JOIN disk_object d ON d.id = q.ancestor_id \
             WHERE q.folder_id = p.folder_id AND d.deleted_type = {DELETED} AND d.id <> ?))"
        );
        call.tx.execute(&sql, &[row.number.into(), row.number.into()])?;
        total::count_below(call.tx, row.number)?;
    }
    call.tx.execute("UPDATE disk_object SET deleted_type = 0 WHERE id = ?", &[row.number.into()])?;
    answer(call, which, row.number)
}

/// The folder to which something is restored: the one in which it lay, or the root folder when that is in the trash itself.
fn home(call: &mut Call<'_, '_>, row: &Row) -> Result<i64> {
    let sql = "SELECT id FROM disk_object WHERE id = ? AND deleted_type = 0";
    let parent = row.int("parentId").unwrap_or(0);
    if let Some(parent) = call.tx.one(sql, &[parent.into()], |row| row.int(0))? {
        return Ok(parent);
    }
    let sql = "SELECT root_object_id FROM disk_storage WHERE id = ?";
    let root = call.tx.one(sql, &[row.int("storageId").unwrap_or(0).into()], |row| row.int(0))?;
    Ok(root.ok_or_else(|| missing(parent))?)
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = anywhere(call, Which::File, Act::Delete)?;
    noun::delete(call, &OBJECT, &ANY, &[row.number.into()])?;
    Ok(true.into())
}

fn delete_tree(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = anywhere(call, Which::Folder, Act::Delete)?;
    require_inner(&row, "Could not delete root folder")?;
    hold(call, row.number)?;
    while remove_below(call, row.number)? == AT_ONCE {}
    Ok(true.into())
}

/// Puts a root folder into the trash as what lay there longest, with all below it and without the rights to that.
///
/// # Errors
/// Those of the store.
pub fn discard(call: &mut Call<'_, '_>, root: i64) -> Result<()> {
    let within = format!("SELECT o.id FROM disk_object o WHERE o.parent_id IN ({BELOW})");
    for sql in [
        "DELETE FROM disk_right WHERE object_id = ?".to_owned(),
        format!("DELETE FROM disk_right WHERE object_id IN ({within})"),
        format!("UPDATE disk_object SET deleted_type = {WITHIN_DELETED} WHERE parent_id IN ({BELOW})"),
    ] {
        call.tx.execute(&sql, &[root.into()])?;
    }
    total::count_below(call.tx, root)?;
    let sql = "UPDATE disk_object SET deleted_type = ?, delete_time = 0, deleted_by = ? WHERE id = ?";
    call.tx.execute(sql, &[DELETED.into(), call.caller.user_id.into(), root.into()])?;
    Ok(())
}

/// Removes what lies below a folder, the files first and at last the folder itself; no more than [`AT_ONCE`], and gives how
/// many.
///
/// # Errors
/// Those of the store.
pub fn remove_below(call: &mut Call<'_, '_>, folder: i64) -> Result<usize> {
    let files = format!("SELECT o.id FROM disk_object o WHERE o.type = 'file' AND o.parent_id IN ({BELOW})");
    let folders = "SELECT p.folder_id FROM disk_path p WHERE p.ancestor_id = ? \
                   ORDER BY (SELECT COUNT(*) FROM disk_path q WHERE q.folder_id = p.folder_id) DESC";
    let mut removed = 0;
    for sql in [&files, folders] {
        let left = AT_ONCE - removed;
        let ids = call.tx.all(&format!("{sql} LIMIT {left}"), &[folder.into()], |row| row.int(0))?;
        removed += ids.len();
        for id in ids {
            noun::clear(call, &OBJECT, &[("id", Param::from(id))])?;
        }
    }
    Ok(removed)
}
