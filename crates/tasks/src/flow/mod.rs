//! Flows: `tasks.flow.Flow.*`. Whoever gives a task names a flow in place of a responsible person; the flow names one of its
//! team, the workgroup and the deadline, see [`enter`].
//!
//! Who is in the team of a flow, who may give it tasks and who pinned it are access codes in [`code`], by which access is one
//! condition on rows.

mod code;
mod enter;
mod follow;
mod held;
mod methods;
mod rules;
mod show;

use engine::entity::Kind;
use engine::noun::{Access, Face, Faults, ID, Noun, Refusal, Stamp, field, noun};
use wire::Fault;

pub use code::CODE;
pub use enter::enter;
pub use follow::{JOB, deleted, follow, group_deleted, names};
pub use held::is_in_team;
pub use methods::methods;

use crate::SCOPE;

/// What flows are written with.
pub const FACE: Face = Face {
    verbs: &[],
    faults: Faults {
        missing: Refusal::Numbered(0, "Flow not found"),
        unreadable: Refusal::Numbered(0, DENIED),
        unwritable: Refusal::Numbered(0, DENIED),
        taken: Refusal::Numbered(0, "A flow with this name already exists"),
        required: |names| invalid(names.first().map_or("name", String::as_str)),
        invalid,
    },
    ..Face::controller("tasks.flow.Flow", "flow", "flows")
};

const DENIED: &str = "Access denied or flow not found";

/// The refusal of a value.
pub fn invalid(name: &str) -> Fault {
    Fault::numbered(400, 0, format!("'{name}': field's value has an invalid value"))
}

/// Flows.
pub static FLOW: Noun = Noun {
    access: Access::Rule(&rules::OfTeam),
    fields: &[
        ID,
        field("creatorId", Kind::User, "Creator").stamped(Stamp::CreatedBy),
        field("ownerId", Kind::User, "Administrator of the flow").indexed(),
        field("groupId", Kind::Integer, "Workgroup").indexed(),
        field("templateId", Kind::Integer, "Template of its tasks").default("0"),
        field("active", Kind::Bool, "Active").default("1").read_only(),
        field("plannedCompletionTime", Kind::Integer, "Time for a task, in seconds")
            .required()
            .sample("7200"),
        field("activity", Kind::DateTime, "Last activity").read_only(),
        field("name", Kind::String, "Name").trimmed().required().unique().sample("Invoices"),
        field("description", Kind::Text, "Description"),
        field("distributionType", Kind::String, "How tasks are given: manually, queue or himself")
            .required()
            .sample("queue"),
        field("responsibleList", Kind::Json, "Who gets its tasks").sample("[[\"user\",\"1\"]]"),
        field("taskCreators", Kind::Json, "Who gives tasks to it"),
        field("matchWorkTime", Kind::Bool, "Skip days off").default("1"),
        field("responsibleCanChangeDeadline", Kind::Bool, "The responsible person may change the deadline")
            .default("0"),
        field("taskControl", Kind::Bool, "The creator accepts the work").default("0"),
        field("notifyAtHalfTime", Kind::Bool, "Notify at half of the time").default("0"),
        field("notifyOnQueueOverflow", Kind::Integer, "Notify of more waiting tasks than this"),
        field("notifyOnTasksInProgressOverflow", Kind::Integer, "Notify of more tasks in progress than this"),
        field("notifyWhenEfficiencyDecreases", Kind::Integer, "Notify of an efficiency below this"),
        // Who got the last task, where they go in turn.
        field("lastId", Kind::Integer, "Who got the last task").read_only(),
    ],
    faces: &[FACE],
    hooks: &rules::Rules,
    ..noun("tasks.flow", "tasks_flow", SCOPE, ["flow", "flows"])
};
