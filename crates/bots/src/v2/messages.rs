//! `imbot.v2.Chat.Message.*`.

use serde_json::{Value as Json, json};

use engine::call::Call;
use engine::error::{Error, Result};
use engine::method::{Kind, Method, Param, optional, read, required, write};
use engine::moment;
use engine::noun::{self, Row};
use wire::{Fault, Map, Value};

use super::chats::number;
use super::{DIALOG, denied, dialog, done, named, or_denied, own, renamed, show};
use crate::SCOPE;
use crate::act::{act, params};
use crate::bot::Bot;
use crate::v1::{owned_keyboard, remove};

const MESSAGE_ID: Param = required("messageId", Kind::Id, "Message");

/// The longest text; what is beyond is cut.
const LONGEST: usize = 20_000;

/// The methods.
pub fn methods() -> Vec<Method> {
    [writing(), reading()].into_iter().flatten().collect()
}

/// What a message may have.
pub fn parts() -> Vec<Param> {
    vec![
        optional("message", Kind::Text, "Text"),
        optional("attach", Kind::Any, "Attached blocks; N removes them"),
        optional("keyboard", Kind::Any, "Buttons; N removes them"),
        optional("urlPreview", Kind::Flag, "Whether links are shown with a preview"),
    ]
}

fn writing() -> Vec<Method> {
    let of_message = || json!({"botId": 5, "botToken": "demo-bot", "messageId": 9});
    let mut new = parts();
    new.push(optional("system", Kind::Flag, "Whether no author is shown; in chats only"));
    new.push(optional("replyId", Kind::Id, "The message that it answers"));
    new.push(optional("templateId", Kind::Text, "The program's own ID of the message"));
    new.push(optional("forwardIds", Kind::Any, "Messages to be passed on"));
    let reaction = || required("reaction", Kind::Text, "Reaction: like");
    vec![
        own(write("imbot.v2.Chat.Message.send", SCOPE, send), "Sends a message of a bot.")
            .param(DIALOG)
            .param(optional("fields", Kind::Fields, "The message").with_members(new))
            .example(
                json!({"botId": 5, "botToken": "demo-bot", "dialogId": "1", "fields": {"message": "Good morning!"}}),
                json!({"id": "*"}),
            ),
        own(write("imbot.v2.Chat.Message.update", SCOPE, update), "Changes a message of a bot.")
            .param(MESSAGE_ID)
            .param(required("fields", Kind::Fields, "What is changed").with_members(parts()))
            .example(
                json!({"botId": 5, "botToken": "demo-bot", "messageId": 9, "fields": {"message": "Good evening!"}}),
                json!({"result": true}),
            ),
        own(write("imbot.v2.Chat.Message.delete", SCOPE, delete), "Deletes a message of a bot.")
            .param(MESSAGE_ID)
            .param(optional("complete", Kind::Flag, "Whether nothing is left in its place"))
            .example(of_message(), json!({"result": true})),
        own(write("imbot.v2.Chat.Message.read", SCOPE, read_up_to), "Marks messages of a dialog as read by a bot.")
            .param(DIALOG)
            .param(optional("messageId", Kind::Id, "Last message that is read"))
            .example(
                json!({"botId": 5, "botToken": "demo-bot", "dialogId": "chat12", "messageId": 10}),
                json!({"chatId": 12, "counter": 0}),
            ),
        own(
            write("imbot.v2.Chat.Message.Reaction.add", SCOPE, |call| react(call, "plus")),
            "Adds a reaction of a bot to a message.",
        )
        .param(MESSAGE_ID)
        .param(reaction())
        .example(
            json!({"botId": 5, "botToken": "demo-bot", "messageId": 10, "reaction": "like"}),
            json!({"result": true}),
        ),
        own(
            write("imbot.v2.Chat.Message.Reaction.delete", SCOPE, |call| react(call, "minus")),
            "Takes a reaction of a bot from a message.",
        )
        .param(MESSAGE_ID)
        .param(reaction())
        .example(
            json!({"botId": 5, "botToken": "demo-bot", "messageId": 9, "reaction": "like"}),
            json!({"result": true}),
        ),
    ]
}

fn reading() -> Vec<Method> {
    let of_message = || json!({"botId": 5, "botToken": "demo-bot", "messageId": 9});
    vec![
        own(read("imbot.v2.Chat.Message.get", SCOPE, get), "Returns a message of a bot's chat.")
            .param(MESSAGE_ID)
            .example(of_message(), json!({"message": {"id": 9, "chatId": 12}})),
        own(
            read("imbot.v2.Chat.Message.getContext", SCOPE, context),
            "Returns the messages around one of a bot's chat.",
        )
        .param(MESSAGE_ID)
        .param(optional("range", Kind::Int, "Messages on either side, at most 50"))
        .example(of_message(), json!({"messages": "*", "hasNextPage": false})),
    ]
}

