//! What is overdue and new for somebody: `tasks.task.counters.get`, and the counters of a task.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::entity::Within;
use engine::error::Result;
use engine::method::{self, Method, optional, read};
use engine::noun;
use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value};

use crate::SCOPE;
use crate::task::TASK;
use crate::task::rights::taking_part;

/// The parts that count, by the `type` of a request.
const PARTS: [(&str, &str); 4] = [
    ("view_role_responsible", "R"),
    ("view_role_accomplice", "A"),
    ("view_role_auditor", "U"),
    ("view_role_originator", "O"),
];

/// The codes of the two counters; they are on the wire.
const EXPIRED: i64 = 6_291_456;
const NEW_COMMENTS: i64 = 12_582_912;

/// The method.
pub fn methods() -> Vec<Method> {
    vec![
        read("tasks.task.counters.get", SCOPE, get)
            .own_words()
            .about("Counts the overdue tasks and the new comments of a user.")
            .param(optional("userId", method::Kind::Int, "ID of the user; the one who asks when left out"))
            .param(optional("groupId", method::Kind::Int, "Counts the tasks of this workgroup only"))
            .param(optional(
                "type",
                method::Kind::Text,
                "Counts the tasks in which the user has this part only",
            ))
            .example(
                json!({"userId": 1, "type": "view_all"}),
                json!({"expired": {"counter": "*", "code": EXPIRED}}),
            ),
    ]
}

/// A whole number that a request may give.
fn number(call: &Call<'_, '_>, name: &str) -> Result<i64> {
    match call.param(name).filter(|given| !given.is_empty()) {
        None => Ok(0),
        Some(given) => given.text().and_then(|text| text.trim().parse().ok()).ok_or_else(|| {
            let text = format!(
                "Invalid value {{value}} to match with parameter {{{name}}}. Should be value of type int."
            );
            Fault::numbered(400, 0, text).into()
        }),
    }
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let (user, group) = (number(call, "userId")?, number(call, "groupId")?);
    let own = call.caller.user_id;
    let user = if user == 0 { own } else { user };
    call.total = Some(1);
    let may = user == own || call.caller.is_admin || call.meta.directory.is_above(own, user);
    if !may || directory::name_of(call.tx, user)?.is_none() {
        return Ok(Vec::new().into());
    }
    if group > 0 {
        require_group(call, group)?;
    }
    let asked = call.text("type").unwrap_or_default();
    let parts: Vec<&'static str> = PARTS
        .iter()
        .filter(|(name, _)| asked == *name || !asked.starts_with("view_role"))
        .map(|(_, part)| *part)
        .collect();
    let (rest, ways) = (tasks_of(user, group), taking_part(&[user], &parts));
    let late = format!("{} AND {}", rest.0, overdue(call.now.seconds()));
    let expired = noun::count(call, &TASK, (late, rest.1.clone()), &ways)?;
    let comments = match call.core.modules.noun("im.member") {
        Some(members) => {
            let (parts, values) = ways.any();
            // Of the few chats in which something waits, those of these tasks.
            let sql = format!(
                "SELECT SUM(c.counter) FROM {} c CROSS JOIN tasks_task t \
                 WHERE c.user_id = ? AND c.counter > 0 AND t.chat_id = c.chat_id AND {} AND {parts}",
                members.noun.table, rest.0
            );
            let params: Vec<Param<'static>> =
                std::iter::once(user.into()).chain(rest.1).chain(values).collect();
            call.tx.one(&sql, &params, |row| row.opt_int(0))?.flatten().unwrap_or(0)
        }
        None => 0,
    };
    let one = |counter: i64, code: i64| {
        let mut map = Map::with_capacity(2);
        map.push("counter", counter);
        map.push("code", code);
        map
    };
    let mut counters = Map::with_capacity(2);
    counters.push("expired", one(expired, EXPIRED));
    counters.push("new_comments", one(comments, NEW_COMMENTS));
    Ok(counters.into())
}

fn require_group(call: &mut Call<'_, '_>, group: i64) -> Result<()> {
    let found = match call.core.modules.noun("groups.group").map(|shape| shape.noun) {
        Some(groups) => {
            let scope = groups.grant(call, Act::Read)?;
            noun::one(call, groups, &scope, group)?.is_some()
        }
        None => false,
    };
    if found { Ok(()) } else { Err(Fault::numbered(400, 0, "Group not found or access denied.").into()) }
}

/// The tasks `t` that a user has not muted, of a workgroup if one is named.
fn tasks_of(user: i64, group: i64) -> Within {
    let mut params: Vec<Param<'static>> = vec![user.into()];
    let mut condition =
        "t.id NOT IN (SELECT n.task_id FROM tasks_mark n WHERE n.user_id = ? AND n.kind = 'M')".to_owned();
    if group > 0 {
        condition += " AND t.group_id = ?";
        params.push(group.into());
    }
    (condition, params)
}

/// That a task `t` is overdue.
fn overdue(now: i64) -> String {
    format!("t.deadline < {now} AND t.status NOT IN (4, 5)")
}

/// The new comments on these tasks, of the caller.
pub fn comments(call: &mut Call<'_, '_>, tasks: &[i64]) -> Result<HashMap<i64, i64>> {
    let mut counted = HashMap::new();
    let Some(members) = call.core.modules.noun("im.member").filter(|_| !tasks.is_empty()) else {
        return Ok(counted);
    };
    let sql = format!(
        "SELECT t.id, c.counter FROM tasks_task t JOIN {} c ON c.chat_id = t.chat_id WHERE c.user_id = ? AND t.id IN ({})",
        members.noun.table,
        store::placeholders(tasks.len())
    );
    let own = std::iter::once(Param::from(call.caller.user_id));
    let params: Vec<Param<'_>> = own.chain(tasks.iter().map(|task| (*task).into())).collect();
    call.tx.query(&sql, &params, |row| {
        counted.insert(row.int(0)?, row.int(1)?);
        Ok(())
    })?;
    Ok(counted)
}

/// The counters of one task: whether it is overdue, and its new comments.
pub fn of_task(expired: bool, comments: i64, muted: bool, group: bool) -> Value {
    let late = i64::from(expired);
    let one = |counts: bool| if counts { (late, comments) } else { (0, 0) };
    let (own, of_group, of_muted) = (one(!muted), one(!muted && group), one(muted));
    let color = match (muted, expired, comments) {
        (true, ..) | (_, false, 0) => "gray",
        (_, true, _) => "danger",
        _ => "success",
    };
    json!({
        "counters": {
            "expired": own.0, "newComments": own.1, "projectExpired": of_group.0, "projectNewComments": of_group.1,
            "mutedExpired": of_muted.0, "mutedNewComments": of_muted.1,
        },
        "color": color, "value": own.0 + own.1,
    })
    .into()
}
