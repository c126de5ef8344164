//! `tasks.task.add`, `get`, `list`, `update`, `delete` and `getFields`.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind as FieldKind;
use engine::error::{Error, Result};
use engine::method::{Kind, Method, Param, optional, read, required, write};
use engine::noun::{self, Asked, Row};
use serde_json::json;
use wire::{Fault, Map, Value};

use super::reach::{FORBIDDEN, NOT_ALLOWED, TASK_ID, seen, task_id};
use super::show::{self, Wanted};
use super::{TASK, UPPER, USER_FIELDS, describe, filter, order};
use crate::SCOPE;
use crate::chat::Chats;

/// The methods.
pub fn methods() -> Vec<Method> {
    let select = |about| optional("select", Kind::Select, about);
    let order = optional("order", Kind::Order, "ASC or DESC by field");
    let tests =
        "Conditions by field, with comparison prefixes; groups of them in ::SUBFILTER-1, joined by ::LOGIC";
    let more = "WITH_TIMER_INFO, WITH_RESULT_INFO and WITH_PARSED_DESCRIPTION show more of each task";
    vec![
        write("tasks.task.add", SCOPE, add)
            .own_words()
            .about("Adds a task and returns it.")
            .param(required("fields", Kind::Fields, "Values by field").with_members(members(true)))
            .example(
                json!({"fields": {"TITLE": "Order desks", "RESPONSIBLE_ID": 1, "DEADLINE": "2026-12-31T18:00:00+00:00"}}),
                json!({"task": {"title": "Order desks", "status": "2", "responsibleId": "1"}}),
            ),
        read("tasks.task.get", SCOPE, get)
            .own_words()
            .about("Returns a task; nothing for one that the user does not see.")
            .param(optional("taskId", Kind::Id, "ID of the task"))
            .param(select("Fields to return; all but custom ones when left out"))
            .example(
                json!({"taskId": 1, "select": ["ID", "TITLE", "RESPONSIBLE_ID"]}),
                json!({"task": {"id": "1", "title": "*", "responsible": {"id": "*"}}}),
            ),
        read("tasks.task.list", SCOPE, list)
            .own_words()
            .about("Lists tasks by filter, 50 per page.")
            .param(order)
            .param(optional("filter", Kind::Filter, tests))
            .param(select("Fields to return"))
            .param(optional("params", Kind::Fields, more))
            .param(optional("start", Kind::Int, "Offset of the first row; -1 skips counting the total"))
            .example(
                json!({"order": {"ID": "asc"}, "filter": {"RESPONSIBLE_ID": 1}, "select": ["ID", "TITLE", "STATUS"]}),
                json!({"tasks": "*"}),
            ),
        write("tasks.task.update", SCOPE, update)
            .own_words()
            .about("Updates the given fields of a task and returns it.")
            .param(TASK_ID)
            .param(required("fields", Kind::Fields, "Values by field").with_members(members(false)))
            .example(
                json!({"taskId": 1, "fields": {"PRIORITY": 2, "TAGS": ["office", "urgent"]}}),
                json!({"task": {"id": "1", "priority": "2"}}),
            ),
        write("tasks.task.delete", SCOPE, delete)
            .own_words()
            .about("Deletes a task. Tasks below it stay.")
            .param(TASK_ID)
            .example(json!({"taskId": 1}), json!({"task": true})),
        read("tasks.task.getFields", SCOPE, |call| Ok(Value::under("fields", describe::fields(call))))
            .about("Describes the fields of a task.")
            .example(json!({}), json!({"fields": {"TITLE": {"type": "string", "required": true}}})),
    ]
}

/// The fields of a task as parameters.
fn members(adding: bool) -> Vec<Param> {
    let open = TASK.fields.iter().filter(|field| !field.read_only && (adding || !field.immutable));
    let member = |field: &'static noun::Field| {
        let kind = match field.kind {
            _ if field.multiple => Kind::List,
            FieldKind::Integer | FieldKind::User => Kind::Int,
            FieldKind::Char => Kind::Flag,
            FieldKind::Json => Kind::Any,
            _ => Kind::Text,
        };
        let param =
            if adding && ["title", "responsibleId"].contains(&field.name) { required } else { optional };
        Param { name: field.upper_name().into(), ..param("", kind, field.title) }
    };
    open.map(member).collect()
}

