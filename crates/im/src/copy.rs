//! Chats of another portal with their members and messages, as far as the one reads them as whom it is read. Of others'
//! read marks no method tells everything: whoever is in a chat has read it.

use engine::copy::{At, Copying, Paging, Put, Step, Target};
use engine::error::Result;
use engine::input::yes_no;
use serde_json::json;
use wire::{Map, Value};

use crate::chat::{CHAT, OPEN, PRIVATE};
use crate::color;
use crate::member::MEMBER;
use crate::message::MESSAGE;

/// Pages of methods that name how long they are.
const LONG: usize = 200;
/// Pages of messages.
const MESSAGES: usize = 50;

/// The lists: the recent dialogs, each as a whole, then members and messages.
pub fn steps(reader: i64) -> Vec<Step> {
    const ONCE: &str = "SELECT n FROM (SELECT COUNT(*) AS n FROM (SELECT 1 AS one) single) once WHERE n > ? ORDER BY n LIMIT ?";
    const OF_CHAT: &[Put] = &[Put::param("DIALOG_ID"), Put::named("", "@chatId")];
    // A request names a dialog of two by the other one.
    let dialogs = format!(
        "SELECT c.id, COALESCE((SELECT CAST(CASE WHEN p.low = {reader} THEN p.high ELSE p.low END AS TEXT) FROM im_pair p \
         WHERE p.chat_id = c.id), 'chat' || CAST(c.id AS TEXT)), c.id FROM im_chat c WHERE c.id > ? ORDER BY c.id LIMIT ?"
    );
    let of_each = |method, into| Step::new(method, into).each(dialogs.clone(), OF_CHAT);
    vec![
        Step::new("im.recent.list", Target::With(recent))
            .with(json!({"LIMIT": LONG}))
            .each(ONCE, &[][..])
            .at(At::Under("items"))
            .paged(Paging::Offset("OFFSET", LONG)),
        of_each("im.dialog.get", Target::With(dialog)).at(At::Row).paged(Paging::Whole),
        of_each("im.dialog.users.list", Target::With(members))
            .with(json!({"LIMIT": LONG}))
            .paged(Paging::Offset("OFFSET", LONG)),
        of_each("im.dialog.messages.get", Target::Noun(&MESSAGE, &MESSAGE.faces[0]))
            .with(json!({"LIMIT": MESSAGES}))
            .at(At::Under("messages"))
            .paged(Paging::Before("LAST_ID", "id", MESSAGES))
            .taking(&[
                ("id", "ID"),
                ("chat_id", "CHAT_ID"),
                ("author_id", "AUTHOR_ID"),
                ("date", "DATE_CREATE"),
                ("text", "TEXT"),
                ("params", "PARAMS"),
                ("uuid", "UUID"),
            ]),
    ]
}

/// The chats behind recent dialogs, and how the reader has them there. What they are comes with each as a whole.
fn recent(copying: &mut Copying<'_, '_>, rows: Vec<Map>) -> Result<()> {
    let reader = copying.reader;
    for row in rows {
        let id = row.get("chat_id").or_else(|| row.get("chat").and_then(|chat| chat.get("id")));
        let Some(id) = id.and_then(Value::as_int).filter(|id| *id > 0) else { continue };
        let other = row.get("id").and_then(Value::as_int).filter(|user| *user > 0);
        if let Some(other) = other {
            let sql = "INSERT INTO im_pair (low, high, chat_id) VALUES (?, ?, ?) \
                       ON CONFLICT (low, high) DO UPDATE SET chat_id = excluded.chat_id";
            let pair = [reader.min(other).into(), reader.max(other).into(), id.into()];
            copying.tx.execute(sql, &pair)?;
        }
        let kind = if other.is_some() { PRIVATE } else { "CHAT" };
        let chat = Map::from([("ID", Value::Int(id)), ("TYPE", kind.into())]);
        copying.noun(&CHAT, &CHAT.faces[0], vec![chat], &[])?;
        let flag = |name: &str| yes_no(row.get(name).and_then(Value::as_flag) == Some(true));
        let mut own =
            Map::from([("@pinned", Value::from(flag("pinned"))), ("@unread", flag("unread").into())]);
        own.insert("@counter", row.value("counter"));
        own.insert("@lastReadId", row.value("last_id"));
        own.insert(
            "@recentId",
            row.get("message").and_then(|last| last.get("id")).cloned().unwrap_or_default(),
        );
        member(copying, id, reader, own)?;
        if let Some(other) = other.filter(|other| *other != reader) {
            member(copying, id, other, Map::new())?;
        }
    }
    Ok(copying.tx.number_behind(CHAT.table)?)
}

/// Makes somebody a member, or changes how they are one.
fn member(copying: &mut Copying<'_, '_>, chat: i64, user: i64, mut own: Map) -> Result<()> {
    let sql = "SELECT id FROM im_member WHERE chat_id = ? AND user_id = ?";
    if let Some(id) = copying.tx.one(sql, &[chat.into(), user.into()], |row| row.int(0))? {
        own.insert("@id", id);
    }
    own.insert("@chatId", chat);
    own.insert("@userId", user);
    copying.noun(&MEMBER, &MEMBER.faces[0], vec![own], &[])
}

