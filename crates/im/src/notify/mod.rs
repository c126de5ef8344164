//! Notifications: `im.notify.*`. Each belongs to one person; how many there are and how many are unread is kept with the
//! person's chat of notifications.

mod add;
mod answer;
mod count;
mod delete;
mod history;
mod list;
mod read;

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::Method;
use engine::noun::{Access, Draft, Face, Grant, Hooks, ID, Noun, Row, Rule, Saved, Stamp, field, noun};
use store::Param;
use wire::Fault;

use crate::{FAULTS, SCOPE};

/// What other modules write notifications with. It has no methods.
pub const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::legacy("im.notification") };

/// Asks for a decision, with buttons
pub const ASKING: i64 = 1;
/// From a user
pub const FROM_USER: i64 = 2;
/// From the portal
pub const FROM_SYSTEM: i64 = 4;

/// Notifications. `TYPE` is 1 for one that asks for a decision, whose `PARAMS` have `BUTTONS`, 2 for one of a user, and 4
/// for one of the portal. One with a `TAG` takes the place of what the person has with the same tag.
pub static NOTIFICATION: Noun = Noun {
    access: Access::Rule(&OfPerson),
    fields: &[
        ID,
        field("userId", Kind::User, "User").required().immutable().indexed(),
        field("authorId", Kind::User, "Author").default("0").immutable(),
        field("type", Kind::Integer, "Type").default("4"),
        field("title", Kind::String, "Title"),
        field("message", Kind::Text, "Text").required(),
        field("module", Kind::String, "Module").default("rest"),
        field("event", Kind::String, "Event").default("rest_notify"),
        field("tag", Kind::String, "Tag"),
        field("subTag", Kind::String, "Additional tag"),
        field("params", Kind::Json, "Parameters"),
        field("read", Kind::Char, "Read").default("N"),
        field("answer", Kind::String, "Answer"),
        field("createdBy", Kind::User, "Added by").stamped(Stamp::CreatedBy),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("im.notification", "im_notification", SCOPE, ["notification", "notifications"])
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let own = [add::methods(), delete::methods(), list::methods(), history::methods(), read::methods()];
    own.into_iter().flatten().chain(answer::methods()).collect()
}

/// Texts of it that are translated.
pub fn names() -> Vec<&'static str> {
    std::iter::once(answer::SENT).chain(history::names()).collect()
}

/// Everybody notifies everybody; only whom it is for reads and changes it, and who caused it may take it back.
#[derive(Debug)]
struct OfPerson;

impl Rule for OfPerson {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let me: Param<'static> = call.caller.user_id.into();
        Ok(match act {
            Act::Add | Act::Import => Grant::All,
            Act::Read | Act::Export | Act::Update => Grant::Where("t.user_id = ?".to_owned(), vec![me]),
            Act::Delete => {
                Grant::Where("(t.user_id = ? OR t.created_by = ?)".to_owned(), vec![me.clone(), me])
            }
        })
    }
}

struct Hook;

impl Hooks for Hook {
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
        draft.trim("tag");
        draft.trim("subTag");
        let user = draft.int("userId").unwrap_or(0);
        if !directory::exists(call.tx, user)? {
            return Err(Fault::new(400, "USER_NOT_EXISTS", "User not exists").into());
        }
        count::hold(call, user)?;
        if let Some(tag) = draft.text("tag").map(str::to_owned) {
            let same = [("tag", tag.into()), ("userId", user.into())];
            engine::noun::clear(call, &NOTIFICATION, &same)?;
        }
        Ok(())
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        match saved.old {
            None => count::added(call, saved.row),
            Some(_) => Ok(()),
        }
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        count::gone(call, row)
    }
}
