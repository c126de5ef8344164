//! Chat bots through the front door, on every engine.

// What fails fails the test.
#![allow(clippy::unwrap_used)]

mod newer;
mod older;

use serde_json::{Value as Json, json};
use testportal::{Bench, Hook};

/// Registers a bot whose events go to one address.
fn register(portal: &Hook, code: &str, key: &str) -> i64 {
    let bot = portal.get(
        "imbot.register",
        json!({
            "CODE": code, "TYPE": "B", "CLIENT_ID": key, "EVENT_HANDLER": "https://bots.example.com/handler",
            "PROPERTIES": {"NAME": code, "WORK_POSITION": "Robot"},
        }),
    );
    bot.as_i64().unwrap()
}

/// The events that were raised at a bot's handler, in order.
fn told(portal: &Bench, bot: i64) -> Vec<(String, Json)> {
    let handler = portal.read(move |tx| {
        let sql = "SELECT MAX(handler_id) FROM im_bot_handler WHERE bot_id = ?";
        Ok(tx.one(sql, &[bot.into()], |row| row.int(0))?.unwrap())
    });
    portal.raised(handler)
}

/// The names of those.
fn names(events: &[(String, Json)]) -> Vec<&str> {
    events.iter().map(|(name, _)| name.as_str()).collect()
}

fn say(from: &Hook, to: impl Into<Json>, text: &str) -> i64 {
    let sent = from.get("im.message.add", json!({"DIALOG_ID": to.into(), "MESSAGE": text}));
    sent.as_i64().unwrap()
}
