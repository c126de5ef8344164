//! `bizproc.workflow.start`.

use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, required, write};
use engine::noun;
use serde_json::json;
use wire::{Fault, Map, Value};

use crate::document::Document;
use crate::instance::{self, INSTANCE};
use crate::template::{self, TEMPLATE_ID};
use crate::{SCOPE, denied, param, raise};

/// The method.
pub fn methods() -> Vec<Method> {
    vec![
        write("bizproc.workflow.start", SCOPE, start)
            .own_words()
            .about("Starts a workflow on a document and returns its ID.")
            .param(TEMPLATE_ID)
            .param(required("DOCUMENT_ID", Kind::List, "Document: module, class and ID"))
            .param(optional("PARAMETERS", Kind::Fields, "Values of the template's parameters"))
            .example(
                json!({
                    "TEMPLATE_ID": 1, "DOCUMENT_ID": ["crm", "CCrmDocumentDeal", "DEAL_2"], "PARAMETERS": {"discount": 5},
                }),
                json!("*"),
            ),
    ]
}

fn start(call: &mut Call<'_, '_>) -> Result<Value> {
    let template = template::named(call)?;
    let document = Document::read(call.param("DOCUMENT_ID").unwrap_or(&Value::Null));
    let document = document.ok_or_else(|| Fault::crm("Wrong DOCUMENT_ID!"))?;
    let kind = document.kind(call)?.ok_or_else(|| Fault::crm("Incorrect document type!"))?;
    let named = (document.module.as_str(), document.entity.as_str(), kind.as_str());
    if named != (template.text("moduleId"), template.text("entity"), template.text("documentType")) {
        return Err(Fault::crm("Template type and DOCUMENT_ID mismatch!").into());
    }
    if !document.may_change(call)? {
        return Err(denied(403).into());
    }
    let given = call.fields("PARAMETERS");
    let values = param::values(call, &template.json("parameters"), &given)?;
    let mut row = Map::with_capacity(8);
    row.push("moduleId", document.module.as_str());
    row.push("entity", document.entity.as_str());
    row.push("documentId", document.id.as_str());
    row.push("documentName", document.name(call)?);
    row.push("templateId", template.number);
    row.push("parameters", Value::from(values.clone()));
    let number = noun::put(call, &INSTANCE, &row)?.number;
    let code = instance::code(call, number);
    let sql = "UPDATE workflow_instance SET workflow_id = ? WHERE id = ?";
    call.tx.execute(sql, &[code.as_str().into(), number.into()])?;
    let tasks = raise::tasks(call, &template, number, &values)?;
    if tasks == 0 && template.text("ends") != "N" {
        instance::end(call, number, "Completed")?;
    }
    Ok(code.into())
}
