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
use serde_json::{Value as Json, json};
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

/// Demo data: methods with their parameters. Site 1 is a shop with the pages 1 to 3, the first of which has two blocks, and a
/// folder; site 2 a knowledge base; site 3 has nothing.
pub fn demo() -> Vec<(&'static str, Json)> {
    let site = json!({
        "TITLE": "Shop", "CODE": "shop", "TYPE": "STORE", "DOMAIN_ID": "shop.example.com",
        "ADDITIONAL_FIELDS": {"THEME_CODE": "1construction", "BACKGROUND_USE": "Y"},
    });
    let home = json!({
        "TITLE": "Home", "SITE_ID": 1, "CODE": "home",
        "ADDITIONAL_FIELDS": {
            "FONTS_CODE": "<link rel=\"stylesheet\" href=\"/fonts.css\">", "GACOUNTER_USE": "N", "METAMAIN_USE": "Y",
            "METAMAIN_TITLE": "Our shop", "METAOG_TITLE": "Our shop", "METAOG_IMAGE": "https://shop.example.com/cover.png",
            "SETTINGS_PRICE_CODE": ["BASE"], "SETTINGS_SHOW_PRICE_COUNT": 1, "THEMEFONTS_LINE_HEIGHT": "1.6",
            "VIEW_TYPE": "no", "YACOUNTER_USE": "N",
        },
    });
    let banner = json!({
        "NAME": "Banner", "CONTENT": "<section class=\"landing-block\"><p class=\"landing-block-node-text\">Sale</p></section>",
        "SECTIONS": "cover,about", "PREVIEW": "https://example.com/banner.png", "DESCRIPTION": "One line", "ACTIVE": "Y",
    });
    let nodes = json!({"block": {"name": "Banner"}, "nodes": {".landing-block-node-text": {"name": "Text", "type": "text"}}});
    let columns = "03.1.three_cols_big_with_text_and_titles";
    let parts = ["mainpage", "catalog", "personal", "cart", "order", "compare", "payment"];
    let mut demo = vec![
        ("landing.site.add", json!({"fields": site})),
        (
            "landing.site.add",
            json!({"scope": "KNOWLEDGE", "fields": {"TITLE": "Handbook", "CODE": "handbook", "TYPE": "KNOWLEDGE"}}),
        ),
        ("landing.site.add", json!({"fields": {"TITLE": "Draft", "CODE": "draft"}})),
        ("landing.site.addFolder", json!({"siteId": 1, "fields": {"TITLE": "News", "CODE": "news"}})),
        ("landing.landing.add", json!({"fields": home})),
        (
            "landing.landing.add",
            json!({"fields": {"TITLE": "Opening", "SITE_ID": 1, "CODE": "opening", "FOLDER_ID": 1}}),
        ),
        ("landing.landing.add", json!({"fields": {"TITLE": "Header", "SITE_ID": 1, "CODE": "header"}})),
        ("landing.landing.addblock", json!({"lid": 1, "fields": {"CODE": "01.big_with_text"}})),
        ("landing.landing.addblock", json!({"lid": 1, "fields": {"CODE": columns, "AFTER_ID": 1}})),
        ("landing.landing.addblock", json!({"lid": 3, "fields": {"CODE": "0.menu_02"}})),
        (
            "landing.landing.favoriteBlock",
            json!({"lid": 1, "block": 1, "meta": {"name": "Our cover", "section": ["cover"]}}),
        ),
        ("landing.repo.register", json!({"code": "banner", "fields": banner, "manifest": nodes})),
        ("landing.demos.register", json!({"data": {"code": "leaflet", "name": "Leaflet", "type": "page"}})),
        ("landing.template.setSiteRef", json!({"id": 1, "data": {"1": 3}})),
        ("landing.template.setLandingRef", json!({"id": 1, "data": {"2": 3}})),
        ("landing.site.bindingToMenu", json!({"id": 2, "menuCode": "crm_switcher:deal"})),
    ];
    demo.extend(parts.map(|part| ("landing.syspage.set", json!({"id": 1, "type": part, "lid": 1}))));
    demo
}
