//! What follows from a message for its chat and for the members. All of it happens under the row of the chat, which every
//! writer holds first: numbers and read marks are exact, and the ids of a chat's messages are in the order in which others
//! come to see them.

use engine::call::Call;
use engine::error::Result;
use engine::noun::Row;

use crate::denied;

/// Holds the row of a chat, until the call is over.
pub fn hold(call: &mut Call<'_, '_>, chat: i64) -> Result<()> {
    let sql = format!("SELECT id FROM im_chat WHERE id = ?{}", call.tx.dialect().for_update());
    call.tx.one(&sql, &[chat.into()], |row| row.int(0))?.ok_or_else(denied)?;
    Ok(())
}

/// A new message: one more unread for everybody but who caused it, who has read everything now, and the chat goes to the
/// top of everybody's recent list.
pub fn of_new(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    let (id, chat) = (row.number, row.int("chatId").unwrap_or(0));
    let writer = row.int("authorId").filter(|author| *author > 0).unwrap_or(call.caller.user_id);
    let sql = "UPDATE im_chat SET last_message_id = ?, message_count = message_count + 1 WHERE id = ?";
    call.tx.execute(sql, &[id.into(), chat.into()])?;
    let sql = "UPDATE im_member SET counter = counter + 1, recent_id = ? WHERE chat_id = ? AND user_id <> ?";
    call.tx.execute(sql, &[id.into(), chat.into(), writer.into()])?;
    let sql = "UPDATE im_member SET counter = 0, unread = 'N', last_read_id = ?, read_date = ?, recent_id = ? \
               WHERE chat_id = ? AND user_id = ?";
    let now = call.now.seconds();
    call.tx.execute(sql, &[id.into(), now.into(), id.into(), chat.into(), writer.into()])?;
    Ok(())
}

/// A message that is shown as deleted from now on: it counts as unread no more.
pub fn of_deleted(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    let sql = "UPDATE im_member SET counter = counter - 1 \
               WHERE chat_id = ? AND user_id <> ? AND last_read_id < ? AND counter > 0";
    let author = row.int("authorId").unwrap_or(0);
    call.tx.execute(sql, &[row.int("chatId").into(), author.into(), row.number.into()])?;
    Ok(())
}

/// A message that is not there any more: the one before it is the last one, where it was that.
pub fn of_gone(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    let (id, chat) = (row.number, row.int("chatId").unwrap_or(0));
    if row.text("isDeleted") != "Y" {
        of_deleted(call, row)?;
    }
    let sql = "SELECT id FROM im_message WHERE chat_id = ? AND id < ? ORDER BY id DESC LIMIT 1";
    let before = call.tx.one(sql, &[chat.into(), id.into()], |row| row.int(0))?;
    let sql = "UPDATE im_chat SET message_count = message_count - 1, \
               last_message_id = CASE WHEN last_message_id = ? THEN ? ELSE last_message_id END WHERE id = ?";
    call.tx.execute(sql, &[id.into(), before.unwrap_or(0).into(), chat.into()])?;
    let sql = "UPDATE im_member SET recent_id = ? WHERE chat_id = ? AND recent_id = ?";
    call.tx.execute(sql, &[before.into(), chat.into(), id.into()])?;
    Ok(())
}

/// Whether somebody other than the author has read a message.
pub fn is_read(call: &mut Call<'_, '_>, row: &Row) -> Result<bool> {
    let sql = "SELECT 1 FROM im_member WHERE chat_id = ? AND user_id <> ? AND last_read_id >= ? LIMIT 1";
    let author = row.int("authorId").unwrap_or(0);
    let params = [row.int("chatId").into(), author.into(), row.number.into()];
    Ok(call.tx.one(sql, &params, |row| row.int(0))?.is_some())
}
