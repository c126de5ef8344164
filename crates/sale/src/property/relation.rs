//! For which pay systems, deliveries and platforms a property is asked: `sale.propertyRelation.*`.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, Access, Draft, Face, Faults, Hooks, Noun, Refusal, Row, field, noun};
use wire::Fault;

use super::PROPERTY;
use crate::SCOPE;
use crate::kit::{faults, keyed};

const FAULTS: Faults = Faults {
    taken: Refusal::Numbered(201_650_000_001, "Duplicate entry for key [entityId, entityType, propertyId]"),
    ..faults(201_640_400_004, "property relation does not exist")
};

/// Relations of properties.
pub static RELATION: Noun = Noun {
    key: &["entityId", "entityType", "propertyId"],
    access: Access::Administrators,
    fields: &[
        field("entityId", Kind::Integer, "Entity").required().immutable().indexed().sample("2"),
        field(
            "entityType",
            Kind::Choice(&["P", "D", "L", "T"]),
            "P pay system, D delivery, L landing page, T platform",
        )
        .required()
        .immutable()
        .sample("D"),
        field("propertyId", Kind::Integer, "Property").required().immutable().indexed().sample("3"),
    ],
    faces: &[Face {
        samples: || serde_json::json!({"fields": {"entityId": 2, "entityType": "D", "propertyId": 2}}),
        ..keyed("sale.propertyRelation", "propertyRelation", "propertyRelations")
    }
    .faults(FAULTS)],
    hooks: &Relations,
    ..noun(
        "sale.propertyRelation",
        "sale_property_relation",
        SCOPE,
        ["relation of a property", "relations of properties"],
    )
};

struct Relations;

impl Hooks for Relations {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        _: Option<&Row>,
    ) -> Result<()> {
        match draft.int("propertyId") {
            Some(property) if !noun::has(call, &PROPERTY, &[("id", property.into())])? => {
                Err(Fault::numbered(400, 201_650_000_002, "property does not exist").into())
            }
            _ => Ok(()),
        }
    }
}
