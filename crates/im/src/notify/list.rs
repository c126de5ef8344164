//! `im.notify.get`.

use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value};

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read};
use engine::moment;
use engine::noun::{self, Row};

use super::{ASKING, NOTIFICATION, count};
use crate::dialog::{cursor, limit};
use crate::{SCOPE, message, person};

const USUAL: i64 = 50;

/// The methods.
pub fn methods() -> Vec<Method> {
    let notification = json!({"id": 2, "notify_type": 2, "notify_read": "N"});
    vec![
        read("im.notify.get", SCOPE, get)
            .own_words()
            .about("Returns the notifications of the caller: those that ask for a decision, then the newest ones.")
            .param(optional("LAST_ID", Kind::Int, "Only notifications before this one"))
            .param(optional("LAST_TYPE", Kind::Int, "The type of that one: 1 asks for a decision, 3 does not"))
            .param(optional("LIMIT", Kind::Int, "Notifications, at most 50"))
            .param(optional("CONVERT_TEXT", Kind::Flag, "Whether texts are written as HTML"))
            .example(json!({}), json!({"total_unread_count": 2, "notifications": [notification, {"id": 1, "notify_type": 4}]})),
    ]
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let last = cursor(call, "LAST_ID", ("LAST_ID_STRING", "Last notification ID can't be string"))?;
    let kind = call.param("LAST_TYPE").and_then(Value::as_int);
    if last.is_some() != kind.is_some() {
        let text = "Parameters LAST_ID and LAST_TYPE should be used together";
        return Err(Fault::new(400, "LAST_ID_AND_LAST_TYPE", text).into());
    }
    let limit = limit(call, USUAL, USUAL);
    let (last, was_asking) = (last.unwrap_or(i64::MAX), kind.is_none_or(|kind| kind == ASKING));
    let mut rows = Vec::new();
    if was_asking {
        rows = page(call, "t.type = 1", last, limit)?;
    }
    let room = limit - i64::try_from(rows.len()).unwrap_or(limit);
    if room > 0 {
        let last = if was_asking { i64::MAX } else { last };
        rows.extend(page(call, "t.type <> 1", last, room)?);
    }
    let mut answer = Map::new();
    let numbers = count::of(call, call.caller.user_id)?;
    if let Some((chat, all, unread)) = numbers {
        answer.push("total_count", all);
        answer.push("total_unread_count", unread);
        answer.push("chat_id", chat);
    }
    put_rows(call, &mut answer, numbers.map_or(0, |(chat, ..)| chat), &rows)?;
    Ok(answer.into())
}

/// The caller's notifications before one, the newest first.
fn page(call: &mut Call<'_, '_>, condition: &str, last: i64, limit: i64) -> Result<Vec<Row>> {
    let scope = NOTIFICATION.grant(call, Act::Read)?;
    let condition = format!("t.user_id = ? AND t.id < ? AND {condition}");
    let values: Vec<Param<'static>> = vec![call.caller.user_id.into(), last.into()];
    noun::select(
        call,
        &NOTIFICATION,
        &scope,
        &condition,
        values,
        &format!(" ORDER BY t.id DESC LIMIT {limit}"),
    )
}

/// Puts notifications into an answer, with who sent them.
pub fn put_rows(call: &mut Call<'_, '_>, answer: &mut Map, chat: i64, rows: &[Row]) -> Result<()> {
    let as_html = call.flag("CONVERT_TEXT");
    let shown: Vec<Value> = rows.iter().map(|row| show(call, chat, row, as_html).into()).collect();
    answer.push("notifications", shown);
    answer.push("users", person::list(call, &message::show::authors(rows))?);
    Ok(())
}

fn show(call: &Call<'_, '_>, chat: i64, row: &Row, as_html: bool) -> Map {
    let (module, event) = (row.text("module"), row.text("event"));
    let text = row.text("message").trim();
    let mut map = Map::with_capacity(15);
    map.push("id", row.number);
    map.push("chat_id", chat);
    map.push("author_id", row.int("authorId").unwrap_or(0));
    map.push("date", moment::print(&call.caller.zone, row.int("dateCreate").unwrap_or(0)).as_str());
    map.push("notify_type", row.int("type").unwrap_or(0));
    map.push("notify_module", module);
    map.push("notify_event", event);
    map.push("notify_tag", row.text("tag"));
    map.push("notify_sub_tag", row.text("subTag"));
    map.push("notify_title", row.text("title"));
    map.push("setting_name", format!("{module}|{event}"));
    if as_html {
        map.push("text", message::text::html(text));
    } else {
        map.push("text", text);
    }
    map.push("notify_read", if row.text("read") == "Y" { "Y" } else { "N" });
    let params = Value::from(row.json("params"));
    if let Some(buttons) = params.get("BUTTONS") {
        map.push("notify_buttons", String::from_utf8_lossy(&wire::json::encode(buttons)).into_owned());
    }
    map.push("params", if params.is_empty() { Value::Null } else { params });
    map
}
