//! `imopenlines.session.history.get`: what was said in a session, also for operators who are not in the chat.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind as Given, Method, optional, read};
use engine::moment;
use engine::noun::{self, Asked, Row};
use serde_json::json;
use wire::{Map, Value};

use crate::SCOPE;
use crate::dialogs::may_rate;
use crate::messenger;
use crate::parts::{camel, departments, files, renamed};
use crate::session::{self, SESSION, chat_of, line_of};
use crate::words::{denied, number, refuse};

/// Messages that an answer has, the latest ones.
const MOST: i64 = 100;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("imopenlines.session.history.get", SCOPE, get)
            .own_words()
            .about("Returns the messages of a session with their authors and the chat.")
            .param(optional("SESSION_ID", Given::Id, "Session"))
            .param(optional("CHAT_ID", Given::Id, "Chat, for its latest session"))
            .example(json!({"SESSION_ID": 1}), json!({"sessionId": 1, "chatId": crate::DEMO_CHAT})),
    ]
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, chat) = (number(call, "SESSION_ID"), number(call, "CHAT_ID"));
    let found = match (id, chat) {
        (Some(id), _) => {
            let scope = SESSION.grant(call, Act::Read)?;
            noun::one(call, &SESSION, &scope, id)?
        }
        (None, Some(chat)) => session::latest(call, chat, Act::Read)?,
        (None, None) => {
            let text = "Session ID or Chat ID must be provided";
            return Err(refuse("MISSING_REQUIRED_PARAM", text).into());
        }
    };
    let found = found.ok_or_else(denied)?;
    let chat = messenger::chat(call, chat_of(&found))?.ok_or_else(denied)?;
    let messages = said(call, &found)?;
    let mut users: Vec<i64> = messages.iter().filter_map(|row| row.int("authorId")).collect();
    users.push(session::operator(&found));
    users.retain(|user| *user > 0);
    users.sort_unstable();
    users.dedup();
    answer(call, &found, &chat, &messages, &users)
}

/// What was said in a session, the latest first.
fn said(call: &mut Call<'_, '_>, found: &Row) -> Result<Vec<Row>> {
    let end = found.int("endId").unwrap_or(i64::MAX);
    let condition = "t.chat_id = ? AND t.id >= ? AND t.id <= ? AND t.is_deleted = 'N'".to_owned();
    let start = found.int("startId").unwrap_or(0);
    let within = Some((condition, vec![chat_of(found).into(), start.into(), end.into()]));
    let order = Some(noun::Order::default().by("t.id", "DESC"));
    let messages = messenger::messages(call)?;
    let window = Some((0, MOST));
    noun::belonging(call, messages, Asked { within, order, window, ..Asked::default() })
}

fn answer(
    call: &mut Call<'_, '_>,
    found: &Row,
    chat: &Row,
    messages: &[Row],
    users: &[i64],
) -> Result<Value> {
    let (id, line) = (chat.number, line_of(found));
    let (dialog, head) = (format!("chat{id}"), may_rate(call, found));
    let may_join = session::latest(call, id, Act::Update)?.is_some();
    let (mut shown, mut order) = (Map::new(), Vec::new());
    for row in messages {
        shown.push(row.number.to_string(), message(call, row, &dialog));
        order.push(Value::from(row.number.to_string()));
    }
    let members = messenger::members(call, id)?;
    let (member, people) = (members.first().copied(), people(call, users)?);
    let described = chat_shown(call, chat, member)?;
    let blocked: Map = members.iter().map(|user| (user.to_string().into(), false.into())).collect();
    let inside = members.into_iter().map(Value::Int).collect::<Vec<_>>();
    let mut all = Map::with_capacity(16);
    all.push("chatId", id);
    all.push("canJoin", engine::input::yes_no(may_join));
    all.push("canVoteHead", engine::input::yes_no(head));
    all.push("sessionId", found.number);
    all.push("sessionVoteHead", found.int("voteHead").unwrap_or(0));
    all.push("sessionCommentHead", Some(found.text("commentHead")).filter(|text| !text.is_empty()));
    all.push("userId", dialog.as_str());
    all.push("message", shown);
    all.push("usersMessage", Value::under(dialog.as_str(), order));
    all.push("users", people.clone());
    all.push("openlines", Value::under("canvoteashead", Value::under(line.to_string(), head)));
    all.push("userInGroup", departments(&people));
    all.push("woUserInGroup", Value::List(Vec::new()));
    all.push("chat", Value::under(id.to_string(), described));
    all.push("userBlockChat", Value::under(id.to_string(), blocked));
    all.push("userInChat", Value::under(id.to_string(), inside));
    all.push("files", files(call, chat.number, messages, member)?);
    Ok(all.into_value())
}

