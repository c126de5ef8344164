//! The customers of an order in the CRM, and the platforms that it came from. Both are written with the order.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::entity::owner::{Standing, standing};
use engine::entity::read::entity_by_type;
use engine::error::Result;
use engine::noun::{self, Access, Draft, Face, Hooks, ID, Noun, Row, field, noun};
use wire::{Map, Value};

use crate::SCOPE;
use crate::kit::{faults, invalid};
use crate::trade::BINDING;

/// How customers are shown.
pub const FACE: Face = Face::controller("sale.orderClient", "client", "clients")
    .verbs(&[])
    .faults(faults(0, "client does not exist"));

/// Customers of orders.
pub static CLIENT: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("orderId", Kind::Integer, "Order").required().indexed(),
        field("entityTypeId", Kind::Integer, "Type: 3 contact, 4 company").required(),
        field("entityId", Kind::Integer, "ID of the contact or company").required(),
        field("isPrimary", Kind::Char, "Is the first one").default("N"),
        field("roleId", Kind::Integer, "Role").default("0"),
        field("sort", Kind::Integer, "Sort order").default("0"),
    ],
    faces: &[FACE],
    hooks: &Clients,
    ..noun("sale.orderClient", "sale_order_client", SCOPE, ["client of an order", "clients of orders"])
};

/// The types of items that may be customers.
const TYPES: [i64; 2] = [3, 4];

/// Customers, or platforms, that an order has at most.
const MOST: usize = 50;

struct Clients;

impl Hooks for Clients {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        _: Option<&Row>,
    ) -> Result<()> {
        let found = draft.int("entityTypeId").zip(draft.int("entityId"));
        let Some((kind, id)) = found.filter(|(kind, _)| TYPES.contains(kind)) else {
            return Err(invalid(face, "clients"));
        };
        let entity = entity_by_type(call, kind).map_err(|_| invalid(face, "clients"))?;
        match standing(call, &entity, id, Act::Read)? {
            Standing::Allowed => Ok(()),
            _ => Err(invalid(face, "clients")),
        }
    }
}

/// Makes the customers of an order those that a request names, if it names any.
pub(super) fn keep(call: &mut Call<'_, '_>, face: &Face, order: i64, given: &Map) -> Result<()> {
    replace(call, face, &CLIENT, order, given.get("clients"))
}

/// The same with the platforms that it came from.
pub(super) fn trade(call: &mut Call<'_, '_>, face: &Face, order: i64, given: &Map) -> Result<()> {
    replace(call, face, &BINDING, order, given.get("tradeBindings"))
}

fn replace(
    call: &mut Call<'_, '_>,
    face: &Face,
    noun: &'static Noun,
    order: i64,
    given: Option<&Value>,
) -> Result<()> {
    let Some(given) = given.filter(|given| given.is_array()) else { return Ok(()) };
    if given.items().count() > MOST {
        return Err(invalid(face, noun.titles[1]));
    }
    noun::clear(call, noun, &[("orderId", order.into())])?;
    for one in given.items() {
        let mut fields = one.clone().into_map().unwrap_or_default();
        fields.insert("orderId", order);
        noun::put(call, noun, &fields)?;
    }
    Ok(())
}
