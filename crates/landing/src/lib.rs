//! Sites with folders, pages and blocks, as data: `landing.*`. Nothing is served to visitors.
//!
//! A site has pages, a page blocks, a block HTML and, by its code, a manifest that says what may be changed in it. Who may do
//! what is decided by site ([`access`]), for everything on it by one condition.

mod access;
mod additional;
mod block;
mod code;
mod demos;
mod html;
mod page;
mod refusal;
mod repo;
mod role;
mod show;
mod site;
mod syspage;
mod template;
mod unsafe_html;

use engine::method::{self, Method, Param, optional, required};
use engine::modules::Module;
use engine::noun::{Noun, Seed};
use engine::scopes::{Scope, offered, withheld};
use store::Migration;

/// The scope of the methods.
const SCOPE: &str = "landing";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: SCOPES,
    nouns,
    methods,
    migrations: &[Migration {
        version: 1,
        name: "rights",
        sql: include_str!("../migrations/0001_rights.sql"),
    }],
    indexes: &[
        "UNIQUE INDEX IF NOT EXISTS landing_site_code ON landing_site (COALESCE(domain_id, 0), code)",
        "UNIQUE INDEX IF NOT EXISTS landing_folder_code ON landing_folder (site_id, COALESCE(parent_id, 0), code)",
        "UNIQUE INDEX IF NOT EXISTS landing_page_code ON landing_page (site_id, COALESCE(folder_id, 0), code)",
        "UNIQUE INDEX IF NOT EXISTS landing_repo_code ON landing_repo (xml_id)",
        "UNIQUE INDEX IF NOT EXISTS landing_demo_code ON landing_demo (xml_id, tpl_type)",
        "INDEX IF NOT EXISTS landing_block_of ON landing_block (landing_id, public, sort, id)",
    ],
    seeds: &[role::SEED, template::SEED, block::NAMES, NAMES],
    russian: include_str!("ru.toml"),
    ..Module::new("landing")
};

/// The scopes that webhooks may be granted for it.
const SCOPES: &[Scope] = &[
    offered("landing", "Sites", "Sites, pages and blocks."),
    withheld("landing_cloud", "Sites in the cloud", "Internal exchange between sites and the cloud."),
];

/// Names that answers translate beside those of blocks.
const NAMES: Seed = Seed { name: "landing.demos", names: demos::standard::titles, seed: |_, _, _| Ok(()) };

fn nouns() -> Vec<&'static Noun> {
    vec![
        &site::SITE,
        &site::FOLDER,
        &site::DOMAIN,
        &page::PAGE,
        &block::BLOCK,
        &block::IMAGE,
        &repo::REPO,
        &demos::DEMO,
        &role::ROLE,
        &template::TEMPLATE,
    ]
}

fn methods() -> Vec<Method> {
    [
        site::methods(),
        page::methods(),
        block::methods(),
        syspage::methods(),
        template::methods(),
        repo::methods(),
        demos::methods(),
        role::methods(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A method that is about sites of some types.
fn scoped(method: Method) -> Method {
    let about = "KNOWLEDGE, GROUP or MAINPAGE for sites of these types";
    method.own_words().param(optional("scope", method::Kind::Text, about))
}

/// A method that is about a page.
fn of_page(method: Method) -> Method {
    scoped(method).param(required("lid", method::Kind::Id, "Page"))
}

/// A method that is about a block on a page.
fn of_block(method: Method, about: &'static str) -> Method {
    of_page(method).param(required("block", method::Kind::Id, about))
}

/// A method that changes a block of a page's draft.
fn of_draft(method: Method) -> Method {
    of_block(method, "Block of the draft")
}

/// A parameter of methods that change blocks.
fn history() -> Param {
    optional("preventHistory", method::Kind::Flag, "Without a trace in the history; there is none")
}

/// A method that lists rows.
fn listing(method: Method) -> Method {
    method.param(optional("params", method::Kind::Fields, "What to list").with_members(vec![
        optional("select", method::Kind::Select, "Fields to return"),
        optional("filter", method::Kind::Filter, "Conditions by field, with comparison prefixes"),
        optional("order", method::Kind::Order, "ASC or DESC by field"),
        optional("group", method::Kind::List, "Fields of which each combination comes once"),
        optional("limit", method::Kind::Int, "Rows to return"),
        optional("offset", method::Kind::Int, "Rows to pass over"),
    ]))
}

/// Demo data: calls in their order. Site 1 is a shop with the pages 1 to 3, the first of which has two blocks, and a
/// folder; site 2 a knowledge base; site 3 has nothing.
pub const DEMO: &str = include_str!("demo.json");
