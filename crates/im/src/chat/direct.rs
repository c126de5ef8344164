//! The chat of two people, made when one of them first writes, and that of a person's notifications.

use engine::call::Call;
use engine::error::Result;
use engine::noun;
use wire::Map;

use super::{CHAT, NOTIFY, PRIVATE};
use crate::member::MEMBER;

/// The chat of these two, if they have one.
pub fn find(call: &mut Call<'_, '_>, one: i64, other: i64) -> Result<Option<i64>> {
    let (low, high) = (one.min(other), one.max(other));
    let sql = "SELECT chat_id FROM im_pair WHERE low = ? AND high = ?";
    Ok(call.tx.one(sql, &[low.into(), high.into()], |row| row.int(0))?)
}

/// The chat of these two; of one with oneself, that of one's notes.
pub fn with(call: &mut Call<'_, '_>, one: i64, other: i64) -> Result<i64> {
    let members = if one == other { vec![one] } else { vec![one, other] };
    open(call, (one.min(other), one.max(other)), PRIVATE, &members)
}

/// The chat of a person's notifications, if there were any.
pub fn find_notifications(call: &mut Call<'_, '_>, user: i64) -> Result<Option<i64>> {
    find(call, 0, user)
}

/// The chat of a person's notifications.
pub fn notifications(call: &mut Call<'_, '_>, user: i64) -> Result<i64> {
    open(call, (0, user), NOTIFY, &[user])
}

fn open(call: &mut Call<'_, '_>, (low, high): (i64, i64), kind: &str, members: &[i64]) -> Result<i64> {
    if let Some(known) = find(call, low, high)? {
        return Ok(known);
    }
    // On PostgreSQL the second of two at the same moment is run again here, and finds the first.
    let sql = "INSERT INTO im_pair (low, high, chat_id) VALUES (?, ?, 0) ON CONFLICT (low, high) DO NOTHING";
    call.tx.execute(sql, &[low.into(), high.into()])?;
    let given: Map = [("TYPE".into(), kind.into())].into_iter().collect();
    let chat = noun::put(call, &CHAT, &given)?.number;
    let sql = "UPDATE im_pair SET chat_id = ? WHERE low = ? AND high = ?";
    call.tx.execute(sql, &[chat.into(), low.into(), high.into()])?;
    for user in members {
        let member = [("CHAT_ID".into(), chat.into()), ("USER_ID".into(), (*user).into())];
        noun::put(call, &MEMBER, &member.into_iter().collect())?;
    }
    Ok(chat)
}
