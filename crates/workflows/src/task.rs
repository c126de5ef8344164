//! Tasks of workflows: `bizproc.task.*`. Each is for one person.

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, Param as Parameter, optional, required, write};
use engine::moment;
use engine::noun::{
    self, Access, Face, Faults, Grant, Hooks, ID, LEGACY_FAULTS, Noun, Refusal, Row, Rule, Stamp, Verb,
    field, noun,
};
use serde_json::{Value as Json, json};
use store::Param;
use wire::{Fault, Map, Value, filter, select};

use crate::document::Document;
use crate::instance::{self, INSTANCE};
use crate::template::TEMPLATE;
use crate::{SCOPE, denied, in_capitals, param, set};

/// Tasks that one call delegates at most.
const MANY: usize = 100;

const FAULTS: Faults =
    Faults { unreadable: Refusal::Coded("ACCESS_DENIED", "Access denied!"), ..LEGACY_FAULTS };

const START: Parameter = optional("start", method::Kind::Int, "Offset of the first row");

/// The methods' spelling.
pub const FACE: Face = Face {
    verbs: &[(Verb::List, "list")],
    about: &[(
        Verb::List,
        "Lists tasks of workflows, 50 per page; those of the caller unless the filter names others.",
    )],
    samples: || json!({"select": USUAL, "filter": {"USER_ID": 1, "STATUS": 0}}),
    params: &[(&[Verb::List], START)],
    faults: FAULTS,
    ..Face::legacy("bizproc.task")
};

/// Tasks. `status` is 0 while one runs, 1 after yes, 2 after no, and 3 after any other end; `userStatus` likewise, with 4 for a
/// cancellation.
pub static TASK: Noun = Noun {
    access: Access::Rule(&OfPerson),
    fields: &[
        field("entity", Kind::String, "Class of the document").computed(),
        field("documentId", Kind::String, "Document").computed(),
        ID,
        field("workflowId", Kind::String, "Workflow").computed(),
        field("documentName", Kind::String, "Name of the document").computed(),
        field("description", Kind::Text, "Description"),
        field("name", Kind::String, "Name"),
        field("modified", Kind::DateTime, "Changed").stamped(Stamp::Changed),
        field("workflowStarted", Kind::DateTime, "Workflow started").computed(),
        field("workflowStartedBy", Kind::User, "Workflow started by").computed(),
        field("overdueDate", Kind::DateTime, "Due"),
        field("workflowTemplateId", Kind::Integer, "Template").computed(),
        field("workflowTemplateName", Kind::String, "Name of the template").computed(),
        field("workflowState", Kind::String, "State of the workflow").computed(),
        field("status", Kind::Integer, "Status").default("0").indexed(),
        field("userId", Kind::User, "User").indexed(),
        field("userStatus", Kind::Integer, "What the user did").default("0"),
        field("moduleId", Kind::String, "Module").computed(),
        field("activity", Kind::String, "Kind"),
        field("activityName", Kind::String, "Name of the step"),
        field("parameters", Kind::Json, "Labels and fields"),
        field("documentUrl", Kind::String, "Page of the document").computed(),
        field("instanceId", Kind::Integer, "Number of the workflow").camel_only().indexed(),
        field("comment", Kind::Text, "Comment").camel_only(),
        field("answers", Kind::Json, "Values of fields").camel_only(),
    ],
    faces: &[CAMEL, FACE],
    hooks: &Hook,
    ..noun("workflows.task", "workflow_task", SCOPE, ["workflow task", "workflow tasks"])
};

/// What tasks are written with. It has no methods.
const CAMEL: Face = Face { verbs: &[], ..Face::controller("bizproc.recorder.task", "task", "tasks") };

/// What a list shows that selects nothing.
const USUAL: [&str; 7] =
    ["ENTITY", "DOCUMENT_ID", "ID", "WORKFLOW_ID", "DOCUMENT_NAME", "NAME", "DOCUMENT_URL"];

