//! `im.message.update` and `im.message.delete`.

use serde_json::{Value as JsonValue, json};
use wire::{Fault, Map, Value};

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, Param, optional, required, write};
use engine::noun::{self, Row};
use engine::texts::Topic;

use super::rich::{self, ATTACH, KEYBOARD, MENU_OF_UPDATE};
use super::{FACE, MESSAGE, consequences, text};
use crate::SCOPE;

/// How long an author may change a message or take it back, in seconds.
const PERIOD: i64 = 3 * 24 * 3600;

/// What stands in the place of a deleted message.
pub const DELETED: &str = "This message was deleted.";

pub const MESSAGE_ID: Param = required("MESSAGE_ID", Kind::Id, "Message");

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("im.message.update", SCOPE, update)
            .own_words()
            .about("Changes a message of the caller.")
            .param(MESSAGE_ID)
            .param(optional("MESSAGE", Kind::Text, "Text; an empty one deletes the message"))
            .param(optional("ATTACH", Kind::Any, "Attached blocks; N removes them"))
            .param(optional("KEYBOARD", Kind::Any, "Buttons; N removes them"))
            .param(optional("MENU", Kind::Any, "Menu; N removes it"))
            .param(optional("URL_PREVIEW", Kind::Flag, "Whether links are shown with a preview"))
            .param(optional("IS_EDITED", Kind::Flag, "Whether it is shown as changed"))
            .example(json!({"MESSAGE_ID": 1, "MESSAGE": "The chairs have arrived today."}), json!(true)),
        write("im.message.delete", SCOPE, delete)
            .own_words()
            .about("Deletes a message of the caller, or of a chat that the caller manages.")
            .param(MESSAGE_ID)
            .example(json!({"MESSAGE_ID": 1}), json!(true)),
    ]
}

/// The number of the message that a request names.
pub fn named(call: &Call<'_, '_>) -> Result<i64> {
    let id = call.param("MESSAGE_ID").and_then(Value::as_int).filter(|id| *id > 0);
    id.ok_or_else(|| Fault::new(400, "MESSAGE_ID_ERROR", "Message ID can't be empty").into())
}

fn fixed() -> Fault {
    Fault::new(400, "CANT_EDIT_MESSAGE", "Time has expired for modification or you don't have access")
}

/// The message that a request names, when the caller may still do this to it.
fn mine(call: &mut Call<'_, '_>, act: Act) -> Result<Row> {
    let id = named(call)?;
    let row = match noun::find(call, &MESSAGE, &FACE, act, &[id.into()]) {
        Ok(row) => row,
        Err(engine::Error::Fault(_)) => return Err(fixed().into()),
        Err(other) => return Err(other),
    };
    let is_mine = row.int("authorId") == Some(call.caller.user_id);
    let is_late = row.int("dateCreate").unwrap_or(0) + PERIOD < call.now.seconds();
    if row.text("isDeleted") == "Y" || (is_mine && is_late) { Err(fixed().into()) } else { Ok(row) }
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = mine(call, Act::Update)?;
    let given = call.param("MESSAGE").map(|given| text::clean(&given.text().unwrap_or_default()));
    let mut params = params_of(&row);
    for part in [ATTACH, KEYBOARD, MENU_OF_UPDATE] {
        let given = part.given(call)?;
        rich::put(&mut params, part, given);
    }
    if given.as_deref() == Some("") {
        return remove(call, &row);
    }
    let is_edited = call.param("IS_EDITED").and_then(Value::as_flag).unwrap_or(true);
    if is_edited {
        params.insert("IS_EDITED".to_owned(), "Y".into());
    }
    let mut changes = Map::new();
    if let Some(text) = given {
        changes.push("TEXT", text);
    }
    changes.push("PARAMS", Value::from(JsonValue::from(params)));
    noun::update(call, &MESSAGE, &FACE, &[row.number.into()], &changes)?;
    Ok(true.into())
}

/// The parameters of a message.
pub fn params_of(row: &Row) -> serde_json::Map<String, JsonValue> {
    match row.json("params") {
        JsonValue::Object(params) => params,
        _ => serde_json::Map::new(),
    }
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = mine(call, Act::Delete)?;
    remove(call, &row)
}

/// A message that somebody has read stays as a deleted one; another is gone.
fn remove(call: &mut Call<'_, '_>, row: &Row) -> Result<Value> {
    consequences::hold(call, row.int("chatId").unwrap_or(0))?;
    if !consequences::is_read(call, row)? {
        noun::delete(call, &MESSAGE, &FACE, &[row.number.into()])?;
        return Ok(true.into());
    }
    consequences::of_deleted(call, row)?;
    let text = call.language.text(Topic::Names, DELETED).to_owned();
    let mut changes = Map::new();
    changes.push("TEXT", text);
    changes.push("PARAMS", Value::from(json!({"IS_DELETED": "Y"})));
    changes.push("IS_DELETED", "Y");
    noun::amend(call, &MESSAGE, &FACE, row.number, &changes)?;
    Ok(true.into())
}