fn message(call: &Call<'_, '_>, row: &Row, dialog: &str) -> Map {
    let mut message = Map::with_capacity(8);
    message.push("id", row.number.to_string());
    message.push("chatid", row.int("chatId").unwrap_or(0).to_string());
    message.push("senderid", row.int("authorId").unwrap_or(0).to_string());
    message.push("recipientid", dialog);
    message.push("date", moment::print(&call.caller.zone, row.int("dateCreate").unwrap_or(0)).as_str());
    message.push("text", row.text("text"));
    message.push("textlegacy", row.text("text"));
    let params = Value::from(row.json("params"));
    message.push("params", if params == Value::Null { Value::List(Vec::new()) } else { renamed(&params) });
    message
}

/// People as chats show them, by their numbers and under camelCase names.
fn people(call: &mut Call<'_, '_>, users: &[i64]) -> Result<Map> {
    if users.is_empty() {
        return Ok(Map::new());
    }
    let me = call.caller.user_id;
    let params = json!({"ID": users, "RESULT_TYPE": "array"});
    let found = messenger::ask_as(call, me, "im.user.list.get", params)?;
    let mut people = Map::with_capacity(users.len());
    for person in found.items() {
        let mut shown = camel(person);
        let id = shown.get("id").and_then(Value::text).map(|id| id.into_owned()).unwrap_or_default();
        shown.insert("id", id.as_str());
        shown.push("avatarId", "");
        shown.push("phoneDevice", false);
        shown.push("profile", format!("/company/personal/user/{id}/"));
        shown.push("services", Value::Null);
        people.push(id, shown);
    }
    Ok(people)
}

/// What of a chat is the same for all of its members.
const OF_ALL: [&str; 13] = [
    "parentChatId",
    "parentMessageId",
    "color",
    "extranet",
    "avatar",
    "public",
    "muteList",
    "managerList",
    "dateCreate",
    "entityLink",
    "permissions",
    "textFieldEnabled",
    "backgroundId",
];

/// The chat as one of its members sees it, since whoever reads a history need not be one; the bare chat where nobody is left.
fn chat_shown(call: &mut Call<'_, '_>, chat: &Row, member: Option<i64>) -> Result<Map> {
    let mut shown = Map::with_capacity(24);
    if let Some(user) = member {
        let params = json!({"DIALOG_ID": format!("chat{}", chat.number)});
        let seen = camel(&messenger::ask_as(call, user, "im.dialog.get", params)?);
        for name in OF_ALL {
            shown.push(name, seen.get(name).cloned().unwrap_or_default());
        }
    }
    shown.insert("id", chat.number.to_string());
    shown.insert("name", chat.text("title"));
    shown.insert("owner", chat.int("ownerId").unwrap_or(0).to_string());
    shown.insert("messageCount", chat.int("messageCount").unwrap_or(0));
    for name in ["entityType", "entityId", "entityData1", "entityData2", "entityData3"] {
        shown.insert(name, chat.text(name));
    }
    shown.insert("type", "lines");
    shown.insert("messageType", "L");
    shown.insert("call", "0");
    shown.insert("callNumber", "");
    shown.insert("isNew", false);
    Ok(shown)
}