/// One's own, those of the people whom one leads, and all for administrators; one does one's own.
#[derive(Debug)]
struct OfPerson;

impl Rule for OfPerson {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let me = call.caller.user_id;
        Ok(match act {
            Act::Read | Act::Export if call.caller.is_admin => Grant::All,
            Act::Read | Act::Export => {
                let people: Vec<i64> = [me].into_iter().chain(call.meta.directory.people_of(me)).collect();
                let sql = format!("t.user_id IN ({})", store::placeholders(people.len()));
                Grant::Where(sql, people.into_iter().map(Param::from).collect())
            }
            Act::Update => Grant::Where("t.user_id = ?".to_owned(), vec![me.into()]),
            Act::Add | Act::Import | Act::Delete => Grant::Nothing,
        })
    }
}

struct Hook;

impl Hooks for Hook {
    /// Tasks belong to workflows that go on with the original.
    fn is_copied(&self) -> bool {
        false
    }

    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, _: Verb) -> Result<()> {
        in_capitals(call);
        match call.param("SELECT").cloned() {
            Some(given) if !given.is_empty() => {
                let is_known =
                    |name: &str| name == "*" || TASK.fields.iter().any(|field| field.upper_name() == name);
                let names = select::parse(&given);
                if names.is_empty() || !names.iter().any(|name| is_known(&name.to_ascii_uppercase())) {
                    let text = "Invalid data in SELECT parameter";
                    return Err(Fault::new(400, "ERROR_SELECT_VALIDATION_FAILURE", text).into());
                }
            }
            _ => set(call, "SELECT", USUAL.map(Value::from).to_vec().into()),
        }
        let mut tests = call.fields("FILTER");
        let me = call.caller.user_id;
        let named: Vec<i64> = tests
            .iter()
            .filter(|(key, _)| filter::split(key).1 == "USER_ID")
            .flat_map(|(_, value)| value.each().map(|user| user.as_int().unwrap_or(0)).collect::<Vec<_>>())
            .collect();
        if call.caller.is_admin {
            return Ok(());
        }
        if named.is_empty() {
            tests.insert("USER_ID", me);
            set(call, "FILTER", tests.into());
        }
        let directory = &call.meta.directory;
        if named.iter().any(|user| *user != me && !directory.is_above(me, *user)) {
            return Err(denied(400).into());
        }
        Ok(())
    }

    fn show(&self, call: &mut Call<'_, '_>, _: &Face, rows: &[Row], maps: &mut [Map], _: bool) -> Result<()> {
        let instances = rows.iter().filter_map(|row| row.int("instanceId"));
        let instances = noun::again_all(call, &INSTANCE, instances)?;
        let templates = instances.values().filter_map(|instance| instance.int("templateId"));
        let templates = noun::again_all(call, &TEMPLATE, templates)?;
        for (row, map) in rows.iter().zip(maps) {
            let Some(instance) = row.int("instanceId").and_then(|number| instances.get(&number)) else {
                continue;
            };
            let text = |name: &str| instance.text(name).to_owned();
            let document =
                Document { module: text("moduleId"), entity: text("entity"), id: text("documentId") };
            let template = instance.int("templateId").unwrap_or(0);
            let runs = instance.text("running") == "Y";
            map.insert("ENTITY", document.entity.as_str());
            map.insert("DOCUMENT_ID", document.id.as_str());
            map.insert("WORKFLOW_ID", text("workflowId"));
            map.insert("DOCUMENT_NAME", text("documentName"));
            map.insert(
                "WORKFLOW_STARTED",
                moment::print(&call.caller.zone, instance.int("started").unwrap_or(0)),
            );
            map.insert("WORKFLOW_STARTED_BY", instance.int("startedBy").unwrap_or(0).to_string());
            map.insert("WORKFLOW_TEMPLATE_ID", template.to_string());
            map.insert("WORKFLOW_TEMPLATE_NAME", templates.get(&template).map_or("", |row| row.text("name")));
            map.insert("WORKFLOW_STATE", if runs { row.text("name").to_owned() } else { text("state") });
            map.insert("MODULE_ID", document.module.as_str());
            map.insert("DOCUMENT_URL", document.link());
        }
        Ok(())
    }
}

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("bizproc.task.complete", SCOPE, complete)
            .own_words()
            .about("Completes a task of the caller.")
            .param(required("TASK_ID", method::Kind::Id, "Task"))
            .param(required("STATUS", method::Kind::Any, "1 yes, 2 no, 3 ok, 4 cancel"))
            .param(optional("COMMENT", method::Kind::Text, "Comment"))
            .param(optional("FIELDS", method::Kind::Fields, "Values of the task's fields"))
            .example(json!({"TASK_ID": 1, "STATUS": 1, "COMMENT": "Fine"}), json!(true)),
        write("bizproc.task.delegate", SCOPE, delegate)
            .own_words()
            .about("Gives tasks of a person to another one.")
            .param(required("TASK_IDS", method::Kind::List, "Tasks"))
            .param(required("FROM_USER_ID", method::Kind::Id, "User whose tasks they are"))
            .param(required("TO_USER_ID", method::Kind::Id, "User who is to do them"))
            .example(json!({"TASK_IDS": [1], "FROM_USER_ID": 1, "TO_USER_ID": 2}), json!(true)),
    ]
}

