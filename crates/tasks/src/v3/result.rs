//! `tasks.task.result.*` of REST 3.0: results that are texts of their own, or messages of the chat of the task.

use engine::access::Act;
use engine::call::Call;
use engine::dto::{Ask, Dto, Pages, Select, Type, item, items, property, success};
use engine::error::Result;
use engine::method::{Kind, Method, read, required, write};
use engine::moment;
use engine::noun::{self, Row};
use serde_json::json;
use wire::filter::Filter;
use wire::{Map, Value, exception};

use super::SCOPE;
use super::dto::USER;
use super::people::People;
use crate::comment;
use crate::result::RESULT;
use crate::task::seen;

const PAGES: Pages = Pages { usual: 50, most: 1000 };
/// Characters of a text.
const LONGEST: usize = 65_535;

/// What results look like.
static DTO: Dto = Dto {
    name: "ResultDto",
    properties: &[
        property("id", Type::Int).filterable().sortable(),
        property("taskId", Type::Int).filterable().required("ID of the task").immutable(),
        property("text", Type::String).required("Text").always(),
        property("authorId", Type::Int).of("createdBy").filterable().sortable(),
        property("author", Type::Object).relation(&USER),
        property("createdAt", Type::Moment).sortable(),
        property("updatedAt", Type::Moment).sortable(),
        property("status", Type::String).filterable().sortable(),
        property("fileIds", Type::Array).list_of("int"),
        property("rights", Type::Object),
        property("messageId", Type::Int).of("commentId").filterable().sortable(),
    ],
};

/// The message that becomes a result.
static OF_MESSAGE: Dto = Dto {
    name: "ResultDto",
    properties: &[
        property("messageId", Type::Int).required("ID of a message in the chat of a task"),
        property("fileIds", Type::Array),
    ],
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = || required("id", Kind::Int, "ID of the result");
    let fields = |members| required("fields", Kind::Fields, "Values by field").with_members(members);
    vec![
        write("tasks.task.result.add", SCOPE, add)
            .v3(Some(&DTO))
            .about("Adds a result to a task and returns it.")
            .param(fields(DTO.members(true)))
            .example(
                json!({"fields": {"taskId": 1, "text": "The desks are here"}}),
                json!({"item": {"taskId": 1, "status": "open", "messageId": null}}),
            ),
        write("tasks.task.result.addfromchatmessage", SCOPE, add_message)
            .v3(Some(&OF_MESSAGE))
            .about("Makes a message in the chat of a task its result, and returns it.")
            .param(fields(OF_MESSAGE.members(true)))
            .example(
                json!({"fields": {"messageId": comment::EXAMPLE}}),
                json!({"item": {"taskId": 1, "messageId": comment::EXAMPLE}}),
            ),
        read("tasks.task.result.list", SCOPE, list)
            .v3(Some(&DTO))
            .about("Lists the results of a task.")
            .lists(PAGES)
            .example(
                json!({"filter": [["taskId", 1]], "select": ["id", "text", "author.name"]}),
                json!({"items": [{"id": 1, "author": {"name": "*"}}]}),
            ),
        write("tasks.task.result.update", SCOPE, update)
            .v3(Some(&DTO))
            .about("Changes the text of a result and returns it.")
            .param(id())
            .param(fields(DTO.members(false)))
            .example(
                json!({"id": 1, "fields": {"text": "Signed"}}),
                json!({"item": {"id": 1, "text": "Signed"}}),
            ),
        write("tasks.task.result.delete", SCOPE, delete)
            .v3(Some(&DTO))
            .about("Deletes a result.")
            .param(id())
            .example(json!({"id": 1}), json!({"result": true})),
    ]
}

/// A text within bounds.
fn text(given: &Map) -> Result<String> {
    let text = given.get("text").and_then(Value::as_str).unwrap_or_default();
    if text.trim().is_empty() || text.chars().count() > LONGEST {
        let complaint = ("text".to_owned(), format!("The text must have 1 to {LONGEST} characters"));
        return Err(exception::object(vec![complaint]).into());
    }
    Ok(text.to_owned())
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let given = call.fields("fields");
    let task = given.get("taskId").and_then(Value::as_int).unwrap_or(0);
    if task <= 0 {
        return Err(exception::of_field("taskId", "Task id must be positive").into());
    }
    if seen(call, task)?.is_none() {
        return Err(exception::of_field("taskId", "Task not found").into());
    }
    let fields = Map::from([("TASK_ID", Value::from(task)), ("TEXT", text(&given)?.into())]);
    let row = noun::add(call, &RESULT, &RESULT.faces[0], &fields)?;
    one(call, row)
}

