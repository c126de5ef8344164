//! `scope`

use serde_json::json;
use wire::Value;

use engine::call::Call;
use engine::error::Result;
use engine::method::{GLOBAL, Kind, Method, optional, read};
use engine::scopes::split;

/// The method.
pub fn method() -> Method {
    read("scope", GLOBAL, scope)
        .about("Lists the scopes granted to the webhook.")
        .param(optional("FULL", Kind::Flag, "Y lists all scopes of the portal"))
        .example(json!({}), json!("*"))
        .example(json!({"FULL": true}), json!("*"))
}

fn scope(call: &mut Call<'_, '_>) -> Result<Value> {
    let codes: Vec<Value> = if call.param("FULL").is_some_and(Value::is_truthy) {
        call.core.modules.scopes().iter().map(|scope| scope.code.into()).collect()
    } else {
        split(&call.caller.scopes).map(Value::from).collect()
    };
    Ok(codes.into())
}
