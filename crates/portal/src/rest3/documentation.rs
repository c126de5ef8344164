//! What there is in REST 3.0: `rest.scope.list`, and the OpenAPI document that the registry makes.

use std::collections::BTreeMap;

use serde_json::{Map as Json, Value as JsonValue, json};
use wire::{Map, Value};

use crate::modules;
use engine::call::Call;
use engine::dto::{Dto, Property, Type};
use engine::error::Result;
use engine::method::{GLOBAL, Kind, Method, Param, Version, read};

/// The version of the document's format.
const OPENAPI: &str = "3.0.0";

/// The methods.
pub fn methods() -> Vec<Method> {
    let document = |name: &str| {
        read(name, GLOBAL, openapi)
            .v3(None)
            .about("Returns the OpenAPI document of REST 3.0.")
            .example(json!({}), json!({"openapi": OPENAPI, "paths": {"/rest.scope.list": {}}}))
    };
    vec![
        read("rest.scope.list", GLOBAL, scopes)
            .v3(None)
            .about("Lists the methods of REST 3.0 by module with the scope that each needs.")
            .example(json!({}), json!({"rest": {"rest.scope.list": "*"}})),
        document("rest.documentation.openapi"),
        document("documentation"),
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

fn openapi(call: &mut Call<'_, '_>) -> Result<Value> {
    let mut schemas = Json::new();
    let paths: Json<String, JsonValue> =
        newer().map(|method| (format!("/{}", method.name), path(method, &mut schemas))).collect();
    let document = json!({
        "openapi": OPENAPI,
        "info": {"title": "REST 3.0", "version": OPENAPI},
        "servers": [{"url": format!("{}/rest/api/", call.settings.base_url.trim_end_matches('/'))}],
        "paths": paths,
        "components": {"schemas": schemas},
    });
    Ok(Value::from(document))
}

fn path(method: &Method, schemas: &mut Json<String, JsonValue>) -> JsonValue {
    if let Some(dto) = method.dto {
        add(dto, schemas);
    }
    let result = match method.dto {
        Some(dto) => {
            let row = json!({"$ref": format!("#/components/schemas/{}", dto.name)});
            json!({"properties": {"item": row, "items": {"type": "array", "items": row}}})
        }
        None => json!({}),
    };
    let answer = json!({"type": "object", "properties": {"result": result, "time": {"type": "object"}}});
    let mut operation = json!({
        "summary": method.about,
        "tags": [method.name.split_once('.').map_or("rest", |(module, _)| module)],
        "responses": {"200": {"description": "Success", "content": {"application/json": {"schema": answer}}}},
    });
    if !method.params.is_empty() {
        let body = json!({"content": {"application/json": {"schema": object(&method.params)}}});
        operation["requestBody"] = body;
    }
    json!({"post": operation})
}

/// The schema of parameters.
fn object(params: &[Param]) -> JsonValue {
    let properties: Json<String, JsonValue> =
        params.iter().map(|param| (param.name.to_string(), parameter(param))).collect();
    let required: Vec<&str> =
        params.iter().filter(|param| param.required).map(|param| &*param.name).collect();
    let mut schema = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    schema
}

fn parameter(param: &Param) -> JsonValue {
    let mut schema = match param.kind {
        _ if !param.members.is_empty() => object(&param.members),
        Kind::Id | Kind::Int => json!({"type": "integer"}),
        Kind::Text => json!({"type": "string"}),
        Kind::Flag => json!({"type": "boolean"}),
        Kind::Fields | Kind::Order => json!({"type": "object"}),
        Kind::Filter | Kind::List => json!({"type": "array", "items": {}}),
        Kind::Select => json!({"type": "array", "items": {"type": "string"}}),
        Kind::Any => json!({}),
    };
    if !param.about.is_empty() {
        schema["description"] = param.about.into();
    }
    schema
}

/// Adds the schema of a DTO with those that it leads to.
fn add(dto: &'static Dto, schemas: &mut Json<String, JsonValue>) {
    if schemas.contains_key(dto.name) {
        return;
    }
    schemas.insert(dto.name.to_owned(), JsonValue::Null);
    let properties: Json<String, JsonValue> =
        dto.properties.iter().map(|property| (property.name.to_owned(), schema(property))).collect();
    schemas.insert(dto.name.to_owned(), json!({"type": "object", "properties": properties}));
    dto.properties.iter().filter_map(|property| property.relation).for_each(|related| add(related, schemas));
}

fn schema(property: &Property) -> JsonValue {
    let related = property.relation.map(|dto| json!({"$ref": format!("#/components/schemas/{}", dto.name)}));
    match (property.kind, related) {
        (Type::Array, related) => json!({"type": "array", "items": related.unwrap_or_else(|| json!({}))}),
        (_, Some(related)) => related,
        (Type::Int, None) => json!({"type": "integer"}),
        (Type::Float, None) => json!({"type": "number"}),
        (Type::String, None) => json!({"type": "string"}),
        (Type::Bool, None) => json!({"type": "boolean"}),
        (Type::Moment, None) => json!({"type": "string", "format": "date-time"}),
        (Type::Object, None) => json!({"type": "object"}),
    }
}
