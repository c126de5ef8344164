//! Templates: `bizproc.workflow.template.list`, and `bizproc.recorder.template.*`, Portreeve's own, by which administrators make
//! them: those of the real system need an application.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method;
use engine::noun::{
    Access, CONTROLLER_FAULTS, CRUD, Draft, Face, Faults, Hooks, ID, LEGACY_FAULTS, Noun, Refusal, Row,
    Stamp, Verb, field, noun,
};
use serde_json::{Value as Json, json};
use store::Param;
use wire::order::Direction;
use wire::{Fault, Map, Value};

use crate::{SCOPE, document, in_capitals, instance, param, set};

/// People whom the task of a template is for.
const PEOPLE: usize = 20;

/// Kinds of tasks.
pub const ACTIVITIES: &[&str] = &[
    "ApproveActivity",
    "ReviewActivity",
    "RequestInformationActivity",
    "RequestInformationOptionalActivity",
];

const FAULTS: Faults =
    Faults { unreadable: Refusal::Coded("ACCESS_DENIED", "Access denied!"), ..LEGACY_FAULTS };

const WIRE: Face = Face {
    verbs: &[(Verb::List, "list")],
    about: &[(Verb::List, "Lists workflow templates by filter, 50 per page.")],
    order: &[("id", Direction::Asc)],
    samples: || json!({"select": ["ID", "NAME", "USER_ID", "SYSTEM_CODE"]}),
    faults: FAULTS,
    ..Face::legacy("bizproc.workflow.template")
};
/// Portreeve's own.
pub const RECORDER: Face = Face {
    verbs: CRUD,
    about: &[
        (Verb::Add, "Adds a workflow template. Only in Portreeve."),
        (Verb::Get, "Returns a workflow template. Only in Portreeve."),
        (Verb::List, "Lists workflow templates with their tasks, 50 per page. Only in Portreeve."),
        (Verb::Update, "Updates the given fields of a workflow template. Only in Portreeve."),
        (
            Verb::Delete,
            "Deletes a workflow template with everything that was started by it. Only in Portreeve.",
        ),
    ],
    faults: CONTROLLER_FAULTS,
    ..Face::controller("bizproc.recorder.template", "template", "templates")
};

/// Templates. `ends` says whether what is started ends at once or runs until somebody ends it, or its tasks are done.
pub static TEMPLATE: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("moduleId", Kind::String, "Module").required().sample("crm"),
        field("entity", Kind::String, "Class of documents").required().sample("CCrmDocumentLead"),
        field("documentType", Kind::String, "Type of documents").required().sample("LEAD"),
        field("autoExecute", Kind::Integer, "Started by changes; nothing is").default("0").read_only(),
        field("name", Kind::String, "Name").trimmed().required().sample("Call back"),
        field("description", Kind::Text, "Description"),
        field("template", Kind::Json, "Steps").computed().upper_only(),
        field("parameters", Kind::Json, "Parameters"),
        field("variables", Kind::Json, "Variables").computed(),
        field("constants", Kind::Json, "Constants").computed(),
        field("modified", Kind::DateTime, "Changed").stamped(Stamp::Changed),
        field("isModified", Kind::Char, "Changed since it was added").default("N").read_only(),
        field("userId", Kind::User, "Added by").stamped(Stamp::CreatedBy),
        field("systemCode", Kind::String, "Code").sample("callback"),
        field("ends", Kind::Char, "Ends at once").default("Y").camel_only(),
        field("taskName", Kind::String, "Task").camel_only(),
        field("taskDescription", Kind::Text, "Description of the task").camel_only(),
        field("taskActivity", Kind::Choice(ACTIVITIES), "Kind of the task")
            .default("ApproveActivity")
            .camel_only(),
        field("taskUsers", Kind::Json, "People of the task: user IDs, starter, or a parameter").camel_only(),
        field("taskFields", Kind::Json, "Fields of the task").camel_only(),
        field("taskComment", Kind::Char, "The task needs a comment").default("N").camel_only(),
    ],
    faces: &[RECORDER, WIRE],
    hooks: &Hook,
    ..noun("workflows.template", "workflow_template", SCOPE, ["workflow template", "workflow templates"])
};

/// What a list shows that selects nothing.
const USUAL: &str = "ID";

struct Hook;

impl Hooks for Hook {
    fn admit(&self, call: &mut Call<'_, '_>, face: &Face, verb: Verb) -> Result<()> {
        if face.path == WIRE.path && verb == Verb::List {
            in_capitals(call);
            if call.param("SELECT").is_none_or(Value::is_empty) {
                set(call, "SELECT", vec![Value::from(USUAL)].into());
            }
        }
        Ok(())
    }

    fn prepare(
        &self,
        _: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        let text = |name: &str| match draft.after(old, name) {
            Param::Text(text) => text.to_string(),
            _ => String::new(),
        };
        let json = |name: &str| serde_json::from_str::<Json>(&text(name)).unwrap_or_default();
        let unfit = |name: &str| (face.faults.invalid)(name);
        let (module, entity, kind) = (text("moduleId"), text("entity"), text("documentType"));
        // What is missing is refused as such.
        let named = ![&module, &entity, &kind].iter().any(|part| part.is_empty());
        if named && !document::is_type(&module, &entity, &kind) {
            return Err(unfit("documentType").into());
        }
        for name in ["parameters", "taskFields"] {
            if !param::are_fit(&json(name)) {
                return Err(unfit(name).into());
            }
        }
        let people = json("taskUsers");
        let is_fit = match &people {
            Json::Null => true,
            Json::Array(people) => {
                people.len() <= PEOPLE && people.iter().all(|one| one.is_string() || one.is_i64())
            }
            _ => false,
        };
        if !is_fit {
            return Err(unfit("taskUsers").into());
        }
        if old.is_some() {
            draft.set("isModified", "Y".to_owned());
        }
        Ok(())
    }

    /// What was started by it goes with it.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        engine::noun::clear(call, &instance::INSTANCE, &[("templateId", row.number.into())])
    }

    fn show(&self, _: &mut Call<'_, '_>, face: &Face, rows: &[Row], maps: &mut [Map], _: bool) -> Result<()> {
        let nothing = || Value::List(Vec::new());
        for (row, map) in rows.iter().zip(maps) {
            if face.path == WIRE.path {
                let kind = ["moduleId", "entity", "documentType"].map(|name| Value::from(row.text(name)));
                map.insert("DOCUMENT_TYPE", kind.to_vec());
                for name in ["TEMPLATE", "VARIABLES", "CONSTANTS"] {
                    map.insert(name, nothing());
                }
                if row.json("parameters").is_null() {
                    map.insert("PARAMETERS", nothing());
                }
            } else {
                map.insert("variables", nothing());
                map.insert("constants", nothing());
            }
        }
        Ok(())
    }
}

/// The template that a start names.
///
/// # Errors
/// That there is none.
pub fn named(call: &mut Call<'_, '_>) -> Result<Row> {
    let wrong = |text: &'static str| Fault::new(400, "ERROR_WRONG_WORKFLOW_ID", text);
    let given = call.param("TEMPLATE_ID").filter(|given| given.is_truthy());
    let id = given.ok_or_else(|| wrong("Empty TEMPLATE_ID"))?.as_int().unwrap_or(0);
    let found = engine::noun::again(call, &TEMPLATE, id)?;
    Ok(found.ok_or_else(|| wrong("Template not found"))?)
}

/// The parameter by which a template is named.
pub const TEMPLATE_ID: method::Param = method::required("TEMPLATE_ID", method::Kind::Id, "Workflow template");
