//! What was started: `bizproc.workflow.instances`, `terminate` and `kill`, and `bizproc.recorder.instance.*`, Portreeve's own,
//! which also show with what, and what became of it.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, optional, required, write};
use engine::noun::{self, Access, CONTROLLER_FAULTS, Face, Hooks, ID, Noun, Row, Stamp, Verb, field, noun};
use serde_json::json;
use store::Param;
use wire::order::Direction;
use wire::{Fault, Map, Value};

use crate::{SCOPE, denied, in_capitals, log, set, task, template};

const WIRE: Face = Face {
    verbs: &[(Verb::List, "instances"), (Verb::List, "instance.list")],
    about: &[(Verb::List, "Lists the workflows that run, 50 per page.")],
    order: &[("modified", Direction::Desc)],
    ..Face::legacy("bizproc.workflow")
};
const RECORDER: Face = Face {
    verbs: &[(Verb::Get, "get"), (Verb::List, "list"), (Verb::Delete, "delete")],
    about: &[
        (Verb::Get, "Returns a workflow with its parameters, tasks and log. Only in Portreeve."),
        (Verb::List, "Lists workflows that run or have ended, 50 per page. Only in Portreeve."),
        (Verb::Delete, "Deletes a workflow with its tasks. Only in Portreeve."),
    ],
    order: &[("id", Direction::Desc)],
    faults: CONTROLLER_FAULTS,
    ..Face::controller("bizproc.recorder.instance", "instance", "instances")
};

/// Workflows that were started.
pub static INSTANCE: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID.camel_only(),
        field("workflowId", Kind::String, "Workflow").upper("ID").indexed(),
        field("modified", Kind::DateTime, "Changed").stamped(Stamp::Changed).indexed(),
        field("ownedUntil", Kind::DateTime, "Locked until").read_only(),
        field("moduleId", Kind::String, "Module"),
        field("entity", Kind::String, "Class of the document"),
        field("documentId", Kind::String, "Document").indexed(),
        field("started", Kind::DateTime, "Started").stamped(Stamp::Created),
        field("startedBy", Kind::User, "Started by").stamped(Stamp::CreatedBy),
        field("templateId", Kind::Integer, "Template").indexed(),
        field("parameters", Kind::Json, "Parameters").camel_only(),
        field("running", Kind::Char, "Runs").default("Y").camel_only(),
        field("state", Kind::Text, "State").camel_only(),
        field("ended", Kind::DateTime, "Ended").camel_only(),
        field("templateName", Kind::String, "Name of the template").computed().camel_only(),
        field("documentName", Kind::String, "Name of the document").camel_only(),
        field("eventToken", Kind::String, "Token for bizproc.activity.log").computed().camel_only(),
        field("tasks", Kind::Json, "Tasks").computed().camel_only(),
        field("log", Kind::Json, "Log").computed().camel_only(),
    ],
    faces: &[RECORDER, WIRE],
    hooks: &Hook,
    ..noun("workflows.instance", "workflow_instance", SCOPE, ["workflow", "workflows"])
};

const USUAL: [&str; 3] = ["ID", "MODIFIED", "OWNED_UNTIL"];

struct Hook;

impl Hooks for Hook {
    /// What runs a workflow goes on with the original.
    fn is_copied(&self) -> bool {
        false
    }

    fn admit(&self, call: &mut Call<'_, '_>, face: &Face, _: Verb) -> Result<()> {
        if face.path != WIRE.path {
            return Ok(());
        }
        if !call.caller.is_admin {
            return Err(denied(403).into());
        }
        in_capitals(call);
        if call.param("SELECT").is_none_or(Value::is_empty) {
            set(call, "SELECT", USUAL.map(Value::from).to_vec().into());
        }
        Ok(())
    }

