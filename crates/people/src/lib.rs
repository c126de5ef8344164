//! People: users, how they sign in, and the departments in which they work.

pub mod department;
mod structure;
pub mod user;

use engine::modules::Module;
use engine::noun::{Seed, Watch};
use store::Migration;

/// Users.
pub static USERS: Module = Module {
    methods: user::methods,
    events: user::events,
    entities: || vec![user::described()],
    jobs: &[user::session::EXPIRE],
    migrations: &[
        Migration { version: 1, name: "bots", sql: include_str!("../migrations/0001_bots.sql") },
        Migration { version: 2, name: "factor", sql: include_str!("../migrations/0002_factor.sql") },
    ],
    sync: user::sync,
    russian: include_str!("user/ru.toml"),
    ..Module::new("user")
};

/// Departments.
pub static DEPARTMENTS: Module = Module {
    nouns: || vec![&department::DEPARTMENT, &structure::communication::LINK],
    methods: structure::methods,
    jobs: &[structure::communication::JOB],
    watches: &[Watch { deleted: structure::communication::department_deleted, ..Watch::new("department") }],
    seed: |tx, locale, _| department::seed(tx, locale),
    seeds: &[NAMES],
    russian: include_str!("department/ru.toml"),
    ..Module::new("department")
};

/// Texts in the reader's language; there is nothing to be seeded.
const NAMES: Seed = Seed {
    name: "department.names",
    names: || structure::communication::KINDS.to_vec(),
    seed: |_, _, _| Ok(()),
};
