//! The tree of folders: what lies below one, and moving it elsewhere.

use engine::call::Call;
use engine::error::Result;
use engine::noun::Row;
use wire::Fault;

use super::names::holder;
use super::{DEPTH, FOLDER, total};
use crate::refusal::taken;

/// The folders below one and itself, as a query with its number as the one value.
pub const BELOW: &str = "SELECT p.folder_id FROM disk_path p WHERE p.ancestor_id = ?";

/// Has the rows of a folder and of all folders below it, so that nothing is put into them meanwhile.
///
/// # Errors
/// Those of the store.
pub fn hold(call: &mut Call<'_, '_>, folder: i64) -> Result<()> {
    let sql = format!("UPDATE disk_object SET changes = changes + 1 WHERE id IN ({BELOW})");
    call.tx.execute(&sql, &[folder.into()])?;
    Ok(())
}

/// Whether a folder is another one or lies below it.
///
/// # Errors
/// Those of the store.
pub fn lies_below(call: &mut Call<'_, '_>, folder: i64, above: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM disk_path WHERE folder_id = ? AND ancestor_id = ?";
    Ok(call.tx.one(sql, &[folder.into(), above.into()], |row| row.int(0))?.is_some())
}

/// Puts an object into another folder of its storage.
///
/// # Errors
/// When its name is taken there, a folder would lie within itself, or the folders too deep.
pub fn relocate(call: &mut Call<'_, '_>, row: &Row, target: i64) -> Result<()> {
    let is_folder = row.text("type") == FOLDER;
    if is_folder {
        hold(call, row.number)?;
    }
    let sql = "UPDATE disk_object SET changes = changes + 1 WHERE id = ?";
    call.tx.execute(sql, &[target.into()])?;
    if is_folder && lies_below(call, target, row.number)? {
        return Err(Fault::new(400, "DISK_OBJ_22000", "Could not move a folder into itself").into());
    }
    if holder(call, target, row.text("nameKey"))?.is_some_and(|holder| holder != row.number) {
        return Err(taken(is_folder).into());
    }
    if is_folder {
        require_room(call, row.number, target)?;
    }
    let sql = "UPDATE disk_object SET parent_id = ?, update_time = ?, updated_by = ? WHERE id = ?";
    let params = [target.into(), call.now.seconds().into(), call.caller.user_id.into(), row.number.into()];
    call.tx.execute(sql, &params)?;
    // What comes out of the trash was not counted where it lay.
    if row.int("deletedType") == Some(0) {
        total::change(call.tx, row.int("parentId"), -1)?;
    }
    total::change(call.tx, Some(target), 1)?;
    if is_folder { lead_elsewhere(call, row.number, target) } else { Ok(()) }
}

/// Folders may not lie too deep, and those that move bring some along.
fn require_room(call: &mut Call<'_, '_>, folder: i64, target: i64) -> Result<()> {
    let depth = "SELECT COUNT(*) FROM disk_path WHERE folder_id = ?";
    let above = call.tx.one(depth, &[target.into()], |row| row.int(0))?.unwrap_or(0);
    let own = call.tx.one(depth, &[folder.into()], |row| row.int(0))?.unwrap_or(0);
    let deepest = format!(
        "SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM disk_path q WHERE q.folder_id IN ({BELOW}) GROUP BY q.folder_id) deep"
    );
    let deepest = call.tx.one(&deepest, &[folder.into()], |row| row.opt_int(0))?.flatten().unwrap_or(own);
    if above + deepest - own + 1 > DEPTH {
        return Err(Fault::new(400, "DISK_OBJ_22000", "The folders lie too deep within each other").into());
    }
    Ok(())
}

/// A folder and all below it leave the folders above and come below others.
fn lead_elsewhere(call: &mut Call<'_, '_>, folder: i64, target: i64) -> Result<()> {
    let below = call.tx.all(BELOW, &[folder.into()], |row| row.int(0))?;
    let leave = format!(
        "DELETE FROM disk_path WHERE folder_id IN ({BELOW}) AND ancestor_id IN \
         (SELECT a.ancestor_id FROM disk_path a WHERE a.folder_id = ? AND a.ancestor_id <> a.folder_id)"
    );
    call.tx.execute(&leave, &[folder.into(), folder.into()])?;
    let enter = "INSERT INTO disk_path (folder_id, ancestor_id) SELECT o.id, a.ancestor_id FROM disk_object o \
                 CROSS JOIN disk_path a WHERE a.folder_id = ? AND o.id IN (#)";
    call.tx.execute_among(enter, &[target.into()], &below)?;
    Ok(())
}