    fn within(&self, face: &Face) -> Option<&'static str> {
        (face.path == WIRE.path).then_some("t.running = 'Y'")
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        noun::clear(call, &task::TASK, &[("instanceId", row.number.into())])?;
        noun::clear(call, &log::LOG, &[("instanceId", row.number.into())])
    }

    fn show(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        rows: &[Row],
        maps: &mut [Map],
        whole: bool,
    ) -> Result<()> {
        if face.path == WIRE.path {
            return Ok(());
        }
        let templates = rows.iter().filter_map(|row| row.int("templateId"));
        let templates = noun::again_all(call, &template::TEMPLATE, templates)?;
        for (row, map) in rows.iter().zip(maps) {
            let template = row.int("templateId").and_then(|number| templates.get(&number));
            map.insert("templateName", template.map(|row| row.text("name")));
            map.insert("eventToken", log::token(call, row.text("workflowId")));
            map.insert("tasks", if whole { task::of(call, row.number)? } else { Vec::new() });
            map.insert("log", if whole { log::of(call, row.number)? } else { Vec::new() });
        }
        Ok(())
    }
}

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = || required("ID", method::Kind::Text, "Workflow");
    vec![
        write("bizproc.workflow.terminate", SCOPE, terminate)
            .own_words()
            .about("Ends a workflow; what is known of it stays.")
            .param(id())
            .param(optional("STATUS", method::Kind::Text, "State in which it ends"))
            .example(json!({"ID": EXAMPLE, "STATUS": "Not needed any more"}), json!(true)),
        write("bizproc.workflow.kill", SCOPE, kill)
            .own_words()
            .about("Deletes a workflow with everything that is known of it.")
            .param(id())
            .example(json!({"ID": EXAMPLE}), json!(true)),
    ]
}

/// A workflow, as one of the portal with the examples is called.
pub const EXAMPLE: &str = "6a1d7440000000.00000001";

/// The text by which a workflow is named: when it was started, in the hexadecimal digits of seconds and microseconds, and its
/// number.
pub fn code(call: &Call<'_, '_>, number: i64) -> String {
    let micros = call.now.0.rem_euclid(1_000_000);
    format!("{:08x}{micros:05x}0.{:08}", call.now.seconds(), number % 100_000_000)
}

/// The workflow that a call names.
fn named(call: &mut Call<'_, '_>) -> Result<Row> {
    if !call.caller.is_admin {
        return Err(denied(403).into());
    }
    let wrong = |text: &'static str| Fault::new(400, "ERROR_WRONG_WORKFLOW_ID", text);
    let code = call.text("ID").ok_or_else(|| wrong("Empty workflow instance ID"))?;
    Ok(by_code(call, &code)?.ok_or_else(|| wrong("Workflow not found"))?)
}

/// The workflow with that text.
///
/// # Errors
/// Those of the store.
pub fn by_code(call: &mut Call<'_, '_>, code: &str) -> Result<Option<Row>> {
    let sql = "SELECT id FROM workflow_instance WHERE workflow_id = ?";
    match call.tx.one(sql, &[Param::from(code.to_owned())], |row| row.int(0))? {
        Some(number) => noun::again(call, &INSTANCE, number),
        None => Ok(None),
    }
}

fn terminate(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = named(call)?;
    if row.text("running") == "Y" {
        let state = call.text("STATUS").unwrap_or_else(|| "Terminated".to_owned());
        noun::clear(call, &task::TASK, &[("instanceId", row.number.into()), ("status", 0.into())])?;
        end(call, row.number, &state)?;
    }
    Ok(true.into())
}

fn kill(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = named(call)?;
    noun::clear(call, &INSTANCE, &[("id", row.number.into())])?;
    Ok(true.into())
}

/// Ends a workflow in a state.
///
/// # Errors
/// Those of the store.
pub fn end(call: &mut Call<'_, '_>, number: i64, state: &str) -> Result<()> {
    let now = call.now.seconds();
    let sql = "UPDATE workflow_instance SET running = 'N', state = ?, ended = ?, modified = ? WHERE id = ?";
    let state: String = state.chars().take(1000).collect();
    call.tx.execute(sql, &[state.into(), now.into(), now.into(), number.into()])?;
    Ok(())
}
