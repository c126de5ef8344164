//! Messages: `im.message.*`. What follows from one (unread messages of the others, everybody's recent list) is done here,
//! whoever adds it.

mod add;
pub mod change;
pub mod consequences;
mod like;
pub mod rich;
mod share;
pub mod show;
pub mod text;

use engine::access::Act;
use engine::call::Call;
use engine::copy::Copying;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::Method;
use engine::noun::{Access, Draft, Face, Grant, Hooks, ID, Noun, Row, Rule, Saved, Stamp, field, noun};
use store::Param;
use wire::Map;

use crate::chat::rights::{of_everybody, of_manager, of_member};
use crate::{FAULTS, SCOPE, copy};
pub use add::send;
pub use change::DELETED;

/// What other modules write messages with. It has no methods.
pub const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::legacy("im.message") };

/// Messages. The author is the caller, unless `AUTHOR_ID` is 0: then the chat itself says it. `PARAMS` is what a message
/// has beyond its text, by the names that answers show: `ATTACH`, `KEYBOARD`, `FILE_ID`.
pub static MESSAGE: Noun = Noun {
    access: Access::Rule(&OfChat),
    fields: &[
        ID,
        field("chatId", Kind::Integer, "Chat").required().immutable().indexed(),
        field("authorId", Kind::User, "Author").immutable(),
        field("text", Kind::Text, "Text"),
        field("params", Kind::Json, "Parameters"),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("uuid", Kind::String, "Unique ID").immutable(),
        field("isDeleted", Kind::Char, "Deleted").default("N"),
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("im.message", "im_message", SCOPE, ["message", "messages"])
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let own = [add::methods(), change::methods(), like::methods(), share::methods()];
    own.into_iter().flatten().collect()
}

/// Messages are for the members of their chat, from the one on with which they begin there; those of an open chat for
/// everybody. Members write, authors change, and authors and who manages the chat delete.
#[derive(Debug)]
struct OfChat;

impl Rule for OfChat {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let me: Param<'static> = call.caller.user_id.into();
        Ok(match act {
            Act::Read | Act::Export => Grant::Where(
                format!(
                    "(EXISTS (SELECT 1 FROM im_member m WHERE m.chat_id = t.chat_id AND m.user_id = ? AND \
                     t.id >= m.start_id) OR {})",
                    of_everybody("t.chat_id")
                ),
                vec![me],
            ),
            Act::Add | Act::Import => Grant::Where(
                format!("(t.author_id IN (?, 0) AND {})", of_member("t.chat_id")),
                vec![me.clone(), me],
            ),
            Act::Update => Grant::Where(
                format!("(t.author_id = ? AND {})", of_member("t.chat_id")),
                vec![me.clone(), me],
            ),
            Act::Delete => Grant::Where(
                format!("((t.author_id = ? AND {}) OR {})", of_member("t.chat_id"), of_manager("t.chat_id")),
                vec![me.clone(), me.clone(), me.clone(), me],
            ),
        })
    }
}

struct Hook;

impl Hooks for Hook {
    fn fill(&self, call: &mut Call<'_, '_>, draft: &mut Draft<'_>) -> Result<()> {
        draft.set_if_empty("authorId", call.caller.user_id);
        Ok(())
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if old.is_none() {
            consequences::hold(call, draft.int("chatId").unwrap_or(0))?;
        }
        Ok(())
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        match saved.old {
            None => consequences::of_new(call, saved.row),
            Some(_) => Ok(()),
        }
    }

    fn copied(&self, copying: &mut Copying<'_, '_>, _: &Face, rows: &[(i64, Map)]) -> Result<()> {
        copy::follow_messages(copying, rows)
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        consequences::hold(call, row.int("chatId").unwrap_or(0))
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        consequences::of_gone(call, row)
    }
}
