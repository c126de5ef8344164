//! The old spelling of tasks: `task.item.*`, `task.items.getlist`, `task.logitem.list`, `task.planner.getlist`. Names are
//! upper-case, and parameters count by their place.

mod list;
mod userfield;

use engine::call::Call;
use engine::error::{Error, Result};
use engine::method::Method;
use engine::noun::{self, Row};
use serde_json::{Value as Json, json};
use wire::{Fault, Map, Value};

use crate::bbcode::{html, plain};
use crate::positional::{self, Arg, Family, Step, Takes, arg, exception, not_allowed};
use crate::task::{self, TASK, UPPER, moves, notes, stand};

const DATA: Arg = arg("TASKDATA", "arTaskData", Takes::Array, "Values by field");
const PARAMS: Arg = arg("PARAMS", "arParams", Takes::Array, "AFFECT_CHILDREN: with the tasks below it");
const FAVORITE: Arg = arg("TASK_ID", "taskId", Takes::Int, "ID of the task");

/// A method that names a task alone.
const fn of_task(
    name: &'static str,
    about: &'static str,
    run: fn(&mut Call<'_, '_>) -> Result<Value>,
    example: fn() -> (Json, Json),
) -> Step {
    Step { name, about, writes: false, args: &[positional::TASK], mandatory: 1, run, example }
}

const fn step(
    name: &'static str,
    about: &'static str,
    run: fn(&mut Call<'_, '_>) -> Result<Value>,
    example: fn() -> (Json, Json),
) -> Step {
    Step { writes: true, ..of_task(name, about, run, example) }
}

fn first() -> (Json, Json) {
    (json!({"TASKID": 1}), json!(null))
}

