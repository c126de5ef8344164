//! `imbot.command.*`, and `im.message.command`, by which people press buttons.

use serde_json::{Value as Json, json};

use engine::access::Act;
use engine::call::Call;
use engine::error::{Result, refusal};
use engine::method::{Kind, Method, Param, optional, required, write};
use engine::noun::{self, Row};
use wire::{Fault, Map, Value};

use super::messages::{owned_keyboard, with_parts};
use super::registry::check_address;
use super::{CLIENT_ID, REFUSALS, passed};
use crate::act::{act, params};
use crate::bot::{self, Bot, Bots};
use crate::command::{self, Command};
use crate::hear::{self, Scene, Used};
use crate::key::Key;
use crate::{SCOPE, event};

/// The methods.
pub fn methods() -> Vec<Method> {
    let command_id = || required("COMMAND_ID", Kind::Id, "Command");
    vec![
        fields(
            write("imbot.command.register", SCOPE, register)
                .own_words()
                .about("Registers a command of a bot, and returns its ID.")
                .param(required("BOT_ID", Kind::Id, "Bot")),
            lang,
        )
        .param(optional("COMMON", Kind::Flag, "Whether it works in chats that the bot is not in; for administrators"))
        .param(CLIENT_ID)
        .example(
            json!({
                "BOT_ID": 5, "CLIENT_ID": "demo-bot", "COMMAND": "weather", "EVENT_COMMAND_ADD": "https://example.com/bot",
                "LANG": [{"LANGUAGE_ID": "en", "TITLE": "Tells the weather", "PARAMS": "city"}],
            }),
            json!("*"),
        ),
        write("imbot.command.update", SCOPE, update)
            .own_words()
            .about("Changes a command of a bot.")
            .param(command_id())
            .param(CLIENT_ID)
            .param(required("FIELDS", Kind::Fields, "What is changed").with_members(members()))
            .example(
                json!({"COMMAND_ID": 1, "CLIENT_ID": "demo-bot", "FIELDS": {"HIDDEN": "Y"}}),
                json!(true),
            ),
        write("imbot.command.unregister", SCOPE, unregister)
            .own_words()
            .about("Removes a command of a bot.")
            .param(command_id())
            .param(CLIENT_ID)
            .destroys()
            .example(json!({"COMMAND_ID": 1, "CLIENT_ID": "demo-bot"}), json!(true)),
        with_parts(
            write("imbot.command.answer", SCOPE, answer)
                .own_words()
                .about("Answers a command as its bot in the chat where it was used, and returns the ID of the message.")
                .param(command_id())
                .param(optional("COMMAND", Kind::Text, "Its name, in place of its ID"))
                .param(required("MESSAGE_ID", Kind::Id, "Message with the command"))
                .param(optional("MESSAGE", Kind::Text, "Text")),
        )
        .param(optional("SYSTEM", Kind::Flag, "Whether no author is shown; in chats only"))
        .example(
            json!({"COMMAND_ID": 1, "CLIENT_ID": "demo-bot", "MESSAGE_ID": 9, "MESSAGE": "Sunny"}),
            json!("*"),
        ),
        write("im.message.command", "im", press)
            .own_words()
            .about("Sends a command to a bot, as a button below its message does.")
            .param(required("MESSAGE_ID", Kind::Id, "Message with the button"))
            .param(required("BOT_ID", Kind::Id, "Bot"))
            .param(required("COMMAND", Kind::Text, "Command"))
            .param(optional("COMMAND_PARAMS", Kind::Text, "What follows it"))
            .example(
                json!({"MESSAGE_ID": 9, "BOT_ID": 5, "COMMAND": "help", "COMMAND_PARAMS": "chairs"}),
                json!(true),
            ),
    ]
}

fn lang() -> Param {
    required("LANG", Kind::Any, "Title and parameters by language: LANGUAGE_ID, TITLE and PARAMS")
}

fn members() -> Vec<Param> {
    vec![
        optional("COMMAND", Kind::Text, "Command"),
        optional("EVENT_COMMAND_ADD", Kind::Text, "Address to which its uses are posted"),
        optional("HIDDEN", Kind::Flag, "Whether lists leave it out"),
        optional("EXTRANET_SUPPORT", Kind::Flag, "Whether people from outside may use it"),
        Param { required: false, ..lang() },
    ]
}

fn fields(method: Method, lang: fn() -> Param) -> Method {
    method
        .param(required("COMMAND", Kind::Text, "Command"))
        .param(required("EVENT_COMMAND_ADD", Kind::Text, "Address to which its uses are posted"))
        .param(optional("HIDDEN", Kind::Flag, "Whether lists leave it out"))
        .param(optional("EXTRANET_SUPPORT", Kind::Flag, "Whether people from outside may use it"))
        .param(lang())
}

