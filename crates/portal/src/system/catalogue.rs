//! `methods` and `method.get`: what there is to call.

use serde_json::json;
use wire::{Map, Value};

use crate::modules;
use engine::call::Call;
use engine::error::Result;
use engine::method::{GLOBAL, Kind, Method, Version, optional, read};

/// Both methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("methods", GLOBAL, methods_of)
            .about("Lists the methods that the webhook may call. New code should use method.get.")
            .param(optional(
                "SCOPE",
                Kind::Text,
                "Only methods of this scope; empty for methods without a scope",
            ))
            .param(optional("FULL", Kind::Flag, "Y lists all methods of the portal"))
            .own_words()
            .example(json!({"SCOPE": "department"}), json!("*")),
        read("method.get", GLOBAL, method_get)
            .about("Checks whether a method exists and whether the webhook may call it.")
            .param(optional("name", Kind::Text, "Method name"))
            .own_words()
            .example(json!({"name": "user.get"}), json!({"isExisting": true, "isAvailable": true}))
            .example(json!({"name": "no.such"}), json!({"isExisting": false, "isAvailable": false})),
    ]
}

fn methods_of(call: &mut Call<'_, '_>) -> Result<Value> {
    let full = call.param("FULL").is_some_and(Value::is_truthy);
    let scope = call.param("SCOPE").and_then(Value::text);
    let listed = |method: &&Method| match scope.as_deref() {
        // Those of REST 3.0 stand in a document of their own.
        _ if method.version == Version::V3 => false,
        _ if full => true,
        // A reduced scope names the methods of the whole one that it opens.
        Some(scope) => (method.scope == GLOBAL) == scope.is_empty() && method.is_open_to(scope),
        None => call.caller.may_call(method),
    };
    let names = modules().methods().iter().filter(listed).map(|method| method.name.as_str().into());
    Ok(Value::List(names.collect()))
}

fn method_get(call: &mut Call<'_, '_>) -> Result<Value> {
    // Read by this very name only, as the real system does.
    let name = call.params.get("name").and_then(Value::text).unwrap_or_default();
    let method = modules().find(&name);
    let mut map = Map::with_capacity(2);
    map.push("isExisting", method.is_some());
    map.push("isAvailable", method.is_some_and(|method| call.caller.may_call(method)));
    Ok(map.into())
}
