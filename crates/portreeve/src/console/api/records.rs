//! Records and departments, changed in a form that somebody opened a while ago.

use axum::extract::{Path, State};
use axum::response::Response;
use portal::{Basis, OwnRequest};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use wire::{Fault, Map, Value};

use super::ask::{Body, Caller};
use super::kinds::{self, Spelling};
use super::ok;
use super::refusal::Refusal;
use crate::clock;
use crate::console::Console;

/// What is to become of one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    fields: Json,
    /// What the method that reads it gave for those fields; without it, whatever was saved since is overwritten.
    seen: Option<Json>,
}

/// How one is read and changed.
struct Target {
    get: String,
    update: String,
    /// The parameters that say which one is meant.
    which: Map,
    /// Whether what changes stands apart from the number, under `fields`.
    has_fields: bool,
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
    let target = target(&console, &kind, id).await?.ok_or_else(unknown)?;
    let map = |json: Json| Value::from(json).into_map().unwrap_or_default();
    let mut params = target.which.clone();
    match target.has_fields {
        true => params.push("fields", map(changed.fields)),
        false => map(changed.fields).into_iter().for_each(|(name, value)| params.insert(name, value)),
    }
    let basis = changed.seen.map(|seen| Basis { method: target.get, params: target.which, seen: map(seen) });
    let Caller(actor, way) = who;
    let request = OwnRequest {
        user_id: actor.user_id,
        method: target.update,
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

/// A department, or a record of a kind by the name of its entity.
async fn target(console: &Console, kind: &str, id: i64) -> Result<Option<Target>, portal::Error> {
    if kind == "department" {
        let which = Map::from_iter([("ID".into(), Value::Int(id))]);
        let (get, update) = ("department.get".to_owned(), "department.update".to_owned());
        return Ok(Some(Target { get, update, which, has_fields: false }));
    }
    let of = |spelling: Spelling| Target {
        get: spelling.method("get"),
        update: spelling.method("update"),
        which: spelling.record(id),
        has_fields: true,
    };
    Ok(kinds::named(console, kind).await?.map(|entity| of(Spelling::of(&entity))))
}
