//! What follows from the kind of a chat and from what it is about: its name on the wire, and what may be done in it.

use engine::entity::field;
use engine::noun::Row;
use serde_json::{Value as Json, json};

use super::{NOTIFY, OPEN, PRIVATE};

/// The kind as one letter.
pub fn letter(chat: &Row) -> &'static str {
    match (chat.text("type"), chat.text("entityType")) {
        (PRIVATE, _) => "P",
        (OPEN, _) => "O",
        (NOTIFY, _) => "S",
        (_, "TASKS_TASK") => "X",
        (_, "LINES") => "L",
        _ => "C",
    }
}

/// The kind as a word: by what the chat is about, or else by its type.
pub fn word(chat: &Row) -> String {
    match (chat.text("type"), chat.text("entityType")) {
        (PRIVATE, _) => "private".to_owned(),
        (NOTIFY, _) => "notification".to_owned(),
        (OPEN, "") => "open".to_owned(),
        (_, "") => "chat".to_owned(),
        (_, entity) => field::camel(entity),
    }
}

/// What members may do at all in a chat.
#[derive(Clone, Copy, Debug)]
pub struct Allowed {
    pub avatar: bool,
    pub rename: bool,
    pub extend: bool,
    pub mute: bool,
    pub leave: bool,
    pub leave_owner: bool,
}

const EVERYTHING: Allowed =
    Allowed { avatar: true, rename: true, extend: true, mute: true, leave: true, leave_owner: true };

/// By what a chat is about: who is in the chat of a task, and what it is called, the task says.
pub fn allowed(chat: &Row) -> Allowed {
    let bound = Allowed { avatar: false, rename: false, leave_owner: false, ..EVERYTHING };
    match (chat.text("type"), chat.text("entityType")) {
        (PRIVATE | NOTIFY, _) => Allowed { extend: false, leave: false, ..bound },
        (_, "CRM" | "CALENDAR" | "MAIL") => bound,
        (_, "TASKS" | "SONET_GROUP") => Allowed { extend: false, leave: false, ..bound },
        _ => EVERYTHING,
    }
}

/// The same as answers have it; `whole` where the page of its object is told, too.
pub fn restrictions(chat: &Row, whole: bool) -> Json {
    let allowed = allowed(chat);
    let mut shown = json!({
        "avatar": allowed.avatar,
        "rename": allowed.rename,
        "extend": allowed.extend,
        "call": true,
        "mute": allowed.mute,
        "leave": allowed.leave,
        "leave_owner": allowed.leave_owner,
        "send": true,
        "user_list": true,
    });
    if whole {
        let path = if chat.text("entityType") == "SONET_GROUP" { "/workgroups/group/#ID#/" } else { "" };
        shown["path"] = path.into();
        shown["path_title"] = "".into();
    }
    shown
}

/// What it is about, with the path of its page.
pub fn link(chat: &Row) -> Json {
    let (kind, id) = (chat.text("entityType"), chat.text("entityId"));
    let (kind, url) = match kind {
        "CRM" => {
            let (item, number) = id.split_once('|').unwrap_or((id, ""));
            (item, format!("/crm/{}/details/{number}/", item.to_ascii_lowercase()))
        }
        "SONET_GROUP" => (kind, format!("/workgroups/group/{id}/")),
        "TASKS" | "TASKS_TASK" => {
            let owner = chat.int("ownerId").unwrap_or(0);
            ("TASKS", format!("/company/personal/user/{owner}/tasks/task/view/{id}/"))
        }
        "LINES" => (kind, String::new()),
        _ => return json!({"type": "", "url": "", "id": ""}),
    };
    json!({"type": kind, "url": url, "id": id})
}

/// Who may do what in a group.
pub fn permissions() -> Json {
    json!({
        "manage_users_add": "member",
        "manage_users_delete": "manager",
        "manage_ui": "member",
        "manage_settings": "owner",
        "manage_messages": "member",
        "can_post": "member",
    })
}
