//! Who sees a task, and what somebody is to one.

use std::sync::Arc;

use engine::access::Act;
use engine::call::Call;
use engine::entity::{Ways, Within};
use engine::error::Result;
use engine::event::{MayKnow, Recipient};
use engine::noun::{Grant, Row, Rule};
use store::Param;

use crate::{flow, group};

/// An administrator of the portal.
pub const ADMINISTRATOR: u16 = 1;
/// Who gave the task.
pub const CREATOR: u16 = 1 << 1;
/// Who is to do it.
pub const RESPONSIBLE: u16 = 1 << 2;
/// Who helps.
pub const ACCOMPLICE: u16 = 1 << 3;
/// Who watches.
pub const AUDITOR: u16 = 1 << 4;
/// A head of the creator.
pub const HEAD_OF_CREATOR: u16 = 1 << 5;
/// A head of the responsible or of an accomplice.
pub const HEAD_OF_RESPONSIBLE: u16 = 1 << 6;
/// An owner or moderator of its workgroup.
pub const MODERATOR: u16 = 1 << 7;
/// A member of its workgroup.
pub const MEMBER: u16 = 1 << 8;

/// One of the team of its flow, who may take it.
pub const TEAM: u16 = 1 << 9;

/// What somebody is to a task, several things at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(u16);

impl Roles {
    /// Whether one of these is among them.
    pub fn has(self, any_of: u16) -> bool {
        self.0 & any_of != 0
    }
}

/// A person whose roles are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// The user.
    pub id: i64,
    /// Whether the user is an administrator.
    pub is_admin: bool,
}

impl Person {
    /// The caller.
    pub fn caller(call: &Call<'_, '_>) -> Self {
        Person { id: call.caller.user_id, is_admin: call.caller.is_admin }
    }
}

/// The numbers that a list field holds.
pub fn ids(row: &Row, name: &str) -> Vec<i64> {
    serde_json::from_value(row.json(name)).unwrap_or_default()
}

/// What a person is to a task.
pub fn roles(call: &mut Call<'_, '_>, person: Person, task: &Row) -> Result<Roles> {
    let (creator, responsible) = (task.int("createdBy").unwrap_or(0), task.int("responsibleId").unwrap_or(0));
    let accomplices = ids(task, "accomplices");
    let above = |user: &i64| call.meta.directory.is_above(person.id, *user);
    let mut roles = 0;
    for (role, holds) in [
        (ADMINISTRATOR, person.is_admin),
        (CREATOR, creator == person.id),
        (RESPONSIBLE, responsible == person.id),
        (ACCOMPLICE, accomplices.contains(&person.id)),
        (AUDITOR, ids(task, "auditors").contains(&person.id)),
        (HEAD_OF_CREATOR, above(&creator)),
        (HEAD_OF_RESPONSIBLE, above(&responsible) || accomplices.iter().any(above)),
    ] {
        roles |= if holds { role } else { 0 };
    }
    let group = task.int("groupId").unwrap_or(0);
    roles |= match group::role(call, group, person.id)? {
        Some('A' | 'E') => MODERATOR | MEMBER,
        Some('K') => MEMBER,
        _ => 0,
    };
    if flow::is_in_team(call, task, person.id)? {
        roles |= TEAM;
    }
    Ok(Roles(roles))
}

/// Those who have a part in a task, their heads, members of its workgroup and administrators see it. What they may do
/// beyond that depends on its state, too: see [`action`](super::action).
#[derive(Debug)]
pub struct Participants;

impl Rule for Participants {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        // Everybody may give tasks.
        if call.caller.is_admin || act == Act::Add {
            return Ok(Grant::All);
        }
        Ok(Grant::Any(seen_by(call, call.caller.user_id)))
    }

    fn audience(&self, call: &mut Call<'_, '_>, row: &Row) -> Result<MayKnow> {
        let mut people = vec![row.int("createdBy").unwrap_or(0), row.int("responsibleId").unwrap_or(0)];
        people.extend(ids(row, "accomplices"));
        people.extend(ids(row, "auditors"));
        let members = group::members(call, row.int("groupId").unwrap_or(0))?;
        let meta = Arc::clone(&call.meta);
        Ok(Arc::new(move |who: Recipient<'_>| {
            who.is_admin
                || people.contains(&who.user_id)
                || members.contains(&who.user_id)
                || people.iter().any(|person| meta.directory.is_above(who.user_id, *person))
        }))
    }
}

/// Why a user who is no administrator sees the tasks `t`.
fn seen_by(call: &Call<'_, '_>, user: i64) -> Ways {
    let mut people = call.meta.directory.people_of(user);
    people.push(user);
    let mut ways = taking_part(&people, PARTS);
    if let Some(members) = call.core.modules.noun("groups.member") {
        let of_groups = format!(
            "t.group_id IN (SELECT g.group_id FROM {} g WHERE g.user_id = ? AND g.role IN ('A', 'E', 'K'))",
            members.noun.table
        );
        ways.0.push((of_groups, vec![user.into()]));
    }
    ways
}

/// The parts that somebody may have in a task: `R` is responsible, `O` gave it, `A` helps, `U` watches.
pub const PARTS: &[&str] = &["R", "O", "A", "U"];

/// People of whom the task says itself that they are responsible or gave it. Many are not named several times.
const PEOPLE: usize = 100;

/// The ways in which one of these people has one of these parts in the tasks `t`.
pub fn taking_part(people: &[i64], parts: &[&'static str]) -> Ways {
    if people.is_empty() {
        return Ways(Vec::new());
    }
    let column = |part: &&str| match *part {
        "R" if people.len() <= PEOPLE => Some("responsible_id"),
        "O" if people.len() <= PEOPLE => Some("created_by"),
        _ => None,
    };
    let of_column = |column: &str| {
        let places = store::placeholders(people.len());
        (format!("t.{column} IN ({places})"), people.iter().map(|user| Param::from(*user)).collect())
    };
    let others: Vec<&str> = parts.iter().copied().filter(|part| column(part).is_none()).collect();
    let others = (!others.is_empty()).then(|| is_member(people, &others));
    Ways(parts.iter().filter_map(column).map(of_column).chain(others).collect())
}

/// The same as one condition.
pub fn is_member(people: &[i64], parts: &[&'static str]) -> Within {
    if people.is_empty() {
        return ("1 = 0".to_owned(), Vec::new());
    }
    let (users, roles) = (store::placeholders(people.len()), store::placeholders(parts.len()));
    let sql = format!(
        "t.id IN (SELECT m.task_id FROM tasks_member m WHERE m.user_id IN ({users}) AND m.role IN ({roles}))"
    );
    let values = people.iter().map(|user| Param::from(*user));
    (sql, values.chain(parts.iter().map(|part| Param::from(*part))).collect())
}
