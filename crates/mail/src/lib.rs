//! The services where people have mailboxes. There are no mailboxes and messages yet.

mod service;

use engine::modules::Module;
use engine::noun::Noun;

/// The module of this crate.
pub static MODULE: Module =
    Module { nouns, seeds: &[service::SEED], russian: include_str!("ru.toml"), ..Module::new("mail") };

fn nouns() -> Vec<&'static Noun> {
    vec![&service::SERVICE]
}