/// Reads the fields that are given into a command.
fn read(call: &Call<'_, '_>, given: &Map, command: &mut Command) -> Result<()> {
    let text = |name: &str| given.get_any_case(name).and_then(Value::text).map(|text| text.trim().to_owned());
    let flag = |name: &str| given.get_any_case(name).and_then(Value::as_flag);
    if let Some(url) = text("EVENT_COMMAND_ADD") {
        check_address(call, &url, "EVENT_COMMAND_ADD_ERROR")?;
        command.url = url;
    }
    if let Some(name) = text("COMMAND") {
        let unnamed = || Fault::new(400, "COMMAND_ERROR", "Command isn't specified");
        command.name = command::name(&name).ok_or_else(unnamed)?;
    }
    // It reads what is written in chats that the bot is not in.
    command.common = flag("COMMON").unwrap_or(command.common) && call.caller.is_admin;
    command.hidden = flag("HIDDEN").unwrap_or(command.hidden);
    command.extranet = flag("EXTRANET_SUPPORT").unwrap_or(command.extranet);
    if let Some(lang) = given.get_any_case("LANG").filter(|lang| !lang.is_empty()) {
        let lang: Json = match lang.as_str() {
            Some(text) => serde_json::from_str(text).unwrap_or_default(),
            None => Json::from(lang),
        };
        let rows: Vec<Json> = match lang {
            Json::Array(rows) => rows,
            Json::Object(rows) => rows.into_iter().map(|(_, row)| row).collect(),
            _ => Vec::new(),
        };
        let wanted = call.language.language.code();
        let own = rows.iter().find(|row| row["LANGUAGE_ID"] == wanted).or(rows.first());
        let part = |name: &str| own.and_then(|row| row[name].as_str()).unwrap_or_default().to_owned();
        (command.title, command.params) = (part("TITLE"), part("PARAMS"));
        command.lang = rows.into();
    }
    Ok(())
}

fn register(call: &mut Call<'_, '_>) -> Result<Value> {
    let key = Key::of_client(call)?;
    if call.text("EVENT_COMMAND_ADD").is_none() {
        let text = "Handler for \"Command add\" event isn't specified";
        return Err(Fault::new(400, "EVENT_COMMAND_ADD_ERROR", text).into());
    }
    let bot = bot::find(call, &key, call.param("BOT_ID").and_then(Value::as_int).unwrap_or(0), REFUSALS)?;
    let mut command = Command { bot: bot.id, ..Command::default() };
    read(call, &call.params, &mut command)?;
    if command.name.is_empty() {
        return Err(Fault::new(400, "COMMAND_ERROR", "Command isn't specified").into());
    }
    if command.lang.as_array().is_none_or(Vec::is_empty) {
        return Err(Fault::new(400, "LANG_ERROR", "Lang set can't be empty").into());
    }
    let known = Bots::of(&call.meta).commands.iter();
    let known = known.filter(|one| one.bot == bot.id && one.name == command.name).map(|one| one.id).next();
    command.id = known.unwrap_or(0);
    let id = command::save(call, &command)?;
    event::connect(call, &bot, &key.secret)?;
    Ok(id.into())
}

/// The command that a call names by its number, or by its name, with its bot.
fn named(call: &Call<'_, '_>) -> Result<(Command, Bot, Key)> {
    let key = Key::of_client(call)?;
    let id = call.param("COMMAND_ID").and_then(Value::as_int);
    let name = call.text("COMMAND").and_then(|name| command::name(&name));
    let bots = Bots::of(&call.meta);
    let own = |command: &&Command| match (id, &name) {
        (Some(id), _) => command.id == id,
        (None, Some(name)) => {
            command.name == *name && bots.by_id.get(&command.bot).is_some_and(|bot| bot.lookup == key.lookup)
        }
        (None, None) => false,
    };
    let missing = || Fault::new(400, "COMMAND_ID_ERROR", "Command not found");
    let found = bots.commands.iter().find(own).cloned().ok_or_else(missing)?;
    let foreign = || Fault::new(400, "APP_ID_ERROR", "Command was installed by another rest application");
    let bot = bot::find(call, &key, found.bot, [missing, foreign])?;
    Ok((found, bot, key))
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let (mut command, bot, key) = named(call)?;
    let fields = call.fields("FIELDS");
    if fields.is_empty() {
        return Err(Fault::new(400, "WRONG_REQUEST", "Update fields can't be empty").into());
    }
    read(call, &fields, &mut command)?;
    let others = Bots::of(&call.meta).commands.iter();
    if others.filter(|one| one.bot == bot.id && one.id != command.id).any(|one| one.name == command.name) {
        return Err(Fault::new(400, "WRONG_REQUEST", "Command can't be updated").into());
    }
    command::save(call, &command)?;
    event::connect(call, &bot, &key.secret)?;
    Ok(true.into())
}

fn unregister(call: &mut Call<'_, '_>) -> Result<Value> {
    let (command, bot, key) = named(call)?;
    command::remove(call, command.id)?;
    event::connect(call, &bot, &key.secret)?;
    Ok(true.into())
}

