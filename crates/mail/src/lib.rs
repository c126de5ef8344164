//! Mailboxes and messages, and the services where mailboxes are.

mod service;

use serde_json::Value as Json;

use engine::method::Method;
use engine::modules::Module;
use engine::noun::Noun;

/// The module of this crate.
pub static MODULE: Module = Module {
    nouns,
    methods,
    seeds: &[service::SEED],
    russian: include_str!("ru.toml"),
    ..Module::new("mail")
};

fn nouns() -> Vec<&'static Noun> {
    vec![&service::SERVICE]
}

fn methods() -> Vec<Method> {
    vec![]
}

/// Demo data: methods with their parameters.
pub fn demo() -> Vec<(&'static str, Json)> {
    vec![]
}