/// The family.
static FAMILY: Family = Family {
    path: "task.item",
    class: "ctaskitem",
    manifest: &[
        ("Manifest version", "1.1"),
        ("Warning", "don't rely on format of this manifest, it can be changed without any notification"),
    ],
    writable: &[],
    unlisted: &[],
    readable: &[],
    sortable: &[],
    filterable: &[],
    dates: &[
        "CREATED_DATE",
        "CHANGED_DATE",
        "CLOSED_DATE",
        "DATE_START",
        "DEADLINE",
        "START_DATE_PLAN",
        "END_DATE_PLAN",
    ],
    steps: &[
        Step {
            name: "add",
            about: "Adds a task and returns its ID. Superseded by tasks.task.add.",
            writes: true,
            args: &[DATA],
            mandatory: 1,
            run: add,
            example: || (json!({"TASKDATA": {"TITLE": "Order lamps", "RESPONSIBLE_ID": 1}}), json!("*")),
        },
        Step {
            name: "update",
            about: "Updates the given fields of a task. Superseded by tasks.task.update.",
            writes: true,
            args: &[positional::TASK, DATA],
            mandatory: 2,
            run: update,
            example: || (json!({"TASKID": 1, "TASKDATA": {"TIME_ESTIMATE": 3600}}), json!(null)),
        },
        step("delete", "Deletes a task. Superseded by tasks.task.delete.", delete, first),
        of_task("getdata", "Returns the fields of a task. Superseded by tasks.task.get.", data, || {
            (json!({"TASKID": 1}), json!({"ID": "1", "TITLE": "*"}))
        }),
        Step {
            name: "list",
            about: "Lists tasks by filter, 50 per page. Superseded by tasks.task.list.",
            writes: false,
            args: &[
                arg("ORDER", "arOrder", Takes::Array, "ASC or DESC by field"),
                arg("FILTER", "arFilter", Takes::Array, "Conditions by field, with comparison prefixes"),
                arg("PARAMS", "arParams", Takes::Array, "NAV_PARAMS with nPageSize and iNumPage"),
                arg("SELECT", "arSelect", Takes::Array, "Fields to return"),
            ],
            mandatory: 0,
            run: |call| list::run(call, "PARAMS", "SELECT"),
            example: || (json!({"ORDER": {"ID": "asc"}, "FILTER": {"RESPONSIBLE_ID": 1}}), json!("*")),
        },
        Step {
            name: "getdescription",
            about: "Returns the description of a task.",
            writes: false,
            args: &[
                positional::TASK,
                arg("FORMAT", "format", Takes::Int, "1 as it is, 2 HTML, 3 plain text"),
            ],
            mandatory: 1,
            run: description,
            example: || (json!({"TASKID": 1, "FORMAT": 3}), json!("*")),
        },
        of_task("getfiles", "Returns the files that are attached to a task.", files, || {
            (json!({"TASKID": 1}), json!([]))
        }),
        Step {
            name: "addfile",
            about: "Attaches a new file to a task and returns the ID of the attachment. Superseded by tasks.task.files.attach.",
            writes: true,
            args: &[
                FAVORITE,
                arg(
                    "FILE",
                    "fileParameters",
                    Takes::Members(&["NAME", "CONTENT"]),
                    "The file: its name and its content, in Base64",
                ),
            ],
            mandatory: 2,
            run: add_file,
            example: || {
                (json!({"TASK_ID": 1, "FILE": {"NAME": "desc.txt", "CONTENT": "bm90ZQ=="}}), json!("*"))
            },
        },
        Step {
            name: "deletefile",
            about: "Takes a file away from a task.",
            writes: true,
            args: &[FAVORITE, arg("ATTACHMENT_ID", "attachmentId", Takes::Int, "ID of the attachment")],
            mandatory: 2,
            run: delete_file,
            example: || (json!({"TASK_ID": 1, "ATTACHMENT_ID": 99}), json!(false)),
        },
        of_task(
            "getdependson",
            "Returns the IDs of the tasks that go before a task.",
            |call| Ok(numbers(task::rights::ids(&reached(call)?, "dependsOn"))),
            || (json!({"TASKID": 1}), json!([])),
        ),
        of_task(
            "getallowedactions",
            "Returns the numbers of what the user may do with a task now.",
            |call| Ok(numbers(allowed(call)?.into_iter().map(|(number, _)| number).collect())),
            || (json!({"TASKID": 1}), json!("*")),
        ),
        of_task(
            "getallowedtaskactionsasstrings",
            "Returns the names of what the user may do with a task now.",
            |call| {
                let named = allowed(call)?
                    .into_iter()
                    .map(|(_, name)| format!("ACTION_{}", task::action::upper(name)));
                Ok(named.map(Value::from).collect::<Vec<_>>().into())
            },
            || (json!({"TASKID": 1}), json!("*")),
        ),
        Step {
            name: "isactionallowed",
            about: "Tells whether the user may do something with a task now.",
            writes: false,
            args: &[
                positional::TASK,
                arg("ACTIONID", "actionId", Takes::Int, "Number of what is to be done"),
            ],
            mandatory: 2,
            run: is_allowed,
            example: || (json!({"TASKID": 1, "ACTIONID": 6}), json!(true)),
        },
        step(
            "startexecution",
            "Begins a task. Superseded by tasks.task.start.",
            |call| make(call, "start"),
            first,
        ),
        step(
            "pauseexecution",
            "Interrupts a task. Superseded by tasks.task.pause.",
            |call| make(call, "pause"),
            || (json!({"TASKID": 3}), json!(null)),
        ),
        step("defer", "Puts a task off. Superseded by tasks.task.defer.", |call| make(call, "defer"), first),
        step(
            "complete",
            "Completes a task. Superseded by tasks.task.complete.",
            |call| make(call, "complete"),
            first,
        ),
        step(
            "renew",
            "Takes up a task again. Superseded by tasks.task.renew.",
            |call| make(call, "renew"),
            || (json!({"TASKID": 5}), json!(null)),
        ),
        step(
            "approve",
            "Accepts a task. Superseded by tasks.task.approve.",
            |call| make(call, "approve"),
            || (json!({"TASKID": 4}), json!(null)),
        ),
        step(
            "disapprove",
            "Sends back a task. Superseded by tasks.task.disapprove.",
            |call| make(call, "disapprove"),
            || (json!({"TASKID": 4}), json!(null)),
        ),
        Step {
            name: "delegate",
            about: "Gives a task to somebody else. Superseded by tasks.task.delegate.",
            writes: true,
            args: &[positional::TASK, arg("USERID", "userId", Takes::Int, "Who is to do it")],
            mandatory: 2,
            run: delegate,
            example: || (json!({"TASKID": 1, "USERID": 2}), json!(null)),
        },
        favorite("addtofavorite", "Adds a task to the user's favorites.", |call| set_favorite(call, true)),
        favorite("addtofavourite", "Adds a task to the user's favorites.", |call| set_favorite(call, true)),
        favorite("deletefromfavorite", "Removes a task from the user's favorites.", |call| {
            set_favorite(call, false)
        }),
    ],
};

const fn favorite(
    name: &'static str,
    about: &'static str,
    run: fn(&mut Call<'_, '_>) -> Result<Value>,
) -> Step {
    Step {
        name,
        about,
        writes: true,
        args: &[FAVORITE, PARAMS],
        mandatory: 1,
        run,
        example: || (json!({"TASK_ID": 1, "PARAMS": {"AFFECT_CHILDREN": "Y"}}), json!(true)),
    }
}

/// The methods.
pub fn methods() -> Vec<Method> {
    FAMILY.methods().into_iter().chain(list::methods()).chain(userfield::methods()).collect()
}

fn missing() -> Fault {
    exception(1, "Task not found or not accessible", "TASK_NOT_FOUND_OR_NOT_ACCESSIBLE")
}

/// The task that a call names.
fn reached(call: &mut Call<'_, '_>) -> Result<Row> {
    let id = call.id("TASKID");
    task::seen(call, id)?.ok_or_else(|| missing().into())
}

