//! Comments of another portal's tasks, as messages in the chats of these.

use engine::copy::{Copying, Paging, Put, Step, Target};
use engine::error::Result;
use engine::noun::Noun;
use wire::{Map, Value};

use crate::chat::participants;
use crate::task::TASK;
use crate::{history, result, scrum, stages, task};

/// The lists of everything in this module.
pub fn steps() -> Vec<Step> {
    let own = vec![comments(), result::copying(), history::copying()];
    [task::copy::steps(), stages::copy::steps(), scrum::copy::steps(), own].concat()
}

/// The comments of tasks that have any.
fn comments() -> Step {
    const TASKS: &[Put] = &[Put::named("TASKID", "TASK_ID")];
    Step::new("task.commentitem.getlist", Target::With(write)).each(COMMENTED, TASKS).paged(Paging::Whole)
}

/// Tasks with comments.
pub const COMMENTED: &str =
    "SELECT id, id FROM tasks_task WHERE comments_count > 0 AND id > ? ORDER BY id LIMIT ?";

/// Nouns of chats.
struct Chats {
    chat: &'static Noun,
    member: &'static Noun,
    message: &'static Noun,
}

fn write(copying: &mut Copying<'_, '_>, rows: Vec<Map>) -> Result<()> {
    let noun = |name| copying.modules.noun(name).map(|shape| shape.noun);
    let (Some(chat), Some(member), Some(message)) = (noun("im.chat"), noun("im.member"), noun("im.message"))
    else {
        return Ok(());
    };
    let chats = Chats { chat, member, message };
    let (mut messages, mut last) = (Vec::with_capacity(rows.len()), (0, 0));
    for row in rows {
        let Some(task) = row.get("TASK_ID").and_then(Value::as_int) else { continue };
        if last.0 != task {
            last = (task, chat_of(copying, &chats, task)?);
        }
        messages.extend(comment(copying, &chats, last.1, &row)?);
    }
    copying.noun(message, &message.faces[0], messages, &[])?;
    Ok(copying.tx.number_behind(message.table)?)
}

/// The chat of a task, which is made if need be: with its number, where it has one.
fn chat_of(copying: &mut Copying<'_, '_>, chats: &Chats, id: i64) -> Result<i64> {
    let Some(task) = copying.row(&TASK, id)? else { return Ok(0) };
    let known = task.int("chatId").filter(|chat| *chat > 0);
    let sql = format!("SELECT id FROM {} WHERE id = ?", chats.chat.table);
    let there = copying.tx.one(&sql, &[known.into()], |row| row.int(0))?;
    if let Some(chat) = there {
        return Ok(chat);
    }
    copying.tx.number_behind(chats.chat.table)?;
    let mut row = Map::from([
        ("TYPE", Value::from("CHAT")),
        ("TITLE", task.text("title").into()),
        ("ENTITY_TYPE", "TASKS".into()),
        ("ENTITY_ID", id.to_string().into()),
        ("OWNER_ID", task.int("createdBy").into()),
        ("AUTHOR_ID", task.int("createdBy").into()),
        ("DATE_CREATE", task.int("createdDate").map(|at| wire::time::iso(at, 0)).into()),
    ]);
    if let Some(known) = known {
        row.insert("ID", known);
    }
    copying.noun(chats.chat, &chats.chat.faces[0], vec![row], &[])?;
    let sql =
        format!("SELECT MAX(id) FROM {} WHERE entity_type = 'TASKS' AND entity_id = ?", chats.chat.table);
    let chat = copying.tx.one(&sql, &[id.to_string().into()], |row| row.opt_int(0))?.flatten().unwrap_or(0);
    copying.tx.execute("UPDATE tasks_task SET chat_id = ? WHERE id = ?", &[chat.into(), id.into()])?;
    let member = |user| Map::from([("CHAT_ID", Value::Int(chat)), ("USER_ID", Value::Int(user))]);
    let members = participants(&task).into_iter().map(member).collect();
    copying.noun(chats.member, &chats.member.faces[0], members, &[])?;
    Ok(chat)
}

/// A comment as a message; none, where it is one already. It has another number where a message of another chat has its own.
fn comment(copying: &mut Copying<'_, '_>, chats: &Chats, chat: i64, row: &Map) -> Result<Option<Map>> {
    let mut message = Map::from([
        ("ID", row.value("ID")),
        ("CHAT_ID", chat.into()),
        ("AUTHOR_ID", row.value("AUTHOR_ID")),
        ("TEXT", row.value("POST_MESSAGE")),
        ("DATE_CREATE", row.value("POST_DATE")),
    ]);
    let sql = format!("SELECT chat_id FROM {} WHERE id = ?", chats.message.table);
    match copying.tx.one(&sql, &[row.value("ID").as_int().into()], |row| row.int(0))? {
        Some(other) if other != chat => {}
        _ => return Ok(Some(message)),
    }
    let sql = format!(
        "SELECT id FROM {} WHERE chat_id = ? AND author_id = ? AND date_create = ? AND text = ?",
        chats.message.table
    );
    let text = row.value("POST_MESSAGE").text().unwrap_or_default().into_owned();
    let posted = copying.clock.read(&row.value("POST_DATE"));
    let params = [chat.into(), row.value("AUTHOR_ID").as_int().into(), posted.into(), text.into()];
    if copying.tx.one(&sql, &params, |row| row.int(0))?.is_some() {
        return Ok(None);
    }
    message.remove("ID");
    Ok(Some(message))
}
