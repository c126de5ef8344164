//! Properties of items of baskets: `sale.basketproperties.*`.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{
    self, Access, Described, Draft, Face, Faults, Hooks, ID, Noun, Refusal, Row, Verb, field, noun,
};
use wire::{Fault, Value};

use super::BASKET;
use crate::SCOPE;
use crate::kit::{self, faults};

const FAULTS: Faults = Faults {
    unwritable: Refusal::Numbered(200_040_300_010, "Access Denied"),
    ..faults(200_240_400_003, "Basket item property not found")
};

/// How properties are shown and written.
pub const FACE: Face = Face {
    described: Described::ShortUnder("basketProperties"),
    ..Face::controller("sale.basketproperties", "basketProperty", "basketProperties")
}
.faults(FAULTS);

/// Properties of items of baskets.
pub static PROPERTY: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("basketId", Kind::Integer, "Basket item").required().immutable().indexed().sample("1"),
        field("name", Kind::String, "Name").required().sample("Color"),
        field("value", Kind::String, "Value").required().sample("Walnut"),
        field("code", Kind::String, "Code").required().sample("COLOR"),
        field("sort", Kind::Integer, "Sort order").default("100"),
        field("xmlId", Kind::String, "External ID").indexed(),
    ],
    faces: &[FACE],
    hooks: &Properties,
    ..noun(
        "sale.basketProperty",
        "sale_basket_property",
        SCOPE,
        ["property of a basket item", "properties of basket items"],
    )
};

struct Properties;

impl Hooks for Properties {
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, verb: Verb) -> Result<()> {
        if verb != Verb::Add || !call.caller.is_admin {
            return Ok(());
        }
        let fields = call.fields("fields");
        match fields.get("basketId").filter(|id| !id.is_empty()) {
            None => Err(Fault::numbered(400, 200_240_400_004, "Basket item id is absent").into()),
            Some(id) if id.as_int().is_none_or(|id| id <= 0) => {
                Err(Fault::numbered(400, 200_240_400_005, "Basket item id is bad").into())
            }
            Some(id) => match noun::has(call, &BASKET, &[("id", Value::as_int(id).unwrap_or(0).into())])? {
                true => Ok(()),
                false => Err(Fault::numbered(400, 200_240_400_001, "Basket item not found").into()),
            },
        }
    }

    fn fill(&self, _: &mut Call<'_, '_>, draft: &mut Draft<'_>) -> Result<()> {
        kit::name(draft);
        Ok(())
    }

    fn prepare(
        &self,
        _: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        kit::demand(face, draft, old, &["name", "value", "code"])
    }
}
