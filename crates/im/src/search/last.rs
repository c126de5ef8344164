//! `im.search.last.*`: the dialogs that the caller chose in searches.

use serde_json::json;
use wire::{Map, Value};

use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, write};

use crate::SCOPE;
use crate::chat::show::{self, Named};
use crate::dialog::{Dialog, Room, required_dialog, unnamed};
use crate::{denied, person};

/// Dialogs that are kept for a person.
const KEPT: i64 = 50;

/// The methods.
pub fn methods() -> Vec<Method> {
    let flag = |name: &'static str, about: &'static str| optional(name, Kind::Flag, about);
    vec![
        write("im.search.last.add", SCOPE, add)
            .own_words()
            .about("Notes a dialog as the last one that the caller chose in a search.")
            .param(required_dialog())
            .example(json!({"DIALOG_ID": "chat3"}), json!(true)),
        write("im.search.last.delete", SCOPE, delete)
            .own_words()
            .about("Takes a dialog from those that the caller chose in searches.")
            .param(required_dialog())
            .example(json!({"DIALOG_ID": "chat3"}), json!("*")),
        read("im.search.last.get", SCOPE, get)
            .own_words()
            .about("Returns the dialogs that the caller chose in searches, the last one first.")
            .param(flag("SKIP_OPENLINES", "Whether open channels are left out; there are none"))
            .param(flag("SKIP_CHAT", "Whether chats are left out"))
            .param(flag("SKIP_DIALOG", "Whether dialogs with users are left out"))
            .example(json!({}), json!("*")),
    ]
}

/// The dialog that a call names, and how it is kept.
fn named(call: &Call<'_, '_>) -> Result<(Dialog, String)> {
    let dialog = Dialog::of_call(call).ok_or_else(unnamed)?;
    let name = match dialog {
        Dialog::User(id) => id.to_string(),
        Dialog::Chat(id) => format!("chat{id}"),
        Dialog::Group(id) => format!("sg{id}"),
    };
    Ok((dialog, name))
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let (dialog, name) = named(call)?;
    let is_there = match dialog {
        Dialog::User(id) => directory::exists(call.tx, id)?,
        other => other.room(call)?.is_some(),
    };
    if !is_there {
        return Err(denied().into());
    }
    let me = call.caller.user_id;
    forget(call, &name)?;
    let sql = "INSERT INTO im_search_last (user_id, dialog_id) VALUES (?, ?)";
    call.tx.insert(sql, &[me.into(), name.into()])?;
    let sql = "DELETE FROM im_search_last WHERE user_id = ? AND id <= \
               (SELECT id FROM im_search_last WHERE user_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?)";
    call.tx.execute(sql, &[me.into(), me.into(), KEPT.into()])?;
    Ok(true.into())
}

fn forget(call: &mut Call<'_, '_>, name: &str) -> Result<bool> {
    let sql = "DELETE FROM im_search_last WHERE user_id = ? AND dialog_id = ?";
    Ok(call.tx.execute(sql, &[call.caller.user_id.into(), name.into()])? > 0)
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let (_, name) = named(call)?;
    Ok(forget(call, &name)?.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let (no_chats, no_users) = (call.flag("SKIP_CHAT"), call.flag("SKIP_DIALOG"));
    let sql = "SELECT dialog_id FROM im_search_last WHERE user_id = ? ORDER BY id DESC";
    let names = call.tx.all(sql, &[call.caller.user_id.into()], |row| Ok(row.text(0)?.to_owned()))?;
    let mut shown = Vec::new();
    for name in names {
        let entry = match Dialog::parse(&name.as_str().into()) {
            Some(Dialog::User(id)) if !no_users => person::one(call, id)?.map(|person| of_user(id, &person)),
            Some(dialog @ (Dialog::Chat(_) | Dialog::Group(_))) if !no_chats => match dialog.room(call)? {
                Some(room) => Some(of_chat(call, &room)?),
                None => None,
            },
            _ => None,
        };
        shown.extend(entry.map(Value::from));
    }
    Ok(shown.into())
}

fn of_user(id: i64, person: &Map) -> Map {
    let own = |name: &str| person.get(name).cloned().unwrap_or_default();
    let mut map = entry(id.into(), "user", own("avatar"), own("color"), own("name"));
    map.push("user", person.clone());
    map
}

fn of_chat(call: &mut Call<'_, '_>, room: &Room) -> Result<Map> {
    let named = Named::of(call, &[room.id()])?;
    let (avatar, color) = (show::avatar_of(call, &room.chat), show::color_of(&room.chat));
    let id = format!("chat{}", room.id());
    let mut map = entry(id.into(), "chat", avatar.into(), color.into(), room.chat.text("title").into());
    map.push("chat", show::brief(call, &room.chat, room.role(call), &named));
    Ok(map)
}

fn entry(id: Value, kind: &str, avatar: Value, color: Value, title: Value) -> Map {
    let mut picture = Map::new();
    picture.push("url", avatar);
    picture.push("color", color);
    let mut map = Map::new();
    map.push("id", id);
    map.push("type", kind);
    map.push("title", title);
    map.push("avatar", picture);
    map
}
