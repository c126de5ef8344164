//! Records and departments, changed in a form that somebody opened a while ago.

use axum::extract::{Path, State};
use axum::response::Response;
use portal::{Basis, OwnRequest};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use wire::{Fault, Map, Value};

use super::ask::{Body, Caller};
use super::ok;
use super::refusal::Refusal;
use crate::clock;
use crate::console::Console;

/// How a kind of records is read and changed, and whether what changes stands apart from the number, under `fields`.
struct Kind {
    name: &'static str,
    get: &'static str,
    update: &'static str,
    has_fields: bool,
}

const KINDS: [Kind; 5] = [
    Kind { name: "lead", get: "crm.lead.get", update: "crm.lead.update", has_fields: true },
    Kind { name: "deal", get: "crm.deal.get", update: "crm.deal.update", has_fields: true },
    Kind { name: "contact", get: "crm.contact.get", update: "crm.contact.update", has_fields: true },
    Kind { name: "company", get: "crm.company.get", update: "crm.company.update", has_fields: true },
    Kind { name: "department", get: "department.get", update: "department.update", has_fields: false },
];

/// What is to become of one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    fields: Json,
    /// What the method that reads it gave for those fields; without it, whatever was saved since is overwritten.
    seen: Option<Json>,
}

/// Changes one as its method does, with its events, unless somebody changed the same fields since they were seen:
/// `{"result": true}`.
pub async fn change(
    State(console): State<Console>,
    who: Caller,
    Path((kind, id)): Path<(String, i64)>,
    Body(changed): Body<Changed>,
) -> Result<Response, Refusal> {
    let unknown = || Fault::not_found("Such records are not changed here.");
    let Kind { get, update, has_fields, .. } =
        KINDS.iter().find(|known| known.name == kind).ok_or_else(unknown)?;
    let map = |json: Json| Value::from(json).into_map().unwrap_or_default();
    let number = || Map::from_iter([("ID".into(), Value::Int(id))]);
    let mut params = number();
    match has_fields {
        true => params.push("fields", map(changed.fields)),
        false => map(changed.fields).into_iter().for_each(|(name, value)| params.insert(name, value)),
    }
    let basis = changed.seen.map(|seen| Basis { method: get, params: number(), seen: map(seen) });
    let Caller(actor, way) = who;
    let request = OwnRequest {
        user_id: actor.user_id,
        method: (*update).to_owned(),
        params,
        address: way.address,
        received: clock::machine(),
        language: way.language,
        basis,
    };
    let done = console.portal.call_as(request).await?;
    console.courier.carry(done.raised);
    Ok(ok(&json!({"result": true})))
}
