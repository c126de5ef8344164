//! Chats as answers show them.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::moment;
use engine::noun::{self, Row};
use store::Param;
use wire::{Map, Value};

use super::{CHAT, kind};
use crate::color;
use crate::dialog::room::{Role, Room};
use crate::person;

/// The members of chats whom answers name: who muted them, and who manages them.
#[derive(Debug, Default)]
pub struct Named {
    muted: HashMap<i64, Vec<i64>>,
    managers: HashMap<i64, Vec<i64>>,
}

impl Named {
    /// Those of these chats, which the caller may read.
    pub fn of(call: &mut Call<'_, '_>, chats: &[i64]) -> Result<Self> {
        let mut named = Named::default();
        let sql = "SELECT chat_id, user_id, muted, manager FROM im_member \
                   WHERE (muted = 'Y' OR manager = 'Y') AND chat_id IN (#) ORDER BY chat_id, user_id";
        call.tx.all_among(sql, &[], chats, |row| {
            let (chat, user) = (row.int(0)?, row.int(1)?);
            if row.text(2)? == "Y" {
                named.muted.entry(chat).or_default().push(user);
            }
            if row.text(3)? == "Y" {
                named.managers.entry(chat).or_default().push(user);
            }
            Ok(())
        })?;
        Ok(named)
    }

    /// `{"7": true}`
    fn muted(&self, chat: i64) -> Value {
        let muted = self.muted.get(&chat).into_iter().flatten();
        muted.map(|user| (user.to_string().into(), true.into())).collect::<Map>().into_value()
    }

    /// The owner and the managers.
    fn managers(&self, chat: &Row) -> Value {
        let owner = chat.int("ownerId").filter(|owner| *owner > 0);
        let managers = self.managers.get(&chat.number).into_iter().flatten().copied();
        let others = managers.filter(|user| Some(*user) != owner);
        owner.into_iter().chain(others).map(Value::Int).collect::<Vec<_>>().into()
    }
}

/// The chats with these numbers that the caller may read, by number.
pub fn by_id(call: &mut Call<'_, '_>, ids: &[i64]) -> Result<HashMap<i64, Row>> {
    let mut found = HashMap::with_capacity(ids.len());
    if ids.is_empty() {
        return Ok(found);
    }
    let scope = CHAT.grant(call, Act::Read)?;
    let condition = format!("t.id IN ({})", store::placeholders(ids.len()));
    let params = ids.iter().map(|id| Param::from(*id)).collect();
    for row in noun::select(call, &CHAT, &scope, &condition, params, "")? {
        found.insert(row.number, row);
    }
    Ok(found)
}

/// The colour of a chat.
pub fn color_of(chat: &Row) -> &'static str {
    color::of_code(chat.text("color")).unwrap_or_else(|| color::of_number(chat.number))
}

/// The picture of a chat; empty when it has none.
pub fn avatar_of(call: &Call<'_, '_>, chat: &Row) -> String {
    chat.int("avatar").map_or_else(String::new, |file| person::picture(call, file))
}

/// A group chat as an entry of the recent list has it.
pub fn brief(call: &Call<'_, '_>, chat: &Row, role: Role, named: &Named) -> Map {
    let mut map = Map::with_capacity(28);
    map.push("id", chat.number);
    map.push("parent_chat_id", 0);
    map.push("parent_message_id", 0);
    map.push("name", chat.text("title"));
    map.push("owner", chat.int("ownerId").unwrap_or(0));
    map.push("extranet", false);
    map.push("contains_collaber", false);
    map.push("avatar", avatar_of(call, chat));
    map.push("color", color_of(chat));
    map.push("type", kind::word(chat));
    put_entity(&mut map, chat);
    map.push("mute_list", named.muted(chat.number));
    map.push("manager_list", named.managers(chat));
    map.push("date_create", created(call, chat));
    map.push("message_type", kind::letter(chat));
    map.push("user_counter", chat.int("userCount").unwrap_or(0));
    map.push("restrictions", Value::from(kind::restrictions(chat, false)));
    map.push("role", role.code().to_ascii_uppercase());
    put_abilities(&mut map, chat);
    map.push("public", "");
    map
}

/// A chat as `im.dialog.get` has it, without what is read of its members and messages.
pub fn whole(call: &Call<'_, '_>, room: &Room, named: &Named) -> Map {
    let chat = &room.chat;
    let mut map = Map::with_capacity(48);
    map.push("id", chat.number);
    map.push("parent_chat_id", 0);
    map.push("parent_message_id", 0);
    map.push("name", chat.text("title"));
    map.push("description", chat.text("description"));
    map.push("owner", chat.int("ownerId").unwrap_or(0));
    map.push("extranet", false);
    map.push("avatar", avatar_of(call, chat));
    map.push("color", color_of(chat));
    map.push("type", kind::word(chat));
    map.push("counter", room.my("counter"));
    map.push("user_counter", chat.int("userCount").unwrap_or(0));
    map.push("message_count", chat.int("messageCount").unwrap_or(0));
    map.push("unread_id", 0);
    map.push("restrictions", Value::from(kind::restrictions(chat, true)));
    map.push("last_message_id", chat.int("lastMessageId").unwrap_or(0));
    map.push("last_id", room.my("lastReadId"));
    map.push("marked_id", 0);
    map.push("disk_folder_id", chat.int("diskFolderId").unwrap_or(0));
    put_entity(&mut map, chat);
    map.push("mute_list", named.muted(chat.number));
    map.push("date_create", created(call, chat));
    map.push("message_type", kind::letter(chat));
    map.push("public", "");
    map.push("role", room.role(call).code());
    put_abilities(&mut map, chat);
    map.push("is_new", false);
    map.push("manager_list", named.managers(chat));
    map
}

fn put_entity(map: &mut Map, chat: &Row) {
    for (name, field) in [
        ("entity_type", "entityType"),
        ("entity_id", "entityId"),
        ("entity_data_1", "entityData1"),
        ("entity_data_2", "entityData2"),
        ("entity_data_3", "entityData3"),
    ] {
        map.push(name, chat.text(field));
    }
}

fn put_abilities(map: &mut Map, chat: &Row) {
    map.push("entity_link", Value::from(kind::link(chat)));
    map.push("text_field_enabled", chat.text("textField") != "N");
    map.push("background_id", Value::Null);
    map.push("permissions", Value::from(kind::permissions()));
}

fn created(call: &Call<'_, '_>, chat: &Row) -> Value {
    moment::print(&call.caller.zone, chat.int("dateCreate").unwrap_or(0)).as_str().into()
}
