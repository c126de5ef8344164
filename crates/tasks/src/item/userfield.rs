//! User fields of tasks: `task.item.userfield.*`.

use std::sync::Arc;

use engine::call::Call;
use engine::error::{Error, Result};
use engine::method::{Kind, Method, optional, read, required, write};
use engine::userfield::{self, MayRead};
use serde_json::{Value as Json, json};
use wire::{Fault, Value};

use crate::SCOPE;
use crate::task::USER_FIELDS;

/// The types that a field may have here.
const TYPES: [&str; 4] = ["string", "double", "datetime", "boolean"];

/// The fields that every portal has, which nobody changes: their numbers, names and types.
fn system() -> Vec<Json> {
    let one = |id: i64, name: &str, kind: &str, multiple: &str, settings: Json| {
        json!({
            "ID": id.to_string(), "ENTITY_ID": "TASKS_TASK", "FIELD_NAME": name, "USER_TYPE_ID": kind, "XML_ID": "",
            "SORT": "100", "MULTIPLE": multiple, "MANDATORY": "N", "SHOW_FILTER": "N", "SHOW_IN_LIST": "N",
            "EDIT_IN_LIST": "N", "IS_SEARCHABLE": "N", "SETTINGS": settings,
        })
    };
    let links = json!({"LEAD": "Y", "CONTACT": "Y", "COMPANY": "Y", "DEAL": "Y"});
    vec![
        one(-1, "UF_CRM_TASK", "crm", "Y", links),
        one(-2, "UF_TASK_WEBDAV_FILES", "disk_file", "Y", json!([])),
        one(-3, "UF_MAIL_MESSAGE", "mail_message", "N", json!([])),
    ]
}

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = || required("ID", Kind::Id, "ID of the field");
    let settings =
        |name| required(name, Kind::Fields, "Settings of the field; see task.item.userfield.getfields");
    let field = json!({"FIELD_NAME": "CLIENT_REQUEST", "USER_TYPE_ID": "string", "LABEL": "Client request"});
    let own = |method: Method| method.positional().own_words();
    vec![
        own(write("task.item.userfield.add", SCOPE, add))
            .about("Adds a custom field for tasks and returns its ID.")
            .param(settings("PARAMS"))
            .example(json!({"PARAMS": field}), json!("*")),
        own(read("task.item.userfield.get", SCOPE, get))
            .about("Returns a custom field of tasks.")
            .param(id())
            .example(json!({"ID": EXAMPLE}), json!({"FIELD_NAME": "UF_ROOM", "USER_TYPE_ID": "string"})),
        own(read("task.item.userfield.getlist", SCOPE, list))
            .about("Lists the custom fields of tasks, without paging.")
            .param(optional("ORDER", Kind::Order, "ASC or DESC by field"))
            .param(optional("FILTER", Kind::Filter, "Conditions by field"))
            .example(json!({"ORDER": {"SORT": "ASC"}}), json!("*")),
        own(write("task.item.userfield.update", SCOPE, update))
            .about("Updates a custom field of tasks. Its code, type and multiplicity cannot change.")
            .param(id())
            .param(settings("DATA"))
            .example(json!({"ID": EXAMPLE, "DATA": {"MANDATORY": "N", "SORT": 200}}), json!(true)),
        own(write("task.item.userfield.delete", SCOPE, delete))
            .lengthy()
            .about("Deletes a custom field of tasks together with its values.")
            .param(id())
            .example(json!({"ID": EXAMPLE}), json!(true)),
        read("task.item.userfield.gettypes", SCOPE, types)
            .about("Lists the types of custom fields.")
            .example(json!({}), json!("*")),
        read("task.item.userfield.getfields", SCOPE, |call| Ok(userfield::about_fields(call)))
            .about("Describes the settings of a custom field of tasks.")
            .example(json!({}), json!({"FIELD_NAME": {"type": "string"}})),
    ]
}

/// The field of the demo portal.
const EXAMPLE: i64 = 8;

