//! Dialogs, as requests name them, and what the caller may see of one: `im.dialog.*`.

mod get;
mod messages;
mod read;
pub mod room;
mod search;
mod users;

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, Param, optional, required};
use wire::{Fault, Value};

use crate::chat::direct;
pub use messages::{cursor, limit};
pub use room::Room;

/// The methods.
pub fn methods() -> Vec<Method> {
    let own = [get::methods(), messages::methods(), read::methods(), search::methods(), users::methods()];
    own.into_iter().flatten().collect()
}

/// What a message can be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// A person: `7`
    User(i64),
    /// A chat: `chat58`
    Chat(i64),
    /// The chat of a workgroup: `sg12`
    Group(i64),
}

impl Dialog {
    /// Reads `7`, `chat58` or `sg12`.
    pub fn parse(value: &Value) -> Option<Self> {
        let text = value.text()?;
        let text = text.trim();
        let number = |text: &str| text.parse::<i64>().ok().filter(|number| *number > 0);
        if let Some(number) = text.strip_prefix("chat").and_then(number) {
            return Some(Dialog::Chat(number));
        }
        if let Some(number) = text.strip_prefix("sg").and_then(number) {
            return Some(Dialog::Group(number));
        }
        number(text).map(Dialog::User)
    }

    /// What `DIALOG_ID` names.
    pub fn of_call(call: &Call<'_, '_>) -> Option<Self> {
        call.param("DIALOG_ID").and_then(Dialog::parse)
    }

    /// The number of its chat, if there is one.
    pub fn chat(self, call: &mut Call<'_, '_>) -> Result<Option<i64>> {
        match self {
            Dialog::Chat(id) => Ok(Some(id)),
            Dialog::User(id) => direct::find(call, call.caller.user_id, id),
            Dialog::Group(id) => {
                let sql = "SELECT id FROM im_chat WHERE entity_type = 'SONET_GROUP' AND entity_id = ? ORDER BY id LIMIT 1";
                Ok(call.tx.one(sql, &[id.to_string().into()], |row| row.int(0))?)
            }
        }
    }

    /// What the caller may see of it.
    pub fn room(self, call: &mut Call<'_, '_>) -> Result<Option<Room>> {
        match self.chat(call)? {
            Some(chat) => Room::find(call, chat),
            None => Ok(None),
        }
    }
}

/// The dialog that a method names in `DIALOG_ID`.
pub fn required_dialog() -> Param {
    required("DIALOG_ID", Kind::Any, "Dialog: 7 a user, chat58 a chat, sg12 the chat of a workgroup")
}

/// The same where another parameter may name it.
pub fn optional_dialog() -> Param {
    optional("DIALOG_ID", Kind::Any, "Dialog: 7 a user, chat58 a chat, sg12 the chat of a workgroup")
}

/// The refusal of a call that names no dialog.
pub fn unnamed() -> Fault {
    Fault::new(400, "DIALOG_ID_EMPTY", "Dialog ID can't be empty")
}

/// The refusal of a dialog that is none of the caller's.
pub fn foreign() -> Fault {
    Fault::new(403, "ACCESS_ERROR", "You do not have access to the specified dialog")
}

#[cfg(test)]
mod tests {
    use super::Dialog;

    #[test]
    fn dialogs_are_people_chats_and_workgroups() {
        let read = |text: &str| Dialog::parse(&text.into());
        assert_eq!(read("7"), Some(Dialog::User(7)));
        assert_eq!(read("chat58"), Some(Dialog::Chat(58)));
        assert_eq!(read("sg12"), Some(Dialog::Group(12)));
        for wrong in ["", "0", "-1", "chat", "chat0", "sgx", "7a"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
