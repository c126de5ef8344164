//! Storages are made when they are first asked for: by the person, or by a member of the group.

use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::moment::Moment;
use engine::noun;
use engine::texts::{Locale, Topic};
use store::{Param, Tx};
use wire::Map;

use super::{COMPANY, SHARED_FILES, STORAGE};

/// Groups whose storages are made by one call.
const AT_ONCE: usize = 100;

/// Makes the storages of the caller and the caller's groups that are missing.
///
/// # Errors
/// The end of a run that may not write.
pub fn own(call: &mut Call<'_, '_>) -> Result<()> {
    let me = call.caller.user_id;
    let sql = "SELECT id FROM disk_storage WHERE entity_type = 'user' AND owner_id = ?";
    if call.tx.one(sql, &[me.into()], |row| row.int(0))?.is_none() {
        call.write_from_here()?;
        let name = directory::name_of(call.tx, me)?.unwrap_or_default();
        make(call, "user", me, &name)?;
    }
    for (group, name) in groups(call)? {
        call.write_from_here()?;
        make(call, "group", group, &name)?;
    }
    Ok(())
}

/// The caller's groups that have no storage yet, with their names.
fn groups(call: &mut Call<'_, '_>) -> Result<Vec<(i64, String)>> {
    let modules = &call.core.modules;
    let Some((group, member)) = modules.noun("groups.group").zip(modules.noun("groups.member")) else {
        return Ok(Vec::new());
    };
    let columns = (group.column("name"), member.column("groupId"), member.column("userId"));
    let (Some(name), Some(of), Some(user)) = columns else { return Ok(Vec::new()) };
    let sql = format!(
        "SELECT g.id, g.{name} FROM {} g JOIN {} m ON m.{of} = g.id WHERE m.{user} = ? AND m.role IN ('A', 'E', 'K') AND NOT EXISTS \
         (SELECT 1 FROM disk_storage s WHERE s.entity_type = 'group' AND s.owner_id = g.id) ORDER BY g.id LIMIT {AT_ONCE}",
        group.noun.table, member.noun.table
    );
    Ok(call.tx.all(&sql, &[call.caller.user_id.into()], |row| Ok((row.int(0)?, row.text(1)?.to_owned())))?)
}

fn make(call: &mut Call<'_, '_>, kind: &str, owner: i64, name: &str) -> Result<()> {
    let mut storage = Map::new();
    storage.push("NAME", name);
    storage.push("ENTITY_TYPE", kind);
    storage.push("ENTITY_ID", owner.to_string());
    noun::put(call, &STORAGE, &storage)?;
    Ok(())
}

/// The company's storage, which every portal has from the start.
///
/// # Errors
/// Those of the store.
pub fn company(tx: &mut Tx<'_>, locale: Locale, now: Moment) -> Result<()> {
    let name = locale.text(Topic::Names, COMPANY);
    let owner = "INSERT INTO disk_owner (entity_type, owner_id) VALUES ('common', 0)";
    tx.execute(owner, &[])?;
    let storage = "INSERT INTO disk_storage (name, module_id, entity_type, entity_id, owner_id) VALUES (?, 'disk', 'common', ?, 0)";
    let storage = tx.insert(storage, &[name.into(), SHARED_FILES.into()])?;
    let root = "INSERT INTO disk_object (name, name_key, storage_id, type, deleted_type, changes, create_time, update_time, created_by, updated_by) \
                VALUES (?, ?, ?, 'folder', 0, 0, ?, ?, 0, 0)";
    let seconds = Param::from(now.seconds());
    let params = [name.into(), name.to_lowercase().into(), storage.into(), seconds.clone(), seconds];
    let root = tx.insert(root, &params)?;
    tx.execute("INSERT INTO disk_path (folder_id, ancestor_id) VALUES (?, ?)", &[root.into(), root.into()])?;
    tx.execute("UPDATE disk_storage SET root_object_id = ? WHERE id = ?", &[root.into(), storage.into()])?;
    Ok(())
}