fn refusal(code: &'static str, text: impl Into<std::borrow::Cow<'static, str>>) -> Fault {
    Fault::new(400, code, text)
}

fn complete(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.id("TASK_ID");
    if id <= 0 {
        return Err(refusal("ERROR_TASK_VALIDATION", "empty TASK_ID").into());
    }
    let incorrect = || refusal("ERROR_TASK_VALIDATION", "incorrect STATUS");
    let given = call.text("STATUS").unwrap_or_default().to_ascii_lowercase();
    let status = match given.trim() {
        "1" | "yes" => 1,
        "2" | "no" => 2,
        "3" | "ok" => 3,
        "4" | "cancel" => 4,
        _ => return Err(incorrect().into()),
    };
    let scope = TASK.grant(call, Act::Update)?;
    let task = noun::one(call, &TASK, &scope, id)?;
    let task = task.ok_or_else(|| refusal("ERROR_TASK_NOT_FOUND", "Task not found"))?;
    if task.int("status") != Some(0) {
        return Err(refusal("ERROR_TASK_COMPLETED", "Task already completed").into());
    }
    let allowed: &[i64] = match task.text("activity") {
        "ApproveActivity" => &[1, 2],
        "ReviewActivity" | "RequestInformationActivity" => &[3],
        "RequestInformationOptionalActivity" => &[3, 4],
        _ => return Err(refusal("ERROR_TASK_TYPE", "Incorrect task type").into()),
    };
    if !allowed.contains(&status) {
        return Err(incorrect().into());
    }
    let comment = call.text("COMMENT").unwrap_or_default();
    let answers = answers(call, &task, status, &comment)?;
    let mut done = Map::with_capacity(4);
    done.push("status", if status == 4 { 2 } else { status });
    done.push("userStatus", status);
    done.push("comment", comment);
    done.push("answers", Value::from(answers));
    noun::amend(call, &TASK, &CAMEL, task.number, &done)?;
    follow(call, task.int("instanceId").unwrap_or(0))?;
    Ok(true.into())
}

/// What a person gives for the fields of a task; a refusal when something is missing.
fn answers(call: &mut Call<'_, '_>, task: &Row, status: i64, comment: &str) -> Result<Json> {
    let about = task.json("parameters");
    if about["CommentRequired"] == "Y" && comment.trim().is_empty() {
        return Err(refusal("ERROR_TASK_EXECUTION", "The comment is required").into());
    }
    let fields = about["Fields"].as_array().cloned().unwrap_or_default();
    if status != 3 || fields.is_empty() {
        return Ok(Json::Null);
    }
    let given = call.fields("FIELDS");
    let declared: serde_json::Map<String, Json> =
        fields.iter().filter_map(|field| Some((field["Id"].as_str()?.to_owned(), field.clone()))).collect();
    param::values(call, &declared.into(), &given).map_err(|error| match error {
        engine::Error::Fault(fault) => refusal("ERROR_TASK_EXECUTION", fault.message).into(),
        other => other,
    })
}

