//! Descriptions of methods and events: pure functions of the registry.

mod coverage;
pub mod example;
mod find;
pub mod openapi;
mod scenarios;

pub use coverage::coverage;
pub use find::find;
pub use scenarios::scenarios_json;

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::system::access;
use crate::{locale, modules};
use crm;
use engine::event::Event;
use engine::method::{GLOBAL, Kind, Method, Param, Version};
use engine::modules::Module;
use engine::scopes::Scope;
use engine::texts::{Language, Topic};
use people::department;

/// The registry as JSON, in a language and of these versions: `methods` with name, scope, description, parameters and examples, and `events`
/// that can be chosen with name, scope, description and an example of their data; `scopes` with code, title, description, and
/// whether the console offers them.
pub fn registry_json(language: Language, versions: &[Version]) -> Value {
    let listed = modules().methods().iter().filter(|method| versions.contains(&method.version));
    json!({
        "methods": listed.map(|method| method_json(method, language)).collect::<Value>(),
        "scopes": modules().scopes().iter().map(|scope| scope_json(scope, language)).collect::<Value>(),
        "events": modules().events().filter(|event| !event.addressed).map(|event| event_json(event, language)).collect::<Value>(),
    })
}

/// Each module with the number of its nouns, methods and events.
pub fn modules_json() -> Value {
    let of = |module: &&'static Module| {
        let nouns = (module.nouns)();
        let methods = (module.methods)().len() + nouns.iter().flat_map(|noun| noun.methods()).count();
        let events = (module.events)().len() + nouns.iter().flat_map(|noun| noun.events()).count();
        json!({"module": module.name, "nouns": nouns.len(), "methods": methods, "events": events})
    };
    modules().listed().iter().map(of).collect()
}

/// Every name that the portal itself gives: to what a new portal has, to items without a title, to access codes.
pub fn names() -> impl Iterator<Item = Cow<'static, str>> {
    let seeds = modules().listed().iter().flat_map(|module| module.seeds).flat_map(|seed| (seed.names)());
    let fixed = seeds.chain(access::NAMES).chain([department::ROOT]);
    crm::names().chain(fixed.map(Cow::Borrowed))
}

/// An event that can be listened to.
pub fn event_json(event: &Event, language: Language) -> Value {
    let about = locale(language).text(Topic::Events, &event.about);
    json!({"name": event.name, "scope": event.scope, "about": about, "data": event.data})
}

fn scope_json(scope: &Scope, language: Language) -> Value {
    let text = |english| locale(language).text(Topic::Scopes, english);
    json!({"code": scope.code, "title": text(scope.title), "about": text(scope.about), "offered": scope.offered})
}

fn method_json(method: &Method, language: Language) -> Value {
    let scope = (method.scope != GLOBAL).then_some(method.scope);
    let examples: Value = method
        .examples
        .iter()
        .map(|example| json!({"params": example.params, "result": example.answer}))
        .collect();
    json!({
        "method": method.name,
        "version": method.version.name(),
        "scope": scope,
        "writes": method.writes,
        "destroys": method.destroys,
        "needs_application": method.refused && method.unless.is_none(),
        "about": locale(language).text(Topic::Methods, &method.about),
        "params": method.params.iter().map(|param| param_json(param, language)).collect::<Value>(),
        "examples": examples,
    })
}

fn param_json(param: &Param, language: Language) -> Value {
    let mut shape = json!({
        "name": param.name,
        "type": type_name(param.kind),
        "required": param.required,
        "about": param_text(param, language),
    });
    if param.kind == Kind::Flag {
        shape["choices"] = json!(["Y", "N"]);
    } else if !param.choices.is_empty() {
        shape["choices"] = json!(param.choices);
    }
    if !param.members.is_empty() {
        shape["members"] = param.members.iter().map(|member| param_json(member, language)).collect();
    }
    shape
}

/// The description of a parameter. A parameter that is a field has the title of the field.
fn param_text(param: &Param, language: Language) -> &str {
    let topics = [Topic::Params, Topic::Fields];
    let found = modules()
        .texts()
        .catalogue(language)
        .and_then(|catalogue| topics.iter().find_map(|topic| catalogue.get(*topic, param.about)));
    found.unwrap_or(param.about)
}

/// The display name of a kind of parameter.
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
