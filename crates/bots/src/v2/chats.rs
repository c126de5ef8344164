//! `imbot.v2.Chat.*`, but for members and messages.

use serde_json::json;

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required, write};
use engine::noun;
use wire::{Map, Value};

use super::{DIALOG, denied, dialog, done, ids, named, or_denied, own, renamed, show};
use crate::SCOPE;
use crate::act::{act, params};

/// The methods.
pub fn methods() -> Vec<Method> {
    let fields = || {
        vec![
            optional("title", Kind::Text, "Title"),
            optional("description", Kind::Text, "Description"),
            optional("color", Kind::Text, "Color: RED, GREEN, MINT, LIGHT_BLUE, .."),
            optional("avatar", Kind::Text, "Picture in Base64"),
        ]
    };
    let mut new = fields();
    new.push(optional("userIds", Kind::List, "IDs of users"));
    new.push(optional("ownerId", Kind::Id, "Owner; the bot by default"));
    new.push(optional("message", Kind::Text, "First message"));
    let sample = json!({"botId": 5, "botToken": "demo-bot", "dialogId": "chat12"});
    let with = |more: serde_json::Value| {
        let mut sample = sample.clone();
        more.as_object()
            .into_iter()
            .flatten()
            .for_each(|(name, value)| sample[name.as_str()] = value.clone());
        sample
    };
    vec![
        own(write("imbot.v2.Chat.add", SCOPE, add), "Creates a chat with a bot in it.")
            .param(optional("fields", Kind::Fields, "The chat").with_members(new))
            .example(
                json!({"botId": 5, "botToken": "demo-bot", "fields": {"title": "News", "userIds": [1]}}),
                json!({"chat": {"name": "News"}}),
            ),
        own(read("imbot.v2.Chat.get", SCOPE, get), "Returns a chat of a bot.")
            .param(DIALOG)
            .example(sample.clone(), json!({"chat": {"id": 12, "dialogId": "chat12"}})),
        own(write("imbot.v2.Chat.update", SCOPE, update), "Changes a chat of a bot.")
            .param(DIALOG)
            .param(required("fields", Kind::Fields, "What is changed").with_members(fields()))
            .example(with(json!({"fields": {"title": "Weather"}})), json!({"result": true})),
        own(write("imbot.v2.Chat.leave", SCOPE, leave), "Takes a bot out of a chat.")
            .param(DIALOG)
            .destroys()
            .example(sample.clone(), json!({"result": true})),
        own(write("imbot.v2.Chat.setOwner", SCOPE, owner), "Hands a chat of a bot over to another member.")
            .param(DIALOG)
            .param(required("userId", Kind::Id, "New owner"))
            .example(with(json!({"userId": 1})), json!({"result": true})),
        own(
            read("imbot.v2.Chat.InputAction.notify", SCOPE, writing),
            "Says that a bot is writing in a dialog; nobody is shown it yet.",
        )
        .param(DIALOG)
        .param(optional("statusMessageCode", Kind::Text, "What it is doing"))
        .param(optional("duration", Kind::Int, "For how many seconds"))
        .example(sample.clone(), json!({"result": true})),
        own(
            write("imbot.v2.Chat.TextField.enabled", SCOPE, field),
            "Lets people write in a chat of a bot, or have them use its buttons alone.",
        )
        .param(DIALOG)
        .param(optional("enabled", Kind::Flag, "Whether people write there"))
        .example(with(json!({"enabled": false})), json!({"result": true})),
    ]
}

/// The chat behind a dialog of a bot, in the newer form.
///
/// # Errors
/// `ACCESS_DENIED`.
pub fn chat(call: &mut Call<'_, '_>, bot: i64, dialog: Value) -> Result<Map> {
    let found = or_denied(act(call, bot, "im.dialog.get", params([("DIALOG_ID", dialog)])))?;
    Ok(show::chat(found))
}

/// The number of the chat behind a dialog of a bot.
///
/// # Errors
/// `ACCESS_DENIED`.
pub fn number(call: &mut Call<'_, '_>, bot: i64, dialog: Value) -> Result<i64> {
    let found = chat(call, bot, dialog)?;
    found.get("id").and_then(Value::as_int).ok_or_else(|| denied().into())
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let fields = call.fields("fields");
    let names = [
        ("title", "TITLE"),
        ("description", "DESCRIPTION"),
        ("color", "COLOR"),
        ("avatar", "AVATAR"),
        ("userIds", "USERS"),
        ("ownerId", "OWNER_ID"),
        ("message", "MESSAGE"),
    ];
    let made = act(call, bot.id, "im.chat.add", renamed(&fields, names))?;
    let made = format!("chat{}", made.as_int().unwrap_or(0));
    let shown = chat(call, bot.id, made.into())?;
    let members = act(
        call,
        bot.id,
        "im.chat.user.list",
        params([("CHAT_ID", shown.get("id").cloned().unwrap_or_default())]),
    )?;
    let members: Vec<i64> = members.each().filter_map(Value::as_int).collect();
    let mut answer = Map::with_capacity(2);
    answer.push("chat", shown);
    answer.push("users", show::users(call, &members)?);
    Ok(answer.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let dialog = dialog(call)?;
    Ok(Value::under("chat", chat(call, bot.id, dialog)?))
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let dialog = dialog(call)?;
    let chat = number(call, bot.id, dialog)?;
    let fields = call.fields("fields");
    let changes = [
        ("title", "TITLE", "im.chat.updateTitle"),
        ("color", "COLOR", "im.chat.updateColor"),
        ("avatar", "AVATAR", "im.chat.updateAvatar"),
    ];
    for (from, to, method) in changes {
        let Some(value) = fields.get_any_case(from).cloned() else { continue };
        act(call, bot.id, method, params([("CHAT_ID", chat.into()), (to, value)]))?;
    }
    if let Some(text) = fields.get_any_case("description").cloned() {
        amend(call, chat, "DESCRIPTION", text)?;
    }
    Ok(done())
}

/// Changes a chat that the bot was seen to be in.
fn amend(call: &mut Call<'_, '_>, chat: i64, name: &str, value: Value) -> Result<()> {
    let chats = call.core.modules.noun_named("im.chat");
    let face = chats.faces.first().ok_or_else(denied)?;
    noun::amend(call, chats, face, chat, &params([(name, value)]))?;
    Ok(())
}

fn leave(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let dialog = dialog(call)?;
    let chat = number(call, bot.id, dialog)?;
    or_denied(act(call, bot.id, "im.chat.leave", params([("CHAT_ID", chat.into())])))?;
    Ok(done())
}

fn owner(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let dialog = dialog(call)?;
    let user = ids(call.param("userId")).pop().ok_or_else(denied)?;
    let chat = number(call, bot.id, dialog)?;
    or_denied(act(call, bot.id, "im.chat.setOwner", params([("CHAT_ID", chat.into()), ("USER_ID", user)])))?;
    Ok(done())
}

fn writing(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let dialog = dialog(call)?;
    or_denied(act(call, bot.id, "im.dialog.writing", params([("DIALOG_ID", dialog)])))?;
    Ok(done())
}

fn field(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let dialog = dialog(call)?;
    let chat = number(call, bot.id, dialog)?;
    let on = call.param("enabled").and_then(Value::as_flag).unwrap_or(true);
    amend(call, chat, "TEXT_FIELD", if on { "Y" } else { "N" }.into())?;
    Ok(done())
}
