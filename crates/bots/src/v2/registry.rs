//! `imbot.v2.Bot.*` and `imbot.v2.Revision.get`.

use std::collections::BTreeMap;

use serde_json::json;

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind as Type, Method, Param, optional, read, required, write};
use wire::{Fault, Map, Value};

use super::{BOT_ID, TOKEN, key, missing, named, own, show};
use crate::SCOPE;
use crate::act::ask;
use crate::bot::{self, Bot, Bots};
use crate::event::{self, Kind};
use crate::key::Key;
use crate::v1::profile;

/// The methods.
pub fn methods() -> Vec<Method> {
    let token = optional("botToken", Type::Text, "The program's own secret, the same with every call");
    let mut fields = vec![
        required("code", Type::Text, "Code of the bot, unique within the program"),
        required("properties", Type::Fields, "What others see of it").with_members(properties()),
        optional("type", Type::Text, "bot, openline, supervisor, personal or human"),
        token.clone(),
    ];
    fields.extend(changeable());
    let mut changes =
        vec![token, optional("properties", Type::Fields, "What others see of it").with_members(properties())];
    changes.extend(changeable());
    vec![
        write("imbot.v2.Bot.register", SCOPE, register)
            .own_words()
            .about("Registers a bot. One that the program has registered already stays as it is.")
            .param(required("fields", Type::Fields, "The bot").with_members(fields))
            .example(
                json!({"fields": {
                    "code": "support", "botToken": "secret-of-support", "properties": {"name": "Support", "workPosition": "Answers questions"},
                }}),
                json!({"bot": {"code": "support", "type": "bot", "eventMode": "fetch"}}),
            ),
        own(write("imbot.v2.Bot.update", SCOPE, update), "Changes a bot of the program.")
            .param(required("fields", Type::Fields, "What is changed").with_members(changes))
            .example(
                json!({"botId": 5, "botToken": "demo-bot", "fields": {"properties": {"name": "Helper 2"}}}),
                json!({"bot": {"id": 5, "code": "helper"}}),
            ),
        own(
            write("imbot.v2.Bot.unregister", SCOPE, unregister),
            "Removes a bot of the program with its commands. What it wrote stays.",
        )
        .destroys()
        .example(json!({"botId": 5, "botToken": "demo-bot"}), json!({"result": true})),
        read("imbot.v2.Bot.get", SCOPE, get)
            .own_words()
            .about("Returns a bot, by its ID or its code.")
            .param(Param { required: false, ..BOT_ID })
            .param(optional("code", Type::Text, "Code of the bot, unique within the program"))
            .param(TOKEN)
            .example(
                json!({"botId": 5, "botToken": "demo-bot"}),
                json!({"bot": {"id": 5, "code": "helper", "moduleId": "rest", "countCommand": 1}}),
            ),
        read("imbot.v2.Bot.list", SCOPE, list)
            .own_words()
            .about("Lists the bots of the program.")
            .param(TOKEN)
            .param(optional("filter", Type::Fields, "Conditions").with_members(vec![
                optional("type", Type::Text, "bot, openline, supervisor, personal or human"),
            ]))
            .param(optional("limit", Type::Int, "Rows, at most 200"))
            .param(optional("offset", Type::Int, "Rows to leave out"))
            .example(json!({"botToken": "demo-bot"}), json!({"bots": [{"id": 5}], "hasNextPage": false})),
        read("imbot.v2.Revision.get", SCOPE, revision)
            .own_words()
            .about("Returns the versions of the interface of chats.")
            .example(json!({}), json!({"rest": "*"})),
    ]
}

fn properties() -> Vec<Param> {
    vec![
        required("name", Type::Text, "First name"),
        optional("lastName", Type::Text, "Last name"),
        optional("workPosition", Type::Text, "Position"),
        optional("color", Type::Text, "Color: RED, GREEN, MINT, LIGHT_BLUE, .."),
        optional("gender", Type::Text, "Gender, M or F"),
        optional("avatar", Type::Text, "Picture in Base64"),
    ]
}

fn changeable() -> [Param; 6] {
    [
        optional(
            "eventMode",
            Type::Text,
            "fetch: the program asks for events, webhook: they are posted to it",
        ),
        optional("webhookUrl", Type::Text, "Address for all events"),
        optional("isHidden", Type::Flag, "Whether searches leave it out"),
        optional("isReactionsEnabled", Type::Flag, "Whether its messages can be reacted to"),
        optional("isSupportOpenline", Type::Flag, "Whether it supports open channels"),
        optional("backgroundId", Type::Text, "Background of its chats"),
    ]
}

