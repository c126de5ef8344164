//! `im.disk.file.commit` and `im.disk.file.delete`.

use serde_json::{Map as Json, json};
use wire::{Fault, Map, Value};

use engine::call::Call;
use engine::error::Result;
use engine::files;
use engine::method::{Kind, Method, optional, required, write};
use engine::noun::{self, Row};

use super::folder::{self, named};
use super::{objects, show};
use crate::message::{send, text};
use crate::{SCOPE, no_chat, person};

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("im.disk.file.commit", SCOPE, commit)
            .own_words()
            .about("Sends files of the drive, or of the chat's folder, to a chat.")
            .param(required("CHAT_ID", Kind::Id, "Chat"))
            .param(crate::dialog::optional_dialog())
            .param(required("FILE_ID", Kind::List, "IDs of files on the drive"))
            .param(optional("DISK_ID", Kind::List, "IDs of files on the drive"))
            .param(optional(
                "UPLOAD_ID",
                Kind::List,
                "IDs of files that were uploaded into the chat's folder",
            ))
            .param(optional("MESSAGE", Kind::Text, "Text"))
            .param(optional("SILENT_MODE", Kind::Flag, "Whether nobody outside is told; there is nobody"))
            .param(optional("AS_FILE", Kind::Flag, "Whether pictures are shown as files"))
            .example(
                json!({"CHAT_ID": 3, "FILE_ID": [4], "MESSAGE": "The offer"}),
                json!({"DISK_ID": "*", "MESSAGE_ID": "*"}),
            ),
        write("im.disk.file.delete", SCOPE, delete)
            .own_words()
            .about("Deletes a file that the caller sent to a chat.")
            .param(required("CHAT_ID", Kind::Id, "Chat"))
            .param(required("FILE_ID", Kind::Id, "File"))
            .example(json!({"CHAT_ID": 3, "FILE_ID": 9}), json!(true)),
    ]
}

fn refused() -> Fault {
    Fault::new(400, "FILES_ERROR", "List of files is not specified")
}

fn commit(call: &mut Call<'_, '_>) -> Result<Value> {
    let room = named(call)?;
    let mut ids = person::ids(call, "UPLOAD_ID");
    ids.extend(person::ids(call, "FILE_ID"));
    ids.extend(person::ids(call, "DISK_ID"));
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Err(refused().into());
    }
    let found = super::files(call, &ids)?;
    if found.len() < ids.len() {
        return Err(Fault::new(400, "SAVE_ERROR", "Error during saving file to chat").into());
    }
    let folder = folder::of(call, &room)?;
    let (mut keys, mut own) = (Vec::new(), Vec::new());
    for row in found {
        keys.push(format!("upload{}", row.number));
        own.push(into(call, folder, row)?);
    }
    let sent: Vec<i64> = own.iter().map(|row| row.number).collect();
    let (mut shown, mut models) = (Map::new(), Map::new());
    for ((key, row), mut file) in keys.iter().zip(&own).zip(show::shown(call, room.id(), &own)?) {
        file.insert("date", Value::Opaque);
        shown.push(key.as_str(), file);
        models.push(key.as_str(), show::model(call, row));
    }
    let words = call.text("MESSAGE").map(|given| text::clean(&given)).unwrap_or_default();
    let mut params = Json::new();
    params.insert("FILE_ID".to_owned(), sent.clone().into());
    let message = send(call, &room, &words, params, false)?;
    let mut answer = Map::new();
    answer.push("FILES", shown);
    answer.push("DISK_ID", sent.iter().map(|id| Value::from(id.to_string())).collect::<Vec<_>>());
    answer.push("FILE_MODELS", models);
    answer.push("MESSAGE_ID", message.number);
    Ok(answer.into())
}

/// The same file in the folder of the chat: a copy, unless it lies there.
fn into(call: &mut Call<'_, '_>, folder: i64, row: Row) -> Result<Row> {
    if row.int("parentId") == Some(folder) {
        return Ok(row);
    }
    let lost = || Fault::new(400, "SAVE_ERROR", "Error during saving file to chat");
    let content = row.int("fileId").ok_or_else(lost)?;
    let copy = files::copy(call, content)?.ok_or_else(lost)?;
    folder::put(call, folder, row.text("name"), copy)
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    if call.param("CHAT_ID").and_then(Value::as_int).is_none() {
        return Err(no_chat().into());
    }
    let id = call.param("FILE_ID").and_then(Value::as_int).filter(|id| *id > 0);
    let id = id.ok_or_else(|| Fault::new(400, "FILE_ID_EMPTY", "File ID can't be empty"))?;
    let room = named(call)?;
    let Some(row) = super::files(call, &[id])?.pop() else { return Ok(false.into()) };
    let is_here = row.int("parentId").is_some() && row.int("parentId") == room.chat.int("diskFolderId");
    if !is_here || row.int("createdBy") != Some(call.caller.user_id) {
        return Ok(false.into());
    }
    noun::clear(call, objects(call), &[("id", id.into())])?;
    Ok(true.into())
}
