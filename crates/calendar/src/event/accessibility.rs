//! `calendar.accessibility.get`: when people have no time.

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, read, required};
use engine::noun::Row;
use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value};

use super::access::{Detail, details};
use super::list::dated;
use super::show::{Entry, busy_time};
use crate::SCOPE;
use crate::date::Window;
use crate::refusal::require;

/// Users that a call asks for at most.
const USERS: usize = 500;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("calendar.accessibility.get", SCOPE, get)
            .own_words()
            .about("Returns when users are busy, by user.")
            .param(required("users", Kind::List, "Users"))
            .param(required("from", Kind::Text, "First day"))
            .param(required("to", Kind::Text, "Last day"))
            .example(
                json!({"users": [1], "from": "2026-06-15", "to": "2026-06-16"}),
                json!({"1": [{"NAME": "Report"}]}),
            ),
    ]
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["from", "to", "users"], ".")?;
    let given = call.param("users").cloned().unwrap_or_default();
    let mut users: Vec<i64> = Vec::new();
    for user in given.each().filter_map(Value::as_int) {
        if !users.contains(&user) {
            users.push(user);
        }
    }
    if users.len() > USERS {
        return Err(Fault::crm("There are too many users.").into());
    }
    let window = Window::of(call, call.param("from"), call.param("to"));
    // Who has not said yes, or has said no, has time.
    let condition = format!(
        "t.cal_type = 'user' AND t.accessibility <> 'free' AND t.meeting_status IN ('H', 'Y') AND t.owner_id IN ({})",
        store::placeholders(users.len().max(1))
    );
    let values =
        if users.is_empty() { vec![Param::Null] } else { users.iter().map(|user| (*user).into()).collect() };
    let dated = dated(call, &window, &condition, values)?;
    let mut rows: Vec<Row> = dated.iter().map(|(row, _)| row.clone()).collect();
    rows.dedup_by_key(|row| row.number);
    let details = details(call, &rows)?;
    let mut busy = Map::with_capacity(users.len());
    for user in users {
        let own = dated.iter().filter(|(row, _)| row.int("ownerId") == Some(user));
        let entries = own.map(|(row, at)| {
            let detail = details.get(&row.number).copied().unwrap_or(Detail::Busy);
            busy_time(call, &Entry { row: row.clone(), at: *at, detail })
        });
        busy.push(user.to_string(), entries.collect::<Vec<_>>());
    }
    // By user, also when these are numbered like a list.
    Ok(Value::Map(busy))
}
