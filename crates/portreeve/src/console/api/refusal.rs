//! Errors as JSON.

use axum::http::StatusCode;
use axum::http::header::{HeaderValue, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use wire::Fault;

use super::answer;

/// Seconds after which whoever tried too often may try again.
const WAIT: u16 = 30;

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

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Refusal(fault) = self;
        let status = match &*fault.code {
            // REST has 400 for it; here it is a path that leads nowhere.
            "ERROR_NOT_FOUND" => StatusCode::NOT_FOUND,
            _ => StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        };
        let mut shape = shape(&fault.code, &fault.message);
        // The one field of a form that is at fault, where it is one.
        if let Some(argument) =
            fault.extra.get("argument").and_then(wire::Value::text).filter(|name| !name.is_empty())
        {
            shape["argument"] = argument.into();
        }
        let mut response = answer(status, &shape);
        if status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(WAIT));
        }
        response
    }
}

/// What whoever guesses gets.
pub fn too_many() -> Refusal {
    Fault::new(429, "ERROR_TOO_MANY_TRIES", "Too many tries. Wait a minute and try again.").into()
}

/// A refusal that needs no more than its words.
pub fn refuse(status: StatusCode, code: &str, text: &str) -> Response {
    answer(status, &shape(code, text))
}

fn shape(code: &str, text: &str) -> Value {
    json!({"error": code, "error_description": text})
}
