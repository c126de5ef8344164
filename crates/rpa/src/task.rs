//! Tasks on items: those of the workflows that run on them, as [automation rules](crate::rule) start them.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{self, Method, optional, read, write};
use engine::noun::{self, Row};
use serde_json::{Value as Json, json};
use store::Param;
use wire::{Map, Value};

use crate::people::People;
use crate::rule::{self, of_workflows};
use crate::{SCOPE, item, timeline, words};

const INSTANCES: &str = "workflows.instance";
const TASKS: &str = "workflows.task";

/// A button of a task: its name, the status that it leads to, its text and color.
type Button = (&'static str, i64, &'static str, &'static str);

const BUTTONS: [Button; 5] = [
    ("approve", 1, "Approve", "3BC8F5"),
    ("reject", 2, "Reject", "FF5752"),
    ("review", 3, "Done", "3BC8F5"),
    ("complete", 3, "Save", "3BC8F5"),
    ("cancel", 4, "Cancel", "FF5752"),
];

/// The buttons of a task of this kind.
fn buttons(activity: &str) -> &'static [Button] {
    match activity {
        "ApproveActivity" => &BUTTONS[..2],
        "ReviewActivity" => &BUTTONS[2..3],
        "RequestInformationOptionalActivity" => &BUTTONS[3..],
        _ => &BUTTONS[3..4],
    }
}

/// All tasks on an item, also those that are done.
///
/// # Errors
/// Those of the store.
fn on(call: &mut Call<'_, '_>, item: &Row) -> Result<Vec<Row>> {
    let (Some(instances), Some(tasks)) = (of_workflows(call, INSTANCES), of_workflows(call, TASKS)) else {
        return Ok(Vec::new());
    };
    let of = "t.module_id = 'rpa' AND t.document_id = ?";
    let running = noun::which(call, instances, of, vec![rule::document(item).into()], "")?;
    noun::among(call, tasks, "instanceId", &running.iter().map(|row| row.number).collect::<Vec<_>>())
}

fn user(task: &Row) -> i64 {
    task.int("userId").unwrap_or(0)
}

fn is_open(task: &Row) -> bool {
    task.int("status") == Some(0)
}