/// Chats as a whole, with who manages them and who muted them.
fn dialog(copying: &mut Copying<'_, '_>, rows: Vec<Map>) -> Result<()> {
    const TAKEN: [(&str, &str); 9] = [
        ("name", "@title"),
        ("description", "@description"),
        ("owner", "@ownerId"),
        ("date_create", "@dateCreate"),
        ("entity_type", "@entityType"),
        ("entity_id", "@entityId"),
        ("entity_data_1", "@entityData1"),
        ("entity_data_2", "@entityData2"),
        ("entity_data_3", "@entityData3"),
    ];
    for row in rows {
        let Some(id) = row.get("@chatId").and_then(Value::as_int) else { continue };
        let letter = row.get("message_type").and_then(Value::text).unwrap_or_default().into_owned();
        let mut chat = Map::from([("ID", Value::Int(id))]);
        let kind = match letter.as_str() {
            "P" => PRIVATE,
            "O" => OPEN,
            _ => "CHAT",
        };
        chat.insert("@type", kind);
        // The dialog of two shows the name of the other one.
        let taken = TAKEN.iter().filter(|(name, _)| *name != "name" || kind != PRIVATE);
        for (name, own) in taken {
            chat.insert(*own, row.get(name).filter(|value| !value.is_empty()).cloned().unwrap_or_default());
        }
        chat.insert("@authorId", row.value("owner"));
        let writes = row.get("text_field_enabled").and_then(Value::as_flag).unwrap_or(true);
        chat.insert("@textField", yes_no(writes));
        chat.insert("@color", row.get("color").and_then(Value::as_str).and_then(color::code_of));
        copying.noun(&CHAT, &CHAT.faces[0], vec![chat], &[])?;
        marks(copying, id, &row)?;
        let owner = row.get("owner").and_then(Value::as_int);
        let managers = row.get("manager_list").into_iter().flat_map(Value::each).filter_map(Value::as_int);
        for manager in managers.filter(|user| *user > 0 && Some(*user) != owner) {
            member(copying, id, manager, Map::from([("@manager", "Y".into())]))?;
        }
        let muted = row.get("mute_list").into_iter().flat_map(Value::entries);
        let muted = muted.filter(|(_, on)| on.as_flag() == Some(true));
        for user in muted.filter_map(|(user, _)| user.parse::<i64>().ok()).filter(|user| *user > 0) {
            member(copying, id, user, Map::from([("@muted", "Y".into())]))?;
        }
    }
    Ok(())
}

/// How far others have read a chat, and when somebody read its last message.
fn marks(copying: &mut Copying<'_, '_>, chat: i64, row: &Map) -> Result<()> {
    let views = row.get("last_message_views").and_then(|views| views.get("first_viewers"));
    for reader in [row.get("readed_list"), views].into_iter().flatten().flat_map(Value::each) {
        let (user, date) = (reader.get("user_id").and_then(Value::as_int), reader.get("date"));
        let Some((user, date)) = user.zip(date.filter(|date| !date.is_empty())) else { continue };
        let mut own = Map::from([("@readDate", date.clone())]);
        if let Some(last) = reader.get("message_id") {
            own.insert("@lastReadId", last.clone());
        }
        member(copying, chat, user, own)?;
    }
    Ok(())
}

/// The members of chats.
fn members(copying: &mut Copying<'_, '_>, rows: Vec<Map>) -> Result<()> {
    for row in rows {
        let number = |name: &str| row.get(name).and_then(Value::as_int).filter(|id| *id > 0);
        if let (Some(chat), Some(user)) = (number("@chatId"), number("id")) {
            member(copying, chat, user, Map::new())?;
        }
    }
    Ok(())
}

/// Brings the numbers of chats in line with members that were copied.
pub fn count_members(copying: &mut Copying<'_, '_>, rows: &[(i64, Map)]) -> Result<()> {
    let sql = "UPDATE im_chat SET user_count = (SELECT COUNT(*) FROM im_member m WHERE m.chat_id = im_chat.id) \
               WHERE id = (SELECT chat_id FROM im_member WHERE id = ?)";
    for (member, _) in rows {
        copying.tx.execute(sql, &[(*member).into()])?;
    }
    Ok(())
}

/// Brings chats and their members in line with messages that were copied: those who have none of it have read everything.
pub fn follow_messages(copying: &mut Copying<'_, '_>, rows: &[(i64, Map)]) -> Result<()> {
    let mut chats: Vec<i64> =
        rows.iter().filter_map(|(_, row)| row.get("CHAT_ID").and_then(Value::as_int)).collect();
    chats.sort_unstable();
    chats.dedup();
    for chat in chats {
        let sql = "UPDATE im_chat SET message_count = (SELECT COUNT(*) FROM im_message WHERE chat_id = im_chat.id), \
                   last_message_id = (SELECT COALESCE(MAX(id), 0) FROM im_message WHERE chat_id = im_chat.id) WHERE id = ?";
        copying.tx.execute(sql, &[chat.into()])?;
        let sql = "UPDATE im_member SET recent_id = (SELECT last_message_id FROM im_chat c WHERE c.id = im_member.chat_id) \
                   WHERE chat_id = ? AND NOT (user_id = ? AND recent_id IS NOT NULL)";
        copying.tx.execute(sql, &[chat.into(), copying.reader.into()])?;
        let sql = "UPDATE im_member SET last_read_id = recent_id WHERE chat_id = ? AND user_id <> ? AND read_date IS NULL";
        copying.tx.execute(sql, &[chat.into(), copying.reader.into()])?;
    }
    Ok(())
}
