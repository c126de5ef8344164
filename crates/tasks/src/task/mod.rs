//! Tasks: `tasks.task.*`.

pub mod action;
mod check;
mod convert;
pub mod copy;
mod describe;
pub mod family;
mod filter;
pub mod index;
mod methods;
pub mod moves;
pub mod notes;
mod order;
mod reach;
pub mod rights;
mod rules;
pub mod show;
pub mod status;

use engine::entity::{Kind, UserFields};
use engine::method::Method;
use engine::noun::{
    Access, Counted, EventData, Events, Face, Faults, Field, ID, LEGACY_FAULTS, Noun, Refusal, Stamp, field,
    noun,
};

pub use convert::code;
pub use methods::{asked, with_chat};
pub use reach::{TASK_ID, audience, seen, stand, task_id, touch};

use crate::SCOPE;

/// Tasks.
pub static TASK: Noun = Noun {
    access: Access::Rule(&rights::Participants),
    fields: FIELDS,
    faces: &[UPPER],
    events: Some(Events::new("ONTASK").with(EventData::Sides)),
    user_fields: Some(&USER_FIELDS),
    counted: Some(Counted { number: -1_000_000_000, by: None }),
    hooks: &rules::Rules,
    ..noun("tasks.task", "tasks_task", SCOPE, ["task", "tasks"])
};

/// The user fields of tasks.
pub const USER_FIELDS: UserFields = UserFields::new(-20, "TASKS_TASK", "UF_");

/// What requests say, under upper-case names.
pub const UPPER: Face = Face { verbs: &[], faults: FAULTS, ..Face::legacy("tasks.task") };

/// What may not be done has a number, and so has what the caller does not see.
const FAULTS: Faults = Faults {
    missing: Refusal::Numbered(0, reach::NOT_ALLOWED),
    unreadable: Refusal::Numbered(0, reach::NOT_ALLOWED),
    unwritable: Refusal::Numbered(0, reach::NOT_ALLOWED),
    ..LEGACY_FAULTS
};

/// The same for changes that were judged already, by the action that they belong to.
pub const JUDGED: Face = Face { path: "tasks.task.judged", ..UPPER };

const fn flag(name: &'static str, title: &'static str) -> Field {
    field(name, Kind::Char, title).default("N")
}

/// What is worked out for the one who asks.
const fn own(name: &'static str, kind: Kind, title: &'static str) -> Field {
    field(name, kind, title).computed()
}

/// What lists of the tasks of somebody or of a workgroup test and sort by.
const FOUND_BY: [&str; 5] = ["status", "deadline", "activityDate", "groupId", "stageId"];

