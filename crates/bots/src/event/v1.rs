//! The data of events in the older form: names in capitals, and everything below the number of the bot.

use serde_json::{Map, Value as Json, json};

use engine::call::Call;
use engine::directory;
use engine::error::Result;

use super::Kind;
use crate::bot::Bot;
use crate::hear::{Scene, Used};

/// The bot, with where its portal is. Its own secret is sent as `auth[application_token]` alone.
fn bot(call: &Call<'_, '_>, bot: &Bot) -> Map<String, Json> {
    let base = &call.settings.base_url;
    let domain = base.split_once("://").map_or(base.as_str(), |(_, host)| host);
    let auth = json!({
        "domain": domain,
        "client_endpoint": format!("{base}/rest/"),
        "server_endpoint": format!("{base}/rest/"),
        "member_id": call.meta.member_id.as_str(),
        "user_id": bot.id.to_string(),
        "scope": crate::SCOPE,
    });
    let mut shown = auth.as_object().cloned().unwrap_or_default();
    shown.insert("AUTH".to_owned(), auth);
    shown.insert("BOT_ID".to_owned(), bot.id.to_string().into());
    shown.insert("BOT_CODE".to_owned(), bot.code.as_str().into());
    shown
}

/// Somebody who did something.
fn user(call: &mut Call<'_, '_>, id: i64, is_bot: bool) -> Result<Json> {
    let person = directory::people(call.tx, &[id])?.remove(&id);
    let Some(person) = person else { return Ok(json!([])) };
    let is_extranet = !is_bot && call.meta.directory.departments_of(id).is_empty();
    let flag = |on: bool| if on { "Y" } else { "N" };
    let [name, last_name, ..] = &person.names;
    Ok(json!({
        "ID": id.to_string(),
        "NAME": person.name,
        "FIRST_NAME": name,
        "LAST_NAME": last_name,
        "WORK_POSITION": person.position,
        "GENDER": if person.gender == "F" { "F" } else { "M" },
        "IS_BOT": flag(is_bot),
        "IS_CONNECTOR": "N",
        "IS_NETWORK": "N",
        "IS_EXTRANET": flag(is_extranet),
    }))
}

/// What is said of a message, and of the chat in which it stands.
fn message(scene: &Scene, of: i64) -> Map<String, Json> {
    let mut params = Map::new();
    let mut put = |name: &str, value: Json| _ = params.insert(name.to_owned(), value);
    put("MESSAGE", scene.text.as_str().into());
    put("TEMPLATE_ID", scene.uuid.as_str().into());
    put("MESSAGE_TYPE", scene.letter().into());
    put("FROM_USER_ID", scene.author.to_string().into());
    put("DIALOG_ID", scene.dialog().into());
    put("TO_CHAT_ID", scene.chat.to_string().into());
    put("AUTHOR_ID", scene.author.to_string().into());
    put("TO_USER_ID", if scene.is_private() { of.to_string() } else { "0".to_owned() }.into());
    put("CHAT_USER_COUNT", scene.members.to_string().into());
    put("MESSAGE_ID", scene.message.to_string().into());
    put("CHAT_TYPE", scene.letter().into());
    put("LANGUAGE", scene.language.into());
    for (name, value) in ALWAYS {
        put(name, value.into());
    }
    if !scene.is_private() {
        put("CHAT_ID", scene.chat.to_string().into());
        put("CHAT_TITLE", scene.title.as_str().into());
        put("CHAT_ENTITY_TYPE", scene.entity.0.as_str().into());
        put("CHAT_ENTITY_ID", scene.entity.1.as_str().into());
    }
    params
}

/// What is the same for every message that somebody writes.
const ALWAYS: [(&str, &str); 15] = [
    ("SYSTEM", "N"),
    ("PUSH", "Y"),
    ("PUSH_IMPORTANT", "N"),
    ("RECENT_SKIP_AUTHOR", "N"),
    ("CONVERT", "N"),
    ("SKIP_COMMAND", "N"),
    ("SKIP_COUNTER_INCREMENTS", "N"),
    ("SILENT_CONNECTOR", "N"),
    ("SKIP_CONNECTOR", "N"),
    ("IMPORTANT_CONNECTOR", "N"),
    ("NO_SESSION_OL", "N"),
    ("FAKE_RELATION", "0"),
    ("SKIP_URL_INDEX", "N"),
    ("COMMAND_CONTEXT", "TEXTAREA"),
    ("PLATFORM_CONTEXT", "web"),
];

