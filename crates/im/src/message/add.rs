//! `im.message.add`.

use serde_json::{Map as Json, Value as JsonValue, json};
use wire::{Fault, Map, Value};

use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::method::{Kind, Method, optional, required, write};
use engine::noun::{self, Row};
use engine::{access::Act, keys};

use super::rich::{self, ATTACH, Given, KEYBOARD, MENU, Part};
use super::{FACE, MESSAGE, text};
use crate::chat::direct;
use crate::dialog::{Dialog, Room, required_dialog};
use crate::{SCOPE, denied};

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("im.message.add", SCOPE, add)
            .own_words()
            .about("Sends a message to a user or a chat, and returns its ID.")
            .param(required_dialog())
            .param(optional("CHAT_ID", Kind::Id, "Chat, in place of a dialog"))
            .param(optional("USER_ID", Kind::Id, "User, in place of a dialog"))
            .param(optional("TO", Kind::Id, "User, in place of a dialog"))
            .param(required("MESSAGE", Kind::Text, "Text"))
            .param(optional("ATTACH", Kind::Any, "Attached blocks"))
            .param(optional("KEYBOARD", Kind::Any, "Buttons"))
            .param(optional("MENU", Kind::Any, "Menu"))
            .param(optional("SYSTEM", Kind::Flag, "Whether no author is shown; in chats only"))
            .param(optional("URL_PREVIEW", Kind::Flag, "Whether links are shown with a preview"))
            .param(optional("REPLY_ID", Kind::Id, "The message that it answers"))
            .example(json!({"DIALOG_ID": "2", "MESSAGE": "The chairs have arrived."}), json!("*")),
    ]
}

/// What a message is sent to.
fn target(call: &Call<'_, '_>) -> Result<Dialog> {
    let number = |name: &str| call.param(name).and_then(Value::as_int).filter(|id| *id > 0);
    let user = || number("USER_ID").or_else(|| number("TO")).map(Dialog::User);
    let found = Dialog::of_call(call).or_else(|| number("CHAT_ID").map(Dialog::Chat)).or_else(user);
    found.ok_or_else(|| Fault::new(400, "USER_ID_EMPTY", "User ID can't be empty").into())
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let target = target(call)?;
    let given = call.text("MESSAGE").map(|given| text::clean(&given)).unwrap_or_default();
    let mut params = Json::new();
    for part in [ATTACH, KEYBOARD, MENU] {
        add_part(call, &mut params, part)?;
    }
    if given.is_empty() && !params.contains_key(ATTACH.name) {
        return Err(Fault::new(400, "MESSAGE_EMPTY", "Message can't be empty").into());
    }
    let chat = match target {
        Dialog::User(user) if !directory::exists(call.tx, user)? => {
            return Err(Fault::new(400, "USER_NOT_FOUND", "User not found").into());
        }
        Dialog::User(user) => direct::with(call, call.caller.user_id, user)?,
        other => other.chat(call)?.ok_or_else(denied)?,
    };
    let room = Room::find(call, chat)?.filter(|room| room.me.is_some() && !room.is_notifications());
    let room = room.ok_or_else(denied)?;
    if let Some(id) = call.param("REPLY_ID").and_then(Value::as_int).filter(|id| *id > 0) {
        params.insert("REPLY_ID".to_owned(), answered(call, &room, id)?.into());
    }
    let is_system = call.flag("SYSTEM") && room.is_group();
    Ok(send(call, &room, &given, params, is_system)?.number.into())
}

fn add_part(call: &Call<'_, '_>, params: &mut Json<String, JsonValue>, part: Part) -> Result<()> {
    if let given @ Given::Set(_) = part.given(call)? {
        rich::put(params, part, given);
    }
    Ok(())
}

/// The message that another one answers: one of the same chat.
fn answered(call: &mut Call<'_, '_>, room: &Room, id: i64) -> Result<i64> {
    let scope = MESSAGE.grant(call, Act::Read)?;
    match noun::one(call, &MESSAGE, &scope, id)? {
        None => Err(Fault::new(400, "REPLY_ACCESS_ERROR", "Action unavailable").into()),
        Some(message) if message.int("chatId") != Some(room.id()) => {
            let text = "You can only reply to a message within the same chat";
            Err(Fault::new(400, "REPLY_FROM_OTHER_CHAT_ERROR", text).into())
        }
        Some(_) => Ok(id),
    }
}

/// Adds a message of the caller to a chat, or one of the chat itself.
pub fn send(
    call: &mut Call<'_, '_>,
    room: &Room,
    text: &str,
    params: Json<String, JsonValue>,
    is_system: bool,
) -> Result<Row> {
    let mut row = Map::new();
    row.push("CHAT_ID", room.id());
    row.push("AUTHOR_ID", if is_system { 0 } else { call.caller.user_id });
    row.push("TEXT", text);
    if !params.is_empty() {
        row.push("PARAMS", Value::from(JsonValue::from(params)));
    }
    if !is_system {
        row.push("UUID", keys::uuid());
    }
    noun::add(call, &MESSAGE, &FACE, &row)
}
