//! Tasks and what belongs to them.

mod people;
mod task;

use serde_json::{Value as Json, json};
use store::Migration;

use engine::method::Method;
use engine::modules::Module;
use engine::noun::Noun;

/// The scope of all of it.
const SCOPE: &str = "task";

/// The module of this crate.
pub static MODULE: Module = Module {
    nouns,
    methods,
    migrations: &[Migration {
        version: 1,
        name: "indexes",
        sql: include_str!("../migrations/0001_indexes.sql"),
    }],
    russian: include_str!("ru.toml"),
    ..Module::new("tasks")
};

fn nouns() -> Vec<&'static Noun> {
    vec![&task::TASK]
}

fn methods() -> Vec<Method> {
    task::methods()
}

/// Demo data: methods with their parameters. Task 1 with task 2 below it, and tasks 3 to 6 in other states.
pub fn demo() -> Vec<(&'static str, Json)> {
    let task = |title: &str, responsible: i64, more: Json| {
        let mut fields = json!({"TITLE": title, "RESPONSIBLE_ID": responsible});
        if let (Some(fields), Json::Object(more)) = (fields.as_object_mut(), more) {
            fields.extend(more);
        }
        ("tasks.task.add", json!({"fields": fields}))
    };
    vec![
        task(
            "Furnish the new office",
            1,
            json!({"TAGS": ["office"], "DEADLINE": "+2 weeks", "AUDITORS": [3]}),
        ),
        task(
            "Order desks",
            2,
            json!({"PARENT_ID": 1, "DEADLINE": "+3 days", "UF_CRM_TASK": ["D_1"], "TAGS": ["office"]}),
        ),
        task(
            "Write the offer for chairs",
            2,
            json!({"STATUS": 3, "PRIORITY": 2, "TASK_CONTROL": "Y", "DEADLINE": "-1 day"}),
        ),
        task("Proofread the offer", 1, json!({"STATUS": 4, "ACCOMPLICES": [2], "ALLOW_TIME_TRACKING": "Y"})),
        task("Call the supplier", 1, json!({"STATUS": 5, "UF_CRM_TASK": ["CO_1"]})),
        task("Paint the walls", 3, json!({"STATUS": 6, "ALLOW_CHANGE_DEADLINE": "Y"})),
    ]
}
