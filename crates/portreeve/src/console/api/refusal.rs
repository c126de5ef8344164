//! Errors as JSON.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use wire::Fault;

use super::answer;
use crate::console::Failure;

/// Why a request got nothing.
pub struct Refusal(Fault);

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Refusal(fault)
    }
}

impl From<portal::Error> for Refusal {
    fn from(error: portal::Error) -> Self {
        Refusal(error.into_fault())
    }
}

impl From<Failure> for Refusal {
    fn from(_: Failure) -> Self {
        Refusal(Fault::new(500, "INTERNAL_SERVER_ERROR", "Something went wrong; the server's log says what."))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Refusal(fault) = self;
        let status = match &*fault.code {
            // REST has 400 for it; here it is a path that leads nowhere.
            "ERROR_NOT_FOUND" => StatusCode::NOT_FOUND,
            _ => StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        };
        refuse(status, &fault.code, &fault.message)
    }
}

/// A refusal that needs no more than its words.
pub fn refuse(status: StatusCode, code: &str, text: &str) -> Response {
    answer(status, &json!({"error": code, "error_description": text}))
}