/// Has the caller's words for the parameters be those of the engine.
fn rename(call: &mut Call<'_, '_>, from: &str, to: &str) {
    let value = call.params.remove(from).unwrap_or_default();
    call.params.insert(to, value);
}

/// Names in front that the engine's words lack.
fn require_admin(call: &Call<'_, '_>) -> Result<()> {
    if call.caller.is_admin { Ok(()) } else { Err(Fault::core("Access denied").into()) }
}

/// The number of the field that a call names.
fn named(call: &mut Call<'_, '_>) -> Result<()> {
    if call.param("ID").is_none_or(Value::is_empty) {
        return Err(Fault::core("ID is not defined or invalid").into());
    }
    if call.id("ID") <= 0 {
        return Err(Fault::core("ID is not defined or invalid").into());
    }
    rename(call, "ID", "id");
    Ok(())
}

/// The refusal of a field that is not there, without the full stop that others have.
fn worded(error: Error) -> Error {
    match error {
        Error::Fault(fault) if fault.code == "ERROR_NOT_FOUND" => {
            Fault::not_found(fault.message.trim_end_matches('.').to_owned()).into()
        }
        other => other,
    }
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    require_admin(call)?;
    let fields = call.fields("PARAMS");
    let text = |name: &str| fields.get_any_case(name).and_then(Value::text).unwrap_or_default().into_owned();
    let (kind, name) = (text("USER_TYPE_ID"), text("FIELD_NAME"));
    if kind.is_empty() {
        return Err(Fault::core("The 'USER_TYPE_ID' field is not found").into());
    }
    if !TYPES.contains(&kind.as_str()) {
        return Err(Fault::core("Invalid user type specified.").into());
    }
    if name.is_empty() {
        return Err(Fault::core("The 'FIELD_NAME' field is not found").into());
    }
    let code = name.to_ascii_uppercase();
    let code = if code.starts_with("UF_") { code } else { format!("UF_{code}") };
    let taken = call.meta.fielded(USER_FIELDS.number).is_some_and(|table| table.has(&code));
    if taken {
        return Err(Fault::core(format!("The field {code} for the object TASKS_TASK already exists.")).into());
    }
    rename(call, "PARAMS", "fields");
    userfield::add(call, USER_FIELDS.number)
}

fn everybody() -> MayRead {
    Arc::new(|_| Ok(()))
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    if call.param("ID").is_none() {
        return Err(Fault::core("No parameters found").into());
    }
    named(call)?;
    let shown = userfield::get(call, USER_FIELDS.number, &everybody()).map_err(worded)?;
    call.total = Some(0);
    Ok(shown)
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    rename(call, "ORDER", "order");
    rename(call, "FILTER", "filter");
    for name in ["order", "filter"] {
        if call.param(name).is_some_and(Value::is_empty) {
            call.params.remove(name);
        }
    }
    let asked = call.param("filter").cloned().unwrap_or_default();
    let Value::List(own) = userfield::list(call, USER_FIELDS.number, &everybody())? else {
        return Ok(Vec::new().into());
    };
    let matches = |field: &Json| {
        asked.entries().all(|(key, value)| {
            let (_, name) = wire::filter::split(&key);
            let known = field[name.to_ascii_uppercase().as_str()].as_str();
            value.each().filter_map(Value::text).any(|text| known == Some(&text))
        })
    };
    let mut all: Vec<Value> = system().into_iter().filter(matches).map(Value::from).collect();
    all.extend(own);
    call.total = Some(i64::try_from(all.len()).unwrap_or(0));
    Ok(all.into())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    require_admin(call)?;
    named(call)?;
    rename(call, "DATA", "fields");
    userfield::update(call, USER_FIELDS.number).map_err(worded)
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    require_admin(call)?;
    named(call)?;
    userfield::delete(call, USER_FIELDS.number).map_err(worded)
}

fn types(call: &mut Call<'_, '_>) -> Result<Value> {
    let types = userfield::types(call)?;
    call.total = Some(0);
    Ok(types)
}
