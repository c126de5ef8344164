//! `im.dialog.messages.search`.

use serde_json::json;
use store::{Dialect, Param};
use wire::{Fault, Map, Value};

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required};
use engine::noun::{self, Row};

use super::{Dialog, Room, limit};
use crate::message::{MESSAGE, show};
use crate::{SCOPE, file, person};

const USUAL: i64 = 50;
const MOST: i64 = 200;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("im.dialog.messages.search", SCOPE, search)
            .own_words()
            .about("Finds messages of a chat by words and dates.")
            .param(required("CHAT_ID", Kind::Id, "Chat"))
            .param(optional("SEARCH_MESSAGE", Kind::Text, "Words that the text has"))
            .param(optional("DATE_FROM", Kind::Text, "Sent at this moment or later"))
            .param(optional("DATE_TO", Kind::Text, "Sent at this moment or before"))
            .param(optional("DATE", Kind::Text, "Sent on this day"))
            .param(optional("ORDER", Kind::Order, "ASC or DESC by ID"))
            .param(optional("LIMIT", Kind::Int, "Messages, at most 200"))
            .param(optional("LAST_ID", Kind::Int, "Only messages behind this one in that order"))
            .example(
                json!({"CHAT_ID": 1, "SEARCH_MESSAGE": "chairs"}),
                json!({"messages": [{"id": 1, "chatId": 1, "isSystem": false}]}),
            ),
    ]
}

/// Conditions with their values.
#[derive(Default)]
struct Conditions {
    texts: Vec<String>,
    values: Vec<Param<'static>>,
}

impl Conditions {
    fn add(&mut self, text: impl Into<String>, value: impl Into<Param<'static>>) {
        self.texts.push(text.into());
        self.values.push(value.into());
    }
}

fn search(call: &mut Call<'_, '_>) -> Result<Value> {
    let chat = call.param("CHAT_ID").and_then(Value::as_int).filter(|id| *id > 0);
    let chat = chat.ok_or_else(|| Fault::new(400, "CHAT_ID_EMPTY", "CHAT_ID can't be empty"))?;
    let foreign = || Fault::new(400, "ACCESS_ERROR", "You do not have access to this chat");
    let room = Dialog::Chat(chat).room(call)?.filter(|room| !room.is_notifications()).ok_or_else(foreign)?;
    let ascends = call
        .fields("ORDER")
        .get_any_case("ID")
        .and_then(Value::as_str)
        .is_some_and(|order| order.trim().eq_ignore_ascii_case("ASC"));
    let mut conditions = Conditions::default();
    conditions.add("t.chat_id = ?", room.id());
    conditions.add("t.is_deleted = ?", "N");
    if let Some(last) = call.param("LAST_ID").and_then(Value::as_int).filter(|id| *id > 0) {
        conditions.add(if ascends { "t.id > ?" } else { "t.id < ?" }, last);
    }
    for word in call.text("SEARCH_MESSAGE").unwrap_or_default().split_whitespace().take(WORDS) {
        conditions.add(Dialect::like("t.text"), format!("%{}%", Dialect::escape(word)));
    }
    dates(call, &mut conditions);
    let order = if ascends { "ASC" } else { "DESC" };
    let rest = format!(" ORDER BY t.id {order} LIMIT {}", limit(call, USUAL, MOST));
    let scope = MESSAGE.grant(call, Act::Read)?;
    let condition = conditions.texts.join(" AND ");
    let rows = noun::select(call, &MESSAGE, &scope, &condition, conditions.values, &rest)?;
    answer(call, &room, &rows)
}

/// Words that a search looks for.
const WORDS: usize = 10;

fn dates(call: &Call<'_, '_>, conditions: &mut Conditions) {
    let clock = call.clock();
    let moment = |name: &str| call.param(name).and_then(|given| clock.read(given));
    if let Some(from) = moment("DATE_FROM") {
        conditions.add("t.date_create >= ?", from);
    }
    if let Some(to) = moment("DATE_TO") {
        conditions.add("t.date_create <= ?", to);
    }
    let day = call.param("DATE").and_then(|given| clock.read_day(given));
    if let Some(start) = day.and_then(|day| clock.read(&Value::from(day))) {
        conditions.add("t.date_create >= ?", start);
        conditions.add("t.date_create < ?", start + 24 * 3600);
    }
}

fn answer(call: &mut Call<'_, '_>, room: &Room, rows: &[Row]) -> Result<Value> {
    let users = person::list(call, &show::authors(rows))?.into_iter().map(person::camel);
    let mut answer = Map::new();
    answer.push("users", users.collect::<Vec<_>>());
    answer.push("files", file::of_messages(call, room.id(), rows)?);
    answer.push("additionalMessages", Vec::<Value>::new());
    answer.push("copilot", Value::Null);
    for name in ["stickers", "reactions"] {
        answer.push(name, Vec::<Value>::new());
    }
    answer.push("tariffRestrictions", Value::under("isHistoryLimitExceeded", false));
    answer.push("usersShort", Vec::<Value>::new());
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        found.push(Value::from(message(call, room, row)?));
    }
    answer.push("messages", found);
    Ok(answer.into())
}

fn message(call: &mut Call<'_, '_>, room: &Room, row: &Row) -> Result<Map> {
    let author = row.int("authorId").unwrap_or(0);
    let readers = {
        let sql = "SELECT COUNT(*) FROM im_member WHERE chat_id = ? AND last_read_id >= ? AND user_id <> ? \
                   AND read_date IS NOT NULL";
        let params = [room.id().into(), row.number.into(), author.into()];
        call.tx.one(sql, &params, |row| row.int(0))?.unwrap_or(0)
    };
    let is_mine = author == call.caller.user_id;
    let is_read = is_mine || row.number <= room.my("lastReadId");
    let mut map = Map::with_capacity(17);
    map.push("id", row.number);
    for name in ["chatId", "chat_id"] {
        map.push(name, room.id());
    }
    for name in ["authorId", "author_id"] {
        map.push(name, author);
    }
    map.push("date", show::date(call, row));
    map.push("text", row.text("text"));
    map.push("isSystem", author == 0);
    map.push("uuid", show::uuid(row));
    map.push("forward", Value::Null);
    map.push("params", show::params(row));
    map.push("viewedByOthers", readers > 0);
    map.push("block", Value::Null);
    map.push("unread", !is_read);
    map.push("viewed", is_read);
    map.push("viewedCount", readers);
    Ok(map)
}
