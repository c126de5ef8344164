//! `im.dialog.messages.get`.

use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value};

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read};
use engine::noun::{self, Row};

use super::{Dialog, Room, foreign, required_dialog, unnamed};
use crate::message::{MESSAGE, show};
use crate::{SCOPE, file, person};

/// Messages of a page, unless a call says otherwise.
const USUAL: i64 = 20;
/// At most.
const MOST: i64 = 50;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("im.dialog.messages.get", SCOPE, get)
            .own_words()
            .about("Returns messages of a dialog: the newest ones, those before one or those behind one.")
            .param(required_dialog())
            .param(optional("LAST_ID", Kind::Int, "Only messages before this one, the newest first"))
            .param(optional("FIRST_ID", Kind::Int, "Only messages behind this one, the oldest first"))
            .param(optional("LIMIT", Kind::Int, "Messages, at most 50"))
            .example(json!({"DIALOG_ID": "2"}), json!({"chat_id": 1, "messages": [{"id": 1}], "files": []})),
    ]
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let dialog = Dialog::of_call(call).ok_or_else(unnamed)?;
    let first = cursor(call, "FIRST_ID", ("FIRST_ID_STRING", "First ID can't be string"))?;
    let last = cursor(call, "LAST_ID", ("LAST_ID_STRING", "Last ID can't be string"))?;
    let room = dialog.room(call)?.filter(|room| !room.is_notifications()).ok_or_else(foreign)?;
    let limit = limit(call, USUAL, MOST);
    let rows = match (first, last) {
        (Some(first), _) => page(call, &room, "t.id > ?", first, &format!("ASC LIMIT {limit}"))?,
        (None, Some(last)) => page(call, &room, "t.id < ?", last, &format!("DESC LIMIT {limit}"))?,
        (None, None) => page(call, &room, "t.id > ?", 0, &format!("DESC LIMIT {limit}"))?,
    };
    let read = room.my("lastReadId");
    let shown: Vec<Value> = rows.iter().map(|row| show::message(call, row, read).into()).collect();
    let mut answer = Map::new();
    answer.push("chat_id", room.id());
    answer.push("messages", shown);
    answer.push("users", person::list(call, &show::authors(&rows))?);
    answer.push("files", file::of_messages(call, room.id(), &rows)?);
    Ok(answer.into())
}

/// An id of a message from which on a page goes.
pub fn cursor(call: &Call<'_, '_>, name: &str, refusal: (&'static str, &'static str)) -> Result<Option<i64>> {
    match call.param(name).filter(|value| !value.is_empty()) {
        None => Ok(None),
        Some(value) => match value.as_int() {
            Some(id) => Ok(Some(id)),
            None => Err(Fault::new(400, refusal.0, refusal.1).into()),
        },
    }
}

/// How many rows a call wants.
pub fn limit(call: &Call<'_, '_>, usual: i64, most: i64) -> i64 {
    let given = call.param("LIMIT").and_then(Value::as_int).filter(|limit| *limit > 0);
    given.unwrap_or(usual).min(most)
}

/// The messages of a chat, as far as the caller sees them, for which a condition on ids holds.
pub fn page(call: &mut Call<'_, '_>, room: &Room, condition: &str, id: i64, order: &str) -> Result<Vec<Row>> {
    let scope = MESSAGE.grant(call, Act::Read)?;
    let condition = format!("t.chat_id = ? AND {condition}");
    let values: Vec<Param<'static>> = vec![room.id().into(), id.into()];
    noun::select(call, &MESSAGE, &scope, &condition, values, &format!(" ORDER BY t.id {order}"))
}