/// In the order in which answers have them.
const FIELDS: &[Field] = &[
    ID,
    field("parentId", Kind::Integer, "Parent task").indexed(),
    field("title", Kind::String, "Title").indexed().sample("Order desks"),
    field("description", Kind::Text, "Description").sample("Six of them, oak"),
    field("mark", Kind::Choice(&["N", "P"]), "Rating"),
    field("priority", Kind::Integer, "Priority").default("1").sample("2"),
    flag("multitask", "Task for several people"),
    own("notViewed", Kind::Char, "Not viewed yet"),
    flag("replicate", "Recurring task"),
    field("stageId", Kind::Integer, "Stage").default("0").indexed(),
    field("sprintId", Kind::Integer, "Sprint"),
    field("backlogId", Kind::Integer, "Backlog"),
    field("createdBy", Kind::User, "Creator").covering(&FOUND_BY),
    field("createdDate", Kind::DateTime, "Created").stamped(Stamp::Created).indexed(),
    field("responsibleId", Kind::User, "Responsible person").covering(&FOUND_BY).sample("1"),
    field("changedBy", Kind::User, "Modified by").stamped(Stamp::ChangedBy),
    field("changedDate", Kind::DateTime, "Modified").stamped(Stamp::Changed).indexed(),
    field("statusChangedBy", Kind::User, "Status changed by").read_only(),
    field("closedBy", Kind::User, "Closed by").read_only(),
    field("closedDate", Kind::DateTime, "Closed").read_only().indexed(),
    field("activityDate", Kind::DateTime, "Last activity").read_only().indexed(),
    field("dateStart", Kind::DateTime, "Started"),
    field("deadline", Kind::DateTime, "Deadline").indexed().sample("2026-12-31T18:00:00+00:00"),
    field("startDatePlan", Kind::DateTime, "Planned start"),
    field("endDatePlan", Kind::DateTime, "Planned end"),
    field("guid", Kind::String, "GUID"),
    field("xmlId", Kind::String, "External code").indexed(),
    field("commentsCount", Kind::Integer, "Number of comments").read_only(),
    field("serviceCommentsCount", Kind::Integer, "Number of service comments").read_only(),
    flag("allowChangeDeadline", "The responsible person may change the deadline"),
    flag("allowTimeTracking", "Track time"),
    flag("taskControl", "The creator accepts the work"),
    flag("addInReport", "Add to the report"),
    field("forkedByTemplateId", Kind::Integer, "Created from template").immutable(),
    field("timeEstimate", Kind::Integer, "Estimated time, in seconds").default("0"),
    field("timeSpentInLogs", Kind::Integer, "Time spent, in seconds").read_only(),
    flag("matchWorkTime", "Skip days off"),
    field("forumTopicId", Kind::Integer, "Forum topic").read_only(),
    field("forumId", Kind::Integer, "Forum").read_only(),
    field("siteId", Kind::String, "Site").default("s1"),
    own("subordinate", Kind::Char, "Task of a subordinate"),
    field("exchangeModified", Kind::DateTime, "Modified in Exchange"),
    field("exchangeId", Kind::String, "ID in Exchange"),
    field("outlookVersion", Kind::Integer, "Outlook version").read_only(),
    own("viewedDate", Kind::DateTime, "Last viewed"),
    own("sorting", Kind::Double, "Sort index"),
    field("durationFact", Kind::Integer, "Actual duration, in minutes").read_only(),
    own("isMuted", Kind::Char, "Muted"),
    own("isPinned", Kind::Char, "Pinned"),
    own("isPinnedInGroup", Kind::Char, "Pinned in the workgroup"),
    field("flowId", Kind::Integer, "Flow").indexed(),
    field("chatId", Kind::Integer, "Chat").read_only().indexed(),
    flag("descriptionInBbcode", "The description is BBCode").default("Y"),
    field("status", Kind::Integer, "Status").default("2").indexed(),
    field("statusChangedDate", Kind::DateTime, "Status changed").read_only(),
    field("durationPlan", Kind::Integer, "Planned duration"),
    field("durationType", Kind::Choice(DURATIONS), "Unit of durations").default("days"),
    own("favorite", Kind::Char, "Favorite"),
    field("groupId", Kind::Integer, "Workgroup").default("0").covering(&FOUND_BY),
    field("auditors", Kind::User, "Observers").multiple(),
    field("accomplices", Kind::User, "Participants").multiple(),
    field("tags", Kind::String, "Tags").multiple(),
    field("dependsOn", Kind::Integer, "Previous tasks").multiple(),
    field("seParameter", Kind::Json, "Parameters: deadline and completion by subtasks, result required"),
    field("ufCrmTask", Kind::String, "CRM items").multiple(),
    field("ufTaskWebdavFiles", Kind::Integer, "Files").multiple().read_only(),
    field("ufMailMessage", Kind::Integer, "E-mail message"),
];

/// The units of durations, with their seconds.
pub const UNITS: [(&str, i64); 8] = [
    ("secs", 1),
    ("mins", 60),
    ("hours", 3600),
    ("days", 86_400),
    ("weeks", 604_800),
    ("monts", 2_592_000),
    ("months", 2_592_000),
    ("years", 31_536_000),
];

const DURATIONS: &[&str] = &["secs", "mins", "hours", "days", "weeks", "monts", "months", "years"];

/// The fields that are the portal's own though their names begin as those of user fields do.
pub const SYSTEM: [&str; 3] = ["ufCrmTask", "ufTaskWebdavFiles", "ufMailMessage"];

/// The methods.
pub fn methods() -> Vec<Method> {
    [methods::methods(), moves::methods(), notes::methods()].into_iter().flatten().collect()
}
