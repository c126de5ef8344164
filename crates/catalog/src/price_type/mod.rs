//! Price types: `catalog.priceType.*`. One of them is the base. Their names in other languages, groups of buyers and rounding
//! rules stand beside them.

mod group;
mod lang;
mod rounding;

use store::Tx;
use wire::Fault;

pub use group::GROUP;
pub use lang::{LANG, methods};
pub use rounding::ROUNDING;

use super::product::copy_base_price;
use super::{SCOPE, faults};
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::moment::Moment;
use engine::noun::{
    self, Access, Draft, Face, Faults, Hooks, ID, Noun, Row, Saved, Seed, Stamp, field, noun,
};
use engine::texts::Locale;

const FAULTS: Faults = faults(201_000_000_000, "The price type does not exist");

/// Price types.
pub static PRICE_TYPE: Noun = Noun {
    example: "2",
    access: Access::Shared,
    fields: &[
        ID,
        field("name", Kind::String, "Name").required().sample("Wholesale price"),
        field("base", Kind::Char, "Base price").default("N").held().single(&[]),
        field("sort", Kind::Integer, "Sort order").default("100").sample("10"),
        field("xmlId", Kind::String, "External ID").indexed().sample("wholesale"),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("createdBy", Kind::User, "Added by").described_as("integer").stamped(Stamp::CreatedBy),
        field("timestampX", Kind::DateTime, "Changed").stamped(Stamp::Changed),
        field("modifiedBy", Kind::User, "Changed by").described_as("integer").stamped(Stamp::ChangedBy),
    ],
    faces: &[Face::controller("catalog.priceType", "priceType", "priceTypes").faults(FAULTS)],
    hooks: &PriceType,
    ..noun("catalog.priceType", "catalog_price_type", SCOPE, ["price type", "price types"])
};

struct PriceType;

impl Hooks for PriceType {
    /// The prices of another type become the base prices of all products.
    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        let is_base = |row: &Row| row.text("base") == "Y";
        match is_base(saved.row) && !saved.old.is_some_and(is_base) {
            true => copy_base_price(call.tx, None),
            false => Ok(()),
        }
    }

    /// Its prices and what else belongs to it go with it.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        if row.text("base") == "Y" {
            return Err(Fault::new(400, "BASE", "The base price type cannot be deleted").into());
        }
        [&super::price::PRICE, &LANG, &GROUP, &ROUNDING]
            .into_iter()
            .try_for_each(|noun| noun::clear(call, noun, &[("catalogGroupId", row.number.into())]))
    }
}

/// What belongs to a price type names one that there is.
fn require(call: &mut Call<'_, '_>, draft: &Draft<'_>) -> Result<()> {
    let Some(id) = draft.int("catalogGroupId") else { return Ok(()) };
    let sql = "SELECT id FROM catalog_price_type WHERE id = ?";
    match call.tx.one(sql, &[id.into()], |row| row.int(0))? {
        Some(_) => Ok(()),
        None => Err(FAULTS.missing.fault().into()),
    }
}

/// The base price type, which has the same name on every portal.
pub const SEED: Seed = Seed { name: "catalog.priceType", names: Vec::new, seed };

fn seed(tx: &mut Tx<'_>, _: Locale, now: Moment) -> Result<()> {
    let sql = "INSERT INTO catalog_price_type (name, base, sort, xml_id, date_create, created_by, timestamp_x, modified_by) \
               VALUES ('BASE', 'Y', 100, 'BASE', ?, 1, ?, 1)";
    tx.execute(sql, &[now.seconds().into(), now.seconds().into()])?;
    Ok(())
}