fn add_message(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.fields("fields").get("messageId").and_then(Value::as_int).unwrap_or(0);
    let Some((task, message)) = comment::numbered(call, id)? else {
        return Err(exception::of_field("messageId", "Message is not from task chat").into());
    };
    if !call.caller.is_admin && message.int("authorId") != Some(call.caller.user_id) {
        return Err(exception::access_denied().into());
    }
    let scope = RESULT.grant(call, Act::Read)?;
    if !noun::rows(call, &RESULT, &scope, &[("commentId", id.into())])?.is_empty() {
        return Err(exception::of_field("messageId", "Result already exists").into());
    }
    let fields = Map::from([
        ("TASK_ID", Value::from(task.number)),
        ("COMMENT_ID", message.number.into()),
        ("TEXT", message.text("text").into()),
    ]);
    let row = noun::add(call, &RESULT, &RESULT.faces[0], &fields)?;
    one(call, row)
}

/// A result that the caller wrote; administrators change those of others.
fn own(call: &mut Call<'_, '_>) -> Result<Row> {
    let scope = RESULT.grant(call, Act::Update)?;
    let found = noun::one(call, &RESULT, &scope, call.id("id"))?;
    let may = |row: &Row| is_own(call, row);
    Ok(found.filter(may).ok_or_else(exception::access_denied)?)
}

fn is_own(call: &Call<'_, '_>, row: &Row) -> bool {
    call.caller.is_admin || row.int("createdBy") == Some(call.caller.user_id)
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let (row, text) = (own(call)?, text(&call.fields("fields"))?);
    let changed =
        noun::amend(call, &RESULT, &RESULT.faces[0], row.number, &Map::from([("TEXT", text.into())]))?;
    one(call, changed.unwrap_or(row))
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = own(call)?;
    noun::clear(call, &RESULT, &[("id", row.number.into())])?;
    Ok(success())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let mut ask = Ask::read(call, &DTO, PAGES)?;
    let task = task_of(&ask.filter).ok_or_else(|| exception::filter_required("taskId"))?;
    if seen(call, task)?.is_none() {
        return Err(exception::access_denied().into());
    }
    states(&mut ask.filter);
    let (select, asked) = ask.rows();
    let scope = RESULT.grant(call, Act::Read)?;
    let rows = noun::asked(call, &RESULT, &scope, asked)?;
    Ok(items(show(call, &rows, &select)?))
}

/// The task that a filter asks for, among the conditions that must all hold.
fn task_of(filter: &Filter) -> Option<i64> {
    match filter {
        Filter::All(parts) => parts.iter().find_map(task_of),
        Filter::Test { op: wire::filter::Op::Eq, field, value } if field == "taskId" => value.as_int(),
        _ => None,
    }
}

/// Puts codes in the place of the names of states.
fn states(filter: &mut Filter) {
    let code = |value: &mut Value| {
        *value = match value.as_str() {
            Some("open") => Value::Int(0),
            Some("closed") => Value::Int(1),
            _ => Value::Int(-1),
        };
    };
    match filter {
        Filter::All(parts) | Filter::Any(parts) => parts.iter_mut().for_each(states),
        Filter::Test { field, value, .. } if field == "status" => match value {
            Value::List(list) => list.iter_mut().for_each(code),
            one => code(one),
        },
        Filter::Test { .. } => {}
    }
}

fn one(call: &mut Call<'_, '_>, row: Row) -> Result<Value> {
    Ok(item(show(call, &[row], &Select::default())?.pop().unwrap_or_default()))
}

fn show(call: &mut Call<'_, '_>, rows: &[Row], select: &Select) -> Result<Vec<Map>> {
    let people = match select.names("author") {
        true => People::find(call, rows.iter().filter_map(|row| row.int("createdBy")).collect())?,
        false => People::default(),
    };
    let moment = |at: Option<i64>| Value::from(at.map(|at| moment::print(&call.caller.zone, at)));
    let one = |row: &Row| {
        let may = is_own(call, row);
        let rights = Map::from([("edit", may.into()), ("remove", may.into())]);
        let changed = row.int("updatedAt").filter(|at| Some(*at) != row.int("createdAt"));
        let author = row.int("createdBy").unwrap_or(0);
        let values = Map::from([
            ("id", Value::Int(row.number)),
            ("taskId", row.int("taskId").into()),
            ("text", row.text("text").into()),
            ("authorId", author.into()),
            ("author", people.one(call, author, "author")),
            ("createdAt", moment(row.int("createdAt"))),
            ("updatedAt", moment(changed)),
            ("status", if row.int("status") == Some(1) { "closed" } else { "open" }.into()),
            ("fileIds", Value::List(Vec::new())),
            ("rights", rights.into()),
            ("messageId", row.int("commentId").filter(|id| *id > 0).into()),
        ]);
        select.show(&DTO, values)
    };
    Ok(rows.iter().map(one).collect())
}
