//! `tasks.template.add`, `get`, `update`, `delete` and `fields`, and `tasks.template.make`.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind as FieldKind;
use engine::error::Result;
use engine::method::{Kind, Method, Param, optional, read, required, write};
use engine::noun::{self, Row};
use engine::texts::Topic;
use serde_json::{Value as Json, json};
use wire::{Fault, Map, Value};

use super::{FACE, TEMPLATE, make, show};
use crate::SCOPE;

/// The parameter that names a template.
pub const TEMPLATE_ID: Param = required("templateId", Kind::Id, "ID of the template");

/// The methods.
pub fn methods() -> Vec<Method> {
    let fields = || required("fields", Kind::Fields, "Values by field").with_members(members());
    vec![
        write("tasks.template.add", SCOPE, add)
            .own_words()
            .about("Adds a template of tasks and returns its ID.")
            .param(fields())
            .example(json!({"fields": {"TITLE": "Weekly report", "RESPONSIBLE_ID": 1}}), json!("*")),
        read("tasks.template.get", SCOPE, get)
            .own_words()
            .about("Returns a template of tasks; nothing for one that is not the user's.")
            .param(TEMPLATE_ID)
            .param(optional("params", Kind::Fields, "Not used"))
            .example(json!({"templateId": 1}), json!({"ID": "1", "TITLE": "*", "REPLICATE": "Y"})),
        write("tasks.template.update", SCOPE, update)
            .own_words()
            .about("Updates the given fields of a template of tasks.")
            .param(TEMPLATE_ID)
            .param(fields())
            .example(json!({"templateId": 1, "fields": {"PRIORITY": 2}}), json!(true)),
        write("tasks.template.delete", SCOPE, delete)
            .own_words()
            .about("Deletes a template of tasks. The answer is false in any case.")
            .param(TEMPLATE_ID)
            .example(json!({"templateId": 1}), json!(false)),
        read("tasks.template.fields", SCOPE, |call| Ok(describe(call)))
            .about("Describes the fields of a template of tasks.")
            .example(json!({}), json!({"TITLE": {"type": "string", "required": true}})),
        write("tasks.template.make", SCOPE, make_tasks)
            .own_words()
            .about("Makes the tasks of a template and returns their IDs.")
            .param(TEMPLATE_ID)
            .example(json!({"templateId": 1}), json!("*")),
    ]
}

fn members() -> Vec<Param> {
    let open = TEMPLATE.fields.iter().filter(|field| !field.read_only);
    let member = |field: &'static noun::Field| {
        let kind = match field.kind {
            _ if field.multiple => Kind::List,
            FieldKind::Integer | FieldKind::User => Kind::Int,
            FieldKind::Char => Kind::Flag,
            FieldKind::Json => Kind::Fields,
            _ => Kind::Text,
        };
        Param { name: field.upper_name().into(), ..optional("", kind, field.title) }
    };
    let files = optional("UF_TASK_WEBDAV_FILES", Kind::List, "Files");
    open.map(member).chain([files]).collect()
}

/// The number of the template that a request names.
pub fn template_id(call: &Call<'_, '_>) -> Result<i64> {
    let given = call.param("templateId").filter(|given| !given.is_empty());
    let given = given.ok_or_else(|| Fault::missing_parameter("templateId"))?;
    let whole = given.text().and_then(|text| text.trim().parse::<i64>().ok());
    let text = "Invalid value {} to match with parameter {templateId}. Should be value of type int.";
    Ok(whole.ok_or_else(|| Fault::new(400, "100", text))?)
}

/// The fields of a request.
pub fn fields(call: &Call<'_, '_>) -> Result<Map> {
    let given = call.param("fields").filter(|given| given.is_array());
    Ok(given.cloned().and_then(Value::into_map).ok_or_else(|| Fault::missing_parameter("fields"))?)
}

