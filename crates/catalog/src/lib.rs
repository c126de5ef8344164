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

use serde_json::{Value as Json, json};

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
pub fn demo() -> Vec<(&'static str, Json)> {
    vec![
        ("catalog.section.add", json!({"fields": {"iblockId": 1, "name": "Furniture", "code": "furniture"}})),
        ("catalog.section.add", json!({"fields": {"iblockId": 1, "iblockSectionId": 1, "name": "Chairs"}})),
        ("catalog.priceType.add", json!({"fields": {"name": "Retail price", "xmlId": "retail"}})),
        (
            "crm.product.property.add",
            json!({"fields": {
                "NAME": "Color", "CODE": "COLOR", "PROPERTY_TYPE": "L",
                "VALUES": {"n0": {"VALUE": "Oak", "XML_ID": "oak"}, "n1": {"VALUE": "Walnut", "XML_ID": "walnut"}},
            }}),
        ),
        ("crm.product.add", product(2, "Chair", "chair", 250.0)),
        ("crm.product.add", product(1, "Desk", "desk", 480.0)),
        ("crm.product.add", product(1, "Shelf", "shelf", 129.9)),
        ("catalog.product.sku.add", json!({"fields": {"iblockId": 1, "name": "Lamp", "code": "lamp"}})),
        (
            "catalog.product.offer.add",
            json!({"fields": {"iblockId": 2, "name": "Lamp, white", "parentId": 4}}),
        ),
        ("catalog.product.service.add", json!({"fields": {"iblockId": 1, "name": "Delivery"}})),
        (
            "catalog.price.add",
            json!({"fields": {"productId": 2, "catalogGroupId": 2, "price": 560, "currency": "EUR"}}),
        ),
        (
            "catalog.priceTypeLang.add",
            json!({"fields": {"catalogGroupId": 2, "lang": "fr", "name": "Prix de détail"}}),
        ),
        ("catalog.priceTypeGroup.add", json!({"fields": {"catalogGroupId": 2, "groupId": 2, "access": "N"}})),
        (
            "catalog.roundingRule.add",
            json!({"fields": {"catalogGroupId": 2, "price": 100, "roundType": 2, "roundPrecision": 0.1}}),
        ),
        (
            "catalog.productPropertyFeature.add",
            json!({"fields": {"propertyId": 1, "moduleId": "iblock", "featureId": "LIST_PAGE_SHOW", "isEnabled": "Y"}}),
        ),
        ("catalog.store.add", json!({"fields": {"title": "Showroom", "address": "Hafenstr. 12, Hamburg"}})),
        ("catalog.store.add", json!({"fields": {"title": "Outlet", "address": "Am Markt 3, Lübeck"}})),
        ("catalog.document.add", document("A", "Receipt of furniture")),
        ("catalog.document.element.add", moved(1, 1, 1, 24)),
        ("catalog.document.element.add", moved(1, 2, 1, 6)),
        ("catalog.document.element.add", moved(1, 5, 1, 10)),
        ("catalog.document.conduct", json!({"id": 1})),
        ("catalog.document.add", document("M", "Chairs for the showroom")),
        (
            "catalog.document.element.add",
            json!({"fields": {"docId": 2, "elementId": 1, "storeFrom": 1, "storeTo": 2, "amount": 4}}),
        ),
        ("catalog.document.add", document("A", "Receipt of shelves")),
        ("catalog.document.element.add", moved(3, 3, 1, 12)),
    ]
}

/// A picture of a product: a grey square.
fn picture(product: i64, name: &str) -> (&'static str, Json) {
    const SQUARE: &str =
        "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAADklEQVR42mM4AAUMlDEAwKIwAcWteRkAAAAASUVORK5CYII=";
    let params =
        json!({"fields": {"productId": product, "type": "DETAIL_PICTURE"}, "fileContent": [name, SQUARE]});
    ("catalog.productImage.add", params)
}

fn document(kind: &str, title: &str) -> Json {
    json!({"fields": {"docType": kind, "title": title, "responsibleId": 1, "currency": "EUR"}})
}

/// A product that a document brings into a store.
fn moved(document: i64, product: i64, store: i64, amount: i64) -> Json {
    json!({"fields": {
        "docId": document, "elementId": product, "storeTo": store, "amount": amount, "purchasingPrice": 90.5,
    }})
}

/// What the demo has of the catalog beside other products: a contractor of the CRM, and pictures.
pub fn demo_after() -> Vec<(&'static str, Json)> {
    vec![
        (
            "catalog.documentcontractor.add",
            json!({"fields": {"documentId": 3, "entityTypeId": 4, "entityId": 1}}),
        ),
        picture(1, "chair.png"),
        picture(4, "lamp.png"),
        picture(5, "lamp-white.png"),
        picture(6, "delivery.png"),
    ]
}

fn product(section: i64, name: &str, code: &str, price: f64) -> Json {
    json!({"fields": {
        "NAME": name, "CODE": code, "SECTION_ID": section, "PRICE": price, "CURRENCY_ID": "EUR", "MEASURE": 5, "VAT_ID": 3,
        "PROPERTY_1": {"value": 1},
    }})
}
