//! The chat of a workgroup, `sg12`: whoever belongs to the group is in it. It is made with the first member, in portals that
//! have chats, and stays as a chat like others when the group is deleted.

use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Noun, Row};
use wire::{Map, Value};

use crate::group::GROUP;
use crate::member;

/// What such a chat is about.
const KIND: &str = "SONET_GROUP";

/// The nouns of chats and of their members; `None` where there are none.
fn nouns(call: &Call<'_, '_>) -> Option<(&'static Noun, &'static Noun)> {
    let noun = |name| call.core.modules.noun(name).map(|shape| shape.noun);
    Some((noun("im.chat")?, noun("im.member")?))
}

/// The number of the chat of a group.
fn of(call: &mut Call<'_, '_>, chats: &'static Noun, group: i64) -> Result<Option<i64>> {
    let sql =
        format!("SELECT id FROM {} WHERE entity_type = ? AND entity_id = ? ORDER BY id LIMIT 1", chats.table);
    Ok(call.tx.one(&sql, &[KIND.into(), group.to_string().into()], |row| row.int(0))?)
}

/// Has somebody be in the chat of a group or not, as the membership says.
pub fn follow(call: &mut Call<'_, '_>, group: i64, user: i64, belongs: bool) -> Result<()> {
    let Some((chats, members)) = nouns(call) else { return Ok(()) };
    match (of(call, chats, group)?, belongs) {
        (None, false) => Ok(()),
        (None, true) => open(call, chats, members, group),
        (Some(chat), true) => join(call, members, chat, user),
        (Some(chat), false) => {
            noun::clear(call, members, &[("chatId", chat.into()), ("userId", user.into())])
        }
    }
}

/// Makes the chat of a group with everybody who belongs to it.
fn open(call: &mut Call<'_, '_>, chats: &'static Noun, members: &'static Noun, group: i64) -> Result<()> {
    let Some(row) = noun::again(call, &GROUP, group)? else { return Ok(()) };
    let mut chat = named(&row);
    chat.push("ENTITY_TYPE", KIND);
    chat.push("ENTITY_ID", group.to_string());
    let chat = noun::put(call, chats, &chat)?.number;
    member::of(call, group)?.into_iter().try_for_each(|user| join(call, members, chat, user))
}

/// What the chat has from its group.
fn named(group: &Row) -> Map {
    let mut chat = Map::with_capacity(4);
    chat.push("TITLE", group.text("name"));
    chat.push("OWNER_ID", group.int("ownerId").unwrap_or(0));
    chat
}

fn join(call: &mut Call<'_, '_>, members: &'static Noun, chat: i64, user: i64) -> Result<()> {
    let sql = format!("SELECT id FROM {} WHERE chat_id = ? AND user_id = ?", members.table);
    if call.tx.one(&sql, &[chat.into(), user.into()], |row| row.int(0))?.is_some() {
        return Ok(());
    }
    let mut member = Map::with_capacity(2);
    member.push("CHAT_ID", chat);
    member.push("USER_ID", user);
    noun::put(call, members, &member).map(drop)
}

/// Brings name and owner of the chat in line with its group.
pub fn rename(call: &mut Call<'_, '_>, group: i64) -> Result<()> {
    match noun::again(call, &GROUP, group)? {
        Some(row) => change(call, group, &named(&row)),
        None => Ok(()),
    }
}

/// Has the chat of a group that is deleted be a chat like others: what was said there is its members'.
pub fn part(call: &mut Call<'_, '_>, group: i64) -> Result<()> {
    let mut free = Map::with_capacity(2);
    free.push("ENTITY_TYPE", Value::Null);
    free.push("ENTITY_ID", Value::Null);
    change(call, group, &free)
}

fn change(call: &mut Call<'_, '_>, group: i64, values: &Map) -> Result<()> {
    let Some((chats, _)) = nouns(call) else { return Ok(()) };
    let (Some(chat), Some(face)) = (of(call, chats, group)?, chats.faces.first()) else { return Ok(()) };
    noun::amend(call, chats, face, chat, values).map(drop)
}