/// A template, as far as it is the caller's.
pub fn seen(call: &mut Call<'_, '_>, id: i64) -> Result<Option<Row>> {
    let scope = TEMPLATE.grant(call, Act::Read)?;
    noun::one(call, &TEMPLATE, &scope, id)
}

fn denied() -> Fault {
    Fault::numbered(400, 0, "Access denied")
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let given = fields(call)?;
    Ok(noun::add(call, &TEMPLATE, &FACE, &given)?.number.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = template_id(call)?;
    match seen(call, id)? {
        Some(row) => Ok(show::show(call, &row)?.into()),
        None => Ok(Value::List(Vec::new())),
    }
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, given) = (template_id(call)?, fields(call)?);
    let row = seen(call, id)?.ok_or_else(denied)?;
    noun::update(call, &TEMPLATE, &FACE, &[row.number.into()], &given)?;
    Ok(true.into())
}

/// The answer is that of the real system.
fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = template_id(call)?;
    if let Some(row) = seen(call, id)? {
        noun::delete(call, &TEMPLATE, &FACE, &[row.number.into()])?;
    }
    Ok(false.into())
}

fn make_tasks(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = template_id(call)?;
    let row = seen(call, id)?.ok_or_else(denied)?;
    let made = make::make(call, &row)?;
    if let Some(row) = noun::again(call, &TEMPLATE, id)? {
        make::schedule(call, &row)?;
    }
    Ok(made.into_iter().map(Value::Int).collect::<Vec<_>>().into())
}

/// The fields with what `tasks.template.fields` says of them.
fn describe(call: &Call<'_, '_>) -> Value {
    let mut all = Map::with_capacity(TEMPLATE.fields.len());
    for field in TEMPLATE.fields {
        let code = field.upper_name();
        if [
            "descriptionInBbcode",
            "tags",
            "taskId",
            "matchWorkTime",
            "allowChangeDeadline",
            "allowTimeTracking",
        ]
        .contains(&field.name)
        {
            continue;
        }
        let kind = match (field.name, field.kind) {
            ("priority" | "status" | "tparamType", _) | (_, FieldKind::Char) => "enum",
            ("ufCrmTask", _) => "crm",
            ("ufTaskWebdavFiles", _) => "disk_file",
            ("deadlineAfter" | "startDatePlanAfter" | "endDatePlanAfter", _) => "datetime",
            ("dependsOn", _) => "integer",
            _ if field.multiple => "array",
            (_, FieldKind::Integer | FieldKind::User) => "integer",
            _ => "string",
        };
        let mut map = Map::with_capacity(4);
        map.push("title", call.language.text(Topic::Fields, field.title));
        map.push("type", kind);
        match field.name {
            "id" => map.push("primary", true),
            "title" | "createdBy" | "responsibleId" | "dependsOn" => map.push("required", true),
            _ => {}
        }
        match (field.name, field.kind) {
            ("priority", _) => map.push("values", Value::from(json!({"2": null, "1": null, "0": null}))),
            ("status", _) => {
                map.push(
                    "values",
                    Value::from(json!({"2": null, "3": null, "4": null, "5": null, "6": null})),
                );
            }
            ("tparamType", _) => map.push("values", Value::from(json!({"1": "Yes", "0": "No"}))),
            (_, FieldKind::Char) => map.push("values", Value::from(json!({"Y": "Yes", "N": "No"}))),
            _ => {}
        }
        if let Some(usual) = field.default {
            let usual = usual.parse::<i64>().map_or_else(|_| json!(usual), |number| json!(number));
            map.push("default", Value::from(usual));
        } else if ["xmlId", "deadlineAfter", "startDatePlanAfter", "endDatePlanAfter"].contains(&field.name) {
            map.push("default", Value::Null);
        }
        all.push(code, map);
        if field.name == "baseTemplateId" {
            let title = call.language.text(Topic::Fields, "Templates below it");
            all.push(
                "TEMPLATE_CHILDREN_COUNT",
                Value::from(json!({"title": title, "type": "integer", "default": Json::Null})),
            );
        }
    }
    all.into()
}
