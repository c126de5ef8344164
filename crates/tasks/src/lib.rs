//! Tasks and what belongs to them.

mod bbcode;
mod chat;
mod checklist;
mod comment;
pub mod copy;
mod counters;
mod dependence;
mod elapsed;
mod files;
mod flow;
mod group;
mod history;
mod item;
mod notice;
mod people;
mod php;
mod positional;
mod result;
mod scrum;
mod stages;
mod task;
mod template;
mod v3;

use serde_json::{Value as Json, json};
use store::Migration;

use engine::method::Method;
use engine::modules::Module;
use engine::noun::{Noun, Seed, Watch};
use engine::scopes::{Scope, offered};

/// The scope of all of it.
const SCOPE: &str = "task";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: SCOPES,
    nouns,
    methods,
    events: comment::events,
    jobs: &[template::JOB, flow::JOB],
    migrations: &[
        Migration { version: 1, name: "indexes", sql: include_str!("../migrations/0001_indexes.sql") },
        Migration { version: 2, name: "dependence", sql: include_str!("../migrations/0002_dependence.sql") },
        Migration { version: 3, name: "place", sql: include_str!("../migrations/0003_place.sql") },
        Migration { version: 4, name: "parts", sql: include_str!("../migrations/0004_parts.sql") },
    ],
    watches: &[
        Watch { deleted: flow::group_deleted, ..Watch::new("groups.group") },
        Watch { deleted: group::deleted, ..Watch::new("groups.group") },
        Watch { deleted: scrum::deleted, ..Watch::new("groups.group") },
    ],
    indexes: &INDEXES,
    seeds: &[NAMES],
    russian: include_str!("ru.toml"),
    ..Module::new("tasks")
};

/// The scopes that webhooks may be granted for it.
const SCOPES: &[Scope] = &[
    offered("task", "Tasks", "Tasks, checklists, comments and time tracking."),
    offered("tasks", "Tasks, old name", "For old integrations. Use task instead.").also_with(&["task"]),
    offered("tasks_extended", "Tasks, old extension", "For old integrations. Use task instead."),
    offered("tasksmobile", "Tasks on phones, old name", "For old integrations. Use task instead."),
];

/// Indexes over several columns.
static INDEXES: [&str; 3] = [
    stages::INDEX,
    // What somebody has to do, by state and in the order of deadlines, and a column of a board: found without a look at the
    // tasks that are not shown.
    "INDEX IF NOT EXISTS tasks_task_to_do ON tasks_task (responsible_id, status, deadline)",
    "INDEX IF NOT EXISTS tasks_task_on_board ON tasks_task (group_id, stage_id)",
];

/// Texts that the portal itself writes; there is nothing to be seeded.
const NAMES: Seed =
    Seed { name: "tasks.names", names: || [stages::names(), flow::names()].concat(), seed: |_, _, _| Ok(()) };

fn nouns() -> Vec<&'static Noun> {
    let own: [&Noun; 10] = [
        &task::TASK,
        &checklist::ITEM,
        &elapsed::ELAPSED,
        &history::HISTORY,
        &result::RESULT,
        &stages::STAGE,
        &flow::FLOW,
        &flow::CODE,
        &template::TEMPLATE,
        &template::ITEM,
    ];
    own.into_iter().chain(scrum::NOUNS).collect()
}

fn methods() -> Vec<Method> {
    let own = [
        task::methods(),
        counters::methods(),
        history::methods(),
        result::methods(),
        scrum::methods(),
        checklist::FAMILY.methods(),
        comment::FAMILY.methods(),
        comment::methods(),
        elapsed::FAMILY.methods(),
        dependence::methods(),
        files::methods(),
        flow::methods(),
        item::methods(),
        stages::methods(),
        template::methods(),
        v3::methods(),
    ];
    own.into_iter().flatten().collect()
}

