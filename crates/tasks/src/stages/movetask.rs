//! `task.stages.movetask` and `task.stages.canmovetask`.

use engine::call::Call;
use engine::error::Result;
use wire::{Fault, Value};

use super::place::{self, Beside};
use super::{Board, GROUP, PERSON, board_of, numbered};
use crate::task;

/// Whether the caller moves tasks on a board.
fn may_move(call: &mut Call<'_, '_>, board: Board) -> Result<bool> {
    Ok(board.opens(call)? || (board.kind == GROUP && call.caller.is_admin))
}

/// Says whether the caller moves tasks on a board.
pub fn can_move(call: &mut Call<'_, '_>) -> Result<Value> {
    let kind = match call.text("entityType").unwrap_or_default().as_str() {
        PERSON => PERSON,
        GROUP => GROUP,
        _ => return Ok(false.into()),
    };
    let board = Board { kind, owner: call.id("entityId") };
    Ok((board.owner > 0 && may_move(call, board)?).into())
}

/// Moves a task to a stage.
pub fn move_task(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, stage) = (call.id("id"), call.id("stageId"));
    let (before, after) = (call.id("before"), call.id("after"));
    let stage = numbered(call, stage)?.ok_or_else(super::methods::not_found)?;
    let task = task::seen(call, id)?;
    let task =
        task.ok_or_else(|| Fault::new(400, "TASK_NOT_FOUND", "Task not found or access to it is denied"))?;
    let board = board_of(&stage);
    let belongs = board.kind != GROUP || task.int("groupId") == Some(board.owner);
    if !belongs || !may_move(call, board)? {
        return Err(Fault::new(400, "ACCESS_DENIED_MOVE", "You cannot move this task").into());
    }
    let beside = match (before, after) {
        (before, _) if before > 0 => Beside::Before(before),
        (_, after) if after > 0 => Beside::After(after),
        _ => Beside::Front,
    };
    place::put(call, &stage, &task, beside)?;
    Ok(true.into())
}
