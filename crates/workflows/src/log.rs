//! `bizproc.activity.log`: lines that a handler writes about a workflow, for which it has a token.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::keys;
use engine::method::{self, Method, required, write};
use engine::moment;
use engine::noun::{self, Face, ID, Noun, Stamp, field, noun};
use serde_json::json;
use wire::{Fault, Map, Value};

use crate::{SCOPE, denied, instance};

/// Lines that one workflow has at most.
const MOST: i64 = 1000;

/// Lines about workflows.
pub static LOG: Noun = Noun {
    fields: &[
        ID,
        field("instanceId", Kind::Integer, "Number of the workflow").required().indexed(),
        field("message", Kind::Text, "Text").required(),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("createdBy", Kind::User, "Added by").stamped(Stamp::CreatedBy),
    ],
    faces: &[Face { verbs: &[], ..Face::legacy("bizproc.recorder.log") }],
    ..noun("workflows.log", "workflow_log", SCOPE, ["line of a workflow's log", "lines of workflows' logs"])
};

/// The method.
pub fn methods() -> Vec<Method> {
    vec![
        write("bizproc.activity.log", SCOPE, add)
            .own_words()
            .about("Writes a line into the log of a workflow.")
            .param(required("EVENT_TOKEN", method::Kind::Text, "Token of the workflow"))
            .param(required("LOG_MESSAGE", method::Kind::Text, "Text"))
            .example(json!({"EVENT_TOKEN": EXAMPLE, "LOG_MESSAGE": "Waiting for the answer"}), json!(true)),
    ]
}

/// The token of the workflow of the demo portal, as the keys of tests sign it.
const EXAMPLE: &str =
    "6a1d7440000000.00000001|A1|48c04a33113551e36a378289ca0d476c4b73b7aca91f2963acc449705bd057ed";

/// The token of a workflow.
pub fn token(call: &Call<'_, '_>, code: &str) -> String {
    let signature = call.core.keys.sign(format!("workflow|{code}").as_bytes());
    format!("{code}|A1|{}", keys::hex(&signature))
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let text = call.text("LOG_MESSAGE").filter(|text| !text.trim().is_empty());
    let text = text.ok_or_else(|| Fault::new(400, "ERROR_EMPTY_LOG_MESSAGE", "Empty log message!"))?;
    let given = call.text("EVENT_TOKEN").unwrap_or_default();
    let code = given.split('|').next().unwrap_or_default().to_owned();
    // Compared by their digests, so that time tells nothing of the signature.
    if keys::digest(token(call, &code).as_bytes()) != keys::digest(given.as_bytes()) {
        return Err(denied(400).into());
    }
    let found = instance::by_code(call, &code)?.filter(|row| row.text("running") == "Y");
    let instance = found.ok_or_else(|| denied(400))?;
    let sql = "SELECT COUNT(*) FROM workflow_log WHERE instance_id = ?";
    if call.tx.one(sql, &[instance.number.into()], |row| row.int(0))? >= Some(MOST) {
        return Err(Fault::crm("The log of the workflow is full").into());
    }
    let mut line = Map::with_capacity(2);
    line.push("INSTANCE_ID", instance.number);
    line.push("MESSAGE", text);
    noun::put(call, &LOG, &line)?;
    Ok(true.into())
}

/// The lines about a workflow, as the console shows them.
///
/// # Errors
/// Those of the store.
pub fn of(call: &mut Call<'_, '_>, instance: i64) -> Result<Vec<Value>> {
    let (mut lines, zone) = (Vec::new(), call.caller.zone.clone());
    let sql = "SELECT l.message, l.date_create, l.created_by FROM workflow_log l WHERE l.instance_id = ? ORDER BY l.id";
    call.tx.query(sql, &[instance.into()], |row| {
        let mut line = Map::with_capacity(3);
        line.push("message", row.opt_text(0)?.unwrap_or_default());
        line.push("date", moment::print(&zone, row.opt_int(1)?.unwrap_or(0)));
        line.push("userId", row.opt_int(2)?);
        lines.push(Value::from(line));
        Ok(())
    })?;
    Ok(lines)
}
