//! `im.message.share`: makes something of a message.

use serde_json::json;
use wire::{Fault, Map, Value};

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, required, write};
use engine::noun::{self, Row};

use super::change::{MESSAGE_ID, named};
use super::{MESSAGE, send, text};
use crate::chat::say::{MADE_WITH, say};
use crate::chat::{self, CHAT, users};
use crate::dialog::{Dialog, Room, required_dialog, unnamed};
use crate::{SCOPE, denied};

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("im.message.share", SCOPE, share)
            .own_words()
            .about("Makes a chat or a task of a message.")
            .param(MESSAGE_ID)
            .param(required_dialog())
            .param(required("TYPE", Kind::Text, "CHAT or TASK"))
            .example(json!({"MESSAGE_ID": 1, "DIALOG_ID": "2", "TYPE": "CHAT"}), json!(true)),
    ]
}

fn share(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = named(call)?;
    let dialog = Dialog::of_call(call).ok_or_else(unnamed)?;
    let foreign = || Fault::new(400, "ACCESS_ERROR", "You do not have access to the specified dialog");
    let room = dialog.room(call)?.filter(|room| room.me.is_some()).ok_or_else(foreign)?;
    let scope = MESSAGE.grant(call, Act::Read)?;
    let row = noun::one(call, &MESSAGE, &scope, id)?;
    let is_there = |row: &Row| row.int("chatId") == Some(room.id()) && row.text("isDeleted") != "Y";
    let row = row.filter(is_there).ok_or_else(foreign)?;
    match call.text("TYPE").unwrap_or_default().to_ascii_uppercase().as_str() {
        "CHAT" => make_chat(call, &room, &row),
        "TASK" => make_task(call, &row),
        _ => Err(unknown()),
    }
}

fn unknown() -> engine::Error {
    Fault::new(400, "PARAMS_ERROR", "Incorrect params").into()
}

/// Letters of a title that is made of a message.
const TITLE: usize = 100;

fn title_of(row: &Row) -> String {
    text::brief(row.text("text")).chars().take(TITLE).collect()
}

/// A chat of the same people that begins with the message.
fn make_chat(call: &mut Call<'_, '_>, room: &Room, row: &Row) -> Result<Value> {
    let me = call.caller.user_id;
    let others: Vec<i64> = users::members(call, room)?.into_iter().filter(|user| *user != me).collect();
    let mut given = Map::new();
    given.push("TITLE", title_of(row));
    given.push("OWNER_ID", me);
    let made = noun::add(call, &CHAT, &chat::FACE, &given)?.number;
    for user in [me].iter().chain(&others) {
        users::put(call, made, *user, 0)?;
    }
    say(call, made, MADE_WITH, &others, "")?;
    let made = Room::find(call, made)?.ok_or_else(denied)?;
    send(call, &made, row.text("text"), serde_json::Map::new(), false)?;
    Ok(true.into())
}

/// A task of the caller, where the portal has tasks.
fn make_task(call: &mut Call<'_, '_>, row: &Row) -> Result<Value> {
    let fields = json!({"fields": {
        "TITLE": title_of(row), "DESCRIPTION": row.text("text"), "RESPONSIBLE_ID": call.caller.user_id,
    }});
    call.ask("tasks.task.add", fields)?.ok_or_else(unknown)?;
    Ok(true.into())
}
