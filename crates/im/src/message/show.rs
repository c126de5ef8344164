//! Messages as answers show them.

use std::collections::BTreeSet;

use engine::call::Call;
use engine::moment;
use serde_json::Value as JsonValue;
use wire::{Map, Value};

use super::change::params_of;
use engine::noun::Row;

/// A message as `im.dialog.messages.get` shows it; those behind `read`, the last one that the caller has read, are unread,
/// unless they are the caller's own.
pub fn message(call: &Call<'_, '_>, row: &Row, read: i64) -> Map {
    let author = row.int("authorId").unwrap_or(0);
    let mut map = Map::with_capacity(10);
    map.push("id", row.number);
    map.push("chat_id", row.int("chatId").unwrap_or(0));
    map.push("author_id", author);
    map.push("date", date(call, row));
    map.push("text", row.text("text"));
    map.push("unread", row.number > read && author != call.caller.user_id);
    map.push("uuid", uuid(row));
    map.push("replaces", Vec::<Value>::new());
    map.push("params", params(row));
    map.push("disappearing_date", Value::Null);
    map
}

/// When it was sent.
pub fn date(call: &Call<'_, '_>, row: &Row) -> Value {
    moment::print(&call.caller.zone, row.int("dateCreate").unwrap_or(0)).into()
}

/// Its unique id; null when nobody wrote it.
pub fn uuid(row: &Row) -> Value {
    Some(row.text("uuid")).filter(|uuid| !uuid.is_empty()).map_or(Value::Null, Into::into)
}

/// Its parameters; an empty list when there are none.
pub fn params(row: &Row) -> Value {
    Value::from(JsonValue::from(params_of(row)))
}

/// Who wrote these.
pub fn authors(rows: &[Row]) -> Vec<i64> {
    let authors = rows.iter().filter_map(|row| row.int("authorId")).filter(|author| *author > 0);
    authors.collect::<BTreeSet<i64>>().into_iter().collect()
}
