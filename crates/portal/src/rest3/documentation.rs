//! What there is in REST 3.0: `rest.scope.list`, and the OpenAPI document that the registry makes.

use std::collections::BTreeMap;

use serde_json::json;
use wire::{Map, Value};

use crate::describe::openapi;
use crate::modules;
use engine::call::Call;
use engine::error::Result;
use engine::method::{GLOBAL, Method, Version, read};

/// The methods.
pub fn methods() -> Vec<Method> {
    let documentation = |name: &str| {
        read(name, GLOBAL, document)
            .v3(None)
            .about("Returns the OpenAPI document of REST 3.0.")
            .example(json!({}), json!({"openapi": "3.0.0", "paths": {"/rest.scope.list": {}}}))
    };
    vec![
        read("rest.scope.list", GLOBAL, scopes)
            .v3(None)
            .about("Lists the methods of REST 3.0 by module with the scope that each needs.")
            .example(json!({}), json!({"rest": {"rest.scope.list": "*"}})),
        documentation("rest.documentation.openapi"),
        documentation("documentation"),
    ]
}

fn newer() -> impl Iterator<Item = &'static Method> {
    modules().methods().iter().filter(|method| method.version == Version::V3)
}

fn scopes(_: &mut Call<'_, '_>) -> Result<Value> {
    let mut by_module: BTreeMap<&str, Map> = BTreeMap::new();
    for method in newer() {
        let module = method.name.split_once('.').map_or("rest", |(module, _)| module);
        by_module.entry(module).or_default().push(&*method.name, method.scope);
    }
    Ok(by_module
        .into_iter()
        .map(|(module, methods)| (module.into(), Value::from(methods)))
        .collect::<Map>()
        .into())
}

fn document(call: &mut Call<'_, '_>) -> Result<Value> {
    Ok(Value::from(openapi::of_rest(newer(), &call.settings.base_url)))
}
