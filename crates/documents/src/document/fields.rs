//! `document.getfields`: what a document is filled with, or would be with other values.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required};
use serde_json::json;
use wire::{Map, Value};

use super::methods::{given, merge, named, work_of};
use crate::family::Family;
use crate::template::Template;

/// The method of a family.
pub fn method(family: Family, known: i64) -> Method {
    read(format!("{}.document.getfields", family.path()), family.scope(), move |call| get(call, family))
        .controller()
        .about("Returns the fields of a document with their values.")
        .param(required("id", Kind::Id, "ID"))
        .param(optional("values", Kind::Fields, "Values by field, which go before those of the item"))
        .example(json!({"id": known}), json!({"documentFields": {"DocumentNumber": {"required": "Y"}}}))
}

fn get(call: &mut Call<'_, '_>, family: Family) -> Result<Value> {
    let row = named(call, family, Act::Read)?;
    let mut shown = Map::new();
    if let Some(template) = row.int("templateId") {
        let template = Template::load(call, family, template)?;
        let mut work = work_of(call, &row);
        merge(&mut work.values, given(call, "values"));
        let (data, usual) = work.data(call, &template)?;
        shown = data.describe(&usual, &template.placeholders, &template.writing, call.language);
    }
    Ok(Value::under("documentFields", shown))
}
