//! Who sees and changes which flows, and what is written of them.

use std::borrow::Cow;

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::noun::{self, Draft, Face, Grant, Hooks, Row, Rule, Saved, has_member};
use store::Param;
use wire::{Map, Value};

use super::code::{self, CODE};
use super::held::{CREATOR, HIMSELF, MANUALLY, QUEUE, TEAM, has};
use super::invalid;
use crate::group::{self, BELONGS};

/// Seconds that a flow plans for a task at most.
const LONGEST: i64 = 10 * 365 * 86_400;

/// Characters of a name.
const LONGEST_NAME: usize = 255;

/// A flow is seen by its team, those who give it tasks and the members of its workgroup, and changed by its creator, its
/// administrator and the portal's administrators.
#[derive(Debug)]
pub struct OfTeam;

impl Rule for OfTeam {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        if call.caller.is_admin || act == Act::Add {
            return Ok(Grant::All);
        }
        let me = call.caller.user_id;
        let mut condition = "(t.creator_id = ? OR t.owner_id = ?".to_owned();
        let mut params: Vec<Param<'static>> = vec![me.into(), me.into()];
        if act == Act::Read {
            let (has, codes) = has(call, me, "t.id", "'T', 'C'");
            condition += &format!(" OR {has}");
            params.extend(codes);
            if let Some(member) = has_member(call, "groups.member", "groupId", "t.group_id", BELONGS) {
                condition += &format!(" OR {member}");
                params.push(me.into());
            }
        }
        Ok(Grant::Where(condition + ")", params))
    }
}

pub struct Rules;

impl Hooks for Rules {
    /// Flags may be numbers, and lists of people are read as the pairs that they are.
    fn read(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        given: &mut Cow<'_, Map>,
        old: Option<&Row>,
    ) -> Result<()> {
        let given = given.to_mut();
        for name in ["responsibleList", "taskCreators"] {
            if let Some(value) = given.get(name).filter(|value| !value.is_empty()).cloned() {
                given.insert(name, Value::from(code::read(call, name, &value)?));
            } else {
                given.remove(name);
            }
        }
        if old.is_none() && given.get("taskCreators").is_none() {
            given.insert("taskCreators", Value::from(code::everybody()));
        }
        for name in ["matchWorkTime", "responsibleCanChangeDeadline", "taskControl", "notifyAtHalfTime"] {
            if let Some(value) = given.get(name).cloned() {
                let flag = value.as_flag().ok_or_else(|| invalid(name))?;
                given.insert(name, flag);
            }
        }
        Ok(())
    }

    fn fill(&self, call: &mut Call<'_, '_>, draft: &mut Draft<'_>) -> Result<()> {
        draft.set_if_empty("ownerId", call.caller.user_id);
        draft.set("activity", call.now.seconds());
        Ok(())
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if draft.text("name").is_some_and(|name| name.chars().count() > LONGEST_NAME) {
            return Err(invalid("name").into());
        }
        numbers(draft)?;
        people(call, draft, old)?;
        template_of(call, draft)?;
        workgroup(call, draft, old)
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        let flow = saved.row;
        let changed = |name: &str| saved.old.is_none_or(|old| old.get(name) != flow.get(name));
        if changed("responsibleList") {
            code::write(call, flow.number, TEAM, code::codes(flow, "responsibleList"))?;
        }
        if changed("taskCreators") {
            code::write(call, flow.number, CREATOR, code::codes(flow, "taskCreators"))?;
        }
        if ["responsibleList", "groupId", "ownerId"].into_iter().any(changed) {
            join(call, flow)
        } else {
            Ok(())
        }
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        noun::clear(call, &CODE, &[("flowId", row.number.into())])?;
        let sql = "UPDATE tasks_task SET flow_id = NULL WHERE flow_id = ?";
        call.tx.execute(sql, &[row.number.into()])?;
        Ok(())
    }
}

