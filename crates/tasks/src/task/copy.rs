//! Tasks of another portal with their custom fields, checklists and records of time.

use engine::copy::{At, Copying, Paging, Put, Step, Target};
use engine::error::Result;
use engine::userfield;
use serde_json::json;
use wire::{Map, Value};

use super::show::CAMEL;
use super::{SYSTEM, TASK, USER_FIELDS};
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
    let whole = format!(
        "SELECT id, id FROM crm_user_field WHERE entity_type_id = {} AND id > ? ORDER BY id LIMIT ?",
        USER_FIELDS.number
    );
    vec![
        Step::new("task.item.userfield.getlist", Target::With(fields)).paged(Paging::Whole).first(),
        Step::new("task.item.userfield.get", Target::With(userfield::copy::write))
            .each(whole, vec![Put::param("ID")])
            .at(At::Row)
            .paged(Paging::Whole)
            .first(),
        tasks.at(At::Under("tasks")).paged(Paging::Behind("ID", "id")),
        of_tasks("task.checklistitem.getlist", Target::Noun(&checklist::ITEM, &checklist::ITEM.faces[0])),
        of_tasks("task.elapseditem.getlist", Target::Noun(&elapsed::ELAPSED, &elapsed::ELAPSED.faces[0])),
    ]
}

/// The custom fields beyond those that every portal has.
fn fields(copying: &mut Copying<'_, '_>, mut rows: Vec<Map>) -> Result<()> {
    let system: Vec<String> = SYSTEM.iter().filter_map(|name| Some(TASK.field(name)?.upper_name())).collect();
    let is_own = |row: &Map| {
        let name = row.get("FIELD_NAME").and_then(Value::text).unwrap_or_default();
        system.iter().all(|system| *system != *name)
    };
    rows.retain(is_own);
    userfield::copy::write(copying, rows)
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
