//! Lets in what carries the token.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use axum::middleware::Next;
use axum::response::Response;

use super::Operator;
use crate::api::refusal::refuse;

/// Lets through what has the token.
pub async fn checked(State(operator): State<Operator>, request: Request, next: Next) -> Response {
    let header = request.headers().get(AUTHORIZATION).map(HeaderValue::as_bytes);
    match header.and_then(|header| header.strip_prefix(b"Bearer ")) {
        Some(given) if operator.token.is(given) => next.run(request).await,
        _ => {
            let text = "The request must have the header Authorization: Bearer TOKEN with the token of --operator-token.";
            let mut response = refuse(StatusCode::UNAUTHORIZED, "INVALID_TOKEN", text);
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            response
        }
    }
}
