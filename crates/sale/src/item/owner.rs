//! The item to which orders belong, and who may have it.

use engine::access::Act;
use engine::call::{Call, Caller};
use engine::entity::owner::{Standing, standing};
use engine::entity::read::entity_by_type;
use engine::error::{Error, Result};
use engine::noun;
use serde_json::json;
use wire::{Fault, Map, Value};

use crate::kit::refused;
use crate::order::ORDER;
use crate::order::entity::ENTITY;
use crate::payer::person_type::PERSON_TYPE;

/// An item: its kind, and its number.
#[derive(Clone, Copy, Debug)]
pub struct Item(pub i64, pub i64);

/// The refusal of whoever may not.
pub fn denied() -> Error {
    refused("Insufficient permissions")
}

/// The refusal of a payment that is not there.
pub fn no_payment() -> Error {
    refused("Payment has not been found")
}

/// The refusal of what a payment pays for and is not there.
pub fn no_item() -> Error {
    refused("Payable item has not been found")
}

/// The item that a request names, when the caller may do this to it.
///
/// # Errors
/// The refusals of items that are not there or out of reach.
pub fn named(call: &mut Call<'_, '_>, act: Act) -> Result<Item> {
    let item = Item(call.id("entityTypeId"), call.id("entityId"));
    let missing = Fault::numbered(400, 0, format!("Entity with identifier №{} does not exist", item.1));
    reach(call, item, act)?.require(denied(), missing)?;
    Ok(item)
}

/// Whether the caller may do this to an item.
///
/// # Errors
/// The refusal of a kind that is none.
pub fn reach(call: &mut Call<'_, '_>, Item(kind, id): Item, act: Act) -> Result<Standing> {
    let entity = entity_by_type(call, kind).map_err(|_| refused("Entity type is not supported"))?;
    standing(call, &entity, id, act)
}

/// The orders of an item.
///
/// # Errors
/// Those of the store.
pub fn orders(call: &mut Call<'_, '_>, Item(kind, id): Item) -> Result<Vec<i64>> {
    let rows = noun::among(call, &ENTITY, "ownerId", &[id])?;
    let own = rows.iter().filter(|row| row.int("ownerTypeId") == Some(kind));
    Ok(own.filter_map(|row| row.int("orderId")).collect())
}

/// Refuses whoever may not do this to an item to which the order belongs; an order of nobody is for administrators.
///
/// # Errors
/// The refusal.
pub fn require(call: &mut Call<'_, '_>, order: i64, act: Act) -> Result<()> {
    if call.caller.is_admin {
        return Ok(());
    }
    for row in noun::among(call, &ENTITY, "orderId", &[order])? {
        let int = |name: &str| row.int(name).unwrap_or(0);
        if reach(call, Item(int("ownerTypeId"), int("ownerId")), act)? == Standing::Allowed {
            return Ok(());
        }
    }
    Err(denied())
}

/// The order of an item; a new one where it has none.
///
/// # Errors
/// Those of the order.
pub fn order(call: &mut Call<'_, '_>, item: Item) -> Result<i64> {
    if let Some(order) = orders(call, item)?.first() {
        return Ok(*order);
    }
    let Item(kind, id) = item;
    let found = call.ask("crm.item.get", json!({"entityTypeId": kind, "id": id}))?.ok_or_else(denied)?;
    let of = |name: &str| found.get("item").and_then(|item| item.get(name)).cloned().unwrap_or_default();
    let is_company = of("companyId").as_int().is_some_and(|id| id > 0);
    let currency = of("currencyId").as_str().filter(|code| call.meta.has_currency(code)).map(str::to_owned);
    let mut fields = Map::new();
    fields.push("lid", "s1");
    fields.push("personTypeId", payer(call, if is_company { "CRM_COMPANY" } else { "CRM_CONTACT" })?);
    fields.push("currency", currency.unwrap_or_else(|| call.meta.base_currency().to_owned()));
    let order = noun::put(call, &ORDER, &fields)?.number;
    let mut binding = Map::with_capacity(3);
    binding.push("orderId", order);
    binding.push("ownerId", id);
    binding.push("ownerTypeId", kind);
    noun::put(call, &ENTITY, &binding)?;
    Ok(order)
}

fn payer(call: &mut Call<'_, '_>, code: &'static str) -> Result<i64> {
    let sql = format!("SELECT id FROM {} WHERE code = ?", PERSON_TYPE.table);
    Ok(call.tx.one(&sql, &[code.into()], |row| row.int(0))?.unwrap_or(1))
}

/// What a family of `sale.*` lists of these orders, with the filter and the order of the request. The list is an administrator's: the
/// caller was found to have the item, and the orders are fixed.
///
/// # Errors
/// Those of the list.
pub fn list(
    call: &mut Call<'_, '_>,
    method: &str,
    of: (&'static str, &[i64]),
    rows: &str,
) -> Result<Vec<Value>> {
    let (field, ids) = of;
    if ids.is_empty() {
        call.total = Some(0);
        return Ok(Vec::new());
    }
    let mut filter = call.fields("filter");
    filter.insert(format!("@{field}"), ids.iter().map(|id| Value::Int(*id)).collect::<Vec<_>>());
    let mut params = Map::with_capacity(2);
    params.push("filter", filter);
    if let Some(order) = call.param("order") {
        params.push("order", order.clone());
    }
    let caller = Caller { is_admin: true, ..call.caller.clone() };
    let found = call.core.modules.find(method).ok_or_else(denied)?;
    let reply = call.sub_as(&caller, found, params, Some(call.start))?;
    (call.total, call.next) = (reply.total, reply.next);
    Ok(reply.result.get(rows).map(|rows| rows.items().cloned().collect()).unwrap_or_default())
}

/// A row with these fields alone.
pub fn brief(row: &Value, names: &[&'static str]) -> Value {
    let member = |name: &&'static str| ((*name).into(), row.get(name).cloned().unwrap_or_default());
    Value::Map(names.iter().map(member).collect())
}
