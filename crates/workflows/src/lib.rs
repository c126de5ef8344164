//! Workflows: `bizproc.*`. Nothing is automated here: a template records what is started by it, on which document and with which
//! parameters, and may raise tasks for people, so that an integration sees that its calls come and what with.
//!
//! Templates and what was started are nouns, and so are the tasks; all of them are for administrators but one's own tasks.

mod document;
mod instance;
mod log;
mod param;
mod raise;
mod start;
mod task;
mod template;

use wire::{Fault, Map, Text, Value, filter};

use engine::call::Call;
use engine::method::Method;
use engine::modules::Module;
use engine::noun::Noun;
use engine::scopes::offered;

/// The scope of the methods.
const SCOPE: &str = "bizproc";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: &[offered("bizproc", "Workflows", "Workflows, their tasks, automation rules and actions.")],
    nouns,
    methods,
    russian: include_str!("ru.toml"),
    ..Module::new("workflows")
};

fn nouns() -> Vec<&'static Noun> {
    vec![&template::TEMPLATE, &instance::INSTANCE, &task::TASK, &log::LOG]
}

fn methods() -> Vec<Method> {
    [start::methods(), instance::methods(), task::methods(), log::methods()].into_iter().flatten().collect()
}

/// Demo data: calls in their order. Template 1 for deals with a task for user 1, of which an instance runs on deal 1; and
/// template 2, which ends at once.
pub const DEMO: &str = include_str!("demo.json");

/// The refusal of what is for others.
fn denied(status: u16) -> Fault {
    Fault::new(status, "ACCESS_DENIED", "Access denied!")
}

/// Has the names of fields in what a list is asked for count in any case.
fn in_capitals(call: &mut Call<'_, '_>) {
    for name in ["FILTER", "ORDER"] {
        let given: Map = call
            .fields(name)
            .into_iter()
            .map(|(key, value)| {
                let (_, field) = filter::split(&key);
                let prefix = &key[..key.len() - field.len()];
                (Text::from(format!("{prefix}{}", field.to_ascii_uppercase())), value)
            })
            .collect();
        set(call, name, given.into());
    }
}

/// Gives a parameter another value, however its name was written.
fn set(call: &mut Call<'_, '_>, name: &str, value: Value) {
    let written =
        call.params.iter().map(|(name, _)| name.to_owned()).find(|one| one.eq_ignore_ascii_case(name));
    call.params.insert(written.unwrap_or_else(|| name.to_owned()), value);
}
