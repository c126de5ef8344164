//! Events of tasks.

use serde_json::{Value, json};
use testportal::Hook;

use super::{Recipe, of};

pub fn recipe(event: &str) -> Option<Recipe> {
    of(event, "ONTASKCOMMENT", task_comment).or_else(|| of(event, "ONTASK", task))
}

fn task_comment(portal: &Hook, what: &str) -> Value {
    let added = portal.get("tasks.task.add", json!({"fields": {"TITLE": "x", "RESPONSIBLE_ID": 1}}));
    let task = added["task"]["id"].clone();
    let id = portal.get("task.commentitem.add", json!([task, {"POST_MESSAGE": "x"}])).to_string();
    let comment = json!({"ID": id, "TASK_ID": task});
    let (before, after) = match what {
        "UPDATE" => {
            portal.get("task.commentitem.update", json!([task, id, {"POST_MESSAGE": "y"}]));
            (comment, json!({"ID": id, "TASK_ID": task, "ACTION": "EDIT"}))
        }
        "DELETE" => {
            portal.get("task.commentitem.delete", json!([task, id]));
            (comment, json!({"ID": id, "TASK_ID": task, "ACTION": "DEL"}))
        }
        _ => (json!("undefined"), json!({"ID": id, "TASK_ID": task, "MESSAGE_ID": id})),
    };
    json!({
        "FIELDS_BEFORE": before, "FIELDS_AFTER": after, "IS_ACCESSIBLE_BEFORE": "undefined",
        "IS_ACCESSIBLE_AFTER": "undefined",
    })
}

fn task(portal: &Hook, what: &str) -> Value {
    let added = portal.get("tasks.task.add", json!({"fields": {"TITLE": "x", "RESPONSIBLE_ID": 1}}));
    let id = added["task"]["id"].clone();
    let (row, nothing) = (json!({"ID": id}), json!("undefined"));
    let (before, after, could, can) = match what {
        "UPDATE" => {
            portal.get("tasks.task.start", json!({"taskId": id}));
            (row.clone(), row, nothing.clone(), nothing)
        }
        "DELETE" => {
            portal.get("tasks.task.delete", json!({"taskId": id}));
            (row, nothing.clone(), nothing, json!("N"))
        }
        _ => (nothing.clone(), row, json!("N"), nothing),
    };
    json!({"FIELDS_BEFORE": before, "FIELDS_AFTER": after, "IS_ACCESSIBLE_BEFORE": could, "IS_ACCESSIBLE_AFTER": can})
}
