//! What a property of the type `ENUM` may be: `sale.propertyvariant.*`.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, Access, Draft, Face, Faults, Hooks, ID, Noun, Row, field, noun};
use store::Param;
use wire::{Fault, Map};

use super::PROPERTY;
use crate::SCOPE;
use crate::kit::{blank, demand, faults};

const FAULTS: Faults = faults(201_540_400_001, "property variant does not exist");

/// Variants of properties.
pub static VARIANT: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("orderPropsId", Kind::Integer, "Property").required().immutable().indexed().sample("7"),
        field("name", Kind::String, "Name").required().sample("Green"),
        field("value", Kind::String, "Code").required().sample("green"),
        field("sort", Kind::Integer, "Sort order").default("100").sample("10"),
        field("description", Kind::Text, "Description").sample("Made of oak"),
    ],
    faces: &[Face::controller("sale.propertyvariant", "propertyVariant", "propertyVariants").faults(FAULTS)],
    hooks: &Variants,
    ..noun(
        "sale.propertyVariant",
        "sale_property_variant",
        SCOPE,
        ["variant of a property", "variants of properties"],
    )
};

struct Variants;

impl Hooks for Variants {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        demand(face, draft, old, &["name", "value"])?;
        for (name, code) in [("value", "ERROR_NO_VALUE"), ("name", "ERROR_NO_NAME")] {
            if draft.get(name).is_some_and(|value| *value == Param::Null) {
                return Err(Fault::new(400, code, format!("The {name} is empty")).into());
            }
        }
        match draft.int("orderPropsId") {
            Some(property) if !noun::has(call, &PROPERTY, &[("id", property.into())])? => {
                Err(Fault::numbered(400, 201_550_000_003, "property does not exist").into())
            }
            _ => Ok(()),
        }
    }

    fn show(&self, _: &mut Call<'_, '_>, _: &Face, _: &[Row], shown: &mut [Map], _: bool) -> Result<()> {
        shown.iter_mut().for_each(|map| blank(map, &["description"]));
        Ok(())
    }
}
