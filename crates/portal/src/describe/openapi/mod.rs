//! Documents of OpenAPI, made of the declarations of methods.

mod answer;
mod refusal;
mod schema;

use std::collections::BTreeSet;

use engine::method::{GLOBAL, Method, Version};
use engine::texts::{Language, Topic};
use serde_json::{Map, Value, json};

use crate::{locale, modules};

pub use schema::{Dialect, request};

/// The version of the format that documents are in.
const OPENAPI: &str = "3.1.0";
/// The version that `rest.documentation.openapi` answers.
const OPENAPI_OF_REST: &str = "3.0.0";

/// The title of a document of whatever portal.
pub const TITLE: &str = "Portreeve";

/// A document to be made.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// Its title.
    pub title: &'a str,
    /// Where the portal is; empty for wherever the document is read from.
    pub base_url: &'a str,
    /// The owner of the webhook that is described, if it is one. Its secret is never in a document.
    pub owner: Option<i64>,
    /// The language of descriptions.
    pub language: Language,
}

/// The methods that answer more than that they need an application.
pub fn served() -> impl Iterator<Item = &'static Method> {
    modules().methods().iter().filter(|method| !method.refused || method.unless.is_some())
}

impl Document<'_> {
    /// The document of some methods.
    pub fn of<'m>(&self, methods: impl Iterator<Item = &'m Method>) -> Value {
        let (mut paths, mut schemas, mut responses) = (Map::new(), Map::new(), Map::new());
        let (mut tags, mut versions) = (BTreeSet::new(), Vec::new());
        for method in methods {
            tags.insert(method.module);
            if !versions.contains(&method.version) {
                versions.push(method.version);
                refusal::add(method.version, &mut responses, &mut schemas);
            }
            let operation = self.operation(method, &mut schemas);
            paths.insert(path(method), json!({"parameters": parameters(), "post": operation}));
        }
        schemas.insert("Time".to_owned(), answer::time());
        let url = match self.base_url.trim_end_matches('/') {
            "" => "/",
            url => url,
        };
        json!({
            "openapi": OPENAPI,
            "info": {"title": self.title, "version": env!("CARGO_PKG_VERSION")},
            "servers": [{"url": url}],
            "tags": tags.into_iter().map(|tag| json!({"name": tag})).collect::<Value>(),
            "paths": paths,
            "components": {"parameters": self.credentials(), "schemas": schemas, "responses": responses},
        })
    }

    fn operation(&self, method: &Method, schemas: &mut Map<String, Value>) -> Value {
        let result = answer::result(method, Dialect::New, schemas);
        let schema = answer::envelope(method.version, &result);
        let mut responses = Map::new();
        responses.insert(
            "200".to_owned(),
            json!({"description": "Success", "content": {"application/json": {"schema": schema}}}),
        );
        if method.sends {
            responses.insert("302".to_owned(), json!({"description": "Where the file is"}));
        }
        responses.extend(refusal::references(method.version));
        let mut content = json!({"schema": request(method, self.language, Dialect::New)});
        if let Some(example) = method.examples.first() {
            content["example"] = example.params.clone();
        }
        let mut operation = json!({
            "operationId": operation_id(method),
            "summary": locale(self.language).text(Topic::Methods, &method.about),
            "tags": [method.module],
            "requestBody": {
                "required": content["schema"].get("required").is_some(),
                "content": {"application/json": content},
            },
            "responses": responses,
            "x-writes": method.writes,
        });
        if method.scope != GLOBAL {
            operation["x-scope"] = method.scope.into();
        }
        operation
    }

    /// The parts of a path that say who calls.
    fn credentials(&self) -> Value {
        let mut user = json!({"type": "integer", "minimum": 1});
        if let Some(owner) = self.owner {
            user["default"] = owner.into();
        }
        json!({
            "user": {"name": "user", "in": "path", "required": true, "description": "Owner of the webhook", "schema": user},
            "secret": {
                "name": "secret", "in": "path", "required": true, "description": "Secret of the webhook",
                "schema": {"type": "string", "format": "password"},
            },
        })
    }
}

fn parameters() -> Value {
    ["user", "secret"]
        .map(|name| json!({"$ref": format!("#/components/parameters/{name}")}))
        .into_iter()
        .collect()
}

fn path(method: &Method) -> String {
    match method.version {
        Version::V2 => format!("/rest/{{user}}/{{secret}}/{}", method.name),
        Version::V3 => format!("/rest/api/{{user}}/{{secret}}/{}", method.name),
    }
}

/// The method's name, which nine methods of REST 3.0 share with one of before.
fn operation_id(method: &Method) -> String {
    match method.version {
        Version::V2 => method.name.clone(),
        Version::V3 => format!("v3.{}", method.name),
    }
}

/// The document that REST 3.0 answers about itself, as the real system makes it: of the older format, and without errors.
pub fn of_rest(methods: impl Iterator<Item = &'static Method>, base_url: &str) -> Value {
    let mut schemas = Map::new();
    let mut path = |method: &'static Method| {
        let result = answer::result(method, Dialect::Old, &mut schemas);
        let answer = json!({"type": "object", "properties": {"result": result, "time": {"type": "object"}}});
        let mut operation = json!({
            "summary": method.about,
            "tags": [method.name.split_once('.').map_or("rest", |(module, _)| module)],
            "responses": {"200": {"description": "Success", "content": {"application/json": {"schema": answer}}}},
        });
        if !method.params.is_empty() {
            let schema = request(method, Language::English, Dialect::Old);
            operation["requestBody"] = json!({"content": {"application/json": {"schema": schema}}});
        }
        (format!("/{}", method.name), json!({"post": operation}))
    };
    let paths: Map<String, Value> = methods.map(&mut path).collect();
    json!({
        "openapi": OPENAPI_OF_REST,
        "info": {"title": "REST 3.0", "version": OPENAPI_OF_REST},
        "servers": [{"url": format!("{}/rest/api/", base_url.trim_end_matches('/'))}],
        "paths": paths,
        "components": {"schemas": schemas},
    })
}
