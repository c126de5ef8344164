//! Where objects lie, as the address of their page says it.

use std::collections::{BTreeMap, HashMap};

use engine::call::Call;
use engine::error::Result;
use engine::noun::Row;

/// A folder with the names above it.
#[derive(Debug, Default)]
pub struct Place {
    kind: String,
    owner: i64,
    /// The names of the folder and those above it but the root, by how many lie above.
    names: BTreeMap<i64, String>,
}

impl Place {
    /// The address of the page of an object in it, behind the portal's own.
    pub fn url(&self, row: &Row, is_folder: bool) -> String {
        let area = match self.kind.as_str() {
            "user" => format!("/company/personal/user/{}/disk", self.owner),
            "group" => format!("/workgroups/group/{}/disk", self.owner),
            _ => "/docs".to_owned(),
        };
        let mut url = format!("{area}/{}", if is_folder { "path" } else { "file" });
        for name in self.names.values().map(String::as_str).chain([row.text("name")]) {
            url.push('/');
            url.push_str(name);
        }
        url
    }
}

/// The folders in which these objects lie.
///
/// # Errors
/// Those of the store.
pub fn places(call: &mut Call<'_, '_>, rows: &[Row]) -> Result<HashMap<i64, Place>> {
    let mut parents: Vec<i64> = rows.iter().filter_map(|row| row.int("parentId")).collect();
    parents.sort_unstable();
    parents.dedup();
    let mut places: HashMap<i64, Place> = HashMap::with_capacity(parents.len());
    let sql = "SELECT p.folder_id, a.name, (SELECT COUNT(*) FROM disk_path q WHERE q.folder_id = a.id), s.entity_type, s.owner_id \
               FROM disk_path p JOIN disk_object a ON a.id = p.ancestor_id JOIN disk_storage s ON s.id = a.storage_id \
               WHERE p.folder_id IN (#)";
    call.tx.all_among(sql, &[], &parents, |row| {
        let place = places.entry(row.int(0)?).or_default();
        let depth = row.int(2)?;
        if depth > 1 {
            place.names.insert(depth, row.text(1)?.to_owned());
        }
        row.text(3)?.clone_into(&mut place.kind);
        place.owner = row.int(4)?;
        Ok(())
    })?;
    Ok(places)
}
