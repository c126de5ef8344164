//! `user.fields`

use serde_json::json;
use wire::{Map, Value};

use super::SCOPE;
use super::show::visible;
use crate::call::Call;
use crate::error::Result;
use crate::method::{Method, read};

/// The method.
pub fn method() -> Method {
    read("user.fields", SCOPE, fields)
        .about("Tells what the fields of a user are called, as far as the webhook sees them.")
        .example(json!({}), json!({"ID": "ID", "NAME": "First name", "EMAIL": "E-mail"}))
}

fn fields(call: &mut Call<'_, '_>) -> Result<Value> {
    let table = visible(call);
    let titles = table.fields.iter().map(|field| ((*field.code).into(), (*field.title).into()));
    Ok(titles.collect::<Map>().into())
}