/// Refusals of the new spelling in the words of the old one; what is wrong with a task stays as it is.
fn old_words(error: Error) -> Error {
    match error {
        Error::Fault(fault) if fault.code != "ERROR_CORE" => not_allowed("Action is not allowed").into(),
        other => other,
    }
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let fields = call.fields("TASKDATA");
    Ok(Value::Int(noun::add(call, &TASK, &UPPER, &fields)?.number))
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let (task, fields) = (reached(call)?, call.fields("TASKDATA"));
    noun::update(call, &TASK, &UPPER, &[Value::Int(task.number)], &fields).map_err(old_words)?;
    Ok(Value::Null)
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let task = reached(call)?;
    noun::delete(call, &TASK, &UPPER, &[Value::Int(task.number)]).map_err(old_words)?;
    Ok(Value::Null)
}

fn make(call: &mut Call<'_, '_>, name: &str) -> Result<Value> {
    let task = reached(call)?;
    let step = moves::MOVES.iter().find(|step| step.name == name).ok_or_else(missing)?;
    moves::make(call, task.number, step).map_err(old_words)?;
    Ok(Value::Null)
}

fn delegate(call: &mut Call<'_, '_>) -> Result<Value> {
    let (task, user) = (reached(call)?, call.id("USERID"));
    moves::give(call, task.number, user).map_err(old_words)?;
    Ok(Value::Null)
}

fn set_favorite(call: &mut Call<'_, '_>, on: bool) -> Result<Value> {
    let id = call.id("TASK_ID");
    notes::set_favorite(call, id, on).map_err(|error| error.reworded(|_| missing()))?;
    Ok(true.into())
}

fn data(call: &mut Call<'_, '_>) -> Result<Value> {
    let task = reached(call)?;
    Ok(list::shown(call, &[task], &[])?.pop().unwrap_or_default().into())
}

fn files(call: &mut Call<'_, '_>) -> Result<Value> {
    let task = reached(call)?;
    let files = crate::files::shown(call, crate::files::TASKS, &[task.number])?.remove(&task.number);
    Ok(files.unwrap_or_default().into_iter().map(Value::from).collect::<Vec<_>>().into())
}

/// The file lies on the disk of whoever brings it.
fn add_file(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, given) = (call.id("TASK_ID"), positional::members(call, "FILE"));
    let task = task::seen(call, id)?.ok_or_else(missing)?;
    if !stand(call, &task)?.may("checklist.add") {
        return Err(not_allowed("Action is not allowed").into());
    }
    let text = |name: &str| given.get(name).and_then(Value::text).unwrap_or_default().into_owned();
    let (name, content) = (text("NAME"), text("CONTENT"));
    if name.trim().is_empty() || content.is_empty() {
        return Err(positional::failed("The file has no name or no content").into());
    }
    let object = crate::files::upload(call, &name, &content)?;
    Ok(crate::files::attach_to(call, &task, object)?.into())
}

fn delete_file(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, gone) = (call.id("TASK_ID"), call.id("ATTACHMENT_ID"));
    let task = task::seen(call, id)?.ok_or_else(missing)?;
    let mut left = task::rights::ids(&task, "ufTaskWebdavFiles");
    if !left.contains(&gone) {
        return Ok(false.into());
    }
    left.retain(|attachment| *attachment != gone);
    let left = left.into_iter().map(Value::Int).collect::<Vec<_>>();
    let fields = Map::from([("UF_TASK_WEBDAV_FILES", left.into())]);
    noun::update(call, &TASK, &UPPER, &[Value::Int(task.number)], &fields).map_err(old_words)?;
    Ok(true.into())
}

fn description(call: &mut Call<'_, '_>) -> Result<Value> {
    let task = reached(call)?;
    let text = task.text("description");
    Ok(match call.id("FORMAT") {
        2 => html(text).into(),
        3 => plain(text).into(),
        _ => text.into(),
    })
}

fn numbers(numbers: Vec<i64>) -> Value {
    numbers.into_iter().map(Value::Int).collect::<Vec<_>>().into()
}

/// The numbers of actions.
const NUMBERED: [(i64, &str); 21] = [
    (1, "accept"),
    (2, "decline"),
    (3, "complete"),
    (4, "approve"),
    (5, "disapprove"),
    (6, "start"),
    (7, "delegate"),
    (8, "remove"),
    (9, "edit"),
    (10, "defer"),
    (11, "renew"),
    (12, "create"),
    (13, "changeDeadline"),
    (14, "checklistAddItems"),
    (15, "elapsedtime.add"),
    (16, "edit.originator"),
    (17, "pause"),
    (18, "dayplan.timer.toggle"),
    (19, "checklist.reorder"),
    (20, "addFavorite"),
    (21, "deleteFavorite"),
];

/// What the caller may do with the task of a call.
fn allowed(call: &mut Call<'_, '_>) -> Result<Vec<(i64, &'static str)>> {
    let task = reached(call)?;
    let stand = stand(call, &task)?;
    Ok(NUMBERED.into_iter().filter(|(_, name)| stand.may(name)).collect())
}

fn is_allowed(call: &mut Call<'_, '_>) -> Result<Value> {
    let action = call.id("ACTIONID");
    Ok(allowed(call)?.iter().any(|(number, _)| *number == action).into())
}
