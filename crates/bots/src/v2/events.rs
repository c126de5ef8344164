//! `imbot.v2.Event.get`.

use serde_json::json;

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, write};
use wire::{Fault, Value};

use super::{named, own};
use crate::bot::Bots;
use crate::{SCOPE, queue};

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        own(
            write("imbot.v2.Event.get", SCOPE, get),
            "Returns what a bot was told; events before the offset are confirmed and go.",
        )
        .param(optional(
            "offset",
            Kind::Int,
            "ID from which on events are wanted: nextOffset of the last answer",
        ))
        .param(optional("limit", Kind::Int, "Events, at most 1000"))
        .param(optional("withUserEvents", Kind::Flag, "Whether those of the webhook's owner come, too"))
        .destroys()
        .example(json!({"botId": 5, "botToken": "demo-bot"}), json!({"events": "*", "hasMore": false})),
    ]
}

/// Events of one answer, unless a call says otherwise.
const USUAL: i64 = 100;
/// At most.
const MOST: i64 = 1000;

/// What a call wants of a queue: from which event on, and how many.
pub fn wanted(call: &Call<'_, '_>) -> (Option<i64>, i64) {
    let number = |name: &str| call.param(name).and_then(Value::as_int).filter(|number| *number > 0);
    (number("offset"), number("limit").unwrap_or(USUAL).min(MOST))
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let bot = named(call)?;
    let mut queues = vec![queue::of_bot(bot.id)];
    if call.flag("withUserEvents") {
        let user = call.caller.user_id;
        let has_scope = call.caller.is_hookless() || call.caller.scopes.split(',').any(|scope| scope == "im");
        if !has_scope {
            return Err(Fault::new(403, "SCOPE_ERROR", "Scope error").into());
        }
        if !Bots::of(&call.meta).readers.contains(&user) {
            return Err(Fault::new(400, "USER_NOT_SUBSCRIBED", "User not subscribed").into());
        }
        queues.push(queue::of_user(user));
    }
    let (offset, limit) = wanted(call);
    queue::fetch(call, &queues, offset, limit)
}
