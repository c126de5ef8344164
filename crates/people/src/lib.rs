//! People: users, how they sign in, and the departments in which they work.

pub mod department;
mod structure;
pub mod user;

use engine::modules::Module;
use store::Migration;

/// Users.
pub static USERS: Module = Module {
    methods: user::methods,
    events: user::events,
    entities: || vec![user::described()],
    jobs: &[user::session::EXPIRE],
    migrations: &[Migration { version: 1, name: "bots", sql: include_str!("../migrations/0001_bots.sql") }],
    sync: user::sync,
    russian: include_str!("user/ru.toml"),
    ..Module::new("user")
};

/// Departments.
pub static DEPARTMENTS: Module = Module {
    nouns: || vec![&department::DEPARTMENT],
    methods: structure::methods,
    seed: |tx, locale, _| department::seed(tx, locale),
    russian: include_str!("department/ru.toml"),
    ..Module::new("department")
};
