//! The trade catalogue: what is sold, in which units, at which prices and taxes, and where it lies.
//!
//! `crm.product.*`, `crm.productsection.*`, `crm.measure.*`, `crm.vat.*` and `crm.catalog.*` are faces of the same rows.

mod measure;
mod price;
mod price_type;
mod product;
mod property;
mod section;
mod trade_catalog;
mod vat;
mod warehouse;

use serde_json::{Value as Json, json};
use wire::Fault;

use engine::call::Call;
use engine::entity::Field;
use engine::error::Result;
use engine::method::Method;
use engine::modules::Module;
use engine::noun::{Draft, Faults, Noun, Refusal, Row};

/// The scope of `catalog.*`.
const SCOPE: &str = "catalog";
/// The scope of the faces that the CRM has of it.
const CRM: &str = "crm";

/// The module of this crate.
pub static MODULE: Module = Module {
    nouns,
    methods,
    seeds: &[trade_catalog::SEED, measure::SEED, vat::SEED, price_type::SEED, warehouse::SEED],
    russian: include_str!("ru.toml"),
    ..Module::new("catalog")
};

fn nouns() -> Vec<&'static Noun> {
    vec![
        &trade_catalog::CATALOG,
        &section::SECTION,
        &measure::MEASURE,
        &vat::VAT,
        &price_type::PRICE_TYPE,
        &property::PROPERTY,
        &property::CHOICE,
        &product::PRODUCT,
        &price::PRICE,
        &warehouse::STORE,
    ]
}

/// The methods beyond those of the nouns.
fn methods() -> Vec<Method> {
    [trade_catalog::methods(), property::methods(), product::methods(), price::methods()]
        .into_iter()
        .flatten()
        .collect()
}

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
    ]
}

fn product(section: i64, name: &str, code: &str, price: f64) -> Json {
    json!({"fields": {
        "NAME": name, "CODE": code, "SECTION_ID": section, "PRICE": price, "CURRENCY_ID": "EUR", "MEASURE": 5, "VAT_ID": 3,
        "PROPERTY_1": {"value": 1},
    }})
}

/// The refusals of `catalog.*`: the noun has a number of its own for a row that does not exist.
const fn faults(missing: i64, text: &'static str) -> Faults {
    Faults {
        missing: Refusal::Numbered(missing, text),
        unreadable: Refusal::Numbered(200_040_300_010, "Access Denied"),
        unwritable: Refusal::Numbered(200_040_300_020, "Access Denied"),
        taken: Refusal::Numbered(0, "The value must be unique"),
        required: |names| Fault::numbered(400, 0, format!("Required fields: {}", names.join(", "))),
        invalid: engine::noun::CONTROLLER_FAULTS.invalid,
    }
}

/// Of all rows one has this flag: a row that gets it takes it from the one that had it.
fn keep_single(call: &mut Call<'_, '_>, draft: &Draft<'_>, flag: &str) -> Result<()> {
    if draft.text(flag) == Some("Y")
        && let Some(column) = draft.table.field(flag).map(Field::column)
    {
        let sql = format!("UPDATE {} SET {column} = 'N' WHERE {column} = 'Y'", draft.table.table());
        call.tx.execute(&sql, &[])?;
    }
    Ok(())
}

/// The row that has the flag keeps it until another one gets it.
fn keep_flag(draft: &mut Draft<'_>, old: Option<&Row>, flag: &str) {
    if old.is_some_and(|old| old.text(flag) == "Y") {
        draft.leave(flag);
    }
}
