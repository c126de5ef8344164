//! `im.dialog.get`.

use serde_json::json;
use wire::{Map, Value};

use engine::call::Call;
use engine::directory::name_of;
use engine::error::Result;
use engine::method::{Method, read};
use engine::moment;

use super::{Dialog, Room, foreign, required_dialog, unnamed};
use crate::chat::show::{self, Named};
use crate::{SCOPE, person};

/// Members whose read marks are told.
const READERS: i64 = 100;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("im.dialog.get", SCOPE, get)
            .own_words()
            .about("Returns a dialog with its kind, its rules, read marks and what the caller may do there.")
            .param(required_dialog())
            .example(json!({"DIALOG_ID": "chat3"}), json!({"id": 3, "role": "owner", "dialog_id": "chat3"})),
    ]
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let dialog = Dialog::of_call(call).ok_or_else(unnamed)?;
    let room = dialog.room(call)?.filter(|room| !room.is_notifications()).ok_or_else(foreign)?;
    let named = Named::of(call, &[room.id()])?;
    let mut map = show::whole(call, &room, &named);
    map.insert("unread_id", first_unread(call, &room)?);
    map.insert("readed_list", readers(call, &room)?);
    map.insert("last_message_views", views(call, &room)?);
    let dialog_id = match partner(call, &room)? {
        Some(user) => {
            if let Some(person) = person::one(call, user)? {
                for name in ["name", "avatar", "color"] {
                    map.insert(name, person.get(name).cloned().unwrap_or_default());
                }
            }
            user.to_string()
        }
        None => format!("chat{}", room.id()),
    };
    map.push("dialog_id", dialog_id);
    Ok(map.into())
}

/// The other one in the chat of two; in that of one's notes, oneself.
pub fn partner(call: &mut Call<'_, '_>, room: &Room) -> Result<Option<i64>> {
    if !room.is_private() {
        return Ok(None);
    }
    let me = call.caller.user_id;
    let sql = "SELECT user_id FROM im_member WHERE chat_id = ? AND user_id <> ?";
    Ok(call.tx.one(sql, &[room.id().into(), me.into()], |row| row.int(0))?.or(Some(me)))
}

/// The first message that the caller has not read; 0 when there is none.
fn first_unread(call: &mut Call<'_, '_>, room: &Room) -> Result<i64> {
    if room.my("counter") == 0 {
        return Ok(0);
    }
    let sql = "SELECT id FROM im_message WHERE chat_id = ? AND id > ? AND author_id <> ? ORDER BY id LIMIT 1";
    let params = [room.id().into(), room.my("lastReadId").into(), call.caller.user_id.into()];
    Ok(call.tx.one(sql, &params, |row| row.int(0))?.unwrap_or(0))
}

/// How far the others have read, nobody who has not read anything since joining left out.
fn readers(call: &mut Call<'_, '_>, room: &Room) -> Result<Value> {
    let sql = "SELECT user_id, last_read_id, read_date FROM im_member \
               WHERE chat_id = ? AND user_id <> ? ORDER BY user_id LIMIT ?";
    let params = [room.id().into(), call.caller.user_id.into(), READERS.into()];
    let found = call.tx.all(sql, &params, |row| Ok((row.int(0)?, row.int(1)?, row.opt_int(2)?)))?;
    let mut readers = Vec::with_capacity(found.len());
    for (user, message, date) in found {
        let mut reader = viewer(call, user, date)?;
        // Whoever joined later has seen none of the messages of before.
        reader.insert("message_id", if date.is_some() { message } else { 0 });
        readers.push(Value::from(reader));
    }
    Ok(readers.into())
}

/// Who has read the last message.
fn views(call: &mut Call<'_, '_>, room: &Room) -> Result<Value> {
    let last = room.chat.int("lastMessageId").unwrap_or(0);
    let condition = "chat_id = ? AND last_read_id >= ? AND read_date IS NOT NULL AND user_id <> \
                     (SELECT author_id FROM im_message WHERE id = ?)";
    let params = [room.id().into(), last.into(), last.into()];
    let sql = format!("SELECT COUNT(*) FROM im_member WHERE {condition}");
    let count = call.tx.one(&sql, &params, |row| row.int(0))?.unwrap_or(0);
    let sql = format!(
        "SELECT user_id, read_date FROM im_member WHERE {condition} ORDER BY read_date, user_id LIMIT 1"
    );
    let first = call.tx.one(&sql, &params, |row| Ok((row.int(0)?, row.opt_int(1)?)))?;
    let first = first.map(|(user, date)| viewer(call, user, date)).transpose()?;
    let mut views = Map::new();
    views.push("message_id", last);
    views.push("first_viewers", first.into_iter().map(Value::from).collect::<Vec<_>>());
    views.push("count_of_viewers", count);
    Ok(views.into())
}

fn viewer(call: &mut Call<'_, '_>, user: i64, date: Option<i64>) -> Result<Map> {
    let name = name_of(call.tx, user)?.unwrap_or_default();
    let zone = &call.caller.zone;
    let mut viewer = Map::new();
    viewer.push("user_id", user);
    viewer.push("user_name", name);
    viewer.push("date", date.map(|at| moment::print(zone, at).to_string()));
    Ok(viewer)
}
