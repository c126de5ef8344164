//! What is made of a message: `mail.message.createtask`, `createcalendarevent`, `createchat` and `createfeedpost`. The methods of
//! the other modules make it, with the rights of the caller.

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, required, write};
use engine::noun::Row;
use jiff::civil::DateTime;
use serde_json::{Value as Json, json};
use wire::{Map, Value, exception};

use super::{DTO, named};
use crate::{SCOPE, binding, text};

/// Characters of a text that becomes something else.
const LONGEST: usize = 15_000;

/// The methods.
pub fn methods() -> Vec<Method> {
    let method = |name: &'static str, handler: fn(&mut Call<'_, '_>) -> Result<Value>| {
        let id = required("messageId", Kind::Int, "ID of the message");
        write(name, SCOPE, handler).v3(Some(&DTO)).param(id)
    };
    let made = |name: &str| json!({"success": true, name: "*", "messageId": 3});
    vec![
        method("mail.message.createtask", task)
            .about("Makes a task of a message.")
            .param(optional("title", Kind::Text, "Title of the task, in place of the subject"))
            .param(optional(
                "responsibleId",
                Kind::Int,
                "ID of the user who is responsible, in place of the caller",
            ))
            .param(optional("description", Kind::Text, "Description of the task, in place of the text"))
            .example(
                json!({"messageId": 3, "title": "Set up the desks", "responsibleId": 2}),
                made("taskId"),
            ),
        method("mail.message.createcalendarevent", event)
            .about("Makes an event in the caller's calendar of a message.")
            .param(required("dateFrom", Kind::Text, "Beginning, as YYYY-MM-DD HH:MM:SS"))
            .param(required("dateTo", Kind::Text, "End, as YYYY-MM-DD HH:MM:SS"))
            .param(optional("name", Kind::Text, "Name of the event, in place of the subject"))
            .param(optional("description", Kind::Text, "Description of the event, in place of the text"))
            .example(
                json!({"messageId": 3, "dateFrom": "2026-06-05 10:00:00", "dateTo": "2026-06-05 11:00:00"}),
                made("eventId"),
            ),
        method("mail.message.createchat", chat)
            .about("Makes a chat about a message, or finds the one that there is.")
            .example(
                json!({"messageId": 3}),
                json!({"success": true, "chatId": "*", "messageId": 3, "existing": false}),
            ),
        method("mail.message.createfeedpost", post)
            .about("Makes a post of the feed, for everybody, of a message.")
            .param(optional("title", Kind::Text, "Title of the post, in place of the subject"))
            .example(json!({"messageId": 3, "title": "New desks"}), made("postId")),
    ]
}

/// What is to be made of a message.
struct Thing {
    /// The name of its number in the answer.
    name: &'static str,
    /// The kind of the binding.
    kind: &'static str,
    /// The method that makes it.
    method: &'static str,
    /// The complaint where the portal has no such method.
    absent: &'static str,
    /// The complaint where it was refused.
    failed: &'static str,
}

impl Thing {
    /// Makes it of these parameters; `number` finds its number in what the method answers.
    fn make(&self, call: &mut Call<'_, '_>, message: &Row, given: Json, number: &[&str]) -> Result<Value> {
        let answer = call
            .ask(self.method, given)
            .map_err(|error| error.reworded(|_| exception::of_field("", self.failed)))?;
        let answer = answer.ok_or_else(|| exception::of_field("", self.absent))?;
        let id = number.iter().try_fold(&answer, |at, name| at.get(name)).and_then(Value::as_int);
        let id = id.ok_or_else(|| exception::of_field("", self.failed))?;
        binding::add(call, message.number, self.kind, id)?;
        Ok(self.answer(message, id).into())
    }

    fn answer(&self, message: &Row, id: i64) -> Map {
        Map::from([
            ("success", Value::from(true)),
            (self.name, id.into()),
            ("messageId", message.number.into()),
        ])
    }
}

