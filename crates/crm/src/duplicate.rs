//! `crm.duplicate.*`: who has this phone or e-mail address already, and by what else duplicates are looked for.

pub mod volatile;

use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value};

use super::SCOPE;
use engine::access::Act;
use engine::call::Call;
use engine::entity::{Entity, multifield, read};
use engine::error::Result;
use engine::method::{Kind, Method, optional, read as reading, required};

/// Values that one call looks for; more are passed over.
const MAX_VALUES: usize = 20;

/// The ways of communication that tell people apart.
const TYPES: [&str; 2] = ["EMAIL", "PHONE"];

/// The methods.
pub fn methods() -> Vec<Method> {
    let mut methods = volatile::methods();
    methods.push(
        reading("crm.duplicate.findbycomm", SCOPE, find)
            .about("Finds leads, contacts and companies by phone numbers or e-mail addresses.")
            .param(
                required("type", Kind::Text, "EMAIL or PHONE")
                    .or_complain("Communication type is not defined."),
            )
            .param(
                required("values", Kind::List, "Up to 20 phone numbers or e-mail addresses")
                    .or_complain("Communication values is not defined."),
            )
            .param(optional(
                "entity_type",
                Kind::Text,
                "LEAD, CONTACT or COMPANY (or L, C, CO); all three if omitted",
            ))
            .example(json!({"type": "PHONE", "values": ["+49 30 111001"]}), json!({"CONTACT": [1]})),
    );
    methods
}

fn find(call: &mut Call<'_, '_>) -> Result<Value> {
    let asked = call.text("type").unwrap_or_default();
    let type_id = TYPES.into_iter().find(|known| known.eq_ignore_ascii_case(&asked)).ok_or_else(|| {
        Fault::crm(format!("Communication type '{asked}' is not supported in current context."))
    })?;
    let values = values(call, type_id);
    if values.is_empty() {
        return Err(Fault::crm("Communication values is not defined.").into());
    }
    let only = only(&call.text("entity_type").unwrap_or_default())?;
    let reachable = super::entities().into_iter().filter(|entity| entity.field(type_id).is_some());
    let mut found = Map::new();
    for entity in reachable.filter(|entity| only.is_none_or(|type_id| type_id == entity.type_id)) {
        let ids = owners(call, &entity, type_id, &values)?;
        if !ids.is_empty() {
            found.push(&*entity.code, ids);
        }
    }
    Ok(found.into())
}

/// The one type that is asked for, by its name or prefix in any case; a text that is neither means all of them.
fn only(asked: &str) -> Result<Option<i64>> {
    let asked = asked.trim();
    let is_meant = |entity: &Entity| {
        [&entity.code, &entity.prefix].into_iter().any(|name| name.eq_ignore_ascii_case(asked))
    };
    let Some(meant) = super::entities().into_iter().find(is_meant) else { return Ok(None) };
    if meant.field(TYPES[0]).is_none() {
        let text = format!("{} is not supported in current context.", meant.title);
        return Err(Fault::crm(text).into());
    }
    Ok(Some(meant.type_id))
}

/// The values asked for, in the form in which equal ones compare equal.
fn values(call: &Call<'_, '_>, type_id: &str) -> Vec<String> {
    let given = call.param("values").into_iter().flat_map(Value::items).filter_map(Value::text);
    let folded = given.map(|value| multifield::fold(type_id, &value)).filter(|value| !value.is_empty());
    folded.take(MAX_VALUES).collect()
}

/// The items of an entity that have one of the values, as far as the caller may see them.
fn owners(call: &mut Call<'_, '_>, entity: &Entity, type_id: &str, values: &[String]) -> Result<Vec<Value>> {
    let placeholders = store::placeholders(values.len());
    let mut params: Vec<Param<'static>> = vec![entity.type_id.into(), type_id.to_owned().into()];
    params.extend(values.iter().map(|value| Param::from(value.clone())));
    let within = read::reach(call, entity, Act::Read).condition(&mut params);
    let within = within.map(|condition| format!(" AND {condition}")).unwrap_or_default();
    let sql = format!(
        "SELECT t.id FROM {} t WHERE t.id IN (SELECT item_id FROM crm_multifield \
         WHERE entity_type_id = ? AND type_id = ? AND folded IN ({placeholders})){within} ORDER BY t.id",
        entity.table()
    );
    Ok(call.tx.all(&sql, &params, |row| Ok(Value::Int(row.int(0)?)))?)
}
