//! `imbot.register`, `imbot.update`, `imbot.unregister` and `imbot.bot.list`.

use std::collections::BTreeMap;

use serde_json::json;

use engine::bot::Profile;
use engine::call::Call;
use engine::error::Result;
use engine::files::{self, Content, NewFile};
use engine::method::{Kind as Type, Method, Param, optional, read, required, write};
use wire::{Fault, Map, Value};

use super::{CLIENT_ID, REFUSALS};
use crate::SCOPE;
use crate::bot::{self, Bot, Bots};
use crate::event::{self, Kind, v1};
use crate::key::Key;

/// The methods.
pub fn methods() -> Vec<Method> {
    let mut register = write("imbot.register", SCOPE, register)
        .own_words()
        .about("Registers a bot, and returns its ID. One that the program has registered already stays as it is.")
        .param(required("CODE", Type::Text, "Code of the bot, unique within the program"))
        .param(optional("TYPE", Type::Text, "B: a bot, O: of open channels, S: sees all messages, H: a person"))
        .param(optional("OPENLINE", Type::Flag, "Whether it takes part in open channels"))
        .param(CLIENT_ID)
        .param(required("PROPERTIES", Type::Fields, "What others see of it").with_members(properties()))
        .example(
            json!({
                "CODE": "echo", "CLIENT_ID": "secret-of-echo", "EVENT_HANDLER": "https://example.com/echo",
                "PROPERTIES": {"NAME": "Echo"},
            }),
            json!("*"),
        );
    for address in addresses() {
        register = register.param(address);
    }
    let mut fields = vec![
        optional("CODE", Type::Text, "Code of the bot, unique within the program"),
        optional("PROPERTIES", Type::Fields, "What others see of it").with_members(properties()),
    ];
    fields.extend(addresses());
    vec![
        register,
        write("imbot.update", SCOPE, update)
            .own_words()
            .about("Changes a bot of the program.")
            .param(required("BOT_ID", Type::Id, "Bot"))
            .param(CLIENT_ID)
            .param(required("FIELDS", Type::Fields, "What is changed").with_members(fields))
            .example(
                json!({"BOT_ID": 5, "CLIENT_ID": "demo-bot", "FIELDS": {"PROPERTIES": {"NAME": "Helper"}}}),
                json!(true),
            ),
        write("imbot.unregister", SCOPE, unregister)
            .own_words()
            .about("Removes a bot of the program with its commands. What it wrote stays.")
            .param(required("BOT_ID", Type::Id, "Bot"))
            .param(CLIENT_ID)
            .destroys()
            .example(json!({"BOT_ID": 5, "CLIENT_ID": "demo-bot"}), json!(true)),
        read("imbot.bot.list", SCOPE, list)
            .own_words()
            .about("Returns the bots of the portal by their IDs.")
            .example(json!({}), json!({"5": {"ID": 5, "CODE": "helper", "OPENLINE": "N"}})),
    ]
}

fn properties() -> Vec<Param> {
    vec![
        required("NAME", Type::Text, "First name"),
        optional("LAST_NAME", Type::Text, "Last name"),
        optional("COLOR", Type::Text, "Color: RED, GREEN, MINT, LIGHT_BLUE, .."),
        optional("EMAIL", Type::Text, "E-mail"),
        optional("PERSONAL_BIRTHDAY", Type::Text, "Date of birth"),
        optional("WORK_POSITION", Type::Text, "Position"),
        optional("PERSONAL_WWW", Type::Text, "Website"),
        optional("PERSONAL_GENDER", Type::Text, "Gender, M or F"),
        optional("PERSONAL_PHOTO", Type::Text, "Picture in Base64"),
    ]
}

fn addresses() -> [Param; 6] {
    [
        optional("EVENT_HANDLER", Type::Text, "Address for all events"),
        optional("EVENT_MESSAGE_ADD", Type::Text, "Address for messages"),
        optional("EVENT_MESSAGE_UPDATE", Type::Text, "Address for changed messages"),
        optional("EVENT_MESSAGE_DELETE", Type::Text, "Address for deleted messages"),
        optional("EVENT_WELCOME_MESSAGE", Type::Text, "Address for chats that it comes into"),
        optional("EVENT_BOT_DELETE", Type::Text, "Address for its removal"),
    ]
}

