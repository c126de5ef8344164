//! `imbot.app.*`: what bots offer beside the text field of a chat, a command or a page. It is kept for programs that show it.

use engine::call::Call;
use engine::entity::Kind as Type;
use engine::error::{Result, refusal};
use engine::method::{Kind, Method, Param, optional, required, write};
use engine::noun::{self, Face, ID, Noun, Row, field, noun};
use serde_json::json;
use wire::{Fault, Map, Value};

use super::{CLIENT_ID, REFUSALS};
use crate::SCOPE;
use crate::bot::{self, Bot};
use crate::key::Key;

const FACE: Face = Face { verbs: &[], ..Face::legacy("imbot.app") };

/// Applications of bots.
pub static APP: Noun = Noun {
    fields: &[
        ID,
        field("botId", Type::Integer, "Bot").required().indexed(),
        field("code", Type::String, "Code").required(),
        field("jsMethod", Type::String, "What a press does"),
        field("jsParam", Type::String, "The command"),
        field("iframe", Type::Text, "Address of the page"),
        field("iframeWidth", Type::Integer, "Width of the page"),
        field("iframeHeight", Type::Integer, "Height of the page"),
        field("iframePopup", Type::Char, "The page stays open between dialogs").default("N"),
        field("hash", Type::String, "Token of the page"),
        field("iconFile", Type::File, "Icon"),
        field("context", Type::String, "Where it is offered").default("ALL"),
        field("hidden", Type::Char, "Hidden").default("N"),
        field("extranetSupport", Type::Char, "For people from outside").default("N"),
        field("livechatSupport", Type::Char, "In live chats").default("N"),
        field("lang", Type::Json, "Titles by language"),
    ],
    faces: &[FACE],
    ..noun("imbot.app", "im_bot_app", SCOPE, ["application of a bot", "applications of bots"])
};

/// What a press does.
const JS_METHODS: [&str; 4] = ["PUT", "SEND", "CALL", "SUPPORT"];
/// Where applications are offered, perhaps to administrators alone.
const CONTEXTS: [&str; 6] = ["ALL", "USER", "CHAT", "BOT", "LINES", "CALL"];
/// Applications of one bot.
const MOST: usize = 100;
/// Letters of an address, and of what else is text.
const LONGEST: (usize, usize) = (2_000, 255);
/// Letters of the Base64 text of an icon.
const ICON: usize = 1 << 20;

/// The methods.
pub fn methods() -> Vec<Method> {
    let app = || required("APP_ID", Kind::Id, "Application");
    let mut register = write("imbot.app.register", SCOPE, register)
        .own_words()
        .about("Registers an application of a bot, a command or a page, and returns its ID.")
        .param(required("BOT_ID", Kind::Id, "Bot"))
        .param(required("CODE", Kind::Text, "Code, unique within the bot"))
        .param(CLIENT_ID)
        .param(optional("HIDDEN", Kind::Flag, "Whether lists leave it out"));
    let mut update = write("imbot.app.update", SCOPE, update)
        .own_words()
        .about("Changes an application of a bot.")
        .param(app())
        .param(CLIENT_ID)
        .param(
            optional("FIELDS", Kind::Fields, "What is changed, also without this name")
                .with_members(params()),
        );
    for param in params() {
        register = register.param(param.clone());
        update = update.param(param);
    }
    let of_demo = |more: &[(&str, serde_json::Value)]| {
        let mut params = json!({"CLIENT_ID": "demo-bot"});
        more.iter().for_each(|(name, value)| params[*name] = value.clone());
        params
    };
    let lang =
        json!([{"LANGUAGE_ID": "en", "TITLE": "Opening hours", "DESCRIPTION": "Asks when we are there"}]);
    vec![
        register.example(
            of_demo(&[
                ("BOT_ID", json!(5)),
                ("CODE", json!("weather")),
                ("JS_METHOD", json!("SEND")),
                ("JS_PARAM", json!("/help")),
                ("CONTEXT", json!("BOT")),
                ("LANG", lang),
            ]),
            json!("*"),
        ),
        update.example(of_demo(&[("APP_ID", json!(1)), ("FIELDS", json!({"CONTEXT": "ALL"}))]), json!(true)),
        write("imbot.app.unregister", SCOPE, unregister)
            .own_words()
            .about("Removes an application of a bot.")
            .param(optional("APP_ID", Kind::Id, "Application"))
            .param(CLIENT_ID)
            .destroys()
            .example(of_demo(&[("APP_ID", json!(1))]), json!(true)),
    ]
}

