//! What answers show of objects.

use engine::call::Call;
use engine::error::Result;
use engine::files;
use engine::noun::{self, Row};
use wire::{Map, Value};

use super::place::places;
use super::{FILES, FOLDER, FOLDERS, OBJECT};

/// An object as its methods show it.
///
/// # Errors
/// Those of the store.
pub fn shown(call: &mut Call<'_, '_>, row: &Row) -> Result<Map> {
    let face = if row.text("type") == FOLDER { &FOLDERS } else { &FILES };
    noun::show(call, &OBJECT, face, row)
}

/// An object that was just made: the real system shows what it has in memory then, where numbers are still numbers.
pub fn fresh(mut map: Map) -> Map {
    for name in ["ID", "REAL_OBJECT_ID", "DELETED_TYPE", "GLOBAL_CONTENT_VERSION", "FILE_ID"] {
        number(&mut map, name);
    }
    map.insert("DELETED_BY", Value::Null);
    map
}

/// Shows a number as one.
pub fn number(map: &mut Map, name: &str) {
    if let Some(number) = map.get(name).and_then(Value::as_int) {
        map.insert(name, number);
    }
}

/// Completes what a face shows.
pub fn complete(call: &mut Call<'_, '_>, rows: &[Row], maps: &mut [Map]) -> Result<()> {
    let places = places(call, rows)?;
    for (row, map) in rows.iter().zip(maps) {
        let is_folder = row.text("type") == FOLDER;
        if row.int("deleteTime").is_none() {
            map.insert("DELETE_TIME", Value::Null);
        }
        if row.int("deletedBy").is_none() {
            map.insert("DELETED_BY", "0");
        }
        map.insert("REAL_OBJECT_ID", row.number.to_string());
        if is_folder {
            ["GLOBAL_CONTENT_VERSION", "FILE_ID", "SIZE", "DOWNLOAD_URL"]
                .iter()
                .for_each(|name| _ = map.remove(name));
        } else {
            map.remove("REAL_OBJECT_ID");
            // A copy of another portal may lack the content.
            let link = row.int("fileId").map(|file| files::link(call.core, file, call.now));
            map.insert("DOWNLOAD_URL", link);
        }
        let place = row.int("parentId").and_then(|parent| places.get(&parent));
        let place = place.map_or_else(String::new, |place| place.url(row, is_folder));
        map.insert("DETAIL_URL", format!("{}{place}", call.settings.base_url));
    }
    Ok(())
}
