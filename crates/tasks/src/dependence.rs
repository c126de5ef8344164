//! Links of two tasks in a plan: `task.dependence.*`.

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, required, write};
use serde_json::json;
use wire::{Fault, Value};

use crate::SCOPE;
use crate::task::{self, stand};

/// Links from one task that are followed to find a ring.
const MOST: usize = 10_000;

/// The methods.
pub fn methods() -> Vec<Method> {
    let ends = |method: Method| {
        method
            .own_words()
            .param(required("taskIdFrom", Kind::Id, "ID of the task that goes before"))
            .param(required("taskIdTo", Kind::Id, "ID of the task that depends on it"))
    };
    let kinds = "0 start and start, 1 start and finish, 2 finish and start, 3 finish and finish";
    vec![
        ends(write("task.dependence.add", SCOPE, add))
            .about("Links two tasks in a plan.")
            .param(required("linkType", Kind::Int, kinds))
            .example(json!({"taskIdFrom": 1, "taskIdTo": 3, "linkType": 2}), json!([])),
        ends(write("task.dependence.delete", SCOPE, delete))
            .about("Takes a link of two tasks away.")
            .example(json!({"taskIdFrom": 2, "taskIdTo": 3}), json!([])),
    ]
}

fn not_allowed() -> Fault {
    Fault::new(400, "ACTION_NOT_ALLOWED", "Action is not allowed")
}

fn illegal(text: &'static str) -> Fault {
    Fault::new(400, "ILLEGAL_NEW_LINK", text)
}

/// The two tasks, whose plans are the caller's to change.
fn ends(call: &mut Call<'_, '_>) -> Result<(i64, i64)> {
    let ends = (call.id("taskIdFrom"), call.id("taskIdTo"));
    for id in [ends.0, ends.1] {
        let task = task::seen(call, id)?.ok_or_else(not_allowed)?;
        if !stand(call, &task)?.may("edit.plan") {
            return Err(not_allowed().into());
        }
    }
    Ok(ends)
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let (from, to) = ends(call)?;
    let kind = call.param("linkType").and_then(Value::as_int).filter(|kind| (0..=3).contains(kind));
    let kind = kind.ok_or_else(|| illegal("The type of the link is wrong"))?;
    let sql = "SELECT start_date_plan, end_date_plan FROM tasks_task WHERE id IN (?, ?)";
    let mut planned = 0;
    call.tx.query(sql, &[from.into(), to.into()], |row| {
        planned += i32::from(row.opt_int(0)?.is_some() && row.opt_int(1)?.is_some());
        Ok(())
    })?;
    if from == to || planned < 2 {
        return Err(illegal("Both tasks must have planned dates").into());
    }
    if leads(call, to, from)? || leads_straight(call, from, to)? {
        return Err(illegal("A link between tasks already exists").into());
    }
    let sql = "INSERT INTO tasks_dependence (from_id, to_id, kind) VALUES (?, ?, ?)";
    call.tx.execute(sql, &[from.into(), to.into(), kind.into()])?;
    Ok(Vec::new().into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let (from, to) = ends(call)?;
    let sql = "DELETE FROM tasks_dependence WHERE from_id = ? AND to_id = ?";
    if call.tx.execute(sql, &[from.into(), to.into()])? == 0 {
        return Err(illegal("The dependency between tasks does not exist").into());
    }
    Ok(Vec::new().into())
}

fn leads_straight(call: &mut Call<'_, '_>, from: i64, to: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM tasks_dependence WHERE from_id = ? AND to_id = ?";
    Ok(call.tx.one(sql, &[from.into(), to.into()], |row| row.int(0))?.is_some())
}

/// Whether links lead from one task to another: one back would make a ring.
fn leads(call: &mut Call<'_, '_>, from: i64, to: i64) -> Result<bool> {
    let (mut known, mut next) = (vec![from], vec![from]);
    while let Some(at) = next.pop() {
        let mut found =
            call.tx.all("SELECT to_id FROM tasks_dependence WHERE from_id = ?", &[at.into()], |row| {
                row.int(0)
            })?;
        if found.contains(&to) || known.len() > MOST {
            return Ok(true);
        }
        found.retain(|id| !known.contains(id));
        known.extend(&found);
        next.extend(found);
    }
    Ok(false)
}

/// Takes all links of a task away that goes.
pub fn clear(call: &mut Call<'_, '_>, task: i64) -> Result<()> {
    let sql = "DELETE FROM tasks_dependence WHERE from_id = ? OR to_id = ?";
    call.tx.execute(sql, &[task.into(), task.into()])?;
    Ok(())
}
