//! Working time: working days, the schedule by which they are judged, networks of offices and reports. `timeman.*`
//!
//! Others ask the noun `timeman.day` who is at work: `state` is `OPENED`, `PAUSED` or `CLOSED`.

mod acts;
mod control;
mod day;
mod entry;
mod network;
mod person;
mod record;
mod report;
mod schedule;

use engine::method::Method;
use engine::modules::Module;
use engine::noun::{Noun, Seed};
use engine::scopes::offered;

/// The scope of the methods.
const SCOPE: &str = "timeman";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: &[offered("timeman", "Working time", "Workdays, schedules and absences.")],
    nouns,
    methods,
    indexes: day::INDEXES,
    seeds: &[schedule::SEED, NAMES],
    russian: include_str!("ru.toml"),
    ..Module::new("timeman")
};

/// Texts in the reader's language; there is nothing to be seeded.
const NAMES: Seed = Seed { name: "timeman.names", names: report::names, seed: |_, _, _| Ok(()) };

fn nouns() -> Vec<&'static Noun> {
    vec![&day::DAY, &entry::ENTRY, &schedule::SCHEDULE]
}

fn methods() -> Vec<Method> {
    let single = vec![schedule::method(), entry::method()];
    let families =
        [acts::methods(), network::methods(), control::methods(), report::methods(), record::methods()];
    families.into_iter().flatten().chain(single).collect()
}

/// Demo data: calls in their order. Time is controlled, and user 1 is at work.
pub const DEMO: &str = include_str!("demo.json");
