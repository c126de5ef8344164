//! Backlogs of another portal, stages of its sprints, and what tasks have there. The sprints themselves and epics have lists.

use engine::copy::{At, Copying, Paging, Put, Step, Target};
use engine::error::Result;
use engine::noun::Face;
use wire::Map;

use super::entity::{BACKLOGS, ENTITY};
use super::item::ITEM;
use super::kanban::KIND;
use crate::stages::STAGE;

/// The lists.
pub fn steps() -> Vec<Step> {
    const ID: &[Put] = &[Put::param("id")];
    const SPRINT: &[Put] = &[Put::named("sprintId", "@entityId")];
    const TASK: &[Put] = &[Put::named("id", "taskId")];
    const GROUPS: &str =
        "SELECT id, id FROM sonet_group WHERE scrum_master_id > 0 AND id > ? ORDER BY id LIMIT ?";
    const SPRINTS: &str =
        "SELECT id, id FROM tasks_sprint WHERE entity_type = 'sprint' AND id > ? ORDER BY id LIMIT ?";
    const TASKS: &str = "SELECT t.id, t.id FROM tasks_task t JOIN sonet_group g ON g.id = t.group_id \
                         WHERE g.scrum_master_id > 0 AND t.id > ? ORDER BY t.id LIMIT ?";
    let stages: &Face = &STAGE.faces[0];
    vec![
        Step::new("tasks.api.scrum.backlog.get", Target::Noun(&ENTITY, &BACKLOGS))
            .each(GROUPS, ID)
            .at(At::Row)
            .paged(Paging::Whole),
        Step::new("tasks.api.scrum.kanban.getStages", Target::Noun(&STAGE, stages))
            .giving("@entityType", KIND)
            .each(SPRINTS, SPRINT)
            .paged(Paging::Whole)
            .taking(&[
                ("id", "ID"),
                ("name", "TITLE"),
                ("sort", "SORT"),
                ("color", "COLOR"),
                ("type", "SYSTEM_TYPE"),
            ]),
        Step::new("tasks.api.scrum.task.get", Target::With(items))
            .each(TASKS, TASK)
            .at(At::Row)
            .paged(Paging::Whole),
    ]
}

/// Tasks in a scrum, in the place of what was there of the same tasks.
fn items(copying: &mut Copying<'_, '_>, mut rows: Vec<Map>) -> Result<()> {
    for row in &mut rows {
        let task = row.remove("taskId").unwrap_or_default();
        let sql = format!("DELETE FROM {} WHERE task_id = ?", ITEM.table);
        copying.tx.execute(&sql, &[task.as_int().unwrap_or(0).into()])?;
        row.insert("@taskId", task);
    }
    copying.noun(&ITEM, &ITEM.faces[0], rows, &[])
}
