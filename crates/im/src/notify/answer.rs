//! `im.notify.confirm` and `im.notify.answer`: what somebody decides on a notification is kept with it, and told to who sent it.

use serde_json::json;
use wire::{Fault, Map, Value};

use engine::access::Act;
use engine::call::Call;
use engine::directory::name_of;
use engine::error::Result;
use engine::method::{Kind, Method, required, write};
use engine::noun::{self, Row};
use engine::texts::Topic;

use super::{ASKING, FACE, FROM_USER, NOTIFICATION};
use crate::SCOPE;

/// What is answered when it is done.
pub const SENT: &str = "Your response has been successfully sent.";

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("im.notify.confirm", SCOPE, confirm)
            .own_words()
            .about("Presses a button of a notification that asks for a decision.")
            .param(required("NOTIFY_ID", Kind::Id, "Notification"))
            .param(required("NOTIFY_VALUE", Kind::Text, "Value of the button"))
            .example(json!({"NOTIFY_ID": 1, "NOTIFY_VALUE": "Y"}), json!({"result_message": "*"})),
        write("im.notify.answer", SCOPE, answer)
            .own_words()
            .about("Answers a notification.")
            .param(required("NOTIFY_ID", Kind::Id, "Notification"))
            .param(required("ANSWER_TEXT", Kind::Text, "Answer"))
            .example(json!({"NOTIFY_ID": 2, "ANSWER_TEXT": "I have"}), json!({"result_message": [SENT]}))
            .example(json!({"NOTIFY_ID": 77, "ANSWER_TEXT": "I have"}), json!({"result_message": false})),
    ]
}

/// The caller's notification that a call names.
fn mine(call: &mut Call<'_, '_>) -> Result<Option<Row>> {
    let id = call.param("NOTIFY_ID").and_then(Value::as_int).filter(|id| *id > 0);
    let id = id.ok_or_else(|| Fault::new(400, "ID_ERROR", "Notification ID can't be empty"))?;
    let scope = NOTIFICATION.grant(call, Act::Read)?;
    noun::one(call, &NOTIFICATION, &scope, id)
}

fn message(call: &Call<'_, '_>, is_done: bool) -> Value {
    let said = call.language.text(Topic::Names, SENT).to_owned();
    Value::under("result_message", if is_done { Value::List(vec![said.into()]) } else { false.into() })
}

fn confirm(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = mine(call)?;
    let value = call.text("NOTIFY_VALUE").filter(|value| !value.trim().is_empty());
    let value =
        value.ok_or_else(|| Fault::new(400, "NOTIFY_VALUE_ERROR", "Notification Value can't be empty"))?;
    let Some(row) = row.filter(|row| row.int("type") == Some(ASKING)) else {
        return Ok(message(call, false));
    };
    let params = row.json("params");
    let buttons = params["BUTTONS"].as_array().cloned().unwrap_or_default();
    let pressed = buttons.iter().find(|button| button["VALUE"].as_str() == Some(value.trim()));
    let Some(pressed) = pressed else { return Ok(message(call, false)) };
    let said = pressed["TEXT"].as_str().or(pressed["TITLE"].as_str()).unwrap_or(value.trim()).to_owned();
    reply(call, &row, &said)?;
    // What was decided asks no more.
    let kind = if row.int("authorId").unwrap_or(0) > 0 { FROM_USER } else { super::FROM_SYSTEM };
    let mut decided = Map::with_capacity(2);
    decided.push("ANSWER", value.trim());
    decided.push("TYPE", kind);
    // With its steps, for modules that wait for a decision.
    noun::amend(call, &NOTIFICATION, &FACE, row.number, &decided)?;
    read_it(call, &row)?;
    Ok(message(call, true))
}

fn answer(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = mine(call)?;
    let said = call.text("ANSWER_TEXT").filter(|text| !text.trim().is_empty());
    let said = said.ok_or_else(|| Fault::new(400, "ANSWER_TEXT_ERROR", "ANSWER_TEXT can't be empty"))?;
    // Of those from a person, or that say that they can be answered.
    let takes = |row: &Row| row.int("authorId").unwrap_or(0) > 0 || row.json("params")["CAN_ANSWER"] == "Y";
    let Some(row) = row.filter(takes) else { return Ok(message(call, false)) };
    reply(call, &row, said.trim())?;
    let sql = "UPDATE im_notification SET answer = ? WHERE id = ?";
    call.tx.execute(sql, &[said.trim().to_owned().into(), row.number.into()])?;
    read_it(call, &row)?;
    Ok(message(call, true))
}

/// Who has answered has read it.
fn read_it(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    super::read::mark(call, "id = ?", vec![row.number.into()], true)
}

/// Tells the author, with what it answers.
fn reply(call: &mut Call<'_, '_>, row: &Row, said: &str) -> Result<()> {
    let Some(author) = row.int("authorId").filter(|author| *author > 0 && *author != call.caller.user_id)
    else {
        return Ok(());
    };
    let name = name_of(call.tx, call.caller.user_id)?.unwrap_or_default();
    let mut reply = Map::new();
    reply.push("USER_ID", author);
    reply.push("AUTHOR_ID", call.caller.user_id);
    reply.push("TYPE", FROM_USER);
    reply.push("MODULE", row.text("module"));
    reply.push("EVENT", row.text("event"));
    reply.push("MESSAGE", format!("{name}: {said}\n[quote]{}[/quote]", row.text("message")));
    noun::add(call, &NOTIFICATION, &FACE, &reply)?;
    Ok(())
}
