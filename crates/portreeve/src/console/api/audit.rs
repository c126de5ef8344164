//! The audit log, for administrators.

use axum::extract::State;
use axum::response::Response;
use portal::audit::{self, Action, Entry, Filter};
use portal::moment;
use serde_json::{Value, json};
use store::Tx;
use wire::Fault;

use super::ask::{Caller, Query};
use super::ok;
use super::refusal::Refusal;
use crate::console::Console;

/// Entries on a page, unless another number is asked for, and at most.
const PAGE: i64 = 50;
const LONGEST_PAGE: i64 = 200;

/// `{"entries": [..], "before": n, "actions": [..]}`, the latest first. `before` is where the next page begins, null
/// on the last; `actions` are the codes that can be asked for.
pub async fn list(State(console): State<Console>, who: Caller, query: Query) -> Result<Response, Refusal> {
    who.administers()?;
    let limit = query.number("limit")?.unwrap_or(PAGE);
    if !(1..=LONGEST_PAGE).contains(&limit) {
        return Err(Fault::argument(format!("limit must be from 1 to {LONGEST_PAGE}."), "limit").into());
    }
    let limit = usize::try_from(limit).expect("it was just checked to be small and positive");
    let filter = Filter {
        user_id: query.number("user")?,
        action: query.text("action"),
        before: query.number("before")?,
    };
    let job = move |tx: &mut Tx<'_>| audit::list(tx, &filter, limit);
    let found = console.portal.core().store.read(job).await?;
    let before = found.last().filter(|_| found.len() == limit).map(|oldest| oldest.id);
    let zone = &console.portal.core().zone();
    let shape = |entry: &Entry| {
        json!({
            "id": entry.id,
            "at": moment::print(zone, entry.at).to_string(),
            "user": entry.user.as_ref().map(|(id, name)| json!({"id": id, "name": name})),
            "address": entry.address,
            "action": entry.action,
            "object": entry.object,
            "detail": entry.detail,
        })
    };
    let entries: Value = found.iter().map(shape).collect();
    Ok(ok(&json!({"entries": entries, "before": before, "actions": Action::ALL.map(Action::code)})))
}