/// What is said of a message that changed.
fn changed(scene: &Scene, of: i64) -> Map<String, Json> {
    let params = json!({
        "ID": scene.message.to_string(),
        "CHAT_ID": scene.chat.to_string(),
        "AUTHOR_ID": scene.author.to_string(),
        "MESSAGE": scene.text,
        "MESSAGE_TYPE": scene.letter(),
        "CHAT_AUTHOR_ID": scene.owner.to_string(),
        "CHAT_ENTITY_ID": scene.entity.1,
        "CHAT_ENTITY_DATA_1": "",
        "CHAT_ENTITY_DATA_2": "",
        "CHAT_ENTITY_DATA_3": "",
        "FROM_USER_ID": scene.author.to_string(),
        "TO_USER_ID": if scene.is_private() { of.to_string() } else { "0".to_owned() },
        "CHAT_USER_COUNT": scene.members.to_string(),
        "PLATFORM_CONTEXT": "web",
        "DIALOG_ID": scene.dialog(),
        "MESSAGE_ID": scene.message.to_string(),
        "CHAT_TYPE": scene.letter(),
        "LANGUAGE": scene.language,
    });
    params.as_object().cloned().unwrap_or_default()
}

/// The data of an event about a message of this scene.
///
/// # Errors
/// Those of the store.
pub fn data(call: &mut Call<'_, '_>, kind: Kind, of: &Bot, scene: &Scene) -> Result<Json> {
    let params = if kind == Kind::MessageAdd { message(scene, of.id) } else { changed(scene, of.id) };
    let user = user(call, scene.author, scene.is_by_bot)?;
    Ok(json!({"BOT": under(of.id, bot(call, of)), "PARAMS": params, "USER": user}))
}

/// That of a command that was used.
///
/// # Errors
/// Those of the store.
pub fn command(call: &mut Call<'_, '_>, of: &Bot, used: &Used<'_>, scene: &Scene) -> Result<Json> {
    let mut about = bot(call, of);
    let mut put = |name: &str, value: &str| _ = about.insert(name.to_owned(), value.into());
    put("COMMAND", &used.command.name);
    put("COMMAND_ID", &used.command.id.to_string());
    put("COMMAND_PARAMS", used.params);
    put("COMMAND_CONTEXT", used.context);
    put("MESSAGE_ID", &scene.message.to_string());
    let mut params = message(scene, of.id);
    params.insert("COMMAND_CONTEXT".to_owned(), used.context.into());
    let user = user(call, scene.author, scene.is_by_bot)?;
    Ok(json!({"COMMAND": under(used.command.id, about), "PARAMS": params, "USER": user}))
}

/// That of a chat that the bot came into.
///
/// # Errors
/// Those of the store.
pub fn join(call: &mut Call<'_, '_>, of: &Bot, scene: &Scene) -> Result<Json> {
    let mut params = json!({
        "CHAT_TYPE": scene.letter(),
        "MESSAGE_TYPE": scene.letter(),
        "BOT_ID": of.id.to_string(),
        "USER_ID": scene.author.to_string(),
        "TO_USER_ID": scene.author.to_string(),
        "FROM_USER_ID": of.id.to_string(),
        "DIALOG_ID": scene.dialog(),
        "LANGUAGE": scene.language,
    });
    if !scene.is_private() {
        params["CHAT_ID"] = scene.chat.to_string().into();
        params["CHAT_TITLE"] = scene.title.as_str().into();
        params["CHAT_AUTHOR_ID"] = scene.owner.to_string().into();
        params["CHAT_ENTITY_TYPE"] = scene.entity.0.as_str().into();
        params["CHAT_ENTITY_ID"] = scene.entity.1.as_str().into();
    }
    let user = user(call, scene.author, scene.is_by_bot)?;
    Ok(json!({"BOT": under(of.id, bot(call, of)), "PARAMS": params, "USER": user}))
}

/// That of a bot that is removed.
pub fn delete(of: &Bot) -> Json {
    json!({"BOT_ID": of.id.to_string(), "BOT_CODE": of.code})
}

fn under(id: i64, members: Map<String, Json>) -> Json {
    Json::from_iter([(id.to_string(), Json::from(members))])
}

/// An example of the data.
pub fn example(kind: Kind) -> Json {
    let bot = json!({"571": {"BOT_ID": "571", "BOT_CODE": "echo", "AUTH": {"domain": "portal.example.com"}}});
    let user = json!({"ID": "27", "NAME": "Ines Vogel", "FIRST_NAME": "Ines", "LAST_NAME": "Vogel"});
    let dialog = json!({"DIALOG_ID": "27", "CHAT_TYPE": "P", "FROM_USER_ID": "27", "MESSAGE": "Hello", "MESSAGE_ID": "84"});
    match kind {
        Kind::Delete => json!({"BOT_ID": "571", "BOT_CODE": "echo"}),
        Kind::CommandAdd => json!({
            "COMMAND": {"103": {"BOT_ID": "571", "COMMAND": "echo", "COMMAND_ID": "103", "COMMAND_PARAMS": "test"}},
            "PARAMS": dialog,
            "USER": user,
        }),
        _ => json!({"BOT": bot, "PARAMS": dialog, "USER": user}),
    }
}
