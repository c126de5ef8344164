//! `rpa.task.addUser` and `rpa.task.delete`: whom the tasks of an [automation rule](crate::rule) are for, and its end.

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::method::{self, Method, optional, write};
use engine::noun::{self, Row};
use serde_json::{Value as Json, json};
use wire::{Fault, Map, Value};

use crate::process::{self, TYPE};
use crate::rule::{self, TEMPLATES, of_workflows};
use crate::{SCOPE, stage, words};

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
    let found = rule::of_stage(call, process, stage)?.into_iter().find(|found| rule::name(found) == wanted);
    Ok(found.ok_or_else(|| words::missing("Automation rule not found"))?)
}

fn add_user(call: &mut Call<'_, '_>) -> Result<Value> {
    let found = named(call)?;
    let given = call.text("userValue").unwrap_or_default();
    let number = given.trim_end().strip_suffix(']').and_then(|text| text.rsplit_once('[')).map(|(_, id)| id);
    let user = number.and_then(|id| id.trim().parse::<i64>().ok()).unwrap_or(0);
    if !directory::is_active(call.tx, user)? {
        return Err(Fault::invalid_value("userValue: there is no such person").into());
    }
    let mut users = found.json("taskUsers").as_array().cloned().unwrap_or_default();
    if !rule::users(&found).contains(&user) {
        users.push(json!(user.to_string()));
    }
    if let Some(templates) = of_workflows(call, TEMPLATES) {
        let given = Map::from([("taskUsers", Value::from(Json::from(users)))]);
        noun::amend(call, templates, &templates.faces[0], found.number, &given)?;
    }
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let found = named(call)?;
    if let Some(templates) = of_workflows(call, TEMPLATES) {
        noun::clear(call, templates, &[("id", found.number.into())])?;
    }
    Ok(Value::List(Vec::new()))
}
