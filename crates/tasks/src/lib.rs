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

/// Demo data: calls in their order. Task 1 with task 2 below it, and tasks 3 to 6 in other states; checklist 1 of
/// task 1 with the items 2 and 3; two comments on task 1, of which the second is a result; record 1 of the time
/// spent on task 4; tasks 2 and 3 are linked; user field `UF_ROOM`; stages 1 to 4 of workgroup 1, and 5 and 6 of user 1's plan, on
/// which tasks 2 and 3 stand; template 1 with checklist 1 and its items 2 and 3; flow 1 of
/// workgroup 1. In scrum 3 backlog 1, epic 1, the active sprint 2 with task 7 and stages 7 to 9, and the planned sprint 3; in scrum 4
/// the planned sprint 4 and no backlog.
pub const DEMO: &str = include_str!("demo.json");
