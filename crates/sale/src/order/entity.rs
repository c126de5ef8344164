//! Which items of the CRM orders belong to: `crm.orderentity.*`.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::entity::owner::{Standing, standing};
use engine::entity::read::entity_by_type;
use engine::error::Result;
use engine::noun::{self, Access, Answer, Draft, Face, Faults, Hooks, Noun, Refusal, Row, field, noun};

use super::ORDER;
use crate::CRM;
use crate::kit::{faults, invalid, keyed};

const FAULTS: Faults = Faults {
    taken: Refusal::Numbered(201_650_000_001, "Duplicate entry for key [ownerId, ownerTypeId, orderId]"),
    ..faults(201_640_400_004, "order entity does not exist")
};

/// Orders of items.
pub static ENTITY: Noun = Noun {
    key: &["orderId", "ownerId", "ownerTypeId"],
    access: Access::Administrators,
    fields: &[
        field("orderId", Kind::Integer, "Order").required().immutable().indexed().sample("1"),
        field("ownerId", Kind::Integer, "Item").required().immutable().indexed().sample("2"),
        field("ownerTypeId", Kind::Integer, "Kind of the item").required().immutable().sample("2"),
    ],
    faces: &[Face {
        samples: || serde_json::json!({"fields": {"orderId": 1, "ownerId": 1, "ownerTypeId": 2}}),
        added: Answer::RowUnder("dealOrder"),
        ..keyed("crm.orderentity", "orderEntity", "orderEntity")
    }
    .faults(FAULTS)],
    hooks: &Entities,
    ..noun("sale.orderEntity", "sale_order_entity", CRM, ["order of an item", "orders of items"])
};

struct Entities;

impl Hooks for Entities {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        _: Option<&Row>,
    ) -> Result<()> {
        let int = |name| draft.int(name);
        let (Some(order), Some(id), Some(kind)) = (int("orderId"), int("ownerId"), int("ownerTypeId")) else {
            return Ok(());
        };
        if !noun::has(call, &ORDER, &[("id", order.into())])? {
            return Err(super::FAULTS.missing.fault().into());
        }
        let entity = entity_by_type(call, kind).map_err(|_| invalid(face, "ownerTypeId"))?;
        match standing(call, &entity, id, Act::Update)? {
            Standing::Allowed => Ok(()),
            _ => Err(invalid(face, "ownerId")),
        }
    }
}
