//! `disk.file.search`: by a part of the name.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required};
use engine::noun::{self, Row};
use serde_json::json;
use store::{Dialect, Param};
use wire::params::Start;
use wire::{Fault, Value};

use super::names::key;
use super::{ANY, FOLDERS, OBJECT, shown};
use crate::SCOPE;
use crate::rights::{self, Level};

/// Objects on a page.
const PAGE: usize = 50;
/// Where the last page begins.
const LAST: u32 = 1000;

/// The method.
pub fn method() -> Method {
    read("disk.file.search", SCOPE, search)
        .own_words()
        .about("Searches files and folders by their names, the last changed first, 50 per page.")
        .param(required("QUERY", Kind::Text, "3 to 255 letters of the name"))
        .param(optional("TYPE", Kind::Text, "file, folder or all"))
        .param(optional("FILTER", Kind::Fields, "Where to search").with_members(vec![
            optional("STORAGE_ID", Kind::Id, "Storage"),
            optional("FOLDER_ID", Kind::Id, "Folder, with those below it"),
        ]))
        .param(optional("start", Kind::Int, "Offset of the first row"))
        .example(json!({"QUERY": "chairs"}), json!([{"NAME": "chairs.txt"}]))
}

fn search(call: &mut Call<'_, '_>) -> Result<Value> {
    let query = call.text("QUERY").unwrap_or_default();
    if !(3..=255).contains(&query.trim().chars().count()) {
        return Err(refused("INVALID_QUERY", "Search query is invalid. (INVALID_QUERY)."));
    }
    let mut condition =
        "t.deleted_type = 0 AND t.parent_id IS NOT NULL AND t.name_key LIKE ? ESCAPE '\\'".to_owned();
    let mut params = vec![Param::from(format!("%{}%", Dialect::escape(&key(query.trim()))))];
    match call.text("TYPE").as_deref() {
        None | Some("file") => condition.push_str(" AND t.type = 'file'"),
        Some("folder") => condition.push_str(" AND t.type = 'folder'"),
        Some("all") => {}
        Some(_) => return Err(refused("INVALID_TYPE", "Search result type is invalid. (INVALID_TYPE).")),
    }
    within(call, &mut condition, &mut params)?;
    let start = match call.start {
        Start::At(row) => row.min(LAST),
        Start::Uncounted => 0,
    };
    let rest = format!(" ORDER BY t.update_time DESC, t.id DESC LIMIT {} OFFSET {start}", PAGE + 1);
    let scope = OBJECT.grant(call, Act::Read)?;
    let mut rows: Vec<Row> = noun::select(call, &OBJECT, &scope, &condition, params, &rest)?;
    let next = i64::from(start) + i64::try_from(PAGE).unwrap_or(0);
    call.next = (rows.len() > PAGE && next <= i64::from(LAST)).then_some(next);
    rows.truncate(PAGE);
    let shown = rows.iter().map(|row| Ok(shown(call, row)?.into_value())).collect::<Result<Vec<_>>>()?;
    Ok(shown.into())
}

/// Adds where to search.
fn within(call: &mut Call<'_, '_>, condition: &mut String, params: &mut Vec<Param<'static>>) -> Result<()> {
    let filter = call.fields("FILTER");
    let nowhere = || Fault::new(400, "NOT_FOUND", "Search scope was not found. (NOT_FOUND).");
    let mut storage = None;
    for (name, value) in filter.iter() {
        let id = value.as_int().unwrap_or(0);
        match name {
            "STORAGE_ID" => {
                if !rights::has_storage(call, id, Level::Read)? {
                    return Err(nowhere().into());
                }
                storage = Some(id);
                condition.push_str(" AND t.storage_id = ?");
            }
            "FOLDER_ID" => {
                noun::find(call, &OBJECT, &FOLDERS, Act::Read, &[id.into()])
                    .map_err(|error| error.reworded(|_| nowhere()))?;
                condition.push_str(
                    " AND t.parent_id IN (SELECT p.folder_id FROM disk_path p WHERE p.ancestor_id = ?)",
                );
            }
            _ => {
                return Err(refused(
                    "INVALID_FILTER",
                    "Search filter contains an unknown field. (INVALID_FILTER).",
                ));
            }
        }
        params.push(id.into());
    }
    if let (Some(storage), Some(folder)) = (storage, filter.get("FOLDER_ID").and_then(Value::as_int)) {
        let folder = noun::find(call, &OBJECT, &ANY, Act::Read, &[folder.into()])?;
        if folder.int("storageId") != Some(storage) {
            return Err(nowhere().into());
        }
    }
    Ok(())
}

fn refused(code: &'static str, text: &'static str) -> engine::Error {
    Fault::new(400, code, text).into()
}