/// A parameter of the call or, without one, what the message has.
fn given_or(call: &Call<'_, '_>, name: &str, usual: &str) -> String {
    call.text(name).filter(|text| !text.trim().is_empty()).unwrap_or_else(|| usual.to_owned())
}

/// The text of a message.
fn text_of(row: &Row) -> String {
    text::plain(row.text("body")).chars().take(LONGEST).collect()
}

fn task(call: &mut Call<'_, '_>) -> Result<Value> {
    const TASK: Thing = Thing {
        name: "taskId",
        kind: binding::TASK,
        method: "tasks.task.add",
        absent: "Module tasks is not installed.",
        failed: "Failed to create task",
    };
    let row = named(call, "Message was deleted or moved to another folder")?;
    let user = call.param("responsibleId").and_then(Value::as_int).unwrap_or(call.caller.user_id);
    let fields = json!({
        "TITLE": given_or(call, "title", row.text("subject")), "RESPONSIBLE_ID": user,
        "DESCRIPTION": given_or(call, "description", &text_of(&row)),
    });
    TASK.make(call, &row, json!({"fields": fields}), &["task", "id"])
}

/// A time as clocks of the caller show it.
fn time(call: &Call<'_, '_>, name: &str) -> Result<DateTime> {
    let text = call.text(name).unwrap_or_default();
    let unfit = |_| exception::of_field(name, "Invalid date format");
    Ok(DateTime::strptime("%Y-%m-%d %H:%M:%S", text.trim()).map_err(unfit)?)
}

fn event(call: &mut Call<'_, '_>) -> Result<Value> {
    const EVENT: Thing = Thing {
        name: "eventId",
        kind: binding::EVENT,
        method: "calendar.event.add",
        absent: "Module calendar is not installed",
        failed: "Failed to create calendar event",
    };
    let (from, to) = (time(call, "dateFrom")?, time(call, "dateTo")?);
    if to < from {
        return Err(exception::of_field("dateTo", EVENT.failed).into());
    }
    let row = named(call, "Message deleted or moved to another folder")?;
    let given = json!({
        "type": "user", "ownerId": call.caller.user_id, "auto_detect_section": "Y",
        "from": call.text("dateFrom"), "to": call.text("dateTo"),
        "name": given_or(call, "name", row.text("subject")),
        "description": given_or(call, "description", &text_of(&row)),
    });
    EVENT.make(call, &row, given, &[])
}

fn chat(call: &mut Call<'_, '_>) -> Result<Value> {
    const CHAT: Thing = Thing {
        name: "chatId",
        kind: binding::CHAT,
        method: "im.chat.add",
        absent: "Modules im/intranet are not installed",
        failed: "Failed to create chat",
    };
    let row = named(call, "Message was deleted or moved to another folder")?;
    let existing = binding::of(call, row.number, binding::CHAT)?;
    let answer = match existing {
        Some(chat) => CHAT.answer(&row, chat).into(),
        None => {
            let given = json!({
                "TITLE": row.text("subject"), "ENTITY_TYPE": "MAIL", "ENTITY_ID": row.number.to_string(),
                "MESSAGE": format!("{}\n\n{}", row.text("sender"), text_of(&row)),
            });
            CHAT.make(call, &row, given, &[])?
        }
    };
    let mut answer = answer.into_map().unwrap_or_default();
    answer.push("existing", existing.is_some());
    Ok(answer.into())
}

fn post(call: &mut Call<'_, '_>) -> Result<Value> {
    const POST: Thing = Thing {
        name: "postId",
        kind: binding::POST,
        method: "log.blogpost.add",
        absent: "Modules blog/socialnetwork are not installed",
        failed: "Failed to create blog post",
    };
    let row = named(call, "Message deleted or moved to another folder")?;
    let given = json!({
        "POST_TITLE": given_or(call, "title", row.text("subject")), "POST_MESSAGE": text_of(&row),
    });
    POST.make(call, &row, given, &[])
}
