//! Methods of REST for the pages: as the signed-in person, with all rights of that person.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use portal::OwnRequest;
use portal::texts::Language;
use serde_json::Value as Json;
use wire::{Map, Value};

use super::ask::{Body, Caller};
use super::json;
use super::refusal::{Refusal, in_words};
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
    let mut done = console.portal.call_as(request).await?;
    console.courier.carry(done.raised);
    translate_refusals(&mut done.reply.result, language);
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

/// Puts why commands of a `batch` failed into the language of the page.
fn translate_refusals(result: &mut Value, language: Language) {
    let Value::Map(result) = result else { return };
    let Some(Value::Map(errors)) = result.get_mut("result_error") else { return };
    for (_, error) in errors.iter_mut() {
        let Value::Map(error) = error else { continue };
        let said = error.get("error_description").and_then(Value::as_str).map(str::to_owned);
        if let Some(english) = said {
            error.insert("error_description", in_words(&english, language));
        }
    }
}
