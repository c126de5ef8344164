//! Product rows of leads, deals and quotes: `crm.item.productrow.*` and the older methods.

mod owners;
mod price;
pub mod product;
mod rules;
mod sets;

use engine::copy::{At, Put, Step, Target};
use engine::entity::{Entity, Kind, Naming};
use engine::error::{Error, Result};
use engine::method::{self, required};
use engine::noun::{
    Access, Answer, CONTROLLER_FAULTS, Described, Face, Faults, Field, ID, LEGACY_FAULTS, Noun, Refusal,
    Verb, field, noun,
};
use serde_json::json;
use store::Param;
use wire::Fault;

use super::SCOPE;
use crate::owned::{ByOwner, Code};

pub use owners::{copy, delete_all, follow_any, hand_over};
pub use sets::methods;

/// Digits behind the point of prices, quantities and rates.
const SCALE: u8 = 4;

/// Rows are for those who may have their owner.
static OWNERS: ByOwner =
    ByOwner { fields: &["ownerType", "ownerId"], code: Code::Prefix, may_own: |entity| entity.has_products };

/// Product rows.
pub static ROW: Noun = Noun {
    access: Access::Rule(&OWNERS),
    fields: &[
        ID,
        field("ownerId", Kind::Integer, "Owner").required().immutable().sample("1"),
        field("ownerType", Kind::String, "Owner type").trimmed().required().immutable().sample("D"),
        number("productId", "Product").default("0").kept(),
        field("productName", Kind::String, "Product name").sample("Chair"),
        older("originalProductName", "Product name in the catalogue"),
        older("productDescription", "Description in the catalogue"),
        amount("price", "Price with discount and tax").sample("80"),
        // Described as read-only; the older methods take it.
        amount("priceExclusive", "Price with discount, without tax"),
        amount("priceNetto", "Price without discount and tax").read_only(),
        amount("priceBrutto", "Price without discount, with tax").read_only(),
        amount("quantity", "Quantity").default("1").kept().sample("3"),
        number("discountTypeId", "Discount type: 1 amount, 2 percent"),
        amount("discountRate", "Discount, %"),
        amount("discountSum", "Discount amount"),
        amount("taxRate", "Tax, %"),
        field("taxIncluded", Kind::Char, "Tax is included in the price").default("N").kept(),
        field("customized", Kind::Char, "Changed manually"),
        number("measureCode", "Unit code").kept(),
        field("measureName", Kind::String, "Unit"),
        number("sort", "Sort index").default("0").kept(),
        field("xmlId", Kind::String, "External ID").short().never_null().upper_only(),
        number("type", "Product type").default("1").read_only(),
        number("storeId", "Warehouse").read_only(),
    ],
    faces: &[ITEM, OLDER],
    hooks: &rules::Rules,
    ..noun("crm.productRow", "crm_product_row", SCOPE, ["product row", "product rows"])
};

const fn number(name: &'static str, title: &'static str) -> Field {
    field(name, Kind::Integer, title)
}

const fn amount(name: &'static str, title: &'static str) -> Field {
    field(name, Kind::Decimal(SCALE), title)
}

const fn older(name: &'static str, title: &'static str) -> Field {
    field(name, Kind::String, title).computed().upper_only()
}

/// `crm.item.productrow.*`: rows of any owner, by the owner's code.
const ITEM: Face = Face {
    verbs: &[
        (Verb::Add, "add"),
        (Verb::Get, "get"),
        (Verb::List, "list"),
        (Verb::Update, "update"),
        (Verb::Delete, "delete"),
        (Verb::Fields, "fields"),
    ],
    also_upper: true,
    deleted: Answer::Null,
    described: Described::FullUnder("fields"),
    asks: &["filter", "order"],
    strict: true,
    params: &[(&[Verb::List], FILTER)],
    samples: || json!({"filter": {"=ownerType": "D", "=ownerId": 1}}),
    about: &[
        (Verb::Add, "Adds a product row to an item, recalculates its amount, and returns the row."),
        (Verb::List, "Lists the product rows of an item, 50 per page."),
        (Verb::Update, "Updates a product row, recalculates the owner's amount, and returns the row."),
        (Verb::Delete, "Deletes a product row and recalculates the owner's amount."),
    ],
    faults: Faults {
        missing: Refusal::Coded("NOT_FOUND", "Item not found"),
        required: |names| Fault::new(400, "100", format!("Required fields: {}", names.join(", "))),
        ..CONTROLLER_FAULTS
    },
    ..Face::controller("crm.item.productrow", "productRow", "productRows")
};

const FILTER: method::Param = required(
    "filter",
    method::Kind::Filter,
    "Conditions by field, with comparison prefixes; =ownerType and =ownerId are required",
);

/// `crm.productrow.*`: rows as older integrations know them, with amounts as numbers.
const OLDER: Face = Face {
    verbs: &[(Verb::List, "list"), (Verb::Fields, "fields")],
    values: Naming::Item,
    always: &["id"],
    faults: LEGACY_FAULTS,
    ..Face::legacy("crm.productrow")
};

/// The list by which the rows of an entity's items are copied where the older one, of all rows, is not to be had.
pub fn copying(entity: &Entity) -> Step {
    const OWNER: &[Put] = &[Put::param("filter/=ownerType"), Put::param("filter/=ownerId")];
    let (table, prefix) = (entity.table(), &entity.prefix);
    Step::new("crm.item.productrow.list", Target::Noun(&ROW, &ROW.faces[0]))
        .of(entity.type_id)
        .each(format!("SELECT id, '{prefix}', id FROM {table} WHERE id > ? ORDER BY id LIMIT ?"), OWNER)
        .at(At::Under("productRows"))
        .unless("crm.productrow.list")
}

/// Refuses more rows than any offer has.
///
/// # Errors
/// The refusal.
pub fn require_few(rows: usize) -> Result<()> {
    if rows <= 1000 { Ok(()) } else { Err(Fault::core("Too many product rows.").into()) }
}

/// What is wrong with a row, in the words of a face.
fn refusal(face: &Face, text: impl Into<String>) -> Error {
    let text = text.into();
    if face.naming.is_legacy() { Fault::core(text) } else { Fault::new(400, "0", text) }.into()
}

/// What the rows of an owner have in common.
fn of(owner: &Entity, id: i64) -> [(&'static str, Param<'static>); 2] {
    [("ownerType", owner.prefix.clone().into()), ("ownerId", id.into())]
}

/// The entities whose items may have rows.
fn owners() -> impl Iterator<Item = Entity> {
    super::entities().into_iter().filter(|entity| entity.has_products)
}
