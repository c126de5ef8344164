//! Scrum: backlogs, sprints and epics of workgroups that have a scrum master (`tasks.api.scrum.*`).
//!
//! A backlog and a sprint are both rows of [`entity`], so that one number says in which of them a task is; what a task has
//! beyond that, story points and an epic, stands in its [`item`]. A change that depends on what others do in the same workgroup
//! at that moment [`lock`]s it.

mod backlog;
pub mod copy;
mod entity;
mod epic;
pub mod item;
mod kanban;
mod sprint;

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::method::Method;
use engine::noun::{self, Draft, Grant, Noun, Row, Rule, has_member};
use wire::{Fault, Map, Value};

use crate::group::{self, BELONGS};

pub use epic::EPIC;

/// The nouns.
pub const NOUNS: [&Noun; 3] = [&epic::EPIC, &entity::ENTITY, &item::ITEM];

/// The methods beyond those of the nouns.
pub fn methods() -> Vec<Method> {
    [backlog::methods(), sprint::methods(), item::methods(), kanban::methods()]
        .into_iter()
        .flatten()
        .collect()
}

/// A refusal of these methods.
fn refusal(text: &'static str) -> Fault {
    Fault::numbered(400, 0, text)
}

const DENIED: &str = "Access denied";

/// Those who belong to the workgroup of a row, and administrators.
#[derive(Debug)]
struct OfMembers;

impl Rule for OfMembers {
    fn grant(&self, call: &mut Call<'_, '_>, _: Act) -> Result<Grant> {
        if call.caller.is_admin {
            return Ok(Grant::All);
        }
        let me = call.caller.user_id.into();
        let belongs = has_member(call, "groups.member", "groupId", "t.group_id", BELONGS);
        Ok(belongs.map_or(Grant::Nothing, |belongs| Grant::Where(belongs, vec![me])))
    }

    fn fields(&self) -> &'static [&'static str] {
        &["groupId"]
    }
}

fn groups(call: &Call<'_, '_>) -> Option<&'static Noun> {
    call.core.modules.noun("groups.group").map(|shape| shape.noun)
}

/// The workgroup of that number, when it is a scrum that the caller knows of.
fn scrum(call: &mut Call<'_, '_>, group: i64) -> Result<Option<Row>> {
    let Some(groups) = groups(call) else { return Ok(None) };
    let scope = groups.grant(call, if call.caller.is_admin { Act::Update } else { Act::Read })?;
    let found = noun::one(call, groups, &scope, group)?;
    Ok(found.filter(is_scrum))
}

/// Whether a workgroup is a scrum, whoever asks.
fn is_one(call: &mut Call<'_, '_>, group: i64) -> Result<bool> {
    let Some(groups) = groups(call).filter(|_| group > 0) else { return Ok(false) };
    Ok(noun::again(call, groups, group)?.is_some_and(|group| is_scrum(&group)))
}

fn is_scrum(group: &Row) -> bool {
    group.int("scrumMasterId").is_some_and(|master| master > 0)
}

/// Whether the caller belongs to a workgroup, or is an administrator.
fn belongs(call: &mut Call<'_, '_>, group: i64) -> Result<bool> {
    Ok(call.caller.is_admin || group::belongs(call, group)?)
}

/// Refuses what is not for those who do not belong to a workgroup.
fn require_member(call: &mut Call<'_, '_>, group: i64) -> Result<()> {
    if belongs(call, group)? { Ok(()) } else { Err(refusal(DENIED).into()) }
}

/// Holds what depends on the rows of a workgroup until this call ends: of two calls that do so at once, one comes after the
/// other and sees what that did.
fn lock(call: &mut Call<'_, '_>, group: i64) -> Result<()> {
    if let Some(groups) = groups(call) {
        let sql = format!("UPDATE {} SET owner_id = owner_id WHERE id = ?", groups.table);
        call.tx.execute(&sql, &[group.into()])?;
    }
    Ok(())
}

/// Says who made a row and who changed it, as far as the request does not, and refuses users that there are none of.
fn sign(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>) -> Result<()> {
    for (name, text) in
        [("createdBy", "createdBy user not found"), ("modifiedBy", "modifiedBy user not found")]
    {
        if let Some(user) = draft.int(name).filter(|user| *user != 0)
            && directory::name_of(call.tx, user)?.is_none()
        {
            return Err(refusal(text).into());
        }
    }
    let me = call.caller.user_id;
    if old.is_none() {
        draft.set_if_empty("createdBy", me);
    }
    draft.set_if_empty("modifiedBy", me);
    Ok(())
}

/// Shows what is not there as an empty text.
fn texts(shown: &mut Map, names: &[&str]) {
    for name in names {
        if shown.get(name) == Some(&Value::Null) {
            shown.insert(*name, "");
        }
    }
}

/// Takes along what a scrum has when its workgroup is deleted. Its tasks stay.
///
/// # Errors
/// Those of the store.
pub fn deleted(call: &mut Call<'_, '_>, group: &Row) -> Result<()> {
    let of = [("groupId", group.number.into())];
    for sprint in entity::numbers(call, group.number)? {
        item::release(call, sprint)?;
    }
    noun::clear(call, &EPIC, &of)?;
    noun::clear(call, &entity::ENTITY, &of)
}
