//! The events that can be listened to.

use axum::response::Response;
use portal::describe::event_json;
use portal::registry::registry;
use serde_json::json;

use super::ask::Caller;
use super::ok;

/// `{"events": [..]}` by name.
pub async fn list(_: Caller) -> Response {
    ok(&json!({"events": registry().events().map(event_json).collect::<Vec<_>>()}))
}
