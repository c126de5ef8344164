//! Drives of another portal with their folders and files. What lies in a folder can be asked for by the folder alone, so
//! folders are read level by level. Of a file the content comes that it has now.

use std::collections::BTreeSet;

use engine::copy::{Copying, Holder, Put, Step, Target};
use engine::error::Result;
use engine::noun::Face;
use wire::{Map, Value};

use crate::object::{DEPTH, FOLDER, OBJECT, names, put_below, total};
use crate::storage::STORAGE;
use crate::version::VERSION;
use engine::entity::page::PAGE;

/// The lists.
pub fn steps() -> Vec<Step> {
    const FOLDERS: &[Put] = &[Put::param("id")];
    let level = |depth: i64| {
        let sql = format!(
            "SELECT o.id, o.id FROM disk_object o WHERE o.type = '{FOLDER}' AND \
             (SELECT COUNT(*) FROM disk_path p WHERE p.folder_id = o.id) = {depth} AND o.id > ? ORDER BY o.id LIMIT ?"
        );
        Step::new("disk.folder.getchildren", Target::With(children)).of(depth).each(sql, FOLDERS)
    };
    let storages =
        Step::new("disk.storage.getlist", Target::With(storages)).replacing(&[OBJECT.table, STORAGE.table]);
    [storages].into_iter().chain((1..DEPTH).map(level)).collect()
}

/// Drives, each with the folder that it begins with.
fn storages(copying: &mut Copying<'_, '_>, mut rows: Vec<Map>) -> Result<()> {
    let face: &Face = &STORAGE.faces[0];
    // Of what was there from the start.
    copying.tx.execute("DELETE FROM disk_path WHERE folder_id NOT IN (SELECT id FROM disk_object)", &[])?;
    let sql = "DELETE FROM disk_owner WHERE NOT EXISTS (SELECT 1 FROM disk_storage s \
               WHERE s.entity_type = disk_owner.entity_type AND s.owner_id = disk_owner.owner_id)";
    copying.tx.execute(sql, &[])?;
    let mut roots = Vec::with_capacity(rows.len());
    for row in &mut rows {
        let owner = row.value("ENTITY_ID").as_int().unwrap_or(0);
        let sql = "INSERT INTO disk_owner (entity_type, owner_id) VALUES (?, ?) ON CONFLICT DO NOTHING";
        let kind = row.value("ENTITY_TYPE").text().unwrap_or_default().into_owned();
        copying.tx.execute(sql, &[kind.into(), owner.into()])?;
        roots.push(Map::from([
            ("ID", row.value("ROOT_OBJECT_ID")),
            ("NAME", row.value("NAME")),
            ("STORAGE_ID", row.value("ID")),
            ("TYPE", FOLDER.into()),
        ]));
        row.insert("@ownerId", owner);
    }
    copying.noun(&STORAGE, face, rows, &[])?;
    copying.tx.number_behind(STORAGE.table)?;
    folders(copying, roots)
}

fn children(copying: &mut Copying<'_, '_>, rows: Vec<Map>) -> Result<()> {
    let is_folder = |row: &Map| row.get("TYPE").and_then(Value::as_str) == Some(FOLDER);
    let (below, files): (Vec<Map>, Vec<Map>) = rows.into_iter().partition(is_folder);
    let number = |row: &Map, name: &str| row.get(name).and_then(Value::as_int);
    let parents: BTreeSet<i64> =
        below.iter().chain(&files).filter_map(|row| number(row, "PARENT_ID")).collect();
    let is_last = i64::try_from(below.len() + files.len()).is_ok_and(|rows| rows < PAGE);
    folders(copying, below)?;
    contents(copying, files)?;
    for parent in parents {
        // Nobody knows before the last page has come.
        let sql = "UPDATE disk_object SET items = NULL WHERE id = ?";
        copying.tx.execute(sql, &[parent.into()])?;
        if is_last {
            total::count(copying.tx, "id = ?", &[parent.into()])?;
        }
    }
    Ok(())
}

/// Files, each with its content as its one version.
fn contents(copying: &mut Copying<'_, '_>, rows: Vec<Map>) -> Result<()> {
    for row in rows {
        let Some(id) = row.value("ID").as_int() else { continue };
        let mut file = plain(&row);
        file.insert("SIZE", row.value("SIZE"));
        file.insert("GLOBAL_CONTENT_VERSION", row.value("GLOBAL_CONTENT_VERSION"));
        copying.noun(&OBJECT, &OBJECT.faces[0], vec![file], &[])?;
        let content = Value::from(Map::from([
            ("id", row.value("FILE_ID")),
            ("name", row.value("NAME")),
            ("date", row.value("UPDATE_TIME")),
            ("downloadUrl", row.value("DOWNLOAD_URL")),
        ]));
        copying.files(Holder { table: OBJECT.table, column: "file_id", many: false }, id, &row, &content)?;
        let sql = format!("SELECT id FROM {} WHERE object_id = ?", VERSION.table);
        let there = copying.tx.one(&sql, &[id.into()], |row| row.int(0))?;
        let mut version = Map::from([
            ("@objectId", Value::Int(id)),
            ("@fileId", row.value("FILE_ID")),
            ("@size", row.value("SIZE")),
            ("@name", row.value("NAME")),
            ("@globalContentVersion", row.value("GLOBAL_CONTENT_VERSION")),
            ("@createTime", row.value("UPDATE_TIME")),
            ("@createdBy", row.value("UPDATED_BY")),
        ]);
        if let Some(there) = there {
            version.insert("@id", there);
        }
        copying.noun(&VERSION, &VERSION.faces[0], vec![version], &[])?;
    }
    Ok(copying.tx.number_behind(OBJECT.table)?)
}

/// What folders and files have alike.
fn plain(row: &Map) -> Map {
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
    let taken = row.iter().filter(|(name, _)| TAKEN.contains(name));
    let mut own: Map = taken.map(|(name, value)| (name.into(), value.clone())).collect();
    let name = row.get("NAME").and_then(Value::text).unwrap_or_default().into_owned();
    own.insert("@nameKey", names::key(&name));
    if row.get("PARENT_ID").and_then(Value::as_int) == Some(0) {
        own.remove("PARENT_ID");
    }
    own
}

fn folders(copying: &mut Copying<'_, '_>, mut rows: Vec<Map>) -> Result<()> {
    for row in &mut rows {
        let number = |name: &str| row.get(name).and_then(Value::as_int).unwrap_or(0);
        let (id, parent) = (number("ID"), number("PARENT_ID"));
        copying.tx.execute("DELETE FROM disk_path WHERE folder_id = ?", &[id.into()])?;
        put_below(copying.tx, id, Some(parent).filter(|parent| *parent > 0))?;
        *row = plain(row);
    }
    copying.noun(&OBJECT, &OBJECT.faces[0], rows, &[])?;
    Ok(copying.tx.number_behind(OBJECT.table)?)
}
