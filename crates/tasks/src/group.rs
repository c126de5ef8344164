//! Workgroups as tasks know them: through the nouns of another module, as far as there is one.

use std::collections::{HashMap, HashSet};

use engine::call::Call;
use engine::error::Result;
use engine::files;
use engine::noun::{self, Row};
use store::Param;
use wire::{Map, Value};

use crate::stages::{Board, STAGE};

/// The picture of a workgroup that has none.
const NONE: &str = "/bitrix/images/socialnetwork/workgroup/folder.png";

/// The condition on members, called `m`, that they belong to a workgroup.
pub const BELONGS: &str = "m.role IN ('A', 'E', 'K')";

/// Whether there is a workgroup of that number.
///
/// # Errors
/// Those of the store.
pub fn exists(call: &mut Call<'_, '_>, group: i64) -> Result<bool> {
    let Some(groups) = call.core.modules.noun("groups.group") else { return Ok(false) };
    let sql = format!("SELECT 1 FROM {} WHERE id = ?", groups.noun.table);
    Ok(call.tx.one(&sql, &[group.into()], |row| row.int(0))?.is_some())
}

/// What a user is in a workgroup: `A` its owner, `E` a moderator, `K` a member. Nothing where there are no workgroups.
///
/// # Errors
/// Those of the store.
pub fn role(call: &mut Call<'_, '_>, group: i64, user: i64) -> Result<Option<char>> {
    let Some(members) = call.core.modules.noun("groups.member").filter(|_| group > 0) else {
        return Ok(None);
    };
    let sql = format!("SELECT m.role FROM {} m WHERE m.group_id = ? AND m.user_id = ?", members.noun.table);
    let role = call.tx.one(&sql, &[group.into(), user.into()], |row| Ok(row.text(0)?.chars().next()))?;
    Ok(role.flatten())
}

/// Whether the caller belongs to a workgroup.
///
/// # Errors
/// Those of the store.
pub fn belongs(call: &mut Call<'_, '_>, group: i64) -> Result<bool> {
    noun::is_member(call, "groups.member", "groupId", group, BELONGS)
}

/// Whether the caller may put something into a workgroup: one that is there, to which an administrator need not belong.
///
/// # Errors
/// Those of the store.
pub fn takes(call: &mut Call<'_, '_>, group: i64) -> Result<bool> {
    Ok((call.caller.is_admin || belongs(call, group)?) && exists(call, group)?)
}

/// Those who belong to a workgroup.
///
/// # Errors
/// Those of the store.
pub fn members(call: &mut Call<'_, '_>, group: i64) -> Result<Vec<i64>> {
    people(call, group, BELONGS)
}

/// Everybody whom a workgroup knows, also those who only asked or were invited.
///
/// # Errors
/// Those of the store.
pub fn known(call: &mut Call<'_, '_>, group: i64) -> Result<HashSet<i64>> {
    Ok(people(call, group, "1 = 1")?.into_iter().collect())
}

fn people(call: &mut Call<'_, '_>, group: i64, which: &str) -> Result<Vec<i64>> {
    noun::members_of(call, "groups.member", "groupId", group, which)
}

/// Tasks and templates of a workgroup that was deleted stay, and belong to none.
///
/// # Errors
/// Those of the store.
pub fn deleted(call: &mut Call<'_, '_>, group: &Row) -> Result<()> {
    let board = Board::of_group(group.number);
    noun::clear(call, &STAGE, &[("entityType", board.kind.into()), ("entityId", board.owner.into())])?;
    let sql = "DELETE FROM tasks_place WHERE entity_type = ? AND entity_id = ?";
    call.tx.execute(sql, &[board.kind.into(), board.owner.into()])?;
    for table in ["tasks_task", "tasks_template"] {
        let sql = format!("UPDATE {table} SET group_id = 0, stage_id = 0 WHERE group_id = ?");
        call.tx.execute(&sql, &[group.number.into()])?;
    }
    Ok(())
}

/// The workgroups that the tasks of an answer belong to.
#[derive(Default)]
pub struct Groups(HashMap<i64, Value>);

impl Groups {
    /// Looks them up.
    ///
    /// # Errors
    /// Those of the store.
    pub fn find(call: &mut Call<'_, '_>, tasks: &[Row]) -> Result<Self> {
        let mut ids: Vec<i64> =
            tasks.iter().filter_map(|task| task.int("groupId")).filter(|id| *id > 0).collect();
        ids.sort_unstable();
        ids.dedup();
        let Some(groups) = call.core.modules.noun("groups.group").filter(|_| !ids.is_empty()) else {
            return Ok(Groups::default());
        };
        let sql = format!(
            "SELECT id, name, opened, number_of_members, image FROM {} WHERE id IN ({})",
            groups.noun.table,
            store::placeholders(ids.len())
        );
        let values: Vec<Param<'_>> = ids.into_iter().map(Param::from).collect();
        let (mut found, core, now) = (HashMap::new(), call.core, call.now);
        call.tx.query(&sql, &values, |row| {
            let mut shown = Map::with_capacity(6);
            shown.push("id", row.int(0)?.to_string());
            shown.push("name", row.text(1)?);
            shown.push("opened", row.opt_text(2)? == Some("Y"));
            shown.push("membersCount", row.opt_int(3)?.unwrap_or(0));
            let picture = row.opt_int(4)?.map(|image| files::link(core, image, now));
            shown.push("image", picture.unwrap_or_else(|| NONE.to_owned()));
            shown.push("additionalData", Value::List(Vec::new()));
            found.insert(row.int(0)?, shown.into());
            Ok(())
        })?;
        Ok(Groups(found))
    }

    /// The one of a task; `[]` for a task of none.
    pub fn of(&self, task: &Row) -> Value {
        let found = task.int("groupId").and_then(|group| self.0.get(&group));
        found.cloned().unwrap_or_else(|| Value::List(Vec::new()))
    }
}
