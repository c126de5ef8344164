//! Recipients of posts, as requests name them and as they are kept.

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, ID, Noun, Row, field, noun};
use store::{Param, Tx};
use wire::Value;

use crate::SCOPE;
use crate::rights::{BELONGS, EVERYBODY};

/// Recipients that one post has at most.
pub const MOST: usize = 200;

/// The recipients of posts, by which the rule of posts finds its rows. They are written with their post only.
pub static RECIPIENT: Noun = Noun {
    fields: &[
        ID,
        field("postId", Kind::Integer, "Post").required(),
        field("code", Kind::String, "Recipient").required(),
        field("groupId", Kind::Integer, "Workgroup").indexed(),
    ],
    ..noun("feed.recipient", "feed_recipient", SCOPE, ["recipient of a post", "recipients of posts"])
};

/// The recipients that a request names.
#[derive(Debug, Default)]
pub struct Named {
    /// Those that are there and that the caller may write to.
    pub codes: Vec<String>,
    /// Whether there were others.
    pub has_others: bool,
}

impl Named {
    /// Reads them.
    ///
    /// # Errors
    /// Those of the store.
    pub fn read(call: &mut Call<'_, '_>, given: &Value) -> Result<Self> {
        let mut named = Named::default();
        for (at, code) in given.each().filter_map(Value::text).enumerate() {
            let code = code.trim().to_ascii_uppercase();
            // What is too much is not looked for.
            let known = if at < MOST { known(call, &code)? } else { Some(code) };
            match known {
                Some(code) if named.codes.contains(&code) => {}
                Some(code) if at < MOST => named.codes.push(code),
                _ => named.has_others = true,
            }
        }
        Ok(named)
    }
}

/// A code as it is kept, of somebody who is there and whom the caller may write to.
fn known(call: &mut Call<'_, '_>, code: &str) -> Result<Option<String>> {
    if matches!(code, EVERYBODY | "AU" | "G2") {
        return Ok(Some(EVERYBODY.to_owned()));
    }
    let Some((kind, id)) = parted(code) else { return Ok(None) };
    let is_there = match kind {
        "U" => directory::is_active(call.tx, id)?,
        "SG" => writes_to(call, id)?,
        _ => {
            let sql = "SELECT id FROM department WHERE id = ?";
            call.tx.one(sql, &[id.into()], |row| row.int(0))?.is_some()
        }
    };
    Ok(is_there.then(|| format!("{kind}{id}")))
}

/// The kind and the number of a recipient: `SG12` is `SG` and 12.
pub fn parted(code: &str) -> Option<(&'static str, i64)> {
    ["SG", "DR", "D", "U"].into_iter().find_map(|kind| {
        let id = code.strip_prefix(kind)?.parse::<i64>().ok().filter(|id| *id > 0)?;
        Some((kind, id))
    })
}

/// Whether the caller may write to a workgroup: its members may, and administrators to those that they see.
fn writes_to(call: &mut Call<'_, '_>, group: i64) -> Result<bool> {
    let Some(groups) = call.core.modules.noun("groups.group").map(|shape| shape.noun) else {
        return Ok(false);
    };
    let scope = groups.grant(call, Act::Read)?;
    if noun::one(call, groups, &scope, group)?.is_none() {
        return Ok(false);
    }
    if call.caller.is_admin {
        return Ok(true);
    }
    noun::is_member(call, "groups.member", "groupId", group, BELONGS)
}

/// The members of a workgroup.
///
/// # Errors
/// Those of the store.
pub fn members(call: &mut Call<'_, '_>, group: i64) -> Result<Vec<i64>> {
    noun::members_of(call, "groups.member", "groupId", group, BELONGS)
}

/// Makes these the recipients of a post.
///
/// # Errors
/// Those of the store.
pub fn keep(call: &mut Call<'_, '_>, post: i64, codes: &[&str]) -> Result<()> {
    call.tx.execute("DELETE FROM feed_recipient WHERE post_id = ?", &[post.into()])?;
    codes.iter().try_for_each(|code| put(call.tx, post, code))
}

/// Makes this one a recipient, too.
///
/// # Errors
/// Those of the store.
pub fn put(tx: &mut Tx<'_>, post: i64, code: &str) -> Result<()> {
    let group = parted(code).filter(|(kind, _)| *kind == "SG").map(|(_, id)| id);
    let sql = "INSERT INTO feed_recipient (post_id, code, group_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    tx.execute(sql, &[post.into(), code.into(), group.into()])?;
    Ok(())
}

/// The recipients of a post.
pub fn of(post: &Row) -> Vec<&str> {
    post.text("recipients").split(',').filter(|code| !code.is_empty()).collect()
}

/// Follows a workgroup that is gone: its members lose what was for them as such. Posts that were for nobody else are their
/// authors' from then on.
///
/// # Errors
/// Those of the store.
pub fn group_gone(call: &mut Call<'_, '_>, group: &Row) -> Result<()> {
    call.tx.execute("DELETE FROM feed_recipient WHERE group_id = ?", &[Param::from(group.number)])?;
    Ok(())
}
