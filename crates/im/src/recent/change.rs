//! `im.recent.pin`, `im.recent.hide` and `im.recent.unread`: only the caller's list changes.

use serde_json::json;
use wire::{Fault, Value};

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, write};

use crate::SCOPE;
use crate::dialog::{Dialog, Room, required_dialog, unnamed};
use crate::member;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("im.recent.pin", SCOPE, pin)
            .own_words()
            .about("Pins a dialog at the top of the caller's recent list, or takes it from there.")
            .param(required_dialog())
            .param(optional("PIN", Kind::Flag, "Y, or N to take it from there"))
            .example(json!({"DIALOG_ID": "chat3", "PIN": "Y"}), json!(true)),
        write("im.recent.hide", SCOPE, hide)
            .own_words()
            .about("Hides a dialog in the caller's recent list until somebody writes there.")
            .param(required_dialog())
            .example(json!({"DIALOG_ID": "chat3"}), json!(true)),
        write("im.recent.unread", SCOPE, unread)
            .own_words()
            .about("Marks a dialog of the caller's recent list as unread, or takes the mark away.")
            .param(required_dialog())
            .param(optional("ACTION", Kind::Flag, "Y, or N to take the mark away"))
            .example(json!({"DIALOG_ID": "chat3", "ACTION": "Y"}), json!(true)),
    ]
}

/// The dialog that a call names, when the caller is a member.
fn named(call: &mut Call<'_, '_>) -> Result<Option<Room>> {
    let dialog = Dialog::of_call(call).ok_or_else(unnamed)?;
    Ok(dialog.room(call)?.filter(|room| room.me.is_some() && !room.is_notifications()))
}

fn flag(call: &Call<'_, '_>, name: &str) -> bool {
    call.param(name).and_then(Value::as_flag).unwrap_or(true)
}

fn pin(call: &mut Call<'_, '_>) -> Result<Value> {
    let found = named(call)?;
    let Some(Room { chat, me: Some(me) }) = &found else {
        return Err(Fault::new(400, "ACCESS_ERROR", "You don’t have permission to pin this chat").into());
    };
    let on = flag(call, "PIN");
    member::change(call, me, "PINNED", on)?;
    if on && me.int("recentId").is_none() {
        let last = chat.int("lastMessageId").filter(|id| *id > 0);
        place(call, me.number, last)?;
    }
    Ok(true.into())
}

fn hide(call: &mut Call<'_, '_>) -> Result<Value> {
    let Some(Room { me: Some(me), .. }) = named(call)? else { return Ok(false.into()) };
    member::change(call, &me, "PINNED", false)?;
    place(call, me.number, None)?;
    Ok(true.into())
}

fn unread(call: &mut Call<'_, '_>) -> Result<Value> {
    let Some(Room { me: Some(me), .. }) = named(call)? else { return Ok(false.into()) };
    let on = flag(call, "ACTION");
    member::change(call, &me, "UNREAD", on)?;
    Ok(true.into())
}

/// Puts a membership into the recent list for a message, or takes it out.
fn place(call: &mut Call<'_, '_>, member: i64, message: Option<i64>) -> Result<()> {
    let sql = "UPDATE im_member SET recent_id = ? WHERE id = ?";
    call.tx.execute(sql, &[message.into(), member.into()])?;
    Ok(())
}
