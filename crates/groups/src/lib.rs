//! Workgroups and projects: `sonet_group.*` and `socialnetwork.api.workgroup.*`.
//!
//! Two nouns, by which other products ask who belongs together: `groups.group` and `groups.member`, whose `role` is `A` of the
//! owner, `E` of moderators, `K` of members, `Z` of those who were invited or ask to join, and `T` of those who are banned.

mod chat;
pub mod copy;
mod feature;
mod group;
mod indexes;
mod member;
mod people;
mod workgroup;

use wire::Fault;

use engine::method::Method;
use engine::modules::Module;
use engine::noun::{Noun, Seed};
use engine::scopes::{Scope, offered};

/// The scope of the methods.
const SCOPE: &str = "sonet_group";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: SCOPES,
    nouns,
    methods,
    indexes: indexes::INDEXES,
    seeds: &[NAMES],
    russian: include_str!("ru.toml"),
    ..Module::new("groups")
};

/// The scopes that webhooks may be granted for it.
const SCOPES: &[Scope] = &[
    offered("socialnetwork", "Workgroups, second name", "Same as sonet_group."),
    offered("sonet_group", "Workgroups", "Workgroups, projects and their members."),
];

/// Texts that the portal itself writes; there is nothing to be seeded.
const NAMES: Seed = Seed { name: "groups.names", names: || vec![people::INVITED], seed: |_, _, _| Ok(()) };

fn nouns() -> Vec<&'static Noun> {
    vec![&group::GROUP, &member::MEMBER]
}

fn methods() -> Vec<Method> {
    [group::methods(), people::methods(), feature::methods(), workgroup::methods()]
        .into_iter()
        .flatten()
        .collect()
}

/// Demo data: calls in their order. Workgroup 1 of user 1, with the moderator 2 and the member 3, and project 2, which
/// user 2 is invited to; scrums 3 and 4.
pub const DEMO: &str = include_str!("demo.json");

/// A refusal, which has no code here.
fn refusal(text: &'static str) -> Fault {
    Fault::crm(text)
}
