//! Read marks: `im.dialog.read`, `im.dialog.unread` and `im.dialog.read.all`.
//!
//! A member's number of unread messages changes with the mark: it is never counted anew over the whole chat. Whoever moves
//! the mark holds the row of the chat, so no message comes in between.

use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value};

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, required, write};

use super::{Dialog, Room, foreign, required_dialog, unnamed};
use crate::SCOPE;
use crate::message::consequences::hold;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("im.dialog.read", SCOPE, read)
            .own_words()
            .about("Marks the messages of a dialog as read, all of them or up to one.")
            .param(required_dialog())
            .param(optional("MESSAGE_ID", Kind::Id, "Last message that is read"))
            .example(json!({"DIALOG_ID": "2"}), json!({"dialogId": "2", "chatId": 1, "counter": 0}))
            .example(json!({"DIALOG_ID": "1"}), json!(false)),
        write("im.dialog.unread", SCOPE, unread)
            .own_words()
            .about("Marks the messages of a dialog as unread from one on.")
            .param(required_dialog())
            .param(required("MESSAGE_ID", Kind::Id, "First message that is unread"))
            .example(json!({"DIALOG_ID": "2", "MESSAGE_ID": 1}), json!(true)),
        write("im.dialog.read.all", SCOPE, read_all)
            .own_words()
            .about("Marks the messages of all dialogs as read.")
            .example(json!({}), json!(true)),
    ]
}

fn message_id(call: &Call<'_, '_>) -> Option<i64> {
    call.param("MESSAGE_ID").and_then(Value::as_int).filter(|id| *id > 0)
}

/// The dialog that a call names, held, when the caller is a member.
fn held(call: &mut Call<'_, '_>) -> Result<Option<Room>> {
    let dialog = Dialog::of_call(call).ok_or_else(unnamed)?;
    let Some(chat) = dialog.chat(call)? else { return Ok(None) };
    let member = |room: &Room| room.me.is_some() && !room.is_notifications();
    if Room::find(call, chat)?.filter(member).is_none() {
        return Ok(None);
    }
    hold(call, chat)?;
    // As it is now that nobody else changes it.
    Room::find(call, chat)
}

/// The messages of others in a chat for whose id a condition holds.
fn count(call: &mut Call<'_, '_>, room: &Room, condition: &str, ids: &[i64]) -> Result<i64> {
    let sql = format!(
        "SELECT COUNT(*) FROM im_message WHERE chat_id = ? AND author_id <> ? AND is_deleted = 'N' AND {condition}"
    );
    let me = call.caller.user_id;
    let params: Vec<Param<'_>> =
        [room.id(), me].into_iter().chain(ids.iter().copied()).map(Param::from).collect();
    Ok(call.tx.one(&sql, &params, |row| row.int(0))?.unwrap_or(0))
}

/// Sets the caller's mark.
fn mark(call: &mut Call<'_, '_>, room: &Room, last: i64, counter: i64) -> Result<()> {
    let sql = "UPDATE im_member SET last_read_id = ?, counter = ?, unread = 'N', read_date = ? \
               WHERE chat_id = ? AND user_id = ?";
    let (now, me) = (call.now.seconds(), call.caller.user_id);
    call.tx.execute(sql, &[last.into(), counter.into(), now.into(), room.id().into(), me.into()])?;
    Ok(())
}

fn read(call: &mut Call<'_, '_>) -> Result<Value> {
    let Some(room) = held(call)? else { return Ok(false.into()) };
    let (old, newest) = (room.my("lastReadId"), room.chat.int("lastMessageId").unwrap_or(0));
    let upto = message_id(call).unwrap_or(newest).min(newest);
    let (last, counter) = if upto >= newest {
        (newest, 0)
    } else if upto > old {
        let read = count(call, &room, "id > ? AND id <= ?", &[old, upto])?;
        (upto, (room.my("counter") - read).max(0))
    } else {
        (old, room.my("counter"))
    };
    mark(call, &room, last, counter)?;
    let named = call.param("DIALOG_ID").and_then(Value::text).unwrap_or_default().trim().to_owned();
    let mut answer = Map::new();
    answer.push("dialogId", named);
    answer.push("chatId", room.id());
    answer.push("lastId", last);
    answer.push("counter", counter);
    Ok(answer.into())
}

fn unread(call: &mut Call<'_, '_>) -> Result<Value> {
    let first = message_id(call);
    let first =
        first.ok_or_else(|| Fault::new(400, "MESSAGE_ID_ERROR", "First unread message id can't be empty"))?;
    let room = held(call)?.ok_or_else(foreign)?;
    let first = first.max(room.start());
    let (old, newest) = (room.my("lastReadId"), room.chat.int("lastMessageId").unwrap_or(0));
    let counter = if first > newest {
        0
    } else if first <= old {
        room.my("counter") + count(call, &room, "id >= ? AND id <= ?", &[first, old])?
    } else {
        (room.my("counter") - count(call, &room, "id > ? AND id < ?", &[old, first])?).max(0)
    };
    mark(call, &room, (first - 1).min(newest), counter)?;
    Ok(true.into())
}

fn read_all(call: &mut Call<'_, '_>) -> Result<Value> {
    let me = call.caller.user_id;
    let sql = "SELECT m.chat_id FROM im_member m JOIN im_chat c ON c.id = m.chat_id \
               WHERE m.user_id = ? AND (m.counter > 0 OR m.unread = 'Y') AND c.type <> 'NOTIFY' ORDER BY m.chat_id";
    let chats = call.tx.all(sql, &[me.into()], |row| row.int(0))?;
    for chat in chats {
        hold(call, chat)?;
        let sql = "UPDATE im_member SET counter = 0, unread = 'N', read_date = ?, last_read_id = \
                   (SELECT c.last_message_id FROM im_chat c WHERE c.id = im_member.chat_id) \
                   WHERE chat_id = ? AND user_id = ?";
        call.tx.execute(sql, &[call.now.seconds().into(), chat.into(), me.into()])?;
    }
    Ok(true.into())
}
