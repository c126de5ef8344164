//! `crm.item.import` and `crm.item.batchImport`: items from elsewhere, with their history.

use engine::call::Call;
use engine::error::{Error, Result};
use engine::method::{Kind, Method, required, write};
use serde_json::json;
use wire::{Fault, Map, Value};

use super::SCOPE;
use super::item::{ORIGINAL, TYPE, target};
use super::items;

/// Items that one call brings.
const MOST: usize = 20;

const ONE: &str = "crm.item.import";

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write(ONE, SCOPE, one)
            .controller()
            .about("Imports an item with its history and returns its ID.")
            .param(TYPE)
            .param(required("fields", Kind::Fields, "Values by field, those of creation, update and move among them; see crm.item.fields"))
            .param(ORIGINAL)
            .example(
                json!({"entityTypeId": 2, "fields": {"title": "Twelve chairs", "createdBy": 1}}),
                json!({"item": {"id": "*"}}),
            ),
        write("crm.item.batchImport", SCOPE, many)
            .controller()
            .about("Imports up to 20 items and returns the ID of each, or why it was refused.")
            .param(TYPE)
            .param(required("data", Kind::List, "Fields of each item; see crm.item.import"))
            .param(ORIGINAL)
            .example(
                json!({"entityTypeId": 2, "data": [{"title": "Twelve chairs"}, {"title": "A desk", "currencyId": "?"}]}),
                json!({"items": [{"item": {"id": "*"}}, {"error": "CRM_FIELD_ERROR_VALUE_NOT_VALID"}]}),
            ),
    ]
}

fn one(call: &mut Call<'_, '_>) -> Result<Value> {
    let (entity, naming) = target(call)?;
    let fields = call.fields("fields");
    let id = items::import(call, &entity, naming, &fields)?;
    Ok(Value::under("item", Value::under("id", id)))
}

/// Each is imported, or refused, by itself.
fn many(call: &mut Call<'_, '_>) -> Result<Value> {
    target(call)?;
    let data = call.param("data").cloned().unwrap_or_default();
    if data.items().count() > MOST {
        let text = format!("You cannot import more than {MOST} items");
        return Err(Fault::new(400, "MAX_IMPORT_BATCH_SIZE_EXCEEDED", text).into());
    }
    let method = call.core.modules.find(ONE).unwrap_or(call.method);
    let mut answers: Vec<Value> = Vec::new();
    for fields in data.items() {
        let mut params = Map::with_capacity(3);
        for name in ["entityTypeId", "useOriginalUfNames"] {
            call.param(name).cloned().into_iter().for_each(|value| params.push(name, value));
        }
        params.push("fields", fields.clone().into_map().unwrap_or_default());
        answers.push(match call.sub(method, params, None) {
            Ok(reply) => reply.result,
            Err(Error::Fault(refused)) => refusal(&refused),
            Err(error) => return Err(error),
        });
    }
    Ok(Value::under("items", answers))
}

fn refusal(refused: &Fault) -> Value {
    let mut map = Map::with_capacity(2);
    map.push("error", &*refused.code);
    map.push("error_description", &*refused.message);
    map.into()
}
