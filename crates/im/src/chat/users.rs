//! Who is in a chat: `im.chat.user.*`, `im.chat.leave`, `im.chat.mute`.

use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value};

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, Param as Parameter, optional, required, write};
use engine::noun;

use super::add::people;
use super::kind;
use super::say::{INVITED, JOINED, LEFT, REMOVED, say};
use crate::dialog::{Dialog, Room, optional_dialog, unnamed};
use crate::member::{self, MEMBER};
use crate::{SCOPE, denied, no_chat, no_user};

/// Members that one call adds.
const MOST: usize = 500;

/// The parameter that names a chat.
pub const CHAT_ID: Parameter = required("CHAT_ID", Kind::Id, "Chat");

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("im.chat.user.add", SCOPE, add)
            .own_words()
            .about("Adds members to a chat.")
            .param(CHAT_ID)
            .param(required("USERS", Kind::List, "IDs of users"))
            .param(optional("HIDE_HISTORY", Kind::Flag, "Whether they see only what is written from now on"))
            .example(json!({"CHAT_ID": 3, "USERS": [3], "HIDE_HISTORY": "N"}), json!(true)),
        write("im.chat.user.delete", SCOPE, delete)
            .own_words()
            .about("Removes a member from a chat.")
            .param(CHAT_ID)
            .param(required("USER_ID", Kind::Id, "User"))
            .example(json!({"CHAT_ID": 3, "USER_ID": 2}), json!(true)),
        engine::method::read("im.chat.user.list", SCOPE, list)
            .own_words()
            .about("Returns the IDs of a chat's members.")
            .param(CHAT_ID)
            .example(json!({"CHAT_ID": 3}), json!([1, 2])),
        write("im.chat.leave", SCOPE, leave)
            .own_words()
            .about("Takes the caller out of a chat.")
            .param(CHAT_ID)
            .destroys()
            .example(json!({"CHAT_ID": 3}), json!(true)),
        write("im.chat.mute", SCOPE, mute)
            .own_words()
            .about("Leaves a chat out of the caller's number of unread messages, or counts it again.")
            .param(optional("CHAT_ID", Kind::Id, "Chat"))
            .param(optional_dialog())
            .param(optional("MUTE", Kind::Flag, "Y, or N to count it again"))
            .example(json!({"CHAT_ID": 3, "MUTE": "Y"}), json!(true)),
    ]
}

/// The group chat that a call names, of which the caller is a member.
pub fn group(call: &mut Call<'_, '_>) -> Result<Room> {
    let id = call.param("CHAT_ID").and_then(Value::as_int).filter(|id| *id > 0);
    let dialog = match id {
        Some(id) => Dialog::Chat(id),
        None if call.param("CHAT_ID").is_some() => return Err(no_chat().into()),
        None => Dialog::of_call(call).ok_or_else(no_chat)?,
    };
    if matches!(dialog, Dialog::User(_)) {
        return Err(unnamed().into());
    }
    let room = dialog.room(call)?.ok_or_else(denied)?;
    if room.is_private() {
        return Err(unnamed().into());
    }
    if room.is_group() { Ok(room) } else { Err(denied().into()) }
}

/// Adds somebody to a chat, whoever asks: `start` is the first message that they see.
pub fn put(call: &mut Call<'_, '_>, chat: i64, user: i64, start: i64) -> Result<()> {
    let mut row = Map::new();
    row.push("CHAT_ID", chat);
    row.push("USER_ID", user);
    row.push("START_ID", start);
    noun::put(call, &MEMBER, &row)?;
    Ok(())
}