/// Ends a workflow whose tasks are all done.
fn follow(call: &mut Call<'_, '_>, instance: i64) -> Result<()> {
    let sql = "SELECT id FROM workflow_task WHERE instance_id = ? AND status = 0 LIMIT 1";
    if call.tx.one(sql, &[instance.into()], |row| row.int(0))?.is_some() {
        return Ok(());
    }
    let sql = "SELECT id FROM workflow_task WHERE instance_id = ? AND status = 2 LIMIT 1";
    let is_refused = call.tx.one(sql, &[instance.into()], |row| row.int(0))?.is_some();
    instance::end(call, instance, if is_refused { "Rejected" } else { "Completed" })
}

fn delegate(call: &mut Call<'_, '_>) -> Result<Value> {
    let given = call.param("TASK_IDS").cloned().unwrap_or_default();
    let tasks: Vec<i64> = given.each().map(|id| id.as_int().unwrap_or(0)).collect();
    if tasks.is_empty() || tasks.len() > MANY || tasks.iter().any(|id| *id <= 0) {
        return Err(refusal("ERROR_TASK_VALIDATION", "Invalid TASK_IDS").into());
    }
    let (from, to) = (call.id("FROM_USER_ID"), call.id("TO_USER_ID"));
    if from <= 0 || !directory::exists(call.tx, from)? {
        return Err(refusal("ERROR_INVALID_USER_ID", "Invalid FROM_USER_ID").into());
    }
    if to <= 0 || !directory::is_active(call.tx, to)? {
        return Err(refusal("ERROR_INVALID_USER_ID", "Invalid TO_USER_ID").into());
    }
    let not_theirs = || refusal("ERROR_DELEGATION_NOT_ALLOWED", "User is not responsible for the task");
    if from != call.caller.user_id && !call.caller.is_admin {
        return Err(not_theirs().into());
    }
    for id in tasks {
        let task = noun::again(call, &TASK, id)?;
        let is_theirs = |task: &Row| task.int("userId") == Some(from) && task.int("status") == Some(0);
        let task = task.filter(is_theirs).ok_or_else(not_theirs)?;
        let mut given = Map::with_capacity(1);
        given.push("userId", to);
        noun::amend(call, &TASK, &CAMEL, task.number, &given)?;
    }
    Ok(true.into())
}

/// The tasks of a workflow, as the console shows them.
///
/// # Errors
/// Those of the store.
pub fn of(call: &mut Call<'_, '_>, instance: i64) -> Result<Vec<Value>> {
    let mut tasks = Vec::new();
    let sql = "SELECT t.id, t.name, t.user_id, t.status, t.user_status, t.comment, t.answers, t.activity FROM workflow_task t \
               WHERE t.instance_id = ? ORDER BY t.id";
    call.tx.query(sql, &[instance.into()], |row| {
        let answers = row.opt_text(6)?.and_then(|text| serde_json::from_str::<Json>(text).ok());
        let mut task = Map::with_capacity(8);
        task.push("id", row.int(0)?);
        task.push("name", row.opt_text(1)?.unwrap_or_default());
        task.push("userId", row.opt_int(2)?);
        task.push("status", row.opt_int(3)?);
        task.push("userStatus", row.opt_int(4)?);
        task.push("comment", row.opt_text(5)?.unwrap_or_default());
        task.push("answers", answers.map(Value::from).unwrap_or_default());
        task.push("activity", row.opt_text(7)?.unwrap_or_default());
        tasks.push(Value::from(task));
        Ok(())
    })?;
    Ok(tasks)
}
