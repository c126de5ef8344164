//! `im.message.like`.

use serde_json::{Value as JsonValue, json};
use wire::{Fault, Map, Value};

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, write};
use engine::noun;

use super::change::{MESSAGE_ID, named, params_of};
use super::{FACE, MESSAGE};
use crate::SCOPE;
use crate::dialog::Room;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("im.message.like", SCOPE, like)
            .own_words()
            .about("Adds a message to those that the caller likes, or takes it from them.")
            .param(MESSAGE_ID)
            .param(optional("ACTION", Kind::Text, "plus, minus, or auto: what it was not before"))
            .example(json!({"MESSAGE_ID": 1, "ACTION": "plus"}), json!(true)),
    ]
}

fn like(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = named(call)?;
    let unchanged = || Fault::new(400, "WITHOUT_CHANGES", "Action completed without changes");
    let scope = MESSAGE.grant(call, Act::Read)?;
    let row = noun::one(call, &MESSAGE, &scope, id)?.filter(|row| row.text("isDeleted") != "Y");
    let row = row.ok_or_else(unchanged)?;
    let room = Room::find(call, row.int("chatId").unwrap_or(0))?;
    room.filter(|room| room.me.is_some()).ok_or_else(unchanged)?;
    let me = call.caller.user_id;
    let mut params = params_of(&row);
    let liked = params.remove("LIKE").unwrap_or_default();
    let mut liked: Vec<i64> = liked.as_array().into_iter().flatten().filter_map(JsonValue::as_i64).collect();
    let before = liked.contains(&me);
    let after = match call.text("ACTION").unwrap_or_default().to_ascii_lowercase().as_str() {
        "plus" => true,
        "minus" => false,
        _ => !before,
    };
    if before == after {
        return Err(unchanged().into());
    }
    match after {
        true => liked.push(me),
        false => liked.retain(|user| *user != me),
    }
    if !liked.is_empty() {
        params.insert("LIKE".to_owned(), liked.into());
    }
    let changes: Map = [("PARAMS".into(), Value::from(JsonValue::from(params)))].into_iter().collect();
    noun::amend(call, &MESSAGE, &FACE, id, &changes)?;
    Ok(true.into())
}
