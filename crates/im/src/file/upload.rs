//! `im.v2.File.upload` and `im.v2.File.download`.

use serde_json::{Map as Json, json};
use wire::{Fault, Map, Value};

use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::files::{self, Content, NewFile};
use engine::method::{Kind, Method, required, write};

use super::{folder, show};
use crate::SCOPE;
use crate::dialog::{Dialog, Room};
use crate::message::{send, text};

/// Letters of the Base64 text of a file: 100 MB.
const LENGTH: usize = 140 << 20;

/// The methods.
pub fn methods() -> Vec<Method> {
    let dialog =
        || required("dialogId", Kind::Any, "Dialog: 7 a user, chat58 a chat, sg12 the chat of a workgroup");
    let members = vec![
        required("name", Kind::Text, "Name of the file"),
        required("content", Kind::Text, "Content in Base64"),
        engine::method::optional("message", Kind::Text, "Text"),
    ];
    vec![
        write("im.v2.File.upload", SCOPE, upload)
            .own_words()
            .about("Uploads a file and sends it to a dialog.")
            .param(dialog())
            .param(required("fields", Kind::Fields, "The file").with_members(members))
            .example(
                json!({"dialogId": "chat3", "fields": {"name": "note.txt", "content": "SGVsbG8="}}),
                json!({"file": {"name": "note.txt", "size": 5}, "chatId": 3, "dialogId": "chat3"}),
            ),
        engine::method::read("im.v2.File.download", SCOPE, download)
            .own_words()
            .about("Returns a link to a file of a dialog.")
            .param(dialog())
            .param(required("fileId", Kind::Id, "File"))
            .example(json!({"dialogId": "chat3", "fileId": 9}), json!({"downloadUrl": "*"})),
    ]
}

/// The dialog that a call names, of which the caller is a member.
fn named(call: &mut Call<'_, '_>) -> Result<Room> {
    let dialog = call.param("dialogId").and_then(Dialog::parse);
    let missing = || Fault::new(400, "CHAT_NOT_FOUND", "CHAT_NOT_FOUND");
    let room = match dialog.ok_or_else(missing)? {
        Dialog::User(user) if call.method.writes && directory::exists(call.tx, user)? => {
            let chat = crate::chat::direct::with(call, call.caller.user_id, user)?;
            Room::find(call, chat)?
        }
        other => other.room(call)?,
    };
    let room = room.filter(|room| room.me.is_some() && !room.is_notifications());
    Ok(room.ok_or_else(|| Fault::new(403, "ACCESS_DENIED", "Access denied"))?)
}

fn upload(call: &mut Call<'_, '_>) -> Result<Value> {
    let room = named(call)?;
    let fields = call.fields("fields");
    let own = |name: &str| fields.get_any_case(name).and_then(Value::text).map(|text| text.trim().to_owned());
    let (name, content) = (own("name").unwrap_or_default(), own("content").unwrap_or_default());
    if name.is_empty() || content.is_empty() {
        return Err(Fault::new(400, "FILE_EMPTY", "File name and content are required").into());
    }
    if content.len() > LENGTH {
        return Err(Fault::new(400, "FILE_TOO_LARGE", "File is too large").into());
    }
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=-_\r\n ".contains(&byte);
    if !content.bytes().all(is_letter) {
        return Err(Fault::new(400, "FILE_INVALID_CONTENT", "Invalid base64 content").into());
    }
    let kept =
        files::put(call, &NewFile { name: &name, content_type: None, content: Content::Base64(&content) })?;
    let folder = folder::of(call, &room)?;
    let row = folder::put(call, folder, &name, kept)?;
    let words = own("message").map(|given| text::clean(&given)).unwrap_or_default();
    let mut params = Json::new();
    params.insert("FILE_ID".to_owned(), vec![row.number].into());
    let message = send(call, &room, &words, params, false)?;
    let named = call.param("dialogId").and_then(Value::text).unwrap_or_default().trim().to_owned();
    let mut answer = Map::new();
    answer.push("file", show::shown(call, room.id(), std::slice::from_ref(&row))?.pop().unwrap_or_default());
    answer.push("messageId", message.number);
    answer.push("chatId", room.id());
    answer.push("dialogId", named);
    Ok(answer.into())
}

fn download(call: &mut Call<'_, '_>) -> Result<Value> {
    let room = named(call)?;
    let missing = || Fault::new(404, "FILE_NOT_FOUND", "File not found");
    let id = call.param("fileId").and_then(Value::as_int).filter(|id| *id > 0).ok_or_else(missing)?;
    let row = super::files(call, &[id])?.pop().ok_or_else(missing)?;
    // Of this dialog, and of no other that the caller may read.
    if row.int("parentId").is_none() || row.int("parentId") != room.chat.int("diskFolderId") {
        return Err(missing().into());
    }
    let file = row.int("fileId").ok_or_else(missing)?;
    Ok(Value::under("downloadUrl", files::link(call.core, file, call.now)))
}
