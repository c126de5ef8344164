//! Processes of another portal: their custom fields and items, beyond what follows from nouns.

use engine::copy::{At, Paging, Step, Target};
use engine::entity::Naming;
use engine::meta::Meta;
use engine::userfield;
use serde_json::json;

use crate::kept::{self, Processes};

/// What items show beyond their fields.
const BESIDE: &[&str] = &["tasksCounter", "tasksFaces", "users", "tasks"];

/// The lists, of the processes that there are.
pub fn steps(meta: &Meta) -> Vec<Step> {
    let sql = "SELECT id, 'RPA_' || CAST(id AS TEXT) FROM rpa_type WHERE id > ? ORDER BY id LIMIT ?";
    let mut steps = userfield::copy::configured("rpa", sql.to_owned(), "< -1000000");
    for (process, _) in &meta.section::<Processes>().list {
        let Some(number) = kept::number(*process) else { continue };
        let items = Step::new("rpa.item.list", Target::Items(number, Naming::ItemOriginalUf)).of(process);
        let items = items.with(json!({"typeId": process})).at(At::Under("items"));
        steps.push(items.paged(Paging::Behind("id", "id")).knowing(BESIDE));
    }
    steps
}
