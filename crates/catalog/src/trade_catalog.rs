//! Trade catalogues: `catalog.catalog.*` and, of the CRM, `crm.catalog.*`. Every portal has two, one of products and one of their variants; none can be
//! added through REST.

use serde_json::json;
use store::Tx;
use wire::Value;

use super::{CRM, SCOPE, faults};
use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, read, required};
use engine::moment::Moment;
use engine::noun::{Access, Face, Faults, Hooks, Noun, Seed, Verb, field, noun};
use engine::texts::{Locale, Topic};

const FAULTS: Faults = faults(200_040_300_000, "The catalogue does not exist");

/// Trade catalogues.
pub static CATALOG: Noun = Noun {
    access: Access::Shared,
    fields: &[
        field("iblockId", Kind::Integer, "Information block").required().immutable().camel_only(),
        field("iblockTypeId", Kind::Integer, "Type of the information block").read_only().camel_only(),
        field("id", Kind::Integer, "ID").read_only(),
        field("lid", Kind::String, "Site").read_only().camel_only(),
        field("name", Kind::String, "Name").read_only(),
        field("productIblockId", Kind::Integer, "Catalogue whose variants these are").camel_only(),
        field("skuPropertyId", Kind::Integer, "Property that links a variant to its product").camel_only(),
        field("subscription", Kind::Char, "Sells subscriptions").default("N").camel_only(),
        field("vatId", Kind::Noun("catalog.vat"), "VAT rate").camel_only(),
        field("originatorId", Kind::String, "Outside system").upper_only(),
        field("originId", Kind::String, "ID in the outside system").upper_only(),
        field("xmlId", Kind::String, "External ID").read_only().upper_only(),
    ],
    faces: &[
        Face::controller("catalog.catalog", "catalog", "catalogs")
            .verbs(&[(Verb::Get, "get"), (Verb::List, "list"), (Verb::Fields, "getFields")])
            .faults(FAULTS),
        Face { scope: Some(CRM), ..Face::legacy("crm.catalog") }.verbs(&[
            (Verb::Get, "get"),
            (Verb::List, "list"),
            (Verb::Fields, "fields"),
        ]),
    ],
    hooks: &Catalogs,
    ..noun("catalog.catalog", "catalog_catalog", SCOPE, ["catalogue", "catalogues"])
};

struct Catalogs;

impl Hooks for Catalogs {
    /// The CRM has the catalogue of products alone.
    fn within(&self, face: &Face) -> Option<&'static str> {
        face.naming.is_legacy().then_some("t.product_iblock_id IS NULL")
    }
}

/// The methods beyond those of its faces.
pub fn methods() -> Vec<Method> {
    vec![
        read("catalog.catalog.isOffers", SCOPE, is_offers)
            .controller()
            .about("Returns whether a catalogue holds variants of products.")
            .param(required("id", method::Kind::Id, "The ID of the catalogue"))
            .example(json!({"id": 2}), json!(true)),
    ]
}

fn is_offers(call: &mut Call<'_, '_>) -> Result<Value> {
    let reach = CATALOG.grant(call, Act::Read)?;
    let id = call.id("id");
    match engine::noun::one(call, &CATALOG, &reach, id)? {
        Some(row) => Ok(row.int("productIblockId").is_some().into()),
        None => Err(FAULTS.missing.fault().into()),
    }
}

/// The two catalogues of every portal.
pub const SEED: Seed = Seed { name: "catalog.catalog", names: || NAMES.to_vec(), seed };

/// The names of the catalog of products and of the catalog of variants.
const NAMES: [&str; 2] = ["Product catalog", "Product catalog (variants)"];

fn seed(tx: &mut Tx<'_>, language: Locale, _: Moment) -> Result<()> {
    let sql = "INSERT INTO catalog_catalog (id, iblock_id, iblock_type_id, lid, name, product_iblock_id, subscription) \
               VALUES (1, 1, 0, 's1', ?, NULL, 'N'), (2, 2, 0, 's1', ?, 1, 'N')";
    tx.execute(sql, &NAMES.map(|name| language.text(Topic::Names, name).into()))?;
    Ok(())
}
