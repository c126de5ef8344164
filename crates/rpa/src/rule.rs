//! Automation rules of stages. A rule is a workflow template for the documents of a stage, which an administrator of the portal
//! makes; an item that comes to the stage starts it, and it raises tasks. `rpa.task.*` changes whom they are for, and ends rules.

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::error::{Result, refusal};
use engine::method::{self, Method, optional, write};
use engine::noun::{self, Noun, Row};
use serde_json::{Value as Json, json};
use wire::{Fault, Map, Value};

use crate::people::People;
use crate::process::{self, TYPE};
use crate::rights::process_of;
use crate::{SCOPE, stage, words};

/// The class of items among the documents of workflows.
pub const CLASS: &str = "Bitrix\\Rpa\\Integration\\Bizproc\\Document\\Item";

/// Templates, where there are workflows.
const TEMPLATES: &str = "workflows.template";

/// What a task is called in processes, by its kind.
const KINDS: [(&str, &str); 2] =
    [("ApproveActivity", "RpaApproveActivity"), ("ReviewActivity", "RpaReviewActivity")];

/// What a task of this kind is called here: approval, review, or else a request for information.
pub fn kind(activity: &str) -> &'static str {
    KINDS.iter().find(|(own, _)| *own == activity).map_or("RpaRequestActivity", |(_, kind)| kind)
}

/// The noun of that name, where there are workflows.
pub fn of_workflows(call: &Call<'_, '_>, name: &str) -> Option<&'static Noun> {
    call.core.modules.noun(name).map(|shape| shape.noun)
}

/// The rules of a stage.
///
/// # Errors
/// Those of the store.
pub fn of_stage(call: &mut Call<'_, '_>, process: i64, stage: i64) -> Result<Vec<Row>> {
    let Some(templates) = of_workflows(call, TEMPLATES) else { return Ok(Vec::new()) };
    let of = "t.module_id = 'rpa' AND t.document_type = ?";
    noun::which(call, templates, of, vec![format!("{process}:{stage}").into()], " ORDER BY t.id")
}

/// Starts the rules of the stage to which an item has come. One that cannot be started keeps nobody from moving items.
///
/// # Errors
/// Those of the store.
pub fn start(call: &mut Call<'_, '_>, item: &Row) -> Result<()> {
    let process = process_of(item);
    let document = format!("{process}:{}", item.number);
    for rule in of_stage(call, process, item.int("stageId").unwrap_or(0))? {
        let given = json!({"TEMPLATE_ID": rule.number, "DOCUMENT_ID": ["rpa", CLASS, document]});
        drop(refusal(call.ask("bizproc.workflow.start", given))?);
    }
    Ok(())
}

/// Ends the rules of a stage.
///
/// # Errors
/// Those of the store.
pub fn clear(call: &mut Call<'_, '_>, process: i64, stage: i64) -> Result<()> {
    let Some(templates) = of_workflows(call, TEMPLATES) else { return Ok(()) };
    let kind = format!("{process}:{stage}");
    noun::clear(call, templates, &[("moduleId", "rpa".into()), ("documentType", kind.into())])
}

/// The tasks that rules raise, as a stage shows them.
///
/// # Errors
/// Those of the store.
pub fn shown(call: &mut Call<'_, '_>, rules: &[Row]) -> Result<Vec<Value>> {
    let people = People::of(call, rules.iter().flat_map(users))?;
    let tasks = rules.iter().filter(|rule| !rule.text("taskName").is_empty());
    let show = |rule: &Row| {
        let users: Vec<Json> = users(rule).into_iter().filter_map(|user| people.member(user)).collect();
        Value::from(json!({
            "title": rule.text("taskName"), "robotType": kind(rule.text("taskActivity")), "robotName": name(rule),
            "canAppendResponsibles": true, "users": users,
        }))
    };
    Ok(tasks.map(show).collect())
}

/// What a rule is called: as the step of a workflow that raises its tasks.
fn name(rule: &Row) -> String {
    format!("A{}_1", rule.number)
}

/// The people whom the tasks of a rule are for, as far as they are named.
fn users(rule: &Row) -> Vec<i64> {
    let given = Value::from(rule.json("taskUsers"));
    given.items().filter_map(Value::as_int).collect()
}

/// The methods.
pub fn methods() -> Vec<Method> {
    let process = || optional("typeId", method::Kind::Id, "Process");
    let stage = || optional("stageId", method::Kind::Id, "Stage");
    let rule = || optional("robotName", method::Kind::Text, "Automation rule, as rpa.stage.get calls it");
    vec![
        write("rpa.task.addUser", SCOPE, add_user)
            .controller()
            .about("Adds a person to the task of an automation rule.")
            .param(process())
            .param(stage())
            .param(rule())
            .param(optional(
                "userValue",
                method::Kind::Text,
                "Person, with the ID in square brackets: Ines Weber [2]",
            ))
            .example(
                json!({"typeId": 1, "stageId": 1, "robotName": "A3_1", "userValue": "Ines Weber [2]"}),
                json!(true),
            ),
        write("rpa.task.delete", SCOPE, delete)
            .controller()
            .about("Deletes an automation rule of a stage with its tasks.")
            .param(process())
            .param(stage())
            .param(rule())
            .example(json!({"typeId": 1, "stageId": 1, "robotName": "A3_1"}), json!([])),
    ]
}

/// The rule that a request names, for who may change the process.
fn named(call: &mut Call<'_, '_>) -> Result<Row> {
    let process = call.id("typeId").into();
    let process = noun::find(call, &TYPE, &process::FACE, Act::Update, &[process])?.number;
    let stage = stage::of_process(call, process, call.id("stageId"))?.number;
    let wanted = call.text("robotName").unwrap_or_default();
    let found = of_stage(call, process, stage)?.into_iter().find(|rule| name(rule) == wanted);
    Ok(found.ok_or_else(|| words::missing("Automation rule not found"))?)
}

fn add_user(call: &mut Call<'_, '_>) -> Result<Value> {
    let rule = named(call)?;
    let given = call.text("userValue").unwrap_or_default();
    let number = given.trim_end().strip_suffix(']').and_then(|text| text.rsplit_once('[')).map(|(_, id)| id);
    let user = number.and_then(|id| id.trim().parse::<i64>().ok()).unwrap_or(0);
    if !directory::is_active(call.tx, user)? {
        return Err(Fault::invalid_value("userValue: there is no such person").into());
    }
    let mut users = rule.json("taskUsers").as_array().cloned().unwrap_or_default();
    if !self::users(&rule).contains(&user) {
        users.push(json!(user.to_string()));
    }
    if let Some(templates) = of_workflows(call, TEMPLATES) {
        let given = Map::from([("taskUsers", Value::from(Json::from(users)))]);
        noun::amend(call, templates, &templates.faces[0], rule.number, &given)?;
    }
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let rule = named(call)?;
    if let Some(templates) = of_workflows(call, TEMPLATES) {
        noun::clear(call, templates, &[("id", rule.number.into())])?;
    }
    Ok(Value::List(Vec::new()))
}
