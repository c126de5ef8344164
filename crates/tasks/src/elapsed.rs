//! Records of the time that people spent on tasks: `task.elapseditem.*`. A task has their sum.

use engine::access::Act;
use engine::call::Call;
use engine::entity::filter::{Conditions, Unknown};
use engine::entity::{Kind, Naming, Order};
use engine::error::Result;
use engine::noun::{self, Access, Asked, Face, ID, Noun, Row, Stamp, field, noun};
use serde_json::json;
use wire::order::{self, Direction};
use wire::params::Start;
use wire::{Fault, Map, Value};

use crate::SCOPE;
use crate::positional::{self, Arg, Family, Step, Takes, arg};
use crate::task::{self, stand};

/// Records of time.
pub static ELAPSED: Noun = Noun {
    access: Access::Through("taskId"),
    fields: &[
        ID,
        field("taskId", Kind::Noun("tasks.task"), "Task").required().immutable().indexed(),
        field("userId", Kind::User, "User").indexed(),
        field("commentText", Kind::Text, "Comment"),
        field("seconds", Kind::Integer, "Seconds").default("0"),
        field("minutes", Kind::Integer, "Minutes").default("0"),
        // 1 by the program, 2 by hand, 3 by the timer.
        field("source", Kind::Integer, "Source").default("2"),
        field("createdDate", Kind::DateTime, "Created"),
        field("dateStart", Kind::DateTime, "Begun"),
        field("dateStop", Kind::DateTime, "Ended"),
        field("changedDate", Kind::DateTime, "Modified").stamped(Stamp::Changed).camel_only(),
    ],
    faces: &[FACE],
    ..noun("tasks.elapsed", "tasks_elapsed", SCOPE, ["record of time", "records of time"])
};

const FACE: Face = Face { verbs: &[], ..Face::legacy("tasks.elapsed") };

const READABLE: [&str; 10] = [
    "ID",
    "TASK_ID",
    "USER_ID",
    "COMMENT_TEXT",
    "SECONDS",
    "MINUTES",
    "SOURCE",
    "CREATED_DATE",
    "DATE_START",
    "DATE_STOP",
];

const FIELDS: Arg = arg("ARFIELDS", "fields", Takes::Fields, "Values by field");

/// The family.
pub static FAMILY: Family = Family {
    path: "task.elapseditem",
    class: "ctaskelapseditem",
    manifest: &[
        ("Manifest version", "1.2"),
        ("Manifest change date", "22 Feb 2018"),
        ("Warning", "Don't rely on format of this manifest, it can be changed without any notifications!"),
    ],
    writable: &["USER_ID", "COMMENT_TEXT", "SECONDS", "SOURCE", "CREATED_DATE", "DATE_START", "DATE_STOP"],
    unlisted: &[],
    readable: &READABLE,
    sortable: &["ID", "TASK_ID", "USER_ID", "SECONDS", "MINUTES", "CREATED_DATE", "DATE_START", "DATE_STOP"],
    filterable: &["ID", "TASK_ID", "USER_ID", "CREATED_DATE"],
    dates: &["CREATED_DATE", "DATE_START", "DATE_STOP"],
    steps: &[
        Step {
            name: "add",
            about: "Adds a record of time to a task and returns its ID.",
            writes: true,
            args: &[positional::TASK, FIELDS],
            mandatory: 2,
            run: add,
            example: || {
                (
                    json!({"TASKID": 1, "ARFIELDS": {"SECONDS": 900, "COMMENT_TEXT": "Phone calls"}}),
                    json!("*"),
                )
            },
        },
        Step {
            name: "update",
            about: "Updates the given fields of a record of time.",
            writes: true,
            args: &[positional::TASK, positional::ITEM, FIELDS],
            mandatory: 3,
            run: update,
            example: || (json!({"TASKID": 4, "ITEMID": 1, "ARFIELDS": {"SECONDS": 1200}}), json!(null)),
        },
        Step {
            name: "delete",
            about: "Deletes a record of time.",
            writes: true,
            args: &[positional::TASK, positional::ITEM],
            mandatory: 2,
            run: delete,
            example: || (json!({"TASKID": 4, "ITEMID": 1}), json!(null)),
        },
        Step {
            name: "get",
            about: "Returns a record of time, as the only one of a list.",
            writes: false,
            args: &[positional::TASK, positional::ITEM],
            mandatory: 2,
            run: get,
            example: || (json!({"TASKID": 4, "ITEMID": 1}), json!([{"ID": "1", "SECONDS": "*"}])),
        },
        Step {
            name: "getlist",
            about: "Lists records of time of a task, or of all tasks, 50 per page.",
            writes: false,
            args: &[
                positional::TASK,
                arg("ORDER", "order", Takes::Order, "ASC or DESC by field"),
                arg("FILTER", "filter", Takes::Filter, "Conditions by field, with comparison prefixes"),
                arg("SELECT", "select", Takes::Select, "Fields to return"),
                arg(
                    "PARAMS",
                    "params",
                    Takes::Members(&["NAV_PARAMS"]),
                    "NAV_PARAMS with nPageSize and iNumPage",
                ),
            ],
            mandatory: 0,
            run: list,
            example: || (json!({"TASKID": 4, "ORDER": {"ID": "asc"}}), json!("*")),
        },
        Step {
            name: "isActionAllowed",
            about: "Tells whether the user may do something with a record of time.",
            writes: false,
            args: &[
                positional::TASK,
                positional::ITEM,
                arg("ACTIONID", "actionId", Takes::Int, "1 add, 2 change, 3 delete"),
            ],
            mandatory: 3,
            run: is_allowed,
            example: || (json!({"TASKID": 4, "ITEMID": 1, "ACTIONID": 2}), json!(true)),
        },
    ],
};

