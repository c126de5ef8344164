//! What tasks of a scrum stand in: its backlog and its sprints.

use std::borrow::Cow;

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, optional};
use engine::moment;
use engine::noun::{
    Access, Answer, CONTROLLER_FAULTS, Described, Draft, Face, Faults, Hooks, ID, Noun, Refusal, Row, Rows,
    Verb, field, noun,
};
use store::Param;
use wire::{Fault, Map};

use super::{DENIED, OfMembers, backlog, item, kanban, lock, refusal, scrum, sign, texts};
use crate::SCOPE;

/// The type of a sprint.
pub const SPRINT: &str = "sprint";
/// The type of a backlog.
pub const BACKLOG: &str = "backlog";

/// The states of a sprint.
pub const PLANNED: &str = "planned";
/// The one that is running; a scrum has one at most.
pub const ACTIVE: &str = "active";
/// The one that is over.
pub const COMPLETED: &str = "completed";

/// Sprints.
pub const SPRINTS: Face = Face {
    verbs: &[
        (Verb::Add, "add"),
        (Verb::List, "list"),
        (Verb::Update, "update"),
        (Verb::Delete, "delete"),
        (Verb::Fields, "getFields"),
    ],
    also_upper: true,
    added: Answer::Row,
    one: Answer::Row,
    many: Rows::Bare,
    changed: Answer::Row,
    deleted: Answer::Nothing,
    described: Described::TypesUnder("fields"),
    within: &[("entityType", SPRINT)],
    faults: Faults {
        missing: Refusal::Numbered(0, "Sprint not found"),
        unreadable: Refusal::Numbered(0, DENIED),
        unwritable: Refusal::Numbered(0, DENIED),
        required: |_| refusal("Sprint not created"),
        ..CONTROLLER_FAULTS
    },
    example: Some("2"),
    ..Face::controller("tasks.api.scrum.sprint", "sprint", "sprints")
};

/// One of them, which has a parameter of its own.
const ONE: Face = Face {
    verbs: &[(Verb::Get, "get")],
    id: engine::noun::Id::Param("sprintId"),
    params: &[
        (&[Verb::Get], optional("sprintId", method::Kind::Id, "ID of the sprint")),
        (&[Verb::Get], optional("id", method::Kind::Id, "The same")),
    ],
    ..SPRINTS
};

/// The backlogs, which have methods of their own.
pub const BACKLOGS: Face = Face {
    verbs: &[],
    within: &[("entityType", BACKLOG)],
    faults: Faults { missing: Refusal::Numbered(0, "Backlog not found"), ..SPRINTS.faults },
    ..SPRINTS
};

/// Backlogs and sprints.
pub static ENTITY: Noun = Noun {
    access: Access::Rule(&OfMembers),
    fields: &[
        ID,
        field("groupId", Kind::Integer, "Workgroup").required().indexed().sample("3"),
        field("entityType", Kind::String, "Type: backlog or sprint").read_only(),
        field("name", Kind::String, "Name").short().sample("Sprint 2"),
        field("goal", Kind::Text, "Goal"),
        field("sort", Kind::Integer, "Sort index").default("1").sample("2"),
        field("createdBy", Kind::Integer, "Created by"),
        field("modifiedBy", Kind::Integer, "Modified by"),
        field("dateStart", Kind::DateTime, "Start").sample("2026-06-01T09:00:00+00:00"),
        field("dateEnd", Kind::DateTime, "End").sample("2026-06-15T09:00:00+00:00"),
        field("status", Kind::String, "State: planned, active or completed").sample(PLANNED),
    ],
    faces: &[SPRINTS, ONE],
    hooks: &Hook,
    ..noun("tasks.sprint", "tasks_sprint", SCOPE, ["sprint", "sprints"])
};

struct Hook;

impl Hooks for Hook {
    fn admit(&self, call: &mut Call<'_, '_>, face: &Face, verb: Verb) -> Result<()> {
        if face.id == ONE.id && verb == Verb::Get && call.param("sprintId").is_none() {
            let Some(id) = call.param("id").cloned() else {
                return Err(Fault::missing_parameter("sprintId").into());
            };
            call.params.insert("sprintId", id);
        }
        Ok(())
    }

