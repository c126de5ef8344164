//! Workflows: what was started, with what, and its tasks.

use serde_json::Value as Json;

use engine::method::Method;
use engine::modules::Module;
use engine::noun::Noun;

/// The module of this crate.
pub static MODULE: Module =
    Module { nouns, methods, russian: include_str!("ru.toml"), ..Module::new("workflows") };

fn nouns() -> Vec<&'static Noun> {
    vec![]
}

fn methods() -> Vec<Method> {
    vec![]
}

/// Demo data: methods with their parameters.
pub fn demo() -> Vec<(&'static str, Json)> {
    vec![]
}
