//! Methods of REST for the pages: as the signed-in person, with all rights of that person.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use portal::OwnRequest;
use serde_json::Value as Json;
use wire::{Map, Value};

use super::ask::{Body, Caller};
use super::json;
use super::refusal::Refusal;
use crate::clock;
use crate::console::Console;

/// `{"result": .., "total": n, "next": n}`, the latter two for lists. The body holds the parameters. What it
/// changes raises events like any change.
pub async fn call(
    State(console): State<Console>,
    who: Caller,
    Path(method): Path<String>,
    Body(params): Body<Json>,
) -> Result<Response, Refusal> {
    let params = Value::from(params).into_map().unwrap_or_default();
    let (Caller(actor, way), received) = (who, clock::machine());
    let (user_id, address, language) = (actor.user_id, way.address, way.language);
    let request = OwnRequest { user_id, method, params, address, received, language, basis: None };
    let done = console.portal.call_as(request).await?;
    console.courier.carry(done.raised);
    let mut answer = Map::with_capacity(3);
    answer.push("result", done.reply.result);
    for (name, number) in [("total", done.reply.total), ("next", done.reply.next)] {
        if let Some(number) = number {
            answer.push(name, number);
        }
    }
    let text = String::from_utf8_lossy(&wire::json::encode(&answer.into())).into_owned();
    Ok(json(StatusCode::OK, text))
}
