//! What can be told of methods and events without calling them: pure functions of the registry.

mod coverage;
pub mod example;
mod scenarios;

pub use coverage::coverage;
pub use scenarios::scenarios_json;

use serde_json::{Value, json};

use crate::method::{GLOBAL, Kind, Method, Param};
use crate::outbound::Event;
use crate::registry::registry;
use crate::system::scopes::{SCOPES, Scope};

/// The whole registry as JSON: `methods` with name, scope, description, parameters and examples, and `events`
/// with name, scope, description and an example of their data; `scopes` with code, title, description, and
/// whether the console offers them.
pub fn registry_json() -> Value {
    json!({
        "methods": registry().methods().iter().map(method_json).collect::<Value>(),
        "scopes": SCOPES.iter().map(scope_json).collect::<Value>(),
        "events": registry().events().map(event_json).collect::<Value>(),
    })
}

/// An event that can be listened to.
pub fn event_json(event: &Event) -> Value {
    json!({"name": event.name, "scope": event.scope, "about": event.about, "data": event.data})
}

fn scope_json(scope: &Scope) -> Value {
    json!({"code": scope.code, "title": scope.title, "about": scope.about, "offered": scope.offered})
}

fn method_json(method: &Method) -> Value {
    let scope = (method.scope != GLOBAL).then_some(method.scope);
    let examples: Value = method
        .examples
        .iter()
        .map(|example| json!({"params": example.params, "result": example.answer}))
        .collect();
    json!({
        "method": method.name,
        "scope": scope,
        "writes": method.writes,
        "needs_application": method.refused,
        "about": method.about,
        "params": method.params.iter().map(param_json).collect::<Value>(),
        "examples": examples,
    })
}

fn param_json(param: &Param) -> Value {
    let mut shape = json!({
        "name": param.name,
        "type": type_name(param.kind),
        "required": param.required,
        "about": param.about,
    });
    if param.kind == Kind::Flag {
        shape["choices"] = json!(["Y", "N"]);
    }
    if !param.members.is_empty() {
        shape["members"] = param.members.iter().map(param_json).collect();
    }
    shape
}

/// What a kind of parameter is called for people.
pub fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Id | Kind::Int => "integer",
        Kind::Text => "string",
        Kind::Flag => "flag",
        Kind::Fields => "object",
        Kind::Filter => "filter",
        Kind::Order => "order",
        Kind::Select => "select",
        Kind::List => "list",
        Kind::Any => "any",
    }
}
