//! `im.user.get`, `im.user.list.get` and what people say of themselves: `im.user.status.*`.

use serde_json::json;
use wire::{Fault, Map, Value};

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required, write};

use crate::{SCOPE, person};

/// What somebody may be.
const STATUSES: [&str; 4] = ["online", "dnd", "away", "break"];

/// The methods.
pub fn methods() -> Vec<Method> {
    let large =
        || optional("AVATAR_HR", Kind::Flag, "Whether the picture comes in full size; it always does");
    vec![
        read("im.user.get", SCOPE, get)
            .own_words()
            .about("Returns a user as chats show them; the caller, if none is named.")
            .param(optional("ID", Kind::Id, "User"))
            .param(large())
            .example(json!({"ID": 2}), json!({"id": 2, "name": "Ines Vogel", "bot": false})),
        read("im.user.list.get", SCOPE, list)
            .own_words()
            .about("Returns users as chats show them, by their IDs.")
            .param(required("ID", Kind::List, "IDs of users"))
            .param(large())
            .param(optional("RESULT_TYPE", Kind::Text, "array for a list"))
            .example(json!({"ID": [1, 2], "RESULT_TYPE": "array"}), json!([{"id": 1}, {"id": 2}]))
            .example(json!({"ID": [1]}), json!({"1": {"id": 1}})),
        read("im.user.status.get", SCOPE, |call| Ok(status(call)?.into()))
            .own_words()
            .about("Returns the status of the caller: online, dnd, away or break.")
            .example(json!({}), json!("online")),
        write("im.user.status.set", SCOPE, set)
            .own_words()
            .about("Sets the status of the caller.")
            .param(required("STATUS", Kind::Text, "online, dnd, away or break"))
            .example(json!({"STATUS": "away"}), json!(true)),
        write("im.user.status.idle.start", SCOPE, start)
            .own_words()
            .about("Notes that the caller is idle.")
            .param(optional("AGO", Kind::Int, "For how many minutes already"))
            .example(json!({"AGO": 10}), json!(true)),
        write("im.user.status.idle.end", SCOPE, |call| idle(call, None))
            .own_words()
            .about("Notes that the caller is idle no more.")
            .example(json!({}), json!(true)),
    ]
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = match call.param("ID").filter(|id| !id.is_empty()) {
        None => call.caller.user_id,
        Some(given) => {
            let id = given.as_int().filter(|id| *id > 0);
            id.ok_or_else(|| Fault::new(400, "ID_EMPTY", "User ID can't be empty"))?
        }
    };
    let found = person::one(call, id)?;
    let found = found.ok_or_else(|| Fault::new(400, "USER_NOT_EXISTS", "User does not exist"))?;
    Ok(found.into())
}

/// Users that one call names.
const MOST: usize = 500;

/// The ids that a call names, be it as a list, as one, or as JSON.
pub fn ids(call: &Call<'_, '_>, name: &str) -> Vec<i64> {
    let given = call.param(name).cloned().unwrap_or_default();
    let parsed = given.as_str().and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    let given = parsed.map_or(given, Value::from);
    let mut ids: Vec<i64> = Vec::new();
    for id in given.each().filter_map(Value::as_int).filter(|id| *id > 0) {
        if ids.len() < MOST && !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let ids = ids(call, "ID");
    if ids.is_empty() {
        return Err(Fault::new(400, "INVALID_FORMAT", "A wrong format for the ID field is passed").into());
    }
    let mut found = person::by_id(call, &ids)?;
    if call.text("RESULT_TYPE").is_some_and(|kind| kind.eq_ignore_ascii_case("array")) {
        let list: Vec<Value> = ids.iter().filter_map(|id| found.remove(id)).map(Value::from).collect();
        return Ok(list.into());
    }
    let of = |id: &i64| (id.to_string().into(), found.remove(id).map_or(Value::Null, Value::from));
    Ok(Value::Map(ids.iter().map(of).collect::<Map>()))
}

/// What the caller said last.
fn status(call: &mut Call<'_, '_>) -> Result<String> {
    let sql = "SELECT status FROM im_status WHERE user_id = ?";
    let found = call.tx.one(sql, &[call.caller.user_id.into()], |row| Ok(row.text(0)?.to_owned()))?;
    Ok(found.unwrap_or_else(|| STATUSES[0].to_owned()))
}

fn set(call: &mut Call<'_, '_>) -> Result<Value> {
    let status = call.text("STATUS").unwrap_or_default();
    if !STATUSES.contains(&status.as_str()) {
        return Err(Fault::new(400, "STATUS_ERROR", "Status is not available").into());
    }
    let sql = "INSERT INTO im_status (user_id, status) VALUES (?, ?) \
               ON CONFLICT (user_id) DO UPDATE SET status = EXCLUDED.status";
    call.tx.execute(sql, &[call.caller.user_id.into(), status.into()])?;
    Ok(true.into())
}

fn start(call: &mut Call<'_, '_>) -> Result<Value> {
    let minutes = call.param("AGO").and_then(Value::as_int).unwrap_or(10).clamp(0, DAY);
    let since = call.now.seconds() - minutes * 60;
    idle(call, Some(since))
}

/// Minutes of a day.
const DAY: i64 = 24 * 60;

fn idle(call: &mut Call<'_, '_>, since: Option<i64>) -> Result<Value> {
    let sql = "INSERT INTO im_status (user_id, status, idle) VALUES (?, 'online', ?) \
               ON CONFLICT (user_id) DO UPDATE SET idle = EXCLUDED.idle";
    call.tx.execute(sql, &[call.caller.user_id.into(), since.into()])?;
    Ok(true.into())
}
