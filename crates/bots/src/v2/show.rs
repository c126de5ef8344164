//! Bots, people and chats as the newer methods show them.

use engine::call::Call;
use engine::entity::field;
use engine::error::Result;
use wire::{Map, Value};

use crate::act::{ask, params};
use crate::bot::{Bot, Bots};

/// The same with names in camelCase, at every depth.
pub fn camel(value: Value) -> Value {
    match value {
        Value::Map(map) => {
            let renamed = map.into_iter().map(|(name, value)| (field::camel(&name).into(), camel(value)));
            renamed.collect::<Map>().into()
        }
        Value::List(list) => list.into_iter().map(camel).collect::<Vec<_>>().into(),
        other => other,
    }
}

/// A chat that `im.dialog.get` answered: the newer methods have flags as letters, and who saw the last message as JSON in text.
pub fn chat(found: Value) -> Map {
    let mut chat = camel(found).into_map().unwrap_or_default();
    for (name, value) in [("containsCollaber", Value::Bool(false)), ("isNew", false.into())] {
        if chat.get(name).is_none() {
            chat.push(name, value);
        }
    }
    let is_open = chat.get("textFieldEnabled").and_then(Value::as_flag).unwrap_or(true);
    chat.insert("textFieldEnabled", if is_open { "Y" } else { "N" });
    let views = chat.get("lastMessageViews").filter(|views| matches!(views, Value::Map(_)));
    let views = views.map_or_else(|| "{}".to_owned(), |views| serde_json::Value::from(views).to_string());
    chat.insert("lastMessageViews", views);
    chat
}

/// A bot; `whole` for its owner.
///
/// # Errors
/// Those of the store.
pub fn bot(call: &mut Call<'_, '_>, bot: &Bot, whole: bool) -> Result<Value> {
    let mut map = Map::with_capacity(14);
    map.push("id", bot.id);
    map.push("code", bot.code.as_str());
    map.push("type", bot.word());
    map.push("isHidden", bot.hidden);
    map.push("isSupportOpenline", bot.support);
    map.push("isReactionsEnabled", bot.reactions);
    map.push("backgroundId", bot.background.as_deref());
    map.push("language", call.language.language.code());
    if whole {
        let commands = Bots::of(&call.meta).commands.iter().filter(|command| command.bot == bot.id).count();
        let (chats, messages, users) = counts(call, bot.id)?;
        map.push("moduleId", "rest");
        map.push("eventMode", if bot.fetches() { "fetch" } else { "webhook" });
        map.push("countMessage", messages);
        map.push("countCommand", i64::try_from(commands).unwrap_or(i64::MAX));
        map.push("countChat", chats);
        map.push("countUser", users);
    }
    Ok(map.into())
}

/// How many chats a bot is in, how many messages they have, and with how many people it has a chat of two.
fn counts(call: &mut Call<'_, '_>, bot: i64) -> Result<(i64, i64, i64)> {
    let modules = call.core.modules;
    let (Some(chat), Some(member)) = (modules.noun("im.chat"), modules.noun("im.member")) else {
        return Ok((0, 0, 0));
    };
    let sql = format!(
        "SELECT COUNT(*), COALESCE(SUM(c.message_count), 0), \
         COALESCE(SUM(CASE WHEN c.type = 'PRIVATE' THEN 1 ELSE 0 END), 0) \
         FROM {} m JOIN {} c ON c.id = m.chat_id WHERE m.user_id = ?",
        member.noun.table, chat.noun.table
    );
    let read = |row: &store::Row<'_>| Ok((row.int(0)?, row.int(1)?, row.int(2)?));
    Ok(call.tx.one(&sql, &[bot.into()], read)?.unwrap_or_default())
}

/// These users, bots among them, in the form in which chats show people.
///
/// # Errors
/// Those of the store.
pub fn users(call: &mut Call<'_, '_>, ids: &[i64]) -> Result<Value> {
    let ids: Vec<Value> = ids.iter().copied().map(Value::Int).collect();
    if ids.is_empty() {
        return Ok(ids.into());
    }
    let named = params([("ID", ids.into()), ("RESULT_TYPE", "array".into())]);
    Ok(camel(ask(call, "im.user.list.get", named)?))
}
