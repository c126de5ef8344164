//! `imbot.message.*` and `imbot.chat.sendTyping`.

use serde_json::json;

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, required, write};
use engine::noun;
use wire::{Fault, Map, Value};

use super::{BOT_ID, CLIENT_ID, named, passed};
use crate::SCOPE;
use crate::act::act;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        with_parts(
            write("imbot.message.add", SCOPE, add)
                .own_words()
                .about("Sends a message of a bot, and returns its ID.")
                .param(BOT_ID)
                .param(required("DIALOG_ID", Kind::Any, DIALOG))
                .param(optional(
                    "FROM_USER_ID",
                    Kind::Id,
                    "With TO_USER_ID and SYSTEM: a note in the chat of two people",
                ))
                .param(optional("TO_USER_ID", Kind::Id, "The other one"))
                .param(required("MESSAGE", Kind::Text, "Text")),
        )
        .param(optional("SYSTEM", Kind::Flag, "Whether no author is shown; in chats only"))
        .example(
            json!({"BOT_ID": 5, "CLIENT_ID": "demo-bot", "DIALOG_ID": "1", "MESSAGE": "Good morning!"}),
            json!("*"),
        ),
        with_parts(
            write("imbot.message.update", SCOPE, update)
                .own_words()
                .about("Changes a message of a bot.")
                .param(BOT_ID)
                .param(required("MESSAGE_ID", Kind::Id, "Message"))
                .param(optional("MESSAGE", Kind::Text, "Text; an empty one deletes the message")),
        )
        .example(
            json!({"BOT_ID": 5, "CLIENT_ID": "demo-bot", "MESSAGE_ID": 9, "MESSAGE": "Good evening!"}),
            json!(true),
        ),
        write("imbot.message.delete", SCOPE, delete)
            .own_words()
            .about("Deletes a message of a bot.")
            .param(BOT_ID)
            .param(required("MESSAGE_ID", Kind::Id, "Message"))
            .param(optional("COMPLETE", Kind::Flag, "Whether nothing is left in its place"))
            .param(CLIENT_ID)
            .example(json!({"BOT_ID": 5, "CLIENT_ID": "demo-bot", "MESSAGE_ID": 9}), json!(true)),
        write("imbot.message.like", SCOPE, like)
            .own_words()
            .about("Adds a message to those that a bot likes, or takes it from them.")
            .param(BOT_ID)
            .param(required("MESSAGE_ID", Kind::Id, "Message"))
            .param(optional("ACTION", Kind::Text, "plus, minus, or auto: what it was not before"))
            .param(CLIENT_ID)
            .example(
                json!({"BOT_ID": 5, "CLIENT_ID": "demo-bot", "MESSAGE_ID": 9, "ACTION": "minus"}),
                json!(true),
            ),
    ]
}

const DIALOG: &str = "Dialog: 7 a user, chat58 a chat, sg12 the chat of a workgroup";

/// Adds what a message may have beyond its text.
pub fn with_parts(method: Method) -> Method {
    method
        .param(optional("ATTACH", Kind::Any, "Attached blocks; N removes them"))
        .param(optional("KEYBOARD", Kind::Any, "Buttons; N removes them"))
        .param(optional("MENU", Kind::Any, "Menu; N removes it"))
        .param(optional("URL_PREVIEW", Kind::Flag, "Whether links are shown with a preview"))
        .param(optional(
            "SKIP_CONNECTOR",
            Kind::Flag,
            "Accepted for compatibility; there are no open channels",
        ))
        .param(CLIENT_ID)
}

/// Gives a keyboard and a menu their bot, which buttons with commands need.
pub fn owned_keyboard(params: &mut Map, bot: i64) {
    for (name, list) in [("KEYBOARD", "BUTTONS"), ("MENU", "ITEMS")] {
        let key = params.iter().map(|(key, _)| key.to_owned()).find(|key| key.eq_ignore_ascii_case(name));
        let Some((key, given)) = key.and_then(|key| params.remove(&key).map(|given| (key, given))) else {
            continue;
        };
        let given = match given.as_str().and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok())
        {
            Some(read) if !read.is_number() => Value::from(read),
            _ => given,
        };
        let is_whole = given.entries().any(|(member, _)| member.eq_ignore_ascii_case(list));
        let mut whole = match given {
            Value::Map(whole) if is_whole => whole,
            given if given.is_array() => [(list.into(), given)].into_iter().collect(),
            other => {
                params.push(key, other);
                continue;
            }
        };
        if whole.get_any_case("BOT_ID").is_none() {
            whole.push("BOT_ID", bot);
        }
        params.push(key, whole);
    }
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let (bot, _) = named(call)?;
    let number = |name: &str| call.param(name).and_then(Value::as_int).filter(|id| *id > 0);
    if let (Some(from), Some(to), true) = (number("FROM_USER_ID"), number("TO_USER_ID"), call.flag("SYSTEM"))
    {
        return note(call, from, to);
    }
    if call.param("DIALOG_ID").is_none_or(Value::is_empty) {
        return Err(Fault::new(400, "DIALOG_ID_EMPTY", "Dialog ID can't be empty").into());
    }
    let mut params = passed(call);
    owned_keyboard(&mut params, bot.id);
    act(call, bot.id, "im.message.add", params)
}

/// A message without an author in the chat of two people: for one of the two, or an administrator.
fn note(call: &mut Call<'_, '_>, from: i64, to: i64) -> Result<Value> {
    let me = call.caller.user_id;
    if me != from && me != to && !call.caller.is_admin {
        return Err(Fault::new(400, "ACCESS_ERROR", "Action unavailable").into());
    }
    let text = call.text("MESSAGE").filter(|text| !text.trim().is_empty());
    let text = text.ok_or_else(|| Fault::new(400, "MESSAGE_EMPTY", "Message can't be empty"))?;
    let refused = || Fault::new(400, "WRONG_REQUEST", "Message isn't added");
    let named = crate::act::params([("DIALOG_ID", to.into())]);
    let chat = act(call, from, "im.dialog.get", named).map_err(|error| error.reworded(|_| refused()))?;
    let chat = chat.get("id").and_then(Value::as_int).ok_or_else(refused)?;
    let mut row = Map::new();
    row.push("CHAT_ID", chat);
    row.push("AUTHOR_ID", 0);
    row.push("TEXT", text.trim());
    let messages = call.core.modules.noun_named("im.message");
    Ok(noun::put(call, messages, &row)?.number.into())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let (bot, _) = named(call)?;
    let mut params = passed(call);
    owned_keyboard(&mut params, bot.id);
    act(call, bot.id, "im.message.update", params)
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let (bot, _) = named(call)?;
    let (id, complete) = (call.id("MESSAGE_ID"), call.flag("COMPLETE"));
    let params = passed(call);
    remove(call, bot.id, id, params, complete)
}

/// Deletes a message, and what is left in its place when it is to be gone altogether.
///
/// # Errors
/// Those of `im.message.delete`.
pub fn remove(call: &mut Call<'_, '_>, bot: i64, id: i64, params: Map, complete: bool) -> Result<Value> {
    let deleted = act(call, bot, "im.message.delete", params)?;
    if complete {
        let messages = call.core.modules.noun_named("im.message");
        noun::clear(call, messages, &[("id", id.into())])?;
    }
    Ok(deleted)
}

fn like(call: &mut Call<'_, '_>) -> Result<Value> {
    let (bot, _) = named(call)?;
    let params = passed(call);
    act(call, bot.id, "im.message.like", params)
}
