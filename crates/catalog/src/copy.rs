//! Lists of the catalogue by which it is copied, beyond those that follow from nouns.

use engine::copy::{At, Paging, Put, Step, Target};
use engine::meta::Meta;
use serde_json::json;

use crate::product::PRODUCT;
use crate::property::MADE;

/// Products: those of each catalogue with all that they have, and what the older spelling alone has of them. Which properties
/// there are is known by then.
pub fn steps(meta: &Meta) -> Vec<Step> {
    let made = meta.fielded(MADE.number).map(|table| table.fields.clone()).unwrap_or_default();
    let properties = || made.iter().filter(|field| field.user.is_some());
    let own = PRODUCT.fields.iter().filter(|field| field.in_camel).map(|field| field.camel_name().to_owned());
    let select: Vec<String> =
        own.chain(properties().filter_map(|field| Some(field.item.as_deref()?.to_owned()))).collect();
    let [products, _, offers, .., older] = PRODUCT.faces else { return Vec::new() };
    let all: Vec<String> = ["*".to_owned()]
        .into_iter()
        .chain(properties().map(|field| field.code.clone().into_owned()))
        .collect();
    vec![
        Step::new("catalog.product.list", Target::Noun(&PRODUCT, products))
            .with(json!({"select": select, "order": {"id": "ASC"}}))
            .of_each("catalog_catalog", CATALOGUE)
            .at(At::Under("products"))
            .knowing(KNOWN),
        Step::new("catalog.product.offer.list", Target::Noun(&PRODUCT, offers))
            .with(json!({"select": ["id", "iblockId", "parentId"], "order": {"id": "ASC"}}))
            .each(OF_VARIANTS, CATALOGUE)
            .at(At::Under("offers")),
        Step::new("crm.product.list", Target::Noun(&PRODUCT, older))
            .with(json!({"select": all}))
            .paged(Paging::Behind("ID", "ID")),
    ]
}

/// Catalogues of variants, which say whose variants these are.
const OF_VARIANTS: &str =
    "SELECT id, id FROM catalog_catalog WHERE product_iblock_id > 0 AND id > ? ORDER BY id LIMIT ?";
const CATALOGUE: &[Put] = &[Put::param("filter/iblockId")];

/// What follows from other fields.
const KNOWN: &[&str] = &["available"];
