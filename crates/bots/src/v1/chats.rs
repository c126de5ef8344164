//! `imbot.chat.*` and `imbot.dialog.get`: what chats have for people, done by a bot.

use serde_json::json;

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, Param, optional, read, required, write};
use engine::noun;
use wire::{Fault, Map, Value};

use super::{BOT_ID, CLIENT_ID, named, passed};
use crate::SCOPE;
use crate::act::{act, ask, params};

const CHAT_ID: Param = required("CHAT_ID", Kind::Id, "Chat");

/// The methods.
pub fn methods() -> Vec<Method> {
    [plain(), settings(), members()].into_iter().flatten().collect()
}

/// A method of a bot that is one of chats.
fn delegated(method: Method, about: &'static str) -> Method {
    method.own_words().about(about).param(BOT_ID).param(CLIENT_ID)
}

fn plain() -> Vec<Method> {
    vec![
        delegated(
            write("imbot.chat.add", SCOPE, |call| pass(call, "im.chat.add")),
            "Creates a chat with a bot as its owner, and returns its ID.",
        )
        .param(optional("TYPE", Kind::Text, "CHAT, or OPEN: everybody may join it"))
        .param(optional("TITLE", Kind::Text, "Title"))
        .param(optional("DESCRIPTION", Kind::Text, "Description"))
        .param(optional("COLOR", Kind::Text, "Color: RED, GREEN, MINT, LIGHT_BLUE, .."))
        .param(optional("MESSAGE", Kind::Text, "First message"))
        .param(optional("USERS", Kind::List, "IDs of users"))
        .param(optional("AVATAR", Kind::Text, "Picture in Base64"))
        .param(optional("ENTITY_TYPE", Kind::Text, "What it is about: CRM, CALENDAR, .."))
        .param(optional("ENTITY_ID", Kind::Text, "ID of what it is about"))
        .example(json!({"BOT_ID": 5, "CLIENT_ID": "demo-bot", "TITLE": "News", "USERS": [1, 2]}), json!("*")),
        read("imbot.chat.get", SCOPE, |call| {
            let params = call.params.clone();
            ask(call, "im.chat.get", params)
        })
        .own_words()
        .about("Returns the ID of the caller's chat about something, or null.")
        .param(required("ENTITY_TYPE", Kind::Text, "What it is about: CRM, CALENDAR, .."))
        .param(required("ENTITY_ID", Kind::Text, "ID of what it is about"))
        .example(json!({"ENTITY_TYPE": "CRM", "ENTITY_ID": "DEAL|1"}), json!({"ID": 4})),
        delegated(
            write("imbot.chat.leave", SCOPE, |call| pass(call, "im.chat.leave")),
            "Takes a bot out of a chat.",
        )
        .param(CHAT_ID)
        .destroys()
        .example(json!({"BOT_ID": 5, "CLIENT_ID": "demo-bot", "CHAT_ID": 12}), json!(true)),
        delegated(
            read("imbot.chat.sendTyping", SCOPE, |call| pass(call, "im.dialog.writing")),
            "Says that a bot is writing in a dialog; nobody is shown it yet.",
        )
        .param(required(
            "DIALOG_ID",
            Kind::Any,
            "Dialog: 7 a user, chat58 a chat, sg12 the chat of a workgroup",
        ))
        .example(json!({"BOT_ID": 5, "CLIENT_ID": "demo-bot", "DIALOG_ID": "chat12"}), json!(true)),
        read("imbot.dialog.get", SCOPE, |call| {
            let params = call.params.clone();
            ask(call, "im.dialog.get", params)
        })
        .own_words()
        .about("Returns a dialog with its kind, its rules, read marks and what the caller may do there.")
        .param(required(
            "DIALOG_ID",
            Kind::Any,
            "Dialog: 7 a user, chat58 a chat, sg12 the chat of a workgroup",
        ))
        .example(json!({"DIALOG_ID": "chat3"}), json!({"id": 3, "role": "owner", "dialog_id": "chat3"})),
    ]
}