fn refused() -> Fault {
    Fault::core("ACTION_NOT_ALLOWED")
}

/// The task that a call names.
fn owner(call: &mut Call<'_, '_>) -> Result<Row> {
    let id = call.id("TASKID");
    task::seen(call, id)?.ok_or_else(|| Fault::core("Task not found").into())
}

/// A record of it.
fn record(call: &mut Call<'_, '_>, task: &Row) -> Result<Option<Row>> {
    let (scope, id) = (ELAPSED.grant(call, Act::Read)?, call.id("ITEMID"));
    let found = noun::one(call, &ELAPSED, &scope, id)?;
    Ok(found.filter(|record| record.int("taskId") == Some(task.number)))
}

/// Whether a record is the caller's to change.
fn is_own(call: &Call<'_, '_>, record: &Row) -> bool {
    call.caller.is_admin || record.int("userId") == Some(call.caller.user_id)
}

/// What a request gives, with the minutes. Only administrators write down the time of others.
fn given(call: &Call<'_, '_>) -> Map {
    let mut given = positional::members(call, "ARFIELDS");
    if !call.caller.is_admin {
        given.remove("USER_ID");
    }
    if let Some(seconds) = given.get("SECONDS").and_then(Value::as_int) {
        let seconds = seconds.clamp(0, i64::from(i32::MAX));
        given.insert("SECONDS", seconds);
        given.insert("MINUTES", seconds / 60);
    }
    given
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let task = owner(call)?;
    if !stand(call, &task)?.may("elapsedtime.add") {
        return Err(refused().into());
    }
    let mut fields = given(call);
    let now = engine::moment::print(&call.caller.zone, call.now.seconds());
    for name in ["CREATED_DATE", "DATE_START", "DATE_STOP"] {
        if fields.get(name).is_none_or(Value::is_empty) {
            fields.insert(name, now.clone());
        }
    }
    if fields.get("USER_ID").and_then(Value::as_int).is_none_or(|user| user <= 0) {
        fields.insert("USER_ID", call.caller.user_id);
    }
    fields.insert("TASK_ID", task.number);
    let record = noun::add(call, &ELAPSED, &FACE, &fields)?;
    sum_up(call, task.number)?;
    Ok(Value::Int(record.number))
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let task = owner(call)?;
    let record = record(call, &task)?.filter(|record| is_own(call, record)).ok_or_else(refused)?;
    let fields = given(call);
    noun::update(call, &ELAPSED, &FACE, &[Value::Int(record.number)], &fields)?;
    sum_up(call, task.number)?;
    Ok(Value::Null)
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let task = owner(call)?;
    let record = record(call, &task)?.filter(|record| is_own(call, record)).ok_or_else(refused)?;
    noun::delete(call, &ELAPSED, &FACE, &[Value::Int(record.number)])?;
    sum_up(call, task.number)?;
    Ok(Value::Null)
}

