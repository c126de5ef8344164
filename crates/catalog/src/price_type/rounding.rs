//! How prices of a type are rounded from an amount on: `catalog.roundingRule.*`.

use crate::{SCOPE, faults};
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{Access, Draft, Face, Hooks, ID, Id, Noun, Row, Stamp, field, noun};
use wire::Fault;

/// Rounding rules.
pub static ROUNDING: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("catalogGroupId", Kind::Noun("catalog.priceType"), "Price type")
            .required()
            .indexed()
            .sample("1"),
        field("price", Kind::Double, "From this price").required().sample("1000"),
        field("roundType", Kind::Integer, "Rounding: 1 to the nearest, 2 up, 4 down").required().sample("4"),
        field("roundPrecision", Kind::Double, "Precision").required().sample("100"),
        field("createdBy", Kind::User, "Added by").described_as("integer").stamped(Stamp::CreatedBy),
        field("modifiedBy", Kind::User, "Changed by").described_as("integer").stamped(Stamp::ChangedBy),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("dateModify", Kind::DateTime, "Changed").stamped(Stamp::Changed),
    ],
    faces: &[Face {
        id: Id::Param("id"),
        ..Face::controller("catalog.roundingRule", "roundingRule", "roundingRules")
    }
    .faults(faults(200_900_000_000, "The rounding rule does not exist"))],
    hooks: &Rounding,
    ..noun("catalog.roundingRule", "catalog_rounding", SCOPE, ["rounding rule", "rounding rules"])
};

struct Rounding;

impl Hooks for Rounding {
    fn prepare(&self, _: &mut Call<'_, '_>, _: &Face, draft: &mut Draft<'_>, _: Option<&Row>) -> Result<()> {
        match draft.int("roundType").is_none_or(|kind| [1, 2, 4].contains(&kind)) {
            true => Ok(()),
            false => Err(Fault::numbered(400, 0, "Invalid value of field roundType").into()),
        }
    }
}
