//! `imbot.v2.File.*`.

use serde_json::json;

use engine::call::Call;
use engine::error::{Error, Result};
use engine::method::{Kind, Method, optional, read, required, write};
use engine::noun;
use wire::{Fault, Value};

use super::{DIALOG, dialog, named, own};
use crate::SCOPE;
use crate::act::{act, params};

/// The methods.
pub fn methods() -> Vec<Method> {
    let members = vec![
        required("name", Kind::Text, "Name of the file"),
        required("content", Kind::Text, "Content in Base64"),
        optional("message", Kind::Text, "Text"),
    ];
    vec![
        own(
            write("imbot.v2.File.upload", SCOPE, upload),
            "Uploads a file and sends it to a dialog of a bot.",
        )
        .param(DIALOG)
        .param(required("fields", Kind::Fields, "The file").with_members(members))
        .example(
            json!({
                "botId": 5, "botToken": "demo-bot", "dialogId": "chat12",
                "fields": {"name": "note.txt", "content": "SGVsbG8="},
            }),
            json!({"file": {"name": "note.txt", "size": 5}, "chatId": 12, "dialogId": "chat12"}),
        ),
        own(read("imbot.v2.File.download", SCOPE, download), "Returns a link to a file of a bot's chat.")
            .param(required("fileId", Kind::Id, "File"))
            .example(json!({"botId": 5, "botToken": "demo-bot", "fileId": 11}), json!({"downloadUrl": "*"})),
    ]
}

fn upload(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let given = params([("dialogId", dialog(call)?), ("fields", call.fields("fields").into())]);
    let words = |fault: Fault| match &*fault.code {
        "FOLDER_ERROR" => Fault::new(400, "FILE_FOLDER_ERROR", "Failed to get chat folder"),
        "UPLOAD_FAILED" => Fault::new(400, "FILE_UPLOAD_FAILED", "File upload failed"),
        "SEND_FAILED" => Fault::new(400, "FILE_SEND_FAILED", "Failed to send message"),
        "CHAT_NOT_FOUND" => super::denied(),
        _ => fault,
    };
    act(call, bot.id, "im.v2.File.upload", given).map_err(|error| error.reworded(words))
}

/// The chat of a file: the one that its storage belongs to.
fn download(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let missing = || Fault::new(404, "FILE_NOT_FOUND", "File not found");
    let id = call.id("fileId");
    let modules = call.core.modules;
    let (Some(objects), Some(storages)) = (modules.noun("disk.object"), modules.noun("disk.storage")) else {
        return Err(missing().into());
    };
    let file = noun::again(call, objects.noun, id)?.ok_or_else(missing)?;
    let storage = noun::again(call, storages.noun, file.int("storageId").unwrap_or(0))?;
    let chat = storage.map(|storage| storage.text("entityId").to_owned()).unwrap_or_default();
    let named = params([("dialogId", format!("chat{chat}").into()), ("fileId", id.into())]);
    match act(call, bot.id, "im.v2.File.download", named) {
        Err(Error::Fault(fault)) if fault.code != "FILE_NOT_FOUND" => {
            Err(Fault::new(403, "FILE_ACCESS_ERROR", "File access error").into())
        }
        other => other,
    }
}
