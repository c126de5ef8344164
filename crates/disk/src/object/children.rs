//! `getChildren`: the folder whose contents are listed.

use engine::call::Call;
use engine::error::Result;
use engine::noun::Face;
use wire::Value;

use super::face::{PARENT, STORAGE, STORAGE_CHILDREN, is_trash};
use crate::refusal::{missing, unfit};
use crate::storage;

/// Finds the folder or the storage that a list is about. Who may not see it sees what was shared of it, and else nothing.
///
/// # Errors
/// `ERROR_NOT_FOUND` when there is none.
pub fn admit(call: &mut Call<'_, '_>, face: &Face) -> Result<()> {
    if is_trash(face) {
        storage::root(call)?;
        let storage = call.param("id").and_then(Value::as_int).unwrap_or(0);
        forget_id(call);
        call.params.insert(STORAGE, storage);
        return Ok(());
    }
    let folder = if face.path == STORAGE_CHILDREN.path { storage::root(call)? } else { folder(call)? };
    forget_id(call);
    call.params.insert(PARENT, folder);
    Ok(())
}

/// Takes the parameter `id` away: beside the other parameters stand tests of fields, and this is none.
pub fn forget_id(call: &mut Call<'_, '_>) {
    let names: Vec<String> = call.params.iter().map(|(name, _)| name.to_owned()).collect();
    for name in names.iter().filter(|name| name.eq_ignore_ascii_case("id")) {
        call.params.remove(name);
    }
}

fn folder(call: &mut Call<'_, '_>) -> Result<i64> {
    let id = call.param("id").filter(|id| !id.is_empty()).map(Value::as_int).ok_or_else(|| unfit(0))?;
    let id = id.unwrap_or(0);
    let sql = "SELECT id FROM disk_object WHERE id = ? AND type = 'folder' AND deleted_type = 0";
    Ok(call.tx.one(sql, &[id.into()], |row| row.int(0))?.ok_or_else(|| missing(id))?)
}
