//! What was made of messages: tasks, events, chats, posts and activities.

use engine::call::Call;
use engine::dto::FACE;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, Access, ID, Noun, Row, Watch, field, noun};
use wire::{Map, Value};

use crate::SCOPE;

/// Kinds of what is made.
pub const TASK: &str = "TASKS_TASK";
/// An event of a calendar
pub const EVENT: &str = "CALENDAR_EVENT";
/// A chat
pub const CHAT: &str = "IM_CHAT";
/// A post of the feed
pub const POST: &str = "BLOG_POST";
/// An activity of the CRM
pub const ACTIVITY: &str = "CRM_ACTIVITY";

/// Bindings.
pub static BINDING: Noun = Noun {
    access: Access::Through("messageId"),
    fields: &[
        ID,
        field("messageId", Kind::Noun("mail.message"), "Message").required().immutable().indexed(),
        field("entityType", Kind::String, "Kind").required().immutable(),
        field("entityId", Kind::Integer, "Object").required().immutable(),
    ],
    faces: &[FACE],
    ..noun("mail.binding", "mail_binding", SCOPE, ["binding of a message", "bindings of messages"])
};

/// What goes takes its bindings with it.
pub const WATCHES: [Watch; 4] = [
    Watch { deleted: |call, row| forget(call, TASK, row), ..Watch::new("tasks.task") },
    Watch { deleted: |call, row| forget(call, EVENT, row), ..Watch::new("calendar.event") },
    Watch { deleted: |call, row| forget(call, CHAT, row), ..Watch::new("im.chat") },
    Watch { deleted: |call, row| forget(call, POST, row), ..Watch::new("feed.post") },
];

fn forget(call: &mut Call<'_, '_>, kind: &'static str, row: &Row) -> Result<()> {
    noun::clear(call, &BINDING, &[("entityType", kind.into()), ("entityId", row.number.into())])
}

/// Binds a message to what was made of it.
///
/// # Errors
/// Those of the store.
pub fn add(call: &mut Call<'_, '_>, message: i64, kind: &str, id: i64) -> Result<()> {
    let values = Map::from([
        ("messageId", Value::Int(message)),
        ("entityType", kind.into()),
        ("entityId", Value::Int(id)),
    ]);
    noun::put(call, &BINDING, &values).map(drop)
}

/// What of that kind a message is bound to, the latest first.
///
/// # Errors
/// Those of the store.
pub fn of(call: &mut Call<'_, '_>, message: i64, kind: &'static str) -> Result<Option<i64>> {
    let condition = "t.message_id = ? AND t.entity_type = ?";
    let values = vec![message.into(), kind.into()];
    let rows = noun::which(call, &BINDING, condition, values, " ORDER BY t.id DESC LIMIT 1")?;
    Ok(rows.first().and_then(|row| row.int("entityId")))
}

/// A binding as messages show it.
pub fn shown(row: &Row) -> Value {
    Map::from([("entityType", Value::from(row.text("entityType"))), ("entityId", row.int("entityId").into())])
        .into()
}