/// What a bot must have an address for, with what is missing otherwise.
const TOLD: [(Kind, Option<&str>, &str); 5] = [
    (Kind::MessageAdd, Some("Message add"), "EVENT_MESSAGE_ADD_ERROR"),
    (Kind::MessageUpdate, None, "EVENT_MESSAGE_UPDATE_ERROR"),
    (Kind::MessageDelete, None, "EVENT_MESSAGE_DELETE_ERROR"),
    (Kind::Join, Some("Welcome message"), "EVENT_WELCOME_MESSAGE_ERROR"),
    (Kind::Delete, Some("Bot delete"), "EVENT_BOT_DELETE_ERROR"),
];

/// Refuses an address to which nothing may be sent.
///
/// # Errors
/// "Wrong handler URL" under that code, with the reason.
pub fn check_address(call: &Call<'_, '_>, url: &str, code: &'static str) -> Result<()> {
    match call.settings.guard.check(url) {
        Ok(_) => Ok(()),
        Err(refusal) => {
            Err(Fault::new(400, code, "Wrong handler URL").with("reason", refusal.to_string()).into())
        }
    }
}

/// Reads the addresses that are given; `all` takes the place of those that are not.
fn read_addresses(call: &Call<'_, '_>, given: &Map, known: &mut BTreeMap<String, String>) -> Result<()> {
    let text = |name: &str| {
        let text = given.get_any_case(name).and_then(Value::text).map(|text| text.trim().to_owned());
        text.filter(|text| !text.is_empty())
    };
    let all = text("EVENT_HANDLER");
    for (kind, _, code) in TOLD {
        let own = text(&format!("EVENT_{}", kind.code()));
        if let Some(url) = own.or_else(|| all.clone()) {
            check_address(call, &url, code)?;
            known.insert(kind.code().to_owned(), url);
        }
    }
    if let Some(all) = all {
        known.insert(Kind::CommandAdd.code().to_owned(), all);
    }
    Ok(())
}

/// What others see of a bot, with its picture kept.
///
/// # Errors
/// The refusal of what is no picture.
pub fn profile(call: &mut Call<'_, '_>, given: &Map, names: [&str; 6], photo: &str) -> Result<Profile> {
    let text = |name: &str| given.get_any_case(name).and_then(Value::text).map(|text| text.trim().to_owned());
    let [name, last_name, position, gender, birthday, site] = names.map(text);
    let mut profile = Profile { name, last_name, position, gender, birthday, site, ..Profile::default() };
    if let Some(picture) = text(photo).filter(|picture| !picture.is_empty()) {
        let content = picture.split_once(";base64,").map_or(picture.as_str(), |(_, content)| content);
        let new =
            NewFile { name: "bot.png", content_type: Some("image/png"), content: Content::Base64(content) };
        profile.photo = Some(files::put(call, &new)?);
    }
    Ok(profile)
}

/// The names of what others see, in the older methods.
const NAMES: [&str; 6] =
    ["NAME", "LAST_NAME", "WORK_POSITION", "PERSONAL_GENDER", "PERSONAL_BIRTHDAY", "PERSONAL_WWW"];