/// The names of what others see, in the newer methods. Birthday and website have none.
const NAMES: [&str; 6] = ["name", "lastName", "workPosition", "gender", "", ""];

fn wrong(code: &'static str, text: &'static str) -> engine::Error {
    Fault::new(400, code, text).into()
}

/// A text among fields; `None` when it is not there or empty.
fn text(fields: &Map, name: &str) -> Option<String> {
    let text = fields.get_any_case(name).and_then(Value::text).map(|text| text.trim().to_owned());
    text.filter(|text| !text.is_empty())
}

/// How events come to the bot: all to one address, or to none for one that fetches them.
fn addresses(
    call: &Call<'_, '_>,
    fields: &Map,
    known: BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>> {
    let url = text(fields, "webhookUrl");
    let mode = text(fields, "eventMode");
    let fetches = match mode.as_deref() {
        None => url.is_none() && known.is_empty(),
        Some("fetch") => true,
        Some("webhook") => false,
        Some(_) => return Err(wrong("BOT_INVALID_EVENT_MODE", "Invalid event mode")),
    };
    if fetches {
        return Ok(BTreeMap::new());
    }
    let Some(url) = url.or_else(|| known.into_values().next()) else {
        return Err(wrong("BOT_WEBHOOK_URL_REQUIRED", "Webhook URL is required"));
    };
    if let Err(refusal) = call.settings.guard.check(&url) {
        let fault = Fault::new(400, "BOT_INVALID_CALLBACK", "Invalid callback URL");
        return Err(fault.with("reason", refusal.to_string()).into());
    }
    Ok(Kind::ALL.into_iter().map(|kind| (kind.code().to_owned(), url.clone())).collect())
}

/// Reads what may change.
fn apply(bot: &mut Bot, fields: &Map) {
    let flag =
        |name: &str, before: bool| fields.get_any_case(name).and_then(Value::as_flag).unwrap_or(before);
    bot.hidden = flag("isHidden", bot.hidden);
    bot.support = flag("isSupportOpenline", bot.support);
    bot.reactions = flag("isReactionsEnabled", bot.reactions);
    if fields.get_any_case("backgroundId").is_some() {
        bot.background = text(fields, "backgroundId");
    }
}

fn register(call: &mut Call<'_, '_>) -> Result<Value> {
    let fields = call.fields("fields");
    let key = Key::of_token(call, text(&fields, "botToken").or_else(|| call.text("botToken")))?;
    let code = text(&fields, "code").ok_or_else(|| wrong("BOT_CODE_REQUIRED", "Bot code is required"))?;
    let given = fields.get_any_case("properties").cloned().and_then(Value::into_map).unwrap_or_default();
    if text(&given, "name").is_none() {
        return Err(wrong("BOT_PROPERTIES_REQUIRED", "Bot properties are required"));
    }
    let kind = text(&fields, "type").unwrap_or_else(|| "bot".to_owned());
    if !["bot", "openline", "supervisor", "personal", "human"].contains(&kind.as_str()) {
        return Err(wrong("BOT_INVALID_TYPE", "Invalid bot type"));
    }
    let addresses = addresses(call, &fields, BTreeMap::new())?;
    if let Some(known) = bot::owned(call, &key).into_iter().find(|bot| bot.code == code) {
        return answer(call, &known);
    }
    if Bots::of(&call.meta).by_id.values().any(|bot| bot.lookup == key.lookup && bot.code == code) {
        return Err(wrong("BOT_CODE_ALREADY_TAKEN", "Bot code is already taken"));
    }
    if bot::is_full(call, &key) {
        return Err(wrong("BOT_LIMIT_EXCEEDED", "Bot limit exceeded"));
    }
    let mut profile = profile(call, &given, NAMES, "avatar")?;
    let mut made = Bot {
        id: 0,
        owner: call.caller.user_id,
        is_new: true,
        code,
        lookup: key.lookup.clone(),
        openline: kind == "openline",
        hidden: kind == "personal",
        kind,
        support: false,
        reactions: true,
        background: None,
        addresses,
        handlers: BTreeMap::new(),
    };
    apply(&mut made, &fields);
    profile.is_hidden = Some(made.hidden);
    made.id = engine::bot::add(call.tx, &profile, call.now)?;
    bot::insert(call, &made)?;
    event::connect(call, &made, &key.secret)?;
    answer(call, &made)
}

/// A bot with its user, for its owner.
fn answer(call: &mut Call<'_, '_>, bot: &Bot) -> Result<Value> {
    let mut answer = Map::with_capacity(2);
    answer.push("bot", show::bot(call, bot, true)?);
    answer.push("users", show::users(call, &[bot.id])?);
    Ok(answer.into())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let mut bot = named(call)?;
    let mut key = key(call)?;
    let fields = call.fields("fields");
    apply(&mut bot, &fields);
    bot.addresses = addresses(call, &fields, bot.addresses.clone())?;
    let given = fields.get_any_case("properties").cloned().and_then(Value::into_map).unwrap_or_default();
    let mut profile = profile(call, &given, NAMES, "avatar")?;
    if profile.name.as_deref() == Some("") {
        return Err(wrong("BOT_PROPERTIES_REQUIRED", "Bot properties are required"));
    }
    profile.is_hidden = Some(bot.hidden);
    engine::bot::change(call.tx, bot.id, &profile)?;
    if let Some(token) = text(&fields, "botToken") {
        let new = Key::of_token(call, Some(token))?;
        let taken = |other: &Bot| other.id != bot.id && other.lookup == new.lookup && other.code == bot.code;
        if Bots::of(&call.meta).by_id.values().any(taken) {
            return Err(wrong("BOT_TOKEN_ROTATION_FAILED", "Bot token rotation failed"));
        }
        bot.lookup.clone_from(&new.lookup);
        event::renew(call, &bot, &new.secret)?;
        key = new;
    }
    bot::update(call, &bot)?;
    event::connect(call, &bot, &key.secret)?;
    answer(call, &bot)
}

fn unregister(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let data = json!({"bot": {"id": bot.id, "code": bot.code}});
    event::tell(call, &bot, Kind::Delete, None, "self", data)?;
    bot::remove(call, &bot)?;
    Ok(super::done())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let key = key(call)?;
    let (id, code) = (call.param("botId").and_then(Value::as_int), call.text("code"));
    if id.is_none() && code.is_none() {
        return Err(wrong("PARAMS_REQUIRED", "Required parameters are missing"));
    }
    let wanted =
        |bot: &&Bot| id.is_none_or(|id| bot.id == id) && code.as_ref().is_none_or(|code| bot.code == *code);
    let mut all = Bots::of(&call.meta).by_id.values().filter(wanted).collect::<Vec<_>>();
    // Codes are unique within a program only.
    all.sort_by_key(|bot| bot.lookup != key.lookup);
    let bot = all.first().copied().cloned().ok_or_else(missing)?;
    let is_own = bot::owned(call, &key).iter().any(|own| own.id == bot.id);
    let mut answer = Map::with_capacity(2);
    answer.push("bot", show::bot(call, &bot, is_own)?);
    answer.push("users", show::users(call, &[bot.id])?);
    Ok(answer.into())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let key = key(call)?;
    let number = |name: &str| call.param(name).and_then(Value::as_int).filter(|number| *number > 0);
    let limit = usize::try_from(number("limit").unwrap_or(50).min(200)).unwrap_or(50);
    let offset = usize::try_from(number("offset").unwrap_or(0)).unwrap_or(0);
    let kind = text(&call.fields("filter"), "type");
    let all: Vec<Bot> = bot::owned(call, &key)
        .into_iter()
        .filter(|bot| kind.as_ref().is_none_or(|kind| bot.word() == kind))
        .collect();
    let page: Vec<&Bot> = all.iter().skip(offset).take(limit).collect();
    let mut bots = Vec::with_capacity(page.len());
    for bot in &page {
        bots.push(show::bot(call, bot, true)?);
    }
    let mut answer = Map::with_capacity(3);
    answer.push("bots", bots);
    answer.push("users", show::users(call, &page.iter().map(|bot| bot.id).collect::<Vec<_>>())?);
    answer.push("hasNextPage", all.len() > offset + limit);
    Ok(answer.into())
}

fn revision(call: &mut Call<'_, '_>) -> Result<Value> {
    let all = ask(call, "im.revision.get", Map::new())?;
    let mut answer = Map::with_capacity(4);
    for name in ["rest", "web", "mobile", "desktop"] {
        answer.push(name, all.get(name).cloned().unwrap_or_default());
    }
    Ok(answer.into())
}