fn settings() -> Vec<Method> {
    vec![
        delegated(
            write("imbot.chat.updateTitle", SCOPE, |call| pass(call, "im.chat.updateTitle")),
            "Changes the title of a chat of a bot.",
        )
        .param(CHAT_ID)
        .param(required("TITLE", Kind::Text, "Title"))
        .example(
            json!({"BOT_ID": 5, "CLIENT_ID": "demo-bot", "CHAT_ID": 12, "TITLE": "Weather"}),
            json!(true),
        ),
        delegated(
            write("imbot.chat.updateColor", SCOPE, |call| pass(call, "im.chat.updateColor")),
            "Changes the color of a chat of a bot.",
        )
        .param(CHAT_ID)
        .param(required("COLOR", Kind::Text, "Color: RED, GREEN, MINT, LIGHT_BLUE, .."))
        .example(json!({"BOT_ID": 5, "CLIENT_ID": "demo-bot", "CHAT_ID": 12, "COLOR": "SAND"}), json!(true)),
        delegated(
            write("imbot.chat.updateAvatar", SCOPE, |call| pass(call, "im.chat.updateAvatar")),
            "Changes the picture of a chat of a bot.",
        )
        .param(CHAT_ID)
        .param(required("AVATAR", Kind::Text, "Picture in Base64"))
        .example(json!({"BOT_ID": 5, "CLIENT_ID": "demo-bot", "CHAT_ID": 12, "AVATAR": PIXEL}), json!(true)),
        delegated(
            write("imbot.chat.setOwner", SCOPE, |call| pass(call, "im.chat.setOwner")),
            "Hands a chat of a bot over to another member.",
        )
        .param(CHAT_ID)
        .param(required("USER_ID", Kind::Id, "New owner"))
        .example(json!({"BOT_ID": 5, "CLIENT_ID": "demo-bot", "CHAT_ID": 12, "USER_ID": 1}), json!(true)),
        delegated(
            write("imbot.chat.setManager", SCOPE, manager),
            "Makes a member of a bot's chat a manager of it, or no longer one.",
        )
        .param(CHAT_ID)
        .param(required("USER_ID", Kind::Id, "User"))
        .param(optional("IS_MANAGER", Kind::Flag, "Y, or N for no longer"))
        .example(json!({"BOT_ID": 5, "CLIENT_ID": "demo-bot", "CHAT_ID": 12, "USER_ID": 1}), json!(true)),
    ]
}

fn members() -> Vec<Method> {
    vec![
        delegated(
            write("imbot.chat.user.add", SCOPE, |call| pass(call, "im.chat.user.add")),
            "Adds members to a chat of a bot.",
        )
        .param(CHAT_ID)
        .param(required("USERS", Kind::List, "IDs of users"))
        .param(optional("HIDE_HISTORY", Kind::Flag, "Whether they see only what is written from now on"))
        .example(json!({"BOT_ID": 5, "CLIENT_ID": "demo-bot", "CHAT_ID": 12, "USERS": [3]}), json!(true)),
        delegated(
            write("imbot.chat.user.delete", SCOPE, |call| pass(call, "im.chat.user.delete")),
            "Removes a member from a chat of a bot.",
        )
        .param(CHAT_ID)
        .param(required("USER_ID", Kind::Id, "User"))
        .example(json!({"BOT_ID": 5, "CLIENT_ID": "demo-bot", "CHAT_ID": 12, "USER_ID": 1}), json!(true)),
        delegated(
            read("imbot.chat.user.list", SCOPE, |call| pass(call, "im.chat.user.list")),
            "Returns the IDs of the members of a bot's chat.",
        )
        .param(CHAT_ID)
        .example(json!({"BOT_ID": 5, "CLIENT_ID": "demo-bot", "CHAT_ID": 12}), json!([1, 2, 5])),
    ]
}

/// A picture.
const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

/// Does as the bot what a method of chats does.
fn pass(call: &mut Call<'_, '_>, method: &str) -> Result<Value> {
    let (bot, _) = named(call)?;
    let params = passed(call);
    act(call, bot.id, method, params)
}

fn manager(call: &mut Call<'_, '_>) -> Result<Value> {
    let (bot, _) = named(call)?;
    let given = |name: &str| call.param(name).and_then(Value::as_int).filter(|id| *id > 0);
    let chat = given("CHAT_ID").ok_or_else(|| Fault::new(400, "CHAT_ID_EMPTY", "Chat ID can't be empty"))?;
    let user = given("USER_ID").ok_or_else(|| Fault::new(400, "USER_ID_EMPTY", "User ID can't be empty"))?;
    let on = call.param("IS_MANAGER").and_then(Value::as_flag).unwrap_or(true);
    let text = "Change manager can only owner and user must be member in chat";
    let refused = || Fault::new(400, "WRONG_REQUEST", text);
    match set_manager(call, bot.id, chat, &[user], on).map_err(|error| error.reworded(|_| refused()))? {
        0 => Err(refused().into()),
        _ => Ok(true.into()),
    }
}

/// Makes members of a chat that a bot owns managers of it, or no longer; gives how many of these users are members.
///
/// # Errors
/// Those of chats for one that is none of the bot's.
pub fn set_manager(call: &mut Call<'_, '_>, bot: i64, chat: i64, users: &[i64], on: bool) -> Result<usize> {
    let dialog = act(call, bot, "im.dialog.get", params([("DIALOG_ID", format!("chat{chat}").into())]))?;
    if dialog.get("owner").and_then(Value::as_int) != Some(bot) {
        return Ok(0);
    }
    let members = call.core.modules.noun_named("im.member");
    let face = members.faces.first().ok_or_else(|| Fault::core("Members of chats have no face."))?;
    let given: Map = [("MANAGER".into(), if on { "Y" } else { "N" }.into())].into_iter().collect();
    let mut changed = 0;
    for user in users {
        let sql = format!("SELECT id FROM {} WHERE chat_id = ? AND user_id = ?", members.table);
        let Some(row) = call.tx.one(&sql, &[chat.into(), (*user).into()], |row| row.int(0))? else {
            continue;
        };
        noun::amend(call, members, face, row, &given)?;
        changed += 1;
    }
    Ok(changed)
}
