//! The messages of the signed-in person as they change: the recent dialogs, the numbers of what is unread, and the dialog
//! that is open, or the notifications. It is what the methods of `im` answer that person, and nothing more.

use std::net::IpAddr;
use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use portal::OwnRequest;
use portal::texts::Language;
use serde_json::json;
use wire::{Map, Value};

use super::ask::{Caller, Query};
use super::refusal::Refusal;
use super::stream::{Look, open};
use crate::clock;
use crate::console::Console;
use crate::console::visit::{SignedIn, Visit};

/// What the page calls its list of notifications.
const NOTIFICATIONS: &str = "notifications";

/// `event: messages` with `{"recent": .., "counters": ..}`; with `?dialog=chat3` also `dialog` and `messages`, the newest
/// ones, and with `?dialog=notifications` `notifications`.
pub async fn stream(
    State(console): State<Console>,
    who: Caller,
    visit: Visit,
    query: Query,
) -> Result<Response, Refusal> {
    let Caller(actor, way) = who;
    let look = Messages { dialog: query.text("dialog"), address: way.address, language: way.language };
    open(console, actor.user_id, visit, look)
}

struct Messages {
    dialog: Option<String>,
    address: IpAddr,
    language: Language,
}

impl Look for Messages {
    const EVENT: &'static str = "messages";
    const TICK: Duration = Duration::from_secs(1);

    async fn page(&self, console: &Console, who: SignedIn) -> Option<String> {
        let mut page = Map::with_capacity(4);
        let mut asked = vec![
            ("recent", "im.recent.list", json!({"LIMIT": 50})),
            ("counters", "im.counters.get", json!({})),
        ];
        match self.dialog.as_deref() {
            None => {}
            Some(NOTIFICATIONS) => asked.push(("notifications", "im.notify.get", json!({"LIMIT": 50}))),
            Some(dialog) => {
                asked.push(("dialog", "im.dialog.get", json!({"DIALOG_ID": dialog})));
                asked.push(("messages", "im.dialog.messages.get", json!({"DIALOG_ID": dialog, "LIMIT": 50})));
            }
        }
        for (name, method, params) in asked {
            page.push(name, self.ask(console, who.user.id, method, params).await?);
        }
        Some(String::from_utf8_lossy(&wire::json::encode(&page.into())).into_owned())
    }
}

impl Messages {
    /// What a method answers the person; null where it refuses: that dialog is none of the person's, or not any more.
    async fn ask(
        &self,
        console: &Console,
        user_id: i64,
        method: &str,
        params: serde_json::Value,
    ) -> Option<Value> {
        let request = OwnRequest {
            user_id,
            method: method.to_owned(),
            params: Value::from(params).into_map().unwrap_or_default(),
            address: self.address,
            received: clock::machine(),
            language: self.language,
            basis: None,
        };
        match console.portal.call_as(request).await {
            Ok(done) => Some(done.reply.result),
            Err(portal::Error::Fault(_)) => Some(Value::Null),
            Err(_) => None,
        }
    }
}
