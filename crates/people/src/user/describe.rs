//! `user.fields`

use serde_json::json;
use wire::{Map, Value};

use super::SCOPE;
use super::show::visible;
use engine::call::Call;
use engine::entity::{Field, describe};
use engine::error::Result;
use engine::method::{Method, read};

/// The method.
pub fn method() -> Method {
    read("user.fields", SCOPE, fields)
        .about("Returns the titles of the user fields that the webhook can see.")
        .example(json!({}), json!({"ID": "ID", "NAME": "First name", "EMAIL": "E-mail"}))
}

fn fields(call: &mut Call<'_, '_>) -> Result<Value> {
    let table = visible(call);
    let title = |field: &Field| describe::title(field, call.language).into();
    let titles = table.fields.iter().map(|field| ((*field.code).into(), title(field)));
    Ok(titles.collect::<Map>().into())
}
