//! Drives of another portal with their folders. What lies in a folder can be asked for by the folder alone, so folders are
//! read level by level. Files stay where they are.

use engine::copy::{Copying, Put, Step, Target};
use engine::error::Result;
use engine::noun::Face;
use serde_json::json;
use wire::{Map, Value};

use crate::object::{DEPTH, FOLDER, OBJECT, names, put_below};
use crate::storage::STORAGE;

/// The lists.
pub fn steps() -> Vec<Step> {
    const FOLDERS: &[Put] = &[Put::param("id")];
    let level = |depth: i64| {
        let sql = format!(
            "SELECT o.id, o.id FROM disk_object o WHERE o.type = '{FOLDER}' AND \
             (SELECT COUNT(*) FROM disk_path p WHERE p.folder_id = o.id) = {depth} AND o.id > ? ORDER BY o.id LIMIT ?"
        );
        Step::new("disk.folder.getchildren", Target::With(folders))
            .of(depth)
            .with(json!({"filter": {"TYPE": FOLDER}}))
            .each(sql, FOLDERS)
    };
    let storages = Step::new("disk.storage.getlist", Target::With(storages)).replacing(&[
        "disk_path",
        "disk_object",
        "disk_storage",
        "disk_owner",
    ]);
    [storages].into_iter().chain((1..DEPTH).map(level)).collect()
}

/// Drives, each with the folder that it begins with.
fn storages(copying: &mut Copying<'_, '_>, mut rows: Vec<Map>) -> Result<()> {
    let face: &Face = &STORAGE.faces[0];
    let mut roots = Vec::with_capacity(rows.len());
    for row in &mut rows {
        let of = |name: &str| row.get(name).cloned().unwrap_or_default();
        let owner = of("ENTITY_ID").as_int().unwrap_or(0);
        let sql = "INSERT INTO disk_owner (entity_type, owner_id) VALUES (?, ?) ON CONFLICT DO NOTHING";
        let kind = of("ENTITY_TYPE").text().unwrap_or_default().into_owned();
        copying.tx.execute(sql, &[kind.into(), owner.into()])?;
        roots.push(Map::from([
            ("ID", of("ROOT_OBJECT_ID")),
            ("NAME", of("NAME")),
            ("STORAGE_ID", of("ID")),
            ("TYPE", FOLDER.into()),
        ]));
        row.insert("@ownerId", owner);
    }
    copying.noun(&STORAGE, face, rows, &[])?;
    copying.tx.number_behind(STORAGE.table)?;
    folders(copying, roots)
}

fn folders(copying: &mut Copying<'_, '_>, mut rows: Vec<Map>) -> Result<()> {
    const TAKEN: [&str; 10] = [
        "ID",
        "NAME",
        "CODE",
        "STORAGE_ID",
        "TYPE",
        "PARENT_ID",
        "CREATE_TIME",
        "UPDATE_TIME",
        "CREATED_BY",
        "UPDATED_BY",
    ];
    rows.retain(|row| row.get("TYPE").and_then(Value::as_str) == Some(FOLDER));
    for row in &mut rows {
        let number = |name: &str| row.get(name).and_then(Value::as_int).unwrap_or(0);
        let (id, parent) = (number("ID"), number("PARENT_ID"));
        copying.tx.execute("DELETE FROM disk_path WHERE folder_id = ?", &[id.into()])?;
        put_below(copying.tx, id, Some(parent).filter(|parent| *parent > 0))?;
        let name = row.get("NAME").and_then(Value::text).unwrap_or_default().into_owned();
        *row = std::mem::take(row).into_iter().filter(|(name, _)| TAKEN.contains(&name.as_str())).collect();
        row.insert("@nameKey", names::key(&name));
        if parent == 0 {
            row.remove("PARENT_ID");
        }
    }
    copying.noun(&OBJECT, &OBJECT.faces[0], rows, &[])?;
    Ok(copying.tx.number_behind(OBJECT.table)?)
}
