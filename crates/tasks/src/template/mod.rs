//! Templates of tasks: `tasks.template.*`. Those that repeat make tasks by the timetable.

mod checklist;
mod make;
mod methods;
mod rhythm;
mod rules;
mod show;

use engine::entity::Kind;
use engine::method::Method;
use engine::noun::{Access, Face, Field, ID, Noun, field, noun};

pub use checklist::ITEM;
pub use make::JOB;

use crate::SCOPE;

/// What templates are written with.
const FACE: Face = Face { verbs: &[], ..Face::legacy("tasks.template") };

/// Templates of tasks.
pub static TEMPLATE: Noun = Noun {
    access: Access::Rule(&rules::OfCreator),
    fields: FIELDS,
    faces: &[FACE],
    hooks: &rules::Rules,
    ..noun("tasks.template", "tasks_template", SCOPE, ["template of tasks", "templates of tasks"])
};

const fn flag(name: &'static str, title: &'static str) -> Field {
    field(name, Kind::Char, title).default("N")
}

/// In the order in which answers have them.
const FIELDS: &[Field] = &[
    ID,
    field("title", Kind::String, "Title").trimmed().sample("Weekly report"),
    field("description", Kind::Text, "Description"),
    flag("descriptionInBbcode", "The description is BBCode").default("Y"),
    field("priority", Kind::Integer, "Priority").default("1"),
    field("status", Kind::Integer, "Status").default("1"),
    field("stageId", Kind::Integer, "Stage").default("0"),
    field("responsibleId", Kind::User, "Responsible person").sample("1"),
    field("deadlineAfter", Kind::Integer, "Time to the deadline, in seconds"),
    field("startDatePlanAfter", Kind::Integer, "Time to the planned start, in seconds"),
    field("endDatePlanAfter", Kind::Integer, "Time to the planned end, in seconds"),
    flag("replicate", "Recurring task"),
    field("createdBy", Kind::User, "Creator").indexed(),
    field("xmlId", Kind::String, "External code"),
    flag("allowChangeDeadline", "The responsible person may change the deadline").default("Y"),
    flag("allowTimeTracking", "Track time"),
    flag("taskControl", "The creator accepts the work"),
    flag("addInReport", "Add to the report"),
    field("groupId", Kind::Integer, "Workgroup").default("0"),
    field("parentId", Kind::Integer, "Parent task").default("0"),
    flag("multitask", "Task for several people"),
    field("siteId", Kind::String, "Site").default("s1"),
    field("accomplices", Kind::User, "Participants").multiple(),
    field("auditors", Kind::User, "Observers").multiple(),
    field("responsibles", Kind::User, "Responsible persons").multiple(),
    field("tags", Kind::String, "Tags").multiple(),
    field("dependsOn", Kind::Integer, "Previous tasks").multiple(),
    flag("matchWorkTime", "Skip days off"),
    field("taskId", Kind::Integer, "Task that it was made of"),
    field("tparamType", Kind::Integer, "For new users").default("0"),
    field("tparamReplicationCount", Kind::Integer, "Tasks made of it").default("0"),
    field("replicateParams", Kind::Json, "How it repeats"),
    field("baseTemplateId", Kind::Integer, "Template above it").default("0"),
    field("ufCrmTask", Kind::String, "CRM items").multiple(),
    field("ufTaskWebdavFiles", Kind::Integer, "Files").multiple().read_only(),
];

/// The methods.
pub fn methods() -> Vec<Method> {
    [methods::methods(), checklist::methods()].into_iter().flatten().collect()
}