/// Demo data: methods with their parameters. Task 1 with task 2 below it, and tasks 3 to 6 in other states; checklist 1 of
/// task 1 with the items 2 and 3; two comments on task 1, of which the second is a result; record 1 of the time
/// spent on task 4; tasks 2 and 3 are linked; user field `UF_ROOM`; stages 1 to 4 of workgroup 1, and 5 and 6 of user 1's plan, on
/// which tasks 2 and 3 stand; template 1 with checklist 1 and its items 2 and 3; flow 1 of
/// workgroup 1; what [`scrum::demo`] adds.
pub fn demo() -> Vec<(&'static str, Json)> {
    let task = |title: &str, responsible: i64, more: Json| {
        let mut fields = json!({"TITLE": title, "RESPONSIBLE_ID": responsible});
        if let (Some(fields), Json::Object(more)) = (fields.as_object_mut(), more) {
            fields.extend(more);
        }
        ("tasks.task.add", json!({"fields": fields}))
    };
    let item = |title: &str, parent: i64| {
        ("task.checklistitem.add", json!({"TASKID": 1, "FIELDS": {"TITLE": title, "PARENT_ID": parent}}))
    };
    let template_item = |title: &str, parent: i64| {
        let fields = json!({"TITLE": title, "PARENT_ID": parent});
        ("tasks.template.checklist.add", json!({"templateId": 1, "fields": fields}))
    };
    let comment =
        |text: &str| ("task.commentitem.add", json!({"TASKID": 1, "FIELDS": {"POST_MESSAGE": text}}));
    let plan = json!({"START_DATE_PLAN": "tomorrow", "END_DATE_PLAN": "+5 days"});
    let planned = |mut more: Json| {
        if let (Some(more), Some(plan)) = (more.as_object_mut(), plan.as_object()) {
            more.extend(plan.clone());
        }
        more
    };
    let own = vec![
        task(
            "Furnish the new office",
            1,
            planned(json!({"TAGS": ["office"], "DEADLINE": "+2 weeks", "AUDITORS": [3]})),
        ),
        task(
            "Order desks",
            2,
            planned(
                json!({"PARENT_ID": 1, "DEADLINE": "+3 days", "UF_CRM_TASK": ["D_1"], "TAGS": ["office"]}),
            ),
        ),
        task(
            "Write the offer for chairs",
            2,
            planned(json!({"STATUS": 3, "PRIORITY": 2, "TASK_CONTROL": "Y", "DEADLINE": "-1 day"})),
        ),
        task("Proofread the offer", 1, json!({"STATUS": 4, "ACCOMPLICES": [2], "ALLOW_TIME_TRACKING": "Y"})),
        task("Call the supplier", 1, json!({"STATUS": 5, "UF_CRM_TASK": ["CO_1"]})),
        task("Paint the walls", 3, json!({"STATUS": 6, "ALLOW_CHANGE_DEADLINE": "Y"})),
        item("Before we move in", 0),
        item("Measure the room", 1),
        item("Choose colours", 1),
        comment("Who has the keys?"),
        comment("The lease is signed"),
        ("tasks.task.result.addFromComment", json!({"commentId": comment::EXAMPLE + 1})),
        (
            "task.elapseditem.add",
            json!({"TASKID": 4, "ARFIELDS": {"SECONDS": 1800, "COMMENT_TEXT": "First pages"}}),
        ),
        ("task.dependence.add", json!({"taskIdFrom": 2, "taskIdTo": 3, "linkType": 2})),
        (
            "task.item.userfield.add",
            json!({"PARAMS": {"FIELD_NAME": "ROOM", "USER_TYPE_ID": "string", "LABEL": "Room"}}),
        ),
        (
            "task.stages.add",
            json!({"fields": {"TITLE": "Waiting for others", "COLOR": "FFA900", "AFTER_ID": 2, "ENTITY_ID": 1}}),
        ),
        (
            "tasks.template.add",
            json!({"fields": {
                "TITLE": "Weekly report", "RESPONSIBLE_ID": 1, "REPLICATE": "Y", "DEADLINE_AFTER": 28800, "TAGS": ["office"],
                "REPLICATE_PARAMS": {"PERIOD": "weekly", "EVERY_WEEK": 1, "WEEK_DAYS": [5], "TIME": "09:00"},
            }}),
        ),
        template_item("What to do", 0),
        template_item("Collect the figures", 1),
        template_item("Write it down", 1),
        ("task.stages.get", json!({"entityId": 0})),
        ("task.stages.movetask", json!({"id": 3, "stageId": 6})),
        (
            "tasks.flow.Flow.create",
            json!({"flowData": {
                "name": "Questions", "description": "What customers ask", "groupId": 1, "plannedCompletionTime": 86400,
                "distributionType": "queue", "responsibleList": [["user", "2"], ["user", "3"]], "notifyAtHalfTime": 1,
            }}),
        ),
    ];
    own.into_iter().chain(scrum::demo()).collect()
}
