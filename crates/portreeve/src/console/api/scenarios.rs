//! The ready-made scenarios.

use axum::response::Response;
use portal::describe;

use super::ask::Caller;
use super::ok;

/// `{"sections": [..]}` in their order.
pub async fn list(_: Caller) -> Response {
    ok(&describe::scenarios_json())
}
