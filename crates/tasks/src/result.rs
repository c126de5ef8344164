//! Results of tasks: comments that say what came of them (`tasks.task.result.*`). Completing a task closes its results.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::copy::{Paging, Put, Step, Target};
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, read, required, write};
use engine::moment;
use engine::noun::{self, Access, Face, ID, Noun, Row, Stamp, field, noun};
use serde_json::json;
use store::{Param, Tx};
use wire::{Fault, Map, Value};

use crate::SCOPE;
use crate::bbcode::html;
use crate::comment;
use crate::copy::COMMENTED;
use crate::positional::not_allowed;
use crate::task::{self, TASK_ID};

/// Results.
pub static RESULT: Noun = Noun {
    access: Access::Through("taskId"),
    fields: &[
        ID,
        field("taskId", Kind::Noun("tasks.task"), "Task").required().immutable().indexed(),
        field("commentId", Kind::Integer, "Comment").indexed(),
        field("createdBy", Kind::User, "Creator").stamped(Stamp::CreatedBy),
        field("createdAt", Kind::DateTime, "Created").stamped(Stamp::Created),
        field("updatedAt", Kind::DateTime, "Modified").stamped(Stamp::Changed),
        // 0 open, 1 closed.
        field("status", Kind::Integer, "State").default("0"),
        field("text", Kind::Text, "Text"),
    ],
    faces: &[Face { verbs: &[], ..Face::legacy("tasks.result") }],
    ..noun("tasks.result", "tasks_result", SCOPE, ["result of a task", "results of tasks"])
};

/// The lists by which results are copied.
pub fn copying() -> Step {
    const TASKS: &[Put] = &[Put::param("taskId")];
    Step::new("tasks.task.result.list", Target::Noun(&RESULT, &RESULT.faces[0]))
        .each(COMMENTED, TASKS)
        .paged(Paging::Whole)
        .taking(&[
            ("id", "ID"),
            ("taskId", "TASK_ID"),
            ("commentId", "COMMENT_ID"),
            ("createdBy", "CREATED_BY"),
            ("createdAt", "CREATED_AT"),
            ("updatedAt", "UPDATED_AT"),
            ("status", "STATUS"),
            ("text", "TEXT"),
        ])
}

/// The methods.
pub fn methods() -> Vec<Method> {
    let named = || required("commentId", method::Kind::Id, "ID of the comment");
    vec![
        read("tasks.task.result.list", SCOPE, list)
            .own_words()
            .about("Lists the results of a task, the newest first.")
            .param(TASK_ID)
            .example(json!({"taskId": 1}), json!("*")),
        write("tasks.task.result.addFromComment", SCOPE, add)
            .own_words()
            .about("Makes a comment a result of its task, and returns it.")
            .param(named())
            .example(
                json!({"commentId": comment::EXAMPLE}),
                json!({"commentId": comment::EXAMPLE, "status": 0}),
            ),
        write("tasks.task.result.deleteFromComment", SCOPE, delete)
            .own_words()
            .about("Has a comment be no result of its task any more.")
            .param(named())
            .example(json!({"commentId": comment::EXAMPLE + 1}), json!(null)),
    ]
}

fn denied() -> Fault {
    Fault::numbered(400, 0, "Access denied.")
}

/// A comment that a request names, with its task.
fn named(call: &mut Call<'_, '_>) -> Result<(Row, Row)> {
    let given = call.param("commentId").cloned().unwrap_or_default();
    let Some(id) = given.text().and_then(|text| text.trim().parse::<i64>().ok()) else {
        let text = "Invalid value {value} to match with parameter {commentId}. Should be value of type int.";
        return Err(Fault::new(400, "100", text).into());
    };
    let found = comment::numbered(call, id)?;
    found.ok_or_else(|| Fault::numbered(400, 0, "Comment not found.").into())
}

fn of_comment(call: &mut Call<'_, '_>, comment: i64) -> Result<Option<Row>> {
    let scope = RESULT.grant(call, Act::Read)?;
    Ok(noun::rows(call, &RESULT, &scope, &[("commentId", comment.into())])?.pop())
}

fn is_own(call: &Call<'_, '_>, comment: &Row) -> bool {
    call.caller.is_admin || comment.int("authorId") == Some(call.caller.user_id)
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let (task, comment) = named(call)?;
    if !is_own(call, &comment) {
        return Err(denied().into());
    }
    if of_comment(call, comment.number)?.is_some() {
        return Err(Fault::numbered(400, 0, "Result already exists.").into());
    }
    let fields = [
        ("TASK_ID", task.number.into()),
        ("COMMENT_ID", comment.number.into()),
        ("TEXT", comment.text("text").into()),
    ];
    let result = noun::add(call, &RESULT, &RESULT.faces[0], &Map::from(fields))?;
    let mut shown = shown(call, &result);
    shown.insert("files", Value::Null);
    Ok(shown.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let (_, comment) = named(call)?;
    if !is_own(call, &comment) {
        return Err(not_allowed("Action is not allowed").into());
    }
    noun::clear(call, &RESULT, &[("commentId", comment.number.into())])?;
    Ok(Value::Null)
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = task::task_id(call)?;
    if task::seen(call, id)?.is_none() {
        return Err(denied().into());
    }
    let scope = RESULT.grant(call, Act::Read)?;
    let mut results = noun::rows(call, &RESULT, &scope, &[("taskId", id.into())])?;
    results.reverse();
    Ok(results.iter().map(|result| Value::from(shown(call, result))).collect::<Vec<_>>().into())
}

fn shown(call: &Call<'_, '_>, result: &Row) -> Map {
    let number = |name: &str| result.int(name).unwrap_or(0);
    let moment = |name: &str| moment::print(&call.caller.zone, number(name));
    let mut map = Map::with_capacity(10);
    map.push("id", result.number);
    map.push("taskId", number("taskId"));
    map.push("commentId", number("commentId"));
    map.push("createdBy", number("createdBy"));
    map.push("createdAt", moment("createdAt"));
    map.push("updatedAt", moment("updatedAt"));
    map.push("status", number("status"));
    map.push("text", result.text("text"));
    map.push("formattedText", html(result.text("text")));
    map.push("files", Value::List(Vec::new()));
    map
}

/// Closes the results of a task that is completed; they stay so when it is taken up again.
pub fn close(call: &mut Call<'_, '_>, task: i64) -> Result<()> {
    let sql = "UPDATE tasks_result SET status = 1, updated_at = ? WHERE task_id = ? AND status = 0";
    call.tx.execute(sql, &[call.now.seconds().into(), task.into()])?;
    Ok(())
}

/// Of these tasks, those that have results, with whether one of them is open.
pub fn counted(tx: &mut Tx<'_>, tasks: &[i64]) -> Result<HashMap<i64, bool>> {
    let mut counted = HashMap::new();
    if tasks.is_empty() {
        return Ok(counted);
    }
    let sql = format!(
        "SELECT task_id, MIN(status) FROM tasks_result WHERE task_id IN ({}) GROUP BY task_id",
        store::placeholders(tasks.len())
    );
    let params: Vec<Param<'_>> = tasks.iter().map(|task| (*task).into()).collect();
    tx.query(&sql, &params, |row| {
        counted.insert(row.int(0)?, row.int(1)? == 0);
        Ok(())
    })?;
    Ok(counted)
}