fn register(call: &mut Call<'_, '_>) -> Result<Value> {
    let key = Key::of_client(call)?;
    let mut addresses = BTreeMap::new();
    read_addresses(call, &call.params, &mut addresses)?;
    for (kind, title, code) in TOLD {
        if let Some(title) = title.filter(|_| !addresses.contains_key(kind.code())) {
            let text = format!("Handler for \"{title}\" event isn't specified");
            return Err(Fault::new(400, code, text).into());
        }
    }
    let code = call.text("CODE").map(|code| code.trim().to_owned()).filter(|code| !code.is_empty());
    let code = code.ok_or_else(|| Fault::new(400, "CODE_ERROR", "Bot code isn't specified"))?;
    let properties = call.fields("PROPERTIES");
    let profile = profile(call, &properties, NAMES, "PERSONAL_PHOTO")?;
    if profile.name.as_deref().unwrap_or_default().is_empty() {
        return Err(Fault::new(400, "NAME_ERROR", "Bot name isn't specified").into());
    }
    if let Some(known) = bot::owned(call, &key).into_iter().find(|bot| bot.code == code) {
        return Ok(known.id.into());
    }
    if Bots::of(&call.meta).by_id.values().any(|bot| bot.lookup == key.lookup && bot.code == code) {
        return Err(Fault::new(400, "CODE_ERROR", "Bot code is already taken").into());
    }
    if bot::is_full(call, &key) {
        let text = "Has reached the maximum number of bots for application (max: 100)";
        return Err(Fault::new(400, "MAX_COUNT_ERROR", text).into());
    }
    let kind = call.text("TYPE").map(|kind| kind.trim().to_ascii_uppercase()).unwrap_or_default();
    let kind = if matches!(kind.as_str(), "O" | "S" | "H") { kind } else { "B".to_owned() };
    let made = Bot {
        id: engine::bot::add(call.tx, &profile, call.now)?,
        owner: call.caller.user_id,
        is_new: false,
        code,
        lookup: key.lookup.clone(),
        openline: call.flag("OPENLINE") || kind == "O",
        kind,
        hidden: false,
        support: false,
        reactions: true,
        background: None,
        addresses,
        handlers: BTreeMap::new(),
    };
    bot::insert(call, &made)?;
    event::connect(call, &made, &key.secret)?;
    Ok(made.id.into())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let key = Key::of_client(call)?;
    let id = call.param("BOT_ID").and_then(Value::as_int).unwrap_or(0);
    let mut bot = bot::find(call, &key, id, REFUSALS)?;
    let fields = call.fields("FIELDS");
    if fields.is_empty() {
        return Err(Fault::new(400, "WRONG_REQUEST", "Update fields can't be empty").into());
    }
    read_addresses(call, &fields, &mut bot.addresses)?;
    if let Some(given) = fields.get_any_case("PROPERTIES").cloned().and_then(Value::into_map) {
        let profile = profile(call, &given, NAMES, "PERSONAL_PHOTO")?;
        if profile.name.as_deref() == Some("") {
            return Err(Fault::new(400, "NAME_ERROR", "Bot name isn't specified").into());
        }
        engine::bot::change(call.tx, id, &profile)?;
    }
    let code = fields.get_any_case("CODE").and_then(Value::text).map(|code| code.trim().to_owned());
    if let Some(code) = code.filter(|code| !code.is_empty()) {
        if bot::owned(call, &key).iter().any(|other| other.id != id && other.code == code) {
            return Err(Fault::new(400, "WRONG_REQUEST", "Bot can't be updated").into());
        }
        bot.code = code;
    }
    bot::update(call, &bot)?;
    event::connect(call, &bot, &key.secret)?;
    Ok(true.into())
}

fn unregister(call: &mut Call<'_, '_>) -> Result<Value> {
    let key = Key::of_client(call)?;
    let id = call.param("BOT_ID").and_then(Value::as_int).unwrap_or(0);
    let bot = bot::find(call, &key, id, REFUSALS)?;
    event::tell(call, &bot, Kind::Delete, None, "self", v1::delete(&bot))?;
    bot::remove(call, &bot)?;
    Ok(true.into())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let bots: Vec<Bot> = Bots::of(&call.meta).by_id.values().cloned().collect();
    let mut found = Map::new();
    for bot in bots.iter().filter(|bot| !bot.hidden) {
        let name = engine::directory::name_of(call.tx, bot.id)?.unwrap_or_default();
        let mut shown = Map::with_capacity(4);
        shown.push("ID", bot.id);
        shown.push("NAME", name);
        shown.push("CODE", bot.code.as_str());
        shown.push("OPENLINE", if bot.openline { "Y" } else { "N" });
        found.push(bot.id.to_string(), shown);
    }
    Ok(if found.is_empty() { Vec::new().into() } else { Value::Map(found) })
}
