//! Dialogs and the items of the CRM that they are about: `imopenlines.crm.*`.

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::entity::change::Change;
use engine::entity::owner::standing;
use engine::entity::{Entity, Kind};
use engine::error::Result;
use engine::method::{Kind as Given, Method, Param, optional, read, required, write};
use engine::noun::{self, Access, Asked, Face, ID, Noun, Row, field, noun};
use serde_json::json;
use wire::{Fault, Map, Value};

use crate::SCOPE;
use crate::messenger::{self, join, leave};
use crate::session::{self, chat_of, is_open, operator};
use crate::words::{FAULTS, denied, number, refuse};

const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::legacy("imopenlines.crm") };

/// Which items a dialog is about. Rows are reached through the session and the item.
pub static LINK: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("chatId", Kind::Integer, "Chat").required().immutable().indexed(),
        field("code", Kind::Choice(&["LEAD", "DEAL", "CONTACT", "COMPANY"]), "Kind").required(),
        field("itemId", Kind::Integer, "Item").required(),
    ],
    faces: &[FACE],
    ..noun("openlines.link", "imopenlines_link", SCOPE, ["item of a dialog", "items of dialogs"])
};

/// The kinds of items by their codes.
const KINDS: [(&str, i64); 4] = [("LEAD", 1), ("DEAL", 2), ("CONTACT", 3), ("COMPANY", 4)];

/// The methods.
pub fn methods() -> Vec<Method> {
    let chat = crate::DEMO_CHAT;
    let item = || json!({"CRM_ENTITY_TYPE": "lead", "CRM_ENTITY": crate::DEMO_LEAD});
    let with = |more: serde_json::Value| {
        let mut all = item();
        if let (serde_json::Value::Object(all), serde_json::Value::Object(more)) = (&mut all, more) {
            all.extend(more);
        }
        all
    };
    let user = || required("USER_ID", Given::Id, "User");
    let of_item = |method: Method, about: &'static str| {
        method
            .own_words()
            .about(about)
            .param(required("CRM_ENTITY_TYPE", Given::Text, "lead, deal, contact or company"))
            .param(required("CRM_ENTITY", Given::Id, "Item"))
    };
    let any_chat = || optional("CHAT_ID", Given::Id, "Chat; the latest of the item otherwise");
    vec![
        of_item(read("imopenlines.crm.chat.get", SCOPE, get), "Lists the dialogs about an item of the CRM.")
            .param(optional("ACTIVE_ONLY", Given::Flag, "Whether only those that go on are listed"))
            .example(item(), json!([{"CHAT_ID": chat.to_string(), "CONNECTOR_ID": "livechat"}])),
        of_item(
            read("imopenlines.crm.chat.getLastId", SCOPE, last),
            "Returns the ID of the latest dialog about an item of the CRM.",
        )
        .example(item(), json!(chat)),
        of_item(
            write("imopenlines.crm.chat.user.add", SCOPE, add_user),
            "Adds a user to a dialog about an item.",
        )
        .param(user())
        .param(any_chat())
        .example(with(json!({"USER_ID": 3, "CHAT_ID": chat})), json!(chat)),
        of_item(
            write("imopenlines.crm.chat.user.delete", SCOPE, delete_user),
            "Removes a user from a dialog about an item.",
        )
        .param(user())
        .param(any_chat())
        .example(with(json!({"USER_ID": 1, "CHAT_ID": chat})), json!(chat)),
        of_item(
            write("imopenlines.crm.message.add", SCOPE, say),
            "Sends a message in a dialog about an item.",
        )
        .param(Param { required: true, ..user() })
        .param(required("CHAT_ID", Given::Id, "Chat of the dialog"))
        .param(required("MESSAGE", Given::Text, "Message"))
        .example(with(json!({"USER_ID": 1, "CHAT_ID": chat, "MESSAGE": "Your desk is ready."})), json!("*")),
        write("imopenlines.crm.lead.create", SCOPE, create_lead)
            .own_words()
            .about("Makes a lead of a dialog, by its operator.")
            .param(required("CHAT_ID", Given::Id, "Chat of the dialog"))
            .example(json!({"CHAT_ID": chat}), json!(true)),
    ]
}

/// The items that a chat is about.
///
/// # Errors
/// Those of the store.
pub fn of_chat(call: &mut Call<'_, '_>, chat: i64) -> Result<Vec<(String, i64)>> {
    let within = Some(("t.chat_id = ?".to_owned(), vec![chat.into()]));
    let rows = noun::belonging(call, &LINK, Asked { within, whole: true, ..Asked::default() })?;
    Ok(rows.iter().map(|row| (row.text("code").to_owned(), row.int("itemId").unwrap_or(0))).collect())
}

