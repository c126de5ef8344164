//! The trade catalogue: what is sold, in which units, at which prices and taxes, and where it lies.
//!
//! `crm.product.*`, `crm.productsection.*`, `crm.measure.*`, `crm.vat.*` and `crm.catalog.*` are faces of the same rows.

pub mod copy;
mod enums;
mod extra;
mod iblock;
mod measure;
mod price;
mod price_type;
mod product;
mod property;
mod ratio;
mod section;
mod stock;
mod trade_catalog;
mod vat;

use engine::method::Method;
use engine::modules::Module;
use engine::noun::{Noun, Seed, Verb, numbered_faults as faults};
use engine::scopes::{Scope, offered};
use store::Migration;

/// The scope of `catalog.*`.
const SCOPE: &str = "catalog";
/// The scope of the faces that the CRM has of it.
const CRM: &str = "crm";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: SCOPES,
    nouns,
    methods,
    seeds: &[
        trade_catalog::SEED,
        measure::SEED,
        vat::SEED,
        price_type::SEED,
        stock::SEED,
        stock::OF_BEFORE,
        extra::SEED,
        ratio::SEED,
        property::SECTION_SEED,
        NAMES,
    ],
    migrations: &[Migration {
        version: 1,
        name: "values",
        sql: include_str!("../migrations/0001_values.sql"),
    }],
    sync: property::sync,
    indexes: stock::INDEXES,
    watches: stock::WATCHES,
    configured: Some(stock::CONFIGURED),
    user_types: &iblock::TYPES,
    russian: include_str!("ru.toml"),
    ..Module::new("catalog")
};

/// The scopes that webhooks may be granted for it.
const SCOPES: &[Scope] = &[
    offered("catalog", "Product catalog", "Products, prices, warehouses and inventory documents."),
    offered("catalogmobile", "Product catalog on mobile", "The product catalog of the mobile app."),
];

fn nouns() -> Vec<&'static Noun> {
    vec![
        &trade_catalog::CATALOG,
        &section::SECTION,
        &measure::MEASURE,
        &vat::VAT,
        &price_type::PRICE_TYPE,
        &price_type::LANG,
        &price_type::GROUP,
        &price_type::ROUNDING,
        &property::PROPERTY,
        &property::CHOICE,
        &property::FEATURE,
        &property::SECTION,
        &product::PRODUCT,
        &ratio::RATIO,
        &extra::EXTRA,
        &price::PRICE,
    ]
    .into_iter()
    .chain(stock::NOUNS)
    .chain(stock::VALUES.iter().map(|(_, noun)| noun))
    .collect()
}

/// The methods beyond those of the nouns.
fn methods() -> Vec<Method> {
    [
        trade_catalog::methods(),
        property::methods(),
        product::methods(),
        price::methods(),
        price_type::methods(),
        enums::methods(),
        stock::methods(),
        stock::value_methods(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Names that methods answer with; nothing is written.
const NAMES: Seed = Seed {
    name: "catalog.names",
    names: || enums::names().chain(property::feature_names()).chain(product::names()).collect(),
    seed: |_, _, _| Ok(()),
};

/// The verbs of a face that is only read.
const READ: &[(Verb, &str)] = &[(Verb::Get, "get"), (Verb::List, "list"), (Verb::Fields, "getFields")];

/// Demo data of the catalog: methods with their parameters.
pub const DEMO: &str = include_str!("demo.json");

/// What the demo has of the catalog beside other products: a contractor of the CRM, and pictures.
pub const DEMO_AFTER: &str = include_str!("demo_after.json");