fn answer(call: &mut Call<'_, '_>) -> Result<Value> {
    let (command, bot, _) = named(call)?;
    let id = call.param("MESSAGE_ID").and_then(Value::as_int).filter(|id| *id > 0);
    let id = id.ok_or_else(|| Fault::new(400, "MESSAGE_ID_EMPTY", "Message ID can't be empty"))?;
    let mut params = passed(call);
    for name in ["COMMAND_ID", "COMMAND", "MESSAGE_ID"] {
        params.remove(name);
    }
    owned_keyboard(&mut params, bot.id);
    let refused = || Fault::new(400, "WRONG_REQUEST", "Message isn't added");
    Ok(reply(call, &command, id, params)?.ok_or_else(refused)?.into())
}

/// Writes as the bot of a command into the chat of a message; `None` when the command was not used there. A bot that is not in
/// the chat may answer where its command was written.
///
/// # Errors
/// Those of `im.message.add`.
pub fn reply(
    call: &mut Call<'_, '_>,
    command: &Command,
    message: i64,
    mut given: Map,
) -> Result<Option<i64>> {
    let messages = call.core.modules.noun_named("im.message");
    let Some(row) = noun::again(call, messages, message)? else { return Ok(None) };
    let chat = row.int("chatId").unwrap_or(0);
    given.insert("DIALOG_ID", format!("chat{chat}"));
    let named = params([("DIALOG_ID", format!("chat{chat}").into())]);
    if refusal(act(call, command.bot, "im.dialog.get", named))?.is_ok() {
        return Ok(act(call, command.bot, "im.message.add", given)?.as_int());
    }
    let is_used = command.common && command::given(row.text("text")).any(|(name, _)| name == command.name);
    let text = given.get_any_case("MESSAGE").and_then(Value::text).unwrap_or_default().trim().to_owned();
    if !is_used || text.is_empty() {
        return Ok(None);
    }
    let mut new = Map::new();
    new.push("CHAT_ID", chat);
    new.push("AUTHOR_ID", command.bot);
    new.push("TEXT", text);
    new.push("UUID", engine::keys::uuid());
    Ok(Some(noun::put(call, messages, &new)?.number))
}

/// The message with this number, if the caller can see it.
fn seen(call: &mut Call<'_, '_>, id: i64) -> Result<Option<Row>> {
    let messages = call.core.modules.noun_named("im.message");
    let scope = messages.grant(call, Act::Read)?;
    noun::one(call, messages, &scope, id)
}

/// Whether a message has a button, or an entry of its menu, that sends this command to this bot.
fn has_button(row: &Row, bot: i64, command: &str) -> bool {
    let params = row.json("params");
    let buttons = ["KEYBOARD", "MENU"].into_iter().filter_map(|part| params[part].as_array()).flatten();
    let named = |button: &Json| {
        let name = button["COMMAND"].as_str().and_then(command::name);
        let of = button["BOT_ID"].as_i64().unwrap_or(0);
        name.as_deref() == Some(command) && (of == bot || of == 0)
    };
    buttons.into_iter().any(named)
}

fn press(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.param("MESSAGE_ID").and_then(Value::as_int).filter(|id| *id > 0);
    let id = id.ok_or_else(|| Fault::new(400, "MESSAGE_ID_ERROR", "Message ID can't be empty"))?;
    let bot = call.param("BOT_ID").and_then(Value::as_int).filter(|id| *id > 0);
    let bot = bot.ok_or_else(|| Fault::new(400, "BOT_ID_ERROR", "Bot ID can't be empty"))?;
    let name = call.text("COMMAND").and_then(|name| command::name(&name));
    let name = name.ok_or_else(|| Fault::new(400, "COMMAND_ERROR", "Command can't be empty"))?;
    let refused = || Fault::new(400, "PARAMS_ERROR", "Incorrect params");
    let bot = Bots::of(&call.meta).by_id.get(&bot).cloned().ok_or_else(refused)?;
    let row = seen(call, id)?.ok_or_else(refused)?;
    let known =
        Bots::of(&call.meta).commands.iter().find(|one| one.bot == bot.id && one.name == name).cloned();
    let is_offered = has_button(&row, bot.id, &name);
    if known.is_none() && !is_offered {
        return Err(refused().into());
    }
    let command = known.unwrap_or_else(|| Command { bot: bot.id, name, ..Command::default() });
    let Some(mut scene) = Scene::of_message(call, &row, call.caller.user_id)? else {
        return Err(refused().into());
    };
    let given = call.text("COMMAND_PARAMS").unwrap_or_default();
    scene.text = format!("/{} {given}", command.name).trim_end().to_owned();
    let used = Used { command: &command, params: &given, context: "KEYBOARD" };
    hear::tell_command(call, &bot, &used, &scene)?;
    Ok(true.into())
}
