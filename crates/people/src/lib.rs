//! People: users, how they sign in, and the departments in which they work.

pub mod department;
mod structure;
pub mod user;

use engine::modules::Module;
use engine::noun::{Seed, Watch};
use engine::scopes::{Scope, offered};
use store::Migration;

/// Users.
pub static USERS: Module = Module {
    scopes: USER_SCOPES,
    methods: user::methods,
    events: user::events,
    nouns: || vec![&user::fields::USER],
    jobs: &[user::session::EXPIRE],
    migrations: &[
        Migration { version: 1, name: "bots", sql: include_str!("../migrations/0001_bots.sql") },
        Migration { version: 2, name: "factor", sql: include_str!("../migrations/0002_factor.sql") },
    ],
    russian: include_str!("user/ru.toml"),
    ..Module::new("user")
};

/// The scopes that webhooks may be granted for it.
const USER_SCOPES: &[Scope] = &[
    offered("user", "Users", "All user fields; inviting and updating users.")
        .read_with(&["user_basic", "user_brief"]),
    offered("user_basic", "Users, basic", "Names, positions and contact details of users."),
    offered("user_brief", "Users, brief", "Names and positions of users, without contact details."),
    offered("user.userfield", "Custom fields of users", "Manages the custom fields of users."),
];

/// Departments.
pub static DEPARTMENTS: Module = Module {
    scopes: DEPARTMENT_SCOPES,
    nouns: || vec![&department::DEPARTMENT, &structure::communication::LINK],
    methods: structure::methods,
    jobs: &[structure::communication::JOB],
    watches: &[Watch { deleted: structure::communication::department_deleted, ..Watch::new("department") }],
    seed: |tx, locale, _| department::seed(tx, locale),
    seeds: &[NAMES],
    russian: include_str!("department/ru.toml"),
    ..Module::new("department")
};

/// The scopes that webhooks may be granted for it.
const DEPARTMENT_SCOPES: &[Scope] = &[
    offered("department", "Departments", "Departments and their heads."),
    offered("humanresources", "Company structure", "Departments, teams and employees in REST 3.0."),
    offered(
        "humanresources.hcmlink",
        "HR system link",
        "Data exchange with an HR system for signing documents.",
    ),
];

/// Texts in the reader's language; there is nothing to be seeded.
const NAMES: Seed = Seed {
    name: "department.names",
    names: || structure::communication::KINDS.to_vec(),
    seed: |_, _, _| Ok(()),
};
