//! `crm.entity.mergeBatch`: makes one item of several duplicates.

mod items;

use std::sync::Arc;

use engine::access::Act;
use engine::call::Call;
use engine::entity::Entity;
use engine::entity::owner::{Standing, standing};
use engine::error::Result;
use engine::method::{Kind, Method, required, write};
use serde_json::json;
use wire::{Fault, Map, Value};

use crate::SCOPE;

/// The method.
pub fn method() -> Method {
    write("crm.entity.mergeBatch", SCOPE, merge_batch)
        .destroys()
        .about("Makes one item of several of a kind: the first takes over what the others have, and those are deleted.")
        .param(required("params", Kind::Fields, "The items").with_members(vec![
            required("entityTypeId", Kind::Int, "Type of the items: 1 lead, 2 deal, 3 contact, 4 company"),
            required("entityIds", Kind::List, "IDs of the items; the first one stays"),
        ]))
        .example(
            json!({"params": {"entityTypeId": 1, "entityIds": [128, 130]}}),
            json!({"STATUS": "*", "ENTITY_IDS": "*"}),
        )
}

fn merge_batch(call: &mut Call<'_, '_>) -> Result<Value> {
    let params = call.fields("params");
    let type_id = params.get_any_case("entityTypeId").and_then(Value::as_int).unwrap_or(0);
    if type_id <= 0 {
        return Err(refused("The parameter entityTypeId is required."));
    }
    let ids = ids(&params)?;
    let entity =
        call.entity(type_id).ok_or_else(|| refused(&format!("Entity type {type_id} is not supported")))?;
    let (into, others) = (ids[0], &ids[1..]);
    let mut may = permits(call, &entity, into, Act::Update)?;
    for other in others {
        may &= permits(call, &entity, *other, Act::Delete)?;
    }
    if !may {
        return Ok(answer("ERROR", &[]));
    }
    Ok(match items::merge(call, &entity, into, others)? {
        true => answer("SUCCESS", others),
        false => answer("CONFLICT", &ids),
    })
}

/// The numbers of the items, each once.
fn ids(params: &Map) -> Result<Vec<i64>> {
    let given = params.get_any_case("entityIds").cloned().unwrap_or_default();
    let mut ids: Vec<i64> = Vec::new();
    for id in given.each().filter_map(Value::as_int).filter(|id| *id > 0) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    match ids.len() {
        0 => Err(refused("The parameter entityIds does not contains valid elements.")),
        1 => {
            Err(Fault::numbered(400, 0, "The parameter entityIds must contains at least two elements.")
                .into())
        }
        _ => Ok(ids),
    }
}

/// Whether the caller may do that to an item, which must be there to be read.
fn permits(call: &mut Call<'_, '_>, entity: &Arc<Entity>, id: i64, act: Act) -> Result<bool> {
    match standing(call, entity, id, Act::Read)? {
        Standing::Missing => Err(refused("Owner was not found")),
        Standing::Denied => Err(Fault::numbered(400, 403, "Access denied").into()),
        Standing::Allowed => Ok(standing(call, entity, id, act)? == Standing::Allowed),
    }
}

fn answer(status: &str, ids: &[i64]) -> Value {
    let mut map = Map::with_capacity(2);
    map.push("STATUS", status);
    map.push("ENTITY_IDS", ids.iter().map(|id| Value::Int(*id)).collect::<Vec<_>>());
    Value::Map(map)
}

fn refused(text: &str) -> engine::Error {
    Fault::numbered(400, 400, text.to_owned()).into()
}
