//! `crm.documentgenerator.document.upload`: a document of an item that was made elsewhere.

use engine::call::Call;
use engine::error::Result;
use engine::files::{self, Content, NewFile};
use engine::input::{int, text};
use engine::method::{Kind, Method, optional, required, write};
use engine::noun;
use serde_json::json;
use wire::{Fault, Map, Value};

use super::methods::{answer, note, readable, require_maker};
use super::{DOCUMENT, INNER};
use crate::family::Family;
use crate::template::SAMPLE;
use crate::{CRM, docx, region};

/// The largest file, in letters of Base64.
const MAX_LETTERS: usize = 43 << 20;

/// The method.
pub fn method() -> Method {
    let members = vec![
        required("entityTypeId", Kind::Int, "Type of the item"),
        required("entityId", Kind::Id, "ID of the item"),
        required("fileContent", Kind::Text, "The Word document in Base64"),
        required("region", Kind::Text, "Region: an ID or a code"),
        required("title", Kind::Text, "Title"),
        required("number", Kind::Text, "Number"),
        optional("pdfContent", Kind::Text, "The same as PDF, in Base64"),
        optional("imageContent", Kind::Text, "A picture of it, in Base64"),
    ];
    let sample = json!({"fields": {
        "entityTypeId": 2, "entityId": 2, "fileContent": SAMPLE, "region": "de", "title": "Contract", "number": "C-1",
    }});
    write("crm.documentgenerator.document.upload", CRM, upload)
        .controller()
        .about("Adds a document that was made elsewhere to an item, and returns it.")
        .param(required("fields", Kind::Fields, "Values by field").with_members(members))
        .example(sample, json!({"document": {"title": "Contract", "number": "C-1"}}))
}

fn upload(call: &mut Call<'_, '_>) -> Result<Value> {
    require_maker(call, Family::Crm)?;
    let fields = call.fields("fields");
    let needed = ["entityTypeId", "fileContent", "region", "entityId"];
    let missing: Vec<&str> = needed.into_iter().filter(|name| text(&fields, name).is_none()).collect();
    if !missing.is_empty() {
        return Err(refused(&format!("Empty required fields: {}", missing.join(", "))));
    }
    let (type_id, id) = (int(&fields, "entityTypeId").unwrap_or(0), int(&fields, "entityId").unwrap_or(0));
    readable(call, type_id, id, "Wrong \"entityId\" field value")?;
    let named = text(&fields, "region").unwrap_or_default();
    region::writing(call, &named)?.ok_or_else(|| refused("Invalid value of field region"))?;
    let title = text(&fields, "title").unwrap_or_else(|| "Document".to_owned());
    let kinds = [
        ("fileContent", "docx", docx::MIME),
        ("pdfContent", "pdf", "application/pdf"),
        ("imageContent", "jpg", "image/jpeg"),
    ];
    let contents: Vec<String> =
        kinds.iter().map(|(name, ..)| text(&fields, name).unwrap_or_default()).collect();
    if contents.iter().any(|content| content.len() > MAX_LETTERS) {
        return Err(refused("Could not save file"));
    }
    files::announce(
        call,
        contents.iter().filter(|content| !content.is_empty()).map(|content| Content::Base64(content)),
    )?;
    let mut row = Map::new();
    for ((content, (_, ending, kind)), name) in
        contents.iter().zip(kinds).zip(["FILE_ID", "PDF_ID", "IMAGE_ID"])
    {
        if content.is_empty() {
            continue;
        }
        let file = format!("{}.{ending}", title.replace(['/', '\\'], "_"));
        let new = NewFile { name: &file, content_type: Some(kind), content: Content::Base64(content) };
        row.push(name, files::put(call, &new)?);
    }
    row.push("MODULE_ID", Family::Crm.module());
    row.push("TITLE", title.as_str());
    row.push("NUMBER", text(&fields, "number").unwrap_or_default());
    row.push("ENTITY_TYPE_ID", type_id);
    row.push("ENTITY_ID", id);
    row.push("STAMPS_ENABLED", false);
    row.push("VALUES", Value::from(json!({"productsTableVariant": "", "_creationMethod": "rest"})));
    let row = noun::add(call, &DOCUMENT, &INNER, &row)?;
    note(call, type_id, id, &title)?;
    answer(call, Family::Crm, &row)
}

fn refused(text: &str) -> engine::Error {
    Fault::numbered(400, 0, text.to_owned()).into()
}
