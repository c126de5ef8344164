//! `imbot.v2.Command.*`.

use serde_json::json;

use engine::call::Call;
use engine::error::{Error, Result};
use engine::method::{Kind, Method, Param, optional, read, required, write};
use wire::{Fault, Map, Value};

use super::messages::{message, parts};
use super::{DIALOG, done, named, own};
use crate::SCOPE;
use crate::bot::{Bot, Bots};
use crate::command::{self, Command};
use crate::v1::reply;

const COMMAND_ID: Param = required("commandId", Kind::Id, "Command");

/// The methods.
pub fn methods() -> Vec<Method> {
    let members = || {
        vec![
            optional("title", Kind::Any, "What it does"),
            optional("params", Kind::Any, "What may follow it"),
            optional(
                "common",
                Kind::Flag,
                "Whether it works in chats that the bot is not in; for administrators",
            ),
            optional("hidden", Kind::Flag, "Whether lists leave it out"),
            optional("extranetSupport", Kind::Flag, "Whether people from outside may use it"),
        ]
    };
    let mut new = vec![required("command", Kind::Text, "Command")];
    new.extend(members());
    let mut changes = vec![optional("command", Kind::Text, "Command")];
    changes.extend(members());
    let mut answered = parts();
    answered.push(optional("system", Kind::Flag, "Whether no author is shown; in chats only"));
    vec![
        own(write("imbot.v2.Command.register", SCOPE, register), "Registers a command of a bot.")
            .param(required("fields", Kind::Fields, "The command").with_members(new))
            .example(
                json!({"botId": 5, "botToken": "demo-bot", "fields": {"command": "weather", "title": "Tells the weather"}}),
                json!({"command": {"botId": 5, "command": "/weather"}}),
            ),
        own(write("imbot.v2.Command.update", SCOPE, update), "Changes a command of a bot.")
            .param(COMMAND_ID)
            .param(required("fields", Kind::Fields, "What is changed").with_members(changes))
            .example(
                json!({"botId": 5, "botToken": "demo-bot", "commandId": 1, "fields": {"hidden": true}}),
                json!({"command": {"id": 1, "hidden": true}}),
            ),
        own(write("imbot.v2.Command.unregister", SCOPE, unregister), "Removes a command of a bot.")
            .param(COMMAND_ID)
            .destroys()
            .example(json!({"botId": 5, "botToken": "demo-bot", "commandId": 1}), json!({"result": true})),
        own(read("imbot.v2.Command.list", SCOPE, list), "Lists the commands of a bot.").example(
            json!({"botId": 5, "botToken": "demo-bot"}),
            json!({"commands": [{"id": 1, "command": "/help"}]}),
        ),
        own(
            write("imbot.v2.Command.answer", SCOPE, answer),
            "Answers a command as its bot in the chat where it was used.",
        )
        .param(COMMAND_ID)
        .param(required("messageId", Kind::Id, "Message with the command"))
        .param(DIALOG)
        .param(optional("fields", Kind::Fields, "The message").with_members(answered))
        .example(
            json!({
                "botId": 5, "botToken": "demo-bot", "commandId": 1, "messageId": 9, "dialogId": "chat12",
                "fields": {"message": "Sunny"},
            }),
            json!({"result": true}),
        ),
    ]
}

fn wrong(code: &'static str, text: &'static str) -> engine::Error {
    Fault::new(400, code, text).into()
}

/// A text, or one of those by language: that of the portal, or else the first.
fn text(call: &Call<'_, '_>, given: &Map, name: &str) -> Option<String> {
    let value = given.get_any_case(name)?;
    let own =
        value.get(call.language.language.code()).or_else(|| value.entries().map(|(_, text)| text).next());
    let value = if value.text().is_some() { Some(value) } else { own };
    value.and_then(Value::text).map(|text| text.trim().to_owned())
}

fn apply(call: &Call<'_, '_>, given: &Map, command: &mut Command) {
    let flag = |name: &str, before: bool| given.get_any_case(name).and_then(Value::as_flag).unwrap_or(before);
    // It reads what is written in chats that the bot is not in.
    command.common = flag("common", command.common) && call.caller.is_admin;
    command.hidden = flag("hidden", command.hidden);
    command.extranet = flag("extranetSupport", command.extranet);
    if let Some(title) = text(call, given, "title") {
        command.title = title;
    }
    if let Some(params) = text(call, given, "params") {
        command.params = params;
    }
}

/// A command; `whole` with its texts.
fn show(command: &Command, whole: bool) -> Value {
    let mut map = Map::with_capacity(10);
    map.push("id", command.id);
    map.push("botId", command.bot);
    map.push("command", format!("/{}", command.name));
    if whole {
        map.push("title", command.title.as_str());
        map.push("params", command.params.as_str());
    }
    map.push("common", command.common);
    map.push("hidden", command.hidden);
    map.push("extranetSupport", command.extranet);
    if whole {
        map.push("category", "");
        map.push("context", "");
    }
    map.into()
}

/// The command that a call names, of this bot.
fn of(call: &Call<'_, '_>, bot: &Bot) -> Result<Command> {
    let id = call.param("commandId").and_then(Value::as_int);
    let found = Bots::of(&call.meta).commands.iter().find(|one| one.bot == bot.id && Some(one.id) == id);
    found.cloned().ok_or_else(|| wrong("COMMAND_NOT_FOUND", "Command not found"))
}

fn register(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let given = call.fields("fields");
    let name = text(call, &given, "command").filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| wrong("COMMAND_REQUIRED", "Command is required"))?;
    let name =
        command::name(&name).ok_or_else(|| wrong("COMMAND_NAME_INVALID", "Command name is invalid"))?;
    let mut command = Command { bot: bot.id, name, lang: json!([]), ..Command::default() };
    apply(call, &given, &mut command);
    let known = Bots::of(&call.meta).commands.iter();
    let known = known.filter(|one| one.bot == bot.id && one.name == command.name).map(|one| one.id).next();
    command.id = known.unwrap_or(0);
    command.id = command::save(call, &command)?;
    Ok(Value::under("command", show(&command, false)))
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let mut command = of(call, &bot)?;
    let given = call.fields("fields");
    apply(call, &given, &mut command);
    if let Some(name) = text(call, &given, "command") {
        if name.is_empty() {
            return Err(wrong("COMMAND_NAME_EMPTY", "Command name is empty"));
        }
        command.name =
            command::name(&name).ok_or_else(|| wrong("COMMAND_NAME_INVALID", "Command name is invalid"))?;
        let others = Bots::of(&call.meta).commands.iter();
        if others.filter(|one| one.bot == bot.id && one.id != command.id).any(|one| one.name == command.name)
        {
            return Err(wrong("COMMAND_ALREADY_EXISTS", "Command already exists"));
        }
    }
    command::save(call, &command)?;
    Ok(Value::under("command", show(&command, false)))
}

fn unregister(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let command = of(call, &bot)?;
    command::remove(call, command.id)?;
    Ok(done())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let own = Bots::of(&call.meta).commands.iter().filter(|command| command.bot == bot.id);
    Ok(Value::under("commands", own.map(|command| show(command, true)).collect::<Vec<_>>()))
}

fn answer(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let failed = || Fault::new(400, "COMMAND_ANSWER_FAILED", "Command answer failed");
    let command = of(call, &bot)?;
    let given = message(bot.id, &call.fields("fields"));
    let id = call.id("messageId");
    match reply(call, &command, id, given) {
        Ok(Some(_)) => Ok(done()),
        Ok(None) | Err(Error::Fault(_)) => Err(failed().into()),
        Err(other) => Err(other),
    }
}
