//! What a bot does with a dialog that it leads: `imopenlines.bot.session.*`. Its program proves itself with `CLIENT_ID`, as with the
//! methods of bots. Two of the methods are documented without it: those are for whoever works on the open channel, too.

use engine::access::Act;
use engine::call::Call;
use engine::error::{Result, refusal};
use engine::method::{Kind as Given, Method, Param, optional, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use wire::{Fault, Value};

use crate::SCOPE;
use crate::line::LINE;
use crate::messenger::{self, leave};
use crate::operators::{Target, hand_on, require_chat};
use crate::session::{self, CLOSED, SESSION, chat_of, is_open, line_of, operator};
use crate::settings;
use crate::words::{number, refuse};

/// The methods.
pub fn methods() -> Vec<Method> {
    let example = |more: serde_json::Value| {
        let mut all = json!({"CHAT_ID": crate::DEMO_BOT_CHAT, "CLIENT_ID": crate::DEMO_BOT_KEY});
        if let (serde_json::Value::Object(all), serde_json::Value::Object(more)) = (&mut all, more) {
            all.extend(more);
        }
        all
    };
    let own = |method: Method, about: &'static str, key: Param| {
        method.own_words().about(about).param(required("CHAT_ID", Given::Id, "Chat of the dialog")).param(key)
    };
    let named = || required("CLIENT_ID", Given::Text, "The program's own secret, the same with every call");
    let may_name = || Param { required: false, ..named() };
    vec![
        own(
            write("imopenlines.bot.session.operator", SCOPE, operators),
            "Transfers a chat bot's dialog to a free operator.",
            may_name(),
        )
        .example(example(json!({})), json!(true)),
        own(
            write("imopenlines.bot.session.transfer", SCOPE, transfer),
            "Transfers a chat bot's dialog to a user or an open channel.",
            named(),
        )
        .param(optional("TRANSFER_ID", Given::Any, "7, a user, or queue3, an open channel"))
        .param(optional("USER_ID", Given::Id, "User"))
        .param(optional("QUEUE_ID", Given::Id, "Open channel"))
        .param(optional("LEAVE", Given::Flag, "Whether the bot leaves the chat"))
        .example(example(json!({"USER_ID": 2, "LEAVE": "Y"})), json!(true)),
        own(
            write("imopenlines.bot.session.finish", SCOPE, finish),
            "Ends a dialog led by a chat bot.",
            named(),
        )
        .example(example(json!({})), json!(true)),
        own(
            write("imopenlines.bot.session.message.send", SCOPE, send),
            "Sends a prepared message in a chat bot's dialog.",
            may_name(),
        )
        .param(optional("NAME", Given::Text, "WELCOME, the greeting of the open channel, or DEFAULT"))
        .param(optional("MESSAGE", Given::Text, "Message"))
        .example(example(json!({"NAME": "DEFAULT", "MESSAGE": "How can I help?"})), json!(true)),
    ]
}

/// The open session that a bot of the caller's program leads.
fn led(call: &mut Call<'_, '_>, other: Fault) -> Result<Row> {
    let Some(key) = call.text("CLIENT_ID") else {
        let text = "Access for this method not allowed by session authorization";
        return Err(Fault::new(403, "WRONG_AUTH_TYPE", text).into());
    };
    require_chat(call)?;
    let chat = number(call, "CHAT_ID").unwrap_or(0);
    let bots = bots(call, &key)?;
    // Whoever has the secret of the bot may do what the bot may.
    let within = Some(("t.chat_id = ? AND t.closed = 'N'".to_owned(), vec![chat.into()]));
    let order = Some(noun::Order::default().by("t.id", "DESC"));
    let wanted = noun::Asked { within, order, window: Some((0, 1)), ..noun::Asked::default() };
    let found = noun::belonging(call, &SESSION, wanted)?.into_iter().next();
    found.filter(|found| is_open(found) && bots.contains(&operator(found))).ok_or_else(|| other.into())
}

/// The same, or without `CLIENT_ID` the open session that any bot leads, on whose open channel the caller works.
fn led_or_watched(call: &mut Call<'_, '_>, other: Fault) -> Result<Row> {
    if call.text("CLIENT_ID").is_some() {
        return led(call, other);
    }
    require_chat(call)?;
    let chat = number(call, "CHAT_ID").unwrap_or(0);
    let all = refusal(call.ask("imbot.bot.list", json!({})))?.ok().flatten().unwrap_or_default();
    let found = session::latest(call, chat, Act::Update)?.filter(is_open);
    let is_bot = |id: i64| all.entries().any(|(bot, _)| bot.parse() == Ok(id));
    found.filter(|found| is_bot(operator(found))).ok_or_else(|| other.into())
}

/// The bots of a program.
fn bots(call: &mut Call<'_, '_>, key: &str) -> Result<Vec<i64>> {
    let asked = json!({"botToken": key, "limit": 200});
    let found = refusal(call.ask("imbot.v2.Bot.list", asked))?.ok().flatten();
    let bots = found.as_ref().and_then(|found| found.get("bots"));
    Ok(bots.into_iter().flat_map(Value::items).filter_map(|bot| bot.get("id")?.as_int()).collect())
}

fn not_found() -> Fault {
    refuse("BOT_ID_ERROR", "Bot not found")
}

fn not_a_bot() -> Fault {
    refuse("WRONG_CHAT", "Operator is not a bot")
}

fn operators(call: &mut Call<'_, '_>) -> Result<Value> {
    let found = led_or_watched(call, not_a_bot())?;
    let bot = operator(&found);
    let line = noun::again(call, &LINE, line_of(&found))?.ok_or_else(not_a_bot)?;
    session::pass(call, &found, &line, Some(bot))?;
    leave(call, chat_of(&found), bot)?;
    Ok(true.into())
}

fn transfer(call: &mut Call<'_, '_>) -> Result<Value> {
    let found = led(call, not_found())?;
    let target = Target::of(call)?;
    let leaves = call.flag("LEAVE");
    hand_on(call, &found, target, leaves)?;
    Ok(true.into())
}

fn finish(call: &mut Call<'_, '_>) -> Result<Value> {
    let found = led(call, not_found())?;
    session::close(call, &found, CLOSED)?;
    Ok(true.into())
}

fn send(call: &mut Call<'_, '_>) -> Result<Value> {
    let found = led_or_watched(call, not_found())?;
    let mut text = call.text("MESSAGE").unwrap_or_default();
    if text.is_empty() && call.text("NAME").is_none_or(|name| name.eq_ignore_ascii_case("WELCOME")) {
        let line = noun::again(call, &LINE, line_of(&found))?;
        text =
            line.map(|line| settings::of(&line.json("settings"), "WELCOME_MESSAGE_TEXT")).unwrap_or_default();
    }
    if text.is_empty() {
        return Ok(false.into());
    }
    let params = json!({"CHAT_ID": chat_of(&found), "MESSAGE": text});
    messenger::ask_as(call, operator(&found), "im.message.add", params)?;
    Ok(true.into())
}
