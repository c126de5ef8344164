//! `task.stages.add`, `get`, `update` and `delete`.

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, Param, optional, read, required, write};
use engine::noun::Row;
use serde_json::json;
use wire::{Fault, Value};

use super::{Board, Change, GROUP, board_of, movetask, numbered, place, show};
use crate::SCOPE;

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = || required("id", Kind::Id, "ID of the stage");
    vec![
        write("task.stages.add", SCOPE, add)
            .own_words()
            .about("Adds a stage to the board of a workgroup or to the user's plan and returns its ID.")
            .param(required("fields", Kind::Fields, "Values by field").with_members(fields(true)))
            .param(unchecked())
            .example(json!({"fields": {"TITLE": "Waiting", "COLOR": "#FFAAEE", "ENTITY_ID": 1}}), json!("*")),
        read("task.stages.get", SCOPE, get)
            .own_words()
            .about("Returns the stages of a workgroup's board or of the user's plan by ID.")
            .param(required("entityId", Kind::Int, "ID of the workgroup; 0 for the user's plan"))
            .param(unchecked())
            .example(json!({"entityId": 0}), json!("*")),
        write("task.stages.update", SCOPE, update)
            .own_words()
            .about("Changes a stage, or moves it behind another one.")
            .param(id())
            .param(required("fields", Kind::Fields, "Values by field").with_members(fields(false)))
            .param(unchecked())
            .example(json!({"id": 2, "fields": {"TITLE": "Under way"}}), json!(true)),
        write("task.stages.delete", SCOPE, delete)
            .own_words()
            .about("Deletes a stage on which no tasks stand.")
            .param(id())
            .param(unchecked())
            .example(json!({"id": 4}), json!(true)),
        write("task.stages.movetask", SCOPE, movetask::move_task)
            .own_words()
            .about("Moves a task to a stage.")
            .param(required("id", Kind::Id, "ID of the task"))
            .param(required("stageId", Kind::Id, "ID of the stage"))
            .param(optional("before", Kind::Id, "ID of the task in front of which it goes"))
            .param(optional("after", Kind::Id, "ID of the task behind which it goes"))
            .example(json!({"id": 1, "stageId": 6}), json!(true)),
        read("task.stages.canmovetask", SCOPE, movetask::can_move)
            .own_words()
            .about("Returns whether the user may move tasks on a board.")
            .param(required("entityId", Kind::Id, "ID of the workgroup or user"))
            .param(required("entityType", Kind::Text, "G for a workgroup, U for a user's plan"))
            .example(json!({"entityId": 1, "entityType": "U"}), json!(true)),
    ]
}

fn unchecked() -> Param {
    optional("isAdmin", Kind::Flag, "Whether an administrator does it without belonging to the workgroup")
}

fn fields(adding: bool) -> Vec<Param> {
    let title = if adding { required } else { optional };
    let mut fields = vec![
        title("TITLE", Kind::Text, "Title"),
        optional("COLOR", Kind::Text, "Color, as RRGGBB"),
        optional("AFTER_ID", Kind::Id, "Stage behind which it goes; in front when left out"),
    ];
    if adding {
        fields.push(optional("ENTITY_ID", Kind::Int, "Workgroup; the user's plan when left out"));
    }
    fields
}

/// The refusal of a stage that is not there.
pub fn not_found() -> Fault {
    Fault::new(400, "NOT_FOUND", "Stage not found")
}

fn denied(text: &'static str) -> Fault {
    Fault::new(400, "ACCESS_DENIED", text)
}

/// The board that a request names, when it is the caller's to see and to change.
fn board(call: &mut Call<'_, '_>, owner: i64, refusal: &'static str) -> Result<Board> {
    let board = match owner {
        0 => Board::of_person(call.caller.user_id),
        group => Board::of_group(group),
    };
    match may(call, board)? {
        true => Ok(board),
        false => Err(denied(refusal).into()),
    }
}

/// Whether the caller sees and changes a board. Administrators need not belong to a workgroup when they say so.
fn may(call: &mut Call<'_, '_>, board: Board) -> Result<bool> {
    if board.opens(call)? {
        return Ok(true);
    }
    let trusted = board.kind == GROUP && call.caller.is_admin && call.flag("isAdmin");
    Ok(trusted && crate::group::exists(call, board.owner)?)
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let fields = call.fields("fields");
    let owner = fields.get_any_case("ENTITY_ID").and_then(Value::as_int).unwrap_or(0);
    let board = board(call, owner, "You cannot manage stages in this group")?;
    let change = Change::read(&fields);
    if change.title.is_none() {
        return Err(Fault::new(400, "EMPTY_TITLE", "Stage title is not specified").into());
    }
    Ok(super::add(call, board, &change)?.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let board = board(call, call.id("entityId"), "You cannot view stages in this group.")?;
    Ok(show(&board.stages(call)?))
}

/// The stage that a request names, when it is the caller's to change.
fn named(call: &mut Call<'_, '_>, refusal: &'static str) -> Result<Row> {
    let stage = numbered(call, call.id("id"))?.ok_or_else(not_found)?;
    match may(call, board_of(&stage))? {
        true => Ok(stage),
        false => Err(denied(refusal).into()),
    }
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let stage = named(call, "You cannot modify stages in this group")?;
    super::update(call, &stage, &Change::read(&call.fields("fields")))?;
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let stage = named(call, "You cannot manage stages")?;
    let first = board_of(&stage).made(call)?.first().map(|first| first.number);
    let refused = |code: &'static str, text: &'static str| Err(Fault::new(400, code, text).into());
    if first == Some(stage.number) {
        return refused("CANT_DELETE_FIRST", "Cannot delete the first stage. Move the stage to delete it");
    }
    if !stage.text("systemType").is_empty() {
        return refused("IS_SYSTEM", "The default stage cannot be deleted");
    }
    if place::is_used(call, &stage)? {
        return refused("NOT_EMPTY", "There are tasks on the stage. Move them to delete it");
    }
    super::delete(call, &stage)?;
    Ok(true.into())
}
