//! `im.notify.delete`.

use serde_json::json;
use wire::{Fault, Value};

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, write};
use engine::noun;

use super::add::{CLIENT_ID, own_tag};
use super::{FACE, NOTIFICATION};
use crate::SCOPE;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("im.notify.delete", SCOPE, delete)
            .own_words()
            .about("Deletes a notification of the caller, or those that the integration sent with a tag.")
            .param(optional("ID", Kind::Id, "ID"))
            .param(optional("TAG", Kind::Text, "Tag"))
            .param(optional("SUB_TAG", Kind::Text, "Additional tag"))
            .param(CLIENT_ID)
            .example(json!({"ID": 1}), json!(true)),
    ]
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    if let Some(id) = call.param("ID").and_then(Value::as_int).filter(|id| *id > 0) {
        let scope = NOTIFICATION.grant(call, Act::Update)?;
        if noun::one(call, &NOTIFICATION, &scope, id)?.is_none() {
            return Ok(false.into());
        }
        noun::delete(call, &NOTIFICATION, &FACE, &[id.into()])?;
        return Ok(true.into());
    }
    let tag = own_tag(call, "TAG").map(|tag| ("tag", tag));
    let tag = tag.or_else(|| own_tag(call, "SUB_TAG").map(|tag| ("subTag", tag)));
    let Some((field, tag)) = tag else {
        return Err(Fault::new(400, "PARAMS_ERROR", "Incorrect params").into());
    };
    if call.text("CLIENT_ID").is_none() {
        let text = "Access denied! Client ID not specified";
        return Err(Fault::new(400, "ACCESS_DENIED", text).into());
    }
    let scope = NOTIFICATION.grant(call, Act::Delete)?;
    let rows = noun::rows(call, &NOTIFICATION, &scope, &[(field, tag.into())])?;
    for row in &rows {
        noun::delete(call, &NOTIFICATION, &FACE, &[row.number.into()])?;
    }
    Ok((!rows.is_empty()).into())
}
