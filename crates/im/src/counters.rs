//! `im.counters.get`.

use serde_json::json;
use wire::{Map, Value};

use engine::call::Call;
use engine::error::Result;
use engine::method::{Method, read};

use crate::SCOPE;
use crate::chat::{NOTIFY, PRIVATE};

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("im.counters.get", SCOPE, get)
            .own_words()
            .about(
                "Returns how many messages and notifications the caller has not read, in all and by dialog.",
            )
            .example(
                json!({}),
                json!({"TYPE": {"ALL": 2, "NOTIFY": 2, "CHAT": 0, "DIALOG": 0}, "DIALOG": []}),
            ),
    ]
}

/// A dialog with something unread.
struct Unread {
    chat: i64,
    kind: String,
    muted: bool,
    marked: bool,
    counter: i64,
    /// The other one in the chat of two.
    partner: Option<i64>,
}

/// Those of the caller's dialogs.
fn dialogs(call: &mut Call<'_, '_>) -> Result<Vec<Unread>> {
    let sql = "SELECT m.chat_id, c.type, m.muted, m.unread, m.counter, \
               (SELECT o.user_id FROM im_member o WHERE o.chat_id = m.chat_id AND o.user_id <> m.user_id LIMIT 1) \
               FROM im_member m JOIN im_chat c ON c.id = m.chat_id \
               WHERE m.user_id = ? AND (m.counter > 0 OR m.unread = 'Y') ORDER BY m.chat_id";
    Ok(call.tx.all(sql, &[call.caller.user_id.into()], |row| {
        Ok(Unread {
            chat: row.int(0)?,
            kind: row.text(1)?.to_owned(),
            muted: row.text(2)? == "Y",
            marked: row.text(3)? == "Y",
            counter: row.int(4)?,
            partner: row.opt_int(5)?,
        })
    })?)
}

/// What is not muted counts; a dialog that is marked as unread, though everything is read, counts as one.
fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let me = call.caller.user_id;
    let (mut notify, mut chats, mut private) = (0, 0, 0);
    let [mut by_chat, mut muted, mut by_user] = [const { Map::new() }; 3];
    let [mut chats_marked, mut users_marked] = [const { Vec::<Value>::new() }; 2];
    for dialog in dialogs(call)? {
        let counts = if dialog.counter > 0 { dialog.counter } else { i64::from(dialog.marked) };
        match dialog.kind.as_str() {
            NOTIFY => notify += dialog.counter,
            PRIVATE => {
                let user = dialog.partner.unwrap_or(me);
                private += if dialog.muted { 0 } else { counts };
                if dialog.counter > 0 {
                    by_user.push(user.to_string(), dialog.counter);
                }
                if dialog.marked {
                    users_marked.push(user.into());
                }
            }
            _ => {
                chats += if dialog.muted { 0 } else { counts };
                if dialog.counter > 0 {
                    let of = if dialog.muted { &mut muted } else { &mut by_chat };
                    of.push(dialog.chat.to_string(), dialog.counter);
                }
                if dialog.marked {
                    chats_marked.push(dialog.chat.into());
                }
            }
        }
    }
    let mut of_type = Map::new();
    of_type.push("ALL", notify + chats + private);
    of_type.push("NOTIFY", notify);
    of_type.push("CHAT", chats);
    of_type.push("LINES", 0);
    of_type.push("DIALOG", private);
    of_type.push("MESSENGER", chats + private);
    let mut answer = Map::new();
    answer.push("TYPE", of_type);
    answer.push("CHAT", by_chat);
    answer.push("CHAT_MUTED", muted);
    answer.push("CHAT_UNREAD", chats_marked);
    answer.push("LINES", Vec::<Value>::new());
    answer.push("DIALOG", by_user);
    answer.push("DIALOG_UNREAD", users_marked);
    Ok(answer.into())
}