/// The item that a call names, of which the caller may see it; otherwise the refusal.
fn item(call: &mut Call<'_, '_>, unseen: Fault) -> Result<(&'static str, i64)> {
    let empty = |name: &'static str| {
        let text = format!("Argument '{name}' is null or empty");
        Fault::new(400, "ERROR_ARGUMENT", text)
    };
    let kind = call.text("CRM_ENTITY_TYPE").ok_or_else(|| empty("CRM_ENTITY_TYPE"))?;
    let given = call.param("CRM_ENTITY").filter(|value| !value.is_empty());
    let given = given.ok_or_else(|| empty("CRM_ENTITY"))?;
    let wrong = || refuse("ERROR_ARGUMENT", "The value of an argument 'CRM_ENTITY' has an invalid type");
    let id = given.as_int().ok_or_else(wrong)?;
    let known = KINDS.iter().find(|(code, _)| code.eq_ignore_ascii_case(&kind));
    let Some((code, entity)) = known.and_then(|(code, kind)| Some((*code, call.entity(*kind)?))) else {
        return Err(unseen.into());
    };
    standing(call, &entity, id, Act::Read)?.require(unseen.clone(), unseen)?;
    Ok((code, id))
}

/// The dialogs about an item, the latest first.
fn dialogs(call: &mut Call<'_, '_>, (code, id): (&str, i64)) -> Result<Vec<i64>> {
    let sql =
        "SELECT chat_id FROM imopenlines_link WHERE code = ? AND item_id = ? ORDER BY chat_id DESC LIMIT 100";
    Ok(call.tx.all(sql, &[code.to_owned().into(), id.into()], |row| row.int(0))?)
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let unseen = Fault::new(403, "ACCESS_DENIED", "Access denied! You don't have access to this action");
    let item = item(call, unseen)?;
    let active = call.param("ACTIVE_ONLY").and_then(Value::as_flag).unwrap_or(true);
    let mut shown = Vec::new();
    for chat in dialogs(call, item)? {
        // Who may see the item may know of its dialogs.
        let Some(found) = latest(call, chat)? else { continue };
        if active && !is_open(&found) {
            continue;
        }
        let connector = found.text("userCode").split('|').next().unwrap_or_default().to_owned();
        let mut dialog = Map::with_capacity(3);
        dialog.push("CHAT_ID", chat.to_string());
        dialog
            .push("CONNECTOR_TITLE", if connector == "livechat" { "Live chat" } else { connector.as_str() });
        dialog.push("CONNECTOR_ID", connector);
        shown.push(dialog.into_value());
    }
    Ok(shown.into())
}

/// The latest session of a chat, whoever asks.
fn latest(call: &mut Call<'_, '_>, chat: i64) -> Result<Option<Row>> {
    let within = Some(("t.chat_id = ?".to_owned(), vec![chat.into()]));
    let order = Some(noun::Order::default().by("t.id", "DESC"));
    let wanted = Asked { within, order, window: Some((0, 1)), ..Asked::default() };
    Ok(noun::belonging(call, &session::SESSION, wanted)?.into_iter().next())
}

fn last(call: &mut Call<'_, '_>) -> Result<Value> {
    let nothing = || refuse("CRM_CHAT_EMPTY_CRM_DATA", "Could not find CRM object");
    if call.text("CRM_ENTITY_TYPE").is_none() || call.param("CRM_ENTITY").is_none_or(Value::is_empty) {
        return Err(refuse("CRM_CHAT_EMPTY_CRM_DATA", "Empty CRM data").into());
    }
    let item = item(call, nothing())?;
    let found = dialogs(call, item)?.first().copied();
    Ok(found.ok_or_else(nothing)?.into())
}

/// The dialog that a call names among those about an item, on which the caller works.
fn chat(call: &mut Call<'_, '_>) -> Result<i64> {
    let unseen =
        Fault::new(403, "ACCESS_DENIED", "Access denied! You don't have access to join user to chat");
    let item = item(call, unseen.clone())?;
    let dialogs = dialogs(call, item)?;
    let chat = number(call, "CHAT_ID").or(dialogs.first().copied()).filter(|chat| dialogs.contains(chat));
    let text = "Chat does not belong to the CRM object being checked";
    let chat = chat.ok_or_else(|| refuse("CHAT_NOT_IN_CRM", text))?;
    session::latest(call, chat, Act::Update)?.ok_or(unseen)?;
    Ok(chat)
}