/// A parameter that must be a list or an object, when it is there.
pub fn array<'c>(call: &'c Call<'_, '_>, name: &str) -> Result<Option<&'c Value>> {
    match call.param(name).filter(|given| **given != Value::Null) {
        Some(given) if given.is_array() => Ok(Some(given)),
        None => Ok(None),
        Some(given) if given.is_empty() => Ok(None),
        Some(_) => {
            let text = format!(
                "Invalid value {{}} to match with parameter {{{name}}}. Should be value of type array."
            );
            Err(Fault::new(400, "100", text).into())
        }
    }
}

/// The fields of a request; one without any is refused.
fn fields(call: &Call<'_, '_>) -> Result<Map> {
    match array(call, "fields")?.cloned().and_then(Value::into_map) {
        Some(fields) => Ok(fields),
        None => {
            Err(Fault::new(400, "100", "Could not find value for parameter {fields} (internal error)").into())
        }
    }
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let given = fields(call)?;
    let row = noun::add(call, &TASK, &UPPER, &given)?;
    written(call, row)
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = task_id(call)?;
    let select = array(call, "select")?.cloned().unwrap_or_default();
    let Some(mut row) = seen(call, id)? else { return Ok(Value::List(Vec::new())) };
    let wanted = Wanted::read(call, &select, true);
    if wanted.names("CHAT_ID") {
        row = with_chat(call, row)?;
    }
    let shown = show::show(call, &[row], &wanted)?.pop().unwrap_or_default();
    Ok(Value::under("task", shown))
}

/// A task whose chat is asked for, which is made if need be.
pub fn with_chat(call: &mut Call<'_, '_>, task: Row) -> Result<Row> {
    let has_chat = task.int("chatId").is_some_and(|chat| chat > 0);
    let Some(chats) = Chats::of(call).filter(|_| !has_chat) else { return Ok(task) };
    chats.made(call, &task)?;
    Ok(noun::again(call, &TASK, task.number)?.unwrap_or(task))
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let param = |name: &str| call.param(name).cloned().unwrap_or_default();
    let (order, filter, more) = (param("order"), param("filter"), param("params"));
    let (select, asked) = (array(call, "select")?.cloned(), asked(call, &order, &filter)?);
    let scope = TASK.grant(call, Act::Read)?;
    let rows = noun::asked(call, &TASK, &scope, asked)?;
    let mut wanted = Wanted::read(call, &select.unwrap_or_default(), false);
    wanted.with(&more);
    let tasks = show::show(call, &rows, &wanted)?;
    Ok(Value::under("tasks", tasks.into_iter().map(Value::from).collect::<Vec<_>>()))
}

/// What a filter and an order ask of the tasks.
///
/// # Errors
/// Their refusals.
pub fn asked(call: &mut Call<'_, '_>, order: &Value, filter: &Value) -> Result<Asked> {
    let plan = filter::plan(call, filter)?;
    let order = order::read(order, call.caller.user_id, filter::is_on_plan(filter, &plan))?;
    let (within, among) = match call.meta.fielded(USER_FIELDS.number) {
        Some(table) => filter::read(call, &table, filter, plan)?,
        None => (None, Vec::new()),
    };
    Ok(Asked { within, among, order: Some(order), ..Asked::default() })
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, given) = (task_id(call)?, fields(call)?);
    let row = noun::update(call, &TASK, &UPPER, &[Value::Int(id)], &given)?;
    written(call, row)
}

/// A task that was written, with what followed from that.
fn written(call: &mut Call<'_, '_>, row: Row) -> Result<Value> {
    let row = noun::again(call, &TASK, row.number)?.unwrap_or(row);
    Ok(Value::under("task", show::whole(call, &row)?))
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = task_id(call)?;
    match noun::delete(call, &TASK, &UPPER, &[Value::Int(id)]) {
        // What one does not see cannot be deleted either.
        Err(Error::Fault(fault)) if fault.message == NOT_ALLOWED => {
            Err(Fault::numbered(400, FORBIDDEN, "No access to delete the task").into())
        }
        Err(error) => Err(error),
        Ok(_) => Ok(Value::under("task", true)),
    }
}
