//! How many notifications a person has, and how many of them are unread: kept with the person's chat of notifications.

use engine::call::Call;
use engine::error::Result;
use engine::noun::Row;

use crate::chat::direct;
use crate::message::consequences;

/// Holds a person's notifications, which there may be none of yet, until the call is over.
pub fn hold(call: &mut Call<'_, '_>, user: i64) -> Result<()> {
    let chat = direct::notifications(call, user)?;
    consequences::hold(call, chat)
}

/// One more, unread unless it is read from the start.
pub fn added(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    change(call, row.int("userId").unwrap_or(0), 1, i64::from(row.text("read") != "Y"))
}

/// One less.
pub fn gone(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    change(call, row.int("userId").unwrap_or(0), -1, -i64::from(row.text("read") != "Y"))
}

/// Changes both numbers.
pub fn change(call: &mut Call<'_, '_>, user: i64, all: i64, unread: i64) -> Result<()> {
    let chat = direct::notifications(call, user)?;
    let sql = "UPDATE im_chat SET message_count = message_count + ? WHERE id = ?";
    call.tx.execute(sql, &[all.into(), chat.into()])?;
    let sql = "UPDATE im_member SET counter = counter + ? WHERE chat_id = ? AND user_id = ?";
    call.tx.execute(sql, &[unread.into(), chat.into(), user.into()])?;
    Ok(())
}

/// The numbers of a person: the chat, all notifications, and the unread ones; `None` before the first one.
pub fn of(call: &mut Call<'_, '_>, user: i64) -> Result<Option<(i64, i64, i64)>> {
    let Some(chat) = direct::find_notifications(call, user)? else { return Ok(None) };
    let sql = "SELECT c.id, c.message_count, m.counter FROM im_chat c \
               JOIN im_member m ON m.chat_id = c.id WHERE c.id = ? AND m.user_id = ?";
    Ok(call.tx.one(sql, &[chat.into(), user.into()], |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?)))?)
}
