//! `tasks.task.add`, `get`, `list`, `update` and `delete` of REST 3.0.

use engine::access::Act;
use engine::call::Call;
use engine::dto::{Ask, Pages, Select, described, item, items, success};
use engine::error::{Error, Result};
use engine::method::{Kind, Method, read, required, write};
use engine::noun;
use serde_json::json;
use wire::{Fault, Value, exception};

use super::dto::TASK as DTO;
use super::{SCOPE, show, write as given};
use crate::task::{TASK, UPPER, seen, stand, with_chat};

const PAGES: Pages = Pages { usual: 50, most: 1000 };

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = || required("id", Kind::Int, "ID of the task");
    let fields = |adding| {
        required("fields", Kind::Fields, "Values by field")
            .or_complain("request")
            .with_members(DTO.members(adding))
    };
    let mut methods = vec![
        write("tasks.task.add", SCOPE, add)
            .v3(Some(&DTO))
            .about("Adds a task and returns it.")
            .param(fields(true))
            .example(
                json!({"fields": {"title": "Order desks", "creatorId": 1, "responsibleId": 1, "deadline": "2026-12-31T18:00:00+00:00"}}),
                json!({"item": {"title": "Order desks", "status": "pending", "priority": "average"}}),
            ),
        read("tasks.task.get", SCOPE, get)
            .v3(Some(&DTO))
            .about("Returns a task.")
            .param(id())
            .selects()
            .example(json!({"id": 1}), json!({"item": {"id": 1, "containsChecklist": true, "containsSubTasks": true}}))
            .example(
                json!({"id": 1, "select": ["id", "responsible.name", "auditors.name"]}),
                json!({"item": {"id": 1, "responsible": {"name": "Ada Berg"}, "auditors": [{"name": "*"}]}}),
            ),
        read("tasks.task.list", SCOPE, list)
            .v3(Some(&DTO))
            .about("Lists tasks by filter: their IDs, or what is selected.")
            .lists(PAGES)
            .example(
                json!({"select": ["id", "title"], "filter": [["id", "<=", 2]], "order": {"id": "DESC"}}),
                json!({"items": [{"id": 2, "title": "*"}, {"id": 1, "title": "*"}]}),
            ),
        write("tasks.task.update", SCOPE, update)
            .v3(Some(&DTO))
            .about("Updates the given fields of a task.")
            .param(id())
            .param(fields(false))
            .example(
                json!({"id": 1, "fields": {"title": "Furnish the new office", "priority": "high", "needsControl": true}}),
                json!({"result": true}),
            ),
        write("tasks.task.delete", SCOPE, delete)
            .v3(Some(&DTO))
            .about("Deletes a task. Tasks below it stay.")
            .param(id())
            .example(json!({"id": 1}), json!({"result": true})),
    ];
    methods.extend(described("tasks.task", SCOPE, &DTO));
    methods
}

/// What the noun refuses is a complaint about the request, and what may not be done an access denied.
fn worded(error: Error) -> Error {
    match error {
        Error::Fault(fault) if fault.numbered => exception::access_denied().into(),
        other => other,
    }
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let given = given::values(call, None)?;
    let added = noun::add(call, &TASK, &UPPER, &given).map_err(worded)?;
    let row = noun::again(call, &TASK, added.number)?.unwrap_or(added);
    let shown = show::show(call, &[row], &Select::default())?.pop();
    Ok(item(shown.unwrap_or_default()))
}

fn absent(id: i64) -> Fault {
    exception::not_found(format!("Record with ID = {id} not found"))
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, select) = (call.id("id"), Select::read(call, &DTO)?);
    let mut row = seen(call, id)?.ok_or_else(|| absent(id))?;
    let is_given = call.param("select").is_some_and(|select| !select.is_empty());
    if is_given && (select.names("chat") || select.names("chatId")) {
        row = with_chat(call, row)?;
    }
    Ok(item(show::show(call, &[row], &select)?.pop().unwrap_or_default()))
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let named = call.param("select").is_some_and(|select| !select.is_empty());
    let (mut select, asked) = Ask::read(call, &DTO, PAGES)?.rows();
    if !named {
        select = Select::only(["id"]);
    }
    let scope = TASK.grant(call, Act::Read)?;
    let rows = noun::asked(call, &TASK, &scope, asked)?;
    Ok(items(show::show(call, &rows, &select)?))
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.id("id");
    let task = seen(call, id)?.ok_or_else(exception::access_denied)?;
    let given = given::values(call, Some(&task))?;
    noun::update(call, &TASK, &UPPER, &[Value::Int(id)], &given).map_err(worded)?;
    Ok(success())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.id("id");
    let task = seen(call, id)?.ok_or_else(exception::access_denied)?;
    if !stand(call, &task)?.may("remove") {
        return Err(exception::access_denied().into());
    }
    noun::delete(call, &TASK, &UPPER, &[Value::Int(id)]).map_err(worded)?;
    Ok(success())
}