/// The members of a chat, as far as the caller may see them.
pub fn members(call: &mut Call<'_, '_>, room: &Room) -> Result<Vec<i64>> {
    if room.me.is_none() {
        return Ok(Vec::new());
    }
    let sql = "SELECT user_id FROM im_member WHERE chat_id = ? ORDER BY user_id";
    Ok(call.tx.all(sql, &[room.id().into()], |row| row.int(0))?)
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let room = group(call)?;
    if !kind::allowed(&room.chat).extend {
        return Err(Fault::new(400, "ACCESS_ERROR", "It is forbidden to add users to this chat").into());
    }
    let me = call.caller.user_id;
    let sql = "SELECT user_id FROM im_member WHERE chat_id = ?";
    let there = call.tx.all(sql, &[room.id().into()], |row| row.int(0))?;
    let mut new = people(call, "USERS", MOST)?;
    // Everybody joins an open chat; others are added by those who are in it.
    if room.me.is_none() && new.iter().any(|user| *user != me) {
        return Err(refused_to_extend());
    }
    new.retain(|user| !there.contains(user));
    if new.is_empty() {
        return Err(refused_to_extend());
    }
    let hides = call.param("HIDE_HISTORY").and_then(Value::as_flag).unwrap_or(true);
    let start = if hides { room.chat.int("lastMessageId").unwrap_or(0) + 1 } else { 0 };
    for user in &new {
        // By the rule of the noun: the caller is in the chat, or it is open.
        let mut row = Map::new();
        row.push("CHAT_ID", room.id());
        row.push("USER_ID", *user);
        row.push("START_ID", start);
        noun::add(call, &MEMBER, &member::FACE, &row)?;
    }
    let sentence = if new == [me] { JOINED } else { INVITED };
    say(call, room.id(), sentence, &new, "")?;
    Ok(true.into())
}

fn refused_to_extend() -> engine::Error {
    Fault::new(400, "ACCESS_DENIED_EXTEND", "Insufficient permissions to add participants to the chat").into()
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let room = group(call)?;
    let user = call.param("USER_ID").and_then(Value::as_int).filter(|id| *id > 0).ok_or_else(no_user)?;
    remove(call, &room, user)
}

fn leave(call: &mut Call<'_, '_>) -> Result<Value> {
    let room = group(call)?;
    let me = call.caller.user_id;
    remove(call, &room, me)
}

fn remove(call: &mut Call<'_, '_>, room: &Room, user: i64) -> Result<Value> {
    if room.me.is_none() {
        return Err(denied().into());
    }
    let me = call.caller.user_id;
    let allowed = kind::allowed(&room.chat);
    let is_owner = room.chat.int("ownerId") == Some(user);
    if !allowed.leave || (is_owner && !allowed.leave_owner) {
        let text = "It is forbidden to delete users of this chat";
        return Err(Fault::new(400, "ACCESS_ERROR", text).into());
    }
    let scope = MEMBER.grant(call, Act::Read)?;
    let named: [(&str, Param<'static>); 2] = [("chatId", room.id().into()), ("userId", user.into())];
    let Some(row) = noun::rows(call, &MEMBER, &scope, &named)?.pop() else {
        return Err(Fault::new(400, "USER_NOT_FOUND", "The specified user is not in the chat").into());
    };
    // Nobody but the owner removes the owner.
    let refused =
        || Fault::new(400, "ACCESS_DENIED_KICK", "Insufficient rights to exclude participants from the chat");
    if is_owner && user != me {
        return Err(refused().into());
    }
    if user == me {
        // While the caller is still in it.
        say(call, room.id(), LEFT, &[], "")?;
    }
    match noun::delete(call, &MEMBER, &member::FACE, &[row.number.into()]) {
        Ok(_) => {}
        Err(engine::Error::Fault(_)) => return Err(refused().into()),
        Err(other) => return Err(other),
    }
    if user != me {
        say(call, room.id(), REMOVED, &[user], "")?;
    }
    Ok(true.into())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.param("CHAT_ID").and_then(Value::as_int).filter(|id| *id > 0).ok_or_else(no_chat)?;
    let Some(room) = Room::find(call, id)? else { return Ok(Vec::new().into()) };
    Ok(members(call, &room)?.into_iter().map(Value::Int).collect::<Vec<_>>().into())
}

fn mute(call: &mut Call<'_, '_>) -> Result<Value> {
    let given = call.param("CHAT_ID").and_then(Value::as_int).filter(|id| *id > 0).map(Dialog::Chat);
    let dialog = given.or_else(|| Dialog::of_call(call)).ok_or_else(no_chat)?;
    let cannot = || Fault::new(403, "ACCESS_ERROR", "This chat cannot be muted");
    let room = dialog.room(call)?.filter(|room| !room.is_notifications()).ok_or_else(cannot)?;
    let me = room.me.as_ref().ok_or_else(cannot)?;
    let on = call.param("MUTE").and_then(Value::as_flag).unwrap_or(true);
    member::change(call, me, "MUTED", on)?;
    Ok(true.into())
}
