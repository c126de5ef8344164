//! `im.chat.add` and `im.chat.get`.

use serde_json::json;
use store::Param;
use wire::{Map, Value};

use engine::access::Act;
use engine::call::Call;
use engine::directory::{self, name_of};
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required, write};
use engine::noun::{self, Row};

use super::say::{MADE, MADE_WITH, say};
use super::{CHAT, FACE, avatar};
use crate::color;
use crate::dialog::Room;
use crate::message;

use crate::{SCOPE, denied};

/// Chats of these are made with what they are about, and by nobody else.
const BOUND: [&str; 4] = ["SONET_GROUP", "TASKS", "TASKS_TASK", "LINES"];

/// Members that a new chat may have.
const MOST: usize = 1000;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("im.chat.add", SCOPE, add)
            .own_words()
            .about("Creates a chat with the caller as its owner, and returns its ID.")
            .param(optional("USERS", Kind::List, "IDs of further members"))
            .param(optional("TYPE", Kind::Text, "CHAT, for its members, or OPEN, for everybody"))
            .param(optional("TITLE", Kind::Text, "Title"))
            .param(optional("DESCRIPTION", Kind::Text, "Description"))
            .param(optional("COLOR", Kind::Text, "Color: RED, GREEN, MINT, LIGHT_BLUE, .."))
            .param(optional("MESSAGE", Kind::Text, "First message"))
            .param(optional("AVATAR", Kind::Text, "Picture in Base64"))
            .param(optional("ENTITY_TYPE", Kind::Text, "What it is about: CRM, CALENDAR, .."))
            .param(optional("ENTITY_ID", Kind::Text, "ID of what it is about"))
            .param(optional("OWNER_ID", Kind::Id, "Owner, in place of the caller"))
            .param(optional("COPILOT_MAIN_ROLE", Kind::Text, "Ignored: there is no AI assistant"))
            .example(json!({"USERS": [2], "TITLE": "Showroom", "COLOR": "MINT"}), json!("*")),
        read("im.chat.get", SCOPE, get)
            .own_words()
            .about("Returns the ID of the caller's chat about something, or null.")
            .param(required("ENTITY_TYPE", Kind::Text, "What it is about: CRM, CALENDAR, .."))
            .param(required("ENTITY_ID", Kind::Text, "ID of what it is about"))
            .example(json!({"ENTITY_TYPE": "CRM", "ENTITY_ID": "DEAL|1"}), json!({"ID": "*"})),
    ]
}

/// The caller's first chat about something.
fn about(call: &mut Call<'_, '_>, kind: &str, id: &str) -> Result<Option<Row>> {
    let scope = CHAT.grant(call, Act::Read)?;
    let condition = "t.entity_type = ? AND t.entity_id = ?";
    let values: Vec<Param<'static>> = vec![kind.to_owned().into(), id.to_owned().into()];
    Ok(noun::select(call, &CHAT, &scope, condition, values, " ORDER BY t.id LIMIT 1")?.pop())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let (kind, id) = (call.text("ENTITY_TYPE"), call.text("ENTITY_ID"));
    let (Some(kind), Some(id)) = (kind, id) else { return Ok(Value::Null) };
    let found = about(call, kind.trim(), id.trim())?;
    Ok(found.map_or(Value::Null, |chat| Value::under("ID", chat.number)))
}

/// The users that a call names, each once, as far as they are there and active.
pub fn people(call: &mut Call<'_, '_>, name: &str, most: usize) -> Result<Vec<i64>> {
    let given = call.param(name).cloned().unwrap_or_default();
    let mut ids: Vec<i64> = Vec::new();
    for id in given.each().filter_map(Value::as_int).filter(|id| *id > 0) {
        if ids.len() < most && !ids.contains(&id) && directory::is_active(call.tx, id)? {
            ids.push(id);
        }
    }
    Ok(ids)
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let text =
        |name: &str| call.text(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let (kind, id) = (text("ENTITY_TYPE"), text("ENTITY_ID"));
    let (title, description) = (text("TITLE"), text("DESCRIPTION"));
    let color =
        text("COLOR").map(|code| code.to_ascii_uppercase()).filter(|code| color::of_code(code).is_some());
    let is_open = text("TYPE").is_some_and(|kind| matches!(kind.to_ascii_uppercase().as_str(), "OPEN" | "O"));
    if let (Some(kind), Some(id)) = (&kind, &id)
        && BOUND.contains(&kind.as_str())
    {
        return Ok(about(call, kind, id)?.ok_or_else(denied)?.number.into());
    }
    let me = call.caller.user_id;
    let owner = call.param("OWNER_ID").and_then(Value::as_int).filter(|id| *id > 0).unwrap_or(me);
    let owner = if directory::is_active(call.tx, owner)? { owner } else { me };
    let mut members = people(call, "USERS", MOST)?;
    members.retain(|user| *user != me && *user != owner);
    if owner != me {
        members.insert(0, owner);
    }
    let mut row = Map::new();
    row.push("TYPE", if is_open { "OPEN" } else { "CHAT" });
    let title = match title {
        Some(title) => title,
        None => title_of(call, &members)?,
    };
    row.push("TITLE", title);
    row.push("OWNER_ID", owner);
    let given = [("DESCRIPTION", description), ("COLOR", color), ("ENTITY_TYPE", kind), ("ENTITY_ID", id)];
    for (name, value) in given {
        row.push(name, value);
    }
    if let Some(picture) = avatar::given(call)? {
        row.push("AVATAR", picture);
    }
    let chat = noun::add(call, &CHAT, &FACE, &row)?.number;
    for user in [me].iter().chain(&members) {
        super::users::put(call, chat, *user, 0)?;
    }
    say(call, chat, if members.is_empty() { MADE } else { MADE_WITH }, &members, "")?;
    let first = call.text("MESSAGE").map(|given| message::text::clean(&given)).unwrap_or_default();
    if !first.is_empty() {
        let room = Room::find(call, chat)?.ok_or_else(denied)?;
        message::send(call, &room, &first, serde_json::Map::new(), false)?;
    }
    Ok(chat.into())
}

/// A title of the names of who is in it.
fn title_of(call: &mut Call<'_, '_>, members: &[i64]) -> Result<String> {
    let mut names = Vec::new();
    for user in [call.caller.user_id].iter().chain(members).take(4) {
        names.extend(name_of(call.tx, *user)?);
    }
    Ok(names.join(", "))
}