/// Numbers lie within their bounds.
fn numbers(draft: &Draft<'_>) -> Result<()> {
    let fits = |name: &str, least: i64, most: i64| match draft.get(name) {
        Some(Param::Int(number)) if !(least..=most).contains(number) => Err(invalid(name)),
        _ => Ok(()),
    };
    fits("plannedCompletionTime", 1, LONGEST)?;
    fits("notifyOnQueueOverflow", 0, 1_000_000)?;
    fits("notifyOnTasksInProgressOverflow", 0, 1_000_000)?;
    fits("notifyWhenEfficiencyDecreases", 0, 100)?;
    if draft.is_given("plannedCompletionTime") && draft.int("plannedCompletionTime").is_none() {
        return Err(invalid("plannedCompletionTime").into());
    }
    Ok(())
}

/// The administrator is there, and the responsible fit the way in which tasks are given.
fn people(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>) -> Result<()> {
    match draft.int("ownerId") {
        Some(owner) if !directory::is_active(call.tx, owner)? => return Err(invalid("ownerId").into()),
        None if draft.is_given("ownerId") => draft.leave("ownerId"),
        _ => {}
    }
    let kind = draft.text_after(old, "distributionType").to_owned();
    if ![MANUALLY, QUEUE, HIMSELF].contains(&kind.as_str()) {
        return Err(invalid("distributionType").into());
    }
    let Param::Text(list) = draft.after(old, "responsibleList") else {
        return Err(invalid("responsibleList").into());
    };
    let pairs: serde_json::Value = serde_json::from_str(list).unwrap_or_default();
    let is_one_person = pairs[0][0] == "user" && pairs[1].is_null();
    match kind == MANUALLY && !is_one_person {
        true => Err(invalid("responsibleList").into()),
        false => Ok(()),
    }
}

/// The template is one of the caller's.
fn template_of(call: &mut Call<'_, '_>, draft: &mut Draft<'_>) -> Result<()> {
    let templates = call.core.modules.noun_named("tasks.template");
    let scope = templates.grant(call, Act::Read)?;
    match draft.int("templateId") {
        Some(id) if id != 0 && noun::one(call, templates, &scope, id)?.is_none() => {
            Err(invalid("templateId").into())
        }
        None if draft.is_given("templateId") => {
            draft.set("templateId", 0);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The workgroup is one that the caller belongs to. One is made for a new flow that names none.
fn workgroup(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>) -> Result<()> {
    if let Some(id) = draft.int("groupId").filter(|id| *id > 0) {
        if old.and_then(|old| old.int("groupId")) == Some(id) {
            return Ok(());
        }
        return match group::takes(call, id)? {
            true => Ok(()),
            false => Err(invalid("groupId").into()),
        };
    }
    draft.leave("groupId");
    let Some(groups) = call.core.modules.noun("groups.group").filter(|_| old.is_none()) else {
        return Ok(());
    };
    let Some(name) = draft.text("name").filter(|name| !name.is_empty()).map(str::to_owned) else {
        return Ok(());
    };
    let made = noun::put(call, groups.noun, &Map::from([("NAME", name.into())]))?;
    draft.set("groupId", made.number);
    Ok(())
}

/// Has the team of a flow and its administrator belong to its workgroup.
fn join(call: &mut Call<'_, '_>, flow: &Row) -> Result<()> {
    let (Some(members), Some(group)) =
        (call.core.modules.noun("groups.member"), flow.int("groupId").filter(|group| *group > 0))
    else {
        return Ok(());
    };
    let owner = flow.int("ownerId").map(|owner| (owner, "E"));
    let team = code::people(call, flow, "responsibleList")?;
    let mut known = group::known(call, group)?;
    for (user, role) in owner.into_iter().chain(team.into_iter().map(|user| (user, "K"))) {
        if known.insert(user) {
            let given =
                Map::from([("GROUP_ID", group.into()), ("USER_ID", user.into()), ("ROLE", role.into())]);
            noun::put(call, members.noun, &given)?;
        }
    }
    Ok(())
}