fn user(call: &mut Call<'_, '_>) -> Result<i64> {
    let empty = || refuse("ERROR_ARGUMENT", "Argument 'Empty USER_ID' is null or empty");
    let user = number(call, "USER_ID").ok_or_else(empty)?;
    match directory::is_active(call.tx, user)? {
        true => Ok(user),
        false => Err(refuse("CRM_CHAT_USER_NOT_ACTIVE", "User not active").into()),
    }
}

fn add_user(call: &mut Call<'_, '_>) -> Result<Value> {
    let chat = chat(call)?;
    let user = user(call)?;
    if messenger::is_in(call, chat, user)? {
        let text = "You don't have access or user already member in chat";
        return Err(refuse("WRONG_REQUEST", text).into());
    }
    join(call, chat, user)?;
    Ok(chat.into())
}

fn delete_user(call: &mut Call<'_, '_>) -> Result<Value> {
    let chat = chat(call)?;
    let user = user(call)?;
    if !messenger::is_in(call, chat, user)? {
        return Err(refuse("WRONG_REQUEST", "You don't have access or user already not in chat").into());
    }
    leave(call, chat, user)?;
    Ok(chat.into())
}

/// Only administrators speak for others.
fn say(call: &mut Call<'_, '_>) -> Result<Value> {
    let unseen = || Fault::new(400, "ACCESS_DENIED", "Access denied! User don't have access to this entity");
    let empty = |name: &str| Fault::new(400, "ERROR_ARGUMENT", format!("Argument {name} is null or empty"));
    let item = item(call, unseen())?;
    let user = number(call, "USER_ID").ok_or_else(|| empty("USER_ID"))?;
    let chat = number(call, "CHAT_ID").ok_or_else(|| empty("CHAT_ID"))?;
    let message = call.text("MESSAGE").ok_or_else(|| empty("MESSAGE"))?;
    if !dialogs(call, item)?.contains(&chat) {
        return Err(refuse("CHAT_NOT_IN_CRM", "Chat does not belong to the CRM entity being checked").into());
    }
    let found = session::latest(call, chat, Act::Update)?.ok_or_else(unseen)?;
    if user != call.caller.user_id && !(call.caller.is_admin && directory::is_active(call.tx, user)?) {
        return Err(unseen().into());
    }
    if !is_open(&found) {
        return Err(refuse("CANCELED", "You cannot send messages to the specified chat").into());
    }
    join(call, chat, user)?;
    messenger::ask_as(call, user, "im.message.add", json!({"CHAT_ID": chat, "MESSAGE": message}))
}

fn create_lead(call: &mut Call<'_, '_>) -> Result<Value> {
    let found = session::named(call, Act::Update)?;
    let me = call.caller.user_id;
    if operator(&found) != me {
        let text = "Attempt to save a CRM object by a user who is not an operator";
        return Err(refuse("ERROR_USER_NOT_OPERATOR", text).into());
    }
    let chat = chat_of(&found);
    if of_chat(call, chat)?.iter().any(|(code, _)| code == "LEAD") {
        return Ok(true.into());
    }
    let title = messenger::chat(call, chat)?.map(|chat| chat.text("title").to_owned()).unwrap_or_default();
    let params = json!({"fields": {"TITLE": title, "ASSIGNED_BY_ID": me}});
    let lead = messenger::ask_as(call, me, "crm.lead.add", params)?.as_int().ok_or_else(denied)?;
    let mut row = Map::with_capacity(3);
    row.push("CHAT_ID", chat);
    row.push("CODE", "LEAD");
    row.push("ITEM_ID", lead);
    noun::put(call, &LINK, &row)?;
    session::tell(call, &found)?;
    Ok(true.into())
}

/// Follows a deletion of an item, or its merging with another one, which takes its place.
///
/// # Errors
/// Those of the store.
pub fn follow(call: &mut Call<'_, '_>, entity: &Entity, id: i64, change: &Change) -> Result<()> {
    let Some((code, _)) = KINDS.iter().find(|(_, kind)| *kind == entity.type_id && entity.is_item()) else {
        return Ok(());
    };
    if matches!(change, Change::Arrived(_)) {
        return Ok(());
    }
    let chats = dialogs(call, (code, id))?;
    if let Change::Merged(into) = change {
        let sql = "UPDATE imopenlines_link SET item_id = ? WHERE code = ? AND item_id = ?";
        call.tx.execute(sql, &[(*into).into(), (*code).into(), id.into()])?;
    } else {
        noun::clear(call, &LINK, &[("code", (*code).into()), ("itemId", id.into())])?;
    }
    for chat in chats {
        if let Some(found) = latest(call, chat)? {
            session::tell(call, &found)?;
        }
    }
    Ok(())
}
