//! The storage of a workgroup goes with it. Nobody reaches what lies there from then on; the contents follow by the timetable, as
//! what lay too long in the trash does.

use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Row, Saved};
use store::Param;
use wire::Map;

use super::STORAGE;
use crate::object::{EXPIRY, discard};

/// The storage of a workgroup and its root folder.
fn of(call: &mut Call<'_, '_>, group: i64) -> Result<Option<(i64, i64)>> {
    let sql = "SELECT id, root_object_id FROM disk_storage WHERE entity_type = 'group' AND owner_id = ?";
    Ok(call.tx.one(sql, &[group.into()], |row| Ok((row.int(0)?, row.opt_int(1)?.unwrap_or(0))))?)
}

/// Takes the storage of a workgroup away that was deleted.
///
/// # Errors
/// Those of the store.
pub fn group_deleted(call: &mut Call<'_, '_>, group: &Row) -> Result<()> {
    let Some((storage, root)) = of(call, group.number)? else { return Ok(()) };
    discard(call, root)?;
    noun::clear(call, &STORAGE, &[("id", Param::from(storage))])?;
    let owner = "DELETE FROM disk_owner WHERE entity_type = 'group' AND owner_id = ?";
    call.tx.execute(owner, &[group.number.into()])?;
    call.schedule(&EXPIRY, "", call.now, "")
}

/// The storage of a workgroup is called as that is.
///
/// # Errors
/// Those of the store.
pub fn group_saved(call: &mut Call<'_, '_>, saved: &Saved<'_>) -> Result<()> {
    let name = saved.row.text("name");
    if saved.old.is_none_or(|old| old.text("name") == name) {
        return Ok(());
    }
    let Some((storage, _)) = of(call, saved.row.number)? else { return Ok(()) };
    let mut given = Map::with_capacity(1);
    given.push("NAME", name);
    noun::amend(call, &STORAGE, &super::FACE, storage, &given).map(drop)
}
