//! Who is in a chat, and what each member has read of it. The number of unread messages and the place in the recent list
//! are kept with the member, so that reading them costs no look at messages.

use engine::access::Act;
use engine::call::Call;
use engine::copy::Copying;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, Access, Draft, Face, Grant, Hooks, ID, Noun, Row, Rule, Saved, Stamp, field, noun};
use store::Param;
use wire::{Fault, Map};

use crate::chat::rights::{of_manager, of_member};
use crate::{FAULTS, SCOPE, copy, denied};

/// What other modules write members with. It has no methods.
pub const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::legacy("im.member") };

/// Members of chats. A new one has read everything there is; `START_ID` is the first message that the member sees.
pub static MEMBER: Noun = Noun {
    access: Access::Rule(&OfChat),
    fields: &[
        ID,
        field("chatId", Kind::Integer, "Chat").required().immutable(),
        field("userId", Kind::User, "Member").required().immutable(),
        field("manager", Kind::Char, "Manages the chat").default("N"),
        field("muted", Kind::Char, "Muted").default("N"),
        field("pinned", Kind::Char, "Pinned").default("N"),
        field("unread", Kind::Char, "Marked as unread").default("N"),
        field("startId", Kind::Integer, "First message that the member sees").default("0"),
        field("dateJoined", Kind::DateTime, "Added").stamped(Stamp::Created),
        // Whoever came with a department leaves with it.
        field("byDepartment", Kind::Char, "Came with a department").default("N"),
        // Kept by what happens in the chat.
        field("counter", Kind::Integer, "Unread messages").default("0").read_only(),
        field("lastReadId", Kind::Integer, "Last message that was read").default("0").read_only(),
        field("readDate", Kind::DateTime, "Read").read_only(),
        // The message for which the chat is in the recent list; none when it is hidden there.
        field("recentId", Kind::Integer, "Message in the recent list").read_only(),
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("im.member", "im_member", SCOPE, ["member of a chat", "members of chats"])
};

/// Members see each other. Those of a group add others, everybody joins open chats, managers remove others, and everybody
/// changes and removes oneself.
#[derive(Debug)]
struct OfChat;

impl Rule for OfChat {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let me: Param<'static> = call.caller.user_id.into();
        Ok(match act {
            Act::Read | Act::Export => Grant::Where(of_member("t.chat_id"), vec![me]),
            Act::Add | Act::Import => Grant::Where(
                format!(
                    "EXISTS (SELECT 1 FROM im_chat c WHERE c.id = t.chat_id AND c.type IN ('CHAT', 'OPEN') AND \
                     (c.author_id = ? OR {} OR (c.type = 'OPEN' AND t.user_id = ?)))",
                    of_member("c.id")
                ),
                vec![me.clone(), me.clone(), me],
            ),
            Act::Update => Grant::Where("t.user_id = ?".to_owned(), vec![me]),
            Act::Delete => Grant::Where(
                format!("(t.user_id = ? OR {})", of_manager("t.chat_id")),
                vec![me.clone(), me.clone(), me],
            ),
        })
    }
}

struct Hook;

impl Hooks for Hook {
    fn copied(&self, copying: &mut Copying<'_, '_>, _: &Face, rows: &[(i64, Map)]) -> Result<()> {
        copy::count_members(copying, rows)
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if old.is_some() {
            return Ok(());
        }
        let (chat, user) = (draft.int("chatId").unwrap_or(0), draft.int("userId").unwrap_or(0));
        // Whoever changes who is in a chat or what is said there has its row first.
        let sql = format!(
            "SELECT last_message_id, type FROM im_chat WHERE id = ?{}",
            call.tx.dialect().for_update()
        );
        let found = call.tx.one(&sql, &[chat.into()], |row| Ok((row.int(0)?, row.text(1)? == "NOTIFY")))?;
        let (last, is_hidden) = found.ok_or_else(denied)?;
        let sql = "SELECT id FROM im_member WHERE chat_id = ? AND user_id = ?";
        if call.tx.one(sql, &[chat.into(), user.into()], |row| row.int(0))?.is_some() {
            return Err(Fault::new(400, "USER_IN_CHAT", "The user is in the chat already").into());
        }
        draft.set("lastReadId", last);
        let sees = last > 0 && !is_hidden && draft.int("startId").unwrap_or(0) <= last;
        draft.set("recentId", sees.then_some(last));
        Ok(())
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        if saved.old.is_none() {
            count(call, saved.row, 1)?;
        }
        Ok(())
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        count(call, row, -1)
    }

    /// An owner who leaves hands the chat over: to a manager, or else to who has been there longest.
    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        let (chat, user) = (row.int("chatId").unwrap_or(0), row.int("userId").unwrap_or(0));
        let sql = "UPDATE im_chat SET owner_id = (SELECT m.user_id FROM im_member m WHERE m.chat_id = im_chat.id \
                   ORDER BY m.manager DESC, m.id LIMIT 1) WHERE id = ? AND owner_id = ?";
        call.tx.execute(sql, &[chat.into(), user.into()])?;
        Ok(())
    }
}

fn count(call: &mut Call<'_, '_>, row: &Row, change: i64) -> Result<()> {
    let sql = "UPDATE im_chat SET user_count = user_count + ? WHERE id = ?";
    call.tx.execute(sql, &[change.into(), row.int("chatId").unwrap_or(0).into()])?;
    Ok(())
}

/// Sets a flag of the caller's own membership.
pub fn change(call: &mut Call<'_, '_>, row: &Row, flag: &str, on: bool) -> Result<()> {
    let given: Map = [(flag.into(), if on { "Y" } else { "N" }.into())].into_iter().collect();
    noun::update(call, &MEMBER, &FACE, &[row.number.into()], &given)?;
    Ok(())
}
