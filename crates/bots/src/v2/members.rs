//! `imbot.v2.Chat.User.*` and `imbot.v2.Chat.Manager.*`.

use serde_json::json;

use engine::call::Call;
use engine::error::{Error, Result};
use engine::method::{Kind, Method, Param, optional, read, required, write};
use wire::{Fault, Value};

use super::chats::number;
use super::{DIALOG, denied, dialog, done, ids, named, or_denied, own, show};
use crate::SCOPE;
use crate::act::{act, params};
use crate::v1::set_manager;

const USERS: Param = required("userIds", Kind::List, "IDs of users");

/// The methods.
pub fn methods() -> Vec<Method> {
    let of = |ids: serde_json::Value| json!({"botId": 5, "botToken": "demo-bot", "dialogId": "chat12", "userIds": ids});
    vec![
        own(write("imbot.v2.Chat.User.add", SCOPE, add), "Adds members to a chat of a bot.")
            .param(DIALOG)
            .param(USERS)
            .example(of(json!([3])), json!({"result": true})),
        own(write("imbot.v2.Chat.User.delete", SCOPE, delete), "Removes a member from a chat of a bot.")
            .param(DIALOG)
            .param(required("userId", Kind::Id, "User"))
            .example(
                json!({"botId": 5, "botToken": "demo-bot", "dialogId": "chat12", "userId": 2}),
                json!({"result": true}),
            ),
        own(read("imbot.v2.Chat.User.list", SCOPE, list), "Lists the members of a bot's chat.")
            .param(DIALOG)
            .param(optional("order", Kind::Order, "Order of the rows, by id"))
            .param(optional("limit", Kind::Int, "Rows, at most 200"))
            .example(
                json!({"botId": 5, "botToken": "demo-bot", "dialogId": "chat12"}),
                json!([{"id": 1}, {"id": 2}, {"id": 5, "bot": true}]),
            ),
        own(
            write("imbot.v2.Chat.Manager.add", SCOPE, |call| manage(call, true)),
            "Makes members of a bot's chat managers of it.",
        )
        .param(DIALOG)
        .param(USERS)
        .example(of(json!([1])), json!({"result": true})),
        own(
            write("imbot.v2.Chat.Manager.delete", SCOPE, |call| manage(call, false)),
            "Makes managers of a bot's chat mere members of it.",
        )
        .param(DIALOG)
        .param(USERS)
        .example(of(json!([1])), json!({"result": true})),
    ]
}

/// Users that there are not, and members, are left out.
fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let dialog = dialog(call)?;
    let chat = number(call, bot.id, dialog)?;
    let there = act(call, bot.id, "im.chat.user.list", params([("CHAT_ID", chat.into())]))?;
    let there: Vec<i64> = there.each().filter_map(Value::as_int).collect();
    let mut new = Vec::new();
    for id in ids(call.param("userIds")) {
        let user = id.as_int().unwrap_or(0);
        if !there.contains(&user) && engine::directory::is_active(call.tx, user)? {
            new.push(id);
        }
    }
    if !new.is_empty() {
        let named = params([("CHAT_ID", chat.into()), ("USERS", new.into())]);
        or_denied(act(call, bot.id, "im.chat.user.add", named))?;
    }
    Ok(done())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let dialog = dialog(call)?;
    let user = ids(call.param("userId")).pop().ok_or_else(denied)?;
    let chat = number(call, bot.id, dialog)?;
    match act(call, bot.id, "im.chat.user.delete", params([("CHAT_ID", chat.into()), ("USER_ID", user)])) {
        Ok(_) => Ok(done()),
        // Whoever is not there any more is gone.
        Err(Error::Fault(fault)) if fault.code == "USER_NOT_FOUND" => Ok(done()),
        Err(Error::Fault(_)) => Err(denied().into()),
        Err(other) => Err(other),
    }
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let dialog = dialog(call)?;
    let chat = number(call, bot.id, dialog)?;
    let members = or_denied(act(call, bot.id, "im.chat.user.list", params([("CHAT_ID", chat.into())])))?;
    let mut members: Vec<i64> = members.each().filter_map(Value::as_int).collect();
    let order =
        call.fields("order").get_any_case("id").and_then(Value::text).map(|order| order.to_lowercase());
    if order.as_deref() == Some("desc") {
        members.reverse();
    }
    let limit = call.param("limit").and_then(Value::as_int).filter(|limit| *limit > 0).unwrap_or(50).min(200);
    members.truncate(usize::try_from(limit).unwrap_or(50));
    show::users(call, &members)
}

fn manage(call: &mut Call<'_, '_>, on: bool) -> Result<Value> {
    let bot = named(call)?;
    let dialog = dialog(call)?;
    let users: Vec<i64> = ids(call.param("userIds")).iter().filter_map(Value::as_int).collect();
    if users.is_empty() {
        return Err(Fault::new(400, "EMPTY_USER_IDS", "Empty user IDs").into());
    }
    let chat = number(call, bot.id, dialog)?;
    if set_manager(call, bot.id, chat, &users, on)? == 0 {
        return Err(denied().into());
    }
    Ok(done())
}
