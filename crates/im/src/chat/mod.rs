//! Chats: `im.chat.*`. Every dialog has one, also that of two people, and so have the notifications of a person.

mod add;
mod avatar;
mod change;
pub mod direct;
pub mod kind;
pub mod rights;
pub mod say;
pub mod show;
pub mod users;

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::Method;
use engine::noun::{Access, Face, Grant, ID, Noun, Row, Rule, Stamp, field, noun};

use crate::{FAULTS, SCOPE};
use rights::of_member;

/// The kinds of chats.
pub const TYPES: &[&str] = &["PRIVATE", "CHAT", "OPEN", "NOTIFY"];
/// The chat of two people.
pub const PRIVATE: &str = "PRIVATE";
/// A group chat that everybody may read and join.
pub const OPEN: &str = "OPEN";
/// Where the notifications of one person are counted.
pub const NOTIFY: &str = "NOTIFY";

/// What other modules write chats with, by the upper-case names of fields. It has no methods.
pub const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::legacy("im.chat") };

/// Chats. One that another module adds is a group chat unless it says otherwise, and has nobody in it yet: its members are
/// added as `im.member`. `ENTITY_TYPE` and `ENTITY_ID` say what it is about, `TASKS` and `17`.
pub static CHAT: Noun = Noun {
    access: Access::Rule(&Reachable),
    fields: &[
        ID,
        field("type", Kind::Choice(TYPES), "Type").default("CHAT"),
        field("title", Kind::String, "Title").short(),
        field("description", Kind::Text, "Description"),
        field("color", Kind::String, "Colour"),
        field("avatar", Kind::File, "Avatar"),
        field("ownerId", Kind::User, "Owner"),
        field("authorId", Kind::User, "Added by").stamped(Stamp::CreatedBy),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("entityType", Kind::String, "What it is about"),
        field("entityId", Kind::String, "ID of what it is about"),
        field("entityData1", Kind::String, "Data").upper("ENTITY_DATA_1"),
        field("entityData2", Kind::String, "Data").upper("ENTITY_DATA_2"),
        field("entityData3", Kind::String, "Data").upper("ENTITY_DATA_3"),
        field("diskFolderId", Kind::Integer, "Folder of its files"),
        field("textField", Kind::Char, "People write there").default("Y"),
        // Kept by what happens in it.
        field("lastMessageId", Kind::Integer, "Last message").default("0").read_only(),
        field("messageCount", Kind::Integer, "Messages").default("0").read_only(),
        field("userCount", Kind::Integer, "Members").default("0").read_only(),
    ],
    faces: &[FACE],
    ..noun("im.chat", "im_chat", SCOPE, ["chat", "chats"])
};

/// The methods.
pub fn methods() -> Vec<Method> {
    [add::methods(), users::methods(), change::methods()].into_iter().flatten().collect()
}

/// Chats are for their members; open ones may be read by everybody. The owner may delete one. Nobody else has a wider view,
/// administrators included.
#[derive(Debug)]
struct Reachable;

impl Rule for Reachable {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let me = call.caller.user_id;
        Ok(match act {
            Act::Add | Act::Import => Grant::All,
            Act::Read | Act::Export => {
                Grant::Where(format!("({} OR t.type = 'OPEN')", of_member("t.id")), vec![me.into()])
            }
            Act::Update => Grant::Where(of_member("t.id"), vec![me.into()]),
            Act::Delete => Grant::Where("t.owner_id = ?".to_owned(), vec![me.into()]),
        })
    }
}

/// Whether a chat has the rules of a group.
pub fn is_group(chat: &Row) -> bool {
    !matches!(chat.text("type"), PRIVATE | NOTIFY)
}
