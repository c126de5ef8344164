//! Who belongs to a workgroup, and as what.

use std::collections::HashMap;

use store::Param;
use wire::Map;

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, Access, Face, Grant, Hooks, ID, Noun, Row, Rule, Saved, Stamp, field, noun};

use crate::SCOPE;
use crate::chat;
use crate::group::has_role;

/// What members are written with. It has no methods.
pub const FACE: Face = Face { verbs: &[], ..Face::legacy("groups.member") };
/// The roles of those who belong to a group.
pub const BELONG: &str = "'A', 'E', 'K'";

/// Members of workgroups.
pub static MEMBER: Noun = Noun {
    access: Access::Rule(&OfGroup),
    fields: &[
        ID,
        // No link: whoever makes a secret group is not in it yet.
        field("groupId", Kind::Integer, "Workgroup").required().immutable(),
        field("userId", Kind::User, "User").required().immutable(),
        field("role", Kind::Choice(&["A", "E", "K", "Z", "T"]), "Role").default("K"),
        field("initiatedByType", Kind::Choice(&["G", "U"]), "Invited by the group, or asked by the user")
            .default("G"),
        field("initiatedBy", Kind::User, "Added by").stamped(Stamp::CreatedBy),
        field("message", Kind::Text, "Message"),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("dateUpdate", Kind::DateTime, "Changed").stamped(Stamp::Changed),
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("groups.member", "sonet_group_member", SCOPE, ["member of a workgroup", "members of workgroups"])
};

/// Whoever sees a group sees who belongs to it; the owner and moderators say who does, and everybody but the owner may leave.
#[derive(Debug)]
struct OfGroup;

impl Rule for OfGroup {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let me: Param<'static> = call.caller.user_id.into();
        if call.caller.is_admin {
            return Ok(Grant::All);
        }
        Ok(match act {
            Act::Read | Act::Export => Grant::Where(
                format!(
                    "(t.user_id = ? OR t.group_id IN (SELECT g.id FROM sonet_group g WHERE g.visible = 'Y') OR {})",
                    has_role("t.group_id", "'A', 'E', 'K', 'Z'")
                ),
                vec![me.clone(), me],
            ),
            Act::Delete => Grant::Where(
                format!("(t.role <> 'A' AND (t.user_id = ? OR {}))", has_role("t.group_id", "'A', 'E'")),
                vec![me.clone(), me],
            ),
            Act::Add | Act::Import | Act::Update => {
                Grant::Where(format!("(t.role <> 'A' AND {})", has_role("t.group_id", "'A', 'E'")), vec![me])
            }
        })
    }
}

struct Hook;

impl Hooks for Hook {
    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        let (group, user) = of_row(saved.row);
        count(call, group)?;
        chat::follow(call, group, user, matches!(saved.row.text("role"), "A" | "E" | "K"))
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        let (group, user) = of_row(row);
        count(call, group)?;
        chat::follow(call, group, user, false)
    }
}

/// The group and the user of a membership.
fn of_row(row: &Row) -> (i64, i64) {
    (row.int("groupId").unwrap_or(0), row.int("userId").unwrap_or(0))
}

/// Keeps the numbers of members with their group.
fn count(call: &mut Call<'_, '_>, group: i64) -> Result<()> {
    let number = |roles: &str| {
        format!(
            "(SELECT COUNT(*) FROM sonet_group_member m WHERE m.group_id = sonet_group.id AND m.role IN ({roles}))"
        )
    };
    let sql = format!(
        "UPDATE sonet_group SET number_of_members = {}, number_of_moderators = {} WHERE id = ?",
        number(BELONG),
        number("'A', 'E'")
    );
    call.tx.execute(&sql, &[group.into()])?;
    Ok(())
}

/// Those who belong to a group.
///
/// # Errors
/// Those of the store.
pub fn of(call: &mut Call<'_, '_>, group: i64) -> Result<Vec<i64>> {
    let sql =
        format!("SELECT m.user_id FROM sonet_group_member m WHERE m.group_id = ? AND m.role IN ({BELONG})");
    Ok(call.tx.all(&sql, &[group.into()], |row| row.int(0))?)
}

/// What the caller is in each group.
///
/// # Errors
/// Those of the store.
pub fn own(call: &mut Call<'_, '_>) -> Result<HashMap<i64, String>> {
    let sql = "SELECT m.group_id, m.role FROM sonet_group_member m WHERE m.user_id = ?";
    let mut roles = HashMap::new();
    call.tx.query(sql, &[call.caller.user_id.into()], |row| {
        roles.insert(row.int(0)?, row.text(1)?.to_owned());
        Ok(())
    })?;
    Ok(roles)
}

/// What somebody is in a group, whoever asks.
///
/// # Errors
/// Those of the store.
pub fn role(call: &mut Call<'_, '_>, group: i64, user: i64) -> Result<Option<(i64, String)>> {
    let sql = "SELECT m.id, m.role FROM sonet_group_member m WHERE m.group_id = ? AND m.user_id = ?";
    Ok(call.tx.one(sql, &[group.into(), user.into()], |row| Ok((row.int(0)?, row.text(1)?.to_owned())))?)
}

/// Whether somebody waits to belong to a group, and who began it: the user, who asked (`U`), or the group, which invited (`G`).
///
/// # Errors
/// Those of the store.
pub fn waiting(call: &mut Call<'_, '_>, group: i64, user: i64) -> Result<Option<String>> {
    let sql = "SELECT m.initiated_by_type FROM sonet_group_member m WHERE m.group_id = ? AND m.user_id = ? AND m.role = 'Z'";
    Ok(call
        .tx
        .one(sql, &[group.into(), user.into()], |row| Ok(row.opt_text(0)?.unwrap_or_default().to_owned()))?)
}

/// Gives somebody a role, whoever the caller is: the method has looked at the rights.
///
/// # Errors
/// Those of the store.
pub fn set_role(call: &mut Call<'_, '_>, group: i64, user: i64, new: &str) -> Result<()> {
    match role(call, group, user)? {
        None => add(call, group, user, new, "G", "").map(drop),
        Some((id, _)) => {
            let role = [("ROLE".into(), new.into())].into_iter().collect();
            noun::amend(call, &MEMBER, &FACE, id, &role).map(drop)
        }
    }
}

/// Adds somebody to a group.
///
/// # Errors
/// Those of the store.
pub fn add(
    call: &mut Call<'_, '_>,
    group: i64,
    user: i64,
    role: &str,
    by: &str,
    message: &str,
) -> Result<Row> {
    let mut row = Map::new();
    row.push("GROUP_ID", group);
    row.push("USER_ID", user);
    row.push("ROLE", role);
    row.push("INITIATED_BY_TYPE", by);
    row.push("MESSAGE", message);
    noun::put(call, &MEMBER, &row)
}