/// The parameters of a message, as chats take them.
pub fn message(bot: i64, fields: &Map) -> Map {
    let names = [
        ("message", "MESSAGE"),
        ("attach", "ATTACH"),
        ("keyboard", "KEYBOARD"),
        ("system", "SYSTEM"),
        ("urlPreview", "URL_PREVIEW"),
        ("replyId", "REPLY_ID"),
    ];
    let mut given = renamed(fields, names);
    let text = given.get("MESSAGE").and_then(Value::text).unwrap_or_default().into_owned();
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        given.insert("MESSAGE", format!("{} (...)", &text[..end]));
    }
    owned_keyboard(&mut given, bot);
    given
}

/// Sends it; gives its number.
fn post(call: &mut Call<'_, '_>, bot: &Bot, dialog: Value, mut given: Map) -> Result<i64> {
    given.push("DIALOG_ID", dialog);
    let words = |fault: Fault| match &*fault.code {
        "MESSAGE_EMPTY" => Fault::new(400, "EMPTY_MESSAGE", "Message is empty"),
        "ACCESS_ERROR" | "USER_NOT_FOUND" | "USER_ID_EMPTY" => denied(),
        _ => Fault::new(400, "SENDING_FAILED", "Sending failed").with("reason", fault.message.to_string()),
    };
    let id = act(call, bot.id, "im.message.add", given).map_err(|error| error.reworded(words))?;
    Ok(id.as_int().unwrap_or(0))
}

fn send(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let dialog = dialog(call)?;
    let fields = call.fields("fields");
    let mut uuids = Map::new();
    for id in super::ids(fields.get_any_case("forwardIds")) {
        let (row, _) = seen(call, &bot, id.as_int().unwrap_or(0))?.ok_or_else(denied)?;
        let sent = post(call, &bot, dialog.clone(), params([("MESSAGE", row.text("text").into())]))?;
        uuids.push(row.text("uuid"), sent);
    }
    let given = message(bot.id, &fields);
    let has_text = given.get("MESSAGE").is_some_and(|text| !text.is_empty()) || given.get("ATTACH").is_some();
    let mut answer = Map::with_capacity(2);
    if has_text || uuids.is_empty() {
        answer.push("id", post(call, &bot, dialog, given)?);
    } else {
        answer.push("id", Value::Null);
    }
    answer.push("uuidMap", uuids);
    Ok(answer.into())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let mut given = message(bot.id, &call.fields("fields"));
    given.push("MESSAGE_ID", call.param("messageId").cloned().unwrap_or_default());
    or_denied(act(call, bot.id, "im.message.update", given))?;
    Ok(done())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let (id, complete) = (call.id("messageId"), call.flag("complete"));
    or_denied(remove(call, bot.id, id, params([("MESSAGE_ID", id.into())]), complete))?;
    Ok(done())
}

fn read_up_to(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let dialog = dialog(call)?;
    let chat = number(call, bot.id, dialog.clone())?;
    let table = call.core.modules.noun_named("im.member").table;
    let sql = format!("SELECT last_read_id FROM {table} WHERE chat_id = ? AND user_id = ?");
    let before = call.tx.one(&sql, &[chat.into(), bot.id.into()], |row| row.int(0))?.unwrap_or(0);
    let mut named = params([("DIALOG_ID", dialog)]);
    if let Some(id) = call.param("messageId").cloned() {
        named.push("MESSAGE_ID", id);
    }
    let read = or_denied(act(call, bot.id, "im.dialog.read", named))?;
    let last = read.get("lastId").and_then(Value::as_int).ok_or_else(denied)?;
    let table = call.core.modules.noun_named("im.message").table;
    let sql = format!(
        "SELECT id FROM {table} WHERE chat_id = ? AND id > ? AND id <= ? AND author_id <> ? ORDER BY id LIMIT 500"
    );
    let viewed = call.tx.all(&sql, &[chat.into(), before.into(), last.into(), bot.id.into()], |row| {
        Ok(Value::Int(row.int(0)?))
    })?;
    let mut answer = Map::with_capacity(4);
    answer.push("chatId", chat);
    answer.push("lastId", last);
    answer.push("counter", read.get("counter").cloned().unwrap_or_default());
    answer.push("viewedMessages", viewed);
    Ok(answer.into())
}

fn react(call: &mut Call<'_, '_>, action: &str) -> Result<Value> {
    let bot = named(call)?;
    let reaction = call.text("reaction").unwrap_or_default();
    // The only one that messages have here.
    if !reaction.eq_ignore_ascii_case("like") {
        return Err(Fault::new(400, "REACTION_NOT_FOUND", "Reaction not found").into());
    }
    let named = params([("MESSAGE_ID", call.id("messageId").into()), ("ACTION", action.into())]);
    match act(call, bot.id, "im.message.like", named) {
        Ok(_) => Ok(done()),
        Err(Error::Fault(_)) => {
            let id = call.id("messageId");
            seen(call, &bot, id)?.ok_or_else(denied)?;
            Err(match action {
                "plus" => Fault::new(400, "REACTION_ALREADY_SET", "Reaction already set"),
                _ => Fault::new(400, "REACTION_NOT_FOUND", "Reaction not found"),
            }
            .into())
        }
        Err(other) => Err(other),
    }
}

