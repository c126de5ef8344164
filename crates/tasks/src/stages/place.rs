//! Where tasks stand on boards. On the board of a workgroup the stage is the task's own (`STAGE_ID`); on plans, and on boards
//! of other kinds, it is kept here, and so is the place among its neighbours on all of them. A task that was never
//! moved stands in the first stage, behind those that have a place.

use std::collections::HashMap;

use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Row};
use store::{Param, Tx};
use wire::Map;

use super::{GROUP, PERSON, board_of};
use crate::task::rights::{PARTS, is_member};
use crate::task::{JUDGED, TASK};

/// The space between two neighbours.
const STEP: f64 = 1024.0;

/// Tasks in front of which, or behind which, others are put.
const MOST: i64 = 2000;

/// Next to which task another one goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// In front of all.
    Front,
    /// In front of this one.
    Before(i64),
    /// Behind this one.
    After(i64),
}

/// Puts a task on a stage, in front of or behind another one. On the board of a workgroup that changes the task.
///
/// # Errors
/// Those of the store.
pub fn put(call: &mut Call<'_, '_>, stage: &Row, task: &Row, beside: Beside) -> Result<()> {
    let board = board_of(stage);
    let sort = sort(call, stage, task.number, beside)?;
    let sql = "INSERT INTO tasks_place (entity_type, entity_id, task_id, stage_id, sort) VALUES (?, ?, ?, ?, ?) \
               ON CONFLICT (task_id, entity_type, entity_id) DO UPDATE SET stage_id = excluded.stage_id, \
               sort = excluded.sort";
    let values: [Param<'_>; 5] =
        [board.kind.into(), board.owner.into(), task.number.into(), stage.number.into(), sort.into()];
    call.tx.execute(sql, &values)?;
    if board.kind == GROUP && task.int("stageId") != Some(stage.number) {
        let fields = Map::from([("STAGE_ID", stage.number.into())]);
        noun::amend(call, &TASK, &JUDGED, task.number, &fields)?;
    }
    Ok(())
}

/// Takes a task off all boards.
///
/// # Errors
/// Those of the store.
pub fn clear(call: &mut Call<'_, '_>, task: i64) -> Result<()> {
    call.tx.execute("DELETE FROM tasks_place WHERE task_id = ?", &[task.into()])?;
    Ok(())
}

/// The condition on tasks `t` that they stand on a stage, with its values. For the first stage of a board that takes those
/// that were never moved, too.
///
/// # Errors
/// Those of the store.
pub fn on(call: &mut Call<'_, '_>, stage: &Row) -> Result<(String, Vec<Param<'static>>)> {
    let board = board_of(stage);
    let is_first = board.made(call)?.first().is_some_and(|first| first.number == stage.number);
    Ok(match (board.kind, is_first) {
        (GROUP, true) => (
            "t.group_id = ? AND t.stage_id IN (0, ?)".to_owned(),
            vec![board.owner.into(), stage.number.into()],
        ),
        (GROUP, false) => ("t.stage_id = ?".to_owned(), vec![stage.number.into()]),
        (PERSON, true) => on_plan_first(board.owner, stage.number),
        _ => (placed().to_owned(), vec![stage.number.into()]),
    })
}

/// The condition that tasks have a place on the stage that is its value.
pub fn placed() -> &'static str {
    "t.id IN (SELECT p.task_id FROM tasks_place p WHERE p.stage_id = ?)"
}

/// The condition that tasks stand on the first stage of a person's plan: those that the person has a part in and has not
/// put on another one.
pub fn on_plan_first(user: i64, stage: i64) -> (String, Vec<Param<'static>>) {
    let (parts, mut values) = is_member(&[user], PARTS);
    let (others, more) = not_placed_elsewhere(user, stage);
    values.extend(more);
    (format!("({parts} AND {others})"), values)
}

/// The condition that a person has not put tasks on another stage of the plan.
pub fn not_placed_elsewhere(user: i64, stage: i64) -> (String, Vec<Param<'static>>) {
    let sql = "t.id NOT IN (SELECT p.task_id FROM tasks_place p \
               WHERE p.entity_type = 'U' AND p.entity_id = ? AND p.stage_id <> ?)";
    (sql.to_owned(), vec![user.into(), stage.into()])
}

