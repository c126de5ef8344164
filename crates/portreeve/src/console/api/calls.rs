//! The log of calls.

use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use jiff::tz::TimeZone;
use portal::Portal;
use portal::calls::{self, Filter, Found};
use portal::texts::Language;
use serde_json::{Value, json};
use store::Tx;
use wire::{Fault, Version};

use super::ask::{Caller, Id, Query};
use super::deliveries::limit;
use super::ok;
use super::refusal::{Refusal, in_words};
use super::stream::{self, Look};
use crate::console::Console;
use crate::console::visit::{SignedIn, Visit};
use crate::when;

/// `{"calls": [..], "before": n, "missed": n}`, newest first. `before` is where the next page begins, `null` on the last;
/// `missed` counts the calls that this node did not log since its start, because there were too many at once. Administrators see
/// all calls, employees those by their own webhooks.
pub async fn list(State(console): State<Console>, who: Caller, query: Query) -> Result<Response, Refusal> {
    let limit = limit(&query)?;
    let filter = filter(&query, who.sees(), &console)?;
    Ok(ok(&page(&console, filter, limit, who.1.language).await?))
}

/// One call.
pub async fn one(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    let owner = who.sees();
    let found = console.portal.core().store.read(move |tx: &mut Tx<'_>| calls::one(tx, id, owner)).await?;
    let found = found.ok_or_else(|| Fault::not_found("The call does not exist."))?;
    Ok(ok(&shape(&found, &console.portal.core().zone(), who.1.language)))
}

/// `event: calls` with the first page of what [`list`] gives for the same query.
pub async fn live(
    State(console): State<Console>,
    who: Caller,
    visit: Visit,
    query: Query,
) -> Result<Response, Refusal> {
    let limit = limit(&query)?;
    let filter = filter(&query, None, &console)?;
    stream::open(console, who.0.user_id, visit, Calls { filter, limit, language: who.1.language })
}

struct Calls {
    filter: Filter,
    limit: usize,
    language: Language,
}

impl Look for Calls {
    const EVENT: &'static str = "calls";
    const TICK: Duration = Duration::from_secs(1);

    async fn page(&self, console: &Console, who: SignedIn) -> Option<String> {
        let owner = (!who.user.is_admin).then_some(who.user.id);
        let filter = Filter { owner, ..self.filter.clone() };
        Some(page(console, filter, self.limit, self.language).await.ok()?.to_string())
    }
}

async fn page(console: &Console, filter: Filter, limit: usize, language: Language) -> Result<Value, Refusal> {
    let portal: &Portal = &console.portal;
    // Whoever asks after a call finds it.
    portal.flush_calls().await?;
    let page = portal.core().store.read(move |tx: &mut Tx<'_>| calls::search(tx, &filter, limit)).await?;
    let zone = &portal.core().zone();
    Ok(json!({
        "calls": page.calls.iter().map(|found| shape(found, zone, language)).collect::<Value>(),
        "before": page.before,
        "missed": portal.calls().missed(),
    }))
}

fn filter(query: &Query, owner: Option<i64>, console: &Console) -> Result<Filter, Fault> {
    let failed = query.text("failed").map(|text| match text.as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Fault::argument("failed must be true or false.", "failed")),
    });
    Ok(Filter {
        owner,
        integration_id: query.number("integration")?,
        method: query.text("method"),
        failed: failed.transpose()?,
        error: query.text("error"),
        words: query.text("search"),
        since: query.moment("since", console)?,
        before: query.number("before")?,
        after: query.number("after")?,
    })
}

fn shape(found: &Found, zone: &TimeZone, language: Language) -> Value {
    let entry = &found.entry;
    let version = if entry.version == 3 { Version::V3 } else { Version::V2 };
    let method = portal::modules().find_in(version, &entry.method);
    let advice = calls::advice(entry, method).map(|text| in_words(&text, language));
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap_or(Value::Null);
    json!({
        "id": found.id,
        "at": when::exact(zone, entry.at),
        "took_ms": entry.took as f64 / 1e3,
        "integration": entry.webhook.map(|webhook| json!({"id": webhook.integration_id, "title": found.title})),
        "user_id": entry.webhook.map(|webhook| webhook.user_id),
        "address": entry.address.to_string(),
        "version": entry.version,
        "method": entry.method,
        "params": json(&entry.params),
        "status": entry.status,
        "error": entry.refusal.as_ref().map(|(code, _)| code),
        "message": entry.refusal.as_ref().map(|(_, message)| message),
        "advice": advice,
        "failed": json(&entry.failed),
        "size": entry.size,
        "deliveries": entry.deliveries,
    })
}
