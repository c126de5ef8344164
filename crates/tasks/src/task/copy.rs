//! Tasks of another portal, and what belongs to them.

use engine::copy::{At, Paging, Put, Step, Target};
use serde_json::json;
use wire::{Map, Value};

use super::TASK;
use super::show::CAMEL;
use crate::{checklist, elapsed};

/// What is shown beside the fields of a task.
pub const BESIDE: &[&str] = &[
    "group",
    "creator",
    "responsible",
    "accomplicesData",
    "auditorsData",
    "subStatus",
    "lengthDeadline",
    "newCommentsCount",
    "checklist",
    "action",
];

/// The lists.
pub fn steps() -> Vec<Step> {
    const TASKS: &[Put] = &[Put::named("TASKID", "TASK_ID")];
    let select = json!(["*", "UF_*", "TAGS", "DEPENDS_ON", "SE_PARAMETER"]);
    let tasks = Step::new("tasks.task.list", Target::Noun(&TASK, &CAMEL)).with(json!({"select": select}));
    let of_tasks = |method, into| Step::new(method, into).of_each(TASK.table, TASKS).paged(Paging::Whole);
    vec![
        tasks.at(At::Under("tasks")).paged(Paging::Behind("ID", "id")),
        of_tasks("task.checklistitem.getlist", Target::Noun(&checklist::ITEM, &checklist::ITEM.faces[0])),
        of_tasks("task.elapseditem.getlist", Target::Noun(&elapsed::ELAPSED, &elapsed::ELAPSED.faces[0])),
    ]
}

/// Lists as they are kept: tags without their numbers, and no `false` for nothing.
pub fn plain(row: &mut Map) {
    for name in ["auditors", "accomplices", "ufCrmTask", "tags", "dependsOn"] {
        let Some(value) = row.get_mut(name) else { continue };
        let texts =
            value.items().map(|member| member.get("title").cloned().unwrap_or_else(|| member.clone()));
        *value = Value::List(texts.collect());
    }
}
