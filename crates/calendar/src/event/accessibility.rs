//! `calendar.accessibility.get`: when people have no time.

use std::collections::HashMap;

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, read, required};
use serde_json::json;
use wire::{Fault, Map, Value};

use super::list::{dated, seen};
use super::show::busy_time;
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
        if users.len() > USERS {
            return Err(Fault::crm("There are too many users.").into());
        }
    }
    let window = Window::of(call, call.param("from"), call.param("to"));
    if users.is_empty() {
        return Ok(Value::Map(Map::new()));
    }
    // Who has not said yes, or has said no, has time.
    let condition = format!(
        "t.cal_type = 'user' AND t.accessibility <> 'free' AND t.meeting_status IN ('H', 'Y') AND t.owner_id IN ({})",
        store::placeholders(users.len())
    );
    let dated = dated(call, &window, &condition, users.iter().map(|user| (*user).into()).collect())?;
    let mut times: HashMap<i64, Vec<Value>> = HashMap::new();
    for entry in seen(call, dated)? {
        times.entry(entry.row.int("ownerId").unwrap_or(0)).or_default().push(busy_time(call, &entry));
    }
    let mut busy = Map::with_capacity(users.len());
    for user in users {
        busy.push(user.to_string(), times.remove(&user).unwrap_or_default());
    }
    // By user, also when these are numbered like a list.
    Ok(Value::Map(busy))
}