/// The sort index that puts a task there.
fn sort(call: &mut Call<'_, '_>, stage: &Row, task: i64, beside: Beside) -> Result<f64> {
    let (neighbour, behind) = match beside {
        Beside::Front => (0, false),
        Beside::Before(neighbour) => (neighbour, false),
        Beside::After(neighbour) => (neighbour, true),
    };
    let front = "SELECT MIN(sort) FROM tasks_place WHERE stage_id = ? AND task_id <> ?";
    let first = call.tx.one(front, &[stage.number.into(), task.into()], |row| row.opt_real(0))?.flatten();
    let in_front = first.map_or(0.0, |first| first - STEP);
    if neighbour == 0 || neighbour == task {
        return Ok(in_front);
    }
    let Some(at) = index_of(call, stage, neighbour)? else { return Ok(in_front) };
    let (sign, way) = if behind { (">", "ASC") } else { ("<", "DESC") };
    let sql = format!(
        "SELECT sort FROM tasks_place WHERE stage_id = ? AND task_id <> ? AND sort {sign} ? ORDER BY sort {way} LIMIT 1"
    );
    let next = call.tx.one(&sql, &[stage.number.into(), task.into(), at.into()], |row| row.real(0))?;
    Ok(match next {
        Some(next) => f64::midpoint(at, next),
        None if behind => at + STEP,
        None => at - STEP,
    })
}

/// The sort index of a task on a stage. When it has none yet, all that stand there get one.
fn index_of(call: &mut Call<'_, '_>, stage: &Row, task: i64) -> Result<Option<f64>> {
    let sql = "SELECT sort FROM tasks_place WHERE stage_id = ? AND task_id = ?";
    let key: [Param<'_>; 2] = [stage.number.into(), task.into()];
    let found = call.tx.one(sql, &key, |row| row.real(0))?;
    if found.is_some() {
        return Ok(found);
    }
    let board = board_of(stage);
    let (condition, mut values) = on(call, stage)?;
    // As boards show what nobody has moved yet.
    let unmoved = if board.kind == PERSON { "t.deadline ASC NULLS LAST, " } else { "" };
    let sql = format!(
        "SELECT t.id FROM tasks_task t LEFT JOIN tasks_place s ON s.task_id = t.id AND s.entity_type = '{}' \
         AND s.entity_id = {} WHERE {condition} ORDER BY s.sort ASC NULLS LAST, {unmoved}t.id DESC LIMIT {MOST}",
        board.kind, board.owner
    );
    let tasks: Vec<i64> = call.tx.all(&sql, &std::mem::take(&mut values), |row| row.int(0))?;
    for (at, id) in tasks.iter().enumerate() {
        let sql = "INSERT INTO tasks_place (entity_type, entity_id, task_id, stage_id, sort) VALUES (?, ?, ?, ?, ?) \
                   ON CONFLICT (task_id, entity_type, entity_id) DO UPDATE SET stage_id = excluded.stage_id, \
                   sort = excluded.sort";
        let sort = STEP * at as f64;
        let values: [Param<'_>; 5] =
            [board.kind.into(), board.owner.into(), (*id).into(), stage.number.into(), sort.into()];
        call.tx.execute(sql, &values)?;
    }
    Ok(tasks.iter().position(|id| *id == task).map(|at| STEP * at as f64))
}

/// Whether tasks stand on a stage that somebody put there.
///
/// # Errors
/// Those of the store.
pub fn is_used(call: &mut Call<'_, '_>, stage: &Row) -> Result<bool> {
    let (condition, values) = match board_of(stage).kind {
        GROUP => ("t.stage_id = ?", vec![stage.number.into()]),
        _ => (placed(), vec![stage.number.into()]),
    };
    let sql = format!("SELECT 1 FROM tasks_task t WHERE {condition} LIMIT 1");
    Ok(call.tx.one(&sql, &values, |row| row.int(0))?.is_some())
}

/// The sort indexes of tasks on the boards of their workgroups.
///
/// # Errors
/// Those of the store.
pub fn sorting(tx: &mut Tx<'_>, tasks: &[i64]) -> Result<HashMap<i64, f64>> {
    let mut sorting = HashMap::new();
    if tasks.is_empty() {
        return Ok(sorting);
    }
    let sql = format!(
        "SELECT p.task_id, p.sort FROM tasks_place p JOIN tasks_task t ON t.id = p.task_id AND t.group_id = p.entity_id \
         WHERE p.entity_type = 'G' AND p.task_id IN ({})",
        store::placeholders(tasks.len())
    );
    let params: Vec<Param<'_>> = tasks.iter().map(|task| (*task).into()).collect();
    tx.query(&sql, &params, |row| {
        sorting.insert(row.int(0)?, row.real(1)?);
        Ok(())
    })?;
    Ok(sorting)
}
