//! What the interfaces for programs share, the console's ([`crate::console`]) and the operator's ([`crate::operator`]): how
//! requests are read, answers written and errors said, and the logs of calls and deliveries as JSON.

pub mod ask;
pub mod calls;
pub mod clock;
pub mod deliveries;
pub mod faults;
pub mod refusal;
pub mod settings;

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// The answer to a path that does not exist.
pub fn nowhere() -> Response {
    refusal::refuse(StatusCode::NOT_FOUND, "ERROR_NOT_FOUND", "The path does not exist.")
}

/// An answer in JSON.
pub fn answer(status: StatusCode, value: &Value) -> Response {
    json(status, value.to_string())
}

/// An answer that is JSON already.
pub fn json(status: StatusCode, text: String) -> Response {
    (status, [(CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response()
}

/// A success.
pub fn ok(value: &Value) -> Response {
    answer(StatusCode::OK, value)
}
