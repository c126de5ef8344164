//! The events that can be listened to.

use axum::response::Response;
use portal::registry::registry;
use serde_json::json;

use super::ask::Caller;
use super::ok;
use crate::outbound::json;

/// `{"events": [..]}` by name.
pub async fn list(_: Caller) -> Response {
    ok(&json!({"events": registry().events().map(json::event).collect::<Vec<_>>()}))
}
