//! `im.disk.folder.get`, and what is put into the folder of a chat.

use serde_json::json;
use wire::{Map, Value};

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::files;
use engine::method::{Kind, Method, optional, read};
use engine::noun::{self, Row};
use engine::texts::Topic;

use super::objects;
use crate::dialog::{Dialog, Room, foreign, optional_dialog};
use crate::{SCOPE, no_chat};

/// The name of a chat's storage.
pub const NAME: &str = "Files of a chat";

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("im.disk.folder.get", SCOPE, get)
            .own_words()
            .about("Returns the ID of the folder with the files of a dialog.")
            .param(optional("CHAT_ID", Kind::Id, "Chat"))
            .param(optional_dialog())
            .example(json!({"CHAT_ID": 3}), json!({"ID": 8})),
    ]
}

/// The dialog that a call names as a chat or as a dialog, of which the caller is a member.
pub fn named(call: &mut Call<'_, '_>) -> Result<Room> {
    let chat = call.param("CHAT_ID").and_then(Value::as_int).filter(|id| *id > 0).map(Dialog::Chat);
    let dialog = chat.or_else(|| Dialog::of_call(call)).ok_or_else(no_chat)?;
    let room = dialog.room(call)?.filter(|room| room.me.is_some() && !room.is_notifications());
    Ok(room.ok_or_else(foreign)?)
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let room = named(call)?;
    Ok(Value::under("ID", of(call, &room)?))
}

/// The folder of a chat, which is made with its storage when it is first asked for.
pub fn of(call: &mut Call<'_, '_>, room: &Room) -> Result<i64> {
    if let Some(folder) = room.chat.int("diskFolderId").filter(|id| *id > 0) {
        return Ok(folder);
    }
    call.write_from_here()?;
    // Whoever makes it has the row of the chat first, so that there is one.
    crate::message::consequences::hold(call, room.id())?;
    let storages = call.core.modules.noun_named("disk.storage");
    let mut storage = Map::new();
    storage.push("NAME", call.language.text(Topic::Names, NAME));
    storage.push("MODULE_ID", "im");
    storage.push("ENTITY_TYPE", "chat");
    storage.push("ENTITY_ID", room.id().to_string());
    let made = noun::put(call, storages, &storage)?.number;
    let scope = storages.grant(call, Act::Read)?;
    let row = noun::one(call, storages, &scope, made)?;
    let folder = row.and_then(|row| row.int("rootObjectId")).ok_or_else(foreign)?;
    let sql = "UPDATE im_chat SET disk_folder_id = ? WHERE id = ?";
    call.tx.execute(sql, &[folder.into(), room.id().into()])?;
    Ok(folder)
}

/// Puts a content that is kept, with its number, into a folder, under that name or one with a number behind it.
pub fn put(call: &mut Call<'_, '_>, folder: i64, name: &str, file: i64) -> Result<Row> {
    let size = files::find(call.tx, file)?.map_or(0, |file| i64::try_from(file.size).unwrap_or(i64::MAX));
    let mut object = Map::new();
    object.push("NAME", name);
    object.push("GENERATE_UNIQUE_NAME", true);
    object.push("TYPE", "file");
    object.push("PARENT_ID", folder);
    object.push("GLOBAL_CONTENT_VERSION", 1);
    object.push("FILE_ID", file);
    object.push("SIZE", size);
    let objects = objects(call);
    noun::put(call, objects, &object)
}
