//! `im.disk.file.save`: copies a file of a chat into the caller's own folder for such files.

use serde_json::json;
use wire::{Fault, Map, Value};

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::files;
use engine::method::{Kind, Method, required, write};
use engine::noun::{self, Row};
use engine::texts::Topic;
use store::Param;

use super::{folder, objects};
use crate::SCOPE;

/// The name of the folder.
pub const FOLDER: &str = "Saved files";

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("im.disk.file.save", SCOPE, save)
            .own_words()
            .about("Copies a file of a chat into the caller's folder for saved files.")
            .param(required("FILE_ID", Kind::Id, "File"))
            .example(json!({"FILE_ID": 4}), json!({"folder": {"id": "*"}, "file": {"name": "chairs.txt"}})),
    ]
}

fn lost() -> Fault {
    Fault::new(400, "FILE_SAVE_ERROR", "File ID can't be saved")
}

fn save(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.param("FILE_ID").and_then(Value::as_int).filter(|id| *id > 0);
    let id = id.ok_or_else(|| Fault::new(400, "FILE_ID_EMPTY", "File ID can't be empty"))?;
    let row = super::files(call, &[id])?.pop().ok_or_else(lost)?;
    let content = row.int("fileId").ok_or_else(lost)?;
    let into = own_folder(call)?;
    let copy = files::copy(call, content)?.ok_or_else(lost)?;
    let file = folder::put(call, into.number, row.text("name"), copy)?;
    let named = |row: &Row| {
        let mut map = Map::new();
        map.push("id", row.number);
        map.push("name", row.text("name"));
        map
    };
    let mut answer = Map::new();
    answer.push("folder", named(&into));
    answer.push("file", named(&file));
    Ok(answer.into())
}

/// The caller's folder for saved files, in the caller's own storage.
fn own_folder(call: &mut Call<'_, '_>) -> Result<Row> {
    // Makes the storage when the caller has none yet.
    call.ask("disk.storage.getlist", json!({}))?;
    let me = call.caller.user_id;
    let storages = call.core.modules.noun_named("disk.storage");
    let scope = storages.grant(call, Act::Read)?;
    let own = vec![Param::from(me.to_string())];
    let condition = "t.entity_type = 'user' AND t.entity_id = ?";
    let storage = noun::select(call, storages, &scope, condition, own, " ORDER BY t.id LIMIT 1")?.pop();
    let root = storage.and_then(|storage| storage.int("rootObjectId")).ok_or_else(lost)?;
    let name = call.language.text(Topic::Names, FOLDER).to_owned();
    let objects = objects(call);
    let scope = objects.grant(call, Act::Read)?;
    let condition = "t.parent_id = ? AND t.type = 'folder' AND t.deleted_type = 0 AND t.name = ?";
    let values = vec![root.into(), name.clone().into()];
    if let Some(there) = noun::select(call, objects, &scope, condition, values, "")?.pop() {
        return Ok(there);
    }
    let mut folder = Map::new();
    folder.push("NAME", name);
    folder.push("TYPE", "folder");
    folder.push("PARENT_ID", root);
    noun::put(call, objects, &folder)
}
