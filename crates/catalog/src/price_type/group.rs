//! Which groups of buyers see the prices of a type, and which buy at them: `catalog.priceTypeGroup.*`.

use wire::Fault;

use crate::{SCOPE, faults};
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{Access, Draft, Face, Faults, Hooks, ID, Noun, Refusal, Row, Verb, field, noun};

const FAULTS: Faults = Faults {
    taken: Refusal::Numbered(0, "The specified access type for this group already exists"),
    ..faults(0, "Entity does not exist")
};

/// Groups of price types.
pub static GROUP: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("catalogGroupId", Kind::Noun("catalog.priceType"), "Price type")
            .required()
            .indexed()
            .sample("1"),
        field("groupId", Kind::Integer, "Group of buyers").required().sample("2"),
        field("access", Kind::Char, "Access: Y to see prices, N to buy").required().sample("Y"),
    ],
    faces: &[Face::controller("catalog.priceTypeGroup", "priceTypeGroup", "priceTypeGroups")
        .verbs(&[
            (Verb::Add, "add"),
            (Verb::List, "list"),
            (Verb::Delete, "delete"),
            (Verb::Fields, "getFields"),
        ])
        .faults(FAULTS)],
    hooks: &Group,
    ..noun(
        "catalog.priceTypeGroup",
        "catalog_price_type_group",
        SCOPE,
        ["group of a price type", "groups of price types"],
    )
};

struct Group;

impl Hooks for Group {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        _: Option<&Row>,
    ) -> Result<()> {
        let (Some(kind), Some(group)) = (draft.int("catalogGroupId"), draft.int("groupId")) else {
            return Ok(());
        };
        super::require(call, draft)?;
        if group <= 0 {
            return Err(Fault::numbered(400, 0, "The specified group does not exist").into());
        }
        let access = draft.text("access").unwrap_or_default().to_owned();
        let same = "SELECT id FROM catalog_price_type_group WHERE catalog_group_id = ? AND group_id = ? AND access = ?";
        match call.tx.one(same, &[kind.into(), group.into(), access.into()], |row| row.int(0))? {
            Some(_) => Err(FAULTS.taken.fault().into()),
            None => Ok(()),
        }
    }
}
