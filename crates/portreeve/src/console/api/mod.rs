//! The console's interface for programs in the browser: JSON under `/api/`, for whoever is signed in.
//!
//! A request that changes something carries the form token of the sign-in in the header `x-portreeve-token`,
//! as the pages' forms do in a field. Errors are `{"error": code, "error_description": text}`.

mod ask;
mod catalogue;
mod deliveries;
mod events;
mod outbound;
mod refusal;
mod scenarios;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use serde_json::Value;

use super::Console;
pub use refusal::refuse;

/// What the paths begin with.
pub const PREFIX: &str = "/api/";

/// Everything under [`PREFIX`].
pub fn router() -> Router<Console> {
    Router::new()
        .route("/api/catalogue", get(catalogue::show))
        .route("/api/scenarios", get(scenarios::list))
        .route("/api/events", get(events::list))
        .route("/api/outbound", get(outbound::list).post(outbound::create))
        .route("/api/outbound/{id}", get(outbound::one).put(outbound::update).delete(outbound::delete))
        .route("/api/outbound/{id}/secrets", post(outbound::secrets))
        .route("/api/outbound/{id}/enable", post(outbound::enable))
        .route("/api/outbound/{id}/disable", post(outbound::disable))
        .route("/api/outbound/{id}/test", post(outbound::test))
        .route("/api/outbound/{id}/replay", post(deliveries::replay_failed))
        .route("/api/deliveries", get(deliveries::list))
        .route("/api/deliveries/{id}", get(deliveries::one))
        .route("/api/deliveries/{id}/replay", post(deliveries::replay))
        .route("/api/{*nothing}", any(async || nowhere()))
        .method_not_allowed_fallback(async || {
            refuse(StatusCode::METHOD_NOT_ALLOWED, "ERROR_METHOD_NOT_ALLOWED", "This path has no such verb.")
        })
}

fn nowhere() -> Response {
    refuse(StatusCode::NOT_FOUND, "ERROR_NOT_FOUND", "There is no such path.")
}

fn answer(status: StatusCode, value: &Value) -> Response {
    json(status, value.to_string())
}

fn json(status: StatusCode, text: String) -> Response {
    (status, [(CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response()
}

fn ok(value: &Value) -> Response {
    answer(StatusCode::OK, value)
}