fn params() -> Vec<Param> {
    vec![
        optional("JS_METHOD", Kind::Text, "What a press does: PUT, SEND, CALL or SUPPORT"),
        optional("JS_PARAM", Kind::Text, "The command with its parameters, a number or an open channel"),
        optional("IFRAME", Kind::Text, "Address of a page, https only"),
        optional("IFRAME_WIDTH", Kind::Int, "Its width, 250 at least"),
        optional("IFRAME_HEIGHT", Kind::Int, "Its height, 50 at least"),
        optional("IFRAME_POPUP", Kind::Flag, "Whether it stays open between dialogs"),
        optional("HASH", Kind::Text, "Token by which the page knows its callers"),
        optional("ICON_FILE", Kind::Text, "Icon in Base64"),
        optional(
            "CONTEXT",
            Kind::Text,
            "Where it is offered: ALL, USER, CHAT, BOT, LINES or CALL, each perhaps with -admin",
        ),
        optional("EXTRANET_SUPPORT", Kind::Flag, "Whether people from outside may use it"),
        optional("LIVECHAT_SUPPORT", Kind::Flag, "Whether it is offered in live chats"),
        optional("LANG", Kind::Any, "By language: LANGUAGE_ID, TITLE, DESCRIPTION and COPYRIGHT"),
    ]
}

fn wrong() -> Fault {
    Fault::new(400, "PARAMS_ERROR", "Incorrect params")
}

/// The fields of the noun that a request gives.
fn read(given: &Map) -> Result<Map> {
    let mut fields = Map::new();
    let text = |name: &str| given.get_any_case(name).and_then(Value::text).map(|text| text.trim().to_owned());
    for name in ["JS_METHOD", "JS_PARAM", "IFRAME", "HASH", "CONTEXT"] {
        let Some(value) = text(name) else { continue };
        let longest = if name == "IFRAME" { LONGEST.0 } else { LONGEST.1 };
        if value.chars().count() > longest {
            return Err(wrong().into());
        }
        fields.push(name, value);
    }
    for (name, least) in [("IFRAME_WIDTH", 250), ("IFRAME_HEIGHT", 50)] {
        if let Some(value) = given.get_any_case(name).filter(|value| !value.is_empty()) {
            fields.push(name, value.as_int().filter(|side| *side < 10_000).ok_or_else(wrong)?.max(least));
        }
    }
    for name in ["HIDDEN", "EXTRANET_SUPPORT", "LIVECHAT_SUPPORT", "IFRAME_POPUP"] {
        if let Some(on) = given.get_any_case(name).and_then(Value::as_flag) {
            fields.push(name, if on { "Y" } else { "N" });
        }
    }
    if let Some(icon) = text("ICON_FILE").filter(|icon| !icon.is_empty()) {
        if icon.len() > ICON {
            return Err(wrong().into());
        }
        let file: Vec<Value> = vec!["icon.png".into(), icon.into()];
        fields.push("ICON_FILE", Value::under("fileData", file));
    }
    if let Some(lang) = given.get_any_case("LANG").filter(|lang| !lang.is_empty()) {
        fields.push("LANG", lang.items().cloned().collect::<Vec<_>>());
    }
    Ok(fields)
}