/// Brings the sum of a task up to date.
fn sum_up(call: &mut Call<'_, '_>, task: i64) -> Result<()> {
    let sql = "UPDATE tasks_task SET \
               time_spent_in_logs = (SELECT SUM(e.seconds) FROM tasks_elapsed e WHERE e.task_id = tasks_task.id), \
               duration_fact = (SELECT SUM(e.seconds) / 60 FROM tasks_elapsed e WHERE e.task_id = tasks_task.id) \
               WHERE id = ?";
    call.tx.execute(sql, &[task.into()])?;
    Ok(())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let task = owner(call)?;
    let record = record(call, &task)?.ok_or_else(refused)?;
    Ok(vec![noun::show(call, &ELAPSED, &FACE, &record)?.into_value()].into())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let named = call.param("TASKID").is_some_and(|id| !id.is_empty());
    let task = if named { Some(owner(call)?.number) } else { None };
    let within = conditions(call, task)?;
    let (order, select) = (sorted(call), selected(call));
    page(call);
    let scope = ELAPSED.grant(call, Act::Read)?;
    let asked = Asked { within, order: Some(order), size: size(call), ..Asked::default() };
    let rows = noun::asked(call, &ELAPSED, &scope, asked)?;
    let shown = noun::show_all(call, &ELAPSED, &FACE, &rows, false)?;
    let pick = |map: Map| {
        let wanted = |name: &str| select.is_empty() || select.iter().any(|one| one == name);
        map.into_iter().filter(|(name, _)| wanted(name)).collect::<Map>().into_value()
    };
    Ok(shown.into_iter().map(pick).collect::<Vec<_>>().into())
}

type Within = Option<(String, Vec<store::Param<'static>>)>;

fn conditions(call: &Call<'_, '_>, task: Option<i64>) -> Result<Within> {
    let table = &call.core.modules.shape(&ELAPSED).table;
    let nothing = Value::Null;
    let filter = wire::filter::parse_flat(call.param("FILTER").unwrap_or(&nothing))?;
    let mut conditions =
        Conditions::new(table, Naming::Legacy, Unknown::Ignored, call.clock(), call.tx.dialect());
    let asked = conditions.build(&filter)?;
    let mut params = conditions.params;
    let own = task.map(|task| {
        params.push(task.into());
        "t.task_id = ?".to_owned()
    });
    let all: Vec<String> = asked.into_iter().chain(own).collect();
    Ok((!all.is_empty()).then(|| (all.join(" AND "), params)))
}

fn sorted(call: &Call<'_, '_>) -> Order {
    let order = order::parse_lenient(call.param("ORDER").unwrap_or(&Value::Null));
    let part = |sorted: Order, (name, direction): (wire::Text, Direction)| {
        let name = name.to_ascii_uppercase();
        let word = if direction == Direction::Desc { "DESC" } else { "ASC" };
        match FAMILY.sortable.contains(&name.as_str()) {
            true => sorted.by(format!("t.{}", name.to_ascii_lowercase()), word),
            false => sorted,
        }
    };
    order.into_iter().fold(Order::default(), part).by("t.id", "DESC")
}

fn selected(call: &Call<'_, '_>) -> Vec<String> {
    let select = call.param("SELECT").cloned().unwrap_or_default();
    let names: Vec<String> = select
        .each()
        .filter_map(Value::text)
        .map(|name| name.to_ascii_uppercase())
        .filter(|name| !name.is_empty())
        .collect();
    if names.iter().any(|name| name == "*") { Vec::new() } else { names }
}

fn nav<'c>(call: &'c Call<'_, '_>) -> Option<&'c Value> {
    call.param("PARAMS")?.get("NAV_PARAMS")
}

fn size(call: &Call<'_, '_>) -> Option<i64> {
    nav(call)?.get("nPageSize").and_then(Value::as_int).map(|size| size.clamp(1, 50))
}

/// Begins where the numbered page does.
fn page(call: &mut Call<'_, '_>) {
    let number = nav(call).and_then(|nav| nav.get("iNumPage")).and_then(Value::as_int);
    if let Some(number) = number.filter(|number| *number > 1) {
        let from = (number - 1).saturating_mul(size(call).unwrap_or(50));
        call.start = Start::At(u32::try_from(from).unwrap_or(u32::MAX));
    }
}

fn is_allowed(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, action) = (call.id("TASKID"), call.id("ACTIONID"));
    let Some(task) = task::seen(call, id)? else { return Ok(false.into()) };
    if action == 1 {
        return Ok(stand(call, &task)?.may("elapsedtime.add").into());
    }
    let own = record(call, &task)?.is_some_and(|record| is_own(call, &record));
    Ok((own && (2..=3).contains(&action)).into())
}
