//! Stages of another portal: of the boards of all workgroups, and of the plan of whom the webhook acts as.

use engine::copy::{Paging, Put, Step, Target};
use engine::noun::Face;
use serde_json::json;

use super::STAGE;

/// The lists.
pub fn steps() -> Vec<Step> {
    const GROUPS: &[Put] = &[Put::param("entityId")];
    let face: &Face = &STAGE.faces[0];
    let stages = || {
        Step::new("task.stages.get", Target::Noun(&STAGE, face)).paged(Paging::Whole).taking(&[
            ("ID", "ID"),
            ("TITLE", "TITLE"),
            ("SORT", "SORT"),
            ("COLOR", "COLOR"),
            ("SYSTEM_TYPE", "SYSTEM_TYPE"),
            ("ENTITY_ID", "ENTITY_ID"),
            ("ENTITY_TYPE", "ENTITY_TYPE"),
        ])
    };
    vec![
        stages().of("plan").with(json!({"entityId": 0})),
        stages().of("workgroups").with(json!({"isAdmin": "Y"})).of_each("sonet_group", GROUPS),
    ]
}