    /// Moments may be Unix seconds.
    fn read(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        given: &mut Cow<'_, Map>,
        _: Option<&Row>,
    ) -> Result<()> {
        for (name, text) in
            [("dateStart", "Incorrect dateStart format"), ("dateEnd", "Incorrect dateEnd format")]
        {
            let Some(value) = given.get(name).filter(|value| !value.is_empty()).cloned() else { continue };
            if let Some(seconds) = value.as_int() {
                given.to_mut().insert(name, moment::print(&call.caller.zone, seconds));
            } else if call.clock().read(&value).is_none() {
                return Err(refusal(text).into());
            }
        }
        Ok(())
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        let group = draft.int_after(old, "groupId").unwrap_or(0);
        let moves = old.is_some_and(|old| old.int("groupId") != Some(group));
        if (old.is_none() || moves) && group > 0 && scrum(call, group)?.is_none() {
            return Err(refusal("Group id not found").into());
        }
        if moves && item::count(call, old.map_or(0, |old| old.number))? > 0 {
            return Err(refusal(if face.within == BACKLOGS.within {
                "It is forbidden move a backlog with items"
            } else {
                "Incorrect groupId value"
            })
            .into());
        }
        sign(call, draft, old)?;
        if face.within == SPRINTS.within { sprint(call, draft, old, group) } else { Ok(()) }
    }

    /// What stood in it goes to the backlog.
    fn deleting(&self, call: &mut Call<'_, '_>, face: &Face, row: &Row) -> Result<()> {
        if face.within != SPRINTS.within {
            return Ok(());
        }
        let group = row.int("groupId").unwrap_or(0);
        lock(call, group)?;
        if row.text("entityType") == SPRINT && item::count(call, row.number)? > 0 {
            let backlog = backlog::open(call, group)?;
            item::move_all(call, row.number, backlog, false)?;
        }
        kanban::clear(call, row.number)
    }

    fn show(&self, _: &mut Call<'_, '_>, face: &Face, _: &[Row], shown: &mut [Map], _: bool) -> Result<()> {
        for map in shown {
            texts(map, &["goal", "name"]);
            if face.within == BACKLOGS.within {
                let kept = ["id", "groupId", "createdBy", "modifiedBy"];
                *map = std::mem::take(map)
                    .into_iter()
                    .filter(|(name, _)| kept.contains(&name.as_str()))
                    .collect();
            }
        }
        Ok(())
    }
}

/// A sprint has a name and one of the states, and only one of a scrum is active.
fn sprint(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>, group: i64) -> Result<()> {
    if matches!(draft.after(old, "name"), Param::Null) {
        return Err(refusal("Sprint not created").into());
    }
    if old.is_none() {
        draft.set_if_empty("status", PLANNED);
    }
    let Some(status) = draft.text("status").map(str::to_owned) else { return Ok(()) };
    if ![PLANNED, ACTIVE, COMPLETED].contains(&status.as_str()) {
        return Err(refusal("Incorrect sprint status").into());
    }
    if status == ACTIVE {
        lock(call, group)?;
        let own = old.map_or(0, |old| old.number);
        if active(call, group)?.is_some_and(|other| other != own) {
            return Err(refusal("Unable to add two active sprint").into());
        }
    }
    Ok(())
}

/// The active sprint of a scrum.
pub fn active(call: &mut Call<'_, '_>, group: i64) -> Result<Option<i64>> {
    let sql =
        "SELECT id FROM tasks_sprint WHERE group_id = ? AND entity_type = 'sprint' AND status = 'active'";
    Ok(call.tx.one(sql, &[group.into()], |row| row.int(0))?)
}

/// The numbers of the backlog and the sprints of a scrum.
pub fn numbers(call: &mut Call<'_, '_>, group: i64) -> Result<Vec<i64>> {
    Ok(call.tx.all("SELECT id FROM tasks_sprint WHERE group_id = ?", &[group.into()], |row| row.int(0))?)
}