/// How many open tasks the caller has on an item, and who has or had any.
///
/// # Errors
/// Those of the store.
pub fn summary(call: &mut Call<'_, '_>, item: &Row) -> Result<[(&'static str, Value); 2]> {
    let tasks = on(call, item)?;
    let people = |wanted: &dyn Fn(&Row) -> bool| {
        let mut people: Vec<i64> = tasks.iter().filter(|task| wanted(task)).map(user).collect();
        people.sort_unstable();
        people.dedup();
        people
    };
    let own = tasks.iter().filter(|task| is_open(task) && user(task) == call.caller.user_id).count();
    let faces = json!({
        "completed": people(&|task| !is_open(task)), "running": people(&is_open), "all": people(&|_| true),
    });
    Ok([("tasksCounter", Value::Int(own as i64)), ("tasksFaces", faces.into())])
}

/// The items of a process on which the caller has open tasks.
///
/// # Errors
/// Those of the store.
pub fn items_with_own(call: &mut Call<'_, '_>, process: i64) -> Result<Vec<i64>> {
    let (Some(instances), Some(tasks)) = (of_workflows(call, INSTANCES), of_workflows(call, TASKS)) else {
        return Ok(Vec::new());
    };
    let me: Vec<Param<'static>> = vec![call.caller.user_id.into()];
    let own = noun::which(call, tasks, "t.user_id = ? AND t.status = 0", me, "")?;
    let running = noun::again_all(call, instances, own.iter().filter_map(|task| task.int("instanceId")))?;
    let documents = running.values().filter_map(document);
    Ok(documents.filter(|(of, _)| *of == process).map(|(_, item)| item).collect())
}

/// The process and the item on which a workflow runs, if it does on one.
fn document(instance: &Row) -> Option<(i64, i64)> {
    let (process, item) = instance.text("documentId").split_once(':')?;
    let numbers = (process.parse().ok()?, item.parse().ok()?);
    (instance.text("moduleId") == "rpa").then_some(numbers)
}

/// Ends the workflows on an item that goes.
///
/// # Errors
/// Those of the store.
pub fn clear(call: &mut Call<'_, '_>, item: &Row) -> Result<()> {
    let Some(instances) = of_workflows(call, INSTANCES) else { return Ok(()) };
    let of = [("moduleId", "rpa".into()), ("documentId", rule::document(item).into())];
    noun::clear(call, instances, &of)
}

/// The methods.
pub fn methods() -> Vec<Method> {
    let pressed =
        BUTTONS.iter().map(|(name, ..)| optional(name, method::Kind::Flag, "The button that is pressed"));
    let act = write("rpa.task.do", SCOPE, act)
        .controller()
        .about("Does a task of the caller, and returns the item.")
        .param(optional("taskId", method::Kind::Id, "Task"))
        .param(optional("comment", method::Kind::Text, "Comment"))
        .param(optional("fields", method::Kind::Fields, "Values of the task's fields"))
        .example(json!({"taskId": 2, "approve": "Y"}), json!({"item": {"id": 1, "tasksCounter": 0}}));
    vec![
        read("rpa.item.getTasks", SCOPE, list)
            .controller()
            .about("Returns the open tasks on an item.")
            .param(optional("typeId", method::Kind::Id, "Process"))
            .param(optional("id", method::Kind::Id, "ID"))
            .example(
                json!({"typeId": 1, "id": 1}),
                json!({"tasks": [{"id": "2", "userId": 1, "data": {"isMine": true, "type": "RpaApproveActivity"}}]}),
            ),
        pressed.fold(act, Method::param),
    ]
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let item = item::named(call, "id", Act::Read)?;
    let mut open = on(call, &item)?;
    open.retain(is_open);
    let people = People::of(call, open.iter().map(user))?;
    let me = call.caller.user_id;
    let shown: Vec<Value> = open.iter().map(|task| show(task, me, &people)).collect();
    Ok(Value::under("tasks", shown))
}

fn show(task: &Row, me: i64, people: &People) -> Value {
    let button = |(name, status, text, color): &Button| {
        json!({
            "TYPE": "submit", "TARGET_USER_STATUS": status, "NAME": name, "VALUE": "Y", "TEXT": text, "COLOR": color,
        })
    };
    let asked = task.json("parameters");
    let fields = asked["Fields"].as_array().into_iter().flatten().map(|field| field["Id"].clone());
    let data = json!({
        "participantJoint": "and", "isMine": user(task) == me,
        "controls": {"BUTTONS": buttons(task.text("activity")).iter().map(button).collect::<Vec<_>>()},
        "type": rule::kind(task.text("activity")), "url": format!("/rpa/task/id/{}/", task.number),
        "fieldsToShow": null, "fieldsToSet": fields.collect::<Vec<_>>(),
        "users": [{"id": user(task), "status": task.int("userStatus").unwrap_or(0)}],
    });
    Map::from([
        ("id", task.number.to_string().into()),
        ("title", task.text("name").into()),
        ("description", task.text("description").into()),
        ("userId", user(task).into()),
        ("data", data.into()),
        ("itemClassName", "BX.Rpa.Timeline.Task".into()),
        ("users", people.shown([user(task)])),
    ])
    .into()
}

fn act(call: &mut Call<'_, '_>) -> Result<Value> {
    let missing = || words::missing("Task not found");
    let task = noun::foreign(call, TASKS, call.id("taskId"))?.ok_or_else(missing)?;
    let instances = of_workflows(call, INSTANCES).ok_or_else(missing)?;
    let instance = noun::again(call, instances, task.int("instanceId").unwrap_or(0))?.ok_or_else(missing)?;
    let (process, number) = document(&instance).ok_or_else(missing)?;
    let pressed = buttons(task.text("activity")).iter().find(|(name, ..)| call.flag(name));
    let (_, status, ..) = pressed.ok_or_else(|| words::forbidden("The task has no such button."))?;
    let given = Map::from([
        ("TASK_ID", task.number.into()),
        ("STATUS", (*status).into()),
        ("COMMENT", call.text("comment").unwrap_or_default().into()),
        ("FIELDS", call.fields("fields").into()),
    ]);
    call.ask("bizproc.task.complete", given)?;
    let named = json!({"typeId": process, "id": number});
    let shown = call.ask("rpa.item.get", Value::from(named))?.unwrap_or_default();
    let name = shown.get("item").and_then(|item| item.get("name")).and_then(Value::text).unwrap_or_default();
    timeline::done(call, (process, number), about(&task, &instance, &name))?;
    Ok(shown)
}

/// What the timeline keeps of a task that was done.
fn about(task: &Row, instance: &Row, item: &str) -> Json {
    json!({"item": {"name": item}, "scope": "task", "task": {
        "ID": task.number.to_string(), "USER_ID": user(task).to_string(), "WORKFLOW_ID": instance.text("workflowId"),
        "ACTIVITY": rule::kind(task.text("activity")), "ACTIVITY_NAME": task.text("activityName"),
        "NAME": task.text("name"), "DESCRIPTION": task.text("description"),
        "PARAMETERS": {"DOCUMENT_ID": [instance.text("moduleId"), instance.text("entity"), instance.text("documentId")]},
        "USERS": [user(task)], "INCOMPLETE_USERS": [],
    }})
}
