//! Automation rules of stages. A rule is a workflow template for the documents of a stage, which an administrator of the portal
//! makes; an item that comes to the stage starts it, and it raises tasks.

use engine::call::Call;
use engine::error::{Result, refusal};
use engine::noun::{self, Noun, Row};
use serde_json::{Value as Json, json};
use wire::Value;

use crate::people::People;
use crate::rights::process_of;

/// The class of items among the documents of workflows.
pub const CLASS: &str = "Bitrix\\Rpa\\Integration\\Bizproc\\Document\\Item";

/// Templates, where there are workflows.
pub const TEMPLATES: &str = "workflows.template";

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

/// What an item is called as the document of a workflow.
pub fn document(item: &Row) -> String {
    format!("{}:{}", process_of(item), item.number)
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
    let document = document(item);
    for rule in of_stage(call, process_of(item), item.int("stageId").unwrap_or(0))? {
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
pub fn name(rule: &Row) -> String {
    format!("A{}_1", rule.number)
}

/// The people whom the tasks of a rule are for, as far as they are named.
pub fn users(rule: &Row) -> Vec<i64> {
    let given = Value::from(rule.json("taskUsers"));
    given.items().filter_map(Value::as_int).collect()
}
