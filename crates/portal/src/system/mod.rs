//! Methods that belong to no noun, and open to every webhook (protocol 7.4).

pub mod access;
mod app;
pub mod batch;
mod catalogue;
mod profile;
pub mod refusals;
mod scope;
mod time;

use crate::idempotent;
use crate::rest3;
use engine::method::Method;
use engine::modules::Module;
use store::Migration;

/// The module of this crate.
pub static MODULE: Module = Module {
    nouns: || vec![&rest3::eventlog::ENTRY],
    methods,
    jobs: &[idempotent::EXPIRED],
    migrations: &[
        Migration {
            version: 1,
            name: "timetable",
            sql: include_str!("../../migrations/system/0001_timetable.sql"),
        },
        Migration {
            version: 2,
            name: "idempotent",
            sql: include_str!("../../migrations/system/0002_idempotent.sql"),
        },
    ],
    russian: include_str!("ru.toml"),
    ..Module::new("system")
};

/// All of them, and the methods that need an application.
fn methods() -> Vec<Method> {
    let mut methods = vec![batch::method()];
    methods.extend(catalogue::methods());
    methods.extend([scope::method(), profile::method(), time::method()]);
    methods.extend(app::methods());
    methods.extend(access::methods());
    methods.extend(refusals::methods());
    methods.extend(rest3::methods());
    methods
}
