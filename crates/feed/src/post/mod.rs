//! Posts: `log.blogpost.*`.

mod feed;
mod get;
mod uf;
mod write;

use std::sync::Arc;

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::entity::Kind;
use engine::error::Result;
use engine::event::{MayKnow, Recipient};
use engine::method::Method;
use engine::noun::{
    self, Access, EventData, Events, Face, Faults, Grant, Hooks, ID, LEGACY_FAULTS, Noun, Refusal, Row, Rule,
    Saved, Stamp, field, noun,
};
use wire::{Fault, Map, Value};

use crate::comment::COMMENT;
use crate::files::{self, POSTS};
use crate::{SCOPE, dest, rights};

pub use feed::file_of;
pub use uf::names;

const FAULTS: Faults = Faults {
    missing: Refusal::Coded("", "No post found"),
    unreadable: Refusal::Coded("", "No read perms"),
    unwritable: Refusal::Coded("", "No write perms"),
    ..LEGACY_FAULTS
};

/// What other modules write posts with. It has no methods.
pub const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::legacy("log.blogpost") };

/// Posts. `RECIPIENTS` has the codes of those whom a post is for, separated by commas.
pub static POST: Noun = Noun {
    access: Access::Rule(&ForRecipients),
    fields: &[
        ID.upper("POST_ID"),
        field("authorId", Kind::User, "Author").stamped(Stamp::CreatedBy).indexed(),
        field("title", Kind::String, "Title"),
        field("micro", Kind::Char, "Without a title of its own").default("N"),
        field("message", Kind::Text, "Text").required(),
        field("recipients", Kind::Text, "Recipients"),
        field("important", Kind::Char, "Important").default("N"),
        field("importantUntil", Kind::DateTime, "Important until"),
        field("tagIds", Kind::String, "Tags"),
        field("backgroundCode", Kind::String, "Background"),
        field("datePublish", Kind::DateTime, "Published").stamped(Stamp::Created),
        field("dateChange", Kind::DateTime, "Changed").stamped(Stamp::Changed),
        field("numComments", Kind::Integer, "Comments").default("0").read_only(),
    ],
    faces: &[FACE],
    events: Some(Events::new("ONLIVEFEEDPOST").with(EventData::FieldsMembers(&["id"]))),
    hooks: &Hook,
    ..noun("feed.post", "feed_post", SCOPE, ["feed post", "feed posts"])
};

/// Authors and recipients see a post; authors and administrators change it. Administrators see no more than others.
#[derive(Debug)]
struct ForRecipients;

impl Rule for ForRecipients {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        Ok(match act {
            Act::Add | Act::Import => Grant::All,
            Act::Read | Act::Export => {
                let (sql, params) = rights::readable(call, call.caller.user_id);
                Grant::Where(sql, params)
            }
            Act::Update | Act::Delete if call.caller.is_admin => Grant::All,
            Act::Update | Act::Delete => {
                Grant::Where("t.author_id = ?".to_owned(), vec![call.caller.user_id.into()])
            }
        })
    }

    fn audience(&self, call: &mut Call<'_, '_>, row: &Row) -> Result<MayKnow> {
        let author = row.int("authorId").unwrap_or(0);
        let codes: Vec<String> = dest::of(row).into_iter().map(str::to_owned).collect();
        let mut members = Vec::new();
        for (kind, group) in codes.iter().filter_map(|code| dest::parted(code)) {
            if kind == "SG" {
                members.extend(dest::members(call, group)?);
            }
        }
        let meta = Arc::clone(&call.meta);
        Ok(Arc::new(move |who: Recipient<'_>| {
            let is_named = || {
                let own = meta.directory.access_codes(who.user_id);
                codes.iter().any(|code| code == rights::EVERYBODY || own.contains(code))
            };
            who.is_admin || who.user_id == author || members.contains(&who.user_id) || is_named()
        }))
    }
}

struct Hook;

impl Hooks for Hook {
    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        let (now, before) = (dest::of(saved.row), saved.old.map(dest::of));
        if before.as_ref() == Some(&now) { Ok(()) } else { dest::keep(call, saved.row.number, &now) }
    }

    /// Comments, files and marks go with a post.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        noun::clear(call, &COMMENT, &[("postId", row.number.into())])?;
        files::clear(call, POSTS, row.number)?;
        for sql in ["DELETE FROM feed_recipient WHERE post_id = ?", "DELETE FROM feed_read WHERE post_id = ?"]
        {
            call.tx.execute(sql, &[row.number.into()])?;
        }
        Ok(())
    }
}

/// The methods.
pub fn methods() -> Vec<Method> {
    [write::methods(), get::methods(), feed::methods()].into_iter().flatten().collect()
}

/// Has the method run once more as the author whom an administrator names by `USER_ID`; `None` when nobody else is named.
///
/// # Errors
/// When there is no such user, and those of the method.
pub fn as_author(call: &mut Call<'_, '_>) -> Result<Option<Value>> {
    let author = call.id("USER_ID");
    if author <= 0 || author == call.caller.user_id || !call.caller.is_admin {
        return Ok(None);
    }
    let Some(person) = directory::people(call.tx, &[author])?.remove(&author) else {
        return Err(no_blog().into());
    };
    if !directory::is_active(call.tx, author)? {
        return Err(no_blog().into());
    }
    let caller = call.caller.as_user(author, person.is_admin);
    let others = |(name, value): (&str, &Value)| {
        (!name.eq_ignore_ascii_case("USER_ID")).then(|| (name.into(), value.clone()))
    };
    let params: Map = call.params.iter().filter_map(others).collect();
    let method = call.method;
    Ok(Some(call.sub_as(&caller, method, params, None)?.result))
}

fn no_blog() -> Fault {
    Fault::new(400, "SONET_CONTROLLER_LIVEFEED_BLOG_NOT_FOUND", "Blog not found")
}
