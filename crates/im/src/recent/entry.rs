//! Entries of a recent list as answers show them; what they need is looked up for all of them together.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Row};
use store::Param;
use wire::{Map, Value};

use crate::chat::show::{self, Named};
use crate::chat::{PRIVATE, is_group};
use crate::dialog::Room;
use crate::message::{self, MESSAGE, text};
use crate::person;

/// What the entries of a page need.
struct Around {
    chats: HashMap<i64, Row>,
    messages: HashMap<i64, Row>,
    people: HashMap<i64, Map>,
    named: Named,
    /// The other one in each chat of two.
    partners: HashMap<i64, i64>,
    /// The furthest read mark of the others, in chats whose last message is the caller's.
    read: HashMap<i64, i64>,
}

/// The entries of these memberships of the caller, in their order.
pub fn entries(call: &mut Call<'_, '_>, rows: &[Row]) -> Result<Vec<Value>> {
    let around = Around::of(call, rows)?;
    Ok(rows.iter().filter_map(|row| around.entry(call, row)).map(Value::from).collect())
}

impl Around {
    fn of(call: &mut Call<'_, '_>, rows: &[Row]) -> Result<Self> {
        let me = call.caller.user_id;
        let ids: Vec<i64> = rows.iter().filter_map(|row| row.int("chatId")).collect();
        let chats = show::by_id(call, &ids)?;
        let last: Vec<i64> = rows.iter().filter_map(|row| row.int("recentId")).collect();
        let messages = messages(call, &last)?;
        let private: Vec<i64> =
            chats.values().filter(|chat| chat.text("type") == PRIVATE).map(|chat| chat.number).collect();
        let groups: Vec<i64> = chats.values().filter(|chat| is_group(chat)).map(|chat| chat.number).collect();
        let others = "SELECT chat_id, MAX(user_id) FROM im_member WHERE user_id <> ? AND chat_id IN (#) GROUP BY chat_id";
        let mut partners = pairs(call, others, me, &private)?;
        for chat in private {
            partners.entry(chat).or_insert(me);
        }
        let mine = messages.values().filter(|message| message.int("authorId") == Some(me));
        let mine: Vec<i64> = mine.filter_map(|message| message.int("chatId")).collect();
        let furthest = "SELECT chat_id, MAX(last_read_id) FROM im_member \
                        WHERE read_date IS NOT NULL AND user_id <> ? AND chat_id IN (#) GROUP BY chat_id";
        let read = pairs(call, furthest, me, &mine)?;
        let authors = messages.values().filter_map(|message| message.int("authorId"));
        let mut users: Vec<i64> = authors.chain(partners.values().copied()).filter(|id| *id > 0).collect();
        users.sort_unstable();
        users.dedup();
        let people = person::by_id(call, &users)?;
        let named = Named::of(call, &groups)?;
        Ok(Around { chats, messages, people, named, partners, read })
    }

    fn entry(&self, call: &Call<'_, '_>, row: &Row) -> Option<Map> {
        let chat = self.chats.get(&row.int("chatId")?)?;
        let last = self.messages.get(&row.int("recentId")?)?;
        let partner = self.partners.get(&chat.number).and_then(|user| self.people.get(user));
        let mut map = Map::with_capacity(18);
        match partner {
            Some(person) => map.push("id", person.get("id").cloned().unwrap_or_default()),
            None => map.push("id", format!("chat{}", chat.number)),
        }
        map.push("chat_id", chat.number);
        map.push("type", if partner.is_some() { "user" } else { "chat" });
        let mut avatar = Map::new();
        match partner {
            Some(person) => {
                avatar.push("url", person.get("avatar").cloned().unwrap_or_default());
                avatar.push("color", person.get("color").cloned().unwrap_or_default());
                map.push("avatar", avatar);
                map.push("title", person.get("name").cloned().unwrap_or_default());
            }
            None => {
                avatar.push("url", show::avatar_of(call, chat));
                avatar.push("color", show::color_of(chat));
                map.push("avatar", avatar);
                map.push("title", chat.text("title"));
            }
        }
        map.push("message", self.message(call, last));
        map.push("counter", row.int("counter").unwrap_or(0));
        map.push("last_id", row.int("lastReadId").unwrap_or(0));
        map.push("pinned", row.text("pinned") == "Y");
        map.push("unread", row.text("unread") == "Y");
        map.push("has_reminder", false);
        map.push("date_update", message::show::date(call, last));
        map.push("date_last_activity", message::show::date(call, last));
        let author = last.int("authorId").and_then(|author| self.people.get(&author));
        match partner {
            Some(person) => {
                map.push("user", person.clone());
                let mut plain = Map::new();
                plain.push("text_field_enabled", chat.text("textField") != "N");
                plain.push("background_id", Value::Null);
                plain.push("mute_list", Vec::<Value>::new());
                map.push("chat", plain);
            }
            None => {
                let room = Room { chat: chat.clone(), me: Some(row.clone()) };
                map.push("chat", show::brief(call, chat, room.role(call), &self.named));
                map.push(
                    "user",
                    author.map_or_else(|| Value::under("id", 0), |person| person.clone().into()),
                );
            }
        }
        map.push("options", Vec::<Value>::new());
        Some(map)
    }

    fn message(&self, call: &Call<'_, '_>, row: &Row) -> Map {
        let params = row.json("params");
        let author = row.int("authorId").unwrap_or(0);
        let chat = row.int("chatId").unwrap_or(0);
        let is_read = author == call.caller.user_id
            && self.read.get(&chat).is_some_and(|furthest| *furthest >= row.number);
        let shown = if call.flag("GET_ORIGINAL_TEXT") {
            row.text("text").to_owned()
        } else {
            text::brief(row.text("text"))
        };
        let mut map = Map::with_capacity(9);
        map.push("id", row.number);
        map.push("text", shown);
        map.push("file", params.get("FILE_ID").is_some());
        map.push("author_id", author);
        map.push("attach", params.get("ATTACH").is_some());
        map.push("sticker", Value::Null);
        map.push("date", message::show::date(call, row));
        map.push("status", if is_read { "delivered" } else { "received" });
        map.push("uuid", message::show::uuid(row));
        map
    }
}

/// The messages with these numbers that the caller may read, by number.
fn messages(call: &mut Call<'_, '_>, ids: &[i64]) -> Result<HashMap<i64, Row>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let scope = MESSAGE.grant(call, Act::Read)?;
    let condition = format!("t.id IN ({})", store::placeholders(ids.len()));
    let params = ids.iter().map(|id| Param::from(*id)).collect();
    let rows = noun::select(call, &MESSAGE, &scope, &condition, params, "")?;
    Ok(rows.into_iter().map(|row| (row.number, row)).collect())
}

/// Two numbers of each of these chats; `{}` in the statement stands for the condition on them.
fn pairs(call: &mut Call<'_, '_>, sql: &str, me: i64, chats: &[i64]) -> Result<HashMap<i64, i64>> {
    let found = call.tx.all_among(sql, &[me.into()], chats, |row| Ok((row.int(0)?, row.int(1)?)))?;
    Ok(found.into_iter().collect())
}