/// A message with its chat, if the bot is in that.
fn seen(call: &mut Call<'_, '_>, bot: &Bot, id: i64) -> Result<Option<(Row, i64)>> {
    let messages = call.core.modules.noun_named("im.message");
    let Some(row) = noun::again(call, messages, id)? else { return Ok(None) };
    let chat = row.int("chatId").unwrap_or(0);
    let table = call.core.modules.noun_named("im.member").table;
    let sql = format!("SELECT start_id FROM {table} WHERE chat_id = ? AND user_id = ?");
    let start = call.tx.one(&sql, &[chat.into(), bot.id.into()], |row| row.int(0))?;
    Ok(start.filter(|start| id >= *start).map(|_| (row, chat)))
}

/// A message in the newer form; `read` is how far somebody else has read.
fn shown(call: &Call<'_, '_>, row: &Row, read: i64) -> Value {
    let author = row.int("authorId").unwrap_or(0);
    let date = row.int("dateCreate").unwrap_or(0);
    let params = match row.json("params") {
        params @ Json::Object(_) => params,
        _ => json!({}),
    };
    let mut map = Map::with_capacity(10);
    map.push("id", row.number);
    map.push("chatId", row.int("chatId"));
    map.push("authorId", author);
    map.push("date", moment::print(&call.caller.zone, date).as_str());
    map.push("text", row.text("text"));
    map.push("isSystem", author == 0);
    map.push("uuid", row.text("uuid"));
    map.push("forward", Value::Null);
    map.push("params", Value::from(params));
    map.push("viewedByOthers", read >= row.number);
    map.into()
}

/// How far somebody other than the bot has read a chat.
fn read_by_others(call: &mut Call<'_, '_>, bot: &Bot, chat: i64) -> Result<i64> {
    let table = call.core.modules.noun_named("im.member").table;
    let sql =
        format!("SELECT COALESCE(MAX(last_read_id), 0) FROM {table} WHERE chat_id = ? AND user_id <> ?");
    Ok(call.tx.one(&sql, &[chat.into(), bot.id.into()], |row| row.int(0))?.unwrap_or(0))
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let id = call.id("messageId");
    let (row, chat) = seen(call, &bot, id)?.ok_or_else(denied)?;
    let read = read_by_others(call, &bot, chat)?;
    let author = row.int("authorId").unwrap_or(0);
    let user = show::users(call, &[author])?.items().next().cloned().unwrap_or_default();
    let mut answer = Map::with_capacity(2);
    answer.push("message", shown(call, &row, read));
    answer.push("user", user);
    Ok(answer.into())
}

fn context(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let id = call.id("messageId");
    let messages = call.core.modules.noun_named("im.message");
    if noun::again(call, messages, id)?.is_none() {
        return Err(Fault::new(400, "MESSAGE_NOT_FOUND", "Message not found").into());
    }
    let refused = || Fault::new(403, "MESSAGE_ACCESS_DENIED", "Message access denied");
    let (_, chat) = seen(call, &bot, id)?.ok_or_else(refused)?;
    let range = call.param("range").and_then(Value::as_int).filter(|range| *range > 0).unwrap_or(50).min(50);
    let page = |condition: &str, limit: i64, call: &mut Call<'_, '_>| {
        // In the eyes of the bot, which was seen to be in the chat from its first message on.
        let sql = format!(
            "SELECT t.id FROM {} t WHERE t.chat_id = ? AND {condition} LIMIT {limit}",
            messages.table
        );
        let ids = call.tx.all(&sql, &[chat.into(), id.into()], |row| row.int(0))?;
        Ok::<_, Error>(ids)
    };
    let mut before = page("t.id < ? ORDER BY t.id DESC", range + 1, call)?;
    let mut after = page("t.id > ? ORDER BY t.id", range + 1, call)?;
    let most = usize::try_from(range).unwrap_or(50);
    let (has_before, has_after) = (before.len() > most, after.len() > most);
    before.truncate(most);
    after.truncate(most);
    let ids: Vec<i64> = before.into_iter().rev().chain([id]).chain(after).collect();
    let read = read_by_others(call, &bot, chat)?;
    let (mut rows, mut authors) = (Vec::with_capacity(ids.len()), Vec::new());
    for id in ids {
        let Some((row, _)) = seen(call, &bot, id)? else { continue };
        authors.extend(row.int("authorId").filter(|author| *author > 0));
        rows.push(shown(call, &row, read));
    }
    authors.sort_unstable();
    authors.dedup();
    let mut answer = Map::with_capacity(4);
    answer.push("messages", rows);
    answer.push("users", show::users(call, &authors)?);
    answer.push("hasPrevPage", has_before);
    answer.push("hasNextPage", has_after);
    Ok(answer.into())
}
