//! What tasks look like.

use engine::dto::{Dto, Property, Type, property};

/// A person who has a part in a task.
pub static USER: Dto = Dto {
    name: "UserDto",
    properties: &[
        property("id", Type::Int),
        property("name", Type::String),
        property("role", Type::String),
        property("image", Type::Object),
        property("gender", Type::String),
        property("email", Type::String),
        property("externalAuthId", Type::String),
        property("rights", Type::Array),
    ],
};

/// The workgroup of a task.
static GROUP: Dto = Dto {
    name: "GroupDto",
    properties: &[
        property("id", Type::Int),
        property("name", Type::String),
        property("image", Type::Object),
        property("type", Type::String),
        property("isVisible", Type::Bool),
    ],
};

/// The column of a board on which a task stands.
static STAGE: Dto = Dto {
    name: "StageDto",
    properties: &[
        property("id", Type::Int),
        property("title", Type::String),
        property("color", Type::String),
    ],
};

/// The chat of a task.
static CHAT: Dto = Dto {
    name: "ChatDto",
    properties: &[
        property("id", Type::Int),
        property("entityId", Type::Int),
        property("entityType", Type::String),
    ],
};

/// The task above a task.
static PARENT: Dto = Dto {
    name: "ParentTaskDto",
    properties: &[
        property("id", Type::Int),
        property("title", Type::String),
        property("creatorId", Type::Int),
        property("responsibleId", Type::Int),
        property("deadline", Type::Moment),
        property("status", Type::String),
    ],
};

const fn person(name: &'static str) -> Property {
    property(name, Type::Object).relation(&USER)
}

const fn flag(name: &'static str, about: &'static str) -> Property {
    property(name, Type::Bool).editable(about)
}

/// A task. What requests give has the names of its own here; the fields of the noun stand in [`write`](super::write).
pub static TASK: Dto = Dto {
    name: "TaskDto",
    properties: &[
        property("id", Type::Int).filterable().sortable(),
        property("title", Type::String).required("Title"),
        property("description", Type::String).editable("Description"),
        property("creatorId", Type::Int).required("Creator").on_demand(),
        person("creator"),
        property("created", Type::Moment).on_demand(),
        property("responsibleId", Type::Int).required("Responsible person").on_demand(),
        person("responsible"),
        property("deadline", Type::Moment).editable("Deadline"),
        flag("needsControl", "The creator accepts the work"),
        property("startPlan", Type::Moment).editable("Planned start"),
        property("endPlan", Type::Moment).editable("Planned end"),
        property("fileIds", Type::Array).list_of("int").editable("Files of the disk to be attached"),
        property("checklist", Type::Array).list_of("int"),
        property("groupId", Type::Int).editable("Workgroup").on_demand(),
        property("group", Type::Object).relation(&GROUP),
        property("stageId", Type::Int).editable("Stage").on_demand(),
        property("stage", Type::Object).relation(&STAGE),
        property("epicId", Type::Int),
        property("storyPoints", Type::Int),
        property("flowId", Type::Int).on_demand(),
        property("priority", Type::String).editable("Priority"),
        property("status", Type::String).editable("Status"),
        property("statusChanged", Type::Moment),
        property("accomplices", Type::Array).list_of("int").editable("Participants").relation(&USER),
        property("auditors", Type::Array).list_of("int").editable("Observers").relation(&USER),
        property("parentId", Type::Int).editable("Parent task"),
        property("parent", Type::Object).relation(&PARENT),
        property("containsChecklist", Type::Bool),
        property("containsSubTasks", Type::Bool),
        property("containsRelatedTasks", Type::Bool),
        property("containsGanttLinks", Type::Bool),
        property("containsPlacements", Type::Bool),
        property("containsResults", Type::Bool),
        property("numberOfReminders", Type::Int),
        property("chatId", Type::Int),
        property("chat", Type::Object).relation(&CHAT),
        property("plannedDuration", Type::Int).editable("Planned duration"),
        property("actualDuration", Type::Int),
        property("durationType", Type::String).editable("Unit of durations"),
        property("started", Type::Moment),
        property("estimatedTime", Type::Int).editable("Estimated time, in seconds"),
        property("replicate", Type::Bool),
        property("changed", Type::Moment),
        property("changedById", Type::Int).on_demand(),
        person("changedBy"),
        property("statusChangedById", Type::Int).on_demand(),
        person("statusChangedBy"),
        property("closedById", Type::Int).on_demand(),
        person("closedBy"),
        property("closed", Type::Moment),
        property("activity", Type::Moment),
        property("guid", Type::String),
        property("xmlId", Type::String).editable("External code"),
        property("exchangeId", Type::String),
        property("exchangeModified", Type::String),
        property("outlookVersion", Type::Int),
        property("mark", Type::String).editable("Rating"),
        flag("allowsChangeDeadline", "The responsible person may change the deadline"),
        flag("allowsTimeTracking", "Track time"),
        flag("matchesWorkTime", "Skip days off"),
        flag("addInReport", "Add to the report"),
        flag("isMultitask", "Task for several people"),
        property("siteId", Type::String),
        property("deadlineCount", Type::Int),
        property("declineReason", Type::String),
        property("forumTopicId", Type::Int),
        property("forkedByTemplateId", Type::Int).on_demand(),
        property("link", Type::String),
        property("rights", Type::Object),
        property("archiveLink", Type::String),
        property("crmItemIds", Type::Array).list_of("string").editable("CRM items"),
        flag("requireResult", "May not be completed without a result"),
        flag("matchesSubTasksTime", "The deadline follows the tasks below"),
        flag("autocompleteSubTasks", "Completes itself with the tasks below"),
        property("allowsChangeDatePlan", Type::Bool),
        property("maxDeadlineChangeDate", Type::Moment),
        property("maxDeadlineChanges", Type::Int),
        property("requireDeadlineChangeReason", Type::Bool),
        property("inFavorite", Type::Array).list_of("int"),
        property("inPin", Type::Array).list_of("int"),
        property("inGroupPin", Type::Array).list_of("int"),
        property("inMute", Type::Array).list_of("int"),
        property("tags", Type::Array).list_of("string").editable("Tags").on_demand(),
        property("source", Type::Object).on_demand(),
        property("dependsOn", Type::Array).list_of("int").editable("Previous tasks"),
        property("scenarios", Type::Array).list_of("string"),
    ],
};
