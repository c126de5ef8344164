//! `imopenlines.message.quick.save`: quick answers. They are elements of a list, which the setting `QUICK_ANSWERS_IBLOCK_ID` of the
//! line names; the first answer that is saved makes it, for the operators of the line.

use engine::access::Act;
use engine::call::Call;
use engine::error::{Result, refusal};
use engine::method::{Kind as Given, Method, required, write};
use engine::noun::{self, Row};
use engine::texts::Topic;
use serde_json::{Value as Json, json};
use wire::{Fault, Value};

use crate::line::{self, LINE};
use crate::session::{chat_of, line_of, named};
use crate::words::{denied, number, refuse};
use crate::{SCOPE, messenger, settings};

/// The setting that names the list.
const SETTING: &str = "QUICK_ANSWERS_IBLOCK_ID";
/// What a new list is called.
pub const TITLE: &str = "Quick answers";
/// What the field for the whole text is called.
pub const TEXT: &str = "Answer";
/// Letters of a name.
const LONGEST: usize = 100;

/// The method.
pub fn method() -> Method {
    write("imopenlines.message.quick.save", SCOPE, save)
        .own_words()
        .about("Saves a message of a dialog as a quick answer of its open channel.")
        .param(required("CHAT_ID", Given::Id, "Chat of the dialog"))
        .param(required("MESSAGE_ID", Given::Id, "Message"))
        .example(json!({"CHAT_ID": crate::DEMO_CHAT, "MESSAGE_ID": crate::DEMO_MESSAGE}), json!(true))
}

fn failed() -> Fault {
    refuse("CANT_SAVE_QUICK_ANSWER", "Error saving quick answer")
}

fn save(call: &mut Call<'_, '_>) -> Result<Value> {
    let session = named(call, Act::Update)?;
    let messages = messenger::messages(call)?;
    let scope = messages.grant(call, Act::Read)?;
    let id = number(call, "MESSAGE_ID").unwrap_or(0);
    let message = noun::one(call, messages, &scope, id)?;
    let message = message.filter(|row| row.int("chatId") == Some(chat_of(&session))).ok_or_else(failed)?;
    let text = message.text("text").trim().to_owned();
    if text.is_empty() {
        return Err(failed().into());
    }
    let line = noun::again(call, &LINE, line_of(&session))?.ok_or_else(denied)?;
    line::claim(call, line.number)?;
    let list = match settings::of(&line.json("settings"), SETTING).parse().unwrap_or(0) {
        0 => make(call, &line)?,
        list => list,
    };
    let name: String = text.lines().next().unwrap_or_default().chars().take(LONGEST).collect();
    let element = json!({
        "IBLOCK_TYPE_ID": "lists", "IBLOCK_ID": list, "ELEMENT_CODE": format!("message_{id}"),
        "FIELDS": {"NAME": name, "DETAIL_TEXT": text},
    });
    match refusal(portal(call, "lists.element.add", element))? {
        Ok(_) => Ok(true.into()),
        // Saved already.
        Err(fault) if &*fault.code == "ERROR_ELEMENT_ALREADY_EXISTS" => Ok(true.into()),
        Err(_) => Err(failed().into()),
    }
}

/// What a method of lists answers the portal itself: operators need no rights to the list.
fn portal(call: &mut Call<'_, '_>, method: &str, params: Json) -> Result<Value> {
    let caller = call.caller.as_user(call.caller.user_id, true);
    Ok(call.ask_as(&caller, method, params)?.ok_or_else(failed)?)
}

/// Makes the list of a line, which its operators may read.
fn make(call: &mut Call<'_, '_>, line: &Row) -> Result<i64> {
    let operators = line::operators(call, line.number)?;
    let rights: serde_json::Map<String, Json> =
        operators.iter().filter_map(|row| Some((format!("U{}", row.int("userId")?), json!("R")))).collect();
    let title = format!("{}: {}", call.language.text(Topic::Names, TITLE), line.text("lineName"));
    let list = json!({
        "IBLOCK_TYPE_ID": "lists", "IBLOCK_CODE": format!("quick_answers_{}", line.number),
        "FIELDS": {"NAME": title}, "RIGHTS": rights,
    });
    let made = refusal(portal(call, "lists.add", list))?;
    let list = made.ok().and_then(|id| id.as_int()).ok_or_else(failed)?;
    let field = json!({
        "IBLOCK_TYPE_ID": "lists", "IBLOCK_ID": list,
        "FIELDS": {"NAME": call.language.text(Topic::Names, TEXT), "TYPE": "DETAIL_TEXT"},
    });
    portal(call, "lists.field.add", field)?;
    let mut settings = Value::from(line.json("settings")).into_map().unwrap_or_default();
    settings.insert(SETTING, list.to_string());
    let row = wire::Map::from([("SETTINGS", Value::from(settings))]);
    noun::amend(call, &LINE, &LINE.faces[0], line.number, &row)?;
    Ok(list)
}
