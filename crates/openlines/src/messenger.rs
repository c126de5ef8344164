//! The chats of dialogs, which are chats about `LINES`: the nouns of the messenger by their names.

use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Noun, Row};
use wire::{Fault, Map, Value};

use crate::words::refuse;

/// What such a chat is about.
pub const KIND: &str = "LINES";

fn of(call: &Call<'_, '_>, name: &str) -> Result<&'static Noun> {
    let found = call.core.modules.noun(name).map(|shape| shape.noun);
    Ok(found.ok_or_else(absent)?)
}

fn absent() -> Fault {
    refuse("IM_NOT_INSTALLED", "Messenger is not installed.")
}

/// Chats.
///
/// # Errors
/// `IM_NOT_INSTALLED`
pub fn chats(call: &Call<'_, '_>) -> Result<&'static Noun> {
    of(call, "im.chat")
}

/// Messages.
///
/// # Errors
/// Likewise.
pub fn messages(call: &Call<'_, '_>) -> Result<&'static Noun> {
    of(call, "im.message")
}

/// The chat with this number, whoever asks.
///
/// # Errors
/// Likewise.
pub fn chat(call: &mut Call<'_, '_>, id: i64) -> Result<Option<Row>> {
    let chats = chats(call)?;
    noun::again(call, chats, id)
}

/// Makes a chat.
///
/// # Errors
/// Likewise.
pub fn open(call: &mut Call<'_, '_>, title: String, code: &str) -> Result<i64> {
    let mut row = Map::with_capacity(4);
    row.push("TITLE", title);
    row.push("ENTITY_TYPE", KIND);
    row.push("ENTITY_ID", code);
    row.push("OWNER_ID", 0);
    let chats = chats(call)?;
    Ok(noun::put(call, chats, &row)?.number)
}

/// Changes a chat.
///
/// # Errors
/// Likewise.
pub fn change(call: &mut Call<'_, '_>, id: i64, values: &Map) -> Result<()> {
    let chats = chats(call)?;
    match chats.faces.first() {
        Some(face) => noun::amend(call, chats, face, id, values).map(drop),
        None => Ok(()),
    }
}

/// Whether somebody is in a chat.
///
/// # Errors
/// Likewise.
pub fn is_in(call: &mut Call<'_, '_>, chat: i64, user: i64) -> Result<bool> {
    let table = of(call, "im.member")?.table;
    let sql = format!("SELECT id FROM {table} WHERE chat_id = ? AND user_id = ?");
    Ok(call.tx.one(&sql, &[chat.into(), user.into()], |row| row.int(0))?.is_some())
}

/// Those who are in a chat.
///
/// # Errors
/// Likewise.
pub fn members(call: &mut Call<'_, '_>, chat: i64) -> Result<Vec<i64>> {
    let table = of(call, "im.member")?.table;
    let sql = format!("SELECT user_id FROM {table} WHERE chat_id = ? ORDER BY user_id");
    Ok(call.tx.all(&sql, &[chat.into()], |row| row.int(0))?)
}

/// Brings somebody into a chat.
///
/// # Errors
/// Likewise.
pub fn join(call: &mut Call<'_, '_>, chat: i64, user: i64) -> Result<()> {
    if is_in(call, chat, user)? {
        return Ok(());
    }
    let mut member = Map::with_capacity(2);
    member.push("CHAT_ID", chat);
    member.push("USER_ID", user);
    let members = of(call, "im.member")?;
    noun::put(call, members, &member).map(drop)
}

/// Takes somebody out of a chat.
///
/// # Errors
/// Likewise.
pub fn leave(call: &mut Call<'_, '_>, chat: i64, user: i64) -> Result<()> {
    let members = of(call, "im.member")?;
    noun::clear(call, members, &[("chatId", chat.into()), ("userId", user.into())])
}

/// Has the chat itself say something.
///
/// # Errors
/// Likewise.
pub fn say(call: &mut Call<'_, '_>, chat: i64, text: &str) -> Result<()> {
    let mut row = Map::with_capacity(3);
    row.push("CHAT_ID", chat);
    row.push("AUTHOR_ID", 0);
    row.push("TEXT", text);
    let messages = messages(call)?;
    noun::put(call, messages, &row).map(drop)
}

/// Calls a method as somebody: the caller, or whom the caller may act for, who is no administrator by that.
///
/// # Errors
/// Those of the method.
pub fn ask_as(call: &mut Call<'_, '_>, user: i64, method: &str, params: impl Into<Value>) -> Result<Value> {
    let me = call.caller.user_id == user;
    let caller = call.caller.as_user(user, me && call.caller.is_admin);
    Ok(call.ask_as(&caller, method, params)?.ok_or_else(absent)?)
}