/// Refuses what could not be offered: `after` is what the application has then.
fn check(after: impl Fn(&str) -> String) -> Result<()> {
    let (method, param) = (after("JS_METHOD"), after("JS_PARAM"));
    let context = after("CONTEXT");
    if !context.is_empty() && !CONTEXTS.contains(&context.strip_suffix("-admin").unwrap_or(&context)) {
        return Err(wrong().into());
    }
    if !method.is_empty() {
        let fits = |letter: char| letter.is_ascii_alphanumeric() || " -+_/".contains(letter);
        let is_fit = JS_METHODS.contains(&method.as_str()) && !param.is_empty() && param.chars().all(fits);
        return if is_fit { Ok(()) } else { Err(wrong().into()) };
    }
    let page = after("IFRAME");
    if page.is_empty() {
        return Err(wrong().into());
    }
    if !page.starts_with("https://") {
        let text = "Iframe link must be on a site with an active HTTPS certificate";
        return Err(Fault::new(400, "IFRAME_HTTPS", text).into());
    }
    if after("HASH").is_empty() {
        return Err(Fault::new(400, "HASH_ERROR", "Hash can't be empty").into());
    }
    Ok(())
}

fn register(call: &mut Call<'_, '_>) -> Result<Value> {
    let key = Key::of_client(call)?;
    let bot = bot::find(call, &key, call.param("BOT_ID").and_then(Value::as_int).unwrap_or(0), REFUSALS)?;
    let code = call.text("CODE").map(|code| code.trim().to_owned()).unwrap_or_default();
    if code.is_empty() || code.chars().count() > LONGEST.1 {
        return Err(wrong().into());
    }
    let mut fields = read(&call.params)?;
    let given = |name: &str| fields.get(name).and_then(Value::text).unwrap_or_default().into_owned();
    check(given)?;
    if fields.get("LANG").is_none() && given("HIDDEN") != "Y" {
        return Err(Fault::new(400, "LANG_ERROR", "Lang set can't be empty").into());
    }
    let known = noun::among(call, &APP, "botId", &[bot.id])?;
    if let Some(row) = known.iter().find(|row| row.text("code") == code) {
        save(call, row.number, &fields)?;
        return Ok(row.number.into());
    }
    if known.len() >= MOST {
        return Err(Fault::new(400, "WRONG_REQUEST", "The bot has too many applications").into());
    }
    fields.push("BOT_ID", bot.id);
    fields.push("CODE", code);
    let added = refusal(noun::put(call, &APP, &fields))?;
    Ok(added.map_err(|_| wrong())?.number.into())
}

fn save(call: &mut Call<'_, '_>, id: i64, fields: &Map) -> Result<()> {
    let changed = refusal(noun::amend(call, &APP, &FACE, id, fields))?;
    changed.map_err(|_| wrong())?;
    Ok(())
}

/// The application that a call names, if it belongs to the key.
fn named(call: &mut Call<'_, '_>) -> Result<(Row, Bot)> {
    let key = Key::of_client(call)?;
    let id = call.param("APP_ID").and_then(Value::as_int).unwrap_or(0);
    let missing = || Fault::new(400, "CHAT_APP_ID_ERROR", "Application not found");
    let foreign = || Fault::new(403, "APP_ID_ERROR", "Application was installed by another rest application");
    let row = noun::again(call, &APP, id)?.ok_or_else(missing)?;
    let bot = bot::find(call, &key, row.int("botId").unwrap_or(0), [missing, foreign])?;
    Ok((row, bot))
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let (row, _) = named(call)?;
    let given = call.fields("FIELDS");
    let fields = read(if given.is_empty() { &call.params } else { &given })?;
    if fields.is_empty() {
        return Err(Fault::new(400, "WRONG_REQUEST", "Update fields can't be empty").into());
    }
    let columns = [
        ("JS_METHOD", "jsMethod"),
        ("JS_PARAM", "jsParam"),
        ("IFRAME", "iframe"),
        ("HASH", "hash"),
        ("CONTEXT", "context"),
    ];
    check(|name| match fields.get(name).and_then(Value::text) {
        Some(text) => text.into_owned(),
        None => columns.iter().find(|(one, _)| *one == name).map_or("", |(_, of)| row.text(of)).to_owned(),
    })?;
    save(call, row.number, &fields)?;
    Ok(true.into())
}

fn unregister(call: &mut Call<'_, '_>) -> Result<Value> {
    let (row, _) = named(call)?;
    noun::clear(call, &APP, &[("id", row.number.into())])?;
    Ok(true.into())
}
